"""Values at a point, enclosed: they agree with mpmath at more digits, and say so where there is none."""

from fractions import Fraction

import mpmath
import pytest

from kg.formula.enclosures import NoRealValue, Unclear, are_apart, are_close, enclose, ends
from kg.formula.grammar import read_expression
from kg.formula.names import FUNCTIONS

HALF = Fraction(1, 2)
ARGUMENTS = {"acos": "x/3", "asin": "x/3", "erfinv": "x/3", "min": "x, 1", "max": "x, 1"}
ORACLE = {
    "abs": abs, "cbrt": mpmath.cbrt, "ceil": mpmath.ceil, "ln": mpmath.log, "log2": lambda x: mpmath.log(x, 2),
    "min": lambda x: min(x, 1), "max": lambda x: max(x, 1), "acos": lambda x: mpmath.acos(x / 3),
    "asin": lambda x: mpmath.asin(x / 3), "erfinv": lambda x: mpmath.erfinv(x / 3),
}  # fmt: skip


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("x", [HALF, Fraction(7, 3)], ids=str)
def test_each_function_encloses_what_mpmath_gives_at_eighty_digits(function: str, x: Fraction) -> None:
    node = read_expression(f"{function}({ARGUMENTS.get(function, 'x')})")
    low, high = ends(enclose(node, {"x": x}))
    with mpmath.workdps(80):
        oracle = ORACLE.get(function) or getattr(mpmath, function)
        exact = mpmath.mpf(oracle(mpmath.mpf(x.numerator) / x.denominator))
        assert low <= exact <= high
        assert high - low <= abs(exact) * mpmath.mpf(10) ** -45 + mpmath.mpf(10) ** -45


EXACT = [
    ("x/3 + 1", HALF, Fraction(7, 6)), ("x**-2", HALF, Fraction(4)), ("0**0 + 0*x", HALF, Fraction(1)),
    ("sqrt(x/2)", HALF, HALF), ("floor(-x)", HALF, Fraction(-1)), ("Sum(i, 1, 3, i*x)", HALF, Fraction(3)),
    ("Sum(i, 2, 1, i*x)", HALF, Fraction(0)), ("log(2*x)", HALF, Fraction(0)), ("x**0.5", Fraction(0), Fraction(0)),
    ("sign(-x)", HALF, Fraction(-1)), ("(-x)**3", HALF, Fraction(-1, 8)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "x", "value"), EXACT, ids=[row[0] for row in EXACT])
def test_rational_values_are_exact(text: str, x: Fraction, value: Fraction) -> None:
    assert enclose(read_expression(text), {"x": x}) == value


NOWHERE = [
    "1/(x - x)",
    "log(x - 1)",
    "sqrt(-x)",
    "(-x)**0.5",
    "asin(x + 1)",
    "erfinv(2*x)",
    "log(x, 1)",
    "Sum(i, 1, x, i)",
    "0**-x",
]


@pytest.mark.parametrize("text", NOWHERE)
def test_that_there_is_no_value_is_certain(text: str) -> None:
    with pytest.raises(NoRealValue):
        enclose(read_expression(text), {"x": HALF})


UNCLEAR = ["floor(sqrt(2 + 0*x)**2)", "1/(sqrt(2)**2 - 2 + 0*x)", "exp(exp(exp(20*x)))", "Sum(i, 1, 2000*x, i)",
           "sign(exp(x)*exp(-x) - 1)"]  # fmt: skip


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_cannot_be_told_is_said_to_be_unclear(text: str) -> None:
    with pytest.raises(Unclear):
        enclose(read_expression(text), {"x": HALF})


def test_values_are_apart_or_close_or_neither() -> None:
    third, near = (enclose(read_expression(text), {}) for text in ("sqrt(1/9 + 0)", "sqrt(2)"))
    assert are_apart(third, near)
    assert are_apart(near, near + mpmath.mpf(10) ** -40)
    assert are_close(near, enclose(read_expression("2**0.5"), {}))
    rough = enclose(read_expression("(exp(80) + 1) - exp(80)"), {})
    assert not are_apart(rough, Fraction(1))
    assert not are_close(rough, Fraction(1), digits=45)
