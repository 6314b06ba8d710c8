"""The critical path: the chain of prerequisites that holds the most hours, and the slack of all else.

Kelley & Walker, Critical-path planning and scheduling (1959), doi:10.1145/1460299.1460318.
"""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import fsum

from kg.learning.graph import PrerequisiteGraph
from kg.learning.links import Links
from kg.learning.outline import read_goals
from kg.learning.reasons import names_of
from kg.learning.schedule import DIGITS
from kg.learning.state import read_state
from kg.learning.sweep import heaviest, levels
from kg.learning.syllabus import Syllabus
from kg.learning.way import Way, soonest_way
from kg.model.deferred import deferred
from kg.model.plan import CriticalPath, TimedTopic


def critical_path(
    graph: PrerequisiteGraph, goals: Iterable[str] = (), know: Iterable[str] = ()
) -> CriticalPath:
    """The longest chain to goals, or of all topics where no goal is given; known topics take no time.

    Its hours are the least a group needs whose members learn different topics at the same time. Of each choice
    of prerequisites it takes the option that can be learnt soonest. The slack of all topics is told when it is
    read.

    Raises:
        NotFound: a goal or a known topic that is no topic; near ones are given.
        TooLarge: there are more goals than a plan takes.
    """
    named = tuple(goals)
    wanted = read_goals(graph, named) if named else ()
    known = read_state(graph, know).known
    requires, unlocks = graph.requires, graph.unlocks
    if isinstance(requires, Links) and isinstance(unlocks, Links) and not wanted and not graph.choices:
        times = _time_all(graph, requires, unlocks, known)
    else:
        every = frozenset(range(len(graph.topics)))
        is_plain = not wanted and not graph.choices
        way = Way(every - known) if is_plain else soonest_way(graph, wanted or every, known)
        times = _time(Syllabus.of(graph, way))
    return deferred(
        CriticalPath,
        {
            "goals": graph.slugs(wanted),
            "hours": fsum(times.hours[place] for place in times.chain),
            "total_hours": fsum(times.hours),
            "chain": tuple([times.timed(graph, place) for place in times.chain]),
            "note": "" if times.chain else _note(graph, wanted),
        },
        lambda: {"topics": times.all(graph)},
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Times:
    """When each topic can and must start, and the longest chain. All speaks of places in ``topics``."""

    topics: Sequence[int]
    """Numbers in the graph, ascending."""
    hours: Sequence[float]
    finish: Sequence[float]
    """Hours of the heaviest chain that ends with a topic."""
    tail: Sequence[float]
    """Hours of the heaviest chain that begins with it."""
    chain: Sequence[int]

    def timed(self, graph: PrerequisiteGraph, place: int) -> TimedTopic:
        """A topic with when it can and must start."""
        topic = graph.topics[self.topics[place]]
        earliest = self.finish[place] - self.hours[place]
        total = self.finish[self.chain[-1]]
        # What differs by the last bits of a sum is no slack; max() also takes away the sign of -0.0.
        slack = max(round(total - self.tail[place] - earliest, DIGITS), 0.0)
        earliest = round(earliest, DIGITS)
        latest = round(earliest + slack, DIGITS)
        return TimedTopic(topic.iri, topic.slug, topic.label, topic.hours, earliest, latest, slack)

    def all(self, graph: PrerequisiteGraph) -> tuple[TimedTopic, ...]:
        """All topics, least slack first, then by earliest start and slug."""
        timed = [self.timed(graph, place) for place in range(len(self.topics))]
        return tuple(sorted(timed, key=lambda topic: (topic.slack, topic.earliest, topic.slug)))


def _time(syllabus: Syllabus) -> _Times:
    order, hours = syllabus.order(), syllabus.hours
    finish, tail = [0.0] * len(order), [0.0] * len(order)
    for place in order:
        finish[place] = (
            max([finish[needed] for needed in syllabus.requires[place]], default=0.0) + hours[place]
        )
    for place in reversed(order):
        tail[place] = max([tail[later] for later in syllabus.unlocks[place]], default=0.0) + hours[place]
    last = finish.index(max(finish)) if finish else None
    return _Times(syllabus.topics, hours, finish, tail, _chain(syllabus.requires.__getitem__, finish, last))


def _time_all(graph: PrerequisiteGraph, requires: Links, unlocks: Links, known: AbstractSet[int]) -> _Times:
    """The same for all topics of a large graph that are not known, level by level."""
    import numpy as np

    is_known = np.zeros(len(requires), bool)
    is_known[list(known)] = True
    hours = np.where(is_known, 0.0, np.asarray(graph.hours_of, np.float64))
    walk = list(levels(requires, unlocks))
    finish = heaviest(requires, hours, walk)
    tail = heaviest(unlocks, hours, reversed(walk))
    topics = np.flatnonzero(~is_known)
    last = int(np.argmax(np.where(is_known, -1.0, finish))) if len(topics) else None
    chain = _chain(lambda topic: [needed for needed in requires[topic] if needed not in known], finish, last)
    finish_of, tail_of = (np.frombuffer(values, np.float64)[topics] for values in (finish, tail))
    return _Times(
        topics.tolist(),
        hours[topics].tolist(),
        finish_of.tolist(),
        tail_of.tolist(),
        np.searchsorted(topics, np.asarray(chain, np.int64)).tolist(),
    )


def _chain(before: Callable[[int], Sequence[int]], finish: Sequence[float], last: int | None) -> list[int]:
    """Walks back from what is finished last, always to the prerequisite that is finished last."""
    if last is None:
        return []
    chain = [last]
    while needed := before(chain[-1]):
        chain.append(max(needed, key=finish.__getitem__))
    return chain[::-1]


def _note(graph: PrerequisiteGraph, goals: tuple[int, ...]) -> str:
    if not goals:
        return "There is nothing left to learn."
    names = names_of([graph.label_of[goal] for goal in goals], len(goals))
    return f"Known already: {names}; there is nothing left to learn."
