"""``/search``: the same answer as JSON and as a page, and what it refuses."""

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from kg.services.knowledge import Knowledge


@pytest.fixture(scope="module")
def client(shipped: Knowledge) -> TestClient:
    return TestClient(create_app(shipped), raise_server_exceptions=False)


HTML = {"Accept": "text/html"}


def test_a_hit_has_its_kind_its_address_and_marked_pieces(client: TestClient) -> None:
    answer = client.get("/search", params={"q": "mixtre of experts", "limit": 1})
    assert answer.status_code == 200
    document = answer.json()
    (hit,) = document.pop("hits")
    assert document == {
        "query": "mixtre of experts",
        "kind": "",
        "corrected": "mixture of experts",
        "total": document["total"],
        "suggestions": [],
    }
    assert document["total"] > 1
    assert hit["iri"] == "https://w3id.org/trivium/id/architecture/moe"
    assert (hit["href"], hit["kind"], hit["field"]) == (
        "http://testserver/architectures/moe",
        "architecture",
        "label",
    )
    assert hit["title"] == [
        {"text": "Mixture", "match": True},
        {"text": " of ", "match": False},
        {"text": "Experts", "match": True},
    ]
    assert client.get(hit["href"]).status_code == 200


def test_nothing_found_is_an_answer_with_something_near(client: TestClient) -> None:
    answer = client.get("/search", params={"q": "mamba quaternions", "kind": "topics"})
    assert (answer.status_code, answer.json()["total"], answer.json()["hits"]) == (200, 0, [])
    assert answer.json()["suggestions"][0]["href"] == "http://testserver/topics/mamba"


@pytest.mark.parametrize(
    ("parameters", "status", "name"),
    [
        ({}, 400, "q"),
        ({"q": " "}, 400, "q"),
        ({"q": "mamba", "kind": "mammals"}, 400, "kind"),
        ({"q": "mamba", "limit": "0"}, 400, "limit"),
        ({"q": "mamba", "limit": "many"}, 400, "limit"),
        ({"q": "mamba", "page": "2"}, 400, "page"),
        ({"q": ["mamba", "moe"]}, 400, "q"),
        ({"q": "x" * 600}, 413, "the search text"),
    ],
    ids=str,
)
def test_what_cannot_be_searched_for_is_a_problem(
    client: TestClient, parameters: dict[str, str], status: int, name: str
) -> None:
    answer = client.get("/search", params=parameters)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert name in answer.json()["detail"]


@pytest.mark.parametrize(
    "query", ["%00", "%ff%fe", "%22%20OR%20%22", "*", "%F0%9F%98%80", "a%00b", "%ED%A0%80"]
)
def test_no_bytes_in_an_address_break_the_service(client: TestClient, query: str) -> None:
    assert client.get(f"/search?q={query}").status_code in (200, 400)


def test_a_page_marks_what_was_found_and_escapes_the_rest(client: TestClient) -> None:
    answer = client.get("/search", params={"q": "state spce"}, headers=HTML)
    assert answer.headers["content-type"].startswith("text/html")
    assert "<mark>State</mark> <mark>space</mark> models" in answer.text
    assert "Searched for <strong>state space</strong>" in answer.text
    assert "<option>formula</option>" in answer.text
    assert "<option>benchmark</option>" in answer.text
    hostile = client.get("/search", params={"q": '"><script>alert(1)</script>'}, headers=HTML)
    assert hostile.status_code == 200
    assert "<script>" not in hostile.text


def test_a_browser_without_a_question_gets_the_form(client: TestClient) -> None:
    for address in ("/search", "/search?q=", "/search?q=+&kind=topic"):
        answer = client.get(address, headers=HTML)
        assert answer.status_code == 200
        assert '<form action="http://testserver/search" method="get">' in answer.text


def test_every_page_can_search(client: TestClient) -> None:
    assert (
        '<form role="search" action="http://testserver/search" method="get">'
        in client.get("/", headers=HTML).text
    )


def test_head_and_other_forms(client: TestClient) -> None:
    assert client.head("/search?q=mamba").content == b""
    assert client.get("/search?q=mamba", headers={"Accept": "text/turtle"}).status_code == 406
