"""Tree → text in our grammar, such that reading it again gives the same tree."""

from fractions import Fraction
from typing import Final

from kg.formula.tree import (
    Add,
    Call,
    Item,
    Multiply,
    Name,
    Negative,
    Node,
    Number,
    Pi,
    Power,
    Relation,
    Sum,
    children,
)

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(1, 6)
MAX_PLAIN: Final = 15
"""Whole numbers of up to this many digits are written without an exponent."""


def render(node: Node) -> str:
    """The text of an expression or relation.

    >>> from kg.formula.grammar import read
    >>> render(read("L=E+A/N**alpha+B/(D**beta)"))
    'L = E + A/N**alpha + B/D**beta'
    """
    if isinstance(node, Relation):
        return f"{render(node.left)} = {render(node.right)}"
    return _text(node)[0]


def number_text(value: Fraction) -> str:
    """A number of the grammar as text, exact; a fraction that no decimal ends is written as a quotient.

    >>> number_text(Fraction(17, 50)), number_text(Fraction(10) ** 24), number_text(Fraction(1, 3))
    ('0.34', '1e24', '1/3')
    """
    twos = _multiplicity(value.denominator, 2)
    fives = _multiplicity(value.denominator, 5)
    if value.denominator != 2**twos * 5**fives:
        return f"{number_text(Fraction(value.numerator))}/{number_text(Fraction(value.denominator))}"
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator)
    sign = "-" if value < 0 else ""
    if places == 0:
        short = digits.rstrip("0")
        zeros = len(digits) - len(short)
        return f"{sign}{digits}" if len(digits) <= MAX_PLAIN else sign + _scientific(short, zeros)
    if places > MAX_PLAIN:
        return sign + _scientific(digits.lstrip("0"), -places)
    digits = digits.rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def _scientific(digits: str, exponent: int) -> str:
    exponent += len(digits) - 1
    rest = f".{digits[1:]}" if digits[1:] else ""
    return f"{digits[0]}{rest}e{exponent}"


def _multiplicity(number: int, factor: int) -> int:
    count = 0
    while number % factor == 0:
        number //= factor
        count += 1
    return count


def _text(node: Node) -> tuple[str, int]:
    """Text and how tightly it binds."""
    match node:
        case Number(value=value):
            text = number_text(value)
            return text, _PRODUCT if "/" in text else _SIGN if value < 0 else _ATOM
        case Pi() | Name() | Item():
            return _word(node), _ATOM
        case Negative(operand=operand):
            return f"-{_within(operand, _POWER)}", _SIGN
        case Add(terms=terms):
            return _sum(terms), _SUM
        case Multiply(factors=factors):
            return _product(factors), _PRODUCT
        case Power(base=base, exponent=exponent):
            return f"{_within(base, _ATOM)}**{_within(exponent, _POWER)}", _POWER
        case Call(function=function):
            return f"{function}({_list(node)})", _ATOM
        case Sum(index=index):
            return f"Sum({index}, {_list(node)})", _ATOM
    raise TypeError(f"{type(node).__name__} is no expression")


def _word(node: Pi | Name | Item) -> str:
    if isinstance(node, Pi):
        return "pi"
    return node.name if isinstance(node, Name) else f"{node.name}[{node.index}]"


def _list(node: Node) -> str:
    return ", ".join(render(part) for part in children(node))


def _within(node: Node, least: int) -> str:
    text, binding = _text(node)
    return text if binding >= least else f"({text})"


def _sum(terms: tuple[tuple[bool, Node], ...]) -> str:
    first, *rest = terms
    pieces = [f"{'-' * first[0]}{_within(first[1], _PRODUCT)}"]
    pieces += [f" {'-' if subtracted else '+'} {_within(part, _PRODUCT)}" for subtracted, part in rest]
    return "".join(pieces)


def _product(factors: tuple[tuple[bool, Node], ...]) -> str:
    pieces = [_within(factors[0][1], _SIGN)]
    pieces += [f"{'/' if inverse else '*'}{_within(part, _POWER)}" for inverse, part in factors[1:]]
    return "".join(pieces)
