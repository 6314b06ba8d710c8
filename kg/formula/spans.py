"""Pairs of doubles that enclose real numbers: arithmetic and the grammar's functions, rounded outward.

Arithmetic is widened by one unit in the last place, library functions, which are not rounded correctly, by
eight. An empty result raises :class:`Nowhere`; what is undefined on a part of a span is left out of it.
"""

import math
from collections.abc import Callable
from math import nextafter
from types import MappingProxyType
from typing import Final

from kg.formula.functions import inverse_error

Span = tuple[float, float]
Rule = Callable[[Span], tuple[Span, Span, bool]]
"""Argument → value, slope, and whether the function is smooth on all of it."""

INF: Final = math.inf
REAL: Final = (-INF, INF)
ZERO: Final = (0.0, 0.0)
_ONE: Final = (1.0, 1.0)
_SLACK: Final = 8 * 2.0**-53


class Nowhere(ArithmeticError):
    """The expression has no real value on any part of the span."""


def outward(low: float, high: float) -> Span:
    """One unit in the last place further on each side; exact zeros stay."""
    # A sum of opposite infinities is no number, and says nothing.
    if low != low:
        low = -INF
    if high != high:
        high = INF
    return nextafter(low, -INF) if low else 0.0, nextafter(high, INF) if high else 0.0


def around(value: float) -> Span:
    """What a function of the C library may mean by that value."""
    return loosened(value, value)


def loosened(low: float, high: float) -> Span:
    """Widened as library functions need it."""
    if -INF < low < INF:
        low -= abs(low) * _SLACK
    if -INF < high < INF:
        high += abs(high) * _SLACK
    return outward(low, high)


def minus(a: Span) -> Span:
    """The span with its sign changed."""
    return (-a[1], -a[0])


def plus(a: Span, b: Span) -> Span:
    """The sum; zero adds nothing, and no rounding."""
    low, high = a
    if low == high == 0:
        return b
    other, most = b
    if other == most == 0:
        return a
    return outward(low + other, high + most)


def times(a: Span, b: Span) -> Span:
    """The product; zero times anything is zero."""
    low, high = a
    other, most = b
    if low > 0 and other > 0:
        if low == high == 1:
            return b
        if other == most == 1:
            return a
        return outward(low * other or 5e-324, high * most or 5e-324)
    if low == high == 0 or other == most == 0:
        return ZERO
    if low == high == 1:
        return b
    if other == most == 1:
        return a
    ends = (_times(a[0], b[0]), _times(a[0], b[1]), _times(a[1], b[0]), _times(a[1], b[1]))
    return outward(min(ends), max(ends))


def _times(x: float, y: float) -> float:
    if x == 0 or y == 0:
        return 0.0
    # A product that underflows is not zero: it keeps its sign, as the least double.
    return x * y or math.copysign(5e-324, x) * math.copysign(1.0, y)


def inverse(a: Span) -> Span:
    """One over the span; all reals where zero lies inside it.

    Raises:
        Nowhere: it is zero alone.
    """
    low, high = a
    if low > 0 or high < 0:
        return outward(_inverse(high), _inverse(low))
    if low == high == 0:
        raise Nowhere
    if low == 0:
        return (nextafter(_inverse(high), -INF), INF)
    if high == 0:
        return (-INF, nextafter(_inverse(low), INF))
    return REAL


def _inverse(x: float) -> float:
    try:
        return 1 / x or math.copysign(5e-324, x)
    except OverflowError:
        return math.copysign(INF, x)


def whole_power(a: Span, power: int) -> Span:
    """``a**power`` for a whole power above zero."""
    low, high = a
    if power % 2 or low >= 0:
        return loosened(_power(low, power), _power(high, power))
    near = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
    return loosened(_power(near, power), _power(max(abs(low), abs(high)), power))


def power(base: Span, exponent: Span) -> Span:
    """``base**exponent`` for a base that is not negative: monotone in each, so the corners bound it."""
    (x, y), (first, last) = base, exponent
    ends = [_power(x, first), _power(y, first)]
    if last != first:
        ends += (_power(x, last), _power(y, last))
    low, high = loosened(min(ends), max(ends))
    return (max(low, 0.0), high)


