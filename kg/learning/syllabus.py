"""What is still to learn for goals: a part of the prerequisite graph, numbered by itself."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from kg.learning.closure import closure
from kg.learning.graph import PrerequisiteGraph
from kg.learning.links import Neighbours


@dataclass(frozen=True, slots=True, eq=False)
class Syllabus:
    """The topics that goals require and that are not known, each with a place that sorts as slugs do."""

    topics: tuple[int, ...]
    """Their numbers in the graph, ascending. All that follows speaks of places in this tuple."""
    requires: Neighbours
    unlocks: Neighbours
    hours: tuple[float, ...]
    areas: tuple[str, ...]

    @classmethod
    def of(cls, graph: PrerequisiteGraph, goals: Iterable[int], known: AbstractSet[int]) -> "Syllabus":
        """What goals still require, themselves included; nothing where all of it is known."""
        topics = tuple(sorted(closure(graph.requires, goals) - known))
        place_of = {topic: place for place, topic in enumerate(topics)}
        requires = tuple(
            [
                tuple([place_of[needed] for needed in graph.requires[topic] if needed in place_of])
                for topic in topics
            ]
        )
        unlocks: list[list[int]] = [[] for _ in topics]
        for place, needed in enumerate(requires):
            for before in needed:
                unlocks[before].append(place)
        return cls(
            topics,
            requires,
            tuple(map(tuple, unlocks)),
            tuple(graph.topics[topic].hours for topic in topics),
            tuple(graph.topics[topic].area for topic in topics),
        )
