"""SPARQL solutions → records: what the vocabulary means is known here, and nowhere above."""
