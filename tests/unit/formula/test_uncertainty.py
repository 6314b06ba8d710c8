"""Uncertainty of an output: first order against closed forms, draws against first order and exact distributions."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import BadParameter, InvalidData, NoClosedForm, OutOfDomain, TooLarge
from kg.formula.compile import compile_formula
from kg.formula.evaluate import evaluate
from kg.formula.uncertainty import MAX_SAMPLES, evaluate_unsure
from kg.model.answer import Observed
from kg.model.formula import Domain, Role
from kg.model.iri import Iri
from kg.model.uncertainty import Method, Uncertainty
from tests.unit.formula.records import (
    AUTOMATION,
    COMPUTE,
    GROWTH,
    PARAMETER,
    REAL,
    TIME,
    UNITS,
    formula,
    output,
    variable,
)
from tests.unit.formula.unsure import ERRORS, Z90, fitted, over, propagate, replicated

BILLION = replace(PARAMETER, iri=Iri("g"), slug="g", symbol="Gparam", factor=1e9)
CALM = settings(deadline=None, max_examples=60)


@CALM
@given(
    powers=st.lists(st.integers(-300, 300).map(lambda one: one / 100), min_size=1, max_size=5),
    shares=st.lists(st.floats(1e-6, 1e-3), min_size=5, max_size=5),
    values=st.lists(st.floats(0.1, 1e6), min_size=5, max_size=5),
)
def test_relative_variances_of_a_product_of_powers_add_up_by_their_exponents(
    powers: list[float], shares: list[float], values: list[float]
) -> None:
    names = "abcde"[: len(powers)]
    text = "*".join(f"{name}**({power!r})" for name, power in zip(names, powers, strict=True))
    compiled = over(text, *names)
    used = dict(zip(names, zip(values, shares, strict=False), strict=False))
    givens = {name: f"{value!r} ± {100 * share!r}%" for name, (value, share) in used.items()}
    try:
        found = propagate(compiled, **givens)
    except BadParameter:
        assert not any(powers)
        return
    value = evaluate(compiled, {name: value for name, (value, _) in used.items()}, units=UNITS).value
    parts = {name: (power * used[name][1]) ** 2 for name, power in zip(names, powers, strict=True)}
    total = math.fsum(parts.values())
    assert found.standard_deviation == pytest.approx(value * math.sqrt(total), rel=1e-9, abs=1e-300)
    if total:
        assert {one.symbol: one.share for one in found.contributions} == pytest.approx(
            {name: part / total for name, part in parts.items()}, rel=1e-8, abs=1e-12
        )


def test_a_sum_adds_variances_and_tells_ends_at_ninety_per_cent() -> None:
    found = propagate(over("x - 2*y", "x", "y", domain=REAL), x="10 ± 3", y="1 ± 2")
    assert found.standard_deviation == pytest.approx(5.0, rel=1e-14)
    assert (found.low, found.high) == pytest.approx((8 - 5 * Z90, 8 + 5 * Z90), rel=1e-12)
    assert found.level == 0.9
    assert [(one.symbol, one.share, one.partial) for one in found.contributions] == [
        ("y", pytest.approx(0.64), -2.0),
        ("x", pytest.approx(0.36), 1.0),
    ]
    assert found.notes == ()


CORRELATED = [(0.0, 5.0), (1.0, 7.0), (-1.0, 1.0), (0.5, math.sqrt(37)), (-0.5, math.sqrt(13))]


@pytest.mark.parametrize(("correlation", "deviation"), CORRELATED)
def test_errors_that_go_together_add_up_as_they_must(correlation: float, deviation: float) -> None:
    """For x + y with deviations 3 and 4 the variance is 25 + 24 r."""
    compiled = fitted("x + y", {"x": (10.0, 3.0), "y": (5.0, 4.0)}, ("x", "y", correlation))
    linear = propagate(compiled)
    assert linear.standard_deviation == pytest.approx(deviation, rel=1e-12)
    assert sum(one.share or 0.0 for one in linear.contributions) == pytest.approx(1.0)
    assert [one.coefficient for one in linear.correlations] == [correlation]
    drawn = propagate(compiled, "monte-carlo", samples=40_000, seed=5)
    assert drawn.standard_deviation == pytest.approx(deviation, rel=0.02)


def test_three_errors_in_a_circle_have_the_variance_of_their_covariance() -> None:
    pairs = (("x", "y", 0.5), ("y", "z", -0.3), ("x", "z", 0.2))
    compiled = fitted("x + 2*y - z", {"x": (1.0, 1.0), "y": (2.0, 2.0), "z": (3.0, 3.0)}, *pairs)
    slopes, deviations = np.array([1.0, 2.0, -1.0]), np.array([1.0, 2.0, 3.0])
    matrix = np.array([[1, 0.5, 0.2], [0.5, 1, -0.3], [0.2, -0.3, 1]]) * np.outer(deviations, deviations)
    exact = math.sqrt(slopes @ matrix @ slopes)
    found = propagate(compiled)
    assert found.standard_deviation == pytest.approx(exact, rel=1e-12)
    shares = dict(zip("xyz", slopes * (matrix @ slopes) / exact**2, strict=True))
    assert {one.symbol: one.share for one in found.contributions} == pytest.approx(shares)
    assert propagate(compiled, "monte-carlo", samples=40_000).standard_deviation == pytest.approx(
        exact, rel=0.02
    )


IMPOSSIBLE = [
    (("x", "y", 1.0), ("x", "z", -1.0), ("y", "z", 1.0)),
    (("x", "y", 0.9), ("x", "z", -0.9), ("y", "z", 0.9)),
    (("x", "y", 1.0), ("x", "z", 0.5), ("y", "z", 0.0)),
]


@pytest.mark.parametrize("pairs", IMPOSSIBLE)
@pytest.mark.parametrize("method", ["linear", "monte-carlo"])
def test_correlations_that_contradict_each_other_are_a_fault_of_the_data(
    pairs: tuple[tuple[str, str, float], ...], method: str
) -> None:
    compiled = fitted("x + y + z", dict.fromkeys("xyz", (1.0, 0.1)), *pairs)
    with pytest.raises(InvalidData, match="contradict"):
        propagate(compiled, method)


def test_what_is_not_known_of_a_fits_correlations_is_said_unless_they_are_known_to_be_none() -> None:
    values = {"x": (1.0, 0.1), "y": (2.0, 0.1)}
    assert "x, y go together is not known" in propagate(fitted("x + y", values)).notes[0]
    assert propagate(fitted("x + y", values, dependence="independent")).notes == ()
    assert propagate(fitted("x + y", values, ("x", "y", 0.5))).notes == ()
    one = fitted("x + y", {"x": (1.0, 0.1), "y": (2.0, 0.0)})
    assert propagate(one).notes == ()
    # Who gives one of the two does not ask how the fit's errors go together.
    assert propagate(fitted("x + y", values, ("x", "y", 0.5)), x="1 ± 0.2").correlations == ()


BENT = [
    ("x**2", {"x": "0.1 ± 1"}, REAL, "bends"),
    ("exp(x)", {"x": "0 ± 1"}, REAL, "bends"),
    ("x*y", {"x": "0.1 ± 1", "y": "0.1 ± 1"}, REAL, "bends"),
    ("x**2", {"x": "0 ± 1"}, REAL, "derivative is zero"),
    ("log(x)", {"x": "1 ± 1.5"}, REAL, "no value"),
    ("floor(x)*x", {"x": "10.5 ± 0.1"}, REAL, "steps or kinks in x"),
]


@pytest.mark.parametrize(("text", "givens", "domain", "says"), BENT, ids=[row[0] for row in BENT])
def test_first_order_warns_where_it_does_not_hold(
    text: str, givens: dict[str, object], domain: Domain, says: str
) -> None:
    found = propagate(over(text, *givens, domain=domain), **givens)
    assert any(says in note for note in found.notes), found.notes


def test_draws_tell_by_how_much_first_order_is_off() -> None:
    found = propagate(over("exp(x)", "x", domain=REAL), "monte-carlo", x="0 ± 1")
    assert any("to first order the standard deviation is 1" in note for note in found.notes)


def test_the_replicated_chinchilla_loss_has_the_spread_of_its_terms() -> None:
    """The variance term by term, by hand from the five standard errors, at 70 billion and 1.4 trillion."""
    n, d = 7e10, 1.4e12
    a, b = 482.01 / n**0.3478, 2085.43 / d**0.3658
    parts = {
        "E": ERRORS["E"],
        "A": ERRORS["A"] / n**0.3478,
        "B": ERRORS["B"] / d**0.3658,
        "alpha": a * math.log(n) * ERRORS["alpha"],
        "beta": b * math.log(d) * ERRORS["beta"],
    }
    found = propagate(compile_formula(replicated()), fit="besiroglu-2024", N=n, D=d)
    assert found.standard_deviation == pytest.approx(math.hypot(*parts.values()), rel=1e-12)
    assert found.unit == "nat/token"
    assert [one.symbol for one in found.contributions] == sorted(parts, key=lambda one: -parts[one])


def test_uncertainty_comes_in_the_unit_that_is_asked_for() -> None:
    compiled = compile_formula(TIME)
    asked = {"C": "8.64e18 ± 10%", "n": 1, "F": 1e14, "u": 0.5}
    for method in Method:
        days, hours = (propagate(compiled, method, unit=unit, **asked) for unit in ("d", "h"))  # type: ignore[arg-type]
        assert (days.unit, hours.unit) == ("d", "h")
        assert (hours.low, hours.high) == pytest.approx((24 * days.low, 24 * days.high), rel=1e-12)
        ratios = [
            one.partial / other.partial
            for one, other in zip(hours.contributions, days.contributions, strict=True)
            if one.partial and other.partial
        ]
        assert ratios == [pytest.approx(24)]
    linear = propagate(compiled, C="8.64e18 ± 10%", n=1, F=1e14, u=0.5)
    # t = C/(n F u) = 2 d, of which a tenth.
    assert linear.standard_deviation == pytest.approx(0.2, rel=1e-12)


def test_units_of_other_sizes_carry_spreads_into_base_units() -> None:
    """``g`` per year times ``t`` in years: the exponent's spread is that of t alone."""
    found = propagate(compile_formula(GROWTH), C_0="1e20 FLOP", t="2 ± 0.1")
    value = 1e20 * math.exp(1.0)
    assert found.standard_deviation == pytest.approx(value * 0.5 * 0.1, rel=1e-12)
    assert found.contributions[0].partial == pytest.approx(value * 0.5, rel=1e-12)


