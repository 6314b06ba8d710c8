"""What algebra answers: an expression rewritten, a verdict on two of them, an answer judged."""

from dataclasses import dataclass
from typing import Literal

Judgement = Literal["equal", "different", "undecided"]
How = Literal["proved", "tested", "witness"]


@dataclass(frozen=True, slots=True)
class Witness:
    """A point, and what both sides are there; a side without a real value is None. All numbers as text."""

    point: tuple[tuple[str, str], ...]
    left: str | None
    right: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether two expressions are equal, and how that is known."""

    verdict: Judgement
    how: How
    reason: str
    """In words: the step of the proof, the number of points, or where they part."""
    points: int = 0
    """Points at which both sides have the same value, to thirty digits."""
    witness: Witness | None = None


@dataclass(frozen=True, slots=True)
class Rewritten:
    """An expression that stands for another; ``conditions`` are those that it no longer shows by itself."""

    expression: str
    latex: str
    mathml: str
    how: str
    """What was checked, in words."""
    points: int
    conditions: tuple[str, ...] = ()
