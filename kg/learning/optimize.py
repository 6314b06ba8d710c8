"""The best closed selection of topics: fewest hours to goals, most value within hours; by HiGHS, with a proof.

A topic is a variable of 0 or 1; it is no more than each topic that it requires, and no more than the sum of the
options of each of its choices. Huangfu & Hall, Parallelizing the dual revised simplex method (2018),
doi:10.1007/s12532-017-0130-5. What HiGHS does not prove in time is answered by :mod:`kg.learning.relax`.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from math import floor, gcd
from typing import TYPE_CHECKING, Final

from kg.learning.few import cheapest_of_few, most_valuable_of_few
from kg.learning.quiet import quiet
from kg.learning.selection import (
    FEASIBLE,
    INFEASIBLE,
    OPTIMAL,
    Problem,
    Selection,
    closed_over,
    learning_order,
    options_by_topic,
    pick_shortest,
    with_picks,
    without_idle,
)

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

FEW: Final = 500
"""Up to so many topics there is time for a proof on a busy machine too; it takes some tenths of a second."""
FEW_S: Final = 5.0
MANY_S: Final = 1.2
"""Wall time that HiGHS has for a proof. Without one the answer is as if it had not been asked."""
PROVEN: Final = 1_000
"""Most topics that can be afforded for which a proof of the most value is tried."""
PROVEN_HOURS: Final = 20_000
"""Most topics for which a proof of the fewest hours is tried."""
COUNTED: Final = 1_000_000
"""Prerequisites that are counted, at most, to find what a budget does not allow anyway."""

_HALF: Final = 0.5
_NOISE: Final = 1e-9
"""Relative error that a cost computed in doubles may have."""


def cheapest(problem: Problem, goals: Iterable[int], *, proven: int = PROVEN_HOURS) -> Selection:
    """The closed selection that holds all goals in the fewest hours, and then in the fewest topics.

    Without choices it is all that the goals require. ``infeasible`` where a choice that must be met has no
    option. NP-hard with choices, for it holds the hitting set problem; ``proven`` is for how many topics at most a
    proof is tried.
    """
    wanted = frozenset(goals)
    must = frozenset(closed_over(problem.requires, wanted))
    bound = problem.hours_of(must)
    if problem.is_closed(must):
        return Selection(tuple(sorted(must)), OPTIMAL, bound, bound)
    if any(not options for _, options in problem.choices):
        return Selection((), INFEASIBLE, 0, 0)
    if few := cheapest_of_few(problem, wanted):
        return few
    quick = with_picks(problem, pick_shortest(problem))
    found = without_idle(problem, closed_over(quick.requires, wanted), wanted)
    if len(problem) <= proven:
        costs = [hours * (len(problem) + 1) + 1 for hours in _reduced(problem.hours)]
        programme = _Programme(problem, costs, must, None)
        best = programme.best()
        if best is not None:
            found = without_idle(problem, best, wanted)
            bound = problem.hours_of(found)
        else:
            unit = gcd(*problem.hours) or 1
            bound = max(bound, programme.bound() // (len(problem) + 1) * unit)
    hours = problem.hours_of(found)
    bound = min(bound, hours)
    return Selection(tuple(sorted(found)), OPTIMAL if bound == hours else FEASIBLE, hours, bound)


def most_valuable(problem: Problem, budget: int | None = None) -> Selection:
    """The closed selection of the most value that takes no more hours than the budget, and then the fewest.

    Values below 0 are what it costs to hold a topic. Without a budget and without choices this is the maximum
    closure (Picard 1976, doi:10.1287/mnsc.22.11.1268), whose linear programme has whole solutions; with a
    budget it is the knapsack problem under precedence, which is strongly NP-hard.
    """
    kept = affordable(problem, budget)
    within = problem.only(kept)
    if budget is not None and within.hours_of(range(len(within))) <= budget:
        budget = None
    worth = closed_over(within.requires, [topic for topic, value in enumerate(within.values) if value > 0])
    if budget is None and all(within.values[topic] >= 0 for topic in worth) and within.is_closed(worth):
        found = Selection(tuple(sorted(worth)), OPTIMAL, within.value_of(worth), within.value_of(worth))
    else:
        found = most_valuable_of_few(within, budget) or _proven(within, budget) or _unproven(within, budget)
    return Selection(tuple(kept[place] for place in found.chosen), found.status, found.reached, found.bound)


def affordable(problem: Problem, budget: int | None) -> tuple[int, ...]:
    """Topics that can be in a selection of so many hours: what each requires, itself included, takes no more.

    A topic with a choice of which no option is left is none. Counting stops after a fixed amount of work; what
    was not counted by then stays in.
    """
    dear: set[int] = set()
    choices = options_by_topic(problem.choices)
    work = 0
    for topic in learning_order(problem):
        if not dear.isdisjoint(problem.requires[topic]) or any(
            dear.issuperset(options) for options in choices.get(topic, ())
        ):
            dear.add(topic)
        elif budget is not None and work < COUNTED:
            needed = closed_over(problem.requires, [topic])
            work += len(needed)
            if problem.hours_of(needed) > budget:
                dear.add(topic)
    return tuple([topic for topic in range(len(problem)) if topic not in dear])


def _proven(problem: Problem, budget: int | None) -> Selection | None:
    """The best of all, or None where HiGHS does not prove it in time."""
    is_linear = budget is None and not problem.choices
    if len(problem) > (PROVEN_HOURS if is_linear else PROVEN):
        return None
    hours, values = _reduced(problem.hours), _reduced(problem.values)
    # One step of value outweighs all hours that a selection can take.
    step = sum(hours) if budget is None else budget // (gcd(*problem.hours) or 1)
    costs = [hour - value * (step + 1) for hour, value in zip(hours, values, strict=True)]
    chosen = _Programme(problem, costs, frozenset(), budget).best(is_linear=is_linear)
    if chosen is None:
        return None
    value = problem.value_of(chosen)
    return Selection(tuple(sorted(chosen)), OPTIMAL, value, value)


def _unproven(problem: Problem, budget: int | None) -> Selection:
    from kg.learning.relax import bounded

    return bounded(problem, budget)


def _reduced(numbers: Sequence[int]) -> list[int]:
    """The numbers by their greatest common divisor."""
    unit = gcd(*numbers) or 1
    return [number // unit for number in numbers]


class _Programme:
    """The integer programme of a problem: rows of at most 0, bounds for what must be chosen, and a budget."""

    def __init__(
        self, problem: Problem, costs: Sequence[int], must: AbstractSet[int], budget: int | None
    ) -> None:
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint
        from scipy.sparse import csr_array

        self._problem = problem
        self._budget = budget
        self._costs = np.array(costs, float)
        rows, columns, cells, most = _rows(problem, budget)
        matrix = csr_array((cells, (rows, columns)), shape=(len(most), len(problem)))
        least = np.zeros(len(problem))
        least[list(must)] = 1
        self._bounds = Bounds(least, 1)
        self._constraints = LinearConstraint(matrix, -np.inf, most)

    def best(self, *, is_linear: bool = False) -> set[int] | None:
        """The closed selection of least costs, or None where it was not proven in time."""
        found = self._solve(whole=not is_linear)
        if found.status != 0 or found.x is None:
            return None
        chosen = {topic for topic, part in enumerate(found.x) if part > _HALF}
        fits = self._budget is None or self._problem.hours_of(chosen) <= self._budget
        return chosen if fits and self._problem.is_closed(chosen) else None

    def bound(self) -> int:
        """A cost that no selection falls short of: that of the linear relaxation, or nothing in time."""
        found = self._solve(whole=False)
        return floor(found.fun * (1 - _NOISE)) if found.status == 0 else 0

    def _solve(self, *, whole: bool) -> "OptimizeResult":
        from scipy.optimize import milp

        time_s = FEW_S if len(self._costs) <= FEW else MANY_S
        options = {"time_limit": time_s, "mip_rel_gap": 0.0}
        with quiet():
            return milp(
                self._costs,
                constraints=self._constraints,
                bounds=self._bounds,
                integrality=[int(whole)] * len(self._costs),
                options=options,
            )


def _rows(problem: Problem, budget: int | None) -> tuple[list[int], list[int], list[float], list[float]]:
    """Row, column and value of each entry, and the most that each row may be."""
    rows: list[int] = []
    columns: list[int] = []
    cells: list[float] = []
    count = 0
    pairs = [(topic, (needed,)) for topic, others in enumerate(problem.requires) for needed in others]
    for topic, options in (*pairs, *problem.choices):
        rows += [count] * (len(options) + 1)
        columns += [topic, *options]
        cells += [1.0] + [-1.0] * len(options)
        count += 1
    most = [0.0] * count
    if budget is not None:
        unit = gcd(*problem.hours) or 1
        rows += [count] * len(problem)
        columns += range(len(problem))
        cells += [hours / unit for hours in problem.hours]
        most.append(float(budget // unit))
    return rows, columns, cells, most
