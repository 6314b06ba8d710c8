"""What every store answers alike: each factory passes the whole suite, less what its capabilities exclude."""

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.errors import BadInput, BadParameter, BadSyntax, ForbiddenQuery, TooLarge
from kg.model.iri import Iri
from kg.rdf import formats
from kg.rdf.formats import GRAPH_FORMATS, SOLUTION_FORMATS
from kg.rdf.prefixes import Prefixes
from kg.services.knowledge import Knowledge
from kg.store.base import Store
from kg.store.disk import DiskStore, publish
from kg.store.embedded import LoadableStore
from kg.store.functions import ExtensionFunction
from kg.store.memory import MemoryStore
from kg.store.remote import RemoteStore
from kg.store.results import Boolean, Solutions, Triples
from tests.servers import oxigraph_server, put_quads, served

EX = "https://example.org/"
QUADS = f"""
@prefix ex: <{EX}> .
GRAPH ex:g1 {{ ex:a ex:p 1 ; ex:name "A"@en . }}
GRAPH ex:g2 {{ ex:b ex:p 2 ; ex:knows ex:a . }}
"""
Factory = Callable[[Mapping[str, ExtensionFunction]], Store]
PREFIXES = {"ex": EX}


def fill(store: LoadableStore) -> None:
    store.load(parse(QUADS, RdfFormat.TRIG))


def memory(functions: Mapping[str, ExtensionFunction]) -> Store:
    store = MemoryStore(functions, prefixes=PREFIXES)
    fill(store)
    return store


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store on disk with the quads."""
    folder = tmp_path_factory.mktemp("store")
    publish(folder, memory({}).version, fill)
    return folder


@pytest.fixture(scope="module")
def oxigraph() -> Iterator[str]:
    """Oxigraph's own server with the quads."""
    with oxigraph_server() as url:
        put_quads(url, QUADS)
        yield f"{url}/query"


@pytest.fixture(scope="module")
def trivium() -> Iterator[str]:
    """Our service with the quads."""
    with served(Knowledge(memory({}), base=Iri(EX), prefixes=Prefixes(PREFIXES))) as url:
        yield f"{url}/sparql"


@pytest.fixture(params=["memory", "disk", "oxigraph", "trivium"])
def factory(request: pytest.FixtureRequest) -> Factory:
    if request.param == "memory":
        return memory
    if request.param == "disk":
        path: Path = request.getfixturevalue("folder")
        return lambda functions: DiskStore(path, functions, prefixes=PREFIXES)
    url: str = request.getfixturevalue(request.param)
    return lambda _functions: RemoteStore(url, prefixes=PREFIXES)


@pytest.fixture
def store(factory: Factory) -> Store:
    return factory({})


def rows(store: Store, text: str, **dataset: tuple[str, ...]) -> list[dict[str, str]]:
    answer = store.query(
        text,
        default_graphs=dataset.get("default_graphs", ()),
        named_graphs=dataset.get("named_graphs", ()),
    )
    assert isinstance(answer, Solutions)
    return [{name: getattr(term, "value", str(term)) for name, term in row.items()} for row in answer]


def test_the_default_graph_is_the_union_of_the_named_ones(store: Store) -> None:
    assert rows(store, "SELECT ?o { ?s ex:p ?o } ORDER BY ?o") == [{"o": "1"}, {"o": "2"}]
    assert store.size == 4


@pytest.mark.parametrize(
    ("default_graphs", "named_graphs", "in_default", "in_named"),
    [
        ((), (), 2, 2),
        ((EX + "g1",), (), 1, 0),
        ((), (EX + "g2",), 0, 1),
        ((EX + "g1",), (EX + "g2",), 1, 1),
        ((EX + "g1", EX + "g2"), (), 2, 0),
        ((EX + "nothing",), (), 0, 0),
    ],
)
def test_the_dataset_of_the_request_is_what_is_queried(
    store: Store,
    default_graphs: tuple[str, ...],
    named_graphs: tuple[str, ...],
    in_default: int,
    in_named: int,
) -> None:
    given = {"default_graphs": default_graphs, "named_graphs": named_graphs}
    assert len(rows(store, "SELECT * { ?s ex:p ?o }", **given)) == in_default
    assert len(rows(store, "SELECT * { GRAPH ?g { ?s ex:p ?o } }", **given)) == in_named


@pytest.mark.parametrize(
    ("clause", "in_default", "in_named"),
    [
        ("FROM ex:g1", 1, 0),
        ("FROMex:g1", 1, 0),
        ("FROM NAMED ex:g2", 0, 1),
        ("from ex:g1 from named ex:g2", 1, 1),
    ],
)
def test_the_dataset_of_the_query_goes_before_the_union(
    store: Store, clause: str, in_default: int, in_named: int
) -> None:
    assert len(rows(store, f"SELECT * {clause} {{ ?s ex:p ?o }}")) == in_default
    assert len(rows(store, f"SELECT * {clause} {{ GRAPH ?g {{ ?s ex:p ?o }} }}")) == in_named


