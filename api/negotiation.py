"""Which representation to send: ``Accept`` with quality values (RFC 9110, 12.5.1) over a table of offers."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kg.rdf.formats import GRAPH_FORMATS, SOLUTION_FORMATS, Format

JSON: Final = "application/json"
HTML: Final = "text/html"
CSV: Final = "text/csv"
MARKDOWN: Final = "text/markdown"
ARROW: Final = "application/vnd.apache.arrow.stream"
KEPT_CHOICES: Final = 256
"""Choices that are kept: clients send few different ``Accept`` headers."""


@dataclass(frozen=True, slots=True)
class Range:
    """One media range of an ``Accept`` header."""

    kind: str
    subtype: str
    quality: float

    @property
    def specificity(self) -> int:
        """0 for ``*/*``, 1 for ``text/*``, 2 for a full type."""
        return (self.kind != "*") + (self.subtype != "*")

    def matches(self, media_type: str) -> bool:
        """True where this range covers the media type."""
        kind, _, subtype = media_type.partition("/")
        return self.kind in ("*", kind) and self.subtype in ("*", subtype)


def parse_accept(header: str) -> tuple[Range, ...]:
    """The media ranges of the header; what is malformed is left out.

    >>> [(r.kind, r.subtype, r.quality) for r in parse_accept("text/turtle;q=0.5, */*;q=0.1")]
    [('text', 'turtle', 0.5), ('*', '*', 0.1)]
    """
    ranges = []
    for part in header.split(",")[:50]:
        media, *parameters = (piece.strip() for piece in part.split(";"))
        kind, slash, subtype = media.lower().partition("/")
        if slash and kind and subtype:
            ranges.append(Range(kind, subtype, _quality(parameters)))
    return tuple(ranges)


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


@lru_cache(maxsize=KEPT_CHOICES)
def choose(accept: str, offers: tuple[str, ...]) -> str | None:
    """The offered media type that the header likes best, the first of equals; None where it takes none of them.

    An absent header takes anything: the first offer.

    >>> choose("text/turtle;q=0.9, application/json", ("application/json", "text/turtle"))
    'application/json'
    >>> choose("image/png", ("application/json",)) is None
    True
    """
    ranges = parse_accept(accept)
    if not ranges:
        return offers[0]
    best: tuple[float, int, str] | None = None
    for position, offer in enumerate(offers):
        fitting = [r for r in ranges if r.matches(offer)]
        if not fitting:
            continue
        closest = max(fitting, key=lambda r: r.specificity)
        rank = (closest.quality, -position, offer)
        if closest.quality > 0 and (best is None or rank > best):
            best = rank
    return best[2] if best else None


RESOURCE_OFFERS: Final = (JSON, HTML, *(f.media_type for f in GRAPH_FORMATS), MARKDOWN)
"""A resource: JSON for programs (and ``*/*``), HTML for browsers, RDF and Markdown by name."""

LIST_OFFERS: Final = (*RESOURCE_OFFERS, CSV)
TABLE_OFFERS: Final = (JSON, HTML, CSV, MARKDOWN)
"""What is a table and no graph."""

BATCH_OFFERS: Final = (*TABLE_OFFERS, ARROW)
"""A table of numbers."""

ANSWER_OFFERS: Final = (JSON, HTML)

SUFFIXES: Final = {
    "json": JSON,
    "html": HTML,
    "csv": CSV,
    "md": MARKDOWN,
    **{f.suffix: f.media_type for f in GRAPH_FORMATS},
}
"""Suffix of a path → media type of the answer, for every path that has forms."""


def split_suffix(slug: str, offers: tuple[str, ...] = tuple(SUFFIXES.values())) -> tuple[str, str]:
    """A slug and the offered media type that its suffix names; slugs have no dots.

    >>> split_suffix("mamba.ttl"), split_suffix("mamba")
    (('mamba', 'text/turtle'), ('mamba', ''))
    """
    stem, dot, suffix = slug.rpartition(".")
    if dot and SUFFIXES.get(suffix) in offers:
        return stem, SUFFIXES[suffix]
    return slug, ""


def graph_format(media_type: str) -> Format | None:
    """The RDF format of that media type."""
    return next((f for f in GRAPH_FORMATS if f.media_type == media_type), None)


def solution_format(media_type: str) -> Format | None:
    """The SPARQL result format of that media type; plain JSON and XML count too."""
    alias = {JSON: "application/sparql-results+json", "application/xml": "application/sparql-results+xml"}
    wanted = alias.get(media_type, media_type)
    return next((f for f in SOLUTION_FORMATS if f.media_type == wanted), None)
