"""Powers with one exponent over blocks, by a table: for processors on which NumPy's own are one at a time.

For ``x = c*(1 + r)``, where c is x with nine bits of its mantissa, ``x**y = c**y * (1 + r)**y``: the first factor comes
from a table, the second is a polynomial of fourth degree, since ``0 <= r < 2**-9``. Tang, *Table-driven
implementation of the logarithm function in IEEE floating-point arithmetic*, ACM TOMS 16 (1990),
https://doi.org/10.1145/98267.98294, divides the range likewise.
"""

import math
from functools import cache, lru_cache
from typing import Final

import numpy as np
from numpy.polynomial import Chebyshev, Polynomial
from numpy.typing import NDArray

BITS: Final = 9
"""Bits of the mantissa that choose c."""

DEGREE: Final = 4
KEPT_EXPONENTS: Final = 256
"""Exponents whose polynomial is kept: making one takes a millisecond."""

MAX_LOG: Final = 64.0
"""Greatest ``|y*ln x|`` of a power that is written as ``exp(y*log(x))``: beyond, its error would show."""

LEAST, MOST = -1.0, 2.0
"""Exponents for which the polynomial is off by less than 1e-16."""

BINADES: Final = 64
"""Binades of a table, at most: more would leave the cache."""

# NumPy takes an array without dimensions in half the time that it takes a number of Python.
_SHIFT: Final = np.array(52 - BITS, np.int64)
_KEPT: Final = np.array(-(1 << (52 - BITS)), np.int64)
_BIAS: Final = 1023
_REACH: Final = 2.0**-BITS
_BYTES: Final = 8 * 2**BITS
"""Bytes of one binade."""

Array = NDArray[np.float64]


def scaled_power(base: Array, exponent: float, factor: float, out: Array) -> Array:
    """``factor*base**exponent`` for a positive base; in a long run a :class:`PowerTable` takes its place."""
    np.exp(np.multiply(np.log(base, out=out), exponent, out=out), out=out)
    return out if factor == 1.0 else np.multiply(out, factor, out=out)


@cache
def tables_pay() -> bool:
    """True where NumPy has no vector code for powers of doubles on this processor."""
    found = np.lib.introspect.opt_func_info(func_name="^power$", signature="float64")
    return all(kind["current"].startswith("baseline") for kind in found.get("power", {}).values())


class Scratch:
    """Registers that all tables of a run share, and how many bytes these may still take."""

    def __init__(self, size: int, memory: int) -> None:
        self.place = np.empty(size, np.int64)
        self.rest = np.empty(size)
        self.memory = memory - 16 * size


class PowerTable:
    """The scaled power for one exponent and factor: by table where that fits, else by logarithm."""

    def __init__(self, exponent: float, factor: float, scratch: Scratch) -> None:
        self.exponent = exponent
        self.factor = factor
        self.scratch = scratch
        self.first, self.binades = 0, 0
        self.powers: Array = np.empty(0)
        self.offset = np.array(0, np.int64)
        """Place of the first entry of the table, were it to begin with the least double."""
        self.coefficients = _polynomial(exponent) if LEAST <= exponent <= MOST else ()

    def run(self, base: Array, low: float, high: float, out: Array) -> None:
        """Computes ``factor*base**exponent``; ``low`` and ``high`` are positive and bound the base.

        The result may take the place of the base.
        """
        if not self.coefficients or not self._covers(low, high):
            scaled_power(base, self.exponent, self.factor, out)
            return
        place, rest = self.scratch.place[: len(base)], self.scratch.rest[: len(base)]
        bits = base.view(np.int64)
        np.bitwise_and(bits, _KEPT, rest.view(np.int64))
        np.right_shift(bits, _SHIFT, place)
        np.subtract(place, self.offset, place)
        np.subtract(base, rest, out)
        np.divide(out, rest, rest)
        last, *others, constant = self.coefficients
        np.multiply(rest, last, out)
        for coefficient in others:
            np.add(out, coefficient, out)
            np.multiply(out, rest, out)
        np.add(out, constant, out)
        self.powers.take(place, out=rest, mode="clip")
        np.multiply(out, rest, out)

    def _covers(self, low: float, high: float) -> bool:
        """True where the table reaches from low to high; it grows by whole binades."""
        first, last = math.frexp(low)[1] - 1, math.frexp(high)[1] - 1
        if self.binades:
            first, last = min(first, self.first), max(last, self.first + self.binades - 1)
        count = last - first + 1
        if self.binades == count:
            return True
        more = (count - self.binades) * _BYTES
        if count > BINADES or first <= -_BIAS or more > self.scratch.memory:
            return False
        self.scratch.memory -= more
        self.first, self.binades = first, count
        self.offset = np.array((first + _BIAS) << BITS, np.int64)
        # A product of two powers: to compute each of them would take as long as some blocks.
        within = np.power(1 + np.arange(2**BITS) / 2**BITS, self.exponent) * self.factor
        ends = np.power(np.ldexp(1.0, np.arange(first, last + 1)), self.exponent)
        self.powers = np.multiply.outer(ends, within).ravel()
        return True


@lru_cache(maxsize=KEPT_EXPONENTS)
def _polynomial(exponent: float) -> tuple[Array, ...]:
    """``(1 + r)**exponent`` for r from 0 to 2**-9: the binomial series cut off where Chebyshev's is; highest first."""
    series = [1.0]
    for degree in range(1, DEGREE + 3):
        series.append(series[-1] * (exponent - degree + 1) / degree)
    span = [0.0, _REACH]
    found = Polynomial(series, domain=span, window=span).convert(kind=Chebyshev, domain=span)
    cut = found.truncate(DEGREE + 1).convert(kind=Polynomial, domain=span, window=span)
    return tuple(np.array(one) for one in cut.coef[::-1])