def test_values_of_a_series_are_unsure_one_by_one() -> None:
    compiled = compile_formula(AUTOMATION)
    asked = {"w": [1.0, 3.0], "a": "0.5 ± 0.04, 0.2 ± 0.03"}
    linear = propagate(compiled, **asked)
    assert linear.standard_deviation == pytest.approx(math.hypot(0.25 * 0.04, 0.75 * 0.03), rel=1e-12)
    assert [one.symbol for one in linear.contributions] == ["a[2]", "a[1]"]
    drawn = propagate(compiled, "monte-carlo", samples=40_000, **asked)  # type: ignore[arg-type]
    assert drawn.standard_deviation == pytest.approx(linear.standard_deviation, rel=0.03)
    box = propagate(compiled, "interval", **asked)
    assert box.low < 0.275 < box.high


WHOLE_FROM_ONE = Domain(1.0, integer=True)
POWERS = formula(
    "powers",
    "q = Sum(i, 1, n, x**i)",
    output("q"),
    variable("n", domain=WHOLE_FROM_ONE),
    variable("x"),
    variable("i", Role.INDEX, domain=WHOLE_FROM_ONE),
)


@pytest.mark.parametrize("method", ["linear", "interval"])
def test_the_bound_of_a_sum_takes_no_spread_where_a_change_in_small_is_needed(method: str) -> None:
    with pytest.raises(NoClosedForm, match="bounds a sum"):
        propagate(compile_formula(POWERS), method, n="[2, 4]", x=2.0)


