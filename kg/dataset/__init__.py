"""The RDF dataset: its files, their loading, what follows from them, and whether they hold what they must."""
