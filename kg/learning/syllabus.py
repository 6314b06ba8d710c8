"""What is still to learn for goals: a part of the prerequisite graph, numbered by itself."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from kg.learning.graph import PrerequisiteGraph
from kg.learning.links import Links, Neighbours, lengths, reverse_rows
from kg.learning.way import Way


@dataclass(frozen=True, slots=True, eq=False)
class Syllabus:
    """The topics of a way to goals, each with a place that sorts as slugs do."""

    topics: tuple[int, ...]
    """Their numbers in the graph, ascending. All that follows speaks of places in this tuple."""
    requires: Neighbours
    """What topics require by this way: prerequisites, and the options that were picked."""
    unlocks: Neighbours
    hours: tuple[float, ...]
    area_of: Sequence[str]
    """Of all topics of the graph, by number."""

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas of the topics."""
        return tuple(map(self.area_of.__getitem__, self.topics))

    @classmethod
    def of(cls, graph: PrerequisiteGraph, way: Way) -> "Syllabus":
        """What the way takes; nothing where all of it is known."""
        edges = way.edges(graph)
        if isinstance(edges, Links) and len(way.topics) < len(graph.topics):
            return cls._of_arrays(graph, way.topics, edges)
        return cls._numbered(graph, tuple(sorted(way.topics)), edges)

    def part(self, graph: PrerequisiteGraph, way: Way, places: AbstractSet[int]) -> "Syllabus":
        """These topics alone, numbered anew in the same order; they hold all that they require."""
        if len(places) == len(self.topics):
            return self
        topics = tuple([topic for place, topic in enumerate(self.topics) if place in places])
        return self._numbered(graph, topics, way.edges(graph))

    @classmethod
    def _numbered(cls, graph: PrerequisiteGraph, topics: tuple[int, ...], edges: Neighbours) -> "Syllabus":
        requires: Neighbours
        unlocks: Neighbours
        if len(topics) == len(graph.topics) and edges is graph.requires:
            requires, unlocks = edges, graph.unlocks
        else:
            place_of = {topic: place for place, topic in enumerate(topics)}
            requires = tuple(
                [
                    tuple([place_of[needed] for needed in edges[topic] if needed in place_of])
                    for topic in topics
                ]
            )
            unlocks = reverse_rows(requires)
        return cls(
            topics,
            requires,
            unlocks,
            tuple(map(graph.hours_of.__getitem__, topics)),
            graph.area_of,
        )

    @classmethod
    def _of_arrays(cls, graph: PrerequisiteGraph, chosen: AbstractSet[int], edges: Links) -> "Syllabus":
        """The same of a large graph, all topics at once."""
        import numpy as np

        members = np.fromiter(chosen, np.int32, len(chosen))
        members.sort()
        hours = tuple(np.asarray(graph.hours_of)[members].tolist())
        return cls(tuple(members.tolist()), *edges.within(members), hours, graph.area_of)

    def place(self, topic: int) -> int:
        """The place of a topic that is in it."""
        return bisect_left(self.topics, topic)

    def places(self, topics: Iterable[int]) -> tuple[int, ...]:
        """The places of those topics that are in it, ascending."""
        wanted = frozenset(topics)
        return tuple([place for place, topic in enumerate(self.topics) if topic in wanted])

    def order(self) -> list[int]:
        """Places, each after all it requires (Kahn, doi:10.1145/368996.369025)."""
        missing = lengths(self.requires)
        order = [place for place, count in enumerate(missing) if not count]
        for place in order:
            for later in self.unlocks[place]:
                missing[later] -= 1
                if not missing[later]:
                    order.append(later)
        return order