def test_the_bound_of_a_sum_can_be_drawn_unless_it_is_the_length_of_a_series() -> None:
    drawn = propagate(compile_formula(POWERS), "monte-carlo", n="[2, 4]", x=2.0, samples=2000)
    assert drawn.low in (6.0, 14.0)
    assert drawn.high == 30.0
    with pytest.raises(BadParameter, match="length of a series"):
        propagate(compile_formula(AUTOMATION), "monte-carlo", n="[1, 3]", w=[0.5, 0.3], a=[0.9, 0.4])


def test_a_sum_is_bounded_term_by_term_while_it_is_short() -> None:
    found = propagate(compile_formula(POWERS), "interval", n=3, x="[2, 3]")
    assert (found.low, found.high) == pytest.approx((14, 39), rel=1e-12)
    with pytest.raises(NoClosedForm, match="more than 100 terms"):
        propagate(compile_formula(POWERS), "interval", n=101, x="[1, 1.01]")


def test_what_the_graph_knows_of_a_subject_is_unsure_as_far_as_it_says() -> None:
    quantity = COMPUTE.variables[2].quantity
    assert quantity is not None
    of = Observed(quantity.iri, 70.0, Iri("g"), "reported", "", Iri("o"), (), 60.0, 80.0, 0.9)
    table = type(UNITS)([*map(UNITS.get, (one.unit.iri for one in COMPUTE.variables)), BILLION])  # type: ignore[list-item]
    found = evaluate_unsure(
        compile_formula(COMPUTE),
        {"D": 1e12},
        observed=(of,),
        units=table,
        uncertainty="linear",
        samples=10,
        seed=0,
    ).uncertainty
    assert found is not None
    (only,) = found.contributions
    assert (only.symbol, only.value, only.spread.low, only.spread.high) == ("N", 70e9, 60e9, 80e9)
    assert found.standard_deviation == pytest.approx(6e12 * 20e9 / (2 * Z90), rel=1e-12)


