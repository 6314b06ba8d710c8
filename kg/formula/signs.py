"""Which signs an expression can have, by the domains of its variables: conditions that need not be said."""

from collections.abc import Callable, Mapping
from enum import IntFlag
from fractions import Fraction
from functools import reduce

from kg.formula.tree import Add, Call, Item, Multiply, Name, Negative, Node, Number, Pi, Power, Sum
from kg.model.formula import Domain


class Signs(IntFlag):
    """A set of signs."""

    NEGATIVE = 1
    ZERO = 2
    POSITIVE = 4
    ANY = 7


_NONNEGATIVE = Signs.ZERO | Signs.POSITIVE


def signs_of(node: Node, domains: Mapping[str, Domain]) -> Signs:
    """All signs that the expression can take; ``ANY`` where nothing is known."""
    match node:
        case Number(value=value):
            return _of_number(value)
        case Pi():
            return Signs.POSITIVE
        case Name(name=name) | Item(name=name):
            return _of_domain(domains.get(name))
        case Negative(operand=operand):
            return _flip(signs_of(operand, domains))
        case Add(terms=terms):
            return reduce(_plus, (_flipped(sign, signs_of(part, domains)) for sign, part in terms))
        case Multiply(factors=factors):
            return reduce(_times, (signs_of(part, domains) for _, part in factors))
        case Power():
            return _of_power(node, domains)
        case Call():
            return _of_call(node, domains)
        case Sum(body=body):
            return signs_of(body, domains) | Signs.ZERO
    return Signs.ANY


def is_positive(node: Node, domains: Mapping[str, Domain]) -> bool:
    """True where it is certainly greater than zero."""
    return signs_of(node, domains) == Signs.POSITIVE


def is_nonnegative(node: Node, domains: Mapping[str, Domain]) -> bool:
    """True where it is certainly not less than zero."""
    return not signs_of(node, domains) & Signs.NEGATIVE


def is_nonzero(node: Node, domains: Mapping[str, Domain]) -> bool:
    """True where it is certainly not zero."""
    return not signs_of(node, domains) & Signs.ZERO


def _of_number(value: Fraction) -> Signs:
    return Signs.ZERO if value == 0 else Signs.POSITIVE if value > 0 else Signs.NEGATIVE


def _of_domain(domain: Domain | None) -> Signs:
    if domain is None:
        return Signs.ANY
    found = Signs(0)
    low, high = domain.minimum, domain.maximum
    if low is None or low < 0:
        found |= Signs.NEGATIVE
    if high is None or high > 0:
        found |= Signs.POSITIVE
    return found | Signs.ZERO if 0.0 in domain else found


def _flip(signs: Signs) -> Signs:
    flipped = signs & Signs.ZERO
    if signs & Signs.NEGATIVE:
        flipped |= Signs.POSITIVE
    if signs & Signs.POSITIVE:
        flipped |= Signs.NEGATIVE
    return flipped


def _flipped(flip: bool, signs: Signs) -> Signs:
    return _flip(signs) if flip else signs


def _each(left: Signs, right: Signs, combine: Callable[[int, int], Signs]) -> Signs:
    found = Signs(0)
    for one in _values(left):
        for two in _values(right):
            found |= combine(one, two)
    return found


def _values(signs: Signs) -> tuple[int, ...]:
    table = {Signs.NEGATIVE: -1, Signs.ZERO: 0, Signs.POSITIVE: 1}
    return tuple(value for sign, value in table.items() if sign & signs)


def _plus(left: Signs, right: Signs) -> Signs:
    return _each(
        left, right, lambda one, two: Signs.ANY if one * two < 0 else _of_number(Fraction(one + two))
    )


def _times(left: Signs, right: Signs) -> Signs:
    return _each(left, right, lambda one, two: _of_number(Fraction(one * two)))


def _of_power(node: Power, domains: Mapping[str, Domain]) -> Signs:
    base = signs_of(node.base, domains)
    if base == Signs.POSITIVE:
        return Signs.POSITIVE
    exponent = node.exponent.operand if isinstance(node.exponent, Negative) else node.exponent
    if isinstance(exponent, Number) and exponent.value.denominator == 1:
        if exponent.value.numerator % 2:
            return base
        return _NONNEGATIVE if base & Signs.ZERO else Signs.POSITIVE
    return Signs.ANY if base & Signs.NEGATIVE else _NONNEGATIVE


def _of_call(node: Call, domains: Mapping[str, Domain]) -> Signs:
    argument = signs_of(node.arguments[0], domains)
    match node.function:
        case "exp" | "cosh":
            return Signs.POSITIVE
        case "sqrt" | "abs":
            return _NONNEGATIVE if argument & Signs.ZERO else Signs.POSITIVE
        case "cbrt" | "sinh" | "tanh" | "erf" | "erfinv" | "atan" | "asin" | "sign":
            return argument
        case "max" | "min":
            return reduce(lambda one, two: one | two, (signs_of(part, domains) for part in node.arguments))
    return Signs.ANY
