"""Bounds over a box hold whatever lies in it, and are not much wider than the range."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import OutOfDomain
from kg.formula.compile import compile_formula
from kg.formula.evaluate import evaluate
from tests.unit.formula.records import CHINCHILLA, REAL, SHARE, UNITS
from tests.unit.formula.unsure import Z90, over, propagate

BOXED = [
    ("x + y", {"x": "[1, 2]", "y": "[3, 5]"}, (4, 7)),
    ("x*y", {"x": "[-1, 2]", "y": "[3, 5]"}, (-5, 10)),
    ("x - x", {"x": "[1, 2]"}, (0, 0)),
    ("x**2", {"x": "[-1, 2]"}, (0, 4)),
    ("x*(1 - x)", {"x": "[0, 1]"}, (0, 0.25)),
    ("exp(-x)/y", {"x": "[0, 1]", "y": "[1, 2]"}, (math.exp(-1) / 2, 1)),
    ("max(x, y)", {"x": "[1, 4]", "y": "[2, 3]"}, (2, 4)),
    ("abs(x)", {"x": "[-1, 2]"}, (0, 2)),
    ("floor(x)", {"x": "[0.5, 2.5]"}, (0, 2)),
    ("sqrt(x)", {"x": "[4, 9]"}, (2, 3)),
]


@pytest.mark.parametrize(("text", "givens", "range_"), BOXED, ids=[row[0] for row in BOXED])
def test_the_bounds_hold_the_range_and_little_more(
    text: str, givens: dict[str, object], range_: tuple[float, float]
) -> None:
    found = propagate(over(text, *givens, domain=REAL), "interval", **givens)
    assert found.low <= range_[0]
    assert found.high >= range_[1]
    # What occurs more than once is bounded with some room, of which halving leaves a thirtieth.
    assert (found.low, found.high) == pytest.approx(range_, abs=0.07)
    assert found.level is None
    assert found.standard_deviation is None
    assert "no probability" in found.notes[0]


def test_a_box_in_which_the_formula_jumps_says_so() -> None:
    assert len(propagate(over("floor(x)", "x", domain=REAL), "interval", x="[0.5, 2.5]").notes) == 2


UNBOUNDED = [("1/x", "[-1, 1]"), ("log(x)", "[-2, -1]"), ("sqrt(x)", "[-2, -1]"), ("1/(x - x)", "[1, 2]")]


@pytest.mark.parametrize(("text", "interval"), UNBOUNDED)
def test_a_box_without_bounds_is_refused(text: str, interval: str) -> None:
    with pytest.raises(OutOfDomain):
        propagate(over(text, "x", domain=REAL), "interval", x=interval)


def test_ends_beyond_a_domain_end_at_the_domain() -> None:
    found = propagate(over("x", "x", domain=SHARE), "interval", x="0.9 ± 0.1")
    assert found.low == pytest.approx(0.9 - 0.1 * Z90, rel=1e-12)
    assert found.high == pytest.approx(1.0, rel=1e-12)


EXPRESSIONS = (
    "x*y - x/y",
    "x**y",
    "(x + y)**2/(x*y)",
    "exp(x - y)*log(x + y)",
    "x/(x + y)",
    "sqrt(x*x + y)",
    "max(x, y)*min(x, 2)",
    "atan(x)*tanh(y) - x",
)


@settings(deadline=None, max_examples=60)
@given(
    text=st.sampled_from(EXPRESSIONS),
    corner=st.tuples(st.floats(0.1, 5), st.floats(0.1, 5)),
    width=st.tuples(st.floats(1e-3, 3), st.floats(1e-3, 3)),
    seed=st.integers(0, 2**32),
)
def test_the_bounds_hold_every_corner_every_point_between_and_every_draw(
    text: str, corner: tuple[float, float], width: tuple[float, float], seed: int
) -> None:
    compiled = over(text, "x", "y")
    ends = [(low, low + wide) for low, wide in zip(corner, width, strict=True)]
    spreads = {name: list(end) for name, end in zip("xy", ends, strict=True)}
    found = propagate(compiled, "interval", **spreads)
    steps = [[low + (high - low) * part for part in (0, 0.25, 0.5, 0.75, 1)] for low, high in ends]
    for x, y in itertools.product(*steps):
        value = evaluate(compiled, {"x": min(x, ends[0][1]), "y": min(y, ends[1][1])}, units=UNITS).value
        # A value is itself rounded, by a few units in the last place.
        slack = 1e-14 * max(1.0, abs(value))
        assert found.low - slack <= value <= found.high + slack
    drawn = propagate(compiled, "monte-carlo", samples=200, seed=seed, **spreads)
    assert found.low <= drawn.low <= drawn.high <= found.high


def test_the_bounds_of_a_law_whose_terms_each_move_one_way_are_its_corners() -> None:
    compiled = compile_formula(CHINCHILLA)
    found = propagate(compiled, "interval", N="[60B, 80B]", D="[1T, 2T]")
    ends = [evaluate(compiled, {"N": n, "D": d}, units=UNITS).value for n, d in ((80e9, 2e12), (60e9, 1e12))]
    assert (found.low, found.high) == pytest.approx(tuple(ends), rel=1e-13)
    assert found.low <= ends[0] <= ends[1] <= found.high
