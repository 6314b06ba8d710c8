"""Does a formula's record hold? Its expression, its readings, and the number of each worked example."""

import math
from dataclasses import dataclass
from typing import Final

from kg.errors import BadSyntax, TriviumError
from kg.formula.compile import CompiledFormula, compile_formula
from kg.formula.evaluate import evaluate
from kg.formula.givens import parse_givens
from kg.formula.latex import read_latex
from kg.formula.render import render
from kg.formula.tree import Node, Relation, children
from kg.formula.units import UnitTable
from kg.model.algebra import Verdict
from kg.model.formula import Formula, WorkedExample
from kg.model.iri import Iri

LEAST: Final = 1e-300
"""An expected zero must come out as zero, but for this."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a formula or a part of it; ``rule`` is formula, reading, example or latex."""

    subject: Iri
    rule: str
    message: str


def check_formula(formula: Formula, *, units: UnitTable) -> tuple[Fault, ...]:
    """All faults of a formula, by subject; none where all of it compiles and each example comes out."""
    try:
        compiled = compile_formula(formula)
    except TriviumError as error:
        return (Fault(formula.iri, "formula", str(error)),)
    faults = (*check_readings(compiled), *check_examples(compiled, units=units), *check_latex(compiled))
    return tuple(sorted(faults, key=_order))


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


def check_latex(compiled: CompiledFormula) -> tuple[Fault, ...]:
    """The author's LaTeX, where it cannot be proved to say what the expression says; tells both forms."""
    from kg.formula.render_files import is_same, relation_of

    text = compiled.formula.latex
    if not text or is_same(compiled, text):
        return ()
    wanted = relation_of(compiled)
    try:
        found = read_latex(text, {variable.symbol for variable in compiled.formula.variables})
        reason = _difference(found, wanted, compiled)
    except BadSyntax as error:
        reason = f"{error.reason} at column {error.column} near {error.text!r}"
    except TriviumError as error:
        reason = str(error)
    if not reason:
        return ()
    both = f"{text} beside {render(wanted)}"
    return (Fault(compiled.formula.iri, "latex", f"{both}: {reason}"),)


def _difference(found: Node, wanted: Node, compiled: CompiledFormula) -> str:
    """Why the two are not proved equal, side by side; empty where they are."""
    from kg.formula.equivalence import judge

    domains = {variable.symbol: variable.domain for variable in compiled.formula.variables}
    if isinstance(found, Relation) != isinstance(wanted, Relation):
        return f"it reads {render(found)}, and one of them is no relation"
    sides = list(zip(children(found), children(wanted), strict=True)) if isinstance(found, Relation) else []
    for one, two in sides or [(found, wanted)]:
        verdict = judge(one, two, domains)
        if verdict.how != "proved":
            return f"it reads {render(found)}, which is {_told(verdict)}"
    return ""


def _told(verdict: Verdict) -> str:
    if verdict.witness is None:
        return f"not proved equal: {verdict.reason}"
    at = ", ".join(f"{name} = {value}" for name, value in verdict.witness.point)
    left, right = (value or "no value" for value in (verdict.witness.left, verdict.witness.right))
    return f"different: {left} instead of {right}{f' for {at}' if at else ''}"


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
