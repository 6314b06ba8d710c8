"""A choice among topics as numbers: what each takes and is worth, what must come with it, and what came out.

A selection is closed: it holds all that its topics require, and of each choice of alternatives one option. Topics
are numbered so that none comes before itself by any way, so a closed selection always has an order of study.
"""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush
from itertools import chain
from operator import itemgetter
from typing import Any, Final

OPTIMAL: Final = "optimal"
"""Nothing is better, and that is proven."""
FEASIBLE: Final = "feasible"
"""It can be done; nothing is better than the bound."""
INFEASIBLE: Final = "infeasible"
"""Nothing can be done: a choice has no option left."""

MILLIONTHS: Final = 10**6
"""What a unit of hours or value is divided into: a millionth of an hour is 4 ms."""

Choices = tuple[tuple[int, tuple[int, ...]], ...]
"""Topic and options, of which it requires one, ascending; a topic can stand there several times."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Topics to choose among, by number; all of the same length but ``choices``.

    Hours and values are whole :data:`MILLIONTHS`, so that sums and comparisons are exact.
    """

    hours: tuple[int, ...]
    """Not negative."""
    values: tuple[int, ...]
    requires: tuple[tuple[int, ...], ...]
    choices: Choices = ()

    @classmethod
    def read(cls, document: dict[str, Any]) -> "Problem":
        """From lists, as JSON has them."""
        return cls(
            tuple(document["hours"]),
            tuple(document["values"]),
            tuple(map(tuple, document["requires"])),
            tuple((topic, tuple(options)) for topic, options in document["choices"]),
        )

    def __len__(self) -> int:
        return len(self.hours)

    def is_closed(self, chosen: set[int] | frozenset[int]) -> bool:
        """True where all that the chosen require is chosen, and one option of each choice."""
        return all(chosen.issuperset(self.requires[topic]) for topic in chosen) and all(
            topic not in chosen or not chosen.isdisjoint(options) for topic, options in self.choices
        )

    def hours_of(self, chosen: Iterable[int]) -> int:
        """Hours of the chosen together."""
        return sum(map(self.hours.__getitem__, chosen))

    def value_of(self, chosen: Iterable[int]) -> int:
        """What the chosen are worth together."""
        return sum(map(self.values.__getitem__, chosen))

    def only(self, kept: Sequence[int]) -> "Problem":
        """The problem of these topics, ascending, that hold all they require; numbered by their place in it.

        Options that are not kept are left out.
        """
        if len(kept) == len(self):
            return self
        place_of = {topic: place for place, topic in enumerate(kept)}
        return Problem(
            tuple([self.hours[topic] for topic in kept]),
            tuple([self.values[topic] for topic in kept]),
            tuple([tuple([place_of[needed] for needed in self.requires[topic]]) for topic in kept]),
            tuple(
                (place_of[topic], tuple(place_of[option] for option in options if option in place_of))
                for topic, options in self.choices
                if topic in place_of
            ),
        )


@dataclass(frozen=True, slots=True)
class Selection:
    """Topics chosen, ascending, with what was reached and what nothing can pass."""

    chosen: tuple[int, ...]
    status: str
    reached: int
    """Hours or value, as the question was, in :data:`MILLIONTHS`."""
    bound: int
    """No selection does better: at least so many hours, or at most so much value."""

    @classmethod
    def read(cls, document: dict[str, Any]) -> "Selection":
        """From lists, as JSON has them."""
        return cls(tuple(document["chosen"]), document["status"], document["reached"], document["bound"])


def millionths(number: float) -> int:
    """The number in millionths, rounded; exact for decimals of six digits, and for any size."""
    return round(Fraction(number) * MILLIONTHS)


def closed_over(requires: Sequence[Sequence[int]], topics: Iterable[int]) -> set[int]:
    """The topics and all that they require."""
    reached = set(topics)
    waiting = list(reached)
    while waiting:
        fresh = [needed for needed in requires[waiting.pop()] if needed not in reached]
        reached.update(fresh)
        waiting += fresh
    return reached


