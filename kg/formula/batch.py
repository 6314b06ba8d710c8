"""A compiled formula and arrays of values → its output at each point, with all that it rests on."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kg.errors import BadParameter, FormulaError, OutOfDomain, TooLarge
from kg.formula.array_program import ArrayProgram, Layout
from kg.formula.compile import CompiledFormula
from kg.formula.evaluate import MAX_KEPT, run_program
from kg.formula.inputs import Givens, Resolved, provenance, require, resolve_inputs
from kg.formula.names import plain_name
from kg.formula.numbers import read_value
from kg.formula.plan import Plan, plan_for
from kg.formula.steps import number_shown
from kg.formula.units import UnitTable
from kg.model.answer import Observed
from kg.model.batch import Batch, Column
from kg.model.formula import Domain, Variable
from kg.model.quantity import Unit

MAX_POINTS: Final = 100_000_000
"""Points of one batch."""

NAMED: Final = 5
"""Points without a value that a refusal names, at most."""

UNDEFINED: Final = ("refuse", "mask")
Array = NDArray[np.float64]


def is_array(given: object) -> bool:
    """True for what holds many values as NumPy does: an array, a series of pandas, a column of polars, a tensor."""
    return getattr(given, "ndim", 0) > 0 or (hasattr(given, "__array__") and np.ndim(given) > 0)


def evaluate_many(
    compiled: CompiledFormula,
    givens: Givens,
    *,
    observed: Sequence[Observed] = (),
    fit: str = "",
    unit: str = "",
    undefined: str = "refuse",
    units: UnitTable,
) -> Batch:
    """The formula's output where some variables come as arrays or lists; they must broadcast to one shape.

    Values are in the unit of their variable, unless a list holds texts with units. What else is needed comes from
    where :func:`kg.formula.evaluate.evaluate` takes it. Points without a value are refused, or masked if
    ``undefined`` is ``mask``.

    Raises:
        OutOfDomain: a point has no value; names the first such points. Otherwise as ``evaluate``.
        BadParameter: no array, shapes that do not fit each other, or another ``undefined``.
        TooLarge: over 100 million points, or too many terms of sums.
    """
    if undefined not in UNDEFINED:
        raise BadParameter("undefined", undefined[:40], "refuse or mask")
    output = compiled.output
    target = output.symbol if output is not None else ""
    wanted = units.named(unit, like=output.unit if output is not None else None) if unit else None
    plan = plan_for(compiled, fit)
    single, arrays = _part(plan, givens, units)
    shape = _shape(arrays)
    flat = {name: np.broadcast_to(array, shape).ravel() for name, array in arrays.items()}
    # One point stands for all: what holds of it, but for its domain, holds of each.
    first = {name: _some_value(plan, name, array) for name, array in flat.items()}
    resolved = resolve_inputs(
        compiled, {**single, **first}, observed=observed, fit=fit, units=units, target=target
    )
    require(compiled, resolved, compiled.program.symbols)
    columns = {plan.variables[_slot(plan, name)].symbol: array for name, array in flat.items()}
    idle = sorted(columns.keys() - set(compiled.program.symbols))
    if idle:
        raise BadParameter(idle[0], "an array", "one value: only another reading of the formula uses it")
    return _batch(compiled, resolved, columns, shape=shape, wanted=wanted, undefined=undefined, units=units)


def _part(plan: Plan, givens: Givens, units: UnitTable) -> tuple[dict[str, object], dict[str, Array]]:
    """The givens with one value, or one series, each; and those with many."""
    single: dict[str, object] = {}
    many: dict[str, Array] = {}
    for name, given in givens.items():
        place = _slot(plan, name)
        variable = plan.variables[place] if place >= 0 else None
        is_list = isinstance(given, list | tuple)
        if variable is not None and variable.indexed_by:
            single[name] = np.asarray(given).tolist() if not is_list and is_array(given) else given
        elif is_list or is_array(given):
            many[name] = _read_array(given, name, variable, units)
        else:
            single[name] = given
    if not many:
        raise BadParameter("values", ", ".join(givens)[:40], "an array for one variable at least")
    return single, many


def _slot(plan: Plan, name: str) -> int:
    """The variable's place; -1 where there is none."""
    return plan.slots.get(name, plan.slots.get(plain_name(name), -1))


