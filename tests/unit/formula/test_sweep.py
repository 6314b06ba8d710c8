"""Sweeps: axes as people write them, the grid they make, and what is refused."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import (
    BadParameter,
    BadSyntax,
    MissingValue,
    OutOfDomain,
    TooLarge,
    UnknownSymbol,
    WrongDimension,
)
from kg.formula import sweep as sweeps
from kg.formula.compile import compile_formula
from kg.formula.evaluate import evaluate
from kg.formula.sweep import sweep
from kg.model.batch import Sweep
from kg.model.formula import Formula
from tests.unit.formula.records import AUTOMATION, CHINCHILLA, COMPUTE, TIME, UNITS


def over(record: Formula, **givens: object) -> Sweep:
    options = {name: givens.pop(name) for name in ("points", "unit", "undefined", "fit") if name in givens}
    return sweep(compile_formula(record), givens, units=UNITS, **options)  # type: ignore[arg-type]


AXES = [
    ("1..5:5", [1, 2, 3, 4, 5], "linear"),
    ("1..5:5:lin", [1, 2, 3, 4, 5], "linear"),
    ("1..16:5:log", [1, 2, 4, 8, 16], "log"),
    ("1..1e4:5", [1, 10, 100, 1000, 10_000], "log"),
    ("1..1e4:2:linear", [1, 10_000], "linear"),
    (" 1 .. 3 : 3 : lin ", [1, 2, 3], "linear"),
    ("1k..3k:3", [1000, 2000, 3000], "linear"),
    ("1B..3B parameters:3", [1e9, 2e9, 3e9], "linear"),
    (".5..1.5:3", [0.5, 1.0, 1.5], "linear"),
    ("[1e9, 7B, 2]", [1e9, 7e9, 2], "list"),
    ("[5]", [5], "list"),
    ([3.0, 1.0], [3, 1], "list"),
    (["3k", 1], [3000, 1], "list"),
    (np.array([2.0, 8.0]), [2, 8], "list"),
]


@pytest.mark.parametrize(("axis", "values", "scale"), AXES, ids=[str(axis[0]) for axis in AXES])
def test_an_axis_has_the_points_that_it_says(axis: object, values: list[float], scale: str) -> None:
    found = over(CHINCHILLA, N=axis, D=1e12)
    (made,) = found.axes
    assert made.values.tolist() == pytest.approx(values, rel=1e-15)
    assert (made.symbol, made.label, made.unit, made.scale) == ("N", "the N", "param", scale)
    assert found.batch.value.shape == (len(values),)


def test_points_are_fifty_unless_they_are_said() -> None:
    assert len(over(CHINCHILLA, N="1..2", D=1e12).batch) == 50
    assert len(over(CHINCHILLA, N="1..2", D=1e12, points=7).batch) == 7
    assert len(over(CHINCHILLA, N="1..2:3", D=1e12, points=7).batch) == 3
    assert len(over(CHINCHILLA, N="1..2:log", D=1e12, points=7).batch) == 7


def test_an_axis_of_whole_numbers_has_whole_numbers_each_once() -> None:
    found = over(TIME, n="1..4:50", C=1e24, F=1e15)
    assert found.axes[0].values.tolist() == [1, 2, 3, 4]
    powers = over(TIME, n="1..1024:11:log", C=1e24, F=1e15)
    assert powers.axes[0].values.tolist() == [2.0**k for k in range(11)]


def test_the_first_axis_varies_slowest_and_its_column_comes_first() -> None:
    found = over(CHINCHILLA, D="1T..3T:3", N="[1e9, 2e9]").batch
    assert [column.symbol for column in found.columns] == ["D", "N"]
    assert found.columns[0].values.ravel().tolist() == pytest.approx([1e12, 1e12, 2e12, 2e12, 3e12, 3e12])
    assert found.columns[1].values.ravel().tolist() == [1e9, 2e9] * 3


magnitudes = st.floats(-3.0, 12.0).map(lambda power: 10.0**power)


@given(
    st.lists(magnitudes, min_size=2, max_size=2, unique=True).map(sorted),
    st.lists(magnitudes, min_size=1, max_size=4),
    st.integers(2, 5),
    st.sampled_from(["", ":log", ":lin"]),
)
def test_a_sweep_is_what_single_evaluations_give(
    ends: list[float], tokens: list[float], points: int, scale: str
) -> None:
    found = over(CHINCHILLA, N=f"{ends[0]!r}..{ends[1]!r}:{points}{scale}", D=tokens)
    grid = itertools.product(found.axes[0].values.tolist(), tokens)
    compiled = compile_formula(CHINCHILLA)
    expected = [evaluate(compiled, {"N": n, "D": d}, units=UNITS).value for n, d in grid]
    assert found.batch.value.ravel().tolist() == pytest.approx(expected, rel=1e-14)
    assert found.axes[0].values[[0, -1]].tolist() == pytest.approx(ends, rel=1e-15)


def test_points_without_a_value_are_refused_or_masked() -> None:
    with pytest.raises(OutOfDomain, match="at place 0, counted from 0"):
        over(TIME, u="0..1:3", C=1e24, F=1e15, n=8)
    found = over(TIME, u="0..1:3", C=1e24, F=1e15, n=8, undefined="mask")
    assert (found.batch.undefined, found.batch.value.mask.tolist()) == (1, [True, False, False])  # type: ignore[attr-defined]


def test_a_series_is_no_axis() -> None:
    found = over(AUTOMATION, w=[0.5, 0.5], a=[0.2, 0.6], n="2..2.5:2")
    assert found.batch.value.tolist() == pytest.approx([0.4])


@pytest.mark.parametrize(
    ("givens", "error"),
    [
        ({"N": 1e9, "D": 1e12}, BadParameter),
        ({"N": "1..2", "D": "1..2", "A": "1..2"}, BadParameter),
        ({"N": "2..1", "D": 1}, BadParameter),
        ({"N": "2..2", "D": 1}, BadParameter),
        ({"N": "1..2:1", "D": 1}, BadParameter),
        ({"N": "1..2:many", "D": 1}, BadParameter),
        ({"N": "1..2:2.5", "D": 1}, BadParameter),
        ({"N": "1..2:-3", "D": 1}, BadParameter),
        ({"N": "1..2:1000001", "D": 1}, BadParameter),
        ({"N": "-1..2:5:log", "D": 1}, BadParameter),
        ({"N": "0..2:5:log", "D": 1}, BadParameter),
        ({"N": "-1e308..1e308", "D": 1}, BadParameter),
        ({"N": "[]", "D": 1}, BadSyntax),
        ({"N": np.ones((2, 2)), "D": 1}, BadParameter),
        ({"L": "1..2", "N": 1, "D": 1}, BadParameter),
        ({"N": "1..2:5:log:7", "D": 1}, BadParameter),
        ({"N": "..2", "D": 1}, BadParameter),
        ({"N": "1..", "D": 1}, BadParameter),
        ({"N": "1..2..3", "D": 1}, BadSyntax),
        ({"N": "one..two", "D": 1}, BadSyntax),
        ({"N": "[1, two]", "D": 1}, BadSyntax),
        ({"N": "1 GB..2 GB", "D": 1}, WrongDimension),
        ({"M": "1..2", "D": 1}, UnknownSymbol),
        ({"N": "1..2"}, MissingValue),
        ({"N": "1..2:1001", "D": "1..2:1000"}, TooLarge),
    ],
    ids=str,
)
def test_what_is_no_sweep_is_refused(givens: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        over(CHINCHILLA, **givens)
    assert type(caught.value) is error


def test_a_sweep_of_a_million_points_is_allowed() -> None:
    assert sweeps.MAX_POINTS == 1_000_000
    assert len(over(COMPUTE, N="1e8..1e12:1000", D="1T..2T:1000").batch) == 1_000_000
