"""What a search for roots looks at: a function with its bounds, and what was seen of it."""

import math
from dataclasses import dataclass, field
from typing import Final

from kg.formula import spans
from kg.formula.bracket import Function
from kg.formula.intervals import Bounded
from kg.formula.spans import Nowhere, Span

SCANNED: Final = 512
"""Points on each stretch that interval bounds leave open, at most."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Where the function changes its sign, or touches zero."""

    value: float
    low: float
    high: float
    touches: bool = False


@dataclass(slots=True)
class Found:
    """What a search saw. ``open`` are the stretches that no bound decides; none means that all is proved."""

    candidates: list[Candidate] = field(default_factory=list)
    open: list[Span] = field(default_factory=list)
    scanned: int = 0
    single: str = ""
    """``rises`` or ``falls`` where it does so throughout."""
    jumps: list[float] = field(default_factory=list)
    flat: bool = False
    """True where it is zero on a whole stretch, of which only the first point is given."""
    undefined: bool = False
    """True where it has no value on the whole window."""
    least: float = math.inf
    greatest: float = -math.inf


@dataclass(frozen=True, slots=True)
class Target:
    """The function, its bounds where there are any, and what it may cost."""

    function: Function
    bounded: Bounded | None
    low: float
    high: float
    budget: int
    scan: int = SCANNED
    signs: dict[float, int] = field(default_factory=dict, repr=False)
    """Signs that were asked for: those at the ends of a stretch are needed more than once."""

    def value(self, x: float) -> float | None:
        """The function; infinite where it overflows and its bounds know which way."""
        found = self.function(x)
        if found is not None or self.bounded is None:
            return found
        sign = self.sign(x)
        return math.copysign(math.inf, sign) if sign else None

    def sign(self, x: float) -> int:
        """1 or -1 where the bounds at x prove it, else 0."""
        known = self.signs.get(x)
        if known is None:
            known = self.signs[x] = self._proved_sign(x)
        return known

    def _proved_sign(self, x: float) -> int:
        if self.bounded is None:
            return 0
        try:
            low, high = self.bounded((x, x))[0]
        except Nowhere:
            return 0
        return (low > 0) - (high < 0)

    def is_certain(self, x: float, value: float | None) -> bool:
        """True where rounding alone cannot have made the sign of the value, or its being zero."""
        if self.bounded is None or value is None:
            return True
        if value:
            return bool(self.sign(x))
        if x in (self.low, self.high):
            return True
        try:
            return self.bounded((x, x))[0] == spans.ZERO
        except Nowhere:
            return False

    def turns(self, low: float, high: float) -> bool:
        """True where the slope has opposite signs at the two points, as far as bounds can tell."""
        if self.bounded is None:
            return True
        try:
            first, last = self.bounded((low, low))[1], self.bounded((high, high))[1]
        except Nowhere:
            return False
        return (first[1] < 0 < last[0]) or (last[1] < 0 < first[0])

    def slope(self, x: float) -> float | None:
        """The slope at x; by differences where there are no bounds."""
        if self.bounded is not None:
            try:
                low, high = self.bounded((x, x))[1]
            except Nowhere:
                return None
            return low / 2 + high / 2 if math.isfinite(low) and math.isfinite(high) else None
        step = 1e-6 * abs(x) or 1e-9
        before, after = self.function(x - step), self.function(x + step)
        return None if before is None or after is None else (after - before) / (2 * step)
