"""How sure a number is, and what makes it unsure."""

from dataclasses import dataclass
from enum import StrEnum


class Method(StrEnum):
    """How uncertainty is propagated."""

    LINEAR = "linear"
    INTERVAL = "interval"
    MONTE_CARLO = "monte-carlo"


class Shape(StrEnum):
    """The distribution that a spread stands for.

    A two-piece one has the value as its median and the two ends as its quantiles; the lognormal ones are those of
    variables that are above zero.
    """

    NORMAL = "normal"
    LOGNORMAL = "lognormal"
    UNIFORM = "uniform"
    TWO_PIECE_NORMAL = "two-piece normal"
    TWO_PIECE_LOGNORMAL = "two-piece lognormal"


@dataclass(frozen=True, slots=True)
class Spread:
    """How far a value may be off, in the unit of its variable.

    ``low`` and ``high`` are the ends that were stated, at ``level`` (None: that bound it); None where a standard
    deviation was. ``basis`` says in words where it comes from.
    """

    shape: Shape
    standard_deviation: float
    basis: str
    low: float | None = None
    high: float | None = None
    level: float | None = None


@dataclass(frozen=True, slots=True)
class Correlation:
    """The correlation of two constants of a fit."""

    one: str
    other: str
    coefficient: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """An input that is unsure, and what it does to the output.

    ``partial`` is the output's change per unit of the input, ``share`` the input's part in the variance (linear and
    Monte Carlo) or in the widths (interval); None where the method gives none.
    """

    symbol: str
    label: str
    value: float
    unit: str
    spread: Spread
    partial: float | None = None
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """How sure the output is, in the output's unit as it was asked for.

    ``low`` and ``high`` hold the output with probability ``level``; for an interval, whose level is None, they hold
    it for every combination of the inputs within their ends. Fields that a method does not give are None.
    """

    method: Method
    low: float
    high: float
    level: float | None
    unit: str
    standard_deviation: float | None = None
    mean: float | None = None
    median: float | None = None
    samples: int | None = None
    seed: int | None = None
    outside: int | None = None
    """Draws that had no value or left a domain; they count in no figure."""
    contributions: tuple[Contribution, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    notes: tuple[str, ...] = ()
