"""How resources are named, and what is said where a name leads nowhere."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from kg.errors import BadParameter, NotFound
from kg.rdf.formats import TURTLE
from kg.services import describe, lists
from kg.services.knowledge import Knowledge
from kg.services.references import find_elsewhere, find_resource, kind_of
from kg.store.results import Triples
from tests.datasets import BASE


@pytest.mark.parametrize(
    ("reference", "kind", "tail"),
    [
        ("roots", "topic", "topic/roots"),
        ("roots", "", "topic/roots"),
        (" topic/roots ", "", "topic/roots"),
        ("topics/roots", "topic", "topic/roots"),
        ("topic:roots", "topic", "topic/roots"),
        (BASE + "topic/roots", "", "topic/roots"),
        ("formula/fall-time#h", "", "formula/fall-time#h"),
        ("formula:fall-time#h", "", "formula/fall-time#h"),
        ("fall-time#h", "formula", "formula/fall-time#h"),
        (f"<{BASE}hardware/pisa>", "", "hardware/pisa"),
    ],
)
def test_a_resource_is_found_by_each_of_its_names(
    stones: Knowledge, reference: str, kind: str, tail: str
) -> None:
    assert find_resource(stones, reference, kind=kind) == BASE + tail


def test_terms_of_the_ontology_are_found_by_curie(stones: Knowledge) -> None:
    assert find_resource(stones, "tv:Topic") == "https://w3id.org/trivium/ontology#Topic"


@pytest.mark.parametrize(
    ("reference", "kind", "near"),
    [
        pytest.param("root", "topic", "roots", id="a slug that looks alike"),
        pytest.param("topic/root", "", "roots", id="with its kind"),
        pytest.param("roots", "formula", "topic/roots", id="under another kind"),
        pytest.param("topic/roots", "formula", "topic/roots", id="of another kind than is wanted"),
        pytest.param("piza", "", "hardware/pisa", id="of any kind"),
        pytest.param("formula/fall-time#exampl", "", "formula/fall-time#example-tower", id="a part"),
        pytest.param("formula/fall-tim#h", "", "fall-time", id="a part of an unknown owner"),
        pytest.param("topik/roots", "", "topic", id="a kind"),
        pytest.param(BASE + "topic/root", "", "roots", id="an IRI"),
    ],
)
def test_an_unknown_name_comes_with_near_ones(
    stones: Knowledge, reference: str, kind: str, near: str
) -> None:
    with pytest.raises(NotFound) as caught:
        find_resource(stones, reference, kind=kind)
    assert near in caught.value.near


def test_each_near_name_is_said_once(shipped: Knowledge) -> None:
    with pytest.raises(NotFound) as caught:
        find_resource(shipped, "mamba", kind="formula")
    assert caught.value.near == ("architecture/mamba", "topic/mamba")


@pytest.mark.parametrize(
    "reference",
    ["foo:roots", "http://a b", "https://[", "topic/roots#a b", "topic:ro ots"],
)
def test_a_name_that_cannot_be_read_is_refused(stones: Knowledge, reference: str) -> None:
    with pytest.raises((BadParameter, NotFound)):
        find_resource(stones, reference)


def test_a_long_name_is_shown_short(stones: Knowledge) -> None:
    with pytest.raises(NotFound) as caught:
        find_resource(stones, "x" * 100_000)
    assert len(str(caught.value)) < 200


def test_a_slug_that_several_things_have_must_say_its_kind(shipped: Knowledge) -> None:
    slugs: dict[str, int] = {}
    for kind in ("concept", "architecture", "definition", "topic"):
        for slug in shipped.names[kind]:
            slugs[slug] = slugs.get(slug, 0) + 1
    assert find_resource(shipped, "mamba").endswith("architecture/mamba"), "a thing before its topic"
    two = [
        slug
        for slug in shipped.names["definition"]
        if slug in shipped.names["topic"] and not find_elsewhere(shipped, slug)
    ]
    for slug in two[:1]:
        with pytest.raises(BadParameter, match="one resource"):
            find_resource(shipped, slug)


def test_a_thing_is_found_under_its_most_specific_kind(shipped: Knowledge) -> None:
    assert find_elsewhere(shipped, "mamba", "concept") == (shipped.base + "architecture/mamba",)
    assert find_elsewhere(shipped, "mamba") == (shipped.base + "architecture/mamba",)
    assert find_elsewhere(shipped, "mamba", "topic") == (), "a topic is no thing"
    assert find_elsewhere(shipped, "no-such-thing") == ()


def test_kinds_are_known_by_singular_and_plural() -> None:
    assert kind_of("capability") == kind_of("capabilities") == "capability"
    assert kind_of("hardware") == "hardware"


def test_graphs_are_serialised_by_another_thread_than_asked(stones: Knowledge) -> None:
    def ask() -> list[Triples]:
        return [
            describe.describe_graph(stones, "topic/roots"),
            lists.page_graph(stones, lists.select_page(stones, "topic")),
            describe.ontology_graph(stones),
            describe.shapes_graph(stones),
        ]

    with ThreadPoolExecutor(1) as pool:
        graphs = pool.submit(ask).result()
    texts = [graph.serialize(TURTLE).decode() for graph in graphs]
    assert "topic:counting" in texts[0]
    assert "topic:falling" in texts[1]
    assert "owl:Class" in texts[2]
    assert "sh:NodeShape" in texts[3]


def test_the_services_list_count_and_require(stones: Knowledge) -> None:
    counts = describe.count_kinds(stones)
    assert (counts["topic"], counts["claim"]) == (3, 0)
    assert describe.require_resource(stones, "topic", "roots") == BASE + "topic/roots"
    with pytest.raises(NotFound, match="roots"):
        describe.require_resource(stones, "topic", "root")
    assert len(describe.list_kind(stones, "unit")) == 5
    assert any(entry.label == "topic" for entry in describe.list_terms(stones))