def _read_array(given: Any, name: str, variable: Variable | None, units: UnitTable) -> Array:
    if isinstance(given, list | tuple) and any(isinstance(value, str) for value in given):
        unit = variable.unit if variable is not None else units.named("1")
        given = [
            read_value(value, unit=unit, units=units, where=f"{name}[{place}]")
            for place, value in enumerate(given)
        ]
    try:
        array = np.asarray(given)
    except ValueError as error:
        raise BadParameter(name, "lists of different lengths", "numbers in one array") from error
    if array.dtype.kind not in "fiu":
        raise BadParameter(name, f"an array of {array.dtype}", "an array of real numbers")
    if array.size == 0:
        raise BadParameter(name, "[]", "one point at least")
    if array.size > MAX_POINTS:
        raise TooLarge(f"{name}, in points,", int(array.size), MAX_POINTS)
    return array.astype(np.float64, copy=False)


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
    place = _slot(plan, name)
    if place >= 0:
        domain = plan.variables[place].domain
        for value in map(float, array):
            if np.isfinite(value) and value in domain:
                return value
    return float(array[0])


def _batch(
    compiled: CompiledFormula,
    resolved: Resolved,
    columns: Mapping[str, Array],
    *,
    shape: tuple[int, ...],
    wanted: Unit | None,
    undefined: str,
    units: UnitTable,
) -> Batch:
    symbols = compiled.program.symbols
    values: list[Any] = [
        columns.get(symbol, resolved.values[resolved.plan.slots[symbol]]) for symbol in symbols
    ]
    factor, unit = _shown(compiled, wanted, units)
    program = array_program(compiled, tuple(filter(columns.__contains__, symbols)), factor)
    found = program.run(values, most_failed=None if undefined == "mask" else NAMED - 1)
    value, reason = found.values, ""
    if len(found.failed):
        error = _failure(compiled, values, found.failed, shape)
        if undefined == "refuse" or len(found.failed) == value.size:
            raise error
        mask = np.zeros(value.size, bool)
        mask[found.failed] = True
        value, reason = np.ma.MaskedArray(value, mask), str(error)
    told = _told(compiled, resolved, columns, value)
    return Batch(
        value=value.reshape(shape),
        unit=unit,
        columns=tuple(
            Column(
                variable.symbol,
                variable.label,
                columns[variable.symbol].reshape(shape),
                compiled.unit_text(variable),
                variable.quantity.iri if variable.quantity is not None else None,
            )
            for variable in compiled.inputs
            if variable.symbol in columns
        ),
        undefined=len(found.failed),
        reason=reason,
        **told,
    )


def array_program(
    compiled: CompiledFormula, varying: tuple[str, ...], shown_scale: float = 1.0
) -> ArrayProgram:
    """The formula's program over arrays of the varying symbols, made once.

    Its results are in the output's unit, times ``shown_scale``.
    """
    key = ("array", varying, shown_scale)
    kept = compiled.kept.get(key)
    if isinstance(kept, ArrayProgram):
        return kept
    output = compiled.output
    layout = Layout(
        varying,
        domains={variable.symbol: variable.domain for variable in compiled.variables},
        scales=compiled.scales,
        output=output.domain if output is not None else Domain(),
        output_scale=compiled.scales[output.symbol] if output is not None else 1.0,
        shown_scale=shown_scale,
    )
    program = ArrayProgram(compiled.body, compiled.program.symbols, layout)
    if len(compiled.kept) < MAX_KEPT:
        compiled.kept[key] = program
    return program


