"""CPU of what is asked about learning of the shipped topics, beside networkx, with the same answers."""

from collections.abc import Callable, Iterator
from time import process_time

import networkx as nx

from benchmarks.measure import Row, interleave
from kg.learning.closure import closure
from kg.learning.critical import critical_path
from kg.learning.fringe import outer_fringe
from kg.learning.graph import PrerequisiteGraph
from kg.learning.plan import plan_to
from kg.learning.sweep import learning_order
from kg.services.knowledge import open_knowledge

LIMIT_US = 2_000.0
NO_SLOWER = 1.0
PAGE_STEPS = (
    "agent-frameworks",
    "chinchilla-scaling",
    "environmental-impact",
    "llm-interpretability",
    "mixture-of-experts",
    "state-space-models",
)
GOAL = "future-of-llms"
PLANS = {
    "the page's six next topics": PAGE_STEPS,
    "all topics": (GOAL,),
}


def measure_plan(rounds: int, calls: int) -> Iterator[Row]:
    """CPU of one answer, as the mean of ``calls`` in a round; plans with all their reasons."""
    graph = open_knowledge().prerequisite_graph
    peer = networkx_graph(graph)
    for what, goals in PLANS.items():
        assert {step.slug for step in plan_to(graph, goals).steps} == set(networkx_plan(peer, goals))
        ours, theirs = interleave(
            cpu_us(lambda goals=goals: plan_to(graph, goals).steps, calls),
            cpu_us(lambda goals=goals: networkx_plan(peer, goals), calls),
            rounds=rounds,
        )
        yield Row(f"plan: {what}", "networkx", "µs CPU", ours, theirs, target=NO_SLOWER, limit=LIMIT_US)
    yield from (_walk(name, mine, other, rounds, calls) for name, mine, other in _walks(graph, peer))


def _walk(
    name: str, ours: Callable[[], object], theirs: Callable[[], object], rounds: int, calls: int
) -> Row:
    assert ours() == theirs()
    figures = interleave(cpu_us(ours, calls), cpu_us(theirs, calls), rounds=rounds)
    return Row(f"shipped: {name}", "networkx", "µs CPU", *figures, target=NO_SLOWER)


def _walks(
    graph: PrerequisiteGraph, peer: "nx.DiGraph[str]"
) -> Iterator[tuple[str, Callable[[], object], Callable[[], object]]]:
    """What is asked, and how Trivium and networkx answer it, in slugs or in numbers that both understand."""
    number, slugs = graph.find(GOAL), graph.slug_of
    by_number = nx.relabel_nodes(peer, {slug: place for place, slug in enumerate(slugs)})
    known = closure(graph.requires, map(graph.find, PAGE_STEPS[2:]))
    weighted = with_hours(graph, peer)
    yield (
        "all a topic requires",
        lambda: closure(graph.requires, [number]),
        lambda: nx.ancestors(by_number, number) | {number},
    )
    yield "what is ready", lambda: outer_fringe(graph, known), lambda: networkx_ready(by_number, known)
    yield (
        "an order of all topics",
        lambda: len(learning_order(graph.requires, graph.unlocks)),
        lambda: len(list(nx.topological_sort(by_number))),
    )
    yield (
        "the longest chain",
        lambda: critical_path(graph).hours,
        lambda: float(nx.dag_longest_path_length(weighted)),
    )


def networkx_graph(graph: PrerequisiteGraph) -> "nx.DiGraph[str]":
    """The same topics; an edge goes from a prerequisite to the topic that requires it."""
    peer: nx.DiGraph[str] = nx.DiGraph()
    slugs = graph.slug_of
    peer.add_nodes_from(slugs)
    peer.add_edges_from(
        (slugs[needed], slugs[topic]) for topic, row in enumerate(graph.requires) for needed in row
    )
    return peer


def with_hours(graph: PrerequisiteGraph, peer: "nx.DiGraph[str]") -> "nx.DiGraph[str]":
    """An edge weighs in networkx, so it carries the hours of its end; a start comes before all topics."""
    weighted: nx.DiGraph[str] = nx.DiGraph()
    hours = dict(zip(graph.slug_of, graph.hours_of, strict=True))
    weighted.add_weighted_edges_from((before, after, hours[after]) for before, after in peer.edges)
    weighted.add_weighted_edges_from(("", graph.slug_of[root], graph.hours_of[root]) for root in graph.roots)
    return weighted


def networkx_plan(peer: "nx.DiGraph[str]", goals: tuple[str, ...]) -> list[str]:
    """All that the goals require, in some order that fits."""
    needed = set(goals).union(*(nx.ancestors(peer, goal) for goal in goals))
    return list(nx.lexicographical_topological_sort(peer.subgraph(needed)))


def networkx_ready(peer: "nx.DiGraph[int]", known: frozenset[int]) -> tuple[int, ...]:
    """Topics that are not known and of which all prerequisites are; roots are found among all topics."""
    candidates = {later for topic in known for later in peer.succ[topic]} - known
    ready = {topic for topic in candidates if known.issuperset(peer.pred[topic])}
    ready.update(topic for topic, count in peer.in_degree if not count and topic not in known)
    return tuple(sorted(ready))


def cpu_us(ask: Callable[[], object], calls: int) -> Callable[[], float]:
    """A round of calls; microseconds of CPU for each."""

    def run() -> float:
        start = process_time()
        for _ in range(calls):
            ask()
        return (process_time() - start) / calls * 1e6

    return run