def _power(x: float, y: float) -> float:
    try:
        if y - y == 0:
            return x**y or (0.0 if x == 0 else 5e-324 if x > 0 else -5e-324)
    except OverflowError:
        return -INF if x < 0 and y % 2 else INF
    except ZeroDivisionError:
        return INF
    if x == 0 and y < 0:
        return INF
    return 1.0 if x == 1 else (INF if (x > 1) == (y > 0) else 0.0)


def logarithm(a: Span) -> Span:
    """The natural logarithm.

    Raises:
        Nowhere: nothing of the span is above zero.
    """
    if a[1] <= 0:
        raise Nowhere
    low = math.log(a[0]) if 0 < a[0] < INF else a[0] if a[0] > 0 else -INF
    return loosened(low, math.log(a[1]) if a[1] < INF else INF)


def _log(a: Span) -> tuple[Span, Span, bool]:
    return logarithm(a), inverse((max(a[0], 0.0), a[1])), a[0] > 0


def _exp(a: Span) -> tuple[Span, Span, bool]:
    value = loosened(_exponential(a[0]), _exponential(a[1]))
    value = (max(value[0], 0.0), value[1])
    return value, value, True


def _exponential(x: float) -> float:
    try:
        return math.exp(x) or (0.0 if x == -INF else 5e-324)
    except OverflowError:
        return INF


def _sqrt(a: Span) -> tuple[Span, Span, bool]:
    if a[1] < 0:
        raise Nowhere
    low, high = loosened(math.sqrt(max(a[0], 0.0)), math.sqrt(a[1]))
    value = (max(low, 0.0), high)
    slope = times((0.5, 0.5), inverse(value)) if value[1] else REAL
    return value, slope, a[0] > 0


def _cbrt(a: Span) -> tuple[Span, Span, bool]:
    value = loosened(math.cbrt(a[0]), math.cbrt(a[1]))
    holds_zero = a[0] <= 0 <= a[1]
    slope = REAL if holds_zero else inverse(times((3.0, 3.0), whole_power(value, 2)))
    return value, slope, not holds_zero


def _abs(a: Span) -> tuple[Span, Span, bool]:
    low, high = a
    if low >= 0:
        return a, _ONE, True
    if high <= 0:
        return minus(a), (-1.0, -1.0), True
    return (0.0, max(-low, high)), (-1.0, 1.0), True


def _stepping(function: Callable[[float], float]) -> Rule:
    def rule(a: Span) -> tuple[Span, Span, bool]:
        low, high = (function(x) if math.isfinite(x) else x for x in a)
        return (low, high), ZERO if low == high else REAL, low == high

    return rule


def _wave(shift: float) -> Callable[[Span], Span]:
    """Sine of the span moved by ``shift``: its ends, and 1 or -1 where it holds a crest or a trough."""

    def rule(a: Span) -> Span:
        low, high = a
        if not (math.isfinite(low) and math.isfinite(high)) or max(-low, high) > 1e8 or high - low > 7:
            return (-1.0, 1.0)
        ends = (math.sin(low + shift), math.sin(high + shift))
        least, most = min(ends) - 1e-7 * (abs(low) > 1e3), max(ends) + 1e-7 * (abs(high) > 1e3)
        if _holds(low + shift - math.pi / 2, high + shift - math.pi / 2):
            most = 1.0
        if _holds(low + shift + math.pi / 2, high + shift + math.pi / 2):
            least = -1.0
        return (max(-1.0, least - 1e-12), min(1.0, most + 1e-12))

    return rule


def _holds(low: float, high: float) -> bool:
    """True where a whole multiple of 2π may lie between."""
    turn, slack = 2 * math.pi, 1e-9 * max(1.0, abs(low), abs(high))
    return math.floor((high + slack) / turn) >= math.ceil((low - slack) / turn)


_sine, _cosine = _wave(0.0), _wave(math.pi / 2)


def _sin(a: Span) -> tuple[Span, Span, bool]:
    return _sine(a), _cosine(a), True


def _cos(a: Span) -> tuple[Span, Span, bool]:
    return _cosine(a), minus(_sine(a)), True


