"""Draws against first order and exact distributions; the same seed, the same figures; what leaves a domain."""

import math
from dataclasses import replace

import pytest

from kg.errors import OutOfDomain
from kg.formula.compile import compile_formula
from kg.model.formula import ConstantValue, Domain
from tests.unit.formula.records import NONNEGATIVE, REAL, SHARE, formula, output, variable
from tests.unit.formula.unsure import Z90, fitted, over, propagate, replicated


@pytest.mark.parametrize(
    ("text", "givens"),
    [
        ("x + y", {"x": "100 ± 3", "y": "50 ± 2"}),
        ("x*y", {"x": "100 ± 1", "y": "50 ± 1"}),
        ("x/y", {"x": "100 ± 1", "y": "50 ± 0.5"}),
        ("x**2*exp(y/100)", {"x": "10 ± 0.1", "y": "50 ± 1"}),
        ("log(x)", {"x": "[99, 101]"}),
    ],
)
def test_draws_agree_with_first_order_where_a_formula_is_nearly_straight(
    text: str, givens: dict[str, object]
) -> None:
    symbols = sorted(givens)
    linear = propagate(over(text, *symbols), "linear", **givens)
    drawn = propagate(over(text, *symbols), "monte-carlo", samples=20_000, seed=7, **givens)
    assert linear.standard_deviation is not None
    # A standard deviation of n draws is known to 1/sqrt(2n), a mean to 1/sqrt(n); four of them.
    assert drawn.standard_deviation == pytest.approx(
        linear.standard_deviation, rel=4 / math.sqrt(40_000) + 0.005
    )
    middle = (linear.low + linear.high) / 2
    assert drawn.mean == pytest.approx(middle, abs=linear.standard_deviation * (4 / math.sqrt(20_000) + 0.01))
    assert drawn.outside == 0
    assert drawn.notes == linear.notes == ()
    ours, theirs = ({c.symbol: c.share for c in one.contributions} for one in (linear, drawn))
    assert ours == pytest.approx(theirs, abs=0.03)


def test_draws_of_a_product_of_lognormal_inputs_have_its_exact_distribution() -> None:
    """A product of lognormal variables is lognormal: means multiply, and so do the factors 1 + cv²."""
    drawn = propagate(
        over("x*y/z", "x", "y", "z"), "monte-carlo", samples=200_000, x="2 ± 1", y="3 ± 1", z="5 ± 2"
    )
    growth = {"x": 1 + 0.25, "y": 1 + 1 / 9, "z": 1 + 0.16}
    width = math.sqrt(sum(map(math.log, growth.values())))
    center = sum(
        sign * (math.log(mean) - math.log(growth[name]) / 2)
        for name, mean, sign in (("x", 2, 1), ("y", 3, 1), ("z", 5, -1))
    )
    mean = math.exp(center + width * width / 2)
    assert drawn.mean == pytest.approx(mean, rel=0.01)
    assert drawn.standard_deviation == pytest.approx(mean * math.sqrt(math.expm1(width * width)), rel=0.03)
    assert drawn.median == pytest.approx(math.exp(center), rel=0.01)
    assert (drawn.low, drawn.high) == pytest.approx(
        (math.exp(center - Z90 * width), math.exp(center + Z90 * width)), rel=0.015
    )


def test_an_interval_at_a_level_has_its_ends_as_quantiles_and_the_value_as_median() -> None:
    base = fitted("x", {"x": (718.8, 1.0)}).formula
    (chosen,) = base.constant_sets
    wide = replace(chosen, values=(ConstantValue("x", 718.8, None, 316.7, 3633.8, 0.9),))
    for domain in (REAL, Domain(0.0, open_minimum=True)):
        inputs = tuple(replace(one, domain=domain) if one.symbol == "x" else one for one in base.variables)
        compiled = compile_formula(replace(base, constant_sets=(wide,), variables=inputs))
        drawn = propagate(compiled, "monte-carlo", samples=100_000)
        assert (drawn.low, drawn.median, drawn.high) == pytest.approx((316.7, 718.8, 3633.8), rel=0.02)


def test_an_interval_without_a_level_is_as_likely_everywhere() -> None:
    drawn = propagate(over("x", "x"), "monte-carlo", samples=100_000, x="[60, 80]")
    assert (drawn.low, drawn.median, drawn.high) == pytest.approx((61, 70, 79), abs=0.2)
    assert drawn.standard_deviation == pytest.approx(20 / math.sqrt(12), rel=0.01)


def test_the_same_seed_gives_the_same_figures_and_another_one_others() -> None:
    compiled = compile_formula(replicated())
    asked = {"fit": "besiroglu-2024", "N": "70B ± 5B", "D": "1.4T"}
    first, again, other = (propagate(compiled, "monte-carlo", seed=seed, **asked) for seed in (3, 3, 4))  # type: ignore[arg-type]
    assert repr(first) == repr(again)
    assert first.mean != other.mean
    assert (first.samples, first.seed) == (10_000, 3)


def test_draws_in_several_blocks_are_the_draws_of_one_stream() -> None:
    drawn = propagate(over("x", "x", domain=REAL), "monte-carlo", samples=150_000, x="0 ± 1")
    assert drawn.samples == 150_000
    assert drawn.mean == pytest.approx(0, abs=0.01)
    assert drawn.standard_deviation == pytest.approx(1, rel=0.01)


def test_draws_outside_a_domain_are_counted_and_left_out() -> None:
    compiled = over("x", "x", domain=SHARE)
    drawn = propagate(compiled, "monte-carlo", x="0.9 ± 0.1")
    # A normal variable is above its mean by one deviation in 15.87 % of the draws.
    assert drawn.outside == pytest.approx(1587, abs=150)
    assert drawn.high <= 1
    assert "leave a domain" in drawn.notes[0]
    result = compile_formula(
        formula("low", "q = x - 1", output("q", domain=NONNEGATIVE), variable("x", domain=REAL))
    )
    assert propagate(result, "monte-carlo", x="1 ± 1").outside == pytest.approx(5000, abs=300)
    undefined = over("log(x)", "x", domain=REAL)
    assert propagate(undefined, "monte-carlo", x="1 ± 1").outside == pytest.approx(1587, abs=150)
    with pytest.raises(OutOfDomain, match="draws leave a domain"):
        propagate(over("x", "x", domain=Domain(0.0, 1e-9)), "monte-carlo", x="1e-10 ± 5", samples=2)


def test_draws_of_a_whole_number_are_whole() -> None:
    compiled = compile_formula(
        formula("whole", "q = n", output("q"), variable("n", domain=Domain(1.0, integer=True)))
    )
    drawn = propagate(compiled, "monte-carlo", n="[10, 12]", samples=1000)
    assert {drawn.low, drawn.median, drawn.high} <= {10.0, 11.0, 12.0}
