"""How many topics build on a topic: what it is worth to learn it."""

from collections.abc import Iterable, KeysView, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from kg.learning.links import Neighbours

REACH_COUNTED: Final = 300
"""Topics that build on one are counted up to here: it bounds the cost of ranking one topic."""

PART_COUNTED: Final = 10_000
"""Up to so many topics that a goal requires, those that build on each are counted all at once."""

KEPT_GOALS: Final = 64
"""Goals whose part of the graph is kept, so that the next question about one begins with the ranking."""


def count_reach(unlocks: Neighbours, topic: int, within: AbstractSet[int] | None = None) -> int:
    """Topics that build on one, those ``within`` a set where one is given, counted up to ``REACH_COUNTED``."""
    reached = {topic}
    level = [topic]
    for near in level:
        later = [each for each in unlocks[near] if each not in reached]
        if within is not None:
            later = [each for each in later if each in within]
        reached.update(later)
        level.extend(later)
        if len(reached) > REACH_COUNTED:
            return REACH_COUNTED
    return len(reached) - 1


@dataclass(frozen=True, slots=True, eq=False)
class GoalPart:
    """A goal with all that it requires."""

    goal: int
    later_of: Mapping[int, int]
    """Topic → the one after it on its shortest way to the goal; of several ways the first by slug."""
    unlocks: Neighbours
    """Of the whole graph."""
    counts: Mapping[int, int]
    """Topic → how many of the others build on it; empty where there are more than ``PART_COUNTED``."""

    @property
    def topics(self) -> KeysView[int]:
        """The goal and all that it requires."""
        return self.later_of.keys()

    def reach(self, topic: int) -> int:
        """How many topics on the way to the goal build on one that is on it; at most ``REACH_COUNTED``."""
        if self.counts:
            return min(self.counts[topic], REACH_COUNTED)
        return count_reach(self.unlocks, topic, self.topics)

    def chain(self, topic: int) -> tuple[int, ...]:
        """The shortest way up from a topic to the goal, both included."""
        chain = [topic]
        while chain[-1] != self.goal:
            chain.append(self.later_of[chain[-1]])
        return tuple(chain)


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Counts of what builds on topics. They do not depend on what is known, so each is kept once it is made.

    Where what is known holds all that it requires, nothing that builds on an unknown topic is known: then the
    count is what the topic opens. Safe to share between threads: two may count the same, and find the same.
    """

    requires: Neighbours
    unlocks: Neighbours
    place_of: Sequence[int]
    """Of a topic in an order in which each comes after all that it requires."""
    _counts: dict[int, int] = field(default_factory=dict)
    _parts: dict[int, GoalPart] = field(default_factory=dict)

    def of(self, topic: int) -> int:
        """How many topics build on this one, itself not counted; at most ``REACH_COUNTED``."""
        found = self._counts.get(topic)
        if found is None:
            found = self._counts[topic] = count_reach(self.unlocks, topic)
        return found

    def towards(self, goal: int) -> GoalPart:
        """The part of the graph that leads to a goal."""
        part = self._parts.get(goal)
        if part is None:
            later_of = {goal: goal}
            for later in (level := [goal]):
                found = [needed for needed in self.requires[later] if needed not in later_of]
                later_of.update(dict.fromkeys(found, later))
                level += found
            counts = self._builders(level) if len(level) <= PART_COUNTED else {}
            while len(self._parts) >= KEPT_GOALS:
                self._parts.pop(next(iter(self._parts), goal), None)
            part = self._parts[goal] = GoalPart(goal, later_of, self.unlocks, counts)
        return part

    def _builders(self, topics: Iterable[int]) -> dict[int, int]:
        """Last topic first, each hands down the set of all that builds on it, as the bits of an integer."""
        builders = dict.fromkeys(topics, 0)
        counts = {}
        in_order = sorted(topics, key=self.place_of.__getitem__)
        for bit, topic in enumerate(reversed(in_order)):
            own = builders.pop(topic)
            counts[topic] = own.bit_count()
            own |= 1 << bit
            for needed in self.requires[topic]:
                builders[needed] |= own
        return counts
