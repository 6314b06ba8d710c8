"""Orders of study: one sequence of topics for each thing that a learner may want to keep small.

To find the best order is NP-hard for each of the measures. Where topics are few it is found all the same; else a
few greedy orders are made and the one that measures best is taken: whoever asks for an order of at most 400 topics
never gets one that another order here would beat.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import count, pairwise
from math import fsum
from operator import mul, sub
from typing import Final

from kg.errors import BadParameter
from kg.learning.exact import best_order
from kg.learning.links import Neighbours, lengths
from kg.learning.syllabus import Syllabus
from kg.model.plan import StudyMetric

Order = Sequence[int]

COMPARED_TOPICS: Final = 400
"""With more topics only the order that is meant for the measure is made: four would take several milliseconds."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What an order of study keeps small."""

    name: str
    unit: str
    of: Callable[[Syllabus, Order], float]


def study_order(syllabus: Syllabus, order: str) -> tuple[Order, StudyMetric]:
    """The topics of a syllabus, each after all it requires, and how well the order does what it is for.

    ``recall`` keeps prerequisites fresh, ``focus`` keeps few topics open at a time, ``area`` stays within an
    area, ``short`` takes short topics first. The same syllabus always gives the same order.

    Raises:
        BadParameter: there is no such order.
    """
    check_order(order)
    measure = MEASURES[order]
    best_of_all = best_order(syllabus, order)
    if best_of_all is not None:
        value = measure.of(syllabus, best_of_all)
        return best_of_all, StudyMetric(order, measure.name, measure.unit, value, is_exact=True)
    candidates = [_GREEDY[order](syllabus)]
    if len(syllabus.topics) <= COMPARED_TOPICS:
        candidates += [make(syllabus) for name, make in _GREEDY.items() if name != order]
    values = [measure.of(syllabus, candidate) for candidate in candidates]
    best = min(values)
    return candidates[values.index(best)], StudyMetric(order, measure.name, measure.unit, best)


def check_order(order: str) -> None:
    """Nothing, for the name of an order.

    Raises:
        BadParameter: there is no such order; it names all of them.
    """
    if order not in MEASURES:
        raise BadParameter("order", order[:40], f"one of {', '.join(MEASURES)}")


def recall_distance(syllabus: Syllabus, order: Order) -> float:
    """Steps from each topic back to each of its direct prerequisites, summed."""
    # A topic's place counts once for each prerequisite that it has, and against it for each topic that needs it.
    counts = list(map(sub, lengths(syllabus.requires), lengths(syllabus.unlocks)))
    return float(sum(map(mul, count(), map(counts.__getitem__, order))))


def most_open(syllabus: Syllabus, order: Order) -> float:
    """The most topics at a time that are learnt and still needed: the vertex separation of the order."""
    waiting = list(map(len, syllabus.unlocks))
    is_open = most = 0
    for topic in order:
        is_open += waiting[topic] > 0
        for needed in syllabus.requires[topic]:
            waiting[needed] -= 1
            is_open -= not waiting[needed]
        most = max(most, is_open)
    return float(most)


def area_switches(syllabus: Syllabus, order: Order) -> float:
    """How often the next topic lies in another area."""
    areas = syllabus.areas
    return float(sum(areas[topic] != areas[following] for topic, following in pairwise(order)))


def mean_finish(syllabus: Syllabus, order: Order) -> float:
    """Hours from the start until a topic is learnt, averaged over the topics; 0 where there is none."""
    # A topic's hours count once for itself and once for each topic after it.
    counted = range(len(order), 0, -1)
    total = fsum(times * syllabus.hours[topic] for times, topic in zip(counted, order, strict=True))
    return total / len(order) if order else 0.0


MEASURES: Final[Mapping[str, Measure]] = {
    "recall": Measure("steps back to prerequisites, summed", "steps", recall_distance),
    "focus": Measure("most topics learnt and still needed at a time", "topics", most_open),
    "area": Measure("changes of area", "changes", area_switches),
    "short": Measure("hours until a topic is learnt, on average", "hours", mean_finish),
}
"""Name of an order → what it keeps small."""


def _lightest_first(requires: Neighbours, unlocks: Neighbours, weights: Sequence[float]) -> list[int]:
    """Topics as they become ready, by weight, then by how short ago the last prerequisite was learnt."""
    missing = lengths(requires)
    # Of one weight the topic on top of the stack became ready last; the heap holds weights with topics.
    stacks: dict[float, list[int]] = {weight: [] for weight in weights}
    for topic in range(len(missing) - 1, -1, -1):
        if not missing[topic]:
            stacks[weights[topic]].append(topic)
    heap = [weight for weight, stack in stacks.items() if stack]
    heapify(heap)
    order: list[int] = []
    while heap:
        stack = stacks[heap[0]]
        topic = stack.pop()
        if not stack:
            heappop(heap)
        order.append(topic)
        for later in reversed(unlocks[topic]):
            missing[later] = left = missing[later] - 1
            if not left:
                stack = stacks[weights[later]]
                if not stack:
                    heappush(heap, weights[later])
                stack.append(later)
    return order


def _by_recall(syllabus: Syllabus) -> Order:
    """First what closes more prerequisites than it opens, then what follows on the latest topic."""
    weights = list(map(sub, lengths(syllabus.unlocks), lengths(syllabus.requires)))
    return _lightest_first(syllabus.requires, syllabus.unlocks, weights)


def _by_focus(syllabus: Syllabus) -> Order:
    """The same from the end: what is needed last of all comes last."""
    weights = list(map(sub, lengths(syllabus.requires), lengths(syllabus.unlocks)))
    return _lightest_first(syllabus.unlocks, syllabus.requires, weights)[::-1]


def _by_area(syllabus: Syllabus) -> Order:
    """All that is ready in one area, then the area that goes on longest."""
    areas = syllabus.areas
    missing = lengths(syllabus.requires)
    ready: dict[str, set[int]] = {}
    for topic, needed in enumerate(missing):
        if not needed:
            ready.setdefault(areas[topic], set()).add(topic)
    runs: dict[str, list[int]] = {}
    order: list[int] = []
    while ready:
        runs.update({area: _run(syllabus, areas, area, ready[area], missing) for area in ready.keys() - runs})
        area = min(ready, key=lambda name: (-len(runs[name]), name))
        del ready[area]
        order.extend(run := runs.pop(area))
        for topic in run:
            for later in syllabus.unlocks[topic]:
                missing[later] -= 1
                if (other := areas[later]) != area:
                    runs.pop(other, None)
                    if not missing[later]:
                        ready.setdefault(other, set()).add(later)
    return order


def _run(
    syllabus: Syllabus, areas: Sequence[str], area: str, ready: set[int], missing: Sequence[int]
) -> list[int]:
    """All that can be learnt in one area before another is needed, from these ready topics on."""
    run = sorted(ready)
    left: dict[int, int] = {}
    for topic in run:
        for later in syllabus.unlocks[topic]:
            if areas[later] == area:
                left[later] = left.get(later, missing[later]) - 1
                if not left[later]:
                    run.append(later)
    return run


def _by_hours(syllabus: Syllabus) -> Order:
    """The shortest topic that is ready."""
    return _lightest_first(syllabus.requires, syllabus.unlocks, syllabus.hours)


_GREEDY: Final[Mapping[str, Callable[[Syllabus], Order]]] = {
    "recall": _by_recall,
    "focus": _by_focus,
    "area": _by_area,
    "short": _by_hours,
}
