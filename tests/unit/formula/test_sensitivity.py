"""Sensitivity: partials with their units, elasticities, and what each input does between its ends."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.formula.compile import CompiledFormula, compile_formula
from kg.formula.evaluate import evaluate
from kg.formula.sensitivity import sensitivity
from kg.model.formula import Domain
from kg.model.sensitivity import Sensitivity, Sway
from tests.unit.formula.records import (
    AUTOMATION,
    CHINCHILLA,
    COMPUTE,
    REAL,
    SHARE,
    TIME,
    UNITS,
    formula,
    output,
    variable,
)
from tests.unit.formula.unsure import over, replicated


def ask(compiled: CompiledFormula, *, fit: str = "", unit: str = "", **givens: object) -> Sensitivity:
    return sensitivity(compiled, givens, fit=fit, unit=unit, units=UNITS)


def rows(found: Sensitivity) -> dict[str, Sway]:
    return {row.symbol: row for row in found.inputs}


@settings(deadline=None, max_examples=60)
@given(power=st.floats(-5, 5), factor=st.floats(0.1, 100), value=st.floats(0.1, 100))
def test_the_elasticity_of_a_power_is_its_exponent(power: float, factor: float, value: float) -> None:
    found = rows(ask(over("c*x**n", "c", "x", "n", domain=REAL), c=factor, x=value, n=power))
    assert found["x"].elasticity == pytest.approx(power, rel=1e-10, abs=1e-10)
    assert found["c"].elasticity == pytest.approx(1.0, rel=1e-12)
    assert found["n"].elasticity == pytest.approx(power * math.log(value), rel=1e-9, abs=1e-10)


def test_a_change_of_unit_changes_partials_and_swings_and_no_elasticity() -> None:
    asked = {"C": 8.64e18, "n": 100, "F": 1e14, "u": 0.5}
    days, hours = (ask(compile_formula(TIME), unit=unit, **asked) for unit in ("d", "h"))
    for symbol, row in rows(days).items():
        other = rows(hours)[symbol]
        assert other.elasticity == pytest.approx(row.elasticity, rel=1e-12)
        assert other.partial == pytest.approx(24 * (row.partial or math.nan), rel=1e-12)
        assert other.swing == pytest.approx(24 * (row.swing or math.nan), rel=1e-12)
    assert rows(days)["C"].partial_unit == "d/FLOP"
    assert rows(days)["F"].partial_unit == "d/(FLOP/s)"
    assert rows(days)["u"].partial_unit == "d"
    assert rows(hours)["C"].partial_unit == "h/FLOP"


def test_a_constant_without_a_unit_has_its_inferred_one_in_the_partial() -> None:
    found = rows(ask(compile_formula(CHINCHILLA), N=7e10, D=1.4e12))
    assert found["A"].partial_unit == "(nat/token)/(nat*parameter^alpha/token)"
    assert found["E"].partial_unit == "1"
    assert found["A"].partial == pytest.approx(7e10**-0.34, rel=1e-12)


def test_inputs_come_with_the_widest_swing_first_and_say_on_what_basis_they_were_varied() -> None:
    found = ask(compile_formula(replicated()), fit="besiroglu-2024", N="70B ± 5B", D="[1T, 2T]")
    swings = [row.swing or 0.0 for row in found.inputs]
    assert swings == sorted(swings, reverse=True)
    by_symbol = rows(found)
    assert by_symbol["N"].basis == "standard deviation given"
    assert (by_symbol["N"].low, by_symbol["N"].high) == (65e9, 75e9)
    assert (by_symbol["D"].low, by_symbol["D"].high) == (1e12, 2e12)
    assert by_symbol["alpha"].basis == "standard error of the fit besiroglu-2024"
    assert (by_symbol["alpha"].low, by_symbol["alpha"].high) == pytest.approx((0.3278, 0.3678))
    assumed = rows(ask(compile_formula(CHINCHILLA), N=7e10, D=1.4e12))
    assert {row.basis for row in assumed.values()} == {"±10 %, assumed"}
    assert (assumed["N"].low, assumed["N"].high) == pytest.approx((63e9, 77e9))


def test_the_outputs_at_the_ends_are_those_of_an_evaluation() -> None:
    compiled = compile_formula(COMPUTE)
    found = ask(compiled, N="70B ± 5B", D="1.4T", unit="PFLOP-day")
    for row in found.inputs:
        for end, value in ((row.low, row.output_low), (row.high, row.output_high)):
            givens = {"N": 70e9, "D": 1.4e12, row.symbol: end}
            if row.symbol != "k":
                expected = evaluate(compiled, givens, unit="PFLOP-day", units=UNITS).value
                assert value == pytest.approx(expected, rel=1e-13)
    assert found.value == evaluate(compiled, {"N": 70e9, "D": 1.4e12}, unit="PFLOP-day", units=UNITS).value
    assert found.unit == "PFLOP-day"


EDGES = [
    ("x", {"x": 0.95}, SHARE, (0.855, 1.0), "as far as its domain goes"),
    ("x", {"x": 0.3}, SHARE, (0.27, 0.33), "±10 %, assumed"),
    ("x", {"x": -2.0}, REAL, (-2.2, -1.8), "±10 %, assumed"),
    ("x", {"x": 1024}, Domain(1.0, integer=True), (922, 1126), "±10 %, assumed"),
    ("x", {"x": "1 ± 3"}, Domain(0.0, open_minimum=True), (math.exp(-2.6687), math.exp(0.3661)), "given"),
]


@pytest.mark.parametrize(("text", "givens", "domain", "ends", "basis"), EDGES)
def test_an_input_is_varied_within_its_domain(
    text: str, givens: dict[str, object], domain: Domain, ends: tuple[float, float], basis: str
) -> None:
    found = rows(ask(over(text, "x", domain=domain), x=givens["x"]))["x"]
    assert (found.low, found.high) == pytest.approx(ends, rel=1e-3)
    assert basis in found.basis


MISSING = [
    ("x + 1", 0.0, REAL, "a tenth of the value is nothing"),
    ("x", 2, Domain(1.0, integer=True), "a tenth of the value is nothing"),
    ("sqrt(x)", 0.0, Domain(0.0), "no derivative at this point"),
    ("x - x", 1.0, REAL, "no elasticity"),
    ("sqrt(1 - x)", 0.95, REAL, "no value in the output's domain"),
]


@pytest.mark.parametrize(("text", "value", "domain", "reason"), MISSING, ids=[row[0] for row in MISSING])
def test_a_figure_that_is_missing_has_its_reason(
    text: str, value: float, domain: Domain, reason: str
) -> None:
    found = rows(ask(over(text, "x", domain=domain), x=value))["x"]
    assert reason in found.reason
    assert None in (found.partial, found.elasticity, found.swing)


def test_an_output_outside_its_domain_is_no_end_of_a_swing() -> None:
    compiled = compile_formula(
        formula("part", "q = x*y", output("q", domain=SHARE), variable("x"), variable("y"))
    )
    found = rows(ask(compiled, x=0.95, y="1 ± 0.2"))["y"]
    assert found.output_low == pytest.approx(0.76)
    assert found.output_high is None
    assert found.swing is None


def test_each_value_of_a_series_has_a_row_and_the_length_none_but_its_reason() -> None:
    found = ask(compile_formula(AUTOMATION), w=[0.5, 0.3], a=["0.9 ± 0.05", 0.4])
    assert set(rows(found)) == {"w[1]", "w[2]", "a[1]", "a[2]", "n"}
    assert rows(found)["a[1]"].partial == pytest.approx(0.625)
    assert rows(found)["a[1]"].high == pytest.approx(0.95)
    assert rows(found)["n"].swing is None
    assert "bounds a sum" in rows(found)["n"].reason
    assert found.notes


def test_it_carries_the_warnings_the_fit_and_the_sources_of_the_evaluation() -> None:
    found = ask(compile_formula(CHINCHILLA), N=7e10, D=1.4e12)
    told = evaluate(compile_formula(CHINCHILLA), {"N": 7e10, "D": 1.4e12}, units=UNITS)
    assert (found.value, found.fit, found.warnings, found.sources) == (
        told.value,
        told.fit,
        told.warnings,
        told.sources,
    )
