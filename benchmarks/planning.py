"""CPU of a plan over the shipped topics, beside networkx: ancestors and a topological order, without reasons."""

from collections.abc import Callable
from time import process_time

import networkx as nx

from benchmarks.measure import Row, interleave
from kg.learning.graph import PrerequisiteGraph
from kg.learning.plan import plan_to
from kg.services.knowledge import open_knowledge

LIMIT_US = 2_000.0
PAGE_STEPS = (
    "agent-frameworks",
    "chinchilla-scaling",
    "environmental-impact",
    "llm-interpretability",
    "mixture-of-experts",
    "state-space-models",
)
PLANS = {
    "the page's six next topics": PAGE_STEPS,
    "all topics": ("future-of-llms",),
}


def measure_plan(rounds: int, calls: int) -> tuple[Row, ...]:
    """CPU of one plan, as the mean of ``calls`` in a round."""
    graph = open_knowledge().prerequisite_graph
    peer = networkx_graph(graph)
    rows = []
    for what, goals in PLANS.items():
        assert {step.slug for step in plan_to(graph, goals).steps} == set(networkx_plan(peer, goals))
        ours, theirs = interleave(
            cpu_us(lambda goals=goals: plan_to(graph, goals), calls),
            cpu_us(lambda goals=goals: networkx_plan(peer, goals), calls),
            rounds=rounds,
        )
        name = "networkx"
        rows.append(Row(f"plan: {what}", name, "µs CPU", ours, theirs, limit=LIMIT_US))
    return tuple(rows)


def networkx_graph(graph: PrerequisiteGraph) -> "nx.DiGraph[str]":
    """The same topics; an edge goes from a prerequisite to the topic that requires it."""
    peer: nx.DiGraph[str] = nx.DiGraph()
    peer.add_nodes_from(topic.slug for topic in graph.topics)
    peer.add_edges_from((needed, topic.slug) for topic in graph.topics for needed in topic.requires)
    return peer


def networkx_plan(peer: "nx.DiGraph[str]", goals: tuple[str, ...]) -> list[str]:
    """All that the goals require, in some order that fits."""
    needed = set(goals).union(*(nx.ancestors(peer, goal) for goal in goals))
    return list(nx.lexicographical_topological_sort(peer.subgraph(needed)))


def cpu_us(ask: Callable[[], object], calls: int) -> Callable[[], float]:
    """A round of calls; microseconds of CPU for each."""

    def run() -> float:
        start = process_time()
        for _ in range(calls):
            ask()
        return (process_time() - start) / calls * 1e6

    return run
