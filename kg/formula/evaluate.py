"""A compiled formula and values → its output, with the origin, unit and source of all that went into it."""

from collections.abc import Sequence

from kg.errors import FormulaError, OutOfDomain, TooLarge, TriviumError
from kg.formula.compile import CompiledFormula, CompiledReading
from kg.formula.inputs import (
    Givens,
    Resolved,
    range_warnings,
    require,
    resolve_inputs,
    sources_of,
)
from kg.formula.plan import working_value
from kg.formula.program import FAILURES, Value, explain_failure
from kg.formula.steps import fill, number_shown, template_of
from kg.formula.units import UnitTable
from kg.model.answer import Evaluation, Observed, Origin, ReadingValue, Step
from kg.model.quantity import Unit


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
    used = tuple(entry for entry in resolved.inputs[: len(symbols)] if entry is not None)
    warnings = tuple(resolved.warnings)
    if resolved.plan.ranges:
        warnings += range_warnings(compiled, resolved, value)
    shown, unit_text = _in_unit(compiled, value, wanted, units)
    result = number_shown(shown) if unit_text == "1" else f"{number_shown(shown)} {unit_text}"
    plan, formula = resolved.plan, compiled.formula
    fitted = any(entry.origin is Origin.FIT for entry in used)
    return Evaluation(
        formula=formula.iri,
        label=formula.label,
        expression=formula.expression,
        symbol=target or formula.slug,
        value=shown,
        unit=unit_text,
        inputs=used,
        steps=_steps(
            compiled,
            values,
            result,
        ),
        fit=plan.fit.name if fitted and plan.fit is not None else "",
        fit_rationale=plan.rationale if fitted else "",
        warnings=warnings,
        readings=tuple(_read(reading, resolved, wanted, units) for reading in compiled.readings),
        sources=sources_of(resolved, used),
        evidence=formula.evidence.kind,
        certainty=formula.evidence.certainty,
    )


def run_program(compiled: CompiledFormula, values: Sequence[Value | None]) -> float:
    """The output in its own unit, inside its domain.

    Raises:
        OutOfDomain: no finite real value, with the part that has none; or one outside the output's domain.
    """
    output = compiled.output
    symbol = output.symbol if output is not None else compiled.formula.slug
    try:
        result = compiled.program.run(values)
    except FAILURES as error:
        if isinstance(error, TriviumError):
            raise
        reason = explain_failure(compiled.body, compiled.program.symbols, values)
        domain = str(output.domain) if output is not None else "finite real numbers"
        raise OutOfDomain(symbol, "undefined", domain, reason) from error
    if output is None:
        return result
    value = result / compiled.scales[symbol]
    if value not in output.domain:
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
    formula, symbols = compiled.formula, compiled.program.symbols
    lengths = tuple(len(value) if isinstance(value, tuple) else 0 for value in values)
    key = ("steps", lengths)
    template = compiled.kept.get(key)
    if not isinstance(template, tuple):
        template = template_of(compiled.body, dict(zip(symbols, lengths, strict=True)))
        if len(compiled.kept) < 64:
            compiled.kept[key] = template
    head = f"{compiled.output.symbol} = " if compiled.output is not None else ""
    scaled = any(scale != 1.0 for scale in compiled.scales.values())
    return (
        Step("take the relation", formula.expression),
        Step(
            "put the values in, in base units" if scaled else "put the values in",
            head + fill(template, dict(zip(symbols, values, strict=True))),
        ),
        Step("compute", head + result),
    )


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
