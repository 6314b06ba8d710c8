"""A formula over a grid of one or two of its variables: ``N=1e8..1e12:50:log``."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from kg.errors import BadParameter, BadSyntax, TooLarge
from kg.formula.array_program import Outcome
from kg.formula.array_tape import Array
from kg.formula.batch import evaluate_many, read_array
from kg.formula.batch_work import Work
from kg.formula.compile import CompiledFormula
from kg.formula.inputs import Givens
from kg.formula.numbers import is_array, parse_number
from kg.formula.plan import find_variable, plan_for
from kg.formula.units import UnitTable
from kg.model.answer import Observed
from kg.model.batch import Axis, Sweep
from kg.model.formula import Domain, Variable

MAX_AXES: Final = 2
MAX_POINTS: Final = 1_000_000
"""Points of one sweep, over all its axes."""

POINTS: Final = 50
"""Points of an axis that says no number of its own."""

WIDE: Final = 100.0
"""An axis over positive values whose ends are further apart than this factor is logarithmic, unless it says."""

_SHAPE: Final = "low..high, low..high:points or low..high:points:log, as in 1e8..1e12:50:log"
_SCALES: Final = {"log": "log", "lin": "linear", "linear": "linear"}


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
        BadParameter: no axis, or more than two; a number of points that is off. BadSyntax: an axis that cannot be
            read. TooLarge: over a million points. Otherwise as :func:`kg.formula.batch.evaluate_many`.
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
    stretch = _read_stretch(name, given, variable, points, units)
    return Axis(symbol, label, stretch.values(variable), unit, stretch.scale)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """An axis as it was written."""

    low: float
    high: float
    points: int
    scale: str

    def values(self, variable: Variable | None) -> Array:
        spaced = np.geomspace if self.scale == "log" else np.linspace
        found = spaced(self.low, self.high, self.points)
        domain = variable.domain if variable is not None else Domain()
        return np.unique(np.rint(found)) if domain.integer else found


def _read_stretch(name: str, text: str, variable: Variable | None, points: int, units: UnitTable) -> _Stretch:
    """The axis of the text.

    Raises:
        BadSyntax: it is none. BadParameter: ends the wrong way round, a number of points that is off.
    """
    span, *rest = text.split(":")
    low_text, _, high_text = span.partition("..")
    scale = rest.pop().strip() if rest and rest[-1].strip() in _SCALES else ""
    if len(rest) > 1 or not low_text.strip() or not high_text.strip() or ".." in high_text:
        raise BadSyntax("axis", f"{name} cannot be read", text=text[:40], hint=f"write {_SHAPE}")
    unit = variable.unit if variable is not None else units.named("1")
    low, high = (parse_number(end, unit=unit, units=units, where=name) for end in (low_text, high_text))
    if not low < high:
        raise BadParameter(name, text[:40], "the lower end first, and two ends that differ")
    count = _whole(name, rest[0]) if rest else points
    if not 2 <= count <= MAX_POINTS:
        raise BadParameter(name, str(count), f"from 2 to {MAX_POINTS} points")
    if _SCALES.get(scale) == "log" and low <= 0:
        raise BadParameter(name, text[:40], "positive ends where the axis is logarithmic")
    wide = low > 0 and high / low > WIDE
    return _Stretch(low, high, count, _SCALES.get(scale) or ("log" if wide else "linear"))


def _whole(name: str, text: str) -> int:
    stripped = text.strip()
    if not stripped.isascii() or not stripped.isdecimal() or len(stripped) > 9:
        raise BadParameter(name, text[:40], "a whole number of points, then log or lin")
    return int(stripped)
