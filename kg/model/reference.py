"""A resource as a reference page: facts and tables in the order in which people read them, ready for any medium."""

from collections.abc import Iterable
from dataclasses import dataclass

from kg.model.description import Description, Link
from kg.model.evidence import Source

Cell = tuple[str | Link | Source, ...]
"""What stands in one place: words, links and sources; a medium shows a source as its number."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A property in words with what it holds."""

    name: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a title; a column that holds nothing is left out."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part that no table shows."""

    description: Description
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A description laid out; ``sources`` are numbered from 1 in the order in which a reader meets them."""

    description: Description
    expression: str
    facts: tuple[Fact, ...]
    tables: tuple[Table, ...]
    parts: tuple[Part, ...]
    incoming: tuple[Fact, ...]
    sources: tuple[Source, ...]


def join_pieces(pieces: Iterable[str]) -> str:
    """Written pieces in one line: commas between words, none after what ends as a sentence.

    >>> join_pieces(["One token.", "Twice.", "a", "b"])
    'One token. Twice. a, b'
    """
    line = ""
    for piece in pieces:
        line += ("" if not line else " " if line.endswith(".") else ", ") + piece
    return line
