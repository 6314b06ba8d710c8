"""The dataset for machines: what it says of itself is counted again by others."""

import json
from collections import Counter

import pytest
from fastapi.testclient import TestClient
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from kg.rdf.formats import GRAPH_FORMATS, Format
from kg.services import dataset
from kg.services.functions import DESCRIPTIONS, extension_functions
from kg.services.knowledge import Knowledge
from tests.unit.api.conftest import Problem

VOID = Namespace("http://rdfs.org/ns/void#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SHIPPED = URIRef("https://w3id.org/trivium/dataset")
HERE = "http://testserver/.well-known/void"


@pytest.fixture(scope="module")
def graphs(client: TestClient) -> dict[str, Graph]:
    """The named graphs of the dump as rdflib reads them; a line of N-Quads less its graph is one of N-Triples."""
    lines: dict[str, list[str]] = {}
    for line in client.get("/dataset.nq").text.splitlines():
        triple, _, name = line.removesuffix(" .").rpartition(" ")
        lines.setdefault(name, []).append(f"{triple} .")
    return {
        name.strip("<>"): Graph().parse(data="\n".join(each), format="nt") for name, each in lines.items()
    }


@pytest.fixture(scope="module")
def union(graphs: dict[str, Graph]) -> set[tuple[object, object, object]]:
    return {triple for graph in graphs.values() for triple in graph}


@pytest.fixture(scope="module")
def void(client: TestClient) -> Graph:
    return Graph().parse(data=client.get("/.well-known/void").text, format="turtle")


def number(graph: Graph, subject: object, property_: object) -> int:
    value = graph.value(subject, property_)
    assert isinstance(value, Literal)
    return int(value)


def test_the_dump_holds_every_quad_once(
    client: TestClient, shipped: Knowledge, graphs: dict[str, Graph]
) -> None:
    lines = client.get("/dataset.nq").text.splitlines()
    assert len(lines) == len(set(lines)) == shipped.size == sum(map(len, graphs.values()))
    trig = set(parse(client.get("/dataset.trig").text, RdfFormat.TRIG))
    assert trig == set(parse("\n".join(lines), RdfFormat.N_QUADS))


def test_a_dump_names_each_graph_once(client: TestClient) -> None:
    heads = [line for line in client.get("/dataset.trig").text.splitlines() if line.endswith("{")]
    assert len(heads) == len(set(heads)) == 12


def test_void_counts_what_is_there(void: Graph, union: set[tuple[object, object, object]]) -> None:
    base = "https://w3id.org/trivium/id/"
    assert number(void, SHIPPED, VOID.triples) == len(union)
    assert number(void, SHIPPED, VOID.distinctSubjects) == len({s for s, _, _ in union})
    assert number(void, SHIPPED, VOID.distinctObjects) == len({o for _, _, o in union})
    assert number(void, SHIPPED, VOID.entities) == len({s for s, _, _ in union if str(s).startswith(base)})
    assert number(void, SHIPPED, VOID.properties) == len({p for _, p, _ in union})
    assert void.value(SHIPPED, VOID.uriSpace) == Literal(base)


def test_void_counts_each_class_and_property(void: Graph, union: set[tuple[object, object, object]]) -> None:
    classes = Counter(o for _, p, o in union if p == RDF.type and isinstance(o, URIRef))
    properties = Counter(p for _, p, _ in union)
    told_classes = {
        void.value(part, VOID["class"]): number(void, part, VOID.entities)
        for part in void.objects(SHIPPED, VOID.classPartition)
    }
    told_properties = {
        void.value(part, VOID.property): number(void, part, VOID.triples)
        for part in void.objects(SHIPPED, VOID.propertyPartition)
    }
    assert told_classes == classes
    assert number(void, SHIPPED, VOID.classes) == len(classes)
    assert told_properties == properties


def test_void_counts_each_graph_and_each_linkset(void: Graph, graphs: dict[str, Graph]) -> None:
    subsets = set(void.objects(SHIPPED, VOID.subset))
    linksets = {part for part in subsets if (part, RDF.type, VOID.Linkset) in void}
    sizes = sorted(number(void, part, VOID.triples) for part in subsets - linksets)
    assert sizes == sorted(map(len, graphs.values()))
    told = {
        (str(void.value(part, VOID.linkPredicate)), str(void.value(part, VOID.objectsTarget))): number(
            void, part, VOID.triples
        )
        for part in linksets
    }
    assert told == {
        ("http://qudt.org/schema/qudt/exactMatch", "http://qudt.org/"): 38,
        ("http://www.w3.org/2004/02/skos/core#closeMatch", "http://www.wikidata.org/"): 1,
        ("http://www.w3.org/2004/02/skos/core#exactMatch", "http://www.wikidata.org/"): 6,
    }


def test_void_says_what_the_dataset_is_and_where(client: TestClient, void: Graph) -> None:
    dcterms = Namespace("http://purl.org/dc/terms/")
    assert void.value(SHIPPED, dcterms.title) == Literal("The future of LLMs", lang="en")
    assert void.value(SHIPPED, dcterms.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert void.value(URIRef(HERE), URIRef("http://xmlns.com/foaf/0.1/primaryTopic")) == SHIPPED
    assert void.value(SHIPPED, VOID.sparqlEndpoint) == URIRef("http://testserver/sparql")
    for address in void.objects(SHIPPED, VOID.dataDump):
        assert client.get(str(address)).status_code == 200
    assert len(list(void.objects(SHIPPED, VOID.dataDump))) == 2
    lookup = void.value(SHIPPED, VOID.uriLookupEndpoint)
    assert client.get(f"{lookup}https://w3id.org/trivium/id/topic/mamba").status_code == 200
    assert {str(space) for space in void.objects(SHIPPED, VOID.vocabulary)} >= {
        "https://w3id.org/trivium/ontology#",
        "http://www.w3.org/2004/02/skos/core#",
    }


@pytest.mark.parametrize("path", ["/.well-known/void", "/sparql"])
@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=[form.name for form in GRAPH_FORMATS])
def test_both_descriptions_come_in_every_graph_format(client: TestClient, path: str, form: Format) -> None:
    answer = client.get(path, headers={"accept": form.media_type})
    assert answer.headers["content-type"].partition(";")[0] == form.media_type
    kind = RdfFormat.from_media_type(form.media_type)
    assert kind is not None
    turtle = client.get(path).text

    def triples(text: str, kind: RdfFormat) -> set[object]:
        return {quad.triple for quad in parse(text, kind)}

    assert triples(answer.text, kind) == triples(turtle, RdfFormat.TURTLE)


def test_the_service_describes_itself_where_there_is_no_query(
    client: TestClient, graphs: dict[str, Graph], union: set[tuple[object, object, object]]
) -> None:
    graph = Graph().parse(data=client.get("/sparql").text, format="turtle")
    service = URIRef("http://testserver/sparql")
    assert (service, RDF.type, SD.Service) in graph
    assert graph.value(service, SD.endpoint) == service
    assert graph.value(service, SD.supportedLanguage) == SD.SPARQL11Query
    assert (service, SD.feature, SD.UnionDefaultGraph) in graph
    assert len(list(graph.objects(service, SD.resultFormat))) == 10
    told = graph.value(service, SD.defaultDataset)
    assert number(graph, graph.value(told, SD.defaultGraph), VOID.triples) == len(union)
    named = {
        str(graph.value(part, SD.name)): number(graph, graph.value(part, SD.graph), VOID.triples)
        for part in graph.objects(told, SD.namedGraph)
    }
    assert named == {name: len(each) for name, each in graphs.items()}


def test_every_extension_function_is_described(client: TestClient, shipped: Knowledge) -> None:
    graph = Graph().parse(data=client.get("/sparql").text, format="turtle")
    told = {str(each) for each in graph.objects(None, SD.extensionFunction)}
    assert told == set(extension_functions(shipped)) == set(DESCRIPTIONS)
    for function in told:
        assert (URIRef(function), RDF.type, SD.Function) in graph
        label = graph.value(URIRef(function), URIRef("http://www.w3.org/2000/01/rdf-schema#label"))
        assert isinstance(label, Literal)


def test_a_browser_still_gets_the_form(client: TestClient) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert "<textarea" in client.get("/sparql", headers={"accept": accept}).text


def test_json_that_is_no_graph_is_still_refused_without_a_query(client: TestClient, problem: Problem) -> None:
    problem(client.get("/sparql", headers={"accept": "application/json"}), 400, "bad-parameter")
    problem(client.get("/sparql?default-graph-uri=urn:x"), 400, "bad-parameter")


RESOURCES = [
    "/formulas/chinchilla-loss",
    "/architectures/mamba",
    "/topics/mamba",
    "/units/flop",
    "/sources/page",
]


@pytest.mark.parametrize("path", RESOURCES)
def test_the_json_of_a_resource_is_json_ld_under_the_context_of_its_link(
    client: TestClient, shipped: Knowledge, path: str
) -> None:
    """Expanded, it says nothing that the graph does not hold, and all that it holds of the resource and its parts."""
    answer = client.get(path)
    address = answer.headers["link"].partition(">")[0].removeprefix("<")
    assert 'rel="http://www.w3.org/ns/json-ld#context"' in answer.headers["link"]
    document = client.get(address).json() | answer.json()
    store = Store()
    store.extend(parse(json.dumps(document), RdfFormat.JSON_LD))
    said = {quad.triple for quad in store}
    assert all(shipped.store.holds(triple) for triple in said)
    own = answer.json()["iri"]
    nodes = " ".join(f"<{iri}>" for iri in [own, *(part["iri"] for part in answer.json()["parts"])])
    rows = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {nodes} }} ?s ?p ?o }}"
    held = set(shipped.store.query(rows))
    assert held <= said


