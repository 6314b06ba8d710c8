"""Spreads of inputs: how a request writes them, what a fit and an observation tell, and what is refused."""

import math
from dataclasses import replace

import pytest

from kg.errors import BadParameter, BadSyntax, OutOfDomain, TooLarge, TriviumError, WrongDimension
from kg.formula.compile import compile_formula
from kg.formula.evaluate import evaluate
from kg.formula.givens import parse_givens
from kg.formula.spreads import ends_of, quantile, split_spreads, spread_of_constant, spread_of_observed
from kg.model.answer import Observed
from kg.model.formula import ConstantValue, Domain
from kg.model.iri import Iri
from kg.model.uncertainty import Shape, Spread
from tests.unit.formula.records import (
    AUTOMATION,
    COMPUTE,
    DAY,
    POSITIVE,
    REAL,
    SHARE,
    TIME,
    UNITS,
    fit,
    variable,
)

N, D = 2, 3
"""Places of the inputs of :data:`COMPUTE` in its plan, k, N, D."""

WRITTEN = [
    ("70B ± 5B", 70e9, Shape.LOGNORMAL, 5e9),
    ("70B±5B", 70e9, Shape.LOGNORMAL, 5e9),
    ("70B +- 5B", 70e9, Shape.LOGNORMAL, 5e9),
    ("70B+/-5e9", 70e9, Shape.LOGNORMAL, 5e9),
    ("70B ± 5%", 70e9, Shape.LOGNORMAL, 3.5e9),
    ("70 ± 5", 70.0, Shape.LOGNORMAL, 5.0),
    ("7e10 ± 1,000", 7e10, Shape.LOGNORMAL, 1000.0),
    ("70 Bparam ± 5 Mparam", 70e9, Shape.LOGNORMAL, 5e6),
    ("[60B, 80B]", 70e9, Shape.UNIFORM, 20e9 / math.sqrt(12)),
    ("[60B,80B]", 70e9, Shape.UNIFORM, 20e9 / math.sqrt(12)),
    (["60B", 80e9], 70e9, Shape.UNIFORM, 20e9 / math.sqrt(12)),
    ((1.0, 3.0), 2.0, Shape.UNIFORM, 2 / math.sqrt(12)),
]


@pytest.mark.parametrize(
    ("given", "value", "shape", "deviation"), WRITTEN, ids=[str(row[0]) for row in WRITTEN]
)
def test_a_spread_is_read_with_its_value(given: object, value: float, shape: Shape, deviation: float) -> None:
    plain, spreads = split_spreads(compile_formula(COMPUTE), {"N": given, "D": "1T"}, fit="", units=UNITS)
    assert plain == {"N": value, "D": "1T"}
    ((place, spread),) = spreads.items()
    assert place == (1, -1)
    assert spread.shape is shape
    assert spread.standard_deviation == pytest.approx(deviation, rel=1e-14)


@pytest.mark.parametrize("given", ["70B ± 0", "70B", 7e10, "70B ± 0%"])
def test_a_value_without_a_spread_has_none(given: object) -> None:
    assert split_spreads(compile_formula(COMPUTE), {"N": given}, fit="", units=UNITS)[1] == {}


REFUSED = [
    ("70B ± -5B", BadParameter, "zero or more"),
    ("70B ± ", BadSyntax, "no one spread"),
    ("± 5B", BadSyntax, "no one spread"),
    ("70B ± 1B ± 1B", BadSyntax, "no one spread"),
    ("70B ± lots", BadSyntax, "spread of N"),
    ("70B ± lots%", BadSyntax, "no share"),
    ("70 ± 5B", BadSyntax, "70 B ± 5B"),
    ("70B ± 5 GB", WrongDimension, "expected parameter"),
    ("[60B]", BadParameter, "two ends"),
    ("[60B, 70B, 80B]", BadParameter, "two ends"),
    ("[80B, 60B]", BadParameter, "low end comes first"),
    ("[60B, 60B]", BadParameter, "low end comes first"),
    ("[0, 60B]", OutOfDomain, "end of"),
    ("[60B, x]", BadSyntax, "no number"),
    ([1.0, math.inf], BadParameter, "finite"),
    ("[" + "9" * 300 + ", 1]", TooLarge, "characters"),
    (" " * 100_000 + "±1", BadSyntax, "no one spread"),
]


