"""Does a formula's record hold? Its expression, its readings, and the number of each worked example."""

import math
from dataclasses import dataclass
from typing import Final

from kg.errors import TriviumError
from kg.formula.compile import CompiledFormula, compile_formula
from kg.formula.evaluate import evaluate
from kg.formula.givens import parse_givens
from kg.formula.units import UnitTable
from kg.model.formula import Formula, WorkedExample
from kg.model.iri import Iri

LEAST: Final = 1e-300
"""An expected zero must come out as zero, but for this."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a formula or a part of it; ``rule`` is formula, reading or example."""

    subject: Iri
    rule: str
    message: str


def check_formula(formula: Formula, *, units: UnitTable) -> tuple[Fault, ...]:
    """All faults of a formula, by subject; none where all of it compiles and each example comes out."""
    try:
        compiled = compile_formula(formula)
    except TriviumError as error:
        return (Fault(formula.iri, "formula", str(error)),)
    return tuple(sorted((*check_readings(compiled), *check_examples(compiled, units=units)), key=_order))


def check_readings(compiled: CompiledFormula) -> tuple[Fault, ...]:
    """The readings whose expression is not in the grammar, or does not fit the variables."""
    return tuple(
        Fault(reading.reading.iri, "reading", reading.reason)
        for reading in compiled.readings
        if reading.compiled is None and reading.reading.expression
    )


def check_examples(compiled: CompiledFormula, *, units: UnitTable) -> tuple[Fault, ...]:
    """The worked examples that cannot be computed, or give another number than they promise."""
    faults: list[Fault] = []
    for example in compiled.formula.examples:
        reason = _example_fault(compiled, example, units)
        if reason:
            faults.append(Fault(example.iri, "example", reason))
    return tuple(sorted(faults, key=_order))


def _example_fault(compiled: CompiledFormula, example: WorkedExample, units: UnitTable) -> str:
    try:
        found = evaluate(compiled, parse_givens(example.givens), fit=example.fit, units=units)
    except TriviumError as error:
        return f"{example.givens}: {error}"
    if math.isclose(found.value, example.expected, rel_tol=example.relative_tolerance, abs_tol=LEAST):
        return ""
    return (
        f"{example.givens} gives {found.symbol} = {found.value:.10g} {found.unit}, "
        f"but {example.expected:.10g} is expected, within {example.relative_tolerance:g} of it"
    )


def _order(fault: Fault) -> tuple[str, str, str]:
    return (fault.subject, fault.rule, fault.message)
