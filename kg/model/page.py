"""A page of a list: some of its resources, and where to go on."""

from dataclasses import dataclass

from kg.model.iri import Iri


@dataclass(frozen=True, slots=True)
class Page:
    """Resources of a list by IRI, from number ``start`` on (from 0), of ``total``.

    A cursor is the slug of the resource after which a page begins, empty for the first page; None where there is no
    page before or after. ``corrected`` holds the words that were searched for instead of those that were typed.
    """

    kind: str
    iris: tuple[Iri, ...]
    start: int
    total: int
    previous: str | None
    next: str | None
    corrected: str = ""
