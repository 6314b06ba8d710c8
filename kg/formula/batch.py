"""A compiled formula and arrays of values → its output at each point, with all that it rests on."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kg.errors import BadParameter, FormulaError, TooLarge
from kg.formula.array_program import Outcome, within
from kg.formula.array_tape import Array
from kg.formula.batch_report import NAMED, columns_of, failure_of, told
from kg.formula.batch_work import Work, run_work
from kg.formula.compile import CompiledFormula
from kg.formula.inputs import Givens, Resolved, require, resolve_inputs
from kg.formula.numbers import is_array, read_value
from kg.formula.plan import Plan, find_variable, plan_for
from kg.formula.units import UnitTable
from kg.model.answer import Observed
from kg.model.batch import Batch
from kg.model.formula import Variable
from kg.model.quantity import Unit

MAX_POINTS: Final = 100_000_000
"""Points of one batch."""

MAX_LISTED: Final = 1_000_000
"""Points of one list, whose numbers are read one by one."""

LOOKED_AT: Final = 4_096
"""Values that are looked at together for one that will do."""

UNDEFINED: Final = ("refuse", "mask")


def evaluate_many(
    compiled: CompiledFormula,
    givens: Givens,
    *,
    observed: Sequence[Observed] = (),
    fit: str = "",
    unit: str = "",
    undefined: str = "refuse",
    units: UnitTable,
    run: Callable[[Work], Outcome] | None = None,
) -> Batch:
    """The formula's output where some variables come as arrays or lists; they must broadcast to one shape.

    Values are in the unit of their variable, unless a list holds texts with units. What else is needed comes from
    where :func:`kg.formula.evaluate.evaluate` takes it. Points without a value are refused, or masked if
    ``undefined`` is ``mask``. ``run`` does the work elsewhere.

    Raises:
        OutOfDomain: a point has no value; names the first such points. Otherwise as ``evaluate``.
        BadParameter: no array, shapes that do not fit each other, or another ``undefined``.
        TooLarge: over 100 million points, or too many terms of sums.
    """
    check_undefined(undefined)
    output = compiled.output
    wanted = units.named(unit, like=output.unit if output is not None else None) if unit else None
    gathered = gather(
        compiled,
        givens,
        compiled.program.symbols,
        target=output.symbol if output is not None else "",
        observed=observed,
        fit=fit,
        units=units,
    )
    resolved, columns, shape = gathered.resolved, gathered.columns, gathered.shape
    factor, shown = _shown(compiled, wanted, units)
    most = None if undefined == "mask" else NAMED - 1
    work = _work(compiled, resolved, columns, shape=shape, shown_scale=factor, most_failed=most)
    found = run(work) if run is not None else run_work(compiled, work)
    value, reason = _held(compiled, work, found, masks=undefined == "mask")
    return Batch(
        value=value,
        unit=shown,
        columns=columns_of(compiled, columns, shape),
        undefined=len(found.failed),
        reason=reason,
        symbol=output.symbol if output is not None else compiled.formula.slug,
        evidence=compiled.formula.evidence.kind,
        certainty=compiled.formula.evidence.certainty,
        **told(compiled, resolved, compiled.program.symbols, columns, value),
    )


def check_undefined(undefined: str) -> None:
    """Returns where this says what becomes of points without a value.

    Raises:
        BadParameter: it does not.
    """
    if undefined not in UNDEFINED:
        raise BadParameter("undefined", undefined[:40], "refuse or mask")


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """The inputs of a batch: ``columns`` holds the arrays by symbol, which broadcast to ``shape``.

    ``resolved`` has the others; in place of each array one of its values.
    """

    resolved: Resolved
    columns: Mapping[str, Array]
    shape: tuple[int, ...]


def gather(
    compiled: CompiledFormula,
    givens: Givens,
    symbols: Iterable[str],
    *,
    target: str,
    observed: Sequence[Observed],
    fit: str,
    units: UnitTable,
) -> Gathered:
    """All values that a request holds for ``symbols``, some of them as arrays.

    Raises:
        As :func:`evaluate_many`, but for the values themselves.
    """
    plan = plan_for(compiled, fit)
    single, arrays = _part(plan, givens, units)
    shape = _shape(arrays)
    # One point stands for all: what holds of it, but for its domain, holds of each.
    some = {name: _some_value(plan, name, array) for name, array in arrays.items()}
    resolved = resolve_inputs(
        compiled, {**single, **some}, observed=observed, fit=fit, units=units, target=target
    )
    require(compiled, resolved, symbols)
    found = {find_variable(plan, name): array for name, array in arrays.items()}
    columns = {variable.symbol: array for variable, array in found.items() if variable is not None}
    idle = sorted(columns.keys() - set(symbols))
    if idle:
        raise BadParameter(idle[0], "an array", "one value: only another reading of the formula uses it")
    return Gathered(resolved, columns, shape)


def _held(compiled: CompiledFormula, work: Work, found: Outcome, *, masks: bool) -> tuple[Array, str]:
    """The values in their shape, and why the first of those that are masked has none."""
    value = found.values.reshape(work.shape)
    if not len(found.failed):
        return value, ""
    return masked(value, found.failed, failure_of(compiled, work, found.failed), masks=masks)


def masked(value: Array, failed: NDArray[np.int64], error: FormulaError, *, masks: bool) -> tuple[Array, str]:
    """The values without those that failed, and why the first did.

    Raises:
        FormulaError: the ``error``, where nothing is to be masked, or all would be.
    """
    if not masks or len(failed) == value.size:
        raise error
    mask = np.zeros(value.size, bool)
    mask[failed] = True
    return np.ma.MaskedArray(value, mask.reshape(value.shape)), str(error)


def _work(
    compiled: CompiledFormula, resolved: Resolved, columns: Mapping[str, Array], **options: Any
) -> Work:
    symbols = compiled.program.symbols
    varying = tuple(symbol for symbol in symbols if symbol in columns)
    slots = resolved.plan.slots
    fixed = tuple(None if symbol in columns else resolved.values[slots[symbol]] for symbol in symbols)
    return Work(varying, tuple(columns[symbol] for symbol in varying), fixed, **options)


def _part(plan: Plan, givens: Givens, units: UnitTable) -> tuple[dict[str, object], dict[str, Array]]:
    """The givens with one value, or one series, each; and those with many."""
    single: dict[str, object] = {}
    many: dict[str, Array] = {}
    for name, given in givens.items():
        variable = find_variable(plan, name)
        is_list = isinstance(given, list | tuple)
        if variable is not None and variable.indexed_by:
            single[name] = np.asanyarray(given).tolist() if not is_list and is_array(given) else given
        elif is_list or is_array(given):
            many[name] = read_array(given, name, variable, units)
        else:
            single[name] = given
    if not many:
        raise BadParameter("values", ", ".join(givens)[:40], "an array for one variable at least")
    return single, many


def read_array(given: Any, name: str, variable: Variable | None, units: UnitTable) -> Array:
    """The values in the variable's unit; NaN where a masked array hides one.

    Raises:
        BadParameter: no array of real numbers, or an empty one. TooLarge: too many, or a whole number beyond the
            doubles. BadSyntax, WrongDimension: a text in a list cannot be read.
    """
    if isinstance(given, list | tuple):
        if any(isinstance(value, list | tuple) for value in given):
            raise BadParameter(name, "a list of lists", "one list of numbers")
        if len(given) > MAX_LISTED:
            raise TooLarge(f"{name}, in points,", len(given), MAX_LISTED)
        given = _read_list(given, name, variable, units)
    array = np.asanyarray(given)
    if array.dtype.kind not in "fiu":
        raise BadParameter(name, f"an array of {array.dtype}", "an array of real numbers")
    if array.size == 0:
        raise BadParameter(name, "[]", "one point at least")
    if array.size > MAX_POINTS:
        raise TooLarge(f"{name}, in points,", int(array.size), MAX_POINTS)
    with np.errstate(over="ignore"):  # What is beyond the doubles is infinite, and refused by its place.
        found = array.astype(np.float64, copy=False)
    return np.asarray(found.filled(np.nan) if isinstance(found, np.ma.MaskedArray) else found)


def _read_list(given: Sequence[Any], name: str, variable: Variable | None, units: UnitTable) -> Array:
    if all(type(value) in (float, int) for value in given):
        try:
            return np.array(given, np.float64)
        except OverflowError:
            pass  # A whole number beyond the doubles is refused by its place.
    unit = variable.unit if variable is not None else units.named("1")
    return np.array(
        [
            read_value(value, unit=unit, units=units, where=f"{name}[{place}]")
            for place, value in enumerate(given)
        ]
    )


def _shape(arrays: Mapping[str, Array]) -> tuple[int, ...]:
    try:
        shape = np.broadcast_shapes(*(array.shape for array in arrays.values()))
    except ValueError as error:
        shown = ", ".join(f"{name} of {_size(array)}" for name, array in arrays.items())
        raise BadParameter("values", shown[:80], "arrays of one length, or that broadcast") from error
    points = math.prod(shape)
    if points > MAX_POINTS:
        raise TooLarge("a batch, in points,", points, MAX_POINTS)
    return shape


def _size(array: Array) -> str:
    return " x ".join(map(str, array.shape))


def _some_value(plan: Plan, name: str, array: Array) -> float:
    """A value of the array that lies in its variable's domain; the first where none does."""
    variable = find_variable(plan, name)
    if variable is not None:
        for start in range(0, array.size, LOOKED_AT):
            some = array.flat[start : start + LOOKED_AT]
            inside = np.flatnonzero(within(some, variable.domain))
            if len(inside):
                return float(some[inside[0]])
    return float(array.flat[0])


def _shown(compiled: CompiledFormula, wanted: Unit | None, units: UnitTable) -> tuple[float, str]:
    """The factor from the output's unit to the one that is asked for, and its symbol."""
    output = compiled.output
    if output is None:
        return 1.0, compiled.dimensions.result
    if wanted is None:
        return 1.0, output.unit.symbol
    return units.convert(1.0, output.unit, wanted), wanted.symbol
