"""The canonical writer: its spelling, and that nothing is lost or changed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
    serialize,
)

from kg.errors import BadSyntax
from kg.rdf.turtle import format_turtle, main

PREFIXES = """\
@prefix ex: <http://e/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def body(text: str) -> str:
    """What the writer makes of a document, less its head."""
    return format_turtle(PREFIXES + text, path="test.ttl").rpartition("@prefix")[2].partition("\n\n")[2]


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        (
            'ex:b ex:z 1 ; ex:y 2 ; skos:definition "D"@en ; skos:prefLabel "L"@en ; a ex:C .\n'
            "ex:a ex:p ex:b .",
            "ex:a ex:p ex:b .\n\n"
            "ex:b a ex:C ;\n"
            '    skos:prefLabel "L"@en ;\n'
            '    skos:definition "D"@en ;\n'
            "    ex:y 2 ;\n"
            "    ex:z 1 .\n",
        ),
        ("ex:b a ex:C ; ex:p 1 .\nex:a a ex:C .", "ex:a a ex:C .\nex:b a ex:C ; ex:p 1 .\n"),
        (
            "ex:a-b a ex:C . <http://e/a#p> a ex:C . ex:a a ex:C .",
            "ex:a a ex:C .\nex:a\\#p a ex:C .\nex:a-b a ex:C .\n",
        ),
        (
            "ex:a ex:p " + ", ".join(f"ex:object-{number}" for number in range(12)) + " .",
            "ex:a\n    ex:p\n        "
            + " ,\n        ".join(f"ex:object-{number}" for number in (0, 1, 10, 11, *range(2, 10)))
            + " .\n",
        ),
        (
            "ex:a ex:p 1, 1.50, 1e3, 007, true, 'x', 'y'@en .",
            'ex:a ex:p 007 , 1 , 1.50 , 1e3 , true , "x" , "y"@en .\n',
        ),
        ('ex:a ex:p "5"^^xsd:integer, "2020"^^xsd:gYear .', 'ex:a ex:p "2020"^^xsd:gYear , 5 .\n'),
        ('ex:a ex:p "a\\"b\\\\c\\td" .', 'ex:a ex:p "a\\"b\\\\c\\td" .\n'),
        ('ex:a ex:p "one\\ntwo \\"\\"\\" \\"" .', 'ex:a\n    ex:p """one\ntwo \\"\\"\\" \\"""" .\n'),
        ("ex:a ex:p ( 1 ex:b ) , () .", "ex:a ex:p () , ( 1 ex:b ) .\n"),
        ("ex:a ex:p [ ex:q 1 ; a ex:C ] .", "ex:a ex:p [ a ex:C ; ex:q 1 ] .\n"),
        ("ex:a ex:p _:x . ex:b ex:p _:x .", "ex:a ex:p _:b1 .\nex:b ex:p _:b1 .\n"),
        ("ex:a ex:p <http://e/x/y> , <http://other/> .", "ex:a ex:p <http://e/x/y> , <http://other/> .\n"),
    ],
    ids=[
        "label and definition first",
        "small ones beneath each other",
        "parts after their owner",
        "long lists",
        "bare literals keep their spelling",
        "typed literals",
        "escapes",
        "lines",
        "collections",
        "in brackets",
        "shared blank nodes",
        "no prefix",
    ],
)
def test_a_document_is_written_one_way(given_text: str, expected: str) -> None:
    assert body(given_text) == expected


def test_the_head_keeps_comments_base_and_the_prefixes_in_use() -> None:
    head = "# What this is.\n@prefix ex: <http://e/> .\n@base <http://e/id/> .\n"
    text = head + "# More.\n@prefix no: <http://n/> .\n<x> a ex:C ."
    assert format_turtle(text, path="") == (
        "# What this is.\n# More.\n\n@base <http://e/id/> .\n@prefix ex: <http://e/> .\n\n<x> a ex:C .\n"
    )


@pytest.mark.parametrize(
    ("base", "iri", "written"),
    [
        ("http://e/id/", "http://e/id/x", "<x>"),
        ("http://e/id/", "http://e/id/x#p", "<x#p>"),
        ("http://e/id/", "http://e/id/", "<>"),
        ("http://e/doc", "http://e/doc#p", "<#p>"),
        ("http://e/id/", "http://e/id/a:b", "<http://e/id/a:b>"),
        ("http://e/id/", "http://e/id//x", "<http://e/id//x>"),
        ("http://e/id/", "http://e/id/../x", "<http://e/id/../x>"),
        ("http://e/id/", "http://e/other", "<http://e/other>"),
    ],
)
def test_iris_are_relative_only_where_they_resolve_back(base: str, iri: str, written: str) -> None:
    text = format_turtle(f"@base <{base}> .\n<{iri}> a <http://c/C> .", path="")
    assert f"{written} a <http://c/C> ." in text
    assert [quad.subject for quad in parse(text, RdfFormat.TURTLE)] == [NamedNode(iri)]


def test_a_comment_past_the_head_is_refused_rather_than_lost() -> None:
    with pytest.raises(BadSyntax, match="would be lost") as caught:
        format_turtle(PREFIXES + "ex:a a ex:C . # why\nex:b a ex:C .", path="x.ttl")
    assert (caught.value.line, caught.value.column) == (4, 15)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("ex:a a ex:B .", 1, "prefix ex: is not declared"),
        ("@prefix ex: <http://e/> .\nex:a ex:p .", 2, "."),
        (b"\xff", 1, "no UTF-8"),
    ],
)
def test_bad_turtle_names_file_and_line(text: str | bytes, line: int, says: str) -> None:
    with pytest.raises(BadSyntax, match=r"Turtle file bad\.ttl") as caught:
        format_turtle(text, path="bad.ttl")
    assert caught.value.line == line
    assert says in str(caught.value)


LITERALS = st.builds(Literal, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
IRIS = st.sampled_from([NamedNode(f"http://e/{name}") for name in ("a", "b-1", "x#y", "x/z", "é", "a%20b")])


@given(st.lists(st.builds(Quad, IRIS, IRIS, LITERALS | IRIS), max_size=8))
def test_writing_loses_nothing_and_writing_again_changes_nothing(quads: list[Quad]) -> None:
    source = serialize(quads, format=RdfFormat.TURTLE, prefixes={"ex": "http://e/"}) or b""
    written = format_turtle(source, path="")
    assert set(parse(written, RdfFormat.TURTLE)) == set(quads)
    assert format_turtle(written, path="") == written


def test_blank_nodes_come_back_isomorphic() -> None:
    text = PREFIXES + "_:a ex:p _:b . _:b ex:p _:a . [] ex:p [ ex:q ( 1 [ ex:r _:a ] ) ] ."
    written = format_turtle(text, path="")
    before, after = (Dataset(parse(each, RdfFormat.TURTLE)) for each in (text, written))
    before.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    after.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    assert before == after
    assert format_turtle(written, path="") == written


def test_the_command_rewrites_files_and_reports_those_it_cannot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.ttl", tmp_path / "bad.ttl"
    good.write_text(PREFIXES + "ex:b a ex:C . ex:a a ex:C .")
    bad.write_text("ex:a a")
    assert main([str(good), str(bad)]) == 1
    assert "bad.ttl" in capsys.readouterr().err
    assert good.read_text().endswith("ex:a a ex:C .\nex:b a ex:C .\n")
    assert main([str(good)]) == 0
    assert not capsys.readouterr().err
