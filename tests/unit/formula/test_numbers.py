"""Numbers as people type them, givens in one line, and the units behind them."""

import math
from fractions import Fraction

import pytest

from kg.errors import BadInput, BadParameter, BadSyntax, TooLarge, WrongDimension
from kg.formula.givens import parse_givens
from kg.formula.numbers import parse_number, read_series, read_value
from kg.formula.units import UnitTable
from kg.model.quantity import ONE, PLAIN, Dimension, Unit
from tests.unit.formula.records import (
    BYTE,
    DAY,
    FLOP,
    FLOP_PER_SECOND,
    GIGABYTE,
    HOUR,
    PARAMETER,
    PERCENT,
    PFLOP_DAY,
    SECOND,
    TOKEN,
    UNITS,
    unit,
)

TYPED = [
    ("70B", PARAMETER, 7e10),
    ("70 B", PARAMETER, 7e10),
    ("1.4T", TOKEN, 1.4e12),
    ("7e10", PARAMETER, 7e10),
    ("350M", PARAMETER, 3.5e8),
    ("32k", TOKEN, 32e3),
    ("32K", TOKEN, 32e3),
    ("70 billion", PARAMETER, 7e10),
    ("2 million parameters", PARAMETER, 2e6),
    ("70B param", PARAMETER, 7e10),
    ("70Bparam", PARAMETER, 7e10),
    ("1.4T tokens", TOKEN, 1.4e12),
    ("1,500,000", TOKEN, 1.5e6),
    ("1,000", TOKEN, 1e3),
    ("1,000.5", ONE, 1000.5),
    ("  -2.5e-3 ", ONE, -2.5e-3),
    ("+.5", ONE, 0.5),
    ("40%", ONE, 0.4),
    ("40 %", PERCENT, 40.0),
    ("80 GB", BYTE, 8e10),
    ("80GB", BYTE, 8e10),
    ("80 GiB", BYTE, 80 * 2**30),
    ("80B bytes", BYTE, 8e10),
    ("80 TB", BYTE, 8e13),
    ("512", GIGABYTE, 512.0),
    ("1e24 FLOP", FLOP, 1e24),
    ("5 EFLOP", FLOP, 5e18),
    ("1 PFLOP-day", FLOP, 8.64e19),
    ("8.64e19 FLOP", PFLOP_DAY, 1.0),
    ("312 TFLOP/s", FLOP_PER_SECOND, 3.12e14),
    ("36 h", DAY, 1.5),
    ("2 days", HOUR, 48.0),
    ("3 PFLOP-day/d", FLOP_PER_SECOND, 3e15),
]


@pytest.mark.parametrize(
    ("text", "unit", "value"), TYPED, ids=[f"{text.strip()} in {unit.symbol}" for text, unit, _ in TYPED]
)
def test_numbers_are_read_as_people_type_them(text: str, unit: Unit, value: float) -> None:
    assert parse_number(text, unit=unit, units=UNITS) == pytest.approx(value, rel=1e-15)


def test_a_bare_b_on_bytes_is_refused_with_both_readings() -> None:
    with pytest.raises(BadSyntax) as caught:
        parse_number("80B", unit=BYTE, units=UNITS, where="M")
    message = str(caught.value)
    assert "M, B can be billions or bytes" in message
    assert "80e9 for 80 billion byte" in message
    assert "80 byte" in message


REFUSED = [
    ("1,50", ONE, BadSyntax, "a comma groups thousands"),
    ("1,5", ONE, BadSyntax, "a comma groups thousands"),
    ("1,0000", ONE, BadSyntax, "a comma groups thousands"),
    ("70b", PARAMETER, BadSyntax, "count by k, M, B, T"),
    ("7 apples", PARAMETER, BadSyntax, "'apples' in N is neither a count nor a known unit"),
    ("7 7", PARAMETER, BadSyntax, "neither a count"),
    ("−5", ONE, BadSyntax, "write the sign -"),
    ("many", ONE, BadSyntax, "N is no number"),
    ("80 GB", PARAMETER, WrongDimension, "N has dimension byte, expected parameter; give it in param"),
    ("3 FLOP/s", FLOP, WrongDimension, "flop/second, expected flop"),
    ("40%", PARAMETER, WrongDimension, "a share has no unit"),
    ("9" * 201, ONE, TooLarge, "201, at most 200"),
    ("1e308 PFLOP-day", FLOP, BadParameter, "up to 1.797e308"),
    ("9e999", ONE, BadParameter, "'N' cannot be '9e999'.*up to 1.797e308"),
]


