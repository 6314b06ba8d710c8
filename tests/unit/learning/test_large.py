"""Graphs beyond brute force, held against networkx; what is only counted for some; rows that are none."""

from collections.abc import Sequence

import networkx as nx
import pytest

from kg.errors import CyclicPrerequisites, InvalidData
from kg.learning import links, rank, reach
from kg.learning.closure import closure
from kg.learning.critical import critical_path
from kg.learning.diagnose import MOST_KNOTTED, find_cycle
from kg.learning.fringe import outer_fringe
from kg.learning.graph import PrerequisiteGraph
from kg.learning.plan import plan_to
from kg.learning.rank import next_topics
from kg.model.learning import Curriculum, TopicColumns
from tests.graphs import FORMS, build_as, columns_of, oracle, random_topics
from tests.strategies import topic


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(5))
def test_graphs_of_200_topics_answer_as_networkx_does(form: str, seed: int) -> None:
    topics = random_topics(200, seed=seed)
    graph, expected = build_as(form, Curriculum(topics)), oracle(topics)
    hours = {each.slug: each.hours for each in topics}
    for slug in sorted(hours)[::20]:
        before = nx.ancestors(expected, slug) | {slug}
        assert set(graph.slugs(closure(graph.requires, [graph.find(slug)]))) == before
        after = nx.descendants(expected, slug) | {slug}
        assert set(graph.slugs(closure(graph.unlocks, [graph.find(slug)]))) == after
        ready = {each for each in expected if each not in before and before.issuperset(expected.pred[each])}
        known = frozenset(map(graph.find, before))
        assert set(graph.slugs(outer_fringe(graph, known))) == ready
        assert {step.slug for step in plan_to(graph, [slug]).steps} == before
    weighted = nx.DiGraph((a, b, {"weight": hours[b]}) for a, b in expected.edges)
    weighted.add_edges_from(("", each, {"weight": hours[each]}) for each in hours)
    assert critical_path(graph).hours == nx.dag_longest_path_length(weighted)


def test_a_chain_of_a_million_levels_is_no_million_of_array_operations() -> None:
    count = 30_000
    columns = TopicColumns(
        [f"t{n:05}" for n in range(count)], [1.0] * count, [0, *range(count)], [*range(count - 1)]
    )
    graph = PrerequisiteGraph.build(Curriculum(columns))
    assert list(graph.order) == list(range(count))
    assert critical_path(graph).hours == count


@pytest.mark.parametrize(
    ("starts", "needed", "said"),
    [
        pytest.param([0, 0, 1], [0, 0], "do not cover its edges", id="an edge is left out"),
        pytest.param([1, 1, 1], [0], "do not cover its edges", id="the first is left out"),
        pytest.param([0, 2, 1], [0], "do not cover its edges", id="back"),
        pytest.param([0, 0, 1], [2], "name what is no topic", id="no such topic"),
        pytest.param([0, 0, 1], [-1], "name what is no topic", id="negative"),
        pytest.param([0, 0, 2], [0, 0], "are not ascending", id="twice"),
    ],
)
@pytest.mark.parametrize("form", FORMS)
def test_rows_that_are_none_are_refused(
    form: str, starts: Sequence[int], needed: Sequence[int], said: str
) -> None:
    with pytest.raises(InvalidData, match=said):
        build_as(form, Curriculum(TopicColumns(["a", "b"], [1.0, 1.0], starts, needed)))


@pytest.mark.parametrize(
    ("slugs", "said"), [(["b", "a"], "topic a: stands after b"), (["a", "a"], "topic a: stands twice")]
)
def test_columns_are_sorted_by_slug(slugs: list[str], said: str) -> None:
    with pytest.raises(InvalidData, match=said):
        PrerequisiteGraph.build(Curriculum(TopicColumns(slugs, [1.0, 1.0], [0, 0, 0], [])))


def test_few_topics_need_no_arrays() -> None:
    topics = random_topics(50, seed=1)
    assert isinstance(PrerequisiteGraph.build(Curriculum(columns_of(topics))).requires, tuple)
    assert links.FEW_TOPICS >= 10_000


@pytest.mark.parametrize("form", FORMS)
def test_one_edge_that_closes_a_cycle_among_many_topics_is_found(form: str) -> None:
    topics = random_topics(200, seed=3)
    expected = oracle(topics)
    first, *_, last = nx.dag_longest_path(expected)
    closed = tuple(
        topic(each.slug, (*each.requires, last)) if each.slug == first else each for each in topics
    )
    with pytest.raises(CyclicPrerequisites) as refused:
        build_as(form, Curriculum(closed))
    shortest = nx.shortest_path(expected, first, last)
    assert len(refused.value.cycle) == len(shortest) + 1
    assert {first, last} < set(refused.value.cycle)


def test_of_a_large_knot_a_cycle_is_told_from_its_first_slug() -> None:
    count = MOST_KNOTTED + 1
    ring = {f"t{n:04}": [f"t{(n + 1) % count:04}"] for n in range(count)}
    found = find_cycle({**ring, "free": [], "behind": ["t0500"]})
    assert found == (*sorted(ring), "t0000")


def test_of_many_ready_topics_those_are_counted_that_most_require(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rank, "COMPARED", 1)
    graph = PrerequisiteGraph.build(
        Curriculum(
            (
                topic("deep"),
                topic("deeper", ("deep",)),
                *(topic(f"deepest{n}", ("deeper",)) for n in range(4)),
                topic("wide"),
                *(topic(f"leaf{n}", ("wide",)) for n in range(2)),
            )
        )
    )
    assert [each.slug for each in next_topics(graph, [], limit=1).topics] == ["wide"]
    assert [each.slug for each in next_topics(graph, [], limit=2).topics] == ["deep", "wide"]


def test_beyond_a_large_part_of_the_graph_topics_are_counted_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    topics = random_topics(120, seed=4)
    goal = max(topics, key=lambda each: len(nx.ancestors(oracle(topics), each.slug))).slug
    at_once = next_topics(PrerequisiteGraph.build(Curriculum(topics)), [], goal=goal)
    monkeypatch.setattr(reach, "PART_COUNTED", 10)
    assert next_topics(PrerequisiteGraph.build(Curriculum(topics)), [], goal=goal) == at_once


def test_only_so_many_goals_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "KEPT_GOALS", 2)
    graph = PrerequisiteGraph.build(Curriculum(random_topics(20, seed=5)))
    first = graph.reach.towards(0)
    assert graph.reach.towards(0) is first
    for goal in (1, 2):
        graph.reach.towards(goal)
    again = graph.reach.towards(0)
    assert again is not first
    assert again.topics == first.topics
