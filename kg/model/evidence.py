"""Where a number or a sentence comes from, and how far it was checked."""

from dataclasses import dataclass

from kg.model.iri import Iri


@dataclass(frozen=True, slots=True)
class Source:
    """A citable source."""

    iri: Iri
    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a node of the graph rests on: ``kind`` and ``verification`` are the slugs of their vocabularies.

    ``kind``: stated (by the page), reconstructed, published, computed, estimated.
    ``verification``: seen-in-print, seen-in-copy, partly, unseen. ``certainty`` (0–1) only for reconstructions.
    """

    kind: str = ""
    verification: str = ""
    certainty: float | None = None
    rationale: str = ""
    sources: tuple[Source, ...] = ()