def test_the_dataset_of_the_request_goes_before_that_of_the_query(store: Store) -> None:
    found = rows(store, "SELECT ?o FROM ex:g1 { ?s ex:p ?o }", default_graphs=(EX + "g2",))
    assert found == [{"o": "2"}]


def test_the_word_from_elsewhere_is_no_dataset_clause(store: Store) -> None:
    assert len(rows(store, "SELECT * { ?s ex:p ?from FILTER('FROM' != '') } # FROM ex:g1")) == 2


def test_a_graph_that_is_no_iri_is_refused(store: Store) -> None:
    with pytest.raises(BadParameter, match="cannot be 'g1'"):
        store.query("ASK {}", default_graphs=("g1",))


def test_rows_hold_only_what_is_bound(store: Store) -> None:
    answer = store.query("SELECT ?s ?n { ?s ex:p ?o OPTIONAL { ?s ex:name ?n } } ORDER BY ?o")
    assert isinstance(answer, Solutions)
    assert answer.variables == ("s", "n")
    first, second = answer
    assert dict(first) == {"s": NamedNode(EX + "a"), "n": Literal("A", language="en")}
    assert (list(second), len(second), second.get("n"), "n" in second) == (["s"], 1, None, False)
    with pytest.raises(KeyError):
        second["n"]


def test_solutions_are_written_in_every_format(store: Store) -> None:
    text = "SELECT ?s ?o { ?s ex:p ?o } ORDER BY ?o"
    written = {form.name: store.query(text).serialize(form).decode() for form in SOLUTION_FORMATS}
    assert json.loads(written["json"])["results"]["bindings"][0]["s"] == {"type": "uri", "value": EX + "a"}
    assert written["csv"].splitlines() == ["s,o", f"{EX}a,1", f"{EX}b,2"]
    assert written["tsv"].splitlines() == ["?s\t?o", f"<{EX}a>\t1", f"<{EX}b>\t2"]
    assert written["xml"].startswith("<?xml") and f"<uri>{EX}a</uri>" in written["xml"]


def test_an_ask_is_a_boolean(store: Store) -> None:
    answer = store.query("ASK { ex:b ex:knows ex:a }")
    assert isinstance(answer, Boolean)
    assert answer.value and bool(answer) and answer.warnings == ()
    assert json.loads(answer.serialize(formats.JSON)) == {"head": {}, "boolean": True}
    assert not store.query("ASK { ex:a ex:knows ex:b }")


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.name)
def test_graphs_are_written_the_same_each_time_and_read_back(store: Store, form: formats.Format) -> None:
    text = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    first, second = (store.query(text).serialize(form) for _ in range(2))
    assert first == second
    reader = RdfFormat.from_media_type(form.media_type)
    assert reader is not None
    read = {quad.triple for quad in parse(first, reader)}
    assert read == {quad.triple for quad in parse(QUADS, RdfFormat.TRIG)}


def test_a_graph_is_written_with_the_prefixes_in_use(store: Store) -> None:
    text = store.query("DESCRIBE ex:b").serialize(formats.TURTLE).decode()
    assert text.startswith(f"@prefix ex: <{EX}> .\n") and "ex:b ex:knows ex:a" in text
    assert (
        store.query("CONSTRUCT { <u:x> <u:y> <u:z> } {}").serialize(formats.TURTLE)
        == b"<u:x> <u:y> <u:z> .\n"
    )


def test_an_empty_graph_is_an_empty_document(store: Store) -> None:
    answer = store.query("CONSTRUCT WHERE { ?s ex:no ?o }")
    assert isinstance(answer, Triples)
    assert answer.serialize(formats.NTRIPLES) == b""