@pytest.mark.parametrize(
    ("text", "unit", "error", "reason"), REFUSED, ids=[text[:16] for text, *_ in REFUSED]
)
def test_other_numbers_are_refused_with_the_reason(
    text: str, unit: Unit, error: type[Exception], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        parse_number(text, unit=unit, units=UNITS, where="N")


def test_values_may_be_numbers_of_any_real_type() -> None:
    for given in (3, 3.0, Fraction(3), "3"):
        assert read_value(given, unit=ONE, units=UNITS, where="x") == 3.0


@pytest.mark.parametrize("given", [True, None, 1j, float("nan"), float("inf"), [1.0], {"a": 1}], ids=repr)
def test_what_is_no_real_number_is_refused(given: object) -> None:
    with pytest.raises(BadParameter, match="'x' cannot be"):
        read_value(given, unit=ONE, units=UNITS, where="x")


def test_a_whole_number_beyond_doubles_is_too_large() -> None:
    with pytest.raises(TooLarge):
        read_value(10**400, unit=ONE, units=UNITS, where="x")


@pytest.mark.parametrize("given", ["[0.5, 0.3]", "0.5,0.3", [0.5, 0.3], (0.5, 0.3), ["50%", "0.3"]], ids=repr)
def test_series_come_as_text_or_sequence(given: object) -> None:
    assert read_series(given, unit=ONE, units=UNITS, where="w") == (0.5, 0.3)


def test_a_bad_value_of_a_series_is_named_by_its_place() -> None:
    with pytest.raises(BadSyntax, match=r"w\[2\] is no number"):
        read_series("1, x", unit=ONE, units=UNITS, where="w")
    with pytest.raises(BadParameter, match=r"w\[1\]"):
        read_series([math.nan], unit=ONE, units=UNITS, where="w")
    with pytest.raises(BadParameter, match="at least one value"):
        read_series("[]", unit=ONE, units=UNITS, where="w")
    with pytest.raises(TooLarge, match="1000001"):
        read_series([0.0] * 1_000_001, unit=ONE, units=UNITS, where="w")


def test_givens_are_symbols_or_slugs_with_values() -> None:
    givens = parse_givens(" N=70e9; w=[0.5, 0.3]; training-tokens=1.4T ;\n α = 40% ;")
    assert givens == {"N": "70e9", "w": ["0.5", "0.3"], "training-tokens": "1.4T", "alpha": "40%"}
    assert parse_givens("") == {}


BAD_GIVENS = [
    ("N", 1, 1, "name=value"),
    ("N=1, D=2", 1, 1, "parted by ';'"),
    ("N=1;\nD", 2, 1, "name=value"),
    ("N=", 1, 1, "name=value"),
    ("N=1; a b=2", 1, 6, "no symbol and no quantity"),
    ("N=[1, 2", 1, 1, "not closed"),
    ("N=[1,,2]", 1, 1, "a value of the series is missing"),
]


@pytest.mark.parametrize(("text", "line", "column", "reason"), BAD_GIVENS, ids=[row[0] for row in BAD_GIVENS])
def test_other_givens_are_refused_at_their_place(text: str, line: int, column: int, reason: str) -> None:
    with pytest.raises(BadSyntax, match=reason) as caught:
        parse_givens(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_name_is_given_once_only() -> None:
    with pytest.raises(BadParameter, match="given twice"):
        parse_givens("N=1; N=2")
    with pytest.raises(TooLarge):
        parse_givens("N=1" + " " * 100_000)


def test_units_are_found_by_what_people_write() -> None:
    found = {
        text: UNITS.find(text)
        for text in ("FLOP", "FLOPs", "hours", "PFLOP/s", "USD/h", "FLOP/(s*USD)", "s^2")
    }
    assert all(found.values())
    assert found["USD/h"].factor == pytest.approx(1 / 3600)  # type: ignore[union-attr]
    assert found["FLOP/(s*USD)"].dimension == Dimension.parse("flop/(second*usd)")  # type: ignore[union-attr]
    assert found["s^2"].dimension == Dimension.parse("second^2")  # type: ignore[union-attr]
    for text in (
        "",
        "x",
        "FLOP/",
        "/s",
        "FLOP s",
        "kk",
        "Kitoken",
        "k1",
        "s" * 81,
        "FLOP/(s/h)",
        "GB^99",
        "GB^-99",
        "GB^30*GB^30",
    ):
        assert UNITS.find(text) is None, text


def test_an_unknown_unit_is_answered_with_those_that_fit() -> None:
    with pytest.raises(BadParameter, match="a unit of second, such as d, h, s, year"):
        UNITS.named("fortnight", like=DAY)
    with pytest.raises(WrongDimension, match="the unit FLOP has dimension flop, expected second"):
        UNITS.named("FLOP", like=DAY)
    with pytest.raises(BadParameter, match="FLOP"):
        UNITS.named("FLOPPY")


def test_conversion_is_exact_where_nothing_changes_and_refused_between_dimensions() -> None:
    assert UNITS.convert(0.1, SECOND, SECOND) == 0.1
    assert UNITS.convert(2.0, DAY, HOUR) == 48.0
    with pytest.raises(WrongDimension):
        UNITS.convert(1.0, DAY, BYTE)


def test_a_spelling_that_two_units_share_goes_to_the_same_one_in_any_order() -> None:
    first, second = unit("a1", "x", 1.0, "both"), unit("a2", "y", 1.0, "both")
    assert UnitTable([first, second]).find("both") == UnitTable([second, first]).find("both") == first
    assert UnitTable([]).find("1").dimension == PLAIN  # type: ignore[union-attr]
    assert len(UnitTable([first, second])) == 3


def test_errors_of_numbers_are_bad_input() -> None:
    with pytest.raises(BadInput):
        parse_number("x", unit=ONE, units=UNITS)
