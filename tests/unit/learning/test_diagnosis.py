"""Findings on prerequisites: a table of faults, and laws against networkx."""

import itertools
import math

import networkx as nx
import pytest
from hypothesis import given, settings

from kg.learning.diagnosis import diagnose
from kg.model.diagnosis import TopicFinding
from kg.model.learning import Curriculum, Topic
from kg.services.knowledge import Knowledge
from tests.strategies import curricula_with_known, relations, step, topic

A, B, C = topic("a", hours=4.0), topic("b", ("a",), hours=4.0), topic("c", ("b",), hours=4.0)
SOUND = (A, B, C)
CASES = [
    ("a sound one", SOUND, []),
    ("no topic", (), []),
    ("one topic", (A,), []),
    ("a loop", (topic("a", ("a",), hours=1.0),), [("error", "a", ("a", "a"))]),
    (
        "a cycle and what stands behind it",
        (topic("a", ("b",), hours=4.0), B, C),
        [("error", "a", ("a", "b", "a")), ("warning", "c", ())],
    ),
    (
        "two knots",
        (*(topic(x, (y,), hours=1.0) for x, y in ("ab", "ba", "cd", "dc")),),
        [("error", "a", ("a", "b", "a")), ("error", "c", ("c", "d", "c"))],
    ),
    (
        "an edge that others imply",
        (A, B, topic("c", ("a", "b"), hours=4.0)),
        [("note", "c", ("c", "b", "a"))],
    ),
    ("a topic by itself", (*SOUND, topic("d", hours=4.0)), [("note", "d", ())]),
    ("no hours", (A, topic("b", ("a",), hours=0.0)), [("warning", "b", ())]),
    ("negative hours", (A, topic("b", ("a",), hours=-1.0)), [("error", "b", ())]),
    ("no number", (A, topic("b", ("a",), hours=math.nan)), [("error", "b", ())]),
    ("many hours", (*SOUND, topic("d", ("c",), hours=41.0)), [("note", "d", ())]),
    ("few hours", (*SOUND, topic("d", ("c",), hours=0.3)), [("note", "d", ())]),
    ("an unknown prerequisite", (A, topic("b", ("a", "z"), hours=4.0)), [("error", "b", ("z",))]),
    ("a topic twice", (A, A, B), [("error", "a", ())]),
]


def shape(findings: tuple[TopicFinding, ...]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(found.severity, found.topic, found.topics) for found in findings]


@pytest.mark.parametrize(("topics", "expected"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_a_fault_is_found_and_nothing_else(
    topics: tuple[Topic, ...], expected: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    found = diagnose(Curriculum(topics))
    assert shape(found.findings) == expected
    assert found.conforms == all(severity != "error" for severity, _, _ in expected)
    assert all(finding.message and finding.hint and finding.rule for finding in found.findings)


def test_a_path_to_no_topic_is_an_error() -> None:
    (found,) = diagnose(Curriculum(SOUND, (step(1, "nowhere"),))).findings
    assert (found.severity, found.topic) == ("error", "nowhere")


def test_the_shipped_prerequisites_have_no_fault(shipped: Knowledge) -> None:
    assert shipped.learning.diagnose().conforms


@settings(max_examples=300, deadline=None)
@given(curricula_with_known())
def test_implied_edges_are_those_outside_the_transitive_reduction(
    case: tuple[Curriculum, frozenset[str]],
) -> None:
    curriculum, _ = case
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(each.slug for each in curriculum.topics)
    graph.add_edges_from((each.slug, needed) for each in curriculum.topics for needed in each.requires)
    found = diagnose(curriculum).findings
    told = {(f.topics[0], f.topics[-1]) for f in found if f.rule == "a prerequisite says something new"}
    assert told == set(graph.edges) - set(nx.transitive_reduction(graph).edges)
    alone = {f.topic for f in found if f.rule == "a topic is connected"}
    assert alone == (set(nx.isolates(graph)) if len(graph) > 1 else set())


@settings(max_examples=300, deadline=None)
@given(relations())
def test_each_knot_is_told_once_and_all_behind_it(relation: dict[str, tuple[str, ...]]) -> None:
    graph = nx.DiGraph([(slug, other) for slug, others in relation.items() for other in others])
    graph.add_nodes_from(relation)
    found = diagnose(Curriculum(tuple(topic(slug, needed, hours=1.0) for slug, needed in relation.items())))
    cycles = [f.topics for f in found.findings if f.rule == "prerequisites form no cycle"]
    knots = [
        k for k in nx.strongly_connected_components(graph) if len(k) > 1 or graph.has_edge(*(2 * list(k)))
    ]
    assert sorted(min(k) for k in knots) == sorted(min(next(k for k in knots if c[0] in k)) for c in cycles)
    assert all(c[0] == c[-1] and all(graph.has_edge(a, b) for a, b in itertools.pairwise(c)) for c in cycles)
    behind = set().union(*(nx.ancestors(graph, next(iter(k))) | k for k in knots))
    told = {f.topic for f in found.findings if f.rule == "a topic can be reached"}
    assert told | {slug for cycle in cycles for slug in cycle} == behind
