"""Arrays of roots: by closed form and by number, beside the roots of single points; and where there is none."""

import numpy as np
import pytest

from kg.errors import BadParameter, MissingValue, NotSolvable, OutOfDomain, TooLarge, UnknownSymbol
from kg.formula import array_roots
from kg.formula.compile import compile_formula
from kg.formula.solve import solve_for
from kg.formula.solve_batch import solve_many
from kg.model.batch import RootBatch
from kg.model.formula import Domain, Formula
from tests.unit.formula.records import (
    CHINCHILLA,
    NONNEGATIVE,
    REAL,
    SHARE,
    TIME,
    UNITS,
    WHOLE,
    formula,
    output,
    variable,
)

AMDAHL = formula("amdahl", "S = 1/((1 - f) + f/s)", output("S"), variable("f", domain=SHARE), variable("s"))
REWARD = formula(
    "reward", "R = d*(a - b*d)", output("R"), variable("d", domain=NONNEGATIVE), variable("a"), variable("b")
)
SQUARE = formula(
    "square", "y = x**2 + c", output("y"), variable("x", domain=REAL), variable("c", domain=REAL)
)
FIFTH = formula("fifth", "y = x**5 + x", output("y"), variable("x", domain=REAL))
WAVE = formula("wave", "y = x + 2*sin(x)", output("y"), variable("x", domain=Domain(-20.0, 20.0)))
LAYERS = formula("layers", "m = k*n + n**2", output("m"), variable("n", domain=WHOLE), variable("k"))


def many(record: Formula, symbol: str, **givens: object) -> RootBatch:
    options = {name: givens.pop(name) for name in ("which", "undefined", "unit", "fit") if name in givens}
    return solve_many(compile_formula(record), symbol, givens, units=UNITS, **options)  # type: ignore[arg-type]


def alone(record: Formula, symbol: str, **givens: object) -> list[float]:
    return [root.value for root in solve_for(compile_formula(record), symbol, givens, units=UNITS).roots]


CASES = [
    (CHINCHILLA, "D", {"L": np.linspace(2.2, 3.0, 40)}, {"N": 7e10}, "isolated"),
    (CHINCHILLA, "N", {"L": np.linspace(2.2, 3.0, 40), "D": np.linspace(1e12, 2e12, 40)}, {}, "isolated"),
    (TIME, "C", {"t": np.linspace(1, 90, 40)}, {"n": 64.0, "F": 1e15}, "isolated"),
    (TIME, "n", {"t": np.array([1.0, 2.0, 4.0])}, {"C": 64 * 86400e15 * 0.4, "F": 1e15}, "isolated"),
    (AMDAHL, "f", {"S": np.linspace(1.1, 3.0, 40)}, {"s": 10.0}, "numeric"),
    (AMDAHL, "f", {"S": np.linspace(1.1, 3.0, 40), "s": np.linspace(4.0, 50.0, 40)}, {}, "numeric"),
    (FIFTH, "x", {"y": np.linspace(-1e6, 1e6, 41)}, {}, "numeric"),
    (LAYERS, "n", {"m": np.array([3.0 * n + n * n for n in (1, 2, 7, 40)])}, {"k": 3.0}, "numeric"),
]


@pytest.mark.parametrize(
    ("record", "symbol", "arrays", "fixed", "method"), CASES, ids=[f"{c[0].slug} {c[1]}" for c in CASES]
)
def test_each_point_has_the_root_that_it_has_alone(
    record: Formula, symbol: str, arrays: dict[str, np.ndarray], fixed: dict[str, float], method: str
) -> None:
    found = many(record, symbol, **arrays, **fixed)
    for at, value in enumerate(found.value.tolist()):
        point = {name: float(array[at]) for name, array in arrays.items()}
        assert [value] == pytest.approx(alone(record, symbol, **point, **fixed), rel=1e-10)
    assert (found.method, found.undefined, found.residual <= 1e-10) == (method, 0, True)
    assert [column.symbol for column in found.columns] == [
        v.symbol for v in compile_formula(record).variables if v.symbol in arrays
    ]


def test_roots_by_number_say_that_they_follow_one() -> None:
    assert array_roots.FOLLOWED in many(FIFTH, "x", y=np.linspace(1, 9, 9)).warnings
    assert array_roots.FOLLOWED not in many(CHINCHILLA, "D", L=np.linspace(2.2, 3, 9), N=7e10).warnings


