"""A compiled formula and values → its output, with the origin, unit and source of all that went into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from kg.errors import FormulaError, OutOfDomain, TooLarge
from kg.formula.compile import CompiledFormula, CompiledReading
from kg.formula.inputs import (
    Givens,
    Resolved,
    provenance,
    range_warnings,
    require,
    resolve_inputs,
)
from kg.formula.plan import working_value
from kg.formula.program import NoValue, Value, explain_failure
from kg.formula.steps import Template, fill, number_shown, template_of
from kg.formula.units import UnitTable
from kg.model.answer import Evaluation, Observed, ReadingValue, Step
from kg.model.deferred import deferred
from kg.model.quantity import Unit

MAX_KEPT: Final = 64
"""Derived things that are kept with one compiled formula."""


def evaluate(
    compiled: CompiledFormula,
    givens: Givens,
    *,
    observed: Sequence[Observed] = (),
    fit: str = "",
    unit: str = "",
    units: UnitTable,
) -> Evaluation:
    """The formula's output for values given by symbol or quantity slug; the rest comes from elsewhere.

    Given comes before ``observed`` (of the subject, best first), then the fit, then defaults. The value is
    finite, real, inside the output's domain, and in ``unit`` where one is asked for.

    Raises:
        UnknownSymbol, MissingValue, WrongDimension, OutOfDomain: the inputs make no value; each says why.
        BadParameter: the output is given, or a series and its sum differ in length. NotFound: no such fit.
        BadSyntax, TooLarge: a number that cannot be read.
    """
    output = compiled.output
    target = output.symbol if output is not None else ""
    wanted = units.named(unit, like=output.unit if output is not None else None) if unit else None
    resolved = resolve_inputs(compiled, givens, observed=observed, fit=fit, units=units, target=target)
    symbols = compiled.program.symbols
    values = resolved.values[: len(symbols)]
    if None in values:
        require(compiled, resolved, symbols)
    value = run_program(compiled, values)
    shown, unit_text = _in_unit(compiled, value, wanted, units)
    told = partial(
        _told, compiled, resolved, value=value, shown=shown, unit=unit_text, wanted=wanted, units=units
    )
    return deferred(Evaluation, {"value": shown, "unit": unit_text}, told)


def _told(
    compiled: CompiledFormula,
    resolved: Resolved,
    *,
    value: float,
    shown: float,
    unit: str,
    wanted: Unit | None,
    units: UnitTable,
) -> dict[str, object]:
    """What an evaluation says beside its value."""
    plan, formula, output = resolved.plan, compiled.formula, compiled.output
    count = len(compiled.program.symbols)
    used = tuple(resolved.inputs[:count])
    sources, fit_used = provenance(resolved, used)
    result = number_shown(shown) if unit == "1" else f"{number_shown(shown)} {unit}"
    return {
        "formula": formula.iri,
        "label": formula.label,
        "expression": formula.expression,
        "symbol": output.symbol if output is not None else formula.slug,
        "inputs": used,
        "steps": _steps(compiled, resolved.values[:count], result),
        "fit": plan.fit.name if fit_used and plan.fit is not None else "",
        "fit_rationale": plan.rationale if fit_used else "",
        "warnings": (*resolved.warnings, *(range_warnings(compiled, resolved, value) if fit_used else ())),
        "readings": tuple(_read(reading, resolved, wanted, units) for reading in compiled.readings),
        "sources": sources,
        "evidence": formula.evidence.kind,
        "certainty": formula.evidence.certainty,
        "uncertainty": None,
    }


def run_program(compiled: CompiledFormula, values: Sequence[Value | None]) -> float:
    """The output in its own unit, inside its domain.

    Raises:
        OutOfDomain: no finite real value, with the part that has none; or one outside the output's domain.
    """
    output = compiled.output
    symbol = output.symbol if output is not None else compiled.formula.slug
    try:
        result = compiled.program.run(values)
    except NoValue as error:
        reason = explain_failure(compiled.body, compiled.program.symbols, values)
        domain = str(output.domain) if output is not None else "finite real numbers"
        raise OutOfDomain(symbol, "undefined", domain, reason) from error
    if output is None:
        return result
    value = result / compiled.scales[symbol]
    low, high = compiled.output_ends
    if not low <= value <= high and value not in output.domain:
        raise OutOfDomain(
            symbol, number_shown(value), str(output.domain), "the inputs lie outside what it describes"
        )
    return value


def _in_unit(
    compiled: CompiledFormula, value: float, wanted: Unit | None, units: UnitTable
) -> tuple[float, str]:
    output = compiled.output
    if output is None:
        return value, compiled.dimensions.result
    if wanted is None:
        return value, output.unit.symbol
    return units.convert(value, output.unit, wanted), wanted.symbol


def _steps(compiled: CompiledFormula, values: Sequence[Value | None], result: str) -> tuple[Step, ...]:
    lengths = tuple(len(value) for value in values if isinstance(value, tuple))
    kept = compiled.kept.get(("steps", lengths))
    layout = kept if isinstance(kept, _Layout) else _lay_out_steps(compiled, values, lengths)
    return (
        layout.first,
        Step(layout.action, layout.head + fill(layout.template, values)),
        Step("compute", layout.head + result),
    )


@dataclass(frozen=True, slots=True)
class _Layout:
    """What all derivations of a formula with series of the same lengths share."""

    first: Step
    action: str
    head: str
    template: Template


def _lay_out_steps(
    compiled: CompiledFormula, values: Sequence[Value | None], lengths: tuple[int, ...]
) -> _Layout:
    symbols = compiled.program.symbols
    by_name = {
        name: len(value) for name, value in zip(symbols, values, strict=True) if isinstance(value, tuple)
    }
    layout = _Layout(
        Step("take the relation", compiled.formula.expression),
        "put the values in" if compiled.dimensions.coherent else "put the values in, in base units",
        f"{compiled.output.symbol} = " if compiled.output is not None else "",
        template_of(compiled.body, symbols, by_name),
    )
    if len(compiled.kept) < MAX_KEPT:
        compiled.kept["steps", lengths] = layout
    return layout


def _read(
    reading: CompiledReading, resolved: Resolved, wanted: Unit | None, units: UnitTable
) -> ReadingValue:
    value, unit, reason = None, "", reading.reason
    compiled = reading.compiled
    if compiled is not None:
        places = [resolved.plan.slots[symbol] for symbol in compiled.program.symbols]
        values = [working_value(compiled, resolved.inputs[place]) for place in places]
        missing = [
            symbol for symbol, known in zip(compiled.program.symbols, values, strict=True) if known is None
        ]
        if missing:
            reason = f"it also needs {', '.join(missing)}"
        else:
            value, unit, reason = _reading_value(compiled, values, wanted, units)
    known = reading.reading
    return ReadingValue(
        known.name, known.meaning, known.expression, known.certainty, known.preferred, value, unit, reason
    )


def _reading_value(
    compiled: CompiledFormula, values: Sequence[Value | None], wanted: Unit | None, units: UnitTable
) -> tuple[float | None, str, str]:
    output = compiled.output
    fits = (
        wanted
        if output is not None and wanted is not None and wanted.dimension == output.unit.dimension
        else None
    )
    try:
        value, unit = _in_unit(compiled, run_program(compiled, values), fits, units)
    except (FormulaError, TooLarge) as error:
        return None, "", str(error)
    return value, unit, ""
