"""The grammar's functions over real doubles: each gives a float or raises, none gives a complex number."""

import math
from collections.abc import Callable, Iterator, Sequence
from types import MappingProxyType
from typing import Final

from kg.errors import TooLarge
from kg.formula.names import FUNCTIONS

MAX_TERMS: Final = 1_000_000
"""Greatest number of terms of one sum."""

MAX_TERMS_IN_ALL: Final = 4_000_000
"""Greatest number of terms of all sums of one evaluation, inner ones counted each time."""


_WINITZKI: Final = 0.147


class BadBounds(ValueError):
    """A sum whose bounds are no whole numbers, or run out of a series."""


def _sign(value: float) -> float:
    return float((value > 0) - (value < 0))


def _floor(value: float) -> float:
    return float(math.floor(value))


def _ceil(value: float) -> float:
    return float(math.ceil(value))


def inverse_error(value: float) -> float:
    """The number whose error function is the value (https://dlmf.nist.gov/7.17).

    >>> inverse_error(0.5)
    0.4769362762044699

    Raises:
        ValueError: the value is not between -1 and 1.
    """
    tail = 1 - abs(value)
    # Winitzki's approximation, to two parts in a thousand (2008); Newton steps give the other digits.
    log = math.log(tail * (2 - tail)) / 2
    part = 2 / (math.pi * _WINITZKI) + log
    found = math.sqrt(max(0.0, math.sqrt(part * part - 2 * log / _WINITZKI) - part))
    for _ in range(4):
        # In the tail erf is 1 in all its digits; its complement is not.
        missed = math.erf(found) - abs(value) if tail > 0.5 else tail - math.erfc(found)
        found -= missed * math.sqrt(math.pi) / 2 * math.exp(found * found)
    return math.copysign(found, value)


_REAL: Final = MappingProxyType[str, Callable[..., float]](
    {
        "abs": math.fabs,
        "acos": math.acos,
        "asin": math.asin,
        "atan": math.atan,
        "cbrt": math.cbrt,
        "ceil": _ceil,
        "cos": math.cos,
        "cosh": math.cosh,
        "erf": math.erf,
        "erfinv": inverse_error,
        "exp": math.exp,
        "floor": _floor,
        "ln": math.log,
        "log": math.log,
        "log10": math.log10,
        "log2": math.log2,
        "max": max,
        "min": min,
        "sign": _sign,
        "sin": math.sin,
        "sinh": math.sinh,
        "sqrt": math.sqrt,
        "tan": math.tan,
        "tanh": math.tanh,
    }
)
assert _REAL.keys() == FUNCTIONS.keys()  # noqa: S101


def real_function(name: str) -> Callable[..., float]:
    """The function of that name over floats.

    It raises ValueError or TypeError where it has no real value, OverflowError where that is no double.
    """
    return _REAL[name]


def span(left: list[int], low: float, high: float, series: Sequence[Sequence[float]]) -> Iterator[int]:
    """The whole numbers from low to high, where each series has a value; takes their count from ``left[0]``.

    ``left[1]`` is how much there was at the start.

    Raises:
        BadBounds: a bound is no whole number, or outside a series.
        TooLarge: more terms than one sum, or all sums together, may have.
    """
    if low != math.floor(low) or high != math.floor(high):
        raise BadBounds(f"the bounds of a sum must be whole numbers, not {low:g} and {high:g}")
    count = max(0, int(high) - int(low) + 1)
    left[0] -= count
    if count > MAX_TERMS:
        raise TooLarge("sum, in terms,", count, MAX_TERMS)
    if left[0] < 0:
        raise TooLarge("sums together, in terms,", left[1] - left[0], left[1])
    for values in series:
        if count and (low < 1 or high > len(values)):
            raise BadBounds(f"the sum runs from {low:g} to {high:g}, but the series has {len(values)} values")
    return iter(range(int(low), int(high) + 1))
