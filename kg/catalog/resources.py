"""Resources of every kind: lists of them, and all that the graph says of one, whatever its class."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from kg.catalog.rows import TYPE, ask_rows, ask_triples, named, slug_of, text_of
from kg.dataset.files import INFERRED_GRAPH
from kg.errors import NotFound
from kg.model.description import Description, Entry, Link, Property, Value
from kg.model.iri import GRAPH, ONTOLOGY, PLURALS, Iri, Name
from kg.rdf.prefixes import Prefixes
from kg.rdf.terms import Term, sort_key
from kg.store.base import Store
from kg.store.queries import bind, read_query
from kg.store.results import Boolean, Row

SCHEMA_GRAPHS: Final = (GRAPH + "schema", GRAPH + "vocab")
POSITION: Final = ONTOLOGY + "position"
SHAPES_GRAPHS: Final = (GRAPH + "shapes",)
MOST_NAMED: Final = 500
"""IRIs named in one query; a hub has thousands of neighbours, and a query is bounded in length."""


def list_kind(store: Store, base: str, kind: str) -> tuple[Entry, ...]:
    """All resources of a kind, by IRI; one without label goes by its slug."""
    rows = ask_rows(store, "kind", start=Literal(f"{base}{kind}/"))
    return tuple(sorted(map(_entry, rows), key=lambda entry: entry.iri))


def read_entries(store: Store, iris: Iterable[Iri]) -> tuple[Entry, ...]:
    """These resources with label and definition, in their order; one without label goes by its slug."""
    wanted = tuple(iris)
    links = read_links(store, wanted)
    found = (links.get(iri) or Link(iri) for iri in wanted)
    return tuple(Entry(link.iri, link.label or slug_of(link.iri), link.definition) for link in found)


def read_entries_graph(store: Store, iris: Iterable[Iri]) -> tuple[Triple, ...]:
    """These resources as a graph: type, label and definition of each."""
    return ask_triples(store, "kind-graph", resource=named(iris))


def list_aliases(store: Store, base: str) -> tuple[tuple[Iri, str], ...]:
    """The individuals that go by other names, with each of those."""
    rows = ask_rows(store, "aliases", start=Literal(base))
    return tuple((_named(row, "resource"), text_of(row, "name")) for row in rows)


def list_replacements(store: Store, base: str) -> dict[Iri, Iri]:
    """Individuals whose names were given up, with what stands in their place."""
    rows = ask_rows(store, "replacements", start=Literal(base))
    return {_named(row, "resource"): _named(row, "replacement") for row in rows}


def list_names(store: Store, base: str) -> dict[str, dict[str, Iri]]:
    """Kind → slug → IRI of all individuals; every kind is there, with nothing where there is none."""
    found: dict[str, dict[str, Iri]] = {kind: {} for kind in PLURALS}
    for row in ask_rows(store, "names", start=Literal(base)):
        name = Name.parse(Iri(text_of(row, "resource")), base)
        if name is not None:
            found[name.kind][name.slug] = Iri(text_of(row, "resource"))
    return found


def list_terms(store: Store) -> tuple[Entry, ...]:
    """Classes and properties of the ontology, by IRI."""
    entries = (
        Entry(Iri(text_of(row, "term")), text_of(row, "label"), text_of(row, "definition"))
        for row in ask_rows(store, "terms")
    )
    return tuple({entry.iri: entry for entry in entries}.values())


def list_shapes(store: Store) -> tuple[Entry, ...]:
    """The shapes by IRI: the class that each looks at, and what it tells who does not pass."""
    found: dict[Iri, Entry] = {}
    for row in ask_rows(store, "shapes"):
        iri = _named(row, "shape")
        found.setdefault(iri, Entry(iri, text_of(row, "label") or slug_of(iri), text_of(row, "message")))
    return tuple(found.values())


def read_graphs(store: Store, graphs: Iterable[str]) -> tuple[Triple, ...]:
    """All that stands in these named graphs."""
    return ask_triples(store, "graph", graph=named(graphs))


def read_title(store: Store) -> str:
    """The title that ``dataset.ttl`` gives, or the empty string."""
    return next((text_of(row, "title") for row in ask_rows(store, "title")), "")


def list_parts(store: Store, iri: Iri) -> tuple[Iri, ...]:
    """The parts of a resource, sorted: what is named by a fragment of its IRI."""
    return tuple(Iri(text_of(row, "part")) for row in ask_rows(store, "parts", start=Literal(iri + "#")))


def is_known(store: Store, iri: Iri) -> bool:
    """True where the graph says something of the resource, or points to it."""
    answer = store.query(bind(read_query("kg.catalog/queries/exists.rq"), resource=NamedNode(iri)))
    return isinstance(answer, Boolean) and bool(answer)


def describe(store: Store, iri: Iri, prefixes: Prefixes) -> Description:
    """All that the graph says of a resource and its parts, and what points to them, in three queries.

    Raises:
        NotFound: the graph neither says anything of it nor points to it.
    """
    facts = [
        Fact(
            Iri(text_of(row, "subject")), Iri(text_of(row, "property")), row["object"], text_of(row, "graph")
        )
        for row in ask_rows(store, "description", subject=NamedNode(iri), start=Literal(iri + "#"))
    ]
    parts = _by_position({fact.subject for fact in facts} - {iri}, facts)
    incoming = _incoming(store, (iri, *parts))
    if not facts and not incoming:
        raise NotFound("resource", iri)
    things = {fact.property for fact in (*facts, *incoming)} | {fact.subject for fact in incoming}
    things |= {Iri(fact.object.value) for fact in facts if isinstance(fact.object, NamedNode)}
    page = _Page(read_links(store, {iri, *parts, *things}), prefixes, facts, incoming)
    return page.describe(iri, parts)


def describe_graph(store: Store, iri: Iri) -> tuple[Triple, ...]:
    """A resource and its parts as a graph, with the labels of what they link to."""
    return ask_triples(store, "description-graph", subject=NamedNode(iri), start=Literal(iri + "#"))


@dataclass(frozen=True, slots=True)
class Fact:
    """A triple and the named graph that it stands in."""

    subject: Iri
    property: Iri
    object: Term
    graph: str = ""


@dataclass(frozen=True, slots=True)
class _Page:
    """The facts of one description, and the links by which its neighbours are shown."""

    links: dict[Iri, Link]
    prefixes: Prefixes
    facts: list[Fact]
    incoming: list[Fact]

    def describe(self, iri: Iri, parts: Iterable[Iri] = ()) -> Description:
        own = [fact for fact in self.facts if fact.subject == iri]
        link = self._link(iri)
        return Description(
            iri=iri,
            label=link.label,
            definition=link.definition,
            types=tuple(self._link(kind) for kind in _types(own)),
            properties=self._properties(own),
            parts=tuple(self.describe(part) for part in parts),
            incoming=self._incoming(iri),
        )

    def _properties(self, facts: list[Fact]) -> tuple[Property, ...]:
        found = (
            Property(
                iri=name,
                name=self.prefixes.compress(name),
                label=self._link(name).label,
                values=tuple(_value(term) for term in _objects(group) if isinstance(term, Literal)),
                links=tuple(
                    self._link(_iri(term)) for term in _objects(group) if not isinstance(term, Literal)
                ),
                graphs=tuple(sorted({Iri(fact.graph) for fact in group})),
            )
            for name, group in _by_property(facts)
        )
        return tuple(sorted(found, key=lambda found: found.name))

    def _incoming(self, iri: Iri) -> tuple[Property, ...]:
        facts = [fact for fact in self.incoming if fact.object == NamedNode(iri)]
        found = (
            Property(
                iri=name,
                name=self.prefixes.compress(name),
                label=self._link(name).label,
                links=tuple(self._link(subject) for subject in sorted({fact.subject for fact in group})),
            )
            for name, group in _by_property(facts)
        )
        return tuple(sorted(found, key=lambda found: found.name))

    def _link(self, iri: Iri) -> Link:
        return self.links.get(iri) or Link(iri)


def _entry(row: Row) -> Entry:
    iri = Iri(text_of(row, "resource"))
    return Entry(iri, text_of(row, "label") or slug_of(iri), text_of(row, "definition"))


def _incoming(store: Store, whole: tuple[Iri, ...]) -> list[Fact]:
    """What points to a resource or its parts from elsewhere."""
    own = set(whole)
    rows = ask_rows(store, "incoming", object=named(whole))
    found = (Fact(_named(row, "subject"), _named(row, "property"), row["object"]) for row in rows)
    return [fact for fact in found if fact.subject and fact.subject not in own]


def _named(row: Row, name: str) -> Iri:
    return Iri(text_of(row, name))


def read_links(store: Store, things: Iterable[Iri]) -> dict[Iri, Link]:
    """What these things are called, and what they mean; one without either is left out."""
    found: dict[Iri, Link] = {}
    wanted = sorted(set(things))
    for start in range(0, len(wanted), MOST_NAMED):
        for row in ask_rows(store, "labels", thing=named(wanted[start : start + MOST_NAMED])):
            iri = Iri(text_of(row, "thing"))
            found.setdefault(iri, Link(iri, text_of(row, "label"), text_of(row, "definition")))
    return found


def _by_position(parts: Iterable[Iri], facts: list[Fact]) -> list[Iri]:
    """Parts that have a position before the others, those of a class together in its order; else by IRI."""
    positions = {
        fact.subject: int(fact.object.value)
        for fact in facts
        if fact.property == POSITION and isinstance(fact.object, Literal) and fact.object.value.isdecimal()
    }
    kinds = {part: _types([fact for fact in facts if fact.subject == part])[:1] for part in positions}
    return sorted(
        parts, key=lambda part: (part not in positions, kinds.get(part, []), positions.get(part, 0), part)
    )


def _types(facts: list[Fact]) -> list[Iri]:
    """The types of a resource: those authored before wider ones that follow, ours before others'."""
    types = {
        _iri(fact.object): (fact.graph == INFERRED_GRAPH, not _iri(fact.object).startswith(ONTOLOGY))
        for fact in facts
        if fact.property == TYPE
    }
    return sorted(types, key=lambda kind: (types[kind], kind))


def _by_property(facts: list[Fact]) -> Iterator[tuple[Iri, list[Fact]]]:
    ordered = sorted(facts, key=lambda fact: fact.property)
    return ((name, list(group)) for name, group in groupby(ordered, key=lambda fact: fact.property))


def _objects(facts: Iterable[Fact]) -> list[Term]:
    return sorted({fact.object for fact in facts}, key=sort_key)


def _iri(term: Term) -> Iri:
    return Iri(term.value if isinstance(term, NamedNode) else str(term))


def _value(literal: Literal) -> Value:
    return Value(literal.value, Iri(literal.datatype.value), literal.language or "")
