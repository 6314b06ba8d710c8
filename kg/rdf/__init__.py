"""RDF terms, prefixes, formats and the canonical Turtle writer."""
