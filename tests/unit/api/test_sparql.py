"""``/sparql``: the query operation of the SPARQL 1.1 Protocol, and the formats of its answers."""

import csv
import io
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from api.routes.sparql import EXAMPLE
from tests.unit.api.asking import ASK, CONSTRUCT, COUNT, JSON, LABEL, SELECT, XML, ask, bindings, count
from tests.unit.api.conftest import Problem

PAGE_GRAPH = "https://w3id.org/trivium/graph/page"
TOPICS_GRAPH = "https://w3id.org/trivium/graph/topics"
XMLNS = "{http://www.w3.org/2005/sparql-results#}"


def test_solutions_are_json_by_default(client: TestClient) -> None:
    response = client.get("/sparql", params={"query": SELECT})
    assert response.headers["content-type"] == JSON
    assert bindings(response) == [{"label": LABEL}]
    assert response.headers["vary"] == "Accept"


@pytest.mark.parametrize("accept", [JSON, "application/json"])
def test_solutions_in_json(client: TestClient, accept: str) -> None:
    response = ask(client, SELECT, accept)
    assert response.headers["content-type"] == accept
    assert response.json()["head"] == {"vars": ["label"]}
    term = response.json()["results"]["bindings"][0]["label"]
    assert term == {"type": "literal", "value": LABEL, "xml:lang": "en"}


@pytest.mark.parametrize("accept", [XML, "application/xml"])
def test_solutions_in_xml(client: TestClient, accept: str) -> None:
    response = ask(client, SELECT, accept)
    assert response.headers["content-type"] == accept
    root = ET.fromstring(response.content)  # noqa: S314 - our own answer
    assert [literal.text for literal in root.iter(f"{XMLNS}literal")] == [LABEL]


def test_solutions_in_csv(client: TestClient) -> None:
    response = ask(client, SELECT, "text/csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert list(csv.reader(io.StringIO(response.text))) == [["label"], [LABEL]]


def test_solutions_in_tsv(client: TestClient) -> None:
    response = ask(client, SELECT, "text/tab-separated-values")
    assert response.headers["content-type"] == "text/tab-separated-values; charset=utf-8"
    assert response.text.splitlines() == ["?label", f'"{LABEL}"@en']


@pytest.mark.parametrize(("query", "truth"), [(ASK, True), ("ASK { topic:mamba a tv:Formula }", False)])
def test_ask_in_every_format(client: TestClient, query: str, truth: bool) -> None:
    assert ask(client, query, JSON).json() == {"head": {}, "boolean": truth}
    assert ask(client, query, "application/json").json()["boolean"] is truth
    root = ET.fromstring(ask(client, query, XML).content)  # noqa: S314 - our own answer
    word = str(truth).lower()
    assert root.findtext(f"{XMLNS}boolean") == word
    for accept in ("text/csv", "text/tab-separated-values"):
        assert ask(client, query, accept).text.split() == [word]


@pytest.mark.parametrize("query", [CONSTRUCT, "DESCRIBE formula:chinchilla-loss"])
@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/trig", ox.RdfFormat.TRIG),
        ("application/n-quads", ox.RdfFormat.N_QUADS),
    ],
)
def test_graphs_in_every_format(client: TestClient, query: str, accept: str, form: ox.RdfFormat) -> None:
    response = ask(client, query, accept)
    assert response.headers["content-type"].partition(";")[0] == accept
    objects = {quad.object for quad in ox.parse(response.content, format=form)}
    assert ox.Literal(LABEL, language="en") in objects


def test_a_graph_is_turtle_by_default(client: TestClient) -> None:
    response = client.get("/sparql", params={"query": CONSTRUCT})
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"


@pytest.mark.parametrize(
    ("query", "accept"),
    [(SELECT, "text/turtle"), (ASK, "application/ld+json"), (CONSTRUCT, "text/csv"), (SELECT, "image/png")],
)
def test_a_format_that_cannot_hold_the_answer_is_406(
    client: TestClient, problem: Problem, query: str, accept: str
) -> None:
    problem(ask(client, query, accept), 406, "not-acceptable")


