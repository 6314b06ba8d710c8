"""CPU of what is asked about learning of a million topics, the slowest hundredth of the calls, beside peers.

rustworkx has the same million; networkx, which takes half a minute and a gigabyte to build them, and SPARQL paths
have a tenth of them, and so has Trivium in those rows. Answers are compared before anything is timed.
"""

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from time import process_time
from typing import Any

import networkx as nx
import pyoxigraph as ox

from benchmarks.curriculum import BASE, make_curriculum
from benchmarks.measure import Row, interleave
from benchmarks.planning import networkx_graph, networkx_ready, with_hours
from kg.learning.closure import closure
from kg.learning.critical import critical_path
from kg.learning.fringe import outer_fringe
from kg.learning.graph import PrerequisiteGraph
from kg.learning.learner import Learner
from kg.learning.plan import plan_to
from kg.learning.rank import next_for, next_topics
from kg.model.learning import Curriculum, TopicColumns

MANY, FEWER = 1_000_000, 100_000
QUICK_MANY, QUICK_FEWER = 25_000, 22_000
LEARNERS, KNOWN, GOALS = 20, 300, 50
QUICK_CALLS, SLOW_CALLS = 20, 20
MOST_ROUNDS, SLOW_ROUNDS = 5, 3
BUILD_MS, BUILD_MB = 5_000.0, 300.0
CLOSURE_MS, PLAN_MS, NEXT_MS, KEPT_MS, CHAIN_MS = 5.0, 5.0, 25.0, 2.0, 3_000.0
LARGE = ("build", "a closure", "a plan", "next, 300 known", "next, learner kept", "chain, cycles")
P99, ONCE = "ms CPU, 99 %", "ms CPU"
READY = f"""PREFIX : <{BASE}>
SELECT ?topic {{ ?topic a :Topic FILTER NOT EXISTS {{ ?topic a :Known }}
  FILTER NOT EXISTS {{ ?topic :requires ?needed FILTER NOT EXISTS {{ ?needed a :Known }} }} }}"""

Ask = Callable[[int], object]
"""A question by the place of its goal or learner."""


