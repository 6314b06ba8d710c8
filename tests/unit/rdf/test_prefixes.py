"""Prefixes: CURIE ⇄ IRI."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ontology
from kg.errors import BadParameter, BadSyntax, InvalidData
from kg.rdf.prefixes import Prefixes

SHIPPED = Prefixes.read(ontology.root() / "prefixes.ttl")


def test_the_shipped_table_has_the_prefixes_of_the_ontology() -> None:
    assert SHIPPED.namespaces["tv"] == "https://w3id.org/trivium/ontology#"
    assert SHIPPED.namespaces["topic"] == "https://w3id.org/trivium/id/topic/"
    assert list(SHIPPED.namespaces) == sorted(SHIPPED.namespaces)


@given(
    prefix=st.sampled_from(sorted(SHIPPED.namespaces)),
    local=st.from_regex(re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII), fullmatch=True),
)
def test_compress_undoes_expand(prefix: str, local: str) -> None:
    curie = f"{prefix}:{local}"
    assert SHIPPED.compress(SHIPPED.expand(curie)) == curie


@pytest.mark.parametrize(
    ("iri", "curie"),
    [
        ("https://w3id.org/trivium/id/topic/mamba", "topic:mamba"),
        ("https://w3id.org/trivium/ontology#", "tv:"),
        ("https://w3id.org/trivium/id/formula/x#N", "https://w3id.org/trivium/id/formula/x#N"),
        ("https://w3id.org/trivium/id/topic/a/b", "https://w3id.org/trivium/id/topic/a/b"),
        ("https://w3id.org/trivium/id/topic/x.", "https://w3id.org/trivium/id/topic/x."),
        ("https://example.org/x", "https://example.org/x"),
    ],
)
def test_an_iri_is_compressed_only_where_the_name_needs_no_escape(iri: str, curie: str) -> None:
    assert SHIPPED.compress(iri) == curie


def test_the_longest_namespace_wins() -> None:
    table = Prefixes({"a": "http://x/", "b": "http://x/y/"})
    assert (table.compress("http://x/y/z"), table.compress("http://x/y")) == ("b:z", "a:y")


@pytest.mark.parametrize("curie", ["formula:x#N", "formula:x\\#N"])
def test_a_part_is_expanded_with_and_without_turtles_escape(curie: str) -> None:
    assert SHIPPED.expand(curie) == "https://w3id.org/trivium/id/formula/x#N"


@pytest.mark.parametrize(
    ("curie", "says"), [("topics:x", "topic:"), ("nothing", "prefix:name"), ("https://x.org/", "prefix:name")]
)
def test_an_unknown_prefix_is_refused_with_near_ones(curie: str, says: str) -> None:
    with pytest.raises(BadParameter) as caught:
        SHIPPED.expand(curie)
    assert says in str(caught.value)


SH = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (SH + '<u:a> sh:prefix "a" .', InvalidData),
        (
            SH + '<u:a> sh:prefix "a"; sh:namespace "u:" . <u:b> sh:prefix "a"; sh:namespace "u:" .',
            InvalidData,
        ),
        (SH + "<u:a> sh:prefix", BadSyntax),
    ],
    ids=["half", "twice", "no Turtle"],
)
def test_a_table_that_cannot_be_used_is_refused(tmp_path: Path, text: str, error: type[Exception]) -> None:
    path = tmp_path / "prefixes.ttl"
    path.write_text(text)
    with pytest.raises(error, match=r"prefixes\.ttl"):
        Prefixes.read(path)
