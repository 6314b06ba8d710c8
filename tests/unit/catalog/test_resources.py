"""Resources of every kind, and all that is said of one."""

import pytest
from pyoxigraph import NamedNode

from kg.catalog import resources
from kg.errors import NotFound
from kg.model.description import Description
from kg.model.iri import GRAPH, ONTOLOGY, PLURALS, Iri
from kg.rdf.formats import TURTLE
from kg.services.describe import describe_graph
from kg.services.knowledge import Knowledge
from tests.datasets import BASE
from tests.unit.catalog.counting import CountingStore


def describe(knowledge: Knowledge, tail: str) -> Description:
    return resources.describe(knowledge.store, Iri(knowledge.base + tail), knowledge.prefixes)


def names(properties: tuple[resources.Property, ...]) -> dict[str, resources.Property]:
    return {found.name: found for found in properties}


def test_a_list_holds_every_resource_of_the_kind_and_no_part(stones: Knowledge) -> None:
    entries = resources.list_kind(stones.store, stones.base, "topic")
    assert [entry.iri.removeprefix(BASE) for entry in entries] == [
        "topic/counting",
        "topic/falling",
        "topic/roots",
    ]
    assert (entries[0].label, entries[0].definition) == ("Counting", "One, two, three.")
    assert resources.list_kind(stones.store, stones.base, "claim") == ()


def test_a_list_is_one_query_and_a_description_three(shipped: Knowledge) -> None:
    store = CountingStore(shipped.store)
    resources.list_kind(store, shipped.base, "source")
    assert store.count == 1
    resources.describe(store, Iri(shipped.base + "page/future-of-llms"), shipped.prefixes)
    assert store.count <= 1 + 3


def test_a_description_has_values_links_with_labels_and_the_graphs_that_say_so(stones: Knowledge) -> None:
    falling = describe(stones, "topic/falling")
    assert (falling.label, falling.definition) == ("Falling", "How stones fall.")
    requires = names(falling.properties)["tv:requires"]
    assert [(link.iri, link.label) for link in requires.links] == [(BASE + "topic/roots", "Roots")]
    assert requires.label == "requires"
    assert requires.graphs == ("https://stones.example/graph/physics",)
    hours = names(falling.properties)["tv:effortHours"].values[0]
    assert (hours.text, hours.datatype) == ("1", "http://www.w3.org/2001/XMLSchema#decimal")
    assert names(falling.properties)["skos:prefLabel"].values[0].language == "en"


def test_the_most_specific_type_comes_first(stones: Knowledge) -> None:
    assert describe(stones, "topic/falling").types[0].label == "topic"
    observation = describe(stones, "observation/pisa-old")
    assert [link.iri for link in observation.types][:2] == [ONTOLOGY + "Observation", ONTOLOGY + "Statement"]


def test_parts_are_described_with_their_owner(stones: Knowledge) -> None:
    formula = describe(stones, "formula/fall-time")
    assert [part.iri.partition("#")[2] for part in formula.parts] == [
        "earth",
        "earth.g",
        "earth.range-h",
        "example-tower",
        "g",
        "h",
        "moon",
        "moon.g",
        "reading-bounce",
        "reading-bounce.t_all",
        "t",
    ]
    assert formula.parts[4].label == "Gravity"


def test_what_points_here_is_listed_but_for_the_resources_own_parts(stones: Knowledge) -> None:
    formula = describe(stones, "formula/fall-time")
    assert [found.name for found in formula.incoming] == ["tv:covers"]
    assert [link.label for link in formula.incoming[0].links] == ["Falling"]
    assert all(not part.incoming for part in formula.parts)
    tower = describe(stones, "hardware/pisa")
    assert len(names(tower.incoming)["tv:about"].links) == 3


def test_a_part_and_a_term_are_described_too(stones: Knowledge) -> None:
    assert describe(stones, "formula/fall-time#h").label == "Height"
    topic = resources.describe(stones.store, Iri(ONTOLOGY + "Topic"), stones.prefixes)
    assert topic.label == "topic"
    assert len(names(topic.incoming)["rdf:type"].links) == 3


def test_what_the_graph_does_not_know_is_not_found(stones: Knowledge) -> None:
    with pytest.raises(NotFound):
        describe(stones, "topic/flying")
    assert not resources.is_known(stones.store, Iri(BASE + "topic/flying"))
    assert resources.is_known(stones.store, Iri(BASE + "topic/falling"))


def test_a_description_as_a_graph_holds_parts_and_names_of_neighbours(stones: Knowledge) -> None:
    graph = "\n".join(map(str, resources.describe_graph(stones.store, Iri(BASE + "topic/falling"))))
    assert f'<{BASE}topic/roots> <http://www.w3.org/2004/02/skos/core#prefLabel> "Roots"@en' in graph
    assert f"<{BASE}topic/roots> <{ONTOLOGY}effortHours>" not in graph
    formula = resources.describe_graph(stones.store, Iri(BASE + "formula/fall-time"))
    assert BASE + "formula/fall-time#moon.g" in {triple.subject.value for triple in formula}


def test_the_same_question_gives_the_same_bytes(shipped: Knowledge) -> None:
    page = "page/future-of-llms"
    first, second = (describe_graph(shipped, page).serialize(TURTLE) for _ in range(2))
    assert first == second
    assert describe(shipped, "page/future-of-llms") == describe(shipped, "page/future-of-llms")


def test_names_are_grouped_by_kind(stones: Knowledge) -> None:
    found = resources.list_names(stones.store, stones.base)
    assert list(found) == list(PLURALS)
    assert found["hardware"] == {"pisa": BASE + "hardware/pisa"}
    assert found["formula"].keys() == {"fall-time"}


def test_terms_and_graphs_of_the_ontology_are_served(stones: Knowledge) -> None:
    terms = {entry.iri: entry for entry in resources.list_terms(stones.store)}
    assert terms[Iri(ONTOLOGY + "requires")].definition
    shapes = resources.read_graphs(stones.store, [GRAPH + "shapes"])
    assert any(triple.object == NamedNode("http://www.w3.org/ns/shacl#NodeShape") for triple in shapes)
    assert resources.read_title(stones.store) == "Falling stones"


def test_a_kind_as_a_graph_has_type_label_and_definition(stones: Knowledge) -> None:
    graph = "\n".join(map(str, resources.read_entries_graph(stones.store, stones.names["topic"].values())))
    assert graph.count("prefLabel") == 3
    assert "effortHours" not in graph