@dataclass(frozen=True, slots=True)
class World:
    """A graph, goals in it, and learners on the way to them: each knows the 300 topics that come first."""

    graph: PrerequisiteGraph
    goals: tuple[int, ...]
    known: tuple[frozenset[int], ...]

    @classmethod
    def of(cls, columns: TopicColumns) -> "World":
        """The goals are topics that nothing requires, a thousand topics behind each."""
        graph = PrerequisiteGraph.build(Curriculum(columns))
        ends = [topic for topic, later in enumerate(graph.unlocks) if not later]
        goals = ends[:: max(len(ends) // GOALS, 1)][:GOALS]
        before = (closure(graph.requires, [goal]) for goal in goals[:LEARNERS])
        known = (sorted(topics, key=graph.reach.place_of.__getitem__)[:KNOWN] for topics in before)
        return cls(graph, tuple(goals), tuple(map(frozenset, known)))

    def slug(self, goal: int) -> str:
        """The goal at a place."""
        return self.graph.slug_of[self.goals[goal]]


def measure_learning(rounds: int, calls: int) -> Iterator[Row]:
    """Rows beside rustworkx, networkx and SPARQL; few calls mean a small world, which shows that all of it runs."""
    many, fewer = (MANY, FEWER) if calls > QUICK_CALLS else (QUICK_MANY, QUICK_FEWER)
    rounds = min(rounds, MOST_ROUNDS)
    columns = make_curriculum(many)
    yield _memory(columns)
    yield from _beside_rustworkx(columns, rounds, calls)
    del columns
    world = World.of(make_curriculum(fewer))
    yield from _beside_networkx(world, rounds, calls)
    yield from _beside_sparql(world, rounds, calls)


def _memory(columns: TopicColumns) -> Row:
    """What a build allocates at its peak, beside the columns that it is made of."""
    tracemalloc.start()
    PrerequisiteGraph.build(Curriculum(columns))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    sizes = (4 * len(columns.needed), 4 * len(columns.starts), 8 * 4 * len(columns), 56 * len(columns))
    return Row(
        "large: build, memory at its peak",
        "its columns",
        "MB",
        (peak / 1e6,),
        (sum(sizes) / 1e6,),
        limit=BUILD_MB,
    )


def _beside_rustworkx(columns: TopicColumns, rounds: int, calls: int) -> Iterator[Row]:
    try:
        import rustworkx as rx
    except ImportError:
        yield from (Row(f"large: {each}", "rustworkx", P99, missing="it is not installed") for each in LARGE)
        return
    world = World.of(columns)
    graph, hours = world.graph, columns.hours
    gc.collect()
    gc.freeze()

    def build() -> Any:
        peer = rx.PyDiGraph()
        peer.add_nodes_from(range(len(graph.topics)))
        peer.add_edges_from_no_data(
            [(needed, topic) for topic, row in enumerate(graph.requires) for needed in row]
        )
        return peer

    peer = build()
    start = peer.add_node(-1)
    peer.add_edges_from_no_data([(start, root) for root in graph.roots])

    def plan(place: int) -> list[int]:
        part = peer.subgraph([*rx.ancestors(peer, world.goals[place]), world.goals[place]])
        return [part[node] for node in rx.topological_sort(part)]

    def chain() -> float:
        assert rx.is_directed_acyclic_graph(peer)
        return float(rx.dag_weighted_longest_path_length(peer, lambda _, later, __: hours[later]))

    def ready(place: int) -> set[int]:
        known = world.known[place % LEARNERS]
        candidates = {later for topic in known for later in peer.successor_indices(topic)} - known
        return {topic for topic in candidates if known.issuperset(peer.predecessor_indices(topic))}

    for goal in range(3):
        assert {*rx.ancestors(peer, world.goals[goal]), world.goals[goal]} - {start} == closure(
            graph.requires, [world.goals[goal]]
        )
        assert set(plan(goal)) - {-1} == {
            graph.find(step.slug) for step in plan_to(graph, [world.slug(goal)]).steps
        }
        assert ready(goal) | set(graph.roots) - world.known[goal] == set(
            outer_fringe(graph, world.known[goal])
        )
    assert critical_path(graph).hours == chain()
    slow, few = min(rounds, SLOW_ROUNDS), min(calls, SLOW_CALLS)
    rebuild = partial(PrerequisiteGraph.build, Curriculum(columns))
    yield _once("large: build", "rustworkx", rebuild, build, slow, BUILD_MS)
    beside = partial(_row, peer="rustworkx", rounds=rounds, calls=calls)
    yield beside(
        "large: a closure", _closures(world), lambda g: rx.ancestors(peer, world.goals[g]), limit=CLOSURE_MS
    )
    yield beside("large: a plan", _plans(world), plan, few=few, limit=PLAN_MS)
    yield beside("large: next, 300 known", _next(world), ready, few=few, limit=NEXT_MS)
    yield beside("large: next, learner kept", _kept(world), ready, few=few, limit=KEPT_MS)
    yield _once("large: chain, cycles", "rustworkx", lambda: _chain(graph), chain, slow, CHAIN_MS)


def _beside_networkx(world: World, rounds: int, calls: int) -> Iterator[Row]:
    graph = world.graph
    slow, few = min(rounds, SLOW_ROUNDS), min(calls, SLOW_CALLS)
    peer = networkx_graph(graph)
    numbered = nx.relabel_nodes(peer, {slug: number for number, slug in enumerate(graph.slug_of)})
    weighted = with_hours(graph, peer)

    def ready(place: int) -> tuple[int, ...]:
        return networkx_ready(numbered, world.known[place % LEARNERS])

    def plan(place: int) -> list[str]:
        needed = nx.ancestors(peer, world.slug(place)) | {world.slug(place)}
        return list(nx.lexicographical_topological_sort(peer.subgraph(needed)))

    def longest() -> float:
        assert nx.is_directed_acyclic_graph(peer)
        return float(nx.dag_longest_path_length(weighted))

    assert ready(0) == outer_fringe(graph, world.known[0])
    assert {step.slug for step in plan_to(graph, [world.slug(0)]).steps} == set(plan(0))
    assert critical_path(graph).hours == longest()
    beside = partial(_row, peer="networkx", rounds=rounds, calls=calls)
    yield beside("a tenth: a closure", _closures(world), lambda g: nx.ancestors(numbered, world.goals[g]))
    yield beside("a tenth: a plan", _plans(world), plan, few=few)
    yield beside("a tenth: next, 300 known", _next(world), ready, few=few)
    yield _once("a tenth: chain, cycles", "networkx", lambda: _chain(graph), longest, slow)


def _beside_sparql(world: World, rounds: int, calls: int) -> Iterator[Row]:
    graph, few = world.graph, min(calls, SLOW_CALLS)
    store = ox.Store()
    iris = [ox.NamedNode(graph.iri(number)) for number in range(len(graph.topics))]
    kind, requires = (
        ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
        ox.NamedNode(BASE + "requires"),
    )
    store.bulk_extend(ox.Quad(iri, kind, ox.NamedNode(BASE + "Topic")) for iri in iris)
    store.bulk_extend(
        ox.Quad(iris[topic], requires, iris[needed])
        for topic, row in enumerate(graph.requires)
        for needed in row
    )
    store.extend(ox.Quad(iris[topic], kind, ox.NamedNode(BASE + "Known")) for topic in world.known[0])

    def ask(query: str) -> set[str]:
        solutions = store.query(query)
        assert isinstance(solutions, ox.QuerySolutions)
        return {row[0].value.removeprefix(BASE) for row in solutions}

    def path(place: int) -> set[str]:
        return ask(f"SELECT ?needed {{ <{BASE}{world.slug(place)}> <{BASE}requires>* ?needed }}")

    assert path(0) == set(graph.slugs(closure(graph.requires, [world.goals[0]])))
    assert ask(READY) == set(graph.slugs(outer_fringe(graph, world.known[0])))
    beside = partial(_row, peer="SPARQL paths", rounds=rounds, calls=calls, few=few)
    yield beside("a tenth: a closure", _closures(world), path)
    yield beside("a tenth: next, 300 known", _next(world), lambda _: ask(READY))


def _closures(world: World) -> Ask:
    return lambda goal: closure(world.graph.requires, [world.goals[goal]])


def _plans(world: World) -> Ask:
    """A plan in its order, with hours; its steps are told when they are read."""
    return lambda goal: plan_to(world.graph, [world.slug(goal)])


def _next(world: World) -> Ask:
    """Five ranked topics with reasons, for what somebody says that they know."""
    told = [[world.graph.slug_of[topic] for topic in known] for known in world.known]
    return lambda place: next_topics(world.graph, told[place % LEARNERS])


def _kept(world: World) -> Ask:
    """The same for learners that are kept and learn a topic towards their goal before each question."""
    graph = world.graph
    learners = [Learner(graph, known) for known in world.known]
    paths = [
        cycle(sorted(closure(graph.requires, [goal]), key=graph.reach.place_of.__getitem__)[KNOWN:-1])
        for goal in world.goals[:LEARNERS]
    ]

    def ask(place: int) -> object:
        learner = learners[place % LEARNERS]
        learner.learn(next(paths[place % LEARNERS]))
        return next_for(learner, goal=world.slug(place % LEARNERS))

    for place in range(LEARNERS):
        ask(place)
    return ask


def _chain(graph: PrerequisiteGraph) -> float:
    """The longest chain; on its way the topics are put in order anew, which shows that they form no cycle."""
    return critical_path(graph).hours


def _row(
    name: str, ours: Ask, theirs: Ask, *, peer: str, rounds: int, calls: int, few: int = 0, limit: float = 0.0
) -> Row:
    """The slowest hundredth of the calls in each round; a slow peer is called ``few`` times."""
    figures = interleave(_slowest(ours, calls), _slowest(theirs, few or calls), rounds=rounds)
    return Row(name, peer, P99, *figures, limit=limit)


def _once(
    name: str,
    peer: str,
    ours: Callable[[], object],
    theirs: Callable[[], object],
    rounds: int,
    limit: float = 0.0,
) -> Row:
    figures = interleave(partial(_cpu_ms, ours), partial(_cpu_ms, theirs), rounds=rounds)
    return Row(name, peer, ONCE, *figures, limit=limit)


def _slowest(ask: Ask, calls: int) -> Callable[[], float]:
    """A round of calls; the milliseconds that 99 of 100 take at most."""

    def run() -> float:
        times = sorted(_cpu_ms(partial(ask, place)) for place in islice(cycle(range(GOALS)), calls))
        return times[-(-99 * len(times) // 100) - 1]

    return run


def _cpu_ms(ask: Callable[[], object]) -> float:
    start = process_time()
    ask()
    return (process_time() - start) * 1e3
