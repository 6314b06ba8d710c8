"""Arrays of values: what is given, what comes from elsewhere, points without a value, and what is refused."""

from collections.abc import Mapping

import numpy as np
import pytest

from kg.errors import (
    BadParameter,
    BadSyntax,
    MissingValue,
    NotFound,
    OutOfDomain,
    TooLarge,
    TriviumError,
    UnknownSymbol,
    WrongDimension,
)
from kg.formula import batch as batches
from kg.formula.batch import evaluate_many
from kg.formula.compile import compile_formula
from kg.formula.evaluate import evaluate
from kg.formula.solve_batch import solve_many
from kg.model.answer import Observed, Origin
from kg.model.batch import Batch
from kg.model.formula import Formula
from tests.unit.formula.records import (
    AUTOMATION,
    CHINCHILLA,
    COMPUTE,
    DAY,
    REAL,
    TIME,
    TOKEN,
    UNITS,
    formula,
    output,
    source,
    variable,
)

N = np.array([1e8, 1e9, 1e10, 1e11, 1e12])


def many(record: Formula, values: Mapping[str, object] | None = None, **givens: object) -> Batch:
    options = {name: givens.pop(name) for name in ("fit", "unit", "undefined", "observed") if name in givens}
    return evaluate_many(compile_formula(record), {**(values or {}), **givens}, units=UNITS, **options)  # type: ignore[arg-type]


def one(record: Formula, **givens: object) -> float:
    return evaluate(compile_formula(record), givens, units=UNITS).value


def test_each_point_has_the_value_of_a_single_evaluation() -> None:
    found = many(CHINCHILLA, N=N, D="1.4T")
    assert found.value == pytest.approx([one(CHINCHILLA, N=n, D=1.4e12) for n in N.tolist()], rel=1e-15)
    assert (found.symbol, found.unit, found.fit, len(found)) == ("L", "nat/token", "hoffmann-2022", 5)
    assert [(column.symbol, column.unit) for column in found.columns] == [("N", "param")]
    assert {entry.symbol: entry.origin for entry in found.inputs} == {
        **dict.fromkeys(("E", "A", "alpha", "B", "beta"), Origin.FIT),
        "D": Origin.GIVEN,
    }
    assert {one.label for one in found.sources} == {"hoffmann2022", "hoffmann-2022"}


@pytest.mark.parametrize(
    "values",
    [
        [7e10, 1.4e12],
        ["70B", "1.4T"],
        ["70B", 1400000000000],
        (7e10, 1.4e12),
        np.array([7e10, 1.4e12]),
        np.array([70_000_000_000, 1_400_000_000_000]),
        np.array([7e10, 1.4e12], ">f8"),
        np.array([7e10, 0.0, 1.4e12, 0.0])[::2],
        np.ma.MaskedArray([7e10, 1.4e12]),
    ],
    ids=[
        *("list", "texts", "mixed", "tuple", "array", "whole numbers", "other byte order", "every second"),
        "masked array",
    ],
)
def test_many_values_come_in_many_forms(values: object) -> None:
    expected = [one(CHINCHILLA, N=n, D=1e12) for n in (7e10, 1.4e12)]
    for name in ("N", "model-parameters"):
        assert many(CHINCHILLA, {name: values}, D=1e12).value == pytest.approx(expected, rel=1e-15)


def test_whole_numbers_in_a_list_can_be_as_large_as_any() -> None:
    assert many(COMPUTE, N=[10**21, 10**22], D=[1, 10**20]).value.tolist() == [6e21, 6e42]
    with pytest.raises(TooLarge, match=r"N\[0\], as a decimal exponent"):
        many(COMPUTE, N=[10**400], D=1)


def test_a_value_beyond_the_doubles_is_none() -> None:
    far = np.array([1.0, np.finfo(np.longdouble).max])
    if not np.isfinite(far[1]):
        pytest.skip("long doubles are doubles here")
    with pytest.raises(OutOfDomain, match=r"N = inf .*at place 1"):
        many(COMPUTE, N=far, D=1)


