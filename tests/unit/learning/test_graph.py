"""Building the prerequisite graph, and refusing what is none."""

import pytest

from kg.errors import CyclicPrerequisites, InvalidData, NotFound
from kg.learning.graph import PrerequisiteGraph
from kg.model.learning import Curriculum, Topic
from tests.strategies import step, topic


def build(*topics: Topic) -> PrerequisiteGraph:
    return PrerequisiteGraph.build(Curriculum(topics))


def test_numbers_follow_the_order_of_slugs() -> None:
    graph = build(topic("c", ("a",)), topic("a"), topic("b", ("c", "a", "a")))
    assert [each.slug for each in graph.topics] == ["a", "b", "c"]
    assert graph.requires == ((), (0, 2), (0,))
    assert graph.unlocks == ((1, 2), (), (1,))
    assert graph.roots == (0,)


def test_an_empty_curriculum_is_a_graph() -> None:
    assert build().topics == ()


def test_a_cycle_is_refused_with_a_shortest_one() -> None:
    with pytest.raises(CyclicPrerequisites) as refused:
        build(topic("a", ("b",)), topic("b", ("c",)), topic("c", ("a", "d")), topic("d", ("c",)))
    assert refused.value.cycle == ("c", "d", "c")
    assert "c → d → c" in str(refused.value)


def test_a_topic_that_requires_itself_is_refused() -> None:
    with pytest.raises(CyclicPrerequisites, match="a → a"):
        build(topic("a", ("a",)))


@pytest.mark.parametrize(
    ("topics", "said"),
    [
        pytest.param([topic("a", ("mambo",)), topic("mamba")], "requires 'mambo'.*mamba", id="unknown, near"),
        pytest.param([topic("a", ("zzz",))], "requires 'zzz'.*drop the prerequisite", id="unknown"),
        pytest.param([topic("a"), topic("a")], "topic a: stands twice", id="twice"),
        pytest.param([topic("a", hours=float("nan"))], "topic a: has nan hours", id="no number"),
        pytest.param([topic("a", hours=-1.0)], "topic a: has -1.0 hours", id="negative"),
    ],
)
def test_data_that_cannot_be_used_is_named(topics: list[Topic], said: str) -> None:
    with pytest.raises(InvalidData, match=said):
        build(*topics)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        pytest.param("mambo", ("mamba",), id="a letter off"),
        pytest.param("State Space Models", ("state-space-models",), id="a label"),
        pytest.param("state_space_model", ("state-space-models",), id="underscores"),
        pytest.param("", (), id="nothing"),
        pytest.param("q" * 100_000, (), id="long"),
    ],
)
def test_an_unknown_topic_is_answered_with_near_ones(name: str, near: tuple[str, ...]) -> None:
    with pytest.raises(NotFound) as missing:
        build(topic("mamba"), topic("state-space-models")).find(name)
    assert missing.value.near == near


def test_near_names_are_found_among_many_topics() -> None:
    graph = build(*(topic(f"a{number}") for number in range(20_000)), topic("mamba"))
    with pytest.raises(NotFound) as missing:
        graph.find("mambo")
    assert missing.value.near[0] == "mamba"


def test_steps_are_kept_by_topic_and_those_without_topic_left_out() -> None:
    steps = (step(3, "a"), step(1, "a", path="other"), step(2, "gone"))
    graph = PrerequisiteGraph.build(Curriculum((topic("a"), topic("b")), steps))
    assert [[each.position for each in of_topic] for of_topic in graph.steps.values()] == [[1, 3]]