def learning_order(problem: Problem) -> list[int]:
    """All topics, each after everything that it requires and after every option of its choices.

    Smallest number first, so that the same problem gives the same order (Kahn, doi:10.1145/368996.369025).
    """
    before = [set(needed) for needed in problem.requires]
    for topic, options in problem.choices:
        before[topic].update(options)
    after: list[list[int]] = [[] for _ in before]
    for topic, needed in enumerate(before):
        for other in needed:
            after[other].append(topic)
    missing = list(map(len, before))
    ready = [topic for topic, count in enumerate(missing) if not count]
    heapify(ready)
    order = []
    while ready:
        topic = heappop(ready)
        order.append(topic)
        for later in after[topic]:
            missing[later] -= 1
            if not missing[later]:
                heappush(ready, later)
    return order


def options_by_topic(choices: Choices) -> dict[int, list[tuple[int, ...]]]:
    """Topic → its choices."""
    found: dict[int, list[tuple[int, ...]]] = {}
    for topic, options in choices:
        found.setdefault(topic, []).append(options)
    return found


def pick_soonest(problem: Problem, among: AbstractSet[int] | None = None) -> dict[int, tuple[int, ...]]:
    """For each topic the option of each of its choices that a group can be through with first.

    Options outside ``among`` are taken only where none is inside. Of several the first by number. This is the
    least longest chain (Knuth, A generalization of Dijkstra's algorithm, 1977, doi:10.1016/0020-0190(77)90002-3).
    """
    return _pick(problem, _most, among)


def pick_shortest(problem: Problem) -> dict[int, tuple[int, ...]]:
    """For each topic the option of each of its choices that takes the fewest hours, itself counted alone.

    What options share counts several times, so it need not be the best; but it is quick, and always the same.
    """
    return _pick(problem, sum, None)


def _most(costs: list[int]) -> int:
    return max(costs, default=0)


def _pick(
    problem: Problem, combine: Callable[[list[int]], int], among: AbstractSet[int] | None
) -> dict[int, tuple[int, ...]]:
    choices = options_by_topic(problem.choices)
    costs = [0] * len(problem)
    picks: dict[int, tuple[int, ...]] = {}
    for topic in learning_order(problem):
        taken = []
        for options in choices.get(topic, ()):
            inside = options if among is None else [o for o in options if o in among] or options
            taken.append(min(((costs[option], option) for option in inside), key=itemgetter(0, 1))[1])
        if taken:
            picks[topic] = tuple(taken)
        needed = {*problem.requires[topic], *taken}
        costs[topic] = problem.hours[topic] + combine([costs[other] for other in sorted(needed)])
    return picks


def with_picks(problem: Problem, picks: dict[int, tuple[int, ...]]) -> Problem:
    """The same topics without choices: what was picked is required."""
    requires = tuple(
        tuple(sorted({*needed, *picks.get(topic, ())})) for topic, needed in enumerate(problem.requires)
    )
    return Problem(problem.hours, problem.values, requires)


def without_idle(problem: Problem, chosen: AbstractSet[int], goals: AbstractSet[int]) -> set[int]:
    """Those of a closed selection that goals need: whichever is taken away, the rest is not closed any more.

    From the last topic back, so that what only an idle one needed goes as well.
    """
    left = set(chosen)
    needs = [0] * len(problem)
    for needed in chain.from_iterable(problem.requires[topic] for topic in left):
        needs[needed] += 1
    met = [(topic, left.intersection(options)) for topic, options in problem.choices]
    meets: dict[int, list[int]] = {}
    for place, (_, present) in enumerate(met):
        for option in present:
            meets.setdefault(option, []).append(place)
    for topic in reversed(learning_order(problem)):
        choices = [met[place] for place in meets.get(topic, ())]
        is_only = any(owner in left and len(present) == 1 for owner, present in choices)
        if topic not in left or topic in goals or needs[topic] or is_only:
            continue
        left.discard(topic)
        for needed in problem.requires[topic]:
            needs[needed] -= 1
        for _, present in choices:
            present.discard(topic)
    return left