@pytest.mark.parametrize("count", [1, 5_000])
def test_what_no_double_holds_in_the_asked_unit_has_no_value(count: int) -> None:
    compiled = compile_formula(
        formula("days", "t = x", output("t", unit=DAY), variable("x", unit=DAY, domain=REAL))
    )
    for unit in ("", "d"):
        assert evaluate(compiled, {"x": 1e308}, unit=unit, units=UNITS).value == 1e308
    with pytest.raises(BadParameter, match="a larger unit"):
        evaluate(compiled, {"x": 1e308}, unit="s", units=UNITS)
    values = np.append(np.full(count, 1e308), 1.0)
    masked = evaluate_many(compiled, {"x": values}, unit="s", undefined="mask", units=UNITS)
    assert (masked.undefined, float(masked.value[-1])) == (count, 86400.0)
    with pytest.raises(OutOfDomain, match="ask for a larger unit"):
        evaluate_many(compiled, {"x": values}, unit="s", units=UNITS)
    with pytest.raises(BadParameter, match="a larger unit"):
        solve_many(compiled, "x", {"t": values}, unit="s", units=UNITS)


def test_what_a_mask_hides_has_no_value() -> None:
    hidden = np.ma.MaskedArray([1e9, 2e9], [False, True])
    found = many(COMPUTE, N=hidden, D=1.0, undefined="mask")
    assert found.undefined == 1
    assert found.value.tolist() == [6e9, None]
    again = many(COMPUTE, N=1.0, D=found.value, undefined="mask")
    assert again.value.tolist() == [3.6e10, None]
    with pytest.raises(OutOfDomain, match=r"N = nan .*at place 1"):
        many(COMPUTE, N=hidden, D=1.0)
    series = np.ma.MaskedArray([0.5, 0.5], [False, True])
    with pytest.raises(BadParameter, match="'None'"):
        many(AUTOMATION, w=series, a=np.array([0.2, 0.6]), n=[2])


def test_arrays_broadcast_as_those_of_numpy_do() -> None:
    d = np.array([1e11, 1e12])
    found = many(CHINCHILLA, N=N[:, None], D=d)
    assert found.value.shape == (5, 2)
    assert found.value[3, 1] == pytest.approx(one(CHINCHILLA, N=1e11, D=1e12), rel=1e-15)
    assert [column.values.shape for column in found.columns] == [(5, 2), (5, 2)]


def test_values_are_converted_at_each_point() -> None:
    days = many(TIME, C=np.array([1e24, 2e24]), F=1e15, n=1000, u=0.5, unit="day")
    hours = many(TIME, C=np.array([1e24, 2e24]), F=1e15, n=1000, u=0.5, unit="hour")
    assert days.unit == "d"
    assert hours.value == pytest.approx(days.value * 24, rel=1e-15)
    assert many(COMPUTE, N=["70e9 param"], D=["1.4T"], unit="PFLOP-day").value == pytest.approx(
        5.88e23 / 8.64e19
    )


def test_a_series_holds_for_all_points() -> None:
    found = many(AUTOMATION, w=[0.5, 0.3, 0.2], a=np.array([0.2, 0.6, 0.9]), n=[3, 3])
    assert found.value == pytest.approx([0.46, 0.46])


def test_what_is_known_of_a_subject_fills_in_what_is_not_given() -> None:
    quantity = CHINCHILLA.variable("D").quantity  # type: ignore[union-attr]
    known = Observed(quantity.iri, 1e12, TOKEN.iri, "reported", "", source("o").iri)  # type: ignore[union-attr]
    found = many(CHINCHILLA, N=N, observed=(known,))
    assert found.value[0] == pytest.approx(one(CHINCHILLA, N=1e8, D=1e12))
    assert Origin.SUBJECT in {entry.origin for entry in found.inputs}


def test_points_without_a_value_are_refused_by_their_places() -> None:
    n = np.array([1e9, -1.0, np.nan, 1e10, 0.0])
    with pytest.raises(OutOfDomain) as caught:
        many(CHINCHILLA, N=n, D=1e12)
    assert (caught.value.symbol, caught.value.value) == ("N", "-1")
    assert "at place 1, counted from 0, as at 2, 4; N stands for: the N" in str(caught.value)
    with pytest.raises(OutOfDomain, match=r"at place \[1, 0\], counted from 0"):
        many(CHINCHILLA, N=n[:2, None], D=np.array([1e12]))
    with pytest.raises(OutOfDomain, match=r"N = nan .*a value must be finite"):
        many(CHINCHILLA, N=n[2:4], D=1e12)


