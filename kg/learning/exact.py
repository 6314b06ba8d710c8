"""The best order of a few topics: dynamic programming over all sets that can be known on the way.

After some topics only which of them are known counts, not in which order they came: of all orders of the same set
one is enough (Held & Karp 1962, doi:10.1137/0110015). There are as many sets as the topics have down-sets.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from kg.learning.selection import millionths
from kg.learning.syllabus import Syllabus

MOST_TOPICS: Final = 30
"""Most topics for which it is tried: with more, sets are nearly always too many."""
MOST_SETS: Final = 4_096
"""Most sets that are looked at: some 0.05 s."""

State = tuple[int, str]
"""The set that is known, as bits, and the area of the last topic where that counts."""
Level = dict[State, tuple[int, ...]]
"""All states after so many topics, each with the topics that are ready then."""
_START: Final[State] = (0, "")


def best_order(syllabus: Syllabus, order: str) -> tuple[int, ...] | None:
    """The order that measures best, and from each step on as well; None where there are too many sets.

    Of several it is the first by slug.
    """
    if len(syllabus.topics) > MOST_TOPICS:
        return None
    board = _Board(syllabus, order)
    levels = board.levels()
    if levels is None:
        return None
    best = dict.fromkeys(levels[-1], 0)
    for level in reversed(levels[:-1]):
        for state, ready in level.items():
            best[state] = min([board.onward(best, state, topic) for topic in ready])
    state, found = _START, list[int]()
    for level in levels[:-1]:
        topic = next(t for t in level[state] if board.onward(best, state, t) == best[state])
        found.append(topic)
        state = board.after(state, topic)
    return tuple(found)


class _Board:
    """The topics as bits, and what a step of an order costs."""

    def __init__(self, syllabus: Syllabus, order: str) -> None:
        self.needs = [sum(1 << needed for needed in before) for before in syllabus.requires]
        self.unlocks = [sum(1 << later for later in after) for after in syllabus.unlocks]
        self.hours = [millionths(hours) for hours in syllabus.hours]
        self.areas = syllabus.areas if order == "area" else ("",) * len(self.hours)
        self._open: dict[int, int] = {}
        self._cost: Callable[[State, int], int] = partial(_COSTS[order], self)
        self._is_peak = order == "focus"

    def levels(self) -> list[Level] | None:
        """The states after no topic, after one, and so on; None where they are too many."""
        levels: list[Level] = [{_START: self._ready(0)}]
        sets = 1
        for _ in self.needs:
            level: Level = {}
            for state, topics in levels[-1].items():
                for after in (self.after(state, topic) for topic in topics):
                    if after not in level:
                        level[after] = self._ready(after[0])
                if sets + len(level) > MOST_SETS:
                    return None
            sets += len(level)
            levels.append(level)
        return levels

    def after(self, state: State, topic: int) -> State:
        """The state once the topic is learnt."""
        return state[0] | 1 << topic, self.areas[topic]

    def onward(self, best: dict[State, int], state: State, topic: int) -> int:
        """The cost of the rest of an order that goes on with the topic."""
        step, rest = self._cost(state, topic), best[self.after(state, topic)]
        return max(step, rest) if self._is_peak else step + rest

    def _ready(self, known: int) -> tuple[int, ...]:
        return tuple([t for t, needed in enumerate(self.needs) if not (known >> t & 1 or needed & ~known)])

    def distance(self, state: State, topic: int) -> int:
        """A topic's place counts once for each prerequisite that it has, and against it for each later topic."""
        return state[0].bit_count() * (self.needs[topic].bit_count() - self.unlocks[topic].bit_count())

    def open_topics(self, state: State, topic: int) -> int:
        """How many topics are learnt and still needed, once the topic is."""
        known = state[0] | 1 << topic
        if known not in self._open:
            self._open[known] = sum(
                [known >> t & 1 and later & ~known != 0 for t, later in enumerate(self.unlocks)]
            )
        return self._open[known]

    def new_area(self, state: State, topic: int) -> int:
        """1 where the topic lies in another area than the last one."""
        return int(state[0] != 0 and state[1] != self.areas[topic])

    def waiting(self, state: State, topic: int) -> int:
        """Its hours, once for itself and once for each topic after it."""
        return self.hours[topic] * (len(self.hours) - state[0].bit_count())


_COSTS: Final = {
    "recall": _Board.distance,
    "focus": _Board.open_topics,
    "area": _Board.new_area,
    "short": _Board.waiting,
}
