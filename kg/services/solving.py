"""Selections of topics in a worker, where they can be stopped; the job and those who ask for it."""

import os
from collections.abc import Callable, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from kg.services.engines import Engines
from kg.workers.limits import Limits

if TYPE_CHECKING:
    from kg.learning.selection import Problem, Selection
    from kg.learning.way import Solver

CHEAPEST: Final = "cheapest-plan"
MOST_VALUABLE: Final = "most-valuable-plan"


def solver_of(engines: Engines, limits: Limits | None) -> "Solver":
    """A solver in a worker that keeps to the limits; in this program where there are none."""
    from kg.learning.way import HERE

    return HERE if limits is None else _Isolated(engines, limits)


class _Isolated:
    """Selections made in a worker, unless there are so few that all are looked at at once.

    See :class:`kg.learning.way.Solver`.
    """

    def __init__(self, engines: Engines, limits: Limits) -> None:
        self._engines = engines
        self._limits = limits

    def cheapest(self, problem: "Problem", goals: tuple[int, ...]) -> "Selection":
        """The selection that holds all goals in the fewest hours."""
        from kg.learning.few import cheapest_of_few

        return cheapest_of_few(problem, frozenset(goals)) or self._run(CHEAPEST, problem, goals=list(goals))

    def most_valuable(self, problem: "Problem", budget: int | None) -> "Selection":
        """The selection of the most value within the budget."""
        from kg.learning.few import most_valuable_of_few

        return most_valuable_of_few(problem, budget) or self._run(MOST_VALUABLE, problem, budget=budget)

    def _run(self, job: str, problem: "Problem", **more: object) -> "Selection":
        from kg.learning.selection import Selection
        from kg.services.isolation import run_isolated

        payload = {"problem": asdict(problem), **more}
        return Selection.read(run_isolated(self._engines, job, payload, limits=self._limits))


def load_solver() -> None:
    """The solver is loaded, without threads of its own: this process can still be forked."""
    # A worker has a core to itself, and a fork of a process with threads is not sound.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import scipy.optimize
    import scipy.sparse.csgraph  # noqa: F401 - loaded for those who ask next


def _cheapest(_: Engines, payload: dict[str, Any]) -> dict[str, Any]:
    from kg.learning.optimize import cheapest
    from kg.learning.selection import Problem

    return asdict(cheapest(Problem.read(payload["problem"]), payload["goals"]))


def _most_valuable(_: Engines, payload: dict[str, Any]) -> dict[str, Any]:
    from kg.learning.optimize import most_valuable
    from kg.learning.selection import Problem

    return asdict(most_valuable(Problem.read(payload["problem"]), payload["budget"]))


SOLVING: Final[Mapping[str, Callable[[Engines, dict[str, Any]], dict[str, Any]]]] = MappingProxyType(
    {CHEAPEST: _cheapest, MOST_VALUABLE: _most_valuable}
)
"""Name → job."""