def test_roots_broadcast_and_are_converted() -> None:
    found = many(TIME, "C", t=np.array([[1.0], [2.0]]), F=np.array([1e15, 2e15, 3e15]), n=8.0)
    assert found.value.shape == (2, 3)
    assert found.value[1, 2] == pytest.approx(2 * 86400 * 8 * 3e15 * 0.4)
    days = many(TIME, "C", t=np.array([1.0]), F=1e15, n=8.0, unit="PFLOP-day")
    assert (days.value[0], days.unit) == (pytest.approx(3.2), "PFLOP-day")


@pytest.mark.parametrize("record", [SQUARE, REWARD], ids=["two branches", "by number"])
def test_where_there_are_several_roots_one_is_chosen(record: Formula) -> None:
    symbol, arrays, fixed = (
        ("x", {"y": np.array([2.0, 5.0])}, {"c": 1.0})
        if record is SQUARE
        else ("d", {"R": np.array([0.1, 0.2])}, {"a": 1.0, "b": 0.5})
    )
    both = [alone(record, symbol, **{n: float(a[at]) for n, a in arrays.items()}, **fixed) for at in (0, 1)]
    for which, place in (("least", 0), ("greatest", -1)):
        found = many(record, symbol, **arrays, **fixed, which=which)
        assert found.value.tolist() == pytest.approx([roots[place] for roots in both], rel=1e-10)
    with pytest.raises(BadParameter, match="has several roots"):
        many(record, symbol, **arrays, **fixed)
    with pytest.raises(BadParameter, match="only, least, greatest"):
        many(record, symbol, **arrays, **fixed, which="all")


def test_where_branches_meet_there_is_one_root() -> None:
    assert many(SQUARE, "x", y=np.array([1.0, 1.0]), c=1.0).value.tolist() == [0.0, 0.0]


def test_points_without_a_root_are_refused_or_masked_with_the_reason_of_the_first() -> None:
    losses = np.array([2.5, 1.6, 2.6, -1.0])
    with pytest.raises(OutOfDomain, match=r"at place 1, counted from 0, as at 3; .*L - E - A/"):
        many(CHINCHILLA, "D", L=losses, N=7e10)
    found = many(CHINCHILLA, "D", L=losses, N=7e10, undefined="mask")
    assert (found.undefined, found.value.mask.tolist()) == (2, [False, True, False, True])  # type: ignore[attr-defined]
    assert "L - E - A/N**alpha) > 0 is needed" in found.reason
    with pytest.raises(OutOfDomain, match=r"L = -1 .*at place 0"):
        many(CHINCHILLA, "D", L=losses[::-1], N=7e10)


def test_roots_by_number_that_lose_their_way_are_found_alone() -> None:
    """The function turns back: beside some points the root that is followed does not go on."""
    values = np.linspace(-18, 18, 25)
    found = many(WAVE, "x", y=values, which="least")
    for value, root in zip(values.tolist(), found.value.tolist(), strict=True):
        assert root + 2 * np.sin(root) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(
    ("symbol", "givens", "error"),
    [
        ("D", {"L": 2.2, "N": 7e10}, BadParameter),
        ("D", {"L": np.ones(2), "D": np.ones(2), "N": 1.0}, BadParameter),
        ("D", {"L": np.ones(2) * 2.2}, MissingValue),
        ("Q", {"L": np.ones(2)}, UnknownSymbol),
        ("D", {"L": np.ones(2), "N": 7e10}, OutOfDomain),
    ],
)
def test_what_cannot_be_solved_is_refused(
    symbol: str, givens: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        many(CHINCHILLA, symbol, **givens)
    assert type(caught.value) is error


def test_points_that_must_be_solved_alone_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(array_roots, "MAX_ALONE", 3)
    with pytest.raises(TooLarge, match="one by one"):
        many(CHINCHILLA, "D", L=np.full(4, 1.0), N=7e10)


def test_what_stays_unsolved_by_number_names_the_point() -> None:
    odd = formula("odd", "y = x - x + c", output("y"), variable("x", domain=REAL), variable("c", domain=REAL))
    with pytest.raises((NotSolvable, OutOfDomain), match="at place 0"):
        many(odd, "x", y=np.array([1.0, 2.0]), c=0.0)