def test_a_browser_gets_a_form_and_the_answer_below_it(client: TestClient) -> None:
    form = client.get("/sparql", headers={"accept": "text/html"})
    assert form.status_code == 200
    assert "<textarea" in form.text
    for query in (SELECT, CONSTRUCT):
        assert LABEL in ask(client, query, "text/html").text
    assert "<pre>true</pre>" in ask(client, ASK, "text/html").text.lower()
    linked = ask(client, "SELECT ?s { ?s a tv:Formula }", "text/html").text
    assert '<a href="http://testserver/formulas/chinchilla-loss">formula:chinchilla-loss</a>' in linked


def test_what_comes_from_a_query_is_escaped_on_the_page(client: TestClient) -> None:
    page = ask(client, "SELECT ('<script>x</script>' AS ?x) {} # </textarea><script>", "text/html").text
    assert "<script>" not in page


POSTS = [
    pytest.param({"content": SELECT, "headers": {"content-type": "application/sparql-query"}}, id="query"),
    pytest.param(
        {"content": SELECT, "headers": {"content-type": "Application/SPARQL-query; charset=utf-8"}},
        id="query, with a charset",
    ),
    pytest.param({"data": {"query": SELECT}}, id="form"),
]


@pytest.mark.parametrize("request_", POSTS)
def test_a_query_can_be_posted(client: TestClient, request_: dict[str, Any]) -> None:
    assert bindings(client.post("/sparql", **request_)) == [{"label": LABEL}]


NAMES = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"


def test_the_default_graph_is_the_union_unless_the_request_names_one(client: TestClient) -> None:
    all_, page, topics = (
        count(ask(client, COUNT)),
        count(ask(client, COUNT, default_graph_uri=PAGE_GRAPH)),
        count(ask(client, COUNT, default_graph_uri=TOPICS_GRAPH)),
    )
    both = count(ask(client, COUNT, default_graph_uri=[PAGE_GRAPH, TOPICS_GRAPH]))
    assert 0 < page < all_
    assert both == page + topics


def test_the_dataset_of_the_request_goes_before_that_of_the_query(client: TestClient) -> None:
    query = COUNT.replace("{", f"FROM <{TOPICS_GRAPH}> {{", 1)
    expected = count(ask(client, COUNT, default_graph_uri=PAGE_GRAPH))
    assert count(ask(client, query, default_graph_uri=PAGE_GRAPH)) == expected


def test_named_graphs_are_those_of_the_request(client: TestClient) -> None:
    assert bindings(ask(client, NAMES, named_graph_uri=PAGE_GRAPH)) == [{"g": PAGE_GRAPH}]
    assert len(bindings(ask(client, NAMES))) > 5


@pytest.mark.parametrize("kind", ["query", "form"])
def test_the_dataset_of_the_request_counts_in_posts_too(client: TestClient, kind: str) -> None:
    expected = count(ask(client, COUNT, default_graph_uri=PAGE_GRAPH))
    graph = {"default-graph-uri": PAGE_GRAPH}
    if kind == "form":
        response = client.post("/sparql", data={"query": COUNT, **graph})
    else:
        headers = {"content-type": "application/sparql-query"}
        response = client.post(f"/sparql?{urlencode(graph)}", content=COUNT, headers=headers)
    assert count(response) == expected


def test_the_same_query_gives_the_same_bytes(client: TestClient) -> None:
    for query, accept in [
        (SELECT, JSON),
        ("DESCRIBE formula:chinchilla-loss", "text/turtle"),
        ("CONSTRUCT WHERE { ?s tv:requires ?o }", "application/rdf+xml"),
        ("CONSTRUCT WHERE { ?s tv:requires ?o }", "application/ld+json"),
    ]:
        assert ask(client, query, accept).content == ask(client, query, accept).content


def test_the_page_tells_of_more_rows_than_it_shows(client: TestClient) -> None:
    assert "there are more" in ask(client, "SELECT ?s { ?s ?p ?o }", "text/html").text


def test_the_query_of_the_form_answers(client: TestClient) -> None:
    rows = bindings(ask(client, EXAMPLE))
    assert [row["architecture"].rpartition("/")[2] for row in rows] == [
        "diffusion-lm",
        "hyena",
        "mamba",
        "moe",
        "rwkv",
    ]
