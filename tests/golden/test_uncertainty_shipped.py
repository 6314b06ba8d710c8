"""Every shipped formula says how sure it is, by each method, and the methods agree with each other."""

import pytest

from kg.formula.givens import parse_givens
from kg.model.uncertainty import Shape, Uncertainty
from kg.services.formula_handle import FormulaHandle
from kg.services.knowledge import Knowledge

SHARE = 0.001
"""Part of each value that it is made unsure by: so little that first order holds."""


def unsure(formula: FormulaHandle, *, as_ends: bool) -> dict[str, object]:
    """The givens of the first worked example, each number that is no bound of a sum and not whole made unsure."""
    example = formula.record.examples[0]
    plain = parse_givens(example.givens)
    rows = {row.symbol: row for row in formula.sensitivity(plain, fit=example.fit).inputs}
    givens: dict[str, object] = dict(plain)
    for name in plain:
        row, variable = rows.get(name), formula.record.variable(name)
        if row is None or variable is None or variable.domain.integer or "bounds a sum" in row.reason:
            continue
        off = SHARE * abs(row.value) or SHARE
        ends = [row.value - off, row.value + off]
        if all(end in variable.domain for end in ends):
            givens[name] = ends if as_ends else f"{row.value!r} ± {off!r}"
    return givens


def sure(formula: FormulaHandle, givens: dict[str, object], method: str) -> Uncertainty:
    fit = formula.record.examples[0].fit
    samples = 1000 if method == "monte-carlo" else None
    found = formula.evaluate(givens, fit=fit, uncertainty=method, samples=samples).uncertainty
    assert found is not None
    return found


def test_all_methods_answer_for_every_formula_and_agree(shipped: Knowledge) -> None:
    compared = enclosed = 0
    for entry in shipped.list("formula"):
        formula = shipped.formula(entry.iri)
        deviations, ends = unsure(formula, as_ends=False), unsure(formula, as_ends=True)
        if deviations == parse_givens(formula.record.examples[0].givens):
            continue
        slug = formula.record.slug
        linear, drawn = sure(formula, deviations, "linear"), sure(formula, deviations, "monte-carlo")
        within, inside = sure(formula, ends, "interval"), sure(formula, ends, "monte-carlo")
        if all(one.spread.shape is Shape.UNIFORM for one in within.contributions):
            assert within.low <= inside.low <= inside.high <= within.high, slug
            enclosed += 1
        if linear.standard_deviation and not linear.notes and len(linear.contributions) < 10:
            # A standard deviation of a thousand draws is known to 2.2 %.
            assert drawn.standard_deviation == pytest.approx(linear.standard_deviation, rel=0.1), slug
            compared += 1
    assert compared > 120
    assert enclosed > 140