ASKED_WRONG = [
    ({"uncertainty": "guess"}, BadParameter, "one of none, linear, interval, monte-carlo"),
    ({"uncertainty": "none"}, BadParameter, "one of"),
    ({"samples": 1}, BadParameter, "from 2 to"),
    ({"samples": 2.5}, BadParameter, "whole number"),
    ({"samples": True}, BadParameter, "whole number"),
    ({"samples": MAX_SAMPLES + 1}, TooLarge, "samples"),
    ({"seed": -1}, BadParameter, "from 0 to"),
    ({"seed": 2**64}, BadParameter, "from 0 to"),
]


@pytest.mark.parametrize(("asked", "error", "says"), ASKED_WRONG, ids=[str(row[0]) for row in ASKED_WRONG])
def test_what_cannot_be_asked_is_refused_before_any_work(
    asked: dict[str, object], error: type[Exception], says: str
) -> None:
    options = {"uncertainty": "monte-carlo", "samples": 100, "seed": 0, **asked}
    with pytest.raises(error, match=says):
        evaluate_unsure(compile_formula(COMPUTE), {"N": "1 ± 1", "D": 1}, units=UNITS, **options)  # type: ignore[arg-type]


def test_too_many_draws_for_so_many_inputs_are_refused() -> None:
    names = [f"x{place}" for place in range(40)]
    compiled = over("+".join(names), *names)
    with pytest.raises(TooLarge, match="unsure inputs"):
        propagate(compiled, "monte-carlo", samples=MAX_SAMPLES, **dict.fromkeys(names, "1 ± 0.1"))


@pytest.mark.parametrize("method", ["linear", "monte-carlo"])
def test_a_spread_beyond_the_doubles_is_refused(method: str) -> None:
    for text, value in (("x", "1e308 ± 1e308"), ("x*1e100", "1e200 ± 1e250")):
        with pytest.raises(OutOfDomain, match=r"beyond the largest double|draws leave a domain"):
            propagate(over(text, "x", domain=REAL), method, x=value)


def test_a_spread_whose_square_leaves_the_doubles_is_still_told() -> None:
    found = propagate(over("2**x", "x", domain=REAL), x="1000 ± 100")
    assert found.standard_deviation == pytest.approx(100 * math.log(2) * 2.0**1000, rel=1e-12)
    assert found.contributions[0].share == 1.0
    assert found.notes == (
        "one standard deviation away the formula has no value: take uncertainty=monte-carlo",
    )


def test_a_spread_may_be_larger_than_its_value_by_many_powers_of_ten() -> None:
    for value, deviation in (("1e-200", 1.0), ("1", 1e300), ("5e-324", 1.0)):
        compiled, unsure = over("x", "x"), f"{value} ± {deviation!r}"
        found = propagate(compiled, x=unsure)
        assert (found.standard_deviation, found.contributions[0].share) == (deviation, 1.0)
        bounds = propagate(compiled, "interval", x=unsure)
        assert 0 <= bounds.low <= bounds.high < deviation


def test_where_nothing_is_unsure_the_refusal_names_what_could_be() -> None:
    with pytest.raises(BadParameter) as caught:
        propagate(compile_formula(replicated()), N=7e10, D=1e12)
    assert "N='70B ± 5B'" in str(caught.value)
    assert "besiroglu-2024" in str(caught.value)


def test_all_methods_give_the_record_that_they_promise() -> None:
    compiled = over("x", "x", domain=REAL)
    found: dict[str, Uncertainty] = {one: propagate(compiled, one, x="1 ± 0.1") for one in map(str, Method)}
    assert {name: one.method.value for name, one in found.items()} == {name: name for name in found}
    assert all(one.low < 1 < one.high for one in found.values())
    assert (found["linear"].samples, found["interval"].level, found["monte-carlo"].level) == (None, None, 0.9)
