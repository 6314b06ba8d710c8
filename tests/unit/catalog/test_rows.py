"""Nodes name the subject and the property of whatever is off."""

from collections.abc import Callable

import pytest
from pyoxigraph import Literal, NamedNode

from kg.catalog.rows import Node, Nodes, number_of, slug_of
from kg.errors import InvalidData
from kg.model.iri import ONTOLOGY, Iri

NODE = Node(
    Iri("https://stones.example/id/formula/x#h"),
    {
        ONTOLOGY + "symbol": (Literal("h"),),
        ONTOLOGY + "value": (
            Literal("9.8e0", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#double")),
        ),
        ONTOLOGY + "low": (Literal("much"),),
        ONTOLOGY + "high": (Literal("INF"),),
        ONTOLOGY + "default": (Literal("1"), Literal("2")),
        ONTOLOGY + "role": (NamedNode("https://w3id.org/trivium/vocab/role/input"),),
        ONTOLOGY + "hasUnit": (Literal("metre"),),
    },
)


def test_values_come_in_the_types_that_are_asked_for() -> None:
    assert NODE.text("symbol") == "h"
    assert NODE.number("value") == 9.8
    assert NODE.term("role") == "input"
    assert NODE.link("ofQuantity") is None
    assert NODE.number("expected") is None
    assert not NODE.flag("integer")


@pytest.mark.parametrize(
    ("read", "words"),
    [
        pytest.param(lambda: NODE.number("low"), "tv:low is 'much', no finite number", id="no number"),
        pytest.param(lambda: NODE.number("high"), "tv:high is 'INF', no finite number", id="infinite"),
        pytest.param(lambda: NODE.number("role"), "tv:role", id="an IRI where a number is due"),
        pytest.param(lambda: NODE.number("default"), "2 values of tv:default: 1, 2", id="two values"),
        pytest.param(lambda: NODE.text("role"), "tv:role", id="an IRI where text is due"),
        pytest.param(lambda: NODE.link("hasUnit"), "tv:hasUnit", id="text where an IRI is due"),
        pytest.param(lambda: NODE.require_text("expression"), "has no tv:expression", id="missing text"),
        pytest.param(lambda: NODE.require_number("expected"), "has no tv:expected", id="missing number"),
    ],
)
def test_what_is_off_is_named_with_subject_and_property(read: Callable[[], object], words: str) -> None:
    with pytest.raises(InvalidData) as caught:
        read()
    assert caught.value.place == NODE.iri
    assert words in str(caught.value)


def test_a_node_that_the_graph_does_not_describe_has_no_properties() -> None:
    assert Nodes()[Iri("https://stones.example/id/unit/mile")].all("symbol") == ()


def test_a_literal_that_is_missing_is_no_number() -> None:
    with pytest.raises(InvalidData, match="tv:value"):
        number_of(None, "s", "value")


@pytest.mark.parametrize(
    ("iri", "slug"),
    [("https://x/id/formula/y", "y"), ("https://x/id/formula/y#part-1", "part-1"), ("urn:a/b", "b")],
)
def test_the_slug_is_the_last_segment(iri: str, slug: str) -> None:
    assert slug_of(iri) == slug
