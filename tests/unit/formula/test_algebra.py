"""Expressions rewritten: the same values, what is lost said as a condition, and a refusal where there is no form."""

import pytest

from kg.errors import NoClosedForm, TooLarge
from kg.formula.algebra import differentiate, expand, integrate, simplify
from kg.formula.grammar import read, read_expression
from kg.formula.render import render
from kg.model.algebra import Rewritten
from kg.model.formula import Domain

REAL: dict[str, Domain] = {}
POSITIVE = {name: Domain(0, None, open_minimum=True) for name in "abxyN"}

SIMPLIFIED = [
    ("(x**2 - 1)/(x - 1)", REAL, "x + 1", ("x - 1 != 0",)),
    ("x/x", REAL, "1", ("x != 0",)),
    ("x/x", POSITIVE, "1", ()),
    ("sqrt(x**2)", REAL, "abs(x)", ()),
    ("sqrt(x**2)", POSITIVE, "x", ()),
    ("exp(log(x))", REAL, "x", ("x > 0",)),
    ("log(a*b) - log(a) - log(b)", POSITIVE, "0", ()),
    ("log(a*b) - log(a) - log(b)", REAL, "log(a*b) - log(a) - log(b)", ()),
    ("sin(x)**2 + cos(x)**2", REAL, "1", ()),
    ("cbrt(x)**3", REAL, "x", ()),
    ("2*x + 3*x", REAL, "5*x", ()),
    ("A/N**alpha + E", REAL, "A/N**alpha + E", ()),
    ("Sum(i, 1, n, w[i])", REAL, "Sum(i, 1, n, w[i])", ()),
]
EXPANDED = [
    ("(a + b)**3", "", REAL, "a**3 + 3*a**2*b + 3*a*b**2 + b**3", ()),
    ("x*(x + 1/x)", "", REAL, "x**2 + 1", ("x != 0",)),
    ("log(a*b)", "", REAL, "log(a*b)", ()),
    ("log(a*b)", "", POSITIVE, "log(a) + log(b)", ()),
    ("(a + b)*(a + c)", "a", REAL, "a**2 + a*(b + c) + b*c", ()),
]
DERIVED = [
    ("x**2", REAL, "2*x", ()),
    ("A/x**alpha + E", POSITIVE, "-A*alpha/(x*x**alpha)", ()),
    ("abs(x)", REAL, "sign(x)", ("x != 0",)),
    ("floor(x)", REAL, "0", ("x is not a whole number",)),
    ("cbrt(x)", REAL, "1/(3*cbrt(x)**2)", ()),
    ("log(x)", REAL, "1/x", ("x > 0",)),
    ("x**x", POSITIVE, "x**x*(log(x) + 1)", ()),
    ("Sum(i, 1, n, x**i)", REAL, "Sum(i, 1, n, i*x**(i - 1))", ()),
    ("y**2", REAL, "0", ()),
]
INTEGRATED = [
    ("x**2", REAL, "x**3/3", ()),
    ("1/x", REAL, "log(abs(x))", ("x != 0",)),
    ("1/x", POSITIVE, "log(x)", ()),
    ("x**n", REAL, "x**(n + 1)/(n + 1)", ("n + 1 != 0",)),
    ("exp(-x**2)", REAL, "0.5*sqrt(pi)*erf(x)", ()),
    ("log(x)", REAL, "x*log(x) - x", ()),
    ("1/(1 + x**2)", REAL, "atan(x)", ()),
    ("x*exp(a*x)", REAL, "(a*x - 1)*exp(a*x)/a**2", ("a != 0",)),
    ("1/sqrt(1 - x**2)", REAL, "asin(x)", ("1 - x**2 > 0",)),
    ("y", REAL, "x*y", ()),
]


def check(found: Rewritten, expression: str, conditions: tuple[str, ...]) -> None:
    assert (found.expression, found.conditions) == (expression, conditions)
    assert render(read(found.expression)) == found.expression
    assert found.how
    assert found.latex
    assert found.mathml.startswith("<math ")


@pytest.mark.parametrize(
    ("text", "domains", "form", "conditions"), SIMPLIFIED, ids=[row[0] for row in SIMPLIFIED]
)
def test_it_is_simplified(
    text: str, domains: dict[str, Domain], form: str, conditions: tuple[str, ...]
) -> None:
    check(simplify(read_expression(text), "", domains), form, conditions)


@pytest.mark.parametrize(
    ("text", "symbol", "domains", "form", "conditions"), EXPANDED, ids=[r[0] for r in EXPANDED]
)
def test_it_is_expanded(
    text: str, symbol: str, domains: dict[str, Domain], form: str, conditions: tuple[str, ...]
) -> None:
    check(expand(read_expression(text), symbol, domains), form, conditions)


@pytest.mark.parametrize(("text", "domains", "form", "conditions"), DERIVED, ids=[row[0] for row in DERIVED])
def test_it_is_differentiated(
    text: str, domains: dict[str, Domain], form: str, conditions: tuple[str, ...]
) -> None:
    check(differentiate(read_expression(text), "x", domains), form, conditions)


@pytest.mark.parametrize(
    ("text", "domains", "form", "conditions"), INTEGRATED, ids=[row[0] for row in INTEGRATED]
)
def test_it_is_integrated(
    text: str, domains: dict[str, Domain], form: str, conditions: tuple[str, ...]
) -> None:
    found = integrate(read_expression(text), "x", domains)
    check(found, form, conditions)
    assert found.points >= 8


NONE = [
    (integrate, "exp(x**x)", "none was found"),
    (integrate, "sin(x)/x", "no word for Si"),
    (integrate, "floor(x)", "none was found"),
    (integrate, "max(x, 1)", "none was found"),
    (integrate, "Sum(i, 1, n, x[i])", "series"),
    (differentiate, "max(x, 1)", "kink"),
    (differentiate, "Sum(i, 1, x, i)", "grows in steps"),
    (differentiate, "Sum(i, 1, n, x[i]**2)", "series"),
]


@pytest.mark.parametrize(("verb", "text", "reason"), NONE, ids=[row[1] for row in NONE])
def test_where_there_is_no_form_that_is_said(verb: object, text: str, reason: str) -> None:
    with pytest.raises(NoClosedForm, match=reason):
        verb(read_expression(text), "x", {})  # type: ignore[operator]


def test_a_form_that_is_too_long_is_refused() -> None:
    with pytest.raises(TooLarge, match="expanded form"):
        expand(read_expression("(a + b + c + d)**12"), "", {})