def _shown(compiled: CompiledFormula, wanted: Unit | None, units: UnitTable) -> tuple[float, str]:
    """The factor from the output's unit to the one that is asked for, and its symbol."""
    output = compiled.output
    if output is None:
        return 1.0, compiled.dimensions.result
    if wanted is None:
        return 1.0, output.unit.symbol
    return units.convert(1.0, output.unit, wanted), wanted.symbol


def _failure(
    compiled: CompiledFormula, values: Sequence[Any], failed: NDArray[np.int64], shape: tuple[int, ...]
) -> FormulaError:
    """Why the first point has no value, and which others have none."""
    first = int(failed[0])
    places = [_place(int(at), shape) for at in failed[:NAMED]]
    where = f"at place {places[0]}, counted from 0"
    if len(places) > 1:
        where += f", as at {', '.join(places[1:])}{' …' if len(failed) > NAMED - 1 else ''}"
    error = _error_at(compiled, values, first)
    return replace(error, hint="; ".join(filter(None, (where, error.hint))))


def _place(at: int, shape: tuple[int, ...]) -> str:
    index = [int(one) for one in np.unravel_index(at, shape)]
    return str(index[0]) if len(index) == 1 else str(index)


def _error_at(compiled: CompiledFormula, values: Sequence[Any], place: int) -> OutOfDomain:
    working = list(values)
    for at, variable in enumerate(compiled.inputs):
        if isinstance(values[at], np.ndarray):
            value = float(values[at][place])
            if not math.isfinite(value):
                return OutOfDomain(variable.symbol, repr(value), str(variable.domain))
            if value not in variable.domain:
                hint = f"{variable.symbol} stands for: {variable.label}"
                return OutOfDomain(variable.symbol, number_shown(value), str(variable.domain), hint)
            working[at] = value * compiled.scales[variable.symbol]
    try:
        run_program(compiled, working)
    except OutOfDomain as error:
        return error
    raise AssertionError("a point without a value has one")


def _told(
    compiled: CompiledFormula, resolved: Resolved, columns: Mapping[str, Array], value: Array
) -> dict[str, Any]:
    """What a batch says beside its values."""
    plan, formula, output = resolved.plan, compiled.formula, compiled.output
    used = tuple(resolved.inputs[: len(compiled.program.symbols)])
    sources, fit_used = provenance(resolved, used)
    warnings = _range_warnings(compiled, resolved, columns, value) if fit_used else ()
    return {
        "formula": formula.iri,
        "label": formula.label,
        "expression": formula.expression,
        "symbol": output.symbol if output is not None else formula.slug,
        "inputs": tuple(entry for entry in used if entry is not None and entry.symbol not in columns),
        "fit": plan.fit.name if fit_used and plan.fit is not None else "",
        "fit_rationale": plan.rationale if fit_used else "",
        "warnings": (*resolved.warnings, *warnings),
        "sources": sources,
        "evidence": formula.evidence.kind,
        "certainty": formula.evidence.certainty,
    }


def _range_warnings(
    compiled: CompiledFormula, resolved: Resolved, columns: Mapping[str, Array], value: Array
) -> tuple[str, ...]:
    """How many points lie outside the ranges that the fit was made on."""
    plan = resolved.plan
    found: list[str] = []
    for place, span in plan.ranges:
        entry = resolved.inputs[place]
        known = columns.get(span.symbol, value if entry is None else entry.value)
        if isinstance(known, tuple):
            continue
        unit = compiled.unit_text(plan.variables[place])
        for side, end in (("below", span.low), ("above", span.high)):
            if end is None:
                continue
            outside = np.atleast_1d(known < end if side == "below" else known > end)
            count = int(np.count_nonzero(outside))
            shown = f"{count} of {outside.size} points have {span.symbol}" if outside.size > 1 else ""
            if count:
                shown = shown or f"{span.symbol} = {number_shown(float(np.ravel(known)[0]))} {unit}"
                found.append(f"{shown} {side} {plan.range_texts[place]}")
    return tuple(found)
