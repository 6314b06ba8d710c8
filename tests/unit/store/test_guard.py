"""The guard: what it refuses, what fools it not, and that nothing it lets through calls out."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pyoxigraph import NamedNode, Quad

from kg.errors import BadInput, BadSyntax, ForbiddenQuery, TooLarge
from kg.store.guard import MAX_CHARACTERS, MAX_DEPTH, MAX_TOKENS, check_query
from kg.store.memory import MemoryStore

# {0} is an address that must never be called.
CALLS = {
    "plain": "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "small letters": "select * {{ service <{0}> {{ ?s ?p ?o }} }}",
    "silent": "SELECT * {{ SERVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
    "glued to silent": "SELECT * {{ SERVICESILENT<{0}>{{ ?s ?p ?o }} }}",
    "glued to a name": "PREFIX ex: <{0}> SELECT * {{ SERVICEex:a {{ ?s ?p ?o }} }}",
    "glued, silent, to a name": "PREFIX ex: <{0}> SELECT * {{ SERVICESILENTex:a {{ ?s ?p ?o }} }}",
    "glued to a name with a comment": "PREFIX ex: <{0}> SELECT * {{ SERVICEex:a # {{\n {{ ?s ?p ?o }} }}",
    "glued to a name that is a prefix too": (
        "PREFIX ex: <{0}> PREFIX SERVICEex: <u:z> SELECT * {{ ?s ?p ?o SERVICEex:a {{ ?s ?p ?o }} }}"
    ),
    "glued to the empty prefix": "PREFIX : <{0}> SELECT * {{ SERVICE:a {{ ?s ?p ?o }} }}",
    "glued to a number": "SELECT * {{ ?s ?p 1SERVICE<{0}>{{ ?s ?p ?o }} }}",
    "glued to a boolean": "SELECT * {{ ?s ?p trueSERVICE<{0}>{{ ?s ?p ?o }} }}",
    "of a variable": "SELECT * {{ VALUES ?x {{ <{0}> }} SERVICE ?x {{ ?s ?p ?o }} }}",
    "in an exists": "SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
    "in a sub-select": "SELECT * {{ {{ SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }} }}",
    "after a comment that a CR ends": "SELECT * {{ # comment\r SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "after an escaped quote": "SELECT * {{ ?s ?p 'a\\'' . SERVICE <{0}> {{ ?s ?p ?o }} #'\n }}",
    "after four quotes": "SELECT * {{ ?s ?p ''''a''' . SERVICE <{0}> {{ ?s ?p ?o }} #'\n }}",
    "after an IRI with an escape": ("SELECT * {{ ?s <u:\\u0062'x> ?o . SERVICE <{0}> {{ ?s ?p ?o }} #'\n }}"),
    "after a name with an escaped quote": (
        "PREFIX ex: <u:x> SELECT * {{ ?s ?p ex:a\\' . SERVICE <{0}> {{ ?s ?p ?o }} #'\n }}"
    ),
    "after less-than, hidden by an apostrophe": (
        "SELECT * {{ ?s ?p ?o FILTER(?o<'x>') SERVICE <{0}> {{ ?s ?p ?o }} #'\n }}"
    ),
    "after less-than, hidden by a hash": (
        "SELECT * {{ ?s ?p ?o FILTER(?o<?p#>'''\n) SERVICE <{0}> {{ ?s ?p ?o }} #'''\n }}"
    ),
    "after less-than, hidden by a bracket": (
        "SELECT * {{ ?s ?p ?o FILTER(?o<(?p>0) && ?o<'x>') SERVICE <{0}> {{ ?s ?p ?o }} #'\n }}"
    ),
    "spelt with an escape": "SELECT * {{ \\u0053ERVICE <{0}> {{ ?s ?p ?o }} }}",
    "behind an escaped quote": "SELECT * {{ ?s ?p '\\u0027 SERVICE <{0}> {{ ?s ?p ?o }} #'\n }}",
}


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[str]]]:
    """The address of a server, and the paths asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_GET = do_POST  # noqa: N815 - the name that the base class looks for

        def log_message(self, *arguments: object) -> None:
            """Nothing is written."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", CALLS)
def test_no_query_calls_out(name: str, listener: tuple[str, list[str]]) -> None:
    address, asked = listener
    store = MemoryStore()
    store.load([Quad(NamedNode("u:s"), NamedNode("u:p"), NamedNode("u:o"), NamedNode("u:g"))])
    with pytest.raises(BadInput):
        list(store.query(CALLS[name].format(address)))  # type: ignore[arg-type]
    assert not asked


@pytest.mark.parametrize("name", CALLS)
def test_a_call_is_refused_before_the_engine_sees_it(name: str) -> None:
    with pytest.raises((ForbiddenQuery, BadSyntax)):
        check_query(CALLS[name].format("http://localhost/"))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p 'SERVICE' }",
        'SELECT * { ?s ?p """ SERVICE <u:x> { "" LOAD """ }',
        "SELECT * { ?s ?p ?o } # SERVICE LOAD INSERT",
        "SELECT ?service ?load { ?service ?load $insert }",
        "PREFIX ex: <u:> SELECT * { ex:service ex:LOAD ex:INSERT }",
        "PREFIX service: <u:> SELECT * { service:a service:b ?o . ?s ?p service:c }",
        "PREFIX service: <u:> SELECT * { GRAPH service:g { ?s ?p ?o } }",
        "SELECT * { ?s <http://x/SERVICE#LOAD> ?o }",
        "SELECT * { ?s ?p 'x'@en-service }",
        "SELECT * { ?s ?p _:service . _:service ?p 1 }",
        "SELECT * { VALUES (?a ?b) { (<#SERVICE> <#b>) (<x#a> <x#b>) } }",
        "SELECT * { ?s ?p ?o FILTER(?o < 5 && ?o<6 && 'it''s' != '') }",
        "SELECT * { ?s ?p ?o FILTER(?o<5&&7>6) }",
        "SELECT * { ?s ?p 'it\\u0027s', '\\'', '' , '''a'b''c''' }",
        "SELECT * { ?s <http://x.org/A_(b)#c'd> ?o FILTER(?o IN (<http://x/a#b>, <http://x/(c)>)) }",
    ],
)
def test_words_that_are_no_keywords_pass(text: str) -> None:
    check_query(text)


@pytest.mark.parametrize(
    "keyword", ["INSERT", "delete", "LOAD", "Clear", "DROP", "CREATE", "COPY", "MOVE", "ADD"]
)
def test_updates_are_refused_with_their_place(keyword: str) -> None:
    with pytest.raises(ForbiddenQuery) as caught:
        check_query(f"PREFIX ex: <u:>\n  {keyword} DATA {{ ex:a ex:b ex:c }}")
    assert (caught.value.keyword, caught.value.line, caught.value.column) == (keyword.upper(), 2, 3)


def test_service_passes_where_it_is_allowed_and_updates_still_do_not() -> None:
    check_query("SELECT * { SERVICE <u:x> {} }", allow_service=True)
    with pytest.raises(ForbiddenQuery):
        check_query("LOAD <u:x>", allow_service=True)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("x" * (MAX_CHARACTERS + 1), MAX_CHARACTERS),
        ("SELECT * " + "{" * (MAX_DEPTH + 1), MAX_DEPTH),
        ("SELECT * { ?s ?p " + "[ ?p " * MAX_DEPTH, MAX_DEPTH),
        ("SELECT * { " + "{} UNION " * MAX_TOKENS + "{} }", MAX_TOKENS),
        ("SELECT * { VALUES ?x { 1 {} UNION " + "{} UNION " * MAX_TOKENS + "{} } }", MAX_TOKENS),
    ],
    ids=["characters", "braces", "brackets", "tokens", "tokens that pose as data"],
)
def test_limits_are_named(text: str, limit: int) -> None:
    with pytest.raises(TooLarge) as caught:
        check_query(text)
    assert caught.value.limit == limit


def test_data_in_values_may_be_long() -> None:
    check_query("SELECT * { VALUES ?x { " + "1 " * 40_000 + "} }")
    check_query("SELECT * { VALUES (?x ?y) { " + "(<u:a> 'b'@en) " * 5_000 + "} }")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * " + "{" * 20_000,
        "a" * 10_000_000,
        "'" * 99_999,
        "'''" + "\\'" * 49_000,
        "<" * 99_999,
        "_:a." * 24_000,
        "a.b" * 33_000,
        "a-" * 49_000,
        "\u00e9." * 49_000,
        ":" + "." * 99_000,
        "?x<y" * 24_000,
        "\\u0027" * 16_000,
        "VALUES ?x { " + "1 " * 49_000,
    ],
    ids=range(13),
)
def test_hostile_text_is_answered_soon(text: str) -> None:
    began = time.process_time()
    try:
        check_query(text)
    except BadInput as error:
        assert len(str(error)) < 500
    # 50 ms on a quiet machine; the slack is for busy ones.
    assert time.process_time() - began < 0.5