# rdflib's reader of JSON-LD warns of a class of rdflib.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
def test_rdflib_reads_that_json_alike(client: TestClient) -> None:
    answer = client.get("/architectures/mamba").json()
    document = client.get("/contexts/resource.jsonld").json() | answer
    graph = Graph().parse(data=json.dumps(document), format="json-ld")
    store = Store()
    store.extend(parse(json.dumps(document), RdfFormat.JSON_LD))
    assert {(str(s), str(p)) for s, p, _ in graph} == {(q.subject.value, q.predicate.value) for q in store}
    assert len(graph) == len(store)


def test_the_context_of_the_ontology_is_that_of_the_file(client: TestClient) -> None:
    import ontology

    answer = client.get("/context.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.json() == json.loads((ontology.root() / "context.jsonld").read_text("utf-8"))


def test_json_ld_that_people_write_reads_by_the_context(client: TestClient) -> None:
    document = client.get("/context.jsonld").json() | {
        "@id": "topic:mamba",
        "tv:requires": "topic:attention",
        "tv:effortHours": "7.0",
    }
    quads = set(parse(json.dumps(document), RdfFormat.JSON_LD))
    base = "https://w3id.org/trivium/id/topic/"
    requires = NamedNode("https://w3id.org/trivium/ontology#requires")
    assert Quad(NamedNode(base + "mamba"), requires, NamedNode(base + "attention")) in quads
    assert len(quads) == 2


def test_a_dataset_of_ones_own_has_its_own_prefixes_and_numbers(stones: Knowledge) -> None:
    assert dataset.vocabulary_context(stones)["@context"]["topic"] == "https://stones.example/id/topic/"
    graph = Graph().parse(
        data=dataset.void_graph(stones, "http://here").serialize(GRAPH_FORMATS[0]), format="turtle"
    )
    own = URIRef("https://stones.example/dataset")
    assert number(graph, own, VOID.triples) == stones.size
    assert number(graph, URIRef("https://stones.example/dataset#towers"), VOID.triples) > 0


def test_parameters_that_no_path_takes_are_refused(client: TestClient, problem: Problem) -> None:
    for path in ("/.well-known/void", "/dataset.nq", "/context.jsonld", "/contexts/resource.jsonld"):
        problem(client.get(f"{path}?x=1"), 400, "bad-parameter")
    problem(client.get("/.well-known/void", headers={"accept": "image/png"}), 406, "not-acceptable")
