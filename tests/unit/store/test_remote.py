"""The remote store at the edge of the network: what servers do wrong is named, in bounded time and space."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from time import monotonic

import pytest

from kg.errors import BadInput, TooLarge, TriviumError, Unavailable
from kg.rdf import formats
from kg.store.remote import RemoteStore

JSON = "application/sparql-results+json"
ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"u:1"}}]}}'
EVALUATE = "https://w3id.org/trivium/function#evaluate"


def answer(body: bytes, *, media_type: str = JSON, status: str = "200 OK", more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


@contextmanager
def server(*chunks: bytes, then_wait: bool = False) -> Iterator[str]:
    """Says these bytes to whoever comes, whatever it asks; then closes, or holds the connection until the end."""
    listening = socket.create_server(("127.0.0.1", 0))
    connections = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            connections.append(connection)
            connection.recv(65_536)
            for chunk in chunks:
                connection.sendall(chunk)
            if not then_wait:
                connection.shutdown(socket.SHUT_WR)

    thread = Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/sparql"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()
        for connection in connections:
            connection.close()


def ask(url: str, text: str = "SELECT ?s { ?s ?p ?o }", **options: float) -> bytes:
    store = RemoteStore(url, elsewhere={EVALUATE: "ask /formulas/{slug}/evaluate"}, **options)  # type: ignore[arg-type]
    return store.query(text).serialize(formats.JSON)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (ROWS, JSON),
        (ROWS, JSON + "; charset=utf-8"),
        (ROWS, "application/json"),
        (b"?s\n<u:1>\n", "text/tab-separated-values"),
        (
            b'<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="s"/>'
            b'</head><results><result><binding name="s"><uri>u:1</uri></binding></result></results></sparql>',
            "application/sparql-results+xml",
        ),
    ],
)
def test_solutions_are_read_from_every_format_that_servers_write(body: bytes, media_type: str) -> None:
    with server(answer(body, media_type=media_type)) as url:
        assert ask(url) == ROWS


def test_typed_literals_of_older_servers_are_literals() -> None:
    number = '{"type":"typed-literal","datatype":"http://www.w3.org/2001/XMLSchema#integer","value":"1"}'
    body = f'{{"head":{{"vars":["s"]}},"results":{{"bindings":[{{"s":{number}}}]}}}}'
    with server(answer(body.encode())) as url:
        assert b'{"type":"literal","value":"1",' in ask(url)


@pytest.mark.parametrize(
    ("said", "error", "says"),
    [
        (answer(ROWS)[:-10], Unavailable, "peer closed"),
        (
            b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + ROWS[:-10],
            Unavailable,
            "cut or malformed",
        ),
        (answer(ROWS[:-10]), Unavailable, "cut or malformed"),
        (answer(b""), Unavailable, "cut or malformed"),
        (answer(b"<html></html>", media_type="text/html"), Unavailable, "it answered in text/html"),
        (answer(ROWS, media_type=""), Unavailable, "it answered in no media type"),
        (
            answer(b"<!DOCTYPE x [<!ENTITY a 'aa'>]><rdf/>", media_type="application/rdf+xml"),
            Unavailable,
            "it answered in application/rdf\\+xml",
        ),
        (answer(b"no such\n graph", status="400 Bad"), BadInput, "refused the query: no such graph$"),
        (answer(b"", status="400 Bad"), BadInput, "it does not say why"),
        (
            answer(b'{"detail": "off"}', status="400 Bad", media_type="application/problem+json"),
            BadInput,
            "refused the query: off$",
        ),
        (answer(b"[]", status="400 Bad", media_type="application/problem+json"), BadInput, r"query: \[\]$"),
        (answer(b"", status="503 Busy"), Unavailable, "overloaded"),
        (answer(b"who?", status="401 No"), Unavailable, "status 401: who\\?"),
        (answer(b"", status="204 Nothing"), Unavailable, "status 204"),
        (
            answer(b"", status="307 There", more="Location: https://other.example/\r\n"),
            Unavailable,
            "redirects and .* give the address 'https://other.example/' if you trust it",
        ),
        (b"SSH-2.0-OpenSSH\r\n", Unavailable, "is not available here"),
        (b"", Unavailable, "is not available here"),
    ],
)
def test_what_a_server_does_wrong_is_named(said: bytes, error: type[TriviumError], says: str) -> None:
    with server(said) as url, pytest.raises(error, match=says):
        ask(url)


def test_a_graph_that_is_cut_is_no_graph() -> None:
    with server(answer(b"<u:a> <u:b> <u:c> . <u:a> <u:b", media_type="text/turtle")) as url:
        answered = RemoteStore(url).query("CONSTRUCT WHERE { ?s ?p ?o }")
        with pytest.raises(Unavailable, match="cut or malformed"):
            answered.serialize(formats.NTRIPLES)


def test_a_server_that_says_nothing_is_left_in_time() -> None:
    start = monotonic()
    with server(then_wait=True) as url, pytest.raises(Unavailable, match=r"no answer in 0\.2 s"):
        ask(url, timeout_s=0.2)
    assert monotonic() - start < 10


def test_a_body_that_never_ends_is_left_at_its_size() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n"
    with server(head, b" " * 5_000, then_wait=True) as url:
        with pytest.raises(TooLarge, match=r"the answer of http.* in bytes"):
            ask(url, max_bytes=1_000)
        with pytest.raises(Unavailable, match=r"no answer in 0\.2 s|not complete in 0\.2 s"):
            ask(url, timeout_s=0.2)


def test_where_nobody_listens_the_address_is_named() -> None:
    with server() as url:
        pass
    with pytest.raises(Unavailable, match=f"the SPARQL service {url} "):
        ask(url)


def test_a_password_never_shows() -> None:
    store = RemoteStore("http://me:secret@127.0.0.1:1/sparql")
    with pytest.raises(Unavailable) as caught:
        store.query("ASK {}")
    assert "127.0.0.1:1/sparql" in str(caught.value) and "secret" not in repr(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT (<{EVALUATE}>(1) AS ?x) {{}}",
        "PREFIX f: <https://w3id.org/trivium/function#> SELECT (f:evaluate(1) AS ?x) {}",
        "BASE <https://w3id.org/trivium/> SELECT (<function#evaluate>(1) AS ?x) {}",
    ],
)
def test_a_function_of_trivium_names_what_to_ask_instead(text: str) -> None:
    with pytest.raises(
        Unavailable, match=r"function#evaluate> in a query to .* ask /formulas/\{slug\}/evaluate"
    ):
        ask("http://127.0.0.1:1/", text)
