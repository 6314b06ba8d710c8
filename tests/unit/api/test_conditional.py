"""Conditional requests: every GET has a strong tag, and 304 is said exactly to those who have the answer."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api import conditional
from api.app import create_app
from api.conditional import Conditional, is_match
from api.routes.service import EXAMPLES
from api.settings import Settings
from kg.services.knowledge import Knowledge
from tests.unit.api.conftest import Problem

RANDOM = "/sparql?query=SELECT%20(RAND()%20AS%20%3Fx)%20%7B%7D"
PLACES = {"{slug}": "chinchilla-loss", "{kinds}": "formulas", "{name}": "not-found", "{suffix}": "md"}


def address(path: str) -> str:
    """A path of the OpenAPI document that answers 200, as the reference page has it."""
    example = EXAMPLES.get(f"get {path}", "")
    if example:
        return example.rpartition("ROOT")[2].rstrip("'")
    for place, value in PLACES.items():
        path = path.replace(place, value)
    return path


@pytest.fixture(scope="module")
def answering(client: TestClient) -> list[str]:
    """An address for every GET of the OpenAPI document that gives a representation, and those it leaves out."""
    paths = client.get("/openapi.json").json()["paths"]
    found = [address(path) for path, operations in paths.items() if "get" in operations]
    found += ["/openapi.json", "/docs", "/ontology.ttl", "/shapes.json", "/formulas.ttl?limit=3", RANDOM]
    return [path for path in found if not path.startswith(("/id/", "/learners/"))]


def forms(client: TestClient, answering: list[str]) -> Iterator[tuple[str, dict[str, str], Any]]:
    for path in answering:
        for accept in ("*/*", "text/html", "text/turtle"):
            headers = {"accept": accept}
            response = client.get(path, headers=headers)
            if response.status_code != 406:
                yield path, headers, response


def test_every_get_gives_a_strong_tag_and_says_that_it_must_be_revalidated(
    client: TestClient, answering: list[str]
) -> None:
    assert len(answering) > 25
    for path, _, response in forms(client, answering):
        assert response.status_code == 200, (path, response.text[:200])
        assert conditional.TAG.fullmatch(response.headers["etag"].encode()), path
        assert response.headers["cache-control"] in ("no-cache", "no-store"), path


def test_the_tag_of_an_answer_is_answered_by_304_without_a_body(
    client: TestClient, answering: list[str]
) -> None:
    for path, headers, response in forms(client, answering):
        if path == RANDOM:
            continue
        tag = response.headers["etag"]
        for method in ("GET", "HEAD"):
            again = client.request(method, path, headers={**headers, "if-none-match": tag})
            assert (again.status_code, again.content) == (304, b""), path
            for name in ("etag", "vary", "cache-control", "trivium-dataset-version"):
                assert again.headers.get(name) == response.headers.get(name), (path, name)
            assert "content-type" not in again.headers


def test_head_has_the_headers_of_get(client: TestClient, answering: list[str]) -> None:
    for path, headers, response in forms(client, answering):
        if path != RANDOM:
            assert client.head(path, headers=headers).headers == response.headers, path


def test_representations_of_one_resource_have_tags_of_their_own(client: TestClient) -> None:
    tags = {
        client.get("/hardware", headers={"accept": accept}).headers["etag"]
        for accept in ("text/turtle", "application/trig", "application/n-quads", "application/json")
    }
    assert len(tags) == 4


def test_pages_that_differ_in_their_links_alone_have_tags_of_their_own(client: TestClient) -> None:
    first = client.get("/units.nt?q=unit+that+is+not+there")
    other = client.get("/resources.nt?q=resource+that+is+not+there")
    assert first.content == other.content == b""
    assert first.headers["etag"] != other.headers["etag"]


@pytest.mark.parametrize(
    ("header", "matches"),
    [
        ("TAG", True),
        ("W/TAG", True),
        ('"a", TAG', True),
        ('"a,b" ,W/"c",W/TAG', True),
        ("*", True),
        (" * ", True),
        ('"a"', False),
        ("", False),
        ("no tag at all", False),
        ('"unclosed', False),
        ("TAGx", True),
    ],
)
def test_a_list_of_tags_is_compared_weakly(client: TestClient, header: str, matches: bool) -> None:
    path = "/formulas/chinchilla-loss/evaluate?N=70B&D=1.4T"
    tag = client.get(path).headers["etag"]
    response = client.get(path, headers={"if-none-match": header.replace("TAG", tag)})
    assert response.status_code == (304 if matches else 200)


def test_several_lines_of_the_header_are_one_list(client: TestClient) -> None:
    tag = client.get("/formulas").headers["etag"]
    lines = [("if-none-match", '"a"'), ("if-none-match", tag)]
    assert client.get("/formulas", headers=lines).status_code == 304


@given(st.binary(max_size=60))
def test_any_header_is_read_and_none_matches_what_it_does_not_name(header: bytes) -> None:
    assert is_match(header, b'"0123"') == (b'"0123"' in header or header.strip() == b"*")


def test_what_is_random_is_never_called_unchanged(client: TestClient) -> None:
    response = client.get(RANDOM)
    assert response.headers["cache-control"] == "no-store"
    tag = response.headers["etag"]
    for _ in range(3):
        assert client.get(RANDOM, headers={"if-none-match": tag}).status_code == 200


def test_the_tag_that_was_kept_is_not_for_another_host(shipped: Knowledge) -> None:
    """Links in the body begin with the host."""
    client = TestClient(create_app(shipped))
    tag = client.get("/formulas", headers={"host": "one.example"}).headers["etag"]
    for _ in range(2):
        answer = client.get("/formulas", headers={"host": "two.example", "if-none-match": tag})
        assert answer.status_code == 200
        assert "http://two.example/" in answer.text


def test_one_base_url_gives_one_tag_at_every_host(shipped: Knowledge) -> None:
    client = TestClient(create_app(shipped, Settings(base_url="https://kg.example")))
    tags = {client.get("/formulas", headers={"host": host}).headers["etag"] for host in ("a", "b")}
    assert len(tags) == 1


def test_two_services_over_the_same_data_give_the_same_tags(shipped: Knowledge, client: TestClient) -> None:
    other = TestClient(create_app(shipped))
    for path in ("/formulas", "/architectures/mamba", "/learning/next?goal=mamba"):
        assert other.get(path).headers["etag"] == client.get(path).headers["etag"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/formulas/nothing", 404),
        ("/formulas?colour=red", 400),
        ("/formulas/chinchilla-loss/evaluate?N=1", 422),
        ("/concepts/mamba", 301),
        ("/id/topic/mamba", 303),
    ],
)
def test_errors_and_redirects_have_no_tag_and_no_condition_changes_them(
    client: TestClient, path: str, status: int
) -> None:
    for condition in ({}, {"if-none-match": "*"}):
        response = client.get(path, headers=condition)
        assert response.status_code == status
        assert "etag" not in response.headers
        assert response.headers["cache-control"] == "no-cache"


def test_a_post_has_no_tag_and_takes_no_condition(client: TestClient) -> None:
    response = client.post("/sparql", data={"query": "ASK {}"}, headers={"if-none-match": "*"})
    assert response.status_code == 200
    assert "etag" not in response.headers


class Counted:
    """A knowledge whose version can change, before an app that counts how often it is asked."""

    def __init__(self) -> None:
        self.version = "1"
        self.is_fixed = True
        self.asked = 0

    async def __call__(self, scope: Any, _: Any, send: Any) -> None:
        self.asked += 1
        head = {"type": "http.response.start", "status": 200, "headers": [(b"vary", b"Accept")]}
        await send(head)
        if scope["path"] == "/stream":
            await send({"type": "http.response.body", "body": b"part", "more_body": True})
        await send({"type": "http.response.body", "body": b"answer"})


async def _ask(app: Conditional, path: str, tag: bytes) -> tuple[int, bytes, bytes]:
    """Status, tag and body."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"if-none-match", tag)] if tag else []
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers}
    await app(scope | {"trivium.root": "http://host"}, None, send)  # type: ignore[arg-type]
    head = dict(sent[0]["headers"])
    return sent[0]["status"], head.get(b"etag", b""), b"".join(message["body"] for message in sent[1:])


