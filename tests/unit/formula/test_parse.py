"""Trees to sympy and back: one closed table of symbols, no surprise from names, no text evaluated."""

import time

import pytest
import sympy

from kg.errors import BadSyntax, UnknownSymbol
from kg.formula.grammar import read_expression
from kg.formula.parse import SymbolTable, from_sympy, parse_expression, parse_relation, to_sympy
from kg.formula.render import render
from kg.model.formula import Domain

POSITIVE = Domain(0.0, None, open_minimum=True)
NAMES = ("N", "E", "I", "S", "Q", "C", "O", "beta", "gamma", "zeta", "lambda", "pi_2", "x", "y", "n", "w")
DOMAINS = {name: Domain() for name in NAMES} | {
    "p": POSITIVE,
    "q": Domain(0.0),
    "k": Domain(1.0, integer=True),
}


def test_every_name_is_a_plain_symbol() -> None:
    found = parse_expression("N + E + I + S + Q + C + O + beta + gamma + zeta + lambda", DOMAINS)
    assert {symbol.name for symbol in found.free_symbols} == set(NAMES[:11])
    assert all(type(symbol) is sympy.Symbol for symbol in found.free_symbols)


def test_assumptions_come_from_the_domain() -> None:
    table = SymbolTable(DOMAINS).symbols
    assert table["p"].is_positive
    assert table["q"].is_nonnegative
    assert table["q"].is_positive is None
    assert table["k"].is_integer
    assert table["x"].is_real
    assert table["x"].is_nonnegative is None


def test_other_names_are_refused() -> None:
    with pytest.raises(UnknownSymbol):
        parse_expression("z + 1", DOMAINS)


def test_a_relation_is_an_equation_that_is_not_decided() -> None:
    found = parse_relation("x = x", DOMAINS)
    assert isinstance(found, sympy.Eq)


EXPRESSIONS = [
    "E + N/x**beta", "x/y - 1/p", "-x*y/3", "sqrt(x**2 + 1)", "cbrt(x)", "cbrt(p)", "p**(1/3)", "exp(-x)",
    "log(x, 10)", "log2(x) + log10(x)", "min(x, y, 0)", "max(p, q)", "abs(x) + floor(x) + ceil(x) + sign(x)",
    "sin(x)*cos(x)*tan(x)", "asin(x) + acos(x) + atan(x)", "sinh(x) + cosh(x) + tanh(x) + erf(x)", "pi*x",
    "Sum(i, 1, n, w[i]*i)/Sum(i, 1, n, w[i])", "Sum(i, 1, n, Sum(j, 1, i, x**(i*j)))", "x**y**p", "(x**y)**p",
    "2/3", "0.125", "1e-30*x", "1/(1 + exp(-x))", "exp(1)", "(x + y)**-2", "floor(exp(300))", "cos(pi/7)",
    "asin(sin(10**300))", "tan(pi/257)",
]  # fmt: skip


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_sympy_expressions_come_back_through_the_grammar(text: str) -> None:
    expression = parse_expression(text, DOMAINS)
    again = parse_expression(render(from_sympy(expression)), DOMAINS)
    assert again == expression


def test_the_real_cube_root_is_meant() -> None:
    assert parse_expression("cbrt(x)", DOMAINS).subs(SymbolTable(DOMAINS).symbols["x"], -8) == -2


def test_what_the_grammar_has_no_word_for_is_refused() -> None:
    with pytest.raises(BadSyntax, match="no word for gamma"):
        from_sympy(sympy.gamma(sympy.Symbol("x")))


WICKED = [
    "floor(exp(700))", "ceil(exp(600) + pi)", "sign(exp(300) - exp(299))", "exp(log(x)*900)", "2**(1/10**50)",
    f"max({','.join(f'x + {number}*y' for number in range(50))})", "((x**(1/3) + 1)**30 + 1)**30",
    "cos(pi/2**60)", "sin(pi*10**300/7)", "x**x**x**x**x**x**x", "7**(10**30/(10**29 + 1))", "erf(10**100)",
]  # fmt: skip


@pytest.mark.parametrize("text", WICKED, ids=[text[:24] for text in WICKED])
def test_what_the_bounds_let_through_is_built_in_time(text: str) -> None:
    tree = read_expression(text, DOMAINS)
    table = SymbolTable(DOMAINS)
    started = time.process_time()
    to_sympy(tree, table)
    assert time.process_time() - started < 2.0
