"""By what lists can be narrowed: kind → its filters, and which resources have which value."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from pyoxigraph import Literal as Text
from pyoxigraph import NamedNode

from kg.catalog.rows import SOURCE, ask_rows, text_of
from kg.model.iri import ONTOLOGY, VOCABULARY, Iri
from kg.store.base import Store


@dataclass(frozen=True, slots=True)
class Filter:
    """A parameter of a list: the resources whose ``property`` has that value.

    ``takes`` says what a value is: a resource (of the kind ``of``, or of any), a term of the vocabulary ``of``, or a
    text. Where ``role`` is set, the property is that of the formula's variables of this role, or of any (``*``).
    """

    name: str
    meaning: str
    property: Iri
    takes: Literal["resource", "term", "text"]
    of: str = ""
    role: str = ""


def _of(name: str, term: str, meaning: str, kind: str = "", *, role: str = "") -> Filter:
    return Filter(name, meaning, Iri(ONTOLOGY + term), "resource", kind, role)


def _term(name: str, term: str, meaning: str, scheme: str) -> Filter:
    return Filter(name, meaning, Iri(ONTOLOGY + term), "term", scheme)


def _text(name: str, term: str, meaning: str) -> Filter:
    return Filter(name, meaning, Iri(ONTOLOGY + term), "text")


_SOURCE: Final = Filter("source", "it rests on this source", Iri(SOURCE), "resource", "source")
_EVIDENCE: Final = _term("evidence", "evidence", "the evidence for it", "evidence")
_DEVELOPER: Final = _text("developer", "developer", "who made it")

FILTERS: Final[Mapping[str, tuple[Filter, ...]]] = MappingProxyType(
    {
        "architecture": (_SOURCE,),
        "benchmark": (_of("capability", "measures", "what it measures", "capability"),),
        "claim": (
            _of("about", "about", "what it is about"),
            _of("quantity", "ofQuantity", "the quantity that it gives a figure of", "quantity"),
            _EVIDENCE,
            _SOURCE,
        ),
        "concept": (_EVIDENCE, _SOURCE),
        "definition": (_of("concept", "defines", "what it defines", "concept"),),
        "exercise": (_of("topic", "assesses", "the topic that it assesses", "topic"),),
        "formula": (
            _of("quantity", "ofQuantity", "the quantity of any of its variables", "quantity", role="*"),
            _of("output", "ofQuantity", "the quantity that it gives", "quantity", role="output"),
            _of("input", "ofQuantity", "a quantity that it takes", "quantity", role="input"),
            _term("kind", "formulaKind", "what kind of formula it is", "formula-kind"),
            _EVIDENCE,
            _SOURCE,
        ),
        "model": (_DEVELOPER, _of("architecture", "hasArchitecture", "how it is built", "architecture")),
        "observation": (
            _of("subject", "about", "what was observed"),
            _of("quantity", "ofQuantity", "the quantity that was observed", "quantity"),
            _term("method", "method", "how the figure came about", "method"),
            _SOURCE,
        ),
        "quantity": (_of("unit", "canonicalUnit", "its unit", "unit"),),
        "resource": (_SOURCE,),
        "system": (_DEVELOPER,),
        "topic": (
            _term("area", "area", "the part of the field", "area"),
            _of("covers", "covers", "what it covers"),
            _of("requires", "requires", "the topic that it requires directly", "topic"),
        ),
        "unit": (_text("dimension", "dimension", "its dimension"),),
    }
)
"""Kind → its filters; a kind that is not here has none."""


def read_filter(store: Store, base: str, kind: str, by: Filter) -> dict[str, tuple[Iri, ...]]:
    """Value → the resources of the kind that have it, by IRI; in one query."""
    start = Text(f"{base}{kind}/")
    if not by.role:
        rows = ask_rows(store, "filter", start=start, property=NamedNode(by.property))
    elif by.role == "*":
        rows = ask_rows(store, "filter-variable", start=start)
    else:
        role = NamedNode(f"{VOCABULARY}role/{by.role}")
        rows = ask_rows(store, "filter-variable", start=start, role=role)
    found: dict[str, list[Iri]] = {}
    for row in rows:
        found.setdefault(text_of(row, "value"), []).append(Iri(text_of(row, "resource")))
    return {value: tuple(sorted(iris)) for value, iris in sorted(found.items())}


def read_scheme(store: Store, scheme: str) -> tuple[Iri, ...]:
    """The terms of a vocabulary, by IRI."""
    rows = ask_rows(store, "scheme", scheme=NamedNode(VOCABULARY + scheme))
    return tuple(Iri(text_of(row, "term")) for row in rows)
