"""The value of an expression at one point, beyond doubt: exact, or between two ends that certainly hold it.

Rational arithmetic stays exact; everything else is enclosed at fifty digits, ends rounded outward (mpmath's
interval context). So "there is no value here" and "these two values differ" are proofs, and what cannot be
told is said to be :class:`Unclear`. Values are real, as everywhere in the grammar.
"""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from mpmath.ctx_iv import MPIntervalContext
from mpmath.ctx_mp import MPContext
from mpmath.libmp import NoConvergence

from kg.formula.bounds import bits
from kg.formula.tree import Add, Call, Item, Multiply, Name, Negative, Node, Number, Pi, Power, Sum

DIGITS: Final = 50
MAX_BITS: Final = 4096
"""Exact numbers grow to this size; beyond they are enclosed."""

MAX_TERMS: Final = 400
"""Terms of all sums at one point."""

MAX_WHOLE: Final = 10**30
"""Roundings of more than this are left unclear."""

Enclosed = Any
"""A :class:`~fractions.Fraction`, or an interval of mpmath, which carries no types."""
Values = Mapping[str, Fraction | tuple[Fraction, ...]]
# Contexts of our own: the precision of mpmath's belongs to whoever else uses it.
_MP: Final[Any] = MPContext()
_IV: Final[Any] = MPIntervalContext()
_MP.dps = _IV.dps = DIGITS
_FAR: Final = _MP.mpf(10) ** 4000


class NoRealValue(ArithmeticError):
    """The expression certainly has no real value there."""


class Unclear(ArithmeticError):
    """Whether there is a value, or which, cannot be told at this precision."""


def enclose(node: Node, values: Values) -> Enclosed:
    """The value of a tree for exact values of its names.

    Raises:
        NoRealValue: it has none. Unclear: that cannot be told, or would take too long.
    """
    try:
        return _Point(values).value(node)
    except (OverflowError, NoConvergence) as error:
        raise Unclear from error


def ends(value: Enclosed) -> tuple[Any, Any]:
    """Both ends as numbers of mpmath; an exact value is enclosed first."""
    low, high = _interval(value)._mpi_
    return _MP.make_mpf(low), _MP.make_mpf(high)


def are_apart(one: Enclosed, two: Enclosed) -> bool:
    """True where the two values certainly differ."""
    if isinstance(one, Fraction) and isinstance(two, Fraction):
        return one != two
    (low, high), (least, most) = ends(one), ends(two)
    return bool(high < least or most < low)


def are_close(one: Enclosed, two: Enclosed, *, digits: int = 30) -> bool:
    """True where the two enclosures overlap, and together pin the value down to so many digits."""
    if are_apart(one, two):
        return False
    (low, high), (least, most) = ends(one), ends(two)
    width, size = max(high, most) - min(low, least), max(abs(low), abs(high), 1)
    return bool(width <= size * _MP.mpf(10) ** -digits)


