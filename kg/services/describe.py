"""What the graph holds: resources by kind, one with all that is said of it, and the ontology."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import Triple

from kg.catalog import resources
from kg.catalog.sources import read_sources
from kg.catalog.statements import read_statements
from kg.errors import TriviumError
from kg.model.iri import ONTOLOGY, PLURALS, Iri
from kg.services.engines import Engines
from kg.services.references import find_elsewhere, find_named, find_replacement, find_resource, kind_of
from kg.store.results import Triples

if TYPE_CHECKING:
    from kg.model.description import Description, Entry
    from kg.model.reference import Reference

__all__ = [
    "count_kinds",
    "describe",
    "describe_graph",
    "find_moved",
    "lay_out",
    "list_kind",
    "list_shapes",
    "list_terms",
    "ontology_graph",
    "require_resource",
    "shapes_graph",
    "write_description",
    "write_list",
]


def describe(engines: Engines, reference: str) -> "Description":
    """All that the graph says of a resource, named by slug, ``kind/slug``, CURIE or IRI.

    Raises:
        NotFound: the graph does not know it; near names are given.
        BadParameter: the name cannot be read.
    """
    iri = find_resource(engines, reference)
    found = resources.describe(engines.store, iri, engines.prefixes)
    statements = read_statements(engines.store, iri)
    cited = {
        link.iri
        for description in (found, *found.parts)
        for property_ in description.properties
        if property_.name == "dcterms:source"
        for link in property_.links
    }
    sources = read_sources(engines.store, sorted(cited)) if cited else {}
    known = {source.iri: source for one in statements for source in one.saying.value.sources} | sources
    return replace(
        found,
        statements=statements,
        sources=tuple(known[iri] for iri in sorted(known)),
        inferred_units=_inferred_units(engines, found),
    )


def _inferred_units(engines: Engines, found: "Description") -> tuple[tuple[Iri, str], ...]:
    """The dimensions of a formula's constants that declare no unit; none where it cannot be compiled."""
    if not any(kind.iri == ONTOLOGY + "Formula" for kind in found.types):
        return ()
    try:
        compiled = engines.compiled(found.iri)
    except TriviumError:
        return ()
    inferred = compiled.dimensions.inferred
    return tuple(
        (variable.iri, inferred[variable.symbol])
        for variable in compiled.variables
        if variable.symbol in inferred
    )


def describe_graph(engines: Engines, reference: str) -> Triples:
    """The same as a graph: the resource, its parts, and the labels of what they link to.

    Raises:
        NotFound, BadParameter: as :func:`describe`.
    """
    return _graph(engines, resources.describe_graph(engines.store, find_resource(engines, reference)))


def require_resource(engines: Engines, kind: str, slug: str) -> Iri:
    """The IRI of an individual.

    Raises:
        NotFound: there is none; near names are given, and other kinds that have the slug.
    """
    return find_named(engines, kind_of(kind), slug)


def find_moved(engines: Engines, kind: str, slug: str) -> Iri | None:
    """Where a name leads that is no longer, or not, one of its kind; None where the name stands, or leads nowhere.

    A name that was given up leads to its replacement; one that a single thing of another kind has, or goes by,
    leads there.
    """
    if slug in engines.names[kind]:
        return None
    replacement = find_replacement(engines, kind, slug)
    if replacement:
        return replacement
    elsewhere = find_elsewhere(engines, slug, kind)
    return elsewhere[0] if len(elsewhere) == 1 else None


def list_kind(engines: Engines, kind: str) -> tuple["Entry", ...]:
    """All resources of a kind (singular or plural), by IRI.

    Raises:
        NotFound: there is no such kind.
    """
    return engines.entries(kind_of(kind))


def write_list(entries: Iterable["Entry"], media_type: str, *, title: str) -> str:
    """A list as ``text/csv``, else as Markdown."""
    from kg.exporters.description import entries_csv, entries_markdown

    return entries_csv(entries) if media_type == "text/csv" else entries_markdown(entries, title)


def lay_out(description: "Description") -> "Reference":
    """A resource as a reference page, for any medium to draw."""
    from kg.exporters.reference import lay_out

    return lay_out(description)


def write_description(description: "Description") -> str:
    """A resource as Markdown."""
    from kg.exporters.description import reference_markdown

    return reference_markdown(lay_out(description))


def count_kinds(engines: Engines) -> dict[str, int]:
    """Kind → how many resources of it there are."""
    return {kind: len(engines.names[kind]) for kind in PLURALS}


def list_terms(engines: Engines) -> tuple["Entry", ...]:
    """Classes and properties of the ontology, by IRI."""
    return resources.list_terms(engines.store)


def list_shapes(engines: Engines) -> tuple["Entry", ...]:
    """The SHACL shapes by IRI, with the class that each looks at."""
    return resources.list_shapes(engines.store)


def ontology_graph(engines: Engines) -> Triples:
    """The ontology with its vocabularies, as a graph."""
    return _graph(engines, resources.read_graphs(engines.store, resources.SCHEMA_GRAPHS))


def shapes_graph(engines: Engines) -> Triples:
    """The SHACL shapes that every dataset passes, as a graph."""
    return _graph(engines, resources.read_graphs(engines.store, resources.SHAPES_GRAPHS))


def _graph(engines: Engines, triples: Iterable[Triple]) -> Triples:
    """Triples as an answer that any thread may serialise, with the dataset's prefixes."""
    return Triples(triples, prefixes=engines.prefixes.namespaces)
