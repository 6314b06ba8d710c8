"""Turtle on disk equals the canonical writer's output; ``make fix`` writes it."""

from pathlib import Path

import pytest

import ontology
from kg.rdf.turtle import format_turtle

FILES = sorted(ontology.root().rglob("*.ttl"))


def test_there_is_turtle_to_look_at() -> None:
    assert len(FILES) > 50


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ontology.root()).as_posix())
def test_a_shipped_file_is_canonical(path: Path) -> None:
    text = path.read_bytes().decode()
    assert text == format_turtle(text, path=str(path)), "run make fix"
