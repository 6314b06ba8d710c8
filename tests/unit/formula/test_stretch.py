"""Ranges as people write them, and points along them."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import BadParameter, BadSyntax, OutOfDomain, TriviumError, UnknownSymbol, WrongDimension
from kg.formula.compile import compile_formula
from kg.formula.stretch import Stretch, around, find_variable, is_stretch, key_of, read_stretch, within
from kg.model.formula import Domain
from tests.unit.formula.records import COMPUTE, REAL, SHARE, UNITS, WHOLE

COMPILED = compile_formula(COMPUTE)
N = find_variable(COMPILED, "N")
HALF_OPEN = Domain(minimum=0.0, maximum=1.0, open_minimum=True, open_maximum=True)


@pytest.mark.parametrize(
    ("given", "stretch"),
    [
        ("1e8..1e12", Stretch(1e8, 1e12)),
        (" 1B .. 70B ", Stretch(1e9, 7e10)),
        ("1B..70B:50", Stretch(1e9, 7e10, 50)),
        ("1B..70B:50:log", Stretch(1e9, 7e10, 50, "log")),
        ("1B..70B:lin", Stretch(1e9, 7e10, 0, "linear")),
        ("1...5e3", Stretch(1.0, 500.0)),
        ((1e8, "1T"), Stretch(1e8, 1e12)),
    ],
)
def test_a_range_is_read(given: object, stretch: Stretch) -> None:
    assert is_stretch(given)
    assert read_stretch(given, N, UNITS) == stretch


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ("1e8..", BadParameter, "two ends"),
        ("..1e8", BadParameter, "two ends"),
        ("..", BadParameter, "two ends"),
        ("5..1", BadParameter, "first end is less"),
        ("5..5", BadParameter, "first end is less"),
        ("0..5", OutOfDomain, r"N = 0 is outside its domain \(0, ∞\)"),
        ("-5..5", OutOfDomain, "-5"),
        ("a..b", BadSyntax, "no number"),
        ("1..2..3", BadSyntax, "neither a count"),
        ("1 GB..2 GB", WrongDimension, "byte"),
        ("1..2:x", BadParameter, "number of points"),
        ("1..2:5:6", BadParameter, "number of points"),
        ("1..2:-5", BadParameter, "number of points"),
        ("1..2:9999999999", BadParameter, "number of points"),
        ((1.0, math.nan), BadParameter, "finite"),
        ((1.0, 2.0, 3.0), BadParameter, "two ends"),
        (5, BadParameter, "two ends"),
    ],
)
def test_what_is_no_range_is_refused(given: object, error: type[TriviumError], said: str) -> None:
    with pytest.raises(error, match=said):
        read_stretch(given, N, UNITS)


def test_a_series_runs_over_no_range() -> None:
    with pytest.raises(BadParameter, match="series"):
        read_stretch("1..2", replace(N, indexed_by="i"), UNITS)


def test_a_logarithmic_axis_begins_above_zero() -> None:
    with pytest.raises(BadParameter, match="above zero"):
        read_stretch("-1..2:5:log", replace(N, domain=REAL), UNITS)


@given(
    low=st.floats(-1e12, 1e12),
    span=st.floats(1e-6, 1e12),
    count=st.integers(2, 300),
    scale=st.sampled_from(["", "linear", "log"]),
    whole=st.booleans(),
)
def test_points_rise_from_end_to_end(low: float, span: float, count: int, scale: str, whole: bool) -> None:
    low = abs(low) + 1e-9 if scale == "log" else low
    if whole:
        low, span = float(max(round(low), 1 if scale == "log" else low // 1)), float(round(span) + 1)
    high = low + span
    if not low < high:
        return
    points = Stretch(low, high, scale=scale).points(count, whole=whole)
    assert (points[0], points[-1]) == (low, high)
    assert list(points) == sorted(set(points))
    assert len(points) <= count
    assert not whole or all(point == int(point) for point in points)


@pytest.mark.parametrize(
    ("value", "domain", "ends"),
    [
        (7.0, REAL, (0.7, 70.0)),
        (-7.0, REAL, (-70.0, -0.7)),
        (0.0, REAL, (-1.0, 1.0)),
        (0.4, SHARE, (0.04, 1.0)),
        (0.0, SHARE, (0.0, 1.0)),
        (5.0, WHOLE, (1.0, 50.0)),
        (0.5, HALF_OPEN, (0.05, math.nextafter(1.0, 0.0))),
    ],
)
def test_the_neighbourhood_of_a_value_lies_in_its_domain(
    value: float, domain: Domain, ends: tuple[float, float]
) -> None:
    found = around(value, domain)
    assert found is not None
    assert (found.low, found.high) == ends
    assert found.low in domain
    assert found.high in domain


def test_a_neighbourhood_that_is_a_point_is_none() -> None:
    assert within(0.2, 0.8, replace(WHOLE, maximum=1.0)) is None
    assert within(2.0, 3.0, SHARE) is None


def test_a_variable_goes_by_its_symbol_or_its_quantity() -> None:
    assert find_variable(COMPILED, "N") == N
    assert N.quantity is not None
    assert find_variable(COMPILED, N.quantity.slug) == N
    assert key_of(COMPILED, {"D": 1, N.quantity.slug: "1..2"}, "N") == N.quantity.slug
    assert key_of(COMPILED, {"D": 1}, "N") == ""


@pytest.mark.parametrize("name", ["C", "n", "", "nothing"])
def test_neither_the_output_nor_an_unknown_name_is_a_variable_to_plot_over(name: str) -> None:
    with pytest.raises(UnknownSymbol, match="it has D, N"):
        find_variable(COMPILED, name)
