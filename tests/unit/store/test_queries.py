"""The one binder: terms into ``VALUES ?name { UNDEF }``."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from kg.errors import BadParameter
from kg.store.memory import MemoryStore
from kg.store.queries import Query, bind, read_query, read_query_file
from kg.store.results import Solutions

QUERY = Query(
    "test.rq",
    "# Which pairs are there? VALUES ?a { UNDEF } in a comment is none.\n"
    "SELECT ?a ?b {\n  VALUES ?a { UNDEF }\n  values ?b {UNDEF}\n"
    "  VALUES ?c { 1 UNDEF } BIND('VALUES ?d { UNDEF }' AS ?e)\n}",
)


def pairs(text: str) -> list[tuple[str, str]]:
    answer = MemoryStore().query(text)
    assert isinstance(answer, Solutions)
    found = {(str(row.get("a", "")), str(row.get("b", ""))) for row in answer}
    return sorted(found)


def test_a_query_runs_by_itself_and_says_its_question() -> None:
    assert pairs(QUERY.text) == [("", "")]
    assert QUERY.question == "Which pairs are there? VALUES ?a { UNDEF } in a comment is none."
    assert Query("x.rq", "SELECT * {}").question == ""


def test_each_parameter_takes_its_own_term() -> None:
    text = bind(QUERY, b=Literal("x"), a=NamedNode("u:a"))
    assert pairs(text) == [("<u:a>", '"x"')]
    assert pairs(bind(QUERY, b=Literal(7))) == [("", '"7"^^<http://www.w3.org/2001/XMLSchema#integer>')]


def test_several_terms_are_alternatives_in_order_and_none_asks_for_nothing() -> None:
    text = bind(QUERY, a=[NamedNode("u:b"), NamedNode("u:a")])
    assert "VALUES ?a { <u:a> <u:b> }" in text
    assert pairs(text) == [("<u:a>", ""), ("<u:b>", "")]
    assert pairs(bind(QUERY, a=())) == []


@pytest.mark.parametrize("value", ['"} SERVICE <u:x> {} #', "a\\", "a\nb", "'''", "\t\r", "} UNDEF {"])
def test_no_literal_gets_out_of_its_place(value: str) -> None:
    answer = MemoryStore().query(bind(QUERY, a=Literal(value)))
    assert isinstance(answer, Solutions)
    assert [row["a"] for row in answer] == [Literal(value)] * 2


@pytest.mark.parametrize("name", ["c", "d", "nothing"])
def test_an_unknown_parameter_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(BadParameter, match="a, b"):
        bind(QUERY, **{name: NamedNode("u:a")})


def test_queries_are_read_from_packages_and_files(tmp_path: Path) -> None:
    path = tmp_path / "one.rq"
    path.write_text("# Is there anything?\nASK {}")
    assert read_query_file(path) == Query("one.rq", "# Is there anything?\nASK {}")
    shipped = read_query("ontology/inference/labels.rq")
    assert shipped.question and shipped is read_query("ontology/inference/labels.rq")
    with pytest.raises(FileNotFoundError):
        read_query("ontology/inference/none.rq")