@pytest.mark.parametrize(
    ("text", "form"),
    [("SELECT * {}", formats.TURTLE), ("ASK {}", formats.JSONLD), ("DESCRIBE ex:a", formats.CSV)],
)
def test_a_format_that_cannot_hold_the_answer_is_refused(
    store: Store, text: str, form: formats.Format
) -> None:
    with pytest.raises(BadParameter, match="format"):
        store.query(text).serialize(form)


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("SELECT * { ?s foo:x ?o }", 1, 15, "prefix foo: is not declared"),
        ("SELECT *\n{ ?s exx:x ?o }", 2, 6, "did you mean ex:"),
        ("SELECT * { ?s ?p", 1, 17, "'{' of line 1, column 10 is never closed"),
        ("SELECT * { ?s ?p ?o }}", 1, 22, "closes nothing"),
        ("SELECT * {\n ?s ?p ?o ?x }", 2, 14, "unexpected '}'"),
        ("", 1, 1, "ends too early"),
        ("SELECT * { <x> ?p ?o }", 1, 12, "a relative IRI has no base"),
        ("SELECT ?x { ?s ?p ?o } GROUP BY ?s", 1, 35, "a variable that the query does not give"),
        ("SELECT (1 AS ?x) (2 AS ?x) {}", 1, 30, "one variable twice"),
        ("SELECT * { ?s ?p 'open }", 1, 18, "never ends"),
        ("SELECT * { ?s ?p '\ud800' }", 1, 19, "surrogate"),
    ],
)
def test_bad_syntax_says_where_and_what(store: Store, text: str, line: int, column: int, says: str) -> None:
    with pytest.raises(BadSyntax, match="SPARQL") as caught:
        store.query(text)
    assert says in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_relative_iri_resolves_against_the_base(store: Store) -> None:
    answer = store.query("ASK { <b> <knows> <a> }", base_iri=EX)
    assert bool(answer)
    assert bool(store.query(f"BASE <{EX}> ASK {{ <b> <knows> <a> }}"))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (<https://example.org/f>(1) AS ?x) {}",
        "SELECT * { ?s ex:p ?o FILTER(ex:f(?o)) }",
        "CONSTRUCT { ?s ex:p ?x } { ?s ex:p ?o BIND(ex:f(?o) AS ?x) }",
        "ASK { ?s ex:p ?o FILTER(ex:f(?o)) }",
    ],
)
def test_an_unknown_function_is_named(factory: Factory, text: str) -> None:
    store = factory({EX + "ff": lambda term: term})
    near = ".*did you mean <https://example.org/ff>" if store.capabilities.functions else ""
    with pytest.raises(BadInput, match=rf"no function <https://example\.org/f> {near}"):
        store.query(text).serialize(formats.TURTLE if text.startswith("C") else formats.JSON)
    with pytest.raises(BadInput, match="no function"):
        list(store.query(text))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }", ForbiddenQuery),
        ("INSERT DATA { <u:a> <u:b> <u:c> }", ForbiddenQuery),
        ("LOAD <https://example.org/>", ForbiddenQuery),
        ("SELECT * " + "{" * 20_000 + "}" * 20_000, TooLarge),
        ("SELECT (" + "(" * 20_000 + "1" + ")" * 20_000 + " AS ?x) {}", TooLarge),
        ("SELECT (" + "1+" * 40_000 + "1 AS ?x) {}", TooLarge),
        ("#" * 10_000_000, TooLarge),
    ],
)
def test_what_the_guard_refuses_never_reaches_the_engine(
    store: Store, text: str, error: type[BadInput]
) -> None:
    with pytest.raises(error):
        store.query(text)
    assert store.size == 4


def test_functions_run_inside_a_query(factory: Factory) -> None:
    store = factory({EX + "twice": lambda term: Literal(2 * int(term.value))})
    if not store.capabilities.functions:
        return
    answer = store.query("SELECT ?x { ?s ex:p ?o BIND(ex:twice(?o) AS ?x) } ORDER BY ?o")
    assert isinstance(answer, Solutions)
    assert [row["x"] for row in answer] == [Literal(2), Literal(4)]
    assert answer.warnings == ()


def test_failed_calls_leave_their_variable_unbound_and_say_why(factory: Factory) -> None:
    def fail(term: Literal) -> Literal:
        raise BadParameter("o", term.value, "something else")

    store = factory({EX + "fail": fail})
    if not store.capabilities.functions:
        return
    answer = store.query("SELECT ?x { VALUES ?o { 1 2 2 } BIND(ex:fail(?o) AS ?x) }")
    assert json.loads(answer.serialize(formats.JSON))["results"]["bindings"] == [{}, {}, {}]
    assert len(answer.warnings) == 3
    assert "fail: parameter 'o' cannot be '1'" in answer.warnings[0]
    assert answer.warnings[-1] == "3 calls failed in all"


def test_queries_in_threads_keep_their_warnings_apart(factory: Factory) -> None:
    def fail(term: Literal) -> None:
        raise BadParameter("x", term.value, "nothing")

    store = factory({EX + "fail": fail})
    if not store.capabilities.functions:
        return

    def ask(number: int) -> tuple[str, ...]:
        answer = store.query(f"SELECT ?x {{ VALUES ?o {{ {number} }} BIND(ex:fail(?o) AS ?x) }}")
        answer.serialize(formats.JSON)
        return answer.warnings

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(200)))
    assert [len(each) for each in found] == [1] * 200
    assert all(f"'{number}'" in each[0] for number, each in enumerate(found))


def test_the_version_follows_the_content(factory: Factory) -> None:
    one, other = factory({}), factory({})
    assert one.version == other.version
    assert len(one.version) == 64


def test_a_store_in_memory_has_another_version_when_its_content_differs() -> None:
    store = MemoryStore()
    store.load([Quad(NamedNode("u:s"), NamedNode("u:p"), NamedNode("u:o"), NamedNode("u:g"))])
    assert store.version != MemoryStore().version


QUESTIONS = (
    "SELECT ?s ?o ?n { ?s ex:p ?o OPTIONAL { ?s ex:name ?n } } ORDER BY ?o",
    "SELECT (COUNT(*) AS ?n) (SUM(?o) AS ?total) { ?s ex:p ?o }",
    "SELECT ?s FROM ex:g2 { ?s ?p ?o } ORDER BY ?s ?o",
    "ASK { ex:b ex:knows+ ex:a }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "DESCRIBE ex:a",
)


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_same_question_has_the_same_bytes_in_every_store(store: Store, text: str) -> None:
    for form in GRAPH_FORMATS if text[0] in "CD" else SOLUTION_FORMATS:
        assert store.query(text).serialize(form) == memory({}).query(text).serialize(form), form.name
