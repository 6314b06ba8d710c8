"""What can be searched, and what a search finds."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kg.model.iri import Iri

Field = Literal["label", "name", "formula", "definition", "text"]
"""Where the words were found: in the label; else with other names too; else with formulas, the definition, all texts."""


@dataclass(frozen=True, slots=True)
class Document:
    """A resource as the search sees it; what its parts say counts as said by it.

    ``rank`` orders kinds among equals: 0 comes first.
    """

    iri: Iri
    kind: str
    label: str
    names: tuple[str, ...] = ()
    formulas: tuple[str, ...] = ()
    definition: str = ""
    texts: tuple[str, ...] = ()
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; ``is_match`` where it is what was searched for."""

    text: str
    is_match: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A resource that was found; ``title`` is its label and ``snippet`` what is said of it, matches marked."""

    iri: Iri
    kind: str
    label: str
    field: Field
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A resource that comes near to what was asked for."""

    iri: Iri
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """Hits, best first. ``corrected`` is what was searched for instead, where words of the query were unknown.

    ``total`` counts all that was found, ``hits`` are the first of them; where it is 0, ``suggestions`` come near.
    """

    query: str
    kind: str
    corrected: str
    total: int
    hits: tuple[Hit, ...]
    suggestions: tuple[Suggestion, ...] = ()

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)
