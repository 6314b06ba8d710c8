"""The store port: SPARQL in, serialised answer out."""
