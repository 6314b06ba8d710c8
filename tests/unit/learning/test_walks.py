"""Closure, distances, state, fringe and related topics, on one small curriculum.

e ── c ── a        g ── f
 └── d ──┤ └ b
         └ b
"""

import pytest

from kg.errors import BadParameter, NotFound
from kg.learning.closure import closure, distances
from kg.learning.fringe import made_ready, outer_fringe
from kg.learning.graph import PrerequisiteGraph
from kg.learning.related import prerequisites, unlocks
from kg.learning.state import read_state
from kg.model.learning import Curriculum
from tests.strategies import topic

GRAPH = PrerequisiteGraph.build(
    Curriculum(
        (
            topic("a", hours=1.0),
            topic("b", hours=2.0),
            topic("c", ("a",), hours=4.0),
            topic("d", ("a", "b"), hours=8.0),
            topic("e", ("c", "d", "a"), hours=16.0),
            topic("f", hours=32.0),
            topic("g", ("f",), hours=64.0),
        )
    )
)


def numbers(slugs: str) -> frozenset[int]:
    return frozenset(map(GRAPH.find, slugs))


def named(found: frozenset[int] | tuple[int, ...]) -> str:
    return "".join(GRAPH.slugs(found))


@pytest.mark.parametrize(
    ("of", "needs", "unlocked"),
    [
        ("", "", ""),
        ("a", "a", "acde"),
        ("e", "abcde", "e"),
        ("cg", "acfg", "ceg"),
    ],
)
def test_closure_holds_the_topics_and_all_beyond(of: str, needs: str, unlocked: str) -> None:
    assert named(closure(GRAPH.requires, numbers(of))) == needs
    assert named(closure(GRAPH.unlocks, numbers(of))) == unlocked


def test_distances_count_edges_on_the_shortest_way() -> None:
    found = {GRAPH.topics[number].slug: depth for number, depth in distances(GRAPH.requires, 4).items()}
    assert found == {"a": 1, "c": 1, "d": 1, "b": 2}


@pytest.mark.parametrize(
    ("know", "assume", "known", "implied"),
    [
        ("d", "closed", "abd", "ab"),
        ("d", "exact", "d", ""),
        ("add", "closed", "abd", "b"),
        ("", "closed", "", ""),
    ],
)
def test_knowing_a_topic_implies_what_it_requires_unless_exact(
    know: str, assume: str, known: str, implied: str
) -> None:
    state = read_state(GRAPH, know, assume=assume)
    assert named(state.known) == known
    assert named(state.implied) == implied


def test_another_assumption_is_refused() -> None:
    with pytest.raises(BadParameter, match=r"'assume' cannot be 'open'.*'closed'.*'exact'"):
        read_state(GRAPH, "a", assume="open")


@pytest.mark.parametrize(
    ("known", "ready"),
    [
        pytest.param("", "abf", id="nothing known: the topics that require nothing"),
        pytest.param("a", "bcf", id="unmet roots stay"),
        pytest.param("ab", "cdf", id="two ready"),
        pytest.param("abcd", "ef", id="one more"),
        pytest.param("e", "abf", id="a state with gaps: what is missing comes first"),
        pytest.param("abcdefg", "", id="all known"),
    ],
)
def test_the_fringe_is_what_can_be_learnt_now(known: str, ready: str) -> None:
    assert named(outer_fringe(GRAPH, numbers(known))) == ready


@pytest.mark.parametrize(
    ("known", "learning", "opened"),
    [
        ("", "a", "c"),
        ("b", "a", "cd"),
        ("abc", "d", "e"),
        ("", "f", "g"),
        ("abcde", "f", "g"),
        ("ae", "d", ""),
    ],
)
def test_made_ready_are_those_that_lack_only_this(known: str, learning: str, opened: str) -> None:
    assert named(made_ready(GRAPH, numbers(known), GRAPH.find(learning))) == opened


@pytest.mark.parametrize(
    ("slug", "transitive", "expected", "hours"),
    [
        ("e", False, [("a", 1), ("c", 1), ("d", 1)], 13.0),
        ("e", True, [("a", 1), ("c", 1), ("d", 1), ("b", 2)], 15.0),
        ("a", True, [], 0.0),
    ],
)
def test_prerequisites_come_nearest_first(
    slug: str, transitive: bool, expected: list[tuple[str, int]], hours: float
) -> None:
    found = prerequisites(GRAPH, slug, transitive=transitive)
    assert [(each.slug, each.depth) for each in found.topics] == expected
    assert (found.topic, found.relation, found.transitive, found.hours) == (
        slug,
        "prerequisites",
        transitive,
        hours,
    )


def test_unlocks_is_the_other_way() -> None:
    found = unlocks(GRAPH, "b", transitive=True)
    assert [(each.slug, each.depth) for each in found.topics] == [("d", 1), ("e", 2)]
    assert (found.relation, found.hours) == ("unlocks", 24.0)
    assert [each.slug for each in unlocks(GRAPH, "b").topics] == ["d"]


def test_related_topics_of_an_unknown_topic_are_an_error() -> None:
    with pytest.raises(NotFound, match="no topic 'h'"):
        prerequisites(GRAPH, "h")


@pytest.mark.parametrize("transitive", [False, True])
def test_what_a_topic_unlocks_in_all_is_told_beside_the_next_ones(transitive: bool) -> None:
    found = unlocks(GRAPH, "b", transitive=transitive)
    assert (found.total_in_all, found.hours_in_all) == (2, 24.0)
