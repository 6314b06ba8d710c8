"""Points of a domain at which two expressions are set against each other: the same ones every time.

Ends of the domains, small whole numbers, the numbers of the expressions themselves and what lies beside them,
then values of all sizes. All are exact, so that a point can be named and tried again.
"""

import random
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from typing import Final

from kg.formula.tree import Item, Name, Node, Number, Sum, names, walk
from kg.model.formula import Domain

Point = Mapping[str, Fraction | tuple[Fraction, ...]]
POINTS: Final = 96
PLAIN: Final = 16
"""Points that are made of special values alone: they come first, and are easily tried by hand."""

LENGTH: Final = 6
"""Values of a series."""

_SPECIAL: Final = tuple(map(Fraction, ("0", "1", "-1", "2", "-2", "1/2", "-1/2", "3", "10", "-10")))
_COUNTS: Final = tuple(map(Fraction, ("1", "2", "3", "4", "5", "6", "0", "-3")))
"""What bounds a sum is tried with, nine times of ten: other values seldom give it a value."""

_SEED: Final = 20_240_229


def sample_points(
    nodes: Collection[Node], domains: Mapping[str, Domain], *, count: int = POINTS
) -> Iterator[Point]:
    """Exact points inside the domains, over all names of the expressions; names without domain are real."""
    draw = random.Random(_SEED)  # noqa: S311 - the same points each time, on purpose
    symbols = sorted({name for node in nodes for name in names(node)})
    series = {part.name for node in nodes for part in walk(node) if isinstance(part, Item)}
    bounds = _bounding(nodes)
    landmarks = _landmarks(nodes)
    wells = {
        name: _Well(domains.get(name, Domain()), landmarks, draw, whole=name in bounds) for name in symbols
    }
    if not symbols:
        count = 1
    for place in range(count):
        share = 1.0 if place < PLAIN else 0.3
        yield {
            name: tuple(well.next(share) for _ in range(LENGTH)) if name in series else well.next(share)
            for name, well in wells.items()
        }


def _bounding(nodes: Collection[Node]) -> frozenset[str]:
    """Names that bound a sum: only whole numbers give it a value."""
    sums = [part for node in nodes for part in walk(node) if isinstance(part, Sum)]
    return frozenset(
        part.name
        for one in sums
        for end in (one.low, one.high)
        for part in walk(end)
        if isinstance(part, Name)
    )


def _landmarks(nodes: Collection[Node]) -> tuple[Fraction, ...]:
    """The numbers that stand in the expressions, those near them, and their negatives."""
    found = sorted({part.value for node in nodes for part in walk(node) if isinstance(part, Number)})[:12]
    beside = [value + step for value in found for step in (Fraction(0), Fraction(1, 7), Fraction(-1, 7))]
    return tuple(dict.fromkeys([*beside, *(-value for value in beside)]))


class _Well:
    """Values of one name: special ones in a mixed order first, then random ones of all sizes."""

    def __init__(
        self, domain: Domain, landmarks: tuple[Fraction, ...], draw: random.Random, *, whole: bool
    ) -> None:
        self.domain = domain
        self.draw = draw
        self.whole = domain.integer
        self.bounds = whole
        self.low = None if domain.minimum is None else Fraction(domain.minimum)
        self.high = None if domain.maximum is None else Fraction(domain.maximum)
        ends = [end for end in (self.low, self.high) if end is not None]
        wanted = _COUNTS if whole else (*ends, *_SPECIAL, *landmarks)
        self.special = list(dict.fromkeys(value for value in wanted if self.holds(value)))
        draw.shuffle(self.special)
        self.turn = draw.randrange(len(self.special)) if self.special else 0

    def holds(self, value: Fraction) -> bool:
        if self.whole and value.denominator > 1:
            return False
        inside = (self.low is None or value >= self.low) and (self.high is None or value <= self.high)
        return inside and (value not in (self.low, self.high) or float(value) in self.domain)

    def next(self, share: float) -> Fraction:
        """A special value, in turn, with that probability, else a random one."""
        if self.special and self.draw.random() < max(share, 0.9 if self.bounds else 0.0):
            self.turn += 1
            return self.special[self.turn % len(self.special)]
        for _ in range(20):
            value = self.random()
            if self.holds(value):
                return value
        return self.special[0] if self.special else self.middle()

    def random(self) -> Fraction:
        if self.low is not None and self.high is not None and (self.whole or self.draw.random() < 0.5):
            value = self.low + (self.high - self.low) * Fraction(self.draw.randrange(1, 1009), 1009)
            return Fraction(round(value)) if self.whole else value
        size = Fraction(self.draw.randrange(1, 997), 89) * Fraction(10) ** self.draw.choice(_POWERS)
        value = size if self.draw.random() < 0.5 else -size
        if self.low is not None and self.high is None:
            value = self.low + size
        elif self.high is not None and self.low is None:
            value = self.high - size
        return Fraction(round(value)) if self.whole else value

    def middle(self) -> Fraction:
        """A value inside a domain so narrow, or so far out, that no other was met."""
        if self.low is not None and self.high is not None:
            return (self.low + self.high) / 2
        if self.low is not None:
            return self.low + 1
        return self.high - 1 if self.high is not None else Fraction(1)


_POWERS: Final = (0, 0, 0, 0, -1, -1, -2, 1, 2, 4, 9, -5)
"""Powers of ten of random values; most are of moderate size, where nothing overflows."""