def ask(app: Conditional, path: str, tag: bytes = b"") -> tuple[int, bytes, bytes]:
    return asyncio.run(_ask(app, path, tag))


def test_what_is_kept_is_not_computed_again_until_the_dataset_changes() -> None:
    counted = Counted()
    app = Conditional(counted, knowledge=counted)  # type: ignore[arg-type]
    _, tag, _ = ask(app, "/a")
    assert [ask(app, "/a", tag) for _ in range(3)] == [(304, tag, b"")] * 3
    assert counted.asked == 1
    counted.version = "2"
    assert (ask(app, "/a", tag))[0] == 304
    assert counted.asked == 2


def test_over_a_store_that_others_change_every_question_is_asked() -> None:
    counted = Counted()
    counted.is_fixed = False
    app = Conditional(counted, knowledge=counted)  # type: ignore[arg-type]
    _, tag, _ = ask(app, "/a")
    assert ask(app, "/a", tag)[0] == 304
    assert counted.asked == 2


def test_a_stream_passes_without_a_tag() -> None:
    counted = Counted()
    app = Conditional(counted, knowledge=counted)  # type: ignore[arg-type]
    assert ask(app, "/stream", b"*") == (200, b"", b"partanswer")


def test_what_is_kept_is_bounded() -> None:
    counted = Counted()
    app = Conditional(counted, knowledge=counted)  # type: ignore[arg-type]
    for number in range(conditional.KEPT_TAGS + 10):
        ask(app, f"/{number}")
    ask(app, "/" + "x" * conditional.KEY_BYTES)
    assert len(app.kept) == conditional.KEPT_TAGS
    assert not any(key[2] == "/0" for key in app.kept)


def test_what_is_not_acceptable_is_a_problem_document(client: TestClient, problem: Problem) -> None:
    for path in ("/formulas", "/formulas/chinchilla-loss", "/shapes", "/describe?iri=topic:mamba"):
        problem(client.get(path, headers={"accept": "image/png"}), 406, "not-acceptable")