def test_points_without_a_value_are_masked_and_counted_where_that_is_asked_for() -> None:
    found = many(CHINCHILLA, N=np.array([1e9, -1.0, np.nan, 1e10]), D=1e12, undefined="mask")
    assert isinstance(found.value, np.ma.MaskedArray)
    assert found.value.mask.tolist() == [False, True, True, False]
    assert np.isfinite(found.value.data).all()
    assert (found.undefined, found.reason[:6]) == (2, "N = -1")
    whole = many(CHINCHILLA, N=N, D=1e12, undefined="mask")
    assert (type(whole.value), whole.undefined, whole.reason) == (np.ndarray, 0, "")


def test_a_mask_that_would_hide_all_is_a_refusal() -> None:
    for values in ([-1.0, -2.0], [np.nan, np.nan]):
        with pytest.raises(TriviumError):
            many(CHINCHILLA, N=np.array(values), D=1e12, undefined="mask")


def test_warnings_count_the_points_outside_the_range_of_a_fit() -> None:
    found = many(CHINCHILLA, N=N, D=1e12)
    assert "2 of 5 points have N above the range 7e7 to 1.6e10 of the fit hoffmann-2022" in found.warnings
    assert any(text.startswith("D = 1e12 token above the range") for text in found.warnings)
    assert many(CHINCHILLA, N=N, D=1e12, fit="besiroglu-2024").warnings == ()


@pytest.mark.parametrize(
    ("givens", "error"),
    [
        ({"N": 1e9, "D": 1e12}, BadParameter),
        ({"N": [], "D": 1e12}, BadParameter),
        ({"N": [[1e9], [1e9]], "D": 1e12}, BadParameter),
        ({"N": np.array(["a"]), "D": 1e12}, BadParameter),
        ({"N": np.array([1j]), "D": 1e12}, BadParameter),
        ({"N": np.array([True]), "D": 1e12}, BadParameter),
        ({"N": np.array([None]), "D": 1e12}, BadParameter),
        ({"N": [1e9, None], "D": 1e12}, BadParameter),
        ({"N": N, "D": [1e12, 1e12]}, BadParameter),
        ({"N": N, "model-parameters": N, "D": 1e12}, BadParameter),
        ({"N": N, "L": N, "D": 1e12}, BadParameter),
        ({"N": N, "D": 1e12, "undefined": "drop"}, BadParameter),
        ({"N": N, "D": 1e12, "unit": "sheep"}, BadParameter),
        ({"N": ["70 Q"], "D": 1e12}, BadSyntax),
        ({"N": ["70 GB"], "D": 1e12}, WrongDimension),
        ({"N": N, "D": 1e12, "unit": "FLOP"}, WrongDimension),
        ({"M": N, "D": 1e12}, UnknownSymbol),
        ({"N": N}, MissingValue),
        ({"N": N, "D": -1.0}, OutOfDomain),
        ({"N": N, "D": 1e12, "fit": "mine"}, NotFound),
    ],
)
def test_what_cannot_be_computed_is_refused(givens: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        many(CHINCHILLA, **givens)
    assert type(caught.value) is error


def test_sizes_are_limited_before_work_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MAX_POINTS", 20)
    monkeypatch.setattr(batches, "MAX_LISTED", 4)
    for givens in (
        {"N": np.ones(21), "D": 1e12},
        {"N": np.ones((5, 1)), "D": np.ones((1, 5))},
        {"N": [1.0] * 5, "D": 1e12},
    ):
        with pytest.raises(TooLarge):
            many(CHINCHILLA, **givens)


def test_terms_of_sums_are_limited_over_all_points() -> None:
    weights = [1.0] * 1000
    with pytest.raises(TooLarge, match="sums together"):
        many(AUTOMATION, w=weights, a=weights, n=np.full(5_000, 1000.0))


def test_a_program_is_made_once_for_the_same_variables() -> None:
    compiled = compile_formula(COMPUTE)
    compiled.kept.clear()
    for values in (np.ones(3), np.ones(5)):
        evaluate_many(compiled, {"N": values, "D": 1.0}, units=UNITS)
    evaluate_many(compiled, {"N": np.ones(3), "D": np.ones(3)}, units=UNITS)
    made = [key for key in compiled.kept if isinstance(key, tuple) and key[0] == "array"]
    assert made == [("array", ("N",), 1.0), ("array", ("N", "D"), 1.0)]


def test_an_array_for_what_only_a_reading_uses_is_refused() -> None:
    with pytest.raises(BadParameter, match="only another reading"):
        many(AUTOMATION, w=[1.0], a=[0.5], b=np.ones(2))
