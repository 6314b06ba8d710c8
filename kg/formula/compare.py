"""Two expressions set against each other at many points of their domain, with enclosures instead of floats.

A difference found here is a proof, and comes with its witness; agreement is a test, however many points it has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from mpmath import nstr

from kg.formula.enclosures import DIGITS, Enclosed, NoRealValue, Unclear, are_apart, are_close, enclose, ends
from kg.formula.render import number_text
from kg.formula.samples import Point, sample_points
from kg.formula.tree import Node, names
from kg.model.algebra import Witness
from kg.model.formula import Domain

ENOUGH: Final = 8
"""Points at which both sides have the same value before they are called equal by test."""

SHOWN_DIGITS: Final = 20


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the points showed. A gap is a point at which one side alone has a value."""

    agreed: int = 0
    """Points at which both sides have a value, the same to thirty digits."""
    undefined: int = 0
    unclear: int = 0
    witness: Witness | None = None
    """A point at which both have a value, and not the same."""
    left_alone: Witness | None = None
    right_alone: Witness | None = None

    @property
    def values_agree(self) -> bool:
        """True where both had the same value at every point at which both have one, and that is often enough."""
        return self.witness is None and self.agreed >= ENOUGH

    @property
    def gap(self) -> Witness | None:
        """A point at which one side alone has a value."""
        return self.left_alone or self.right_alone


def compare(
    left: Node, right: Node, domains: Mapping[str, Domain], *, unless_zero: Sequence[Node] = ()
) -> Comparison:
    """Both expressions at the same points, but for those where one of ``unless_zero`` is zero or has no value.

    It stops at the first difference in value.

    >>> from kg.formula.grammar import read_expression
    >>> found = compare(read_expression("sqrt(x**2)"), read_expression("x"), {})
    >>> found.witness.left != found.witness.right
    True
    """
    found = Comparison()
    for point in sample_points((left, right), domains):
        if any(_value(node, point) in (0, NoRealValue, Unclear) for node in unless_zero):
            continue
        found = _seen(found, point, _value(left, point), _value(right, point))
        if found.witness is not None:
            break
    if not names(left) and not names(right) and found.agreed:
        found = replace(found, agreed=ENOUGH)
    return found


def _value(node: Node, point: Point) -> Enclosed | type[ArithmeticError]:
    try:
        return enclose(node, point)
    except (NoRealValue, Unclear) as error:
        return type(error)


def _seen(found: Comparison, point: Point, one: Enclosed, two: Enclosed) -> Comparison:
    if Unclear in (one, two):
        return replace(found, unclear=found.unclear + 1)
    if one is NoRealValue and two is NoRealValue:
        return replace(found, undefined=found.undefined + 1)
    if one is NoRealValue:
        return replace(found, right_alone=found.right_alone or _witness(point, one, two))
    if two is NoRealValue:
        return replace(found, left_alone=found.left_alone or _witness(point, one, two))
    if are_apart(one, two):
        return replace(found, witness=_witness(point, one, two))
    if are_close(one, two):
        return replace(found, agreed=found.agreed + 1)
    return replace(found, unclear=found.unclear + 1)


def _witness(point: Point, one: Enclosed, two: Enclosed) -> Witness:
    shown = {
        name: f"[{', '.join(map(number_text, value))}]" if isinstance(value, tuple) else number_text(value)
        for name, value in point.items()
    }
    texts = [(_shown(one, digits), _shown(two, digits)) for digits in (SHOWN_DIGITS, DIGITS)]
    left, right = next((pair for pair in texts if pair[0] != pair[1]), texts[-1])
    return Witness(tuple(sorted(shown.items())), left, right)


def _shown(value: Enclosed, digits: int) -> str | None:
    if value is NoRealValue:
        return None
    if isinstance(value, Fraction) and len(text := number_text(value)) <= digits:
        return text
    low, high = ends(value)
    return str(nstr((low + high) / 2, digits))
