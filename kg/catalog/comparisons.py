"""What is said of several items at once: one query for all of them, whatever their number."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import isfinite
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.catalog.resources import read_links
from kg.catalog.rows import ask_rows, named, number_of, slug_of, text_of
from kg.catalog.sources import Sources, read_sources
from kg.model.comparison import CellValue, Saying
from kg.model.description import Link
from kg.model.iri import Iri
from kg.rdf.terms import XSD, Term, sort_key
from kg.store.base import Store
from kg.store.results import Row

METHODS: Final = ("reported", "third-party", "computed")
"""The order of preference among values; those without a method come after them."""
_NUMBERS: Final = frozenset(XSD + name for name in ("double", "decimal", "integer", "float"))


def read_sayings(store: Store, items: Iterable[Iri]) -> tuple[Saying, ...]:
    """All that is said of these items, by item and property; of one property the best first.

    Reported comes before third-party, before computed, before the rest; within these the newest first.

    Raises:
        InvalidData: a bound of a statement is no number.
    """
    groups: dict[tuple[str, ...], _Group] = {}
    for row in ask_rows(store, "comparison", item=named(items)):
        key = tuple(_spelt(row, name) for name in ("item", "property", "statement", "object"))
        groups.setdefault(key, _Group(row)).add(row)
    cited = {source for group in groups.values() for source in group.sources}
    sources = read_sources(store, cited) if cited else Sources()
    links = read_links(store, {Iri(text_of(group.first, "property")) for group in groups.values()})
    ordered = sorted(groups.items(), key=lambda pair: (pair[0][:2], _preference(pair[1].first)))
    return tuple(group.saying(links, sources) for _, group in ordered)


@dataclass(slots=True)
class _Group:
    """The rows about one object of one property: they differ in sources and in constants only."""

    first: Row
    sources: dict[Iri, None] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        if "source" in row:
            self.sources[Iri(text_of(row, "source"))] = None
        if "constant" in row:
            number = number_of(row["constant"], text_of(row, "object"), "value")
            self.constants[text_of(row, "symbol")] = f"{number:g}"

    def saying(self, links: dict[Iri, Link], sources: Sources) -> Saying:
        row = self.first
        name, statement = Iri(text_of(row, "property")), Iri(text_of(row, "statement"))
        term = row.get("object")
        value = CellValue(
            value=_plain(term, text_of(row, "label")),
            iri=Iri(term.value) if isinstance(term, NamedNode) else None,
            detail=text_of(row, "detail")
            or ", ".join(f"{symbol} = {number}" for symbol, number in sorted(self.constants.items())),
            unit=text_of(row, "unit"),
            low=_bound(row, "low"),
            high=_bound(row, "high"),
            method=slug_of(text_of(row, "method")),
            date=text_of(row, "date"),
            evidence=slug_of(text_of(row, "evidence")),
            verification=slug_of(text_of(row, "verification")),
            statement=statement or None,
            sources=tuple(sources[iri] for iri in sorted(self.sources)),
        )
        is_quantity = bool(statement) and not isinstance(term, NamedNode)
        return Saying(Iri(text_of(row, "item")), links.get(name) or Link(name), is_quantity, value)


def _spelt(row: Row, name: str) -> str:
    term = row.get(name)
    return "" if term is None else str(term)


def _bound(row: Row, name: str) -> float | None:
    term = row.get(name)
    return None if term is None else number_of(term, text_of(row, "statement"), name)


def _plain(term: Term | None, label: str) -> float | bool | str | None:
    """The object as Python has it; a resource goes by its label, else by the end of its IRI."""
    if isinstance(term, Literal):
        if term.datatype.value == XSD + "boolean":
            return term.value in ("true", "1")
        if term.datatype.value in _NUMBERS and isfinite(float(term.value)):
            return float(term.value)
        return term.value or None
    return None if term is None else label or slug_of(getattr(term, "value", str(term)))


def _preference(row: Row) -> tuple[int, tuple[int, ...], str, tuple[int, str]]:
    """Best first: by method, then the newest (dates backwards, undated last), then by IRI."""
    method, latest = slug_of(text_of(row, "method")), text_of(row, "latest")
    rank = METHODS.index(method) if method in METHODS else len(METHODS)
    newest = tuple(-ord(character) for character in latest) or (0,)
    term = row.get("object")
    return rank, newest, text_of(row, "statement"), sort_key(term) if term is not None else (3, "")
