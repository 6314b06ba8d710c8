"""Look-ups: every resource in every form, redirects, links that lead somewhere, pages that read."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from kg.model.iri import DEFAULT_BASE, PLURALS
from kg.services.knowledge import Knowledge
from tests.datasets import BASE
from tests.unit.api.conftest import Problem

HTML = {"accept": "text/html"}
FORMS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}
UNWANTED = re.compile(r">\s*(None|Undefined|nan|inf)\s*<|Undefined|Traceback|\bobject at 0x")
LOADED = re.compile(r"<(?:script|link|img|iframe|object|embed)\b|@import|url\(|src=", re.IGNORECASE)
"""What would make a browser load something else; pages hold none of it."""


def hrefs(document: Any) -> Iterator[str]:
    """Every ``href`` of a document, however deep."""
    if isinstance(document, dict):
        for name, value in document.items():
            if name == "href":
                yield value
            else:
                yield from hrefs(value)
    elif isinstance(document, list):
        for value in document:
            yield from hrefs(value)


def path_of(href: str) -> str:
    assert href.startswith("http://testserver/")
    return href.removeprefix("http://testserver").partition("#")[0]


@pytest.mark.parametrize(("kind", "plural"), PLURALS.items())
def test_every_kind_is_listed_in_json_html_and_rdf(
    client: TestClient, shipped: Knowledge, kind: str, plural: str
) -> None:
    listed = client.get(f"/{plural}?limit=1000").json()
    iris = [item["iri"] for item in listed["items"]]
    assert iris == sorted(shipped.names[kind].values())
    assert listed["total"] == len(iris)
    assert all(item["label"] for item in listed["items"])
    page = client.get(f"/{plural}?limit=1000", headers=HTML)
    assert page.status_code == 200
    assert page.text.count("<tr><td>") == len(iris)
    turtle = client.get(f"/{plural}.ttl?limit=1000")
    subjects = {quad.subject.value for quad in ox.parse(turtle.content, format=ox.RdfFormat.TURTLE)}
    assert subjects == set(iris)


@pytest.mark.parametrize("plural", PLURALS.values())
def test_every_resource_has_a_page_that_reads(client: TestClient, shipped: Knowledge, plural: str) -> None:
    kind = next(kind for kind, other in PLURALS.items() if other == plural)
    for slug, iri in shipped.names[kind].items():
        page = client.get(f"/{plural}/{slug}", headers=HTML)
        assert page.status_code == 200, iri
        # In formulas, ``inf`` is the subscript of a symbol such as S_inf.
        prose = re.sub(r"<math.*?</math>", "", page.text, flags=re.DOTALL)
        assert not UNWANTED.search(prose), (iri, UNWANTED.search(prose))
        assert not LOADED.search(page.text), iri
        assert iri in page.text
        assert "<h1></h1>" not in page.text


def test_every_href_of_one_resource_of_each_kind_leads_somewhere(
    client: TestClient, shipped: Knowledge
) -> None:
    seen: set[str] = set()
    for kind, plural in PLURALS.items():
        for slug in list(shipped.names[kind])[:1]:
            document = client.get(f"/{plural}/{slug}").json()
            seen.update(path_of(href) for href in hrefs(document))
    assert len(seen) > 100
    for path in sorted(seen):
        assert client.head(path).status_code == 200, path


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/ontology.json",
        "/problems",
        "/formulas/chinchilla-loss/evaluate?subject=model/chinchilla",
        "/formulas/chinchilla-loss/solve?for=D&N=70B&L=2",
        "/learning/next?goal=mamba&know=transformer-architecture",
        "/topics/mamba/prerequisites?transitive=true",
        "/topics/transformer-architecture/unlocks?transitive=true",
        "/describe?iri=https://w3id.org/trivium/vocab/role/output",
        "/describe?iri=tv:requires",
    ],
)
def test_every_href_of_an_answer_leads_somewhere(client: TestClient, path: str) -> None:
    found = {path_of(href) for href in hrefs(client.get(path).json())}
    assert found
    for target in sorted(found):
        assert client.head(target).status_code == 200, target


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/docs",
        "/formulas/chinchilla-loss",
        "/architectures/mamba",
        "/topics/mamba",
        "/exercises/mathematical",
    ],
)
def test_every_link_of_a_page_leads_somewhere(client: TestClient, path: str) -> None:
    page = client.get(path, headers=HTML).text
    found = {href for href in re.findall(r'href="([^"#]+)', page) if href.startswith("http://testserver/")}
    assert found
    for href in sorted(found):
        target = path_of(href.replace("&amp;", "&"))
        assert client.get(target, headers=HTML).status_code == 200, target


def test_fragments_of_links_stand_on_their_page(client: TestClient) -> None:
    page = client.get("/formulas/chinchilla-loss", headers=HTML).text
    fragments = {
        unquote(fragment)
        for fragment in re.findall(r'href="http://testserver/formulas/chinchilla-loss#([^"]+)"', page)
    }
    assert fragments >= {"N", "D"}
    for fragment in fragments:
        assert f'id="{fragment}"' in page


@pytest.mark.parametrize(("accept", "form"), FORMS.items())
def test_a_resource_in_every_rdf_format(client: TestClient, accept: str, form: ox.RdfFormat) -> None:
    response = client.get("/formulas/chinchilla-loss", headers={"accept": accept})
    assert response.headers["content-type"].partition(";")[0] == accept
    quads = list(ox.parse(response.content, format=form))
    subject = ox.NamedNode(DEFAULT_BASE + "formula/chinchilla-loss")
    part = ox.NamedNode(DEFAULT_BASE + "formula/chinchilla-loss#N")
    assert {quad.subject for quad in quads} >= {subject, part}


def test_one_answer_has_all_of_a_resource(client: TestClient) -> None:
    answer = client.get("/architectures/mamba").json()
    assert set(answer) == {
        "iri",
        "href",
        "label",
        "definition",
        "types",
        "values",
        "links",
        "graphs",
        "parts",
        "linkedFrom",
        "statements",
        "sources",
    }
    assert answer["values"]["tv:keyInnovation"][0]["value"] == "Linear-time sequence modeling"
    assert "evidence" in {link["iri"].split("/")[-2] for link in answer["links"]["tv:evidence"]}
    assert answer["links"]["dcterms:source"][0]["label"]
    assert {link["iri"] for link in answer["linkedFrom"]["tv:covers"]} >= {DEFAULT_BASE + "topic/mamba"}


@pytest.mark.parametrize(
    ("iri", "location"),
    [
        ("/id/formula/chinchilla-loss", "/formulas/chinchilla-loss"),
        ("/id/hardware/nothing", None),
        ("/id/capability/tool-use", "/capabilities/tool-use"),
        ("/id/page/future-of-llms", "/pages/future-of-llms"),
        ("/id/formulas/chinchilla-loss", None),
    ],
)
def test_an_iri_of_the_dataset_is_seen_at_its_page(
    client: TestClient, problem: Problem, iri: str, location: str | None
) -> None:
    response = client.get(iri)
    if location is None:
        problem(response, 404, "not-found")
        return
    assert response.status_code == 303
    assert response.headers["location"] == "http://testserver" + location


def test_every_individual_is_dereferenced(client: TestClient, shipped: Knowledge) -> None:
    for names in shipped.names.values():
        for iri in list(names.values())[:3]:
            response = client.get("/id/" + iri.removeprefix(DEFAULT_BASE))
            assert response.status_code == 303
            assert client.get(path_of(response.headers["location"])).json()["iri"] == iri


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/concepts/mamba", "/architectures/mamba"),
        ("/concepts/mamba.ttl", "/architectures/mamba.ttl"),
        ("/systems/mamba.json", "/architectures/mamba.json"),
        ("/concepts/ai-governance", "/challenges/governance"),
        ("/concepts/ai-safety.ttl", "/challenges/safety.ttl"),
        ("/models/alphafold", "/systems/alphafold2"),
        ("/concepts/pre-training-scaling", "/concepts/training-time-scaling"),
    ],
)
def test_a_thing_of_another_kind_has_moved_there(client: TestClient, path: str, location: str) -> None:
    response = client.get(path)
    assert response.status_code == 301
    assert response.headers["location"] == "http://testserver" + location
    assert client.get(location).status_code == 200


@pytest.mark.parametrize("path", ["/formulas/mamba", "/sources/mamba", "/topics/rwkv-nothing"])
def test_kinds_that_stand_apart_do_not_redirect(client: TestClient, problem: Problem, path: str) -> None:
    problem(client.get(path), 404, "not-found")


def test_topics_stand_apart_from_the_things_they_cover(client: TestClient) -> None:
    assert client.get("/topics/mamba").json()["iri"] == DEFAULT_BASE + "topic/mamba"
    assert client.get("/architectures/mamba").json()["iri"] == DEFAULT_BASE + "architecture/mamba"


@pytest.mark.parametrize(
    ("reference", "iri"),
    [
        ("topic:mamba", DEFAULT_BASE + "topic/mamba"),
        ("topic/mamba", DEFAULT_BASE + "topic/mamba"),
        (DEFAULT_BASE + "topic/mamba", DEFAULT_BASE + "topic/mamba"),
        (f"<{DEFAULT_BASE}topic/mamba>", DEFAULT_BASE + "topic/mamba"),
        (DEFAULT_BASE + "formula/chinchilla-loss%23N", DEFAULT_BASE + "formula/chinchilla-loss#N"),
        ("tv:Formula", "https://w3id.org/trivium/ontology#Formula"),
        ("https://w3id.org/trivium/ontology%23", "https://w3id.org/trivium/ontology#"),
        ("https://w3id.org/trivium/vocab/role/output", "https://w3id.org/trivium/vocab/role/output"),
    ],
)
def test_any_iri_of_the_store_is_described(client: TestClient, reference: str, iri: str) -> None:
    for accept in ("application/json", "text/html", "text/turtle"):
        response = client.get(f"/describe?iri={reference}", headers={"accept": accept})
        assert response.status_code == 200, response.text[:300]
        if accept == "application/json":
            assert response.json()["iri"] == iri


def test_ontology_and_shapes_are_served_as_rdf_first(client: TestClient) -> None:
    for path, term in (("/ontology", "owl#Class"), ("/shapes", "shacl#NodeShape")):
        response = client.get(path)
        assert response.headers["content-type"] == "text/turtle; charset=utf-8"
        objects = {str(quad.object) for quad in ox.parse(response.content, format=ox.RdfFormat.TURTLE)}
        assert any(term in name for name in objects)
    terms = client.get("/ontology.json").json()
    assert terms["total"] == len(terms["items"]) > 50
    assert all(item["label"] and item["definition"] for item in terms["items"])


def test_shapes_are_listed_as_json_with_their_classes(client: TestClient) -> None:
    listed = client.get("/shapes.json").json()
    assert listed == client.get("/shapes", headers={"accept": "application/json"}).json()
    assert listed["total"] == len(listed["items"]) > 50
    found = {item["iri"].rpartition("#")[2]: item for item in listed["items"]}
    assert found["Formula"]["label"] == "formula"
    assert "slug" in found["Formula"]["definition"]
    assert client.get(path_of(found["Formula"]["href"])).json()["iri"] == found["Formula"]["iri"]


def test_parts_stand_in_the_order_of_their_positions(client: TestClient) -> None:
    parts = client.get("/pages/future-of-llms").json()["parts"]
    positions = [
        (p["types"][0]["label"], int(p["values"]["tv:position"][0]["value"]))
        for p in parts
        if "tv:position" in p["values"]
    ]
    assert positions == [("next step", n) for n in range(1, 7)] + [("section", n) for n in range(1, 21)]
    without = [part["iri"] for part in parts[len(positions) :]]
    assert without == sorted(without)
    assert not any("tv:position" in part["values"] for part in parts[len(positions) :])


def test_health_tells_versions_and_size(client: TestClient, shipped: Knowledge) -> None:
    answer = client.get("/health").json()
    assert answer["status"] == "ok"
    assert answer["dataset"] == shipped.version
    assert answer["triples"] == shipped.size > 1_000


def test_home_counts_what_there_is(client: TestClient, shipped: Knowledge) -> None:
    answer = client.get("/").json()
    counts = {kind["kind"]: kind["count"] for kind in answer["kinds"]}
    assert counts == {kind: len(shipped.names[kind]) for kind in PLURALS}
    page = client.get("/", headers=HTML).text
    assert shipped.title in page
    assert "/benchmarks" not in page or counts["benchmark"]


def test_a_dataset_of_ones_own_has_its_own_iris(stones: Knowledge) -> None:
    client = TestClient(create_app(stones), follow_redirects=False)
    found: set[str] = set()
    for kind, names in stones.names.items():
        for slug, iri in names.items():
            answer = client.get(f"/{PLURALS[kind]}/{slug}").json()
            assert answer["iri"] == iri
            assert iri.startswith(BASE)
            assert client.get(f"/{PLURALS[kind]}/{slug}", headers=HTML).status_code == 200
            found.update(path_of(href) for href in hrefs(answer))
    for path in sorted(found):
        assert client.head(path).status_code == 200, path


def test_statements_about_a_thing_come_with_value_method_and_sources(client: TestClient) -> None:
    document = client.get("/models/gpt-3").json()
    reported = next(s for s in document["statements"] if s["iri"].endswith("gpt-3-parameters-brown2020"))
    assert reported["kind"] == "Observation"
    assert reported["property"]["iri"] == DEFAULT_BASE + "quantity/model-parameters"
    assert reported["said"]["value"] == 1.75e11
    assert (reported["unit"], reported["method"], reported["date"]) == ("parameter", "reported", "2020-05")
    assert [source["url"] for source in reported["sources"]] == ["https://arxiv.org/abs/2005.14165"]
    assert reported["sources"][0] in document["sources"]
    page = client.get("/models/gpt-3", headers=HTML).text
    assert "<td>1.75e11 parameter</td>" in re.sub(r"\s*\n\s*", "", page)