@pytest.mark.parametrize(("given", "error", "says"), REFUSED, ids=[str(row[0])[:30] for row in REFUSED])
def test_what_is_no_spread_is_refused_with_the_reason(
    given: object, error: type[TriviumError], says: str
) -> None:
    with pytest.raises(error) as caught:
        split_spreads(compile_formula(COMPUTE), {"N": given}, fit="", units=UNITS)
    assert says in str(caught.value)


def test_blanks_around_the_sign_do_not_matter_however_many_they_are() -> None:
    text = f"70B{' ' * 100_000}±{' ' * 100_000}5B"
    plain, _ = split_spreads(compile_formula(COMPUTE), {"N": text}, fit="", units=UNITS)
    assert plain == {"N": 70e9}


def test_per_cent_of_a_share_are_refused_with_both_readings() -> None:
    with pytest.raises(BadSyntax) as caught:
        split_spreads(compile_formula(TIME), {"u": "40% ± 5%"}, fit="", units=UNITS)
    assert "0.4 ± 0.05, or 0.4 ± 0.02" in str(caught.value)
    _, spreads = split_spreads(compile_formula(TIME), {"u": "0.4 ± 5%"}, fit="", units=UNITS)
    assert [one.standard_deviation for one in spreads.values()] == [pytest.approx(0.02)]


def test_values_of_a_series_take_spreads_and_its_commas_stay_commas() -> None:
    compiled = compile_formula(AUTOMATION)
    for given in ("0.5 ± 0.1, 0.3", "[0.5 ± 0.1, 0.3]", ["0.5 ± 0.1", 0.3]):
        plain, spreads = split_spreads(compiled, {"w": given}, fit="", units=UNITS)
        assert plain == {"w": [0.5, 0.3]}
        ((place, spread),) = spreads.items()
        assert (place[1], spread.standard_deviation) == (0, 0.1)
    for given in ("0.5, 0.3", "[0.5, 0.3]", [0.5, 0.3], "0.5"):
        assert split_spreads(compiled, {"w": given}, fit="", units=UNITS) == ({"w": given}, {})


def test_the_syntax_of_worked_examples_holds_spreads_too() -> None:
    givens = parse_givens("N=[60B, 80B]; D=1.4T ± 10%")
    plain, spreads = split_spreads(compile_formula(COMPUTE), givens, fit="", units=UNITS)
    assert plain == {"N": 70e9, "D": 1.4e12}
    assert len(spreads) == 2


def test_a_whole_number_takes_the_whole_middle_of_its_interval() -> None:
    plain, _ = split_spreads(compile_formula(TIME), {"n": "[1000, 1101]"}, fit="", units=UNITS)
    assert plain == {"n": 1050.0}


@pytest.mark.parametrize("given", ["70B ± 5B", "70B+-5B", "70B +/- 5B", "[60B, 80B]"])
def test_without_a_method_a_spread_is_refused_with_how_to_ask(given: str) -> None:
    with pytest.raises(BadSyntax, match="uncertainty=linear"):
        evaluate(compile_formula(COMPUTE), {"N": given, "D": 1e12}, units=UNITS)


def known(value: ConstantValue, domain: Domain = REAL) -> Spread | None:
    return spread_of_constant(value, variable("x", domain=domain), fit("kwa", {"x": 1.0}))