class _Point:
    """One point; counts the terms of its sums."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.indices: dict[str, int] = {}
        self.left = MAX_TERMS

    def value(self, node: Node) -> Enclosed:
        match node:
            case Negative(operand=operand):
                return -self.value(operand)
            case Add(terms=terms):
                return _kept(
                    _total([-self.value(part) if sign else self.value(part) for sign, part in terms])
                )
            case Multiply(factors=factors):
                return self.product(factors)
            case Power(base=base, exponent=exponent):
                return _power(self.value(base), self.value(exponent))
            case Call(function=function, arguments=arguments):
                return _kept(_FUNCTIONS[function](*(self.value(part) for part in arguments)))
            case Sum():
                return self.sum(node)
        return self.leaf(node)

    def leaf(self, node: Node) -> Enclosed:
        match node:
            case Number(value=value):
                return value
            case Pi():
                return _IV.pi
            case Name(name=name):
                return Fraction(self.indices[name]) if name in self.indices else self.values[name]
            case Item(name=name, index=index):
                return self.item(name, self.indices[index])
        raise TypeError(f"{type(node).__name__} is no expression")

    def item(self, name: str, place: int) -> Enclosed:
        series = self.values[name]
        if not isinstance(series, tuple) or not 1 <= place <= len(series):
            raise NoRealValue
        return series[place - 1]

    def product(self, factors: tuple[tuple[bool, Node], ...]) -> Enclosed:
        result: Enclosed = Fraction(1)
        for inverse, part in factors:
            value = self.value(part)
            if inverse:
                value = _inverse(value)
            result = _kept(_both(result, value, lambda one, two: one * two))
        return result

    def sum(self, node: Sum) -> Enclosed:
        low, high = self.value(node.low), self.value(node.high)
        if not isinstance(low, Fraction) or not isinstance(high, Fraction):
            raise Unclear
        if low.denominator > 1 or high.denominator > 1:
            raise NoRealValue
        self.left -= max(0, int(high) - int(low) + 1)
        if self.left < 0:
            raise Unclear
        outside, terms = self.indices, []
        for place in range(int(low), int(high) + 1):
            self.indices = {**outside, node.index: place}
            terms.append(self.value(node.body))
        self.indices = outside
        return _kept(_total(terms))


def _interval(value: Enclosed) -> Any:
    if isinstance(value, Fraction):
        return _IV.mpf(value.numerator) / _IV.mpf(value.denominator)
    return value


def _kept(value: Enclosed) -> Enclosed:
    """The value; exact ones that grew too long are enclosed, and what left all bounds is unclear."""
    if isinstance(value, Fraction):
        return _interval(value) if bits(value) > MAX_BITS else value
    if not all(abs(end) < _FAR for end in ends(value)):
        raise Unclear
    return value


def _both(one: Enclosed, two: Enclosed, combine: Callable[[Any, Any], Any]) -> Enclosed:
    if isinstance(one, Fraction) and isinstance(two, Fraction):
        return combine(one, two)
    return combine(_interval(one), _interval(two))


def _total(terms: list[Enclosed]) -> Enclosed:
    result: Enclosed = Fraction(0)
    for term in terms:
        result = _both(result, term, lambda one, two: one + two)
    return result


def _sign(value: Enclosed) -> int:
    """1, 0 or -1; raises Unclear where the enclosure holds zero and more."""
    if isinstance(value, Fraction):
        return (value > 0) - (value < 0)
    if value.a > 0:
        return 1
    if value.b < 0:
        return -1
    if value.a == 0 == value.b:
        return 0
    raise Unclear


def _inverse(value: Enclosed) -> Enclosed:
    if _sign(value) == 0:
        raise NoRealValue
    return 1 / value


def _power(base: Enclosed, exponent: Enclosed) -> Enclosed:
    """As floats have it: 0**0 is 1, a negative base takes whole exponents only."""
    if isinstance(exponent, Fraction) and exponent.denominator == 1:
        return _whole_power(base, int(exponent))
    sign = _sign(base)
    if sign == 0:
        if _sign(exponent) < 0:
            raise NoRealValue
        return Fraction(0) if _sign(exponent) else Fraction(1)
    if sign < 0:
        if isinstance(exponent, Fraction) or _holds_no_whole(exponent):
            raise NoRealValue
        raise Unclear
    return _kept(_IV.exp(_kept(_interval(exponent) * _IV.log(_interval(base)))))


def _holds_no_whole(value: Any) -> bool:
    low, high = ends(value)
    return bool(_MP.floor(high) < _MP.ceil(low))


def _whole_power(base: Enclosed, exponent: int) -> Enclosed:
    if exponent == 0:
        return Fraction(1)
    if exponent < 0:
        return _inverse(_whole_power(base, -exponent))
    if isinstance(base, Fraction) and bits(base) * exponent <= MAX_BITS:
        return base**exponent
    if exponent > 10**6:
        raise Unclear
    return _kept(_interval(base) ** exponent)


def _outward(low: Any, high: Any) -> Any:
    """The interval a little wider than these ends, which mpmath gives to the last digits."""
    slack = _MP.mpf(10) ** (3 - DIGITS)
    return _IV.mpf([low - abs(low) * slack, high + abs(high) * slack])


def _rising(function: Callable[[Any], Any]) -> Callable[[Enclosed], Enclosed]:
    def run(value: Enclosed) -> Enclosed:
        low, high = ends(value)
        return _outward(function(low), function(high))

    return run


def _within_one(function: Callable[[Enclosed], Enclosed]) -> Callable[[Enclosed], Enclosed]:
    """For asin and acos, which have values from -1 to 1."""

    def run(value: Enclosed) -> Enclosed:
        low, high = ends(value)
        if high < -1 or low > 1:
            raise NoRealValue
        if not isinstance(value, Fraction) and (low < -1 or high > 1):
            raise Unclear
        if isinstance(value, Fraction) and abs(value) > 1:
            raise NoRealValue
        return function(value)

    return run


def _logarithm(value: Enclosed, base: Enclosed | None = None) -> Enclosed:
    if _sign(value) <= 0:
        raise NoRealValue
    result = Fraction(0) if value == 1 else _IV.log(_interval(value))
    if base is None:
        return result
    return _both(result, _inverse(_logarithm(base)), lambda one, two: one * two)


def _root(value: Enclosed) -> Enclosed:
    sign = _sign(value)
    if sign < 0:
        raise NoRealValue
    if isinstance(value, Fraction):
        above, below = math.isqrt(value.numerator), math.isqrt(value.denominator)
        if above * above == value.numerator and below * below == value.denominator:
            return Fraction(above, below)
    return _IV.sqrt(_interval(value))


def _cube_root(value: Enclosed) -> Enclosed:
    sign = _sign(value)
    if sign == 0:
        return Fraction(0)
    size = _interval(value) if sign > 0 else -_interval(value)
    return sign * _IV.exp(_IV.log(size) / 3)


def _size(value: Enclosed) -> Enclosed:
    return abs(value)


def _tangent(value: Enclosed) -> Enclosed:
    cosine = _IV.cos(_interval(value))
    return _IV.sin(_interval(value)) * _inverse(cosine)


def _hyperbolic_cosine(value: Enclosed) -> Enclosed:
    grown = _IV.exp(_interval(value))
    return (grown + 1 / grown) / 2


def _inverse_error(value: Enclosed) -> Enclosed:
    low, high = ends(value)
    if high <= -1 or low >= 1:
        raise NoRealValue
    if low <= -1 or high >= 1:
        raise Unclear
    return _outward(_MP.erfinv(low), _MP.erfinv(high))


def _arc_cosine(value: Enclosed) -> Enclosed:
    low, high = ends(value)
    return _outward(_MP.acos(high), _MP.acos(low))


def _rounded(round_: Callable[[Any], int], value: Enclosed) -> Enclosed:
    if isinstance(value, Fraction):
        return Fraction(round_(value))
    low, high = ends(value)
    if max(abs(low), abs(high)) > MAX_WHOLE:
        raise Unclear
    first, last = (round_(Fraction(*_ratio(end))) for end in (low, high))
    if first != last:
        raise Unclear
    return Fraction(first)


def _ratio(value: Any) -> tuple[int, int]:
    sign, mantissa, exponent, _ = value._mpf_
    mantissa = -int(mantissa) if sign else int(mantissa)
    return (mantissa << exponent, 1) if exponent >= 0 else (mantissa, 1 << -exponent)


def _extreme(choose: Callable[..., Any]) -> Callable[..., Enclosed]:
    def run(*values: Enclosed) -> Enclosed:
        if all(isinstance(value, Fraction) for value in values):
            return choose(values)
        pairs = [ends(value) for value in values]
        return _IV.mpf([choose(low for low, _ in pairs), choose(high for _, high in pairs)])

    return run


def _exponential(value: Enclosed) -> Enclosed:
    return Fraction(1) if value == 0 else _IV.exp(_interval(value))


_FUNCTIONS: Final[Mapping[str, Callable[..., Enclosed]]] = MappingProxyType(
    {
        "abs": _size,
        "acos": _within_one(_arc_cosine),
        "asin": _within_one(_rising(lambda x: _MP.asin(min(max(x, _MP.mpf(-1)), _MP.mpf(1))))),
        "atan": _rising(_MP.atan),
        "cbrt": _cube_root,
        "ceil": lambda value: _rounded(math.ceil, value),
        "cos": lambda value: Fraction(1) if value == 0 else _IV.cos(_interval(value)),
        "cosh": _hyperbolic_cosine,
        "erf": _rising(_MP.erf),
        "erfinv": _inverse_error,
        "exp": _exponential,
        "floor": lambda value: _rounded(math.floor, value),
        "ln": _logarithm,
        "log": _logarithm,
        "log10": lambda value: _logarithm(value, Fraction(10)),
        "log2": lambda value: _logarithm(value, Fraction(2)),
        "max": _extreme(max),
        "min": _extreme(min),
        "sign": lambda value: Fraction(_sign(value)),
        "sin": lambda value: Fraction(0) if value == 0 else _IV.sin(_interval(value)),
        "sinh": _rising(_MP.sinh),
        "sqrt": _root,
        "tan": _tangent,
        "tanh": _rising(_MP.tanh),
    }
)
