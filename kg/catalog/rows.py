"""From solutions to nodes: the properties of a subject, read once and checked; what is off is named.

A property is named as the vocabulary has it: ``symbol`` is ``tv:symbol``; others by their IRI.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from kg.errors import InvalidData
from kg.model.iri import ONTOLOGY, Iri
from kg.rdf.terms import RDF_TYPE, Term, sort_key
from kg.store.base import Store
from kg.store.queries import Constant, bind, read_query
from kg.store.results import Row, Solutions, Triples

PREF_LABEL: Final = "http://www.w3.org/2004/02/skos/core#prefLabel"
DEFINITION: Final = "http://www.w3.org/2004/02/skos/core#definition"
SOURCE: Final = "http://purl.org/dc/terms/source"
TYPE: Final = RDF_TYPE.value
_SHORT: Final = {PREF_LABEL: "skos:prefLabel", DEFINITION: "skos:definition", SOURCE: "dcterms:source"}


def ask_rows(store: Store, name: str, **terms: Constant | Iterable[Constant]) -> tuple[Row, ...]:
    """The solutions of one of the catalog's queries, its parameters bound.

    They are read at once: an open answer must not leave the thread that asked for it.
    """
    answer = store.query(bind(read_query(f"kg.catalog/queries/{name}.rq"), **terms))
    if not isinstance(answer, Solutions):
        raise InvalidData(f"{name}.rq", "is no SELECT query")
    return tuple(answer)


def ask_triples(store: Store, name: str, **terms: Constant | Iterable[Constant]) -> tuple[Triple, ...]:
    """The triples that one of the catalog's queries constructs, read at once."""
    answer = store.query(bind(read_query(f"kg.catalog/queries/{name}.rq"), **terms))
    if not isinstance(answer, Triples):
        raise InvalidData(f"{name}.rq", "is no CONSTRUCT query")
    return tuple(answer)


def named(iris: Iterable[str]) -> tuple[NamedNode, ...]:
    """The IRIs as terms."""
    return tuple(map(NamedNode, iris))


def slug_of(iri: str) -> str:
    """The last segment of an IRI: a part's name, a vocabulary's term, an individual's slug."""
    return iri.rpartition("#")[2] if "#" in iri else iri.rpartition("/")[2]


def text_of(row: Row, name: str) -> str:
    """The IRI or the literal's text of a variable; empty where it is not bound."""
    term = row.get(name)
    return term.value if isinstance(term, NamedNode | Literal) else ""


def number_of(term: Term | None, subject: str, name: str) -> float:
    """The number of a literal.

    Raises:
        InvalidData: it is no finite number; names subject and property.
    """
    text = term.value if isinstance(term, Literal) else str(term)
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not isinstance(term, Literal) or not isfinite(number):
        raise InvalidData(subject, f"tv:{name} is {text!r}, no finite number", "write it as 406.4e0")
    return number


@dataclass(frozen=True, slots=True)
class Node:
    """A subject with the objects of each property, sorted."""

    iri: Iri
    values: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)

    def all(self, name: str) -> tuple[Term, ...]:
        """All objects of a property."""
        return self.values.get(name if ":" in name else ONTOLOGY + name, ())

    def one(self, name: str) -> Term | None:
        """The object of a property, if any.

        Raises:
            InvalidData: there are several.
        """
        found = self.all(name)
        if len(found) > 1:
            values = ", ".join(getattr(term, "value", str(term)) for term in found)
            raise InvalidData(self.iri, f"has {len(found)} values of {_shown(name)}: {values}", "keep one")
        return found[0] if found else None

    def text(self, name: str) -> str:
        """The text of a property, or the empty string."""
        term = self.one(name)
        if term is not None and not isinstance(term, Literal):
            raise InvalidData(self.iri, f"{_shown(name)} is {term}, no text")
        return "" if term is None else term.value

    def require_text(self, name: str) -> str:
        """The text of a property that must be there."""
        text = self.text(name)
        if not text:
            raise InvalidData(self.iri, f"has no {_shown(name)}", "add it")
        return text

    def first_text(self, name: str) -> str:
        """The first text of a property that several voices may give, or the empty string."""
        return next((term.value for term in self.all(name) if isinstance(term, Literal)), "")

    def number(self, name: str) -> float | None:
        """The number of a property, if any."""
        term = self.one(name)
        return None if term is None else number_of(term, self.iri, name)

    def require_number(self, name: str) -> float:
        """The number of a property that must be there."""
        number = self.number(name)
        if number is None:
            raise InvalidData(self.iri, f"has no {_shown(name)}", "add it")
        return number

    def flag(self, name: str) -> bool:
        """True where the property says ``true``."""
        return self.text(name) in {"true", "1"}

    def links(self, name: str) -> tuple[Iri, ...]:
        """The resources that a property points to, by IRI.

        Raises:
            InvalidData: it holds a literal or a blank node.
        """
        for term in self.all(name):
            if not isinstance(term, NamedNode):
                raise InvalidData(self.iri, f"{_shown(name)} is {term}, no resource", "point to an IRI")
        return tuple(sorted(Iri(term.value) for term in self.all(name) if isinstance(term, NamedNode)))

    def link(self, name: str) -> Iri | None:
        """The resource that a property points to, if any."""
        self.one(name)
        return next(iter(self.links(name)), None)

    def term(self, name: str) -> str:
        """Slug of the vocabulary's term that a property points to, or the empty string."""
        link = self.link(name)
        return slug_of(link) if link else ""

    def is_a(self, class_name: str) -> bool:
        """True where the node is of that class of the ontology."""
        return NamedNode(ONTOLOGY + class_name) in self.all(TYPE)


class Nodes(dict[Iri, Node]):
    """Nodes by IRI; one that the graph does not describe has no properties."""

    def __missing__(self, iri: Iri) -> Node:
        return Node(iri)

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Nodes":
        """From rows of ``?node ?property ?value``; a value that several ways lead to counts once."""
        found: dict[str, dict[str, set[Term]]] = {}
        for row in rows:
            node, name = text_of(row, "node"), text_of(row, "property")
            found.setdefault(node, {}).setdefault(name, set()).add(row["value"])
        return cls(
            {
                Iri(node): Node(
                    Iri(node),
                    {name: tuple(sorted(terms, key=sort_key)) for name, terms in properties.items()},
                )
                for node, properties in found.items()
            }
        )


def _sorted(values: Mapping[str, set[Term]]) -> dict[str, tuple[Term, ...]]:
    return {name: tuple(sorted(terms, key=sort_key)) for name, terms in values.items()}


def _shown(name: str) -> str:
    return _SHORT.get(name, name) if ":" in name else f"tv:{name}"
