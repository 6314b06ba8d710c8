"""What a batch says beside its values: its columns, why points have none, sources, ranges that were left."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kg.errors import FormulaError, OutOfDomain
from kg.formula.array_tape import Array
from kg.formula.batch_work import Work
from kg.formula.compile import CompiledFormula
from kg.formula.evaluate import run_program
from kg.formula.inputs import Resolved, provenance
from kg.formula.steps import number_shown
from kg.model.batch import Column

NAMED: Final = 5
"""Points without a value that a refusal names, at most."""


def columns_of(
    compiled: CompiledFormula, columns: Mapping[str, Array], shape: tuple[int, ...]
) -> tuple[Column, ...]:
    """The arrays as columns, in the order of the formula's variables, each with a value for each point."""
    return tuple(
        Column(
            variable.symbol,
            variable.label,
            np.broadcast_to(columns[variable.symbol], shape),
            compiled.unit_text(variable),
            variable.quantity.iri if variable.quantity is not None else None,
        )
        for variable in compiled.variables
        if variable.symbol in columns
    )


def failure_of(compiled: CompiledFormula, work: Work, failed: NDArray[np.int64]) -> FormulaError:
    """Why the first point has no value, and which others have none."""
    error = _error_at(compiled, work, int(failed[0]))
    return replace(error, hint="; ".join(filter(None, (places_text(failed, work.shape), error.hint))))


def places_text(failed: NDArray[np.int64], shape: tuple[int, ...]) -> str:
    """The first of the points, as NumPy counts them."""
    places = [_place(int(at), shape) for at in failed[:NAMED]]
    others = f", as at {', '.join(places[1:])}" if len(places) > 1 else ""
    return f"at place {places[0]}, counted from 0{others}{' …' if len(failed) > NAMED - 1 else ''}"


def _place(at: int, shape: tuple[int, ...]) -> str:
    index = [int(one) for one in np.unravel_index(at, shape)]
    return str(index[0]) if len(index) == 1 else str(index)


def _error_at(compiled: CompiledFormula, work: Work, place: int) -> OutOfDomain:
    working = list(work.fixed)
    for symbol, array in zip(work.varying, work.arrays, strict=True):
        at = compiled.program.symbols.index(symbol)
        variable = compiled.inputs[at]
        value = float(np.broadcast_to(array, work.shape)[np.unravel_index(place, work.shape)])
        if not math.isfinite(value):
            return OutOfDomain(symbol, repr(value), str(variable.domain), "a value must be finite")
        if value not in variable.domain:
            hint = f"{symbol} stands for: {variable.label}"
            return OutOfDomain(symbol, number_shown(value), str(variable.domain), hint)
        working[at] = value * compiled.scales[symbol]
    try:
        found = run_program(compiled, working)
    except OutOfDomain as error:
        return error
    output = compiled.output
    symbol = output.symbol if output is not None else compiled.formula.slug
    return OutOfDomain(symbol, number_shown(found), "doubles in the asked unit", "ask for a larger unit")


def told(
    compiled: CompiledFormula,
    resolved: Resolved,
    symbols: Iterable[str],
    columns: Mapping[str, Array],
    value: Array,
) -> dict[str, Any]:
    """What a batch says beside its values, of those that are made from ``symbols``."""
    plan, formula = resolved.plan, compiled.formula
    used = tuple(resolved.inputs[plan.slots[symbol]] for symbol in symbols)
    sources, fit_used = provenance(resolved, used)
    warnings = _range_warnings(compiled, resolved, columns, value) if fit_used else ()
    return {
        "formula": formula.iri,
        "label": formula.label,
        "expression": formula.expression,
        "inputs": tuple(entry for entry in used if entry is not None and entry.symbol not in columns),
        "fit": plan.fit.name if fit_used and plan.fit is not None else "",
        "fit_rationale": plan.rationale if fit_used else "",
        "warnings": (*resolved.warnings, *warnings),
        "sources": sources,
    }


def _range_warnings(
    compiled: CompiledFormula, resolved: Resolved, columns: Mapping[str, Array], value: Array
) -> tuple[str, ...]:
    """How many points lie outside the ranges that the fit was made on."""
    plan = resolved.plan
    found: list[str] = []
    for place, span in plan.ranges:
        entry = resolved.inputs[place]
        known: Any = value if entry is None else entry.value
        if span.symbol in columns:
            known = np.broadcast_to(columns[span.symbol], value.shape)
        if isinstance(known, tuple):
            continue
        unit = compiled.unit_text(plan.variables[place])
        for side, end in (("below", span.low), ("above", span.high)):
            if end is None:
                continue
            outside = np.ma.filled(np.atleast_1d(known < end if side == "below" else known > end), False)
            count = int(np.count_nonzero(outside))
            shown = f"{count} of {outside.size} points have {span.symbol}" if outside.size > 1 else ""
            if count:
                shown = shown or f"{span.symbol} = {number_shown(float(np.ravel(known)[0]))} {unit}"
                found.append(f"{shown} {side} {plan.range_texts[place]}")
    return tuple(found)
