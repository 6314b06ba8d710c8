"""A sign change between two doubles → the root there, to the last digit that the function's rounding allows.

Chandrupatla's method (*Advances in Engineering Software* 28 (1997) 145–149): inverse quadratic steps where
they are safe, halving else. scipy's ``brentq`` does the same; importing it takes longer than all else here.
"""

import math
import struct
from collections.abc import Callable
from typing import Final

Function = Callable[[float], float | None]
"""The value, infinite where it overflows; None where there is none."""

WIDE: Final = 4.0
"""Ends whose quotient is greater are halved by exponent, not by value."""

VAST: Final = 1e8
"""Greater ends, and those below its inverse, are brought nearer to one faster: few roots are so far out."""

TINY: Final = 1e-100
_STEPS: Final = 300


def middle(low: float, high: float) -> float:
    """A point between: zero where the signs differ, half-way in exponents where the ends are far apart.

    >>> middle(-2.0, 5.0), middle(1.0, 3.0), 1e3 < middle(1.0, 1e7) < 1e4
    (0.0, 2.0, True)
    >>> middle(0.0, 1e100), 1e20 < middle(1e6, 1e100) < 1e30
    (1.0, True)
    """
    if low < 0 < high:
        return 0.0
    if high <= 0:
        return -middle(-high, -low) if low < 0 else 0.0
    if low and high / low <= WIDE:
        return low + (high - low) / 2
    if low < 1 < high and high > VAST * low:
        return 1.0
    if high > VAST:
        return _towards_one(low, high)
    if 1 / VAST < high <= 1 and low < 1 / VAST:
        return 1 / _towards_one(1 / high, 1 / max(low, TINY))
    return _double((_bits(low) + _bits(high)) // 2)


def _towards_one(low: float, high: float) -> float:
    """Between numbers from one up that are far apart: the logarithms' geometric mean."""
    return math.exp(math.sqrt(math.log(max(low, math.e)) * math.log(high)))


def points(low: float, high: float, count: int) -> tuple[float, ...]:
    """Ascending points from low to high: even in value, and even in exponents where the ends are far apart."""
    found = {low, high}
    width = high / 2 - low / 2
    found.update(low + 2 * (width * (at / count)) for at in range(1, count))
    for sign in (1.0, -1.0):
        first, last = (max(low, 0.0), high) if sign > 0 else (max(-high, 0.0), -low)
        if last > 0 and (first == 0 or last / first > WIDE):
            start, end = _bits(first), _bits(last)
            found.update(sign * _double(start + (end - start) * at // count) for at in range(1, count))
    return tuple(sorted(point for point in found if low <= point <= high))


def _bits(value: float) -> int:
    bits: int = struct.unpack("<q", struct.pack("<d", value + 0.0))[0]
    return bits


def _double(bits: int) -> float:
    value: float = struct.unpack("<d", struct.pack("<q", bits))[0]
    return value


def root_between(function: Function, low: float, high: float) -> tuple[float, float, float] | None:
    """The root and the last bracket around it; None where the signs agree, or a value on the way is missing."""
    first, last = function(low), function(high)
    if first is None or last is None:
        return None
    if first == 0 or last == 0:
        at = low if first == 0 else high
        return at, at, at
    if (first < 0) == (last < 0):
        return None
    while (low < 0 < high) or (low and high and max(low / high, high / low) > WIDE) or not low or not high:
        if max(abs(low), abs(high)) < TINY:
            break
        point = middle(low, high)
        value = function(point)
        if value is None:
            return None
        if value == 0:
            return point, point, point
        if (value < 0) == (first < 0):
            low, first = point, value
        else:
            high, last = point, value
    return _narrowed(function, (low, first), (high, last))


def _narrowed(
    function: Function, start: tuple[float, float], end: tuple[float, float]
) -> tuple[float, float, float] | None:
    (x1, f1), (x2, f2) = start, end
    t = 0.5
    for _ in range(_STEPS):
        x = x1 + t * (x2 - x1)
        f = function(x)
        if f is None:
            return None
        if (f < 0) == (f1 < 0):
            x3, f3 = x1, f1
        else:
            x3, f3, x2, f2 = x2, f2, x1, f1
        x1, f1 = x, f
        best = x2 if abs(f2) < abs(f1) else x1
        if f == 0 or x1 == x2 or math.nextafter(x1, x2) == x2:
            break
        # A step of less than a double leads back to where it began, and then only halving comes nearer.
        least = min(0.5, (2.0**-52 * abs(best) + 5e-324) / abs(x2 - x1))
        t = min(1 - least, max(least, _next_step((x1, f1), (x2, f2), (x3, f3))))
    best = x1 if f1 == 0 else best
    return best, min(x1, x2), max(x1, x2)


def _next_step(one: tuple[float, float], two: tuple[float, float], three: tuple[float, float]) -> float:
    """Which part of the way from the first point to the second to go: inverse quadratic, or half."""
    (x1, f1), (x2, f2), (x3, f3) = one, two, three
    if not (math.isfinite(f1) and math.isfinite(f2) and math.isfinite(f3)) or f3 in (f1, f2):
        return 0.5
    xi, phi = (x1 - x2) / (x3 - x2), (f1 - f2) / (f3 - f2)
    if not (phi * phi < xi and (1 - phi) ** 2 < 1 - xi):
        return 0.5
    step = f1 / (f2 - f1) * (f3 / (f2 - f3)) + (x3 - x1) / (x2 - x1) * (f1 / (f3 - f1)) * (f2 / (f3 - f2))
    return step if math.isfinite(step) else 0.5
