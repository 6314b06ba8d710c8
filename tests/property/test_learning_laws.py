"""Laws of the learning engine, held against networkx and against brute force."""

from itertools import chain, combinations, pairwise

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import CyclicPrerequisites
from kg.learning.closure import closure, distances
from kg.learning.diagnose import find_cycle
from kg.learning.fringe import made_ready, outer_fringe
from kg.learning.graph import PrerequisiteGraph
from kg.learning.rank import next_topics
from kg.learning.related import prerequisites, unlocks
from kg.model.learning import Curriculum
from tests.processes import outputs_by_hash_seed
from tests.strategies import curricula, curricula_with_known, relations, topic


def oracle(curriculum: Curriculum) -> "nx.DiGraph[str]":
    """An edge goes from a prerequisite to the topic that requires it."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(each.slug for each in curriculum.topics)
    graph.add_edges_from((needed, each.slug) for each in curriculum.topics for needed in each.requires)
    return graph


def needs(curriculum: Curriculum) -> dict[str, set[str]]:
    return {each.slug: set(each.requires) for each in curriculum.topics}


@given(curricula_with_known())
def test_closure_is_idempotent_and_holds_its_topics(case: tuple[Curriculum, frozenset[str]]) -> None:
    graph = PrerequisiteGraph.build(case[0])
    topics = frozenset(map(graph.find, case[1]))
    once = closure(graph.requires, topics)
    assert topics <= once
    assert closure(graph.requires, once) == once


@given(curricula_with_known(), st.data())
def test_closure_is_monotone(case: tuple[Curriculum, frozenset[str]], data: st.DataObject) -> None:
    graph = PrerequisiteGraph.build(case[0])
    more = frozenset(map(graph.find, case[1]))
    less = data.draw(st.frozensets(st.sampled_from(sorted(more)))) if more else frozenset()
    assert closure(graph.requires, less) <= closure(graph.requires, more)


@given(curricula())
def test_closures_are_those_of_networkx(curriculum: Curriculum) -> None:
    graph, expected = PrerequisiteGraph.build(curriculum), oracle(curriculum)
    for number, each in enumerate(graph.topics):
        assert set(graph.slugs(closure(graph.requires, [number]))) == nx.ancestors(expected, each.slug) | {
            each.slug
        }
        assert set(graph.slugs(closure(graph.unlocks, [number]))) == nx.descendants(expected, each.slug) | {
            each.slug
        }


@given(curricula())
def test_depths_are_those_of_networkx(curriculum: Curriculum) -> None:
    graph, expected = PrerequisiteGraph.build(curriculum), oracle(curriculum)
    for number, each in enumerate(graph.topics):
        lengths = dict(nx.single_source_shortest_path_length(expected, each.slug))
        del lengths[each.slug]
        found = distances(graph.unlocks, number)
        assert {graph.topics[later].slug: depth for later, depth in found.items()} == lengths
        assert list(found) == sorted(found, key=lambda later: (found[later], later))


@given(curricula())
def test_what_a_topic_requires_is_unlocked_by_it(curriculum: Curriculum) -> None:
    graph = PrerequisiteGraph.build(curriculum)
    for each in graph.topics:
        for needed in prerequisites(graph, each.slug, transitive=True).topics:
            back = {later.slug: later.depth for later in unlocks(graph, needed.slug, transitive=True).topics}
            assert back[each.slug] == needed.depth


@given(curricula())
def test_the_fringe_is_that_of_brute_force_for_every_set_of_topics(curriculum: Curriculum) -> None:
    graph, required = PrerequisiteGraph.build(curriculum), needs(curriculum)
    slugs = sorted(required)
    sets = chain.from_iterable(combinations(slugs, size) for size in range(min(len(slugs), 3) + 1))
    for known in map(set, sets):
        expected = [slug for slug in slugs if slug not in known and required[slug] <= known]
        found = outer_fringe(graph, frozenset(map(graph.find, known)))
        assert list(graph.slugs(found)) == expected


@given(curricula_with_known())
def test_learning_a_topic_opens_what_made_ready_says(case: tuple[Curriculum, frozenset[str]]) -> None:
    graph = PrerequisiteGraph.build(case[0])
    known = frozenset(map(graph.find, case[1]))
    before = set(outer_fringe(graph, known))
    for number in before:
        after = set(outer_fringe(graph, known | {number}))
        assert after == (before - {number}) | set(made_ready(graph, known, number))


@given(curricula_with_known(), st.sampled_from(["closed", "exact"]), st.data())
def test_every_topic_advised_can_be_learnt_at_once(
    case: tuple[Curriculum, frozenset[str]], assume: str, data: st.DataObject
) -> None:
    curriculum, know = case
    required = needs(curriculum)
    goal = data.draw(st.sampled_from(["", *sorted(required)]))
    graph = PrerequisiteGraph.build(curriculum)
    advice = next_topics(graph, know, goal=goal, limit=100, assume=assume)
    known = set(advice.known) | set(advice.implied)
    assert set(advice.known) == know
    assert all(each.slug not in known and required[each.slug] <= known for each in advice.topics)
    assert advice.total == len(advice.topics)
    assert bool(advice.topics) == (known != set(required))
    assert bool(advice.note) == (not advice.topics or (goal != "" and goal in known))


@given(curricula_with_known())
def test_following_the_advice_reaches_the_goal_in_the_hours_it_said(
    case: tuple[Curriculum, frozenset[str]],
) -> None:
    curriculum, know = case
    graph = PrerequisiteGraph.build(curriculum)
    goal = curriculum.topics[0].slug
    known, spent = set(know), 0.0
    remaining = next_topics(graph, known, goal=goal).remaining_hours
    while (advice := next_topics(graph, known, goal=goal, limit=1)).remaining_hours:
        assert advice.topics[0].reasons[0].kind == "goal"
        known.add(advice.topics[0].slug)
        spent += advice.topics[0].hours
    assert spent == remaining


@given(relations())
def test_a_cycle_is_found_exactly_where_there_is_one(relation: dict[str, tuple[str, ...]]) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph((slug, needed) for slug in relation for needed in relation[slug])
    cycle = find_cycle(relation)
    lengths = [len(each) for each in nx.simple_cycles(graph)]
    assert len(cycle) - 1 == (min(lengths) if lengths else -1)
    assert all(needed in relation[slug] for slug, needed in pairwise(cycle))
    assert not cycle or cycle[0] == cycle[-1] == min(cycle)


@settings(max_examples=30)
@given(relations())
def test_a_graph_is_built_exactly_where_there_is_no_cycle(relation: dict[str, tuple[str, ...]]) -> None:
    curriculum = Curriculum(tuple(topic(slug, needed) for slug, needed in relation.items()))
    cycle = find_cycle(relation)
    if not cycle:
        PrerequisiteGraph.build(curriculum)
        return
    with pytest.raises(CyclicPrerequisites) as refused:
        PrerequisiteGraph.build(curriculum)
    assert refused.value.cycle == cycle


SAME_BYTES = """
import random
from kg.learning.graph import PrerequisiteGraph
from kg.learning.rank import next_topics
from kg.model.learning import Curriculum
from tests.strategies import topic
chance = random.Random(7)
slugs = [f"{chance.choice('abcdefgh')}{number}" for number in range(60)]
topics = [topic(slug, tuple(chance.sample(slugs[:place], min(place, 2)))) for place, slug in enumerate(slugs)]
graph = PrerequisiteGraph.build(Curriculum(tuple(topics)))
print(next_topics(graph, set(slugs[:20]), goal=slugs[-1], limit=30))
"""


def test_the_same_question_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    assert len(outputs_by_hash_seed(SAME_BYTES)) == 1
