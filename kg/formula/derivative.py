"""The derivative of an expression by one of its symbols: the rules of the grammar's operations and functions."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from kg.errors import NoClosedForm
from kg.formula import tree
from kg.formula.definedness import Demand
from kg.formula.grammar import read_expression
from kg.formula.render import render
from kg.formula.tree import (
    ONE,
    ZERO,
    Add,
    Call,
    Item,
    Multiply,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Sum,
    names,
    rebuild,
    walk,
)

_RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "abs": "sign(u)",
        "acos": "-1/sqrt(1 - u**2)",
        "asin": "1/sqrt(1 - u**2)",
        "atan": "1/(1 + u**2)",
        "cbrt": "1/(3*cbrt(u)**2)",
        "ceil": "0",
        "cos": "-sin(u)",
        "cosh": "sinh(u)",
        "erf": "2*exp(-u**2)/sqrt(pi)",
        "erfinv": "sqrt(pi)*exp(erfinv(u)**2)/2",
        "exp": "exp(u)",
        "floor": "0",
        "ln": "1/u",
        "log": "1/u",
        "log10": "1/(u*log(10))",
        "log2": "1/(u*log(2))",
        "sign": "0",
        "sin": "cos(u)",
        "sinh": "cosh(u)",
        "sqrt": "1/(2*sqrt(u))",
        "tan": "1 + tan(u)**2",
        "tanh": "1 - tanh(u)**2",
    }
)
"""Function → its derivative in ``u``; ``min`` and ``max`` have none in one form."""


def derivative(node: Node, symbol: str) -> Node:
    """The derivative, as the rules give it.

    >>> render(derivative(read_expression("a*x**2"), "x"))
    'a*2*x'

    Raises:
        NoClosedForm: a minimum or maximum, a series, or a bound of a sum holds the symbol.
    """
    if symbol not in names(node):
        return ZERO
    match node:
        case Name():
            return ONE
        case Negative(operand=operand):
            return tree.negate(derivative(operand, symbol))
        case Add(terms=terms):
            parts = [(sign, derivative(part, symbol)) for sign, part in terms]
            return tree.add(*(tree.negate(part) if sign else part for sign, part in parts))
        case Multiply(factors=factors):
            return _of_product(factors, symbol)
        case Power(base=base, exponent=exponent):
            return _of_power(base, exponent, symbol)
        case Call(function=function, arguments=arguments):
            return _of_call(function, arguments, symbol)
        case Sum(low=low, high=high, body=body):
            if symbol in (*names(low), *names(high)):
                raise _none(node, symbol, "it bounds a sum, which grows in steps")
            inner = derivative(body, symbol)
            return ZERO if inner == ZERO else Sum(node.index, low, high, inner)
    raise _none(node, symbol, "it is a series")


def kinks(node: Node, symbol: str) -> tuple[Demand, ...]:
    """Where the derivative is not the one of the rules: at kinks and steps, which the rules do not show."""
    found: dict[Demand, None] = {}
    for part in walk(node):
        if isinstance(part, Call) and symbol in names(part):
            if part.function in ("abs", "sign"):
                found[Demand(part.arguments[0], "!=")] = None
            elif part.function in ("floor", "ceil"):
                found[Demand(part.arguments[0], "not whole")] = None
    return tuple(found)


def _of_product(factors: tuple[tuple[bool, Node], ...], symbol: str) -> Node:
    terms: list[Node] = []
    for place, (inverse, part) in enumerate(factors):
        inner = derivative(part, symbol)
        if inner == ZERO:
            continue
        others = [
            tree.reciprocal(one) if over else one for at, (over, one) in enumerate(factors) if at != place
        ]
        if inverse:
            inner = tree.divide(tree.negate(inner), Power(part, Number(Fraction(2))))
        terms.append(_product(*others, inner))
    return tree.add(*terms)


def _of_power(base: Node, exponent: Node, symbol: str) -> Node:
    terms: list[Node] = []
    under, over = derivative(base, symbol), derivative(exponent, symbol)
    if under != ZERO:
        lower = tree.add(exponent, tree.negate(ONE))
        if isinstance(exponent, Number) and exponent.value > 1:
            lower = Number(exponent.value - 1)
        terms.append(_product(exponent, base if lower == ONE else Power(base, lower), under))
    if over != ZERO:
        terms.append(_product(Power(base, exponent), Call("log", (base,)), over))
    return tree.add(*terms)


def _of_call(function: str, arguments: tuple[Node, ...], symbol: str) -> Node:
    if function in ("log", "ln") and len(arguments) == 2:
        argument, base = (Call("log", (part,)) for part in arguments)
        return derivative(tree.divide(argument, base), symbol)
    rule = _RULES.get(function)
    if rule is None:
        raise _none(Call(function, arguments), symbol, f"a {function} has a kink where its arguments meet")
    (inner,) = arguments
    outer = _put(read_expression(rule), inner)
    return ZERO if outer == ZERO else _product(outer, derivative(inner, symbol))


def _put(node: Node, inner: Node) -> Node:
    return inner if node == Name("u") else rebuild(node, lambda part: _put(part, inner))


def _product(*factors: Node) -> Node:
    return ZERO if ZERO in factors else tree.multiply(*factors)


def _none(node: Node, symbol: str, reason: str) -> NoClosedForm:
    what = "series" if isinstance(node, Item) else "part"
    return NoClosedForm("derivative", render(node)[:200], symbol, f"in this {what}, {reason}")
