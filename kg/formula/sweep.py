"""A formula over a grid of one or two of its variables: ``N=1e8..1e12:50:log``."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from kg.errors import BadParameter, TooLarge
from kg.formula.array_program import Outcome
from kg.formula.array_tape import Array
from kg.formula.batch import evaluate_many, read_array
from kg.formula.batch_work import Work
from kg.formula.compile import CompiledFormula
from kg.formula.inputs import Givens
from kg.formula.numbers import is_array
from kg.formula.plan import find_variable, plan_for
from kg.formula.stretch import Stretch, parse_stretch
from kg.formula.units import UnitTable
from kg.model.answer import Observed
from kg.model.batch import Axis, Sweep
from kg.model.formula import Variable
from kg.model.quantity import ONE

MAX_AXES: Final = 2
MAX_POINTS: Final = 1_000_000
"""Points of one sweep, over all its axes."""

POINTS: Final = 50
"""Points of an axis that says no number of its own."""

_SHAPE: Final = "low..high, low..high:points or low..high:points:log, as in 1e8..1e12:50:log"


def is_axis(given: object) -> bool:
    """True for what a sweep takes as an axis: ``low..high``, ``[1, 2, 4]``, a list, an array."""
    if isinstance(given, str):
        return ".." in given or given.lstrip().startswith("[")
    return isinstance(given, list | tuple) or is_array(given)


def sweep(
    compiled: CompiledFormula,
    givens: Givens,
    *,
    observed: Sequence[Observed] = (),
    fit: str = "",
    unit: str = "",
    undefined: str = "refuse",
    points: int = POINTS,
    units: UnitTable,
    run: Callable[[Work], Outcome] | None = None,
) -> Sweep:
    """The output over the axes among the givens, one or two; the first varies slowest.

    An axis is text such as ``1e8..1e12:50:log`` or ``[1e9, 7e10]``, a list or an array. Ends may
    have units, ``10 GB..80 GB``. An axis of whole numbers has those next to its points, each once.

    Raises:
        BadParameter: no axis, or more than two; an axis or a number of points that is off. TooLarge: over a million
            points. Otherwise as :func:`kg.formula.batch.evaluate_many`.
    """
    plan = plan_for(compiled, fit)
    known = {name: find_variable(plan, name) for name in givens}
    names = [name for name, given in givens.items() if is_axis(given) and not _is_series(known[name])]
    if not 0 < len(names) <= MAX_AXES:
        raise BadParameter("axes", ", ".join(names)[:40], f"one or two axes, each {_SHAPE}")
    axes = [_axis(name, givens[name], known[name], points, units) for name in names]
    size = math.prod(axis.values.size for axis in axes)
    if size > MAX_POINTS:
        raise TooLarge("a sweep, in points,", size, MAX_POINTS)
    grid = dict(zip(names, np.ix_(*(axis.values for axis in axes)), strict=True))
    found = evaluate_many(
        compiled,
        {**givens, **grid},
        observed=observed,
        fit=fit,
        unit=unit,
        undefined=undefined,
        units=units,
        run=run,
    )
    order = [axis.symbol for axis in axes]
    columns = sorted(found.columns, key=lambda column: order.index(column.symbol))
    return Sweep(tuple(axes), replace(found, columns=tuple(columns)))


def _is_series(variable: Variable | None) -> bool:
    return variable is not None and bool(variable.indexed_by)


def _axis(name: str, given: Any, variable: Variable | None, points: int, units: UnitTable) -> Axis:
    symbol = variable.symbol if variable is not None else name
    label, unit = (variable.label, variable.unit.symbol) if variable is not None else ("", "")
    if isinstance(given, str) and ".." not in given:
        inside = given.strip().removeprefix("[").removesuffix("]")
        given = [text.strip() for text in inside.split(",")]
    if not isinstance(given, str):
        values = read_array(given, name, variable, units)
        if values.ndim > 1:
            raise BadParameter(name, f"an array of {values.ndim} dimensions", "an axis: one row of values")
        return Axis(symbol, label, values, unit, "list")
    stretch = parse_stretch(given, name, variable.unit if variable is not None else ONE, units)
    count = stretch.count or points
    if not 2 <= count <= MAX_POINTS:
        where = name if stretch.count else "points"
        raise BadParameter(where, str(count), f"from 2 to {MAX_POINTS} points")
    if not math.isfinite(stretch.high - stretch.low):
        raise BadParameter(name, given[:40], "ends that are less than 1.797e308 apart")
    values = _points(stretch, count, whole=variable is not None and variable.domain.integer)
    return Axis(symbol, label, values, unit, "log" if stretch.is_log else "linear")


def _points(stretch: Stretch, count: int, *, whole: bool) -> Array:
    spaced = np.geomspace if stretch.is_log else np.linspace
    found = spaced(stretch.low, stretch.high, count)
    return np.unique(np.rint(found)) if whole else found