FITTED = [
    (ConstantValue("x", 2.0, 0.5), REAL, Shape.NORMAL, 0.5, "standard error of the fit kwa"),
    (ConstantValue("x", 2.0, 0.5), POSITIVE, Shape.LOGNORMAL, 0.5, "standard error"),
    (ConstantValue("x", -2.0, 0.5), REAL, Shape.NORMAL, 0.5, "standard error"),
    (
        ConstantValue("x", 2.0, None, 1.0, 4.0, 0.95),
        REAL,
        Shape.TWO_PIECE_NORMAL,
        3 / 3.919928,
        "95 % interval",
    ),
    (
        ConstantValue("x", 2.0, None, 1.0, 4.0, 0.8),
        POSITIVE,
        Shape.TWO_PIECE_LOGNORMAL,
        3 / 2.563103,
        "80 % int",
    ),
    (
        ConstantValue("x", 2.0, None, 0.0, 4.0, 0.9),
        SHARE,
        Shape.TWO_PIECE_NORMAL,
        4 / 3.289707,
        "90 % interval",
    ),
    (ConstantValue("x", 2.0, None, 1.0, 4.0), POSITIVE, Shape.UNIFORM, 3 / math.sqrt(12), "without a level"),
    (ConstantValue("x", 9.0, None, 1.0, 4.0, 0.9), POSITIVE, Shape.UNIFORM, 3 / math.sqrt(12), "as bounds"),
    (ConstantValue("x", 2.0, None, 1.0, 4.0, 1.0), POSITIVE, Shape.UNIFORM, 3 / math.sqrt(12), "as bounds"),
]


@pytest.mark.parametrize(("value", "domain", "shape", "deviation", "basis"), FITTED)
def test_a_fit_tells_spread_distribution_and_where_they_come_from(
    value: ConstantValue, domain: Domain, shape: Shape, deviation: float, basis: str
) -> None:
    found = known(value, domain)
    assert found is not None
    assert found.shape is shape
    assert found.standard_deviation == pytest.approx(deviation, rel=1e-6)
    assert basis in found.basis


@pytest.mark.parametrize(
    "value",
    [
        ConstantValue("x", 2.0),
        ConstantValue("x", 2.0, 0.0),
        ConstantValue("x", 2.0, None, 1.0),
        ConstantValue("x", 2.0, None, None, 3.0, 0.9),
        ConstantValue("x", 2.0, None, 2.0, 2.0, 0.9),
    ],
)
def test_a_constant_without_both_ends_has_no_spread(value: ConstantValue) -> None:
    assert known(value) is None


def test_the_bounds_of_an_observation_come_in_the_unit_of_the_variable() -> None:
    of = Observed(Iri("q"), 2.0, Iri("u"), "reported", "", Iri("o"), (), 1.0, 3.0, 0.9)
    found = spread_of_observed(of, variable("t", unit=DAY), 7.0)
    assert found is not None
    assert (found.low, found.high, found.level) == (7.0, 21.0, 0.9)
    error = replace(of, low=None, high=None, standard_error=0.5)
    found = spread_of_observed(error, variable("t", unit=DAY), 7.0)
    assert found is not None
    assert found.standard_deviation == 3.5


@pytest.mark.parametrize("probability", [0.05, 0.16])
def test_ends_without_stated_ones_are_quantiles_of_the_distribution(probability: float) -> None:
    far = quantile(1 - probability)
    assert ends_of(Spread(Shape.NORMAL, 2.0, ""), 10.0, probability) == pytest.approx(
        (10 - 2 * far, 10 + 2 * far)
    )
    low, high = ends_of(Spread(Shape.LOGNORMAL, 20.0, ""), 10.0, probability)
    # The geometric middle of a lognormal's quantiles is its median, mean/sqrt(1 + cv²).
    assert math.sqrt(low * high) == pytest.approx(10 / math.sqrt(5))
    assert math.log(high / low) == pytest.approx(2 * far * math.sqrt(math.log(5)))
    assert ends_of(Spread(Shape.UNIFORM, 1.0, "", 3.0, 4.0), 3.5, probability) == (3.0, 4.0)
