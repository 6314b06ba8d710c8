"""The dataset about itself: VoID (https://www.w3.org/TR/void/) and its SPARQL service (https://www.w3.org/TR/sparql11-service-description/)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from kg.catalog.statistics import Counts, Statistics
from kg.model.iri import GRAPH, Iri
from kg.rdf.formats import GRAPH_FORMATS, SOLUTION_FORMATS
from kg.rdf.prefixes import Prefixes
from kg.rdf.terms import RDF_TYPE, XSD

VOID: Final = "http://rdfs.org/ns/void#"
SD: Final = "http://www.w3.org/ns/sparql-service-description#"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
DCTERMS: Final = "http://purl.org/dc/terms/"
RDFS_LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
DEFINITION: Final = "http://www.w3.org/2004/02/skos/core#definition"
INTEGER: Final = NamedNode(XSD + "integer")
DESCRIPTION_PATH: Final = "/.well-known/void"


class _Graph(list[Triple]):
    """Triples under construction."""

    def add(self, subject: str, property_: str, *values: "str | int | NamedNode | Literal") -> None:
        """A triple for each value: text is an IRI, a number an ``xsd:integer``."""
        for value in values:
            if isinstance(value, int):
                term: NamedNode | Literal = Literal(str(value), datatype=INTEGER)
            else:
                term = NamedNode(value) if isinstance(value, str) else value
            self.append(Triple(NamedNode(subject), NamedNode(property_), term))

    def add_type(self, subject: str, *classes: str) -> None:
        self.add(subject, RDF_TYPE.value, *classes)

    def add_counts(self, subject: str, counts: Counts) -> None:
        self.add(subject, VOID + "triples", counts.triples)
        self.add(subject, VOID + "distinctSubjects", counts.subjects)
        self.add(subject, VOID + "distinctObjects", counts.objects)


def void_triples(
    statistics: Statistics,
    own: Iterable[Triple],
    *,
    base: str,
    root: str,
    prefixes: Prefixes,
    dumps: Iterable[str],
) -> tuple[Triple, ...]:
    """The VoID description on a service at ``root``; ``own`` is what ``dataset.ttl`` says, ``dumps`` are addresses.

    The partitions are parts of the document, so that there is no blank node.
    """
    graph, dataset, document = _Graph(own), statistics.dataset, root + DESCRIPTION_PATH
    graph.add_type(document, VOID + "DatasetDescription")
    graph.add(document, FOAF + "primaryTopic", dataset)
    graph.add_type(dataset, VOID + "Dataset")
    graph.add_counts(dataset, statistics.total)
    graph.add(dataset, VOID + "entities", statistics.entities)
    graph.add(dataset, VOID + "classes", len(statistics.classes))
    graph.add(dataset, VOID + "properties", len(statistics.properties))
    graph.add(dataset, VOID + "uriSpace", Literal(base))
    graph.add(dataset, VOID + "sparqlEndpoint", f"{root}/sparql")
    graph.add(dataset, VOID + "uriLookupEndpoint", f"{root}/describe?iri=")
    graph.add(dataset, VOID + "dataDump", *dumps)
    graph.add(dataset, VOID + "feature", *(form.iri for form in GRAPH_FORMATS))
    graph.add(dataset, VOID + "vocabulary", *_vocabularies(statistics, prefixes))
    _add_subsets(graph, statistics, document)
    _add_partitions(graph, statistics, document, prefixes)
    _add_linksets(graph, statistics, document)
    return tuple(graph)


def _vocabularies(statistics: Statistics, prefixes: Prefixes) -> Iterator[str]:
    """The namespaces of the prefix table from which classes and properties are used."""
    terms = (*statistics.classes, *statistics.properties)
    for space in sorted(set(prefixes.namespaces.values())):
        if any(term.startswith(space) for term in terms):
            yield space


def _add_subsets(graph: _Graph, statistics: Statistics, document: str) -> None:
    for name, triples in statistics.graphs.items():
        part = statistics.parts.get(name) or f"{document}#graph-{_local(name)}"
        graph.add_type(part, VOID + "Dataset")
        graph.add(statistics.dataset, VOID + "subset", part)
        graph.add(part, VOID + "triples", triples)
        if name not in statistics.parts:
            graph.add(part, DCTERMS + "title", Literal(f"Named graph {_local(name)}", language="en"))


def _add_partitions(graph: _Graph, statistics: Statistics, document: str, prefixes: Prefixes) -> None:
    for iri, entities in statistics.classes.items():
        part = f"{document}#class-{_slug(iri, prefixes)}"
        graph.add(statistics.dataset, VOID + "classPartition", part)
        graph.add(part, VOID + "class", iri)
        graph.add(part, VOID + "entities", entities)
    for iri, counts in statistics.properties.items():
        part = f"{document}#property-{_slug(iri, prefixes)}"
        graph.add(statistics.dataset, VOID + "propertyPartition", part)
        graph.add(part, VOID + "property", iri)
        graph.add_counts(part, counts)


def _add_linksets(graph: _Graph, statistics: Statistics, document: str) -> None:
    for number, ((link, origin), triples) in enumerate(statistics.links.items(), 1):
        part = f"{document}#links-{number}"
        graph.add_type(part, VOID + "Linkset")
        graph.add(statistics.dataset, VOID + "subset", part)
        graph.add(part, VOID + "subjectsTarget", statistics.dataset)
        graph.add(part, VOID + "objectsTarget", origin)
        graph.add(part, VOID + "linkPredicate", link)
        graph.add(part, VOID + "triples", triples)


def service_triples(
    statistics: Statistics, functions: Mapping[Iri, tuple[str, str]], *, root: str
) -> tuple[Triple, ...]:
    """The description of ``{root}/sparql``; ``functions`` gives label and meaning of each extension function."""
    graph, service = _Graph(), f"{root}/sparql"
    graph.add_type(service, SD + "Service")
    graph.add(service, SD + "endpoint", service)
    graph.add(service, SD + "supportedLanguage", SD + "SPARQL11Query")
    graph.add(service, SD + "feature", SD + "UnionDefaultGraph")
    graph.add(service, SD + "resultFormat", *(form.iri for form in (*SOLUTION_FORMATS, *GRAPH_FORMATS)))
    for function, (label, meaning) in functions.items():
        graph.add(service, SD + "extensionFunction", function)
        graph.add_type(function, SD + "Function")
        graph.add(function, RDFS_LABEL, Literal(label, language="en"))
        graph.add(function, DEFINITION, Literal(meaning, language="en"))
    _add_dataset(graph, statistics, service)
    return tuple(graph)


def _add_dataset(graph: _Graph, statistics: Statistics, service: str) -> None:
    dataset, default = f"{service}#dataset", f"{service}#default-graph"
    graph.add(service, SD + "defaultDataset", dataset)
    graph.add_type(dataset, SD + "Dataset")
    graph.add(dataset, SD + "defaultGraph", default)
    graph.add_type(default, SD + "Graph")
    graph.add(default, VOID + "triples", statistics.total.triples)
    for name, triples in statistics.graphs.items():
        named, content = f"{service}#named-{_local(name)}", f"{service}#graph-{_local(name)}"
        graph.add(dataset, SD + "namedGraph", named)
        graph.add_type(named, SD + "NamedGraph")
        graph.add(named, SD + "name", name)
        graph.add(named, SD + "graph", content)
        graph.add_type(content, SD + "Graph")
        graph.add(content, VOID + "triples", triples)


def _local(graph: Iri) -> str:
    """The end of a graph's name, which keeps ours apart from those of a dataset's own."""
    own = graph.startswith(GRAPH)
    local = graph.rstrip("/#").rpartition("#")[2].rpartition("/")[2]
    return local if own else f"own-{local}"


def _slug(iri: Iri, prefixes: Prefixes) -> str:
    """A fragment for a term: its CURIE with a dot, else its IRI percent-encoded."""
    from urllib.parse import quote

    return quote(prefixes.compress(iri).replace(":", ".", 1), safe="")
