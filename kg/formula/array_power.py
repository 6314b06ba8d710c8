"""Powers with one exponent over blocks, by a table: for processors on which NumPy's own are one at a time.

For ``x = c*(1 + r)``, where c is the middle of one of 2048 stretches of a binade, ``x**y = c**y * (1 + r)**y``: the
first factor comes from a table, the second is a polynomial of third degree, since ``|r| <= 2**-12``. Tang, *Table-
driven implementation of the logarithm function*, ACM TOMS 16 (1990), https://doi.org/10.1145/98267.98294, divides
the range likewise.
"""

import math
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

BITS: Final = 11
"""Bits of the mantissa that choose a stretch."""

LEAST, MOST = -1.0, 2.0
"""Exponents for which the polynomial's error stays below 4.4e-16."""

BINADES: Final = 20
"""Binades of a table, at most: more would leave the cache."""

_SHIFT: Final = 52 - BITS
_BIAS: Final = 1023
_REACH: Final = 2.0 ** -(BITS + 1)
"""Greatest ``|r|``."""
_BYTES: Final = 2 * 8 * 2**BITS
"""Bytes of one binade: c**y, and 1/c."""

Array = NDArray[np.float64]


def power_by_table(base: Array, exponent: float, out: Array) -> Array:
    """The power of a positive base; a run puts a :class:`PowerTable` in its place."""
    return np.exp(np.multiply(np.log(base, out=out), exponent, out=out), out=out)


@cache
def tables_pay() -> bool:
    """True where NumPy has no vector code for powers of doubles on this processor."""
    found = np.lib.introspect.opt_func_info(func_name="^power$", signature="float64")
    current = [kind["current"] for kind in found.get("power", {}).values()]
    return all(one.startswith("baseline") for one in current)


class Scratch:
    """Registers that all tables of a run share, and how many bytes they may still take."""

    def __init__(self, size: int, memory: int) -> None:
        self.place = np.empty(size, np.int64)
        self.rest = np.empty(size)
        self.memory = memory - 16 * size


class PowerTable:
    """The power for one exponent: by table where that pays and fits, else by logarithm."""

    def __init__(self, exponent: float, scratch: Scratch) -> None:
        self.exponent = exponent
        self.scratch = scratch
        self.usable = LEAST <= exponent <= MOST
        self.first, self.binades = 0, 0
        self._lay_out_polynomial()

    def _lay_out_polynomial(self) -> None:
        """The binomial series to the fourth degree, its last term spread over those below (Chebyshev)."""
        y, terms = self.exponent, [1.0]
        for degree in range(1, 5):
            terms.append(terms[-1] * (y - degree + 1) / degree)
        one, self.c1, square, self.c3, last = terms
        self.c0, self.c2 = one - last * _REACH**4 / 8, square + last * _REACH**2

    def run(self, base: Array, low: float, high: float, out: Array) -> None:
        """Computes ``base**exponent``, base from ``low`` to ``high``, all normal positive doubles."""
        if not self.usable or not self._covers(low, high):
            power_by_table(base, self.exponent, out)
            return
        place, rest = self.scratch.place[: len(base)], self.scratch.rest[: len(base)]
        np.right_shift(base.view(np.int64), _SHIFT, out=place)
        np.subtract(place, (self.first + _BIAS) << BITS, out=place)
        self.inverses.take(place, out=rest, mode="clip")
        np.multiply(rest, base, out=rest)
        np.subtract(rest, 1.0, out=rest)
        # The base may stand where the result goes; it is not needed any more.
        np.multiply(rest, self.c3, out=out)
        np.add(out, self.c2, out=out)
        np.multiply(out, rest, out=out)
        np.add(out, self.c1, out=out)
        np.multiply(out, rest, out=out)
        self.powers.take(place, out=rest, mode="clip")
        np.multiply(out, rest, out=out)
        np.add(out, rest, out=out)

    def _covers(self, low: float, high: float) -> bool:
        """True where the table reaches from low to high; it grows by whole binades."""
        first, last = math.frexp(low)[1] - 1, math.frexp(high)[1] - 1
        if self.binades and self.first <= first and last < self.first + self.binades:
            return True
        if self.binades:
            first, last = min(first, self.first), max(last, self.first + self.binades - 1)
        count = last - first + 1
        if count > BINADES or first < 1 - _BIAS or (count - self.binades) * _BYTES > self.scratch.memory:
            return False
        self.scratch.memory -= (count - self.binades) * _BYTES
        self.first, self.binades = first, count
        self._fill()
        return True

    def _fill(self) -> None:
        middles = 1 + (np.arange(2**BITS) + 0.5) / 2**BITS
        exponents = np.arange(self.first, self.first + self.binades)
        self.inverses: Array = np.multiply.outer(np.ldexp(1.0, -exponents), 1 / middles).ravel()
        # Of the middles as their inverses have them, so that the rounding of these does no harm.
        within = np.power(1 / middles, -self.exponent) * self.c0
        self.powers: Array = np.multiply.outer(
            np.power(np.ldexp(1.0, exponents), self.exponent), within
        ).ravel()
