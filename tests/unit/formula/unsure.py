"""Formulas with unsure inputs, for the tests of uncertainty."""

from dataclasses import replace

from kg.formula.compile import CompiledFormula, compile_formula
from kg.formula.uncertainty import evaluate_unsure
from kg.model.formula import ConstantSet, ConstantValue, Domain, Formula
from kg.model.iri import Iri
from kg.model.uncertainty import Correlation, Uncertainty
from tests.unit.formula.records import (
    BASE,
    CHINCHILLA,
    POSITIVE,
    REAL,
    UNITS,
    constant,
    formula,
    output,
    variable,
)

Z90 = 1.6448536269514722
"""The 95 % quantile of the standard normal distribution."""

ERRORS = {"E": 0.03, "A": 124.58, "B": 1293.23, "alpha": 0.02, "beta": 0.02}


def propagate(
    compiled: CompiledFormula,
    method: str = "linear",
    *,
    fit: str = "",
    unit: str = "",
    samples: int = 10_000,
    seed: int = 0,
    **givens: object,
) -> Uncertainty:
    """How sure the output is for these givens."""
    found = evaluate_unsure(
        compiled,
        givens,
        fit=fit,
        unit=unit,
        units=UNITS,
        uncertainty=method,
        samples=samples,
        seed=seed,
    ).uncertainty
    assert found is not None
    return found


def over(text: str, *symbols: str, domain: Domain = POSITIVE) -> CompiledFormula:
    """``q = text`` over inputs of one domain."""
    inputs = (variable(symbol, domain=domain) for symbol in symbols)
    return compile_formula(formula("plain", f"q = {text}", output("q", domain=REAL), *inputs))


def fitted(
    text: str,
    values: dict[str, tuple[float, float]],
    *correlations: tuple[str, str, float],
    dependence: str = "unknown",
    domain: Domain = REAL,
) -> CompiledFormula:
    """``q = text`` with a fit of values and standard errors."""
    constants = (replace(constant(symbol), domain=domain) for symbol in values)
    chosen = ConstantSet(
        Iri(f"{BASE}formula/fitted#fit"),
        "fit",
        "fit",
        tuple(ConstantValue(symbol, value, error) for symbol, (value, error) in values.items()),
        dependence=dependence,
        correlations=tuple(Correlation(*one) for one in correlations),
    )
    return compile_formula(formula("fitted", f"q = {text}", output("q"), *constants, constant_sets=(chosen,)))


def replicated() -> Formula:
    """Chinchilla's law with the standard errors of its replication."""
    *others, last = CHINCHILLA.constant_sets
    values = tuple(replace(value, standard_error=ERRORS[value.symbol]) for value in last.values)
    return replace(CHINCHILLA, constant_sets=(*others, replace(last, values=values)))