def _tan(a: Span) -> tuple[Span, Span, bool]:
    below = _cosine(a)
    if below[0] <= 1e-9 and below[1] >= -1e-9:
        return REAL, (1.0, INF), False
    over = times(_sine(a), inverse(below))
    return over, plus(_ONE, whole_power(over, 2)), True


def _arc(function: Callable[[float], float], sign: float) -> Rule:
    """``asin`` and ``acos``, defined between -1 and 1."""

    def rule(a: Span) -> tuple[Span, Span, bool]:
        low, high = max(a[0], -1.0), min(a[1], 1.0)
        if low > high:
            raise Nowhere
        value = loosened(*sorted((function(low), function(high))))
        under = _sqrt(plus(_ONE, minus(whole_power((low, high), 2))))[0]
        slope = times((sign, sign), inverse(under)) if under[1] else REAL
        return value, slope, a[0] > -1 and a[1] < 1

    return rule


def _atan(a: Span) -> tuple[Span, Span, bool]:
    slope = inverse(plus(_ONE, whole_power(a, 2)))
    return loosened(math.atan(a[0]), math.atan(a[1])), slope, True


def _hyperbolic(x: float, sign: float) -> float:
    try:
        return math.cosh(x) if sign > 0 else math.sinh(x)
    except OverflowError:
        return INF if sign > 0 or x > 0 else -INF


def _sinh(a: Span) -> tuple[Span, Span, bool]:
    value = loosened(_hyperbolic(a[0], -1), _hyperbolic(a[1], -1))
    return value, _cosh_span(a), True


def _cosh_span(a: Span) -> Span:
    near = 0.0 if a[0] <= 0 <= a[1] else min(abs(a[0]), abs(a[1]))
    low, high = loosened(_hyperbolic(near, 1), _hyperbolic(max(abs(a[0]), abs(a[1])), 1))
    return (max(low, 1.0), high)


def _cosh(a: Span) -> tuple[Span, Span, bool]:
    return _cosh_span(a), loosened(_hyperbolic(a[0], -1), _hyperbolic(a[1], -1)), True


def _tanh(a: Span) -> tuple[Span, Span, bool]:
    value = loosened(math.tanh(a[0]), math.tanh(a[1]))
    below = inverse(whole_power(_cosh_span(a), 2))
    return value, (max(below[0], 0.0), below[1]), True


def _erf(a: Span) -> tuple[Span, Span, bool]:
    bell = _exp(minus(whole_power(a, 2)))[0]
    factor = 2 / math.sqrt(math.pi)
    return loosened(math.erf(a[0]), math.erf(a[1])), times(around(factor), bell), True


def _erfinv(a: Span) -> tuple[Span, Span, bool]:
    if a[1] <= -1 or a[0] >= 1:
        raise Nowhere
    low = -INF if a[0] <= -1 else inverse_error(a[0])
    value = loosened(low, INF if a[1] >= 1 else inverse_error(a[1]))
    bell = _exp(whole_power(value, 2))[0]
    return value, times(around(math.sqrt(math.pi) / 2), bell), a[0] > -1 and a[1] < 1


def _sign_of(x: float) -> float:
    return float((x > 0) - (x < 0))


def _sign(a: Span) -> tuple[Span, Span, bool]:
    low, high = _sign_of(a[0]), _sign_of(a[1])
    return (low, high), ZERO if low == high else REAL, low == high


FUNCTIONS: Final = MappingProxyType[str, Rule](
    {
        "abs": _abs,
        "acos": _arc(math.acos, -1.0),
        "asin": _arc(math.asin, 1.0),
        "atan": _atan,
        "cbrt": _cbrt,
        "ceil": _stepping(math.ceil),
        "cos": _cos,
        "cosh": _cosh,
        "erf": _erf,
        "erfinv": _erfinv,
        "exp": _exp,
        "floor": _stepping(math.floor),
        "ln": _log,
        "log": _log,
        "sign": _sign,
        "sin": _sin,
        "sinh": _sinh,
        "sqrt": _sqrt,
        "tan": _tan,
        "tanh": _tanh,
    }
)
"""The functions of one argument, but for ``log2`` and ``log10``, which are quotients of logarithms."""
