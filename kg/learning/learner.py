"""A learner whose knowledge grows: what is ready and what was learnt last are kept up to date, not looked for."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from kg.learning.fringe import Known, inner_fringe, is_open, is_ready, made_ready, outer_fringe
from kg.learning.graph import PrerequisiteGraph
from kg.learning.reach import GoalPart
from kg.learning.state import KnowledgeState, state_of


class Learner:
    """A knowledge state that topics can be added to and taken from; it always holds what its members require.

    For each topic that it has touched it counts the prerequisites that are not known. To learn a topic costs as
    much as there are topics that require it, however many are known. Two learners of one graph are equal where
    they know the same, whichever way they came there.

    >>> from kg.model.learning import Curriculum, TopicColumns
    >>> topics = TopicColumns(["a", "b", "c"], [1.0, 1.0, 1.0], [0, 0, 1, 3], [0, 0, 1])  # c requires a and b, b a
    >>> learner = Learner(PrerequisiteGraph.build(Curriculum(topics)))
    >>> learner.learn(0), learner.ready, learner.last
    ((1,), {1}, {0})
    """

    __slots__ = ("_given", "_known", "_last", "_missing", "_part", "_ranked", "_ready", "graph")

    def __init__(self, graph: PrerequisiteGraph, know: Iterable[int] = ()) -> None:
        state = state_of(graph, know)
        self.graph = graph
        self._given = set(state.given)
        self._known = set(state.known)
        self._ready = set(outer_fringe(graph, self._known))
        self._last = set(inner_fringe(graph, self._known))
        self._missing: dict[int, int] = {}
        self._ranked = sorted(self._ready, key=graph.standing.__getitem__)
        self._part: GoalPart | None = None

    @property
    def known(self) -> Known:
        """All that counts as known."""
        return self._known

    @property
    def ready(self) -> AbstractSet[int]:
        """The outer fringe: topics that can be learnt next."""
        return self._ready

    @property
    def last(self) -> AbstractSet[int]:
        """The inner fringe: topics that nothing known requires."""
        return self._last

    def best(self, count: int) -> list[int]:
        """The first so many of the ready topics, by their standing in the graph."""
        return self._ranked[:count]

    def opens(self, topic: int) -> tuple[int, ...]:
        """Topics that become ready once this one, which is ready, is learnt; ascending."""
        if self.graph.choices:
            return made_ready(self.graph, self._known, topic)
        lacking = self._missing.get
        return tuple(
            [
                later
                for later in self.graph.unlocks[topic]
                if (lacking(later) or self._lacks(later)) == 1  # It is not known, so it lacks one at least.
            ]
        )

    def towards(self, goal: int) -> GoalPart:
        """The part of the graph that leads to a goal; the last one that was asked for is kept."""
        if self._part is None or self._part.goal != goal:
            self._part = self.graph.reach.towards(goal)
        return self._part

    def state(self) -> KnowledgeState:
        """What is known now, as a value."""
        return KnowledgeState(frozenset(self._given), frozenset(self._known))

    def learn(self, topic: int) -> tuple[int, ...]:
        """Add a topic, with all it requires; the topics that become ready by that, ascending."""
        self._given.add(topic)
        opened = [later for each in self._unknown(topic) for later in self._add(each)]
        return tuple(sorted(self._ready.intersection(opened)))

    def forget(self, topic: int) -> tuple[int, ...]:
        """Take a topic away, with all that builds on it; what is no longer known, ascending."""
        lost = {topic} if topic in self._known else set[int]()
        level = list(lost)
        for each in level:
            found = self._known.intersection(self.graph.unlocks[each]) - lost
            lost |= found
            level += found
        for each in sorted(lost, key=self.graph.reach.place_of.__getitem__, reverse=True):
            self._take(each)
        # What was known through a lost topic alone stays known, so from now on it is given.
        self._given = self._given & self._known | self._last
        return tuple(sorted(lost))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Learner):
            return NotImplemented
        return self.graph is other.graph and self._known == other._known

    __hash__ = None  # type: ignore[assignment]  # it changes

    def _unknown(self, topic: int) -> list[int]:
        """The topic and all it requires that is not known, each after all that it requires."""
        found = {} if topic in self._known else {topic: None}
        level = list(found)
        for near in level:
            for needed in self.graph.requires[near]:
                if needed not in self._known and needed not in found:
                    found[needed] = None
                    level.append(needed)
        return sorted(found, key=self.graph.reach.place_of.__getitem__)

    def _add(self, topic: int) -> list[int]:
        """Learn a topic that is ready; those that become ready."""
        self._known.add(topic)
        self._unready(topic)
        self._last.add(topic)
        self._last.difference_update(self.graph.requires[topic])
        opened = []
        missing = self._missing
        for later in self.graph.unlocks[topic]:
            if later in missing:
                missing[later] = left = missing[later] - 1
            else:
                left = self._lacks(later)
            if not left and not is_open(self.graph, self._known, later):
                opened.append(later)
                self._make_ready(later)
        for later in self.graph.choosers.get(topic, ()):
            if later not in self._known and later not in self._ready and self._is_ready(later):
                opened.append(later)
                self._make_ready(later)
        return opened

    def _take(self, topic: int) -> None:
        """Forget a topic that nothing known requires."""
        self._known.discard(topic)
        self._last.discard(topic)
        if not is_open(self.graph, self._known, topic):
            self._make_ready(topic)
        for needed in self.graph.requires[topic]:
            if self._known.isdisjoint(self.graph.unlocks[needed]):
                self._last.add(needed)
        for later in self.graph.unlocks[topic]:
            if later in self._missing:
                self._missing[later] += 1
            self._unready(later)
        for later in self.graph.choosers.get(topic, ()):
            if not self._is_ready(later):
                self._unready(later)

    def _is_ready(self, topic: int) -> bool:
        return is_ready(self.graph, self._known, topic)

    def _make_ready(self, topic: int) -> None:
        if topic not in self._ready:
            self._ready.add(topic)
            insort(self._ranked, topic, key=self.graph.standing.__getitem__)

    def _unready(self, topic: int) -> None:
        if topic in self._ready:
            self._ready.discard(topic)
            standing = self.graph.standing
            del self._ranked[bisect_left(self._ranked, standing[topic], key=standing.__getitem__)]

    def _lacks(self, topic: int) -> int:
        """How many prerequisites of a topic are not known; counted once, and kept up to date from then on."""
        left = self._missing.get(topic)
        if left is None:
            known = self._known
            left = 0
            for needed in self.graph.requires[topic]:
                if needed not in known:
                    left += 1
            self._missing[topic] = left
        return left
