"""``/sparql``: what it refuses, before anything is evaluated and whatever way it comes."""

import gc
import socket
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.unit.api.asking import ASK, CONSTRUCT, COUNT, JSON, SELECT, ask, bindings, count
from tests.unit.api.conftest import Problem


@pytest.mark.parametrize(
    ("parameters", "status", "name"),
    [
        pytest.param({"default-graph-uri": "urn:x"}, 400, "bad-parameter", id="no query"),
        pytest.param({"query": ""}, 400, "bad-syntax", id="empty query"),
        pytest.param({"query": "  # nothing\n"}, 400, "bad-syntax", id="a comment only"),
        pytest.param({"query": [ASK, ASK]}, 400, "bad-parameter", id="two queries"),
        pytest.param({"query": "SELECT ?x { ?x"}, 400, "bad-syntax", id="cut off"),
        pytest.param({"query": "SELECT * { nope:x ?p ?o }"}, 400, "bad-syntax", id="unknown prefix"),
        pytest.param({"query": ASK, "timeout": "1", "x": "y"}, 400, "bad-parameter", id="unknown parameter"),
        pytest.param({"query": ASK, "default-graph-uri": "no iri"}, 400, "bad-parameter", id="graph: no IRI"),
        pytest.param({"query": "DROP ALL"}, 403, "forbidden-query", id="update as query"),
        pytest.param({"update": "DROP ALL"}, 403, "forbidden-query", id="update"),
        pytest.param({"query": ASK, "update": "DROP ALL"}, 403, "forbidden-query", id="query and update"),
        pytest.param({"query": "ASK {" + "{" * 5_000}, 413, "too-large", id="deep nesting"),
        pytest.param({"query": f"SELECT ({'-' * 20_000}1 AS ?x) {{}}"}, 413, "too-large", id="minus signs"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_no_query_is_a_problem(
    client: TestClient,
    problem: Problem,
    method: str,
    parameters: dict[str, Any],
    status: int,
    name: str,
) -> None:
    how = {"params": parameters} if method == "GET" else {"data": parameters}
    started = time.process_time()
    response = client.request(method, "/sparql", **how)
    assert time.process_time() - started < 2
    problem(response, status, name)


@pytest.mark.parametrize(
    ("query", "status", "name"),
    [
        pytest.param("ASK {}" + " " * 100_000, 413, "too-large", id="spaces"),
        pytest.param(f"SELECT ({'9' * 90_000} AS ?x) {{", 400, "bad-syntax", id="digits"),
        pytest.param("SELECT ('" + "x" * 90_000, 400, "bad-syntax", id="a string without end"),
    ],
)
def test_a_long_text_that_is_no_query_is_a_problem(
    client: TestClient, problem: Problem, query: str, status: int, name: str
) -> None:
    started = time.process_time()
    response = client.post("/sparql", data={"query": query})
    assert time.process_time() - started < 2
    problem(response, status, name)


def test_a_syntax_error_names_line_and_column(client: TestClient, problem: Problem) -> None:
    document = problem(ask(client, "SELECT ?x {\n  ?x ?y ; }"), 400, "bad-syntax")
    assert document["line"] == 2
    assert document["column"] > 1


@pytest.mark.parametrize(
    ("content_type", "body", "status", "name"),
    [
        ("application/sparql-query", b"ASK {} # \xff", 400, "bad-syntax"),
        ("application/x-www-form-urlencoded", b"query=ASK+%7B%7D+%23+%ff", 400, "bad-syntax"),
        ("application/x-www-form-urlencoded", b"query=ASK \xff", 400, "bad-syntax"),
        ("application/x-www-form-urlencoded", b"x=y&" * 2_000, 413, "too-large"),
        ("application/sparql-update", b"DROP ALL", 403, "forbidden-query"),
        ("application/sparql-query", b"", 400, "bad-syntax"),
        ("application/json", b'{"query": "ASK {}"}', 415, "unsupported-media-type"),
        ("text/plain", b"ASK {}", 415, "unsupported-media-type"),
        ("", b"ASK {}", 415, "unsupported-media-type"),
        ("", b"", 415, "unsupported-media-type"),
    ],
)
def test_a_body_that_is_no_query_is_a_problem(
    client: TestClient, problem: Problem, content_type: str, body: bytes, status: int, name: str
) -> None:
    headers = {"content-type": content_type} if content_type else {}
    problem(client.post("/sparql", content=body, headers=headers), status, name)


def test_bad_utf8_in_the_url_is_refused(client: TestClient, problem: Problem) -> None:
    problem(client.get("/sparql?query=ASK%20%7B%7D%23%ff"), 400, "bad-syntax")


def test_a_query_in_url_and_body_is_two_queries(client: TestClient, problem: Problem) -> None:
    response = client.post(
        "/sparql",
        params={"query": ASK},
        content=ASK,
        headers={"content-type": "application/sparql-query"},
    )
    problem(response, 400, "bad-parameter")


@pytest.fixture
def listener() -> Iterator[tuple[int, list[str]]]:
    """A port of this machine, and who called it."""
    callers: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    connection, address = server.accept()
                except OSError:
                    return
                callers.append(str(address))
                connection.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield server.getsockname()[1], callers
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


CALLS = [
    "SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICESILENT<{url}>{{}} }}",
    "SELECT * {{ BIND(<{url}> AS ?u) SERVICE ?u {{ ?s ?p ?o }} }}",
    "PREFIX x: <{url}> SELECT * {{ service x: {{ }} }}",
    "SELECT * {{ {{ SELECT * {{ # comment\n sErViCe\n<{url}> {{ ?s ?p ?o }} }} }} }}",
    "LOAD <{url}>",
    "LOAD SILENT <{url}> INTO GRAPH <x:y>",
    "ASK {{}} ; LOAD <{url}>",
]


@pytest.mark.parametrize("query", CALLS)
def test_no_query_calls_out(
    client: TestClient, problem: Problem, listener: tuple[int, list[str]], query: str
) -> None:
    port, callers = listener
    text = query.format(url=f"http://127.0.0.1:{port}/sparql")
    for response in (
        ask(client, text),
        client.post("/sparql", content=text, headers={"content-type": "application/sparql-query"}),
        client.post("/sparql", data={"query": text}),
    ):
        document = problem(response, 403, "forbidden-query")
        assert document["line"] >= 1
    assert callers == []


def test_words_that_only_look_like_calls_are_no_calls(client: TestClient) -> None:
    query = "SELECT ?service { BIND('SERVICE <http://x/> {}' AS ?service) # LOAD <x>\n}"
    assert bindings(ask(client, query)) == [{"service": "SERVICE <http://x/> {}"}]


def test_from_does_not_fetch(client: TestClient, listener: tuple[int, list[str]]) -> None:
    port, callers = listener
    query = COUNT.replace("{", f"FROM <http://127.0.0.1:{port}/data> {{", 1)
    assert count(ask(client, query)) == 0
    assert callers == []


def test_an_open_answer_never_leaves_its_thread(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    unraisable: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", unraisable.append)
    for query, accept in [
        (SELECT, "image/png"),
        (CONSTRUCT, "image/png"),
        ("SELECT (tvf:nothing(?s) AS ?x) { ?s ?p ?o }", JSON),
        ("CONSTRUCT { ?s ?p ?x } { ?s ?p ?o BIND(tvf:nothing(?s) AS ?x) }", "text/turtle"),
        ("SELECT ?s { ?s ?p ?o }", "text/html"),
    ] * 5:
        ask(client, query, accept)
    gc.collect()
    assert unraisable == []
