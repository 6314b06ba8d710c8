"""The shipped ontology and dataset: Turtle, SHACL, SPARQL; the only Python here says where they are."""

from pathlib import Path


def root() -> Path:
    """Folder that holds ``schema/``, ``shapes/``, ``vocab/``, ``data/``, ``inference/``, ``qc/`` and ``competency/``."""
    return Path(__file__).parent
