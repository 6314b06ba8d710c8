"""Value within hours where it is not proven: a selection that fits, and a bound that nothing passes.

Pricing the hours turns the budget into a maximum closure, which is a minimum cut (Picard 1976,
doi:10.1287/mnsc.22.11.1268); the price at which the bound is least is found where the lines of two selections
meet, one within the budget and one beyond it (Fisher 1981, doi:10.1287/mnsc.27.1.1). The selection begins with
the one within, and takes what is worth most for its hours until nothing fits. No clock is asked: the same problem
gives the same answer.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import ceil, gcd, inf
from typing import Final

from kg.learning.selection import (
    FEASIBLE,
    OPTIMAL,
    Problem,
    Selection,
    closed_over,
    learning_order,
    pick_shortest,
    with_picks,
)

CUT: Final = 20_000
"""Most topics for which cuts are made; each takes about 0.1 s there. Beyond, the bound passes over prerequisites."""
CUTS: Final = 30
DENSE: Final = 2_000
"""Most topics of which all prerequisites at any distance are kept in a square."""
TRIED: Final = 200
"""Topics of the most value whose whole way is tried where there are more than those."""
_LARGEST: Final = 2**29
"""What capacities of a cut add up to: scipy counts flow in 32 bits."""
_NOISE: Final = 1e-9


def bounded(problem: Problem, budget: int | None) -> Selection:
    """A closed selection within the budget, and what no other can be worth more than.

    Choices are dropped for the bound, and settled by their shortest option for the selection.
    """
    picked = with_picks(problem, pick_shortest(problem))
    most = sum(problem.hours) if budget is None else budget
    bound, start = _bound(Problem(problem.hours, problem.values, problem.requires), most)
    if problem.choices:
        start = _bound(picked, most)[1]
    chosen = max(
        (_filled(picked, most, begin) for begin in (start, frozenset())),
        key=lambda found: (picked.value_of(found), -picked.hours_of(found)),
    )
    value = problem.value_of(chosen)
    unit = gcd(*problem.values) or 1
    bound = max(bound // unit * unit, value)
    return Selection(tuple(sorted(chosen)), OPTIMAL if value == bound else FEASIBLE, value, bound)


def _bound(problem: Problem, most: int) -> tuple[int, AbstractSet[int]]:
    """What no closed selection within ``most`` hours is worth more than, and one such selection."""
    if len(problem) > CUT:
        return _knapsack_bound(problem, most), frozenset()
    cut = Cut(problem)
    value, start = cut.at(0.0)
    if problem.hours_of(start) <= most:
        return ceil(value), start
    bound = value
    within, beyond = frozenset[int](), start
    for _ in range(CUTS):
        low, high = problem.hours_of(within), problem.hours_of(beyond)
        gained = problem.value_of(beyond) - problem.value_of(within)
        price = gained / (high - low)
        value, found = cut.at(price)
        bound = min(bound, value + price * most)
        on_line = problem.value_of(within) - price * low
        if problem.value_of(found) - price * problem.hours_of(found) <= on_line + _NOISE * abs(bound):
            break
        if problem.hours_of(found) <= most:
            within = found
        else:
            beyond = found
    return ceil(bound * (1 + _NOISE)), within


def _knapsack_bound(problem: Problem, most: int) -> int:
    """The value where nothing requires anything, and a part of a topic counts for that part."""
    left, value = most, Fraction(0)
    worth = [(v, h) for v, h in zip(problem.values, problem.hours, strict=True) if v > 0]
    for gain, hours in sorted(worth, key=lambda each: Fraction(each[1], each[0])):
        taken = min(hours, left)
        value += gain if taken == hours else Fraction(gain * taken, hours)
        left -= taken
    return ceil(value)


class Cut:
    """The maximum closure of a problem without choices, at a price of an hour."""

    def __init__(self, problem: Problem) -> None:
        import numpy as np

        self._hours = np.array(problem.hours, float)
        self._values = np.array(problem.values, float)
        edges = [(topic, needed) for topic, others in enumerate(problem.requires) for needed in others]
        self._later, self._needed = np.array(edges, np.int32).reshape(-1, 2).T

    def at(self, price: float) -> tuple[float, frozenset[int]]:
        """No less than the most of value less price times hours, and the smallest selection that has it.

        Both but for the rounding to whole capacities, which is upwards.
        """
        import numpy as np
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import breadth_first_order, maximum_flow

        count = len(self._hours)
        source, sink = count, count + 1
        gains = self._values - price * self._hours
        scale = _LARGEST / max(float(np.abs(gains).sum()), _NOISE)
        whole = np.ceil(gains * scale).astype(np.int32)
        up, down = np.flatnonzero(whole > 0), np.flatnonzero(whole < 0)
        tails = np.concatenate([np.full(len(up), source), down, self._later])
        heads = np.concatenate([up, np.full(len(down), sink), self._needed])
        room = np.concatenate([whole[up], -whole[down], np.full(len(self._later), 2 * _LARGEST)])
        network = csr_array((room.astype(np.int32), (tails, heads)), shape=(count + 2, count + 2))
        flow = maximum_flow(network, source, sink)
        left = network - flow.flow
        left.data[left.data < 0] = 0
        left.eliminate_zeros()
        reached = breadth_first_order(left, source, return_predecessors=False)
        value = (int(whole[up].sum(dtype=np.int64)) - int(flow.flow_value)) / scale
        return value, frozenset(int(topic) for topic in reached if topic < count)


def _filled(problem: Problem, most: int, begin: AbstractSet[int]) -> set[int]:
    """The selection and more, always the most value for its hours that still fits, with all it requires."""
    chosen = set(begin)
    if len(problem) <= DENSE:
        return chosen.union(*_whole_ways(problem, most - problem.hours_of(begin), begin))
    best = sorted(range(len(problem)), key=lambda topic: (-problem.values[topic], topic))[:TRIED]
    for topic in best:
        way = closed_over(problem.requires, [topic]) - chosen
        if problem.value_of(way) > 0 and problem.hours_of(chosen) + problem.hours_of(way) <= most:
            chosen |= way
    chosen.update(_single_steps(problem, most - problem.hours_of(chosen), chosen))
    return chosen


def _whole_ways(problem: Problem, left: int, begin: AbstractSet[int]) -> Iterator[set[int]]:
    """Topic by topic with all it requires, from a square of who requires whom."""
    import numpy as np

    count = len(problem)
    unit = gcd(*problem.hours) or 1
    ways = np.zeros((count, count), bool)
    for topic in learning_order(problem):
        ways[topic, topic] = True
        for needed in problem.requires[topic]:
            ways[topic] |= ways[needed]
    hours = np.array([each // unit for each in problem.hours], float)
    values = np.array(problem.values, float)
    free = np.ones(count, bool)
    free[list(begin)] = False
    takes, gives = ways @ (hours * free), ways @ (values * free)
    left //= unit
    while True:
        fits = free & (takes <= left) & (gives > 0)
        if not fits.any():
            return
        rates = np.where(fits, gives / np.where(takes > 0, takes, _NOISE), -inf)
        way = np.flatnonzero(ways[int(rates.argmax())] & free)
        left -= int(hours[way].sum())
        takes -= ways[:, way] @ hours[way]
        gives -= ways[:, way] @ values[way]
        free[way] = False
        yield {int(topic) for topic in way}


def _single_steps(problem: Problem, left: int, begin: AbstractSet[int]) -> Iterator[int]:
    """Topics that are ready and worth something, the most for its hours first."""
    after: dict[int, list[int]] = {}
    missing = {}
    for topic in range(len(problem)):
        if topic not in begin:
            open_ones = [needed for needed in problem.requires[topic] if needed not in begin]
            missing[topic] = len(open_ones)
            for needed in open_ones:
                after.setdefault(needed, []).append(topic)

    def rate(topic: int) -> tuple[Fraction, int]:
        return Fraction(problem.hours[topic], problem.values[topic]), topic

    ready = [rate(topic) for topic, count in missing.items() if not count and problem.values[topic] > 0]
    heapify(ready)
    while ready:
        topic = heappop(ready)[1]
        if problem.hours[topic] > left:
            continue
        left -= problem.hours[topic]
        yield topic
        for later in after.get(topic, ()):
            missing[later] -= 1
            if not missing[later] and problem.values[later] > 0:
                heappush(ready, rate(later))
