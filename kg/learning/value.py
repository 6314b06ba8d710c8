"""What the topics of a way are worth, for plans that cannot hold all of it."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Final

from kg.errors import BadParameter
from kg.learning.closure import closure
from kg.learning.selection import MILLIONTHS, millionths
from kg.learning.syllabus import Syllabus

RULES: Final = ("goals", "topics", "unlocks")
MOST_WORTH: Final = 1e9

Value = str | Mapping[str, float]
"""A rule, or what each goal is worth."""


@dataclass(frozen=True, slots=True)
class Valuation:
    """The value of each place of a syllabus, as whole numbers, of which ``unit`` make 1 of what is told."""

    name: str
    """What the value says."""
    values: tuple[int, ...]
    unit: int = MILLIONTHS

    @classmethod
    def of(cls, syllabus: Syllabus, goals: Sequence[int], value: Value) -> "Valuation":
        """By the rule, for the places of the goals that are still ahead.

        ``goals``: each goal reached counts 1, and all hours on the ways to them together count 1 as well, so a
        goal more is always worth more than hours. ``topics``: each topic counts 1. ``unlocks``: each topic counts
        those of the way that build on it, itself included. A mapping: what each goal is worth, by its slug.
        """
        hours = [millionths(each) for each in syllabus.hours]
        if value == "topics":
            return cls("topics learnt", (MILLIONTHS,) * len(hours))
        if value == "unlocks":
            built = tuple(MILLIONTHS * len(closure(syllabus.unlocks, [p])) for p in range(len(hours)))
            return cls("topics that build on what is learnt, summed", built)
        values = [0] * len(hours)
        for goal in goals:
            for place in closure(syllabus.requires, [goal]):
                values[place] += hours[place]
        whole = sum(values) or 1
        for goal in goals:
            values[goal] += whole
        return cls("goals reached, plus the part of all their hours that is done", tuple(values), whole)

    def told(self, value: int) -> float:
        """The value as it is told."""
        return value / self.unit

    def less(self, price: float, hours: Sequence[int]) -> "Valuation":
        """The same, less a price for each hour."""
        paid = Fraction(price) * self.unit / MILLIONTHS
        values = tuple(v - round(paid * h) for v, h in zip(self.values, hours, strict=True))
        return Valuation(f"{self.name}, less the price of the hours", values, self.unit)


def worth_of(syllabus: Syllabus, worth: Mapping[int, float]) -> Valuation:
    """What goals are worth, by their places; all else is worth nothing by itself."""
    values = [0] * len(syllabus.topics)
    for place, each in worth.items():
        values[place] = millionths(each)
    return Valuation("worth of the goals reached", tuple(values))


def check_value(value: Value, goals: AbstractSet[str], *, priced: bool) -> None:
    """Nothing, for a rule, or for what each of some goals is worth.

    Raises:
        BadParameter: no such rule, a topic that is no goal, a worth that is none, or hours have a price and
            goals have no worth to hold against it.
    """
    if isinstance(value, str):
        if value not in RULES:
            raise BadParameter(
                "value", value[:40], f"one of {', '.join(RULES)}, or what goals are worth, such as mamba:100"
            )
        if priced:
            raise BadParameter(
                "value", value, "what goals are worth, such as mamba:100, where an hour has a price"
            )
        return
    for slug, worth in value.items():
        if slug not in goals:
            raise BadParameter("value", slug[:40], f"goals of the plan: {', '.join(sorted(goals)[:10])}")
        if not isfinite(worth) or not 0 <= worth <= MOST_WORTH:
            raise BadParameter("value", f"{slug}:{worth:g}", f"a worth from 0 to {MOST_WORTH:g}")
