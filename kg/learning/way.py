"""The way to goals: all that they require, and of each choice on the way the option that makes it shortest."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, Protocol

from kg.learning.alternatives import Mixed
from kg.learning.closure import closure
from kg.learning.graph import PrerequisiteGraph
from kg.learning.links import Neighbours
from kg.learning.selection import OPTIMAL, Problem, Selection, millionths, pick_soonest

Picks = Mapping[int, tuple[int, ...]]
"""Topic → the options picked for its choices; it requires them as it requires its prerequisites."""


class Solver(Protocol):
    """Where selections are made: in this program, or in a worker that can be stopped."""

    def cheapest(self, problem: Problem, goals: tuple[int, ...]) -> Selection:
        """See :func:`kg.learning.optimize.cheapest`."""

    def most_valuable(self, problem: Problem, budget: int | None) -> Selection:
        """See :func:`kg.learning.optimize.most_valuable`."""


class Here:
    """A solver in this program."""

    def cheapest(self, problem: Problem, goals: tuple[int, ...]) -> Selection:
        """See :func:`kg.learning.optimize.cheapest`."""
        from kg.learning.optimize import cheapest

        return cheapest(problem, goals)

    def most_valuable(self, problem: Problem, budget: int | None) -> Selection:
        """See :func:`kg.learning.optimize.most_valuable`."""
        from kg.learning.optimize import most_valuable

        return most_valuable(problem, budget)


class Quick(Here):
    """A solver in this program that proves nothing for many topics: for answers that must come at once."""

    def cheapest(self, problem: Problem, goals: tuple[int, ...]) -> Selection:
        """The same; of many topics by the options that are shortest by themselves."""
        from kg.learning.optimize import FEW, cheapest

        return cheapest(problem, goals, proven=FEW)


HERE: Final[Solver] = Here()
QUICK: Final[Solver] = Quick()


@dataclass(frozen=True, slots=True)
class Way:
    """Topics to learn for goals, by number, known ones left out; with the options that were picked."""

    topics: frozenset[int]
    picks: Picks = field(default_factory=dict)
    status: str = OPTIMAL
    short: int = 0
    """Hours, in millionths, by which a way can be shorter at most: 0 where this is proven to be the shortest."""

    def edges(self, graph: PrerequisiteGraph) -> Neighbours:
        """What topics require by this way."""
        return Mixed(graph.requires, self.picks) if self.picks else graph.requires

    def later(self, graph: PrerequisiteGraph) -> Neighbours:
        """The same edges, read the other way."""
        takers: dict[int, tuple[int, ...]] = {}
        for topic, options in sorted(self.picks.items()):
            for option in options:
                takers[option] = (*takers.get(option, ()), topic)
        return Mixed(graph.unlocks, takers) if takers else graph.unlocks


@dataclass(frozen=True, slots=True)
class Horizon:
    """All topics that can come before goals, by any option, as a problem; ``topics`` are their numbers."""

    topics: tuple[int, ...]
    problem: Problem

    @classmethod
    def of(cls, graph: PrerequisiteGraph, goals: Iterable[int], known: AbstractSet[int]) -> "Horizon":
        """Known topics are left out, and choices of which an option is known."""
        unmet: dict[int, tuple[tuple[int, ...], ...]] = {}
        reached = set(goals) - known
        waiting = list(reached)
        while waiting:
            topic = waiting.pop()
            groups = tuple(group for group in graph.choices.get(topic, ()) if known.isdisjoint(group))
            if groups:
                unmet[topic] = groups
            fresh = {*graph.requires[topic], *chain(*groups)} - reached - known
            reached |= fresh
            waiting += fresh
        topics = tuple(sorted(reached))
        place_of = {topic: place for place, topic in enumerate(topics)}
        problem = Problem(
            tuple([millionths(graph.hours_of[topic]) for topic in topics]),
            (0,) * len(topics),
            tuple([tuple([place_of[n] for n in graph.requires[topic] if n in place_of]) for topic in topics]),
            tuple(
                (place_of[topic], tuple(place_of[option] for option in options))
                for topic in sorted(unmet)
                for options in unmet[topic]
            ),
        )
        return cls(topics, problem)

    def places(self, topics: Iterable[int]) -> tuple[int, ...]:
        """The places of those topics that are in it, ascending."""
        wanted = frozenset(topics)
        return tuple(place for place, topic in enumerate(self.topics) if topic in wanted)

    def numbers(self, places: Iterable[int]) -> frozenset[int]:
        """The topics at these places."""
        return frozenset(map(self.topics.__getitem__, places))

    def picks(self, among: AbstractSet[int] | None = None) -> dict[int, tuple[int, ...]]:
        """For each topic the options that can be learnt soonest, among the topics at these places if it can be."""
        found = pick_soonest(self.problem, among)
        return {
            self.topics[topic]: tuple(map(self.topics.__getitem__, options))
            for topic, options in found.items()
        }


def way_to(
    graph: PrerequisiteGraph, goals: Iterable[int], known: AbstractSet[int], solver: Solver = HERE
) -> Way:
    """The topics still to learn for goals, themselves included, in the fewest hours.

    No topic of it can be left out. Where no choice is open it is all that the goals require, and no solver runs.
    """
    wanted = tuple(goals)
    must = closure(graph.requires, wanted) - known
    if not graph.choices or graph.choices.keys().isdisjoint(must):
        return Way(must)
    horizon = Horizon.of(graph, wanted, known)
    found = solver.cheapest(horizon.problem, horizon.places(wanted))
    picks = horizon.picks(frozenset(found.chosen))
    kept = horizon.numbers(found.chosen)
    return Way(
        kept,
        {topic: options for topic, options in picks.items() if topic in kept},
        found.status,
        found.reached - found.bound,
    )


def soonest_way(graph: PrerequisiteGraph, goals: Iterable[int], known: AbstractSet[int]) -> Way:
    """The topics still to learn for goals by the options that a group is through with first."""
    wanted = tuple(goals)
    must = closure(graph.requires, wanted) - known
    if not graph.choices or graph.choices.keys().isdisjoint(must):
        return Way(must)
    picks = Horizon.of(graph, wanted, known).picks()
    return Way(closure(Mixed(graph.requires, picks), wanted) - known, picks)
