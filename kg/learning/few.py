"""The best selections where there are few: all of them are looked at, and no solver is loaded."""

from itertools import product
from math import prod
from typing import Final

from kg.learning.selection import OPTIMAL, Problem, Selection, closed_over, learning_order, with_picks

MOST_SETS: Final = 4_096
"""Selections that are looked at within a budget, at most: some 0.01 s."""
MOST_PICKS: Final = 256
"""Ways to pick an option of each choice that are tried."""


def cheapest_of_few(problem: Problem, goals: frozenset[int]) -> Selection | None:
    """The closed selection that holds the goals in the fewest hours, and then in the fewest topics.

    Whatever is best, some option of each of its choices is in it: so it is what the goals require by one way to
    pick options. None where there are too many ways, or a choice has no option.
    """
    if not 0 < prod(len(options) for _, options in problem.choices) <= MOST_PICKS:
        return None
    best: tuple[int, int, tuple[int, ...]] | None = None
    for options in product(*(options for _, options in problem.choices)):
        picks: dict[int, tuple[int, ...]] = {}
        for (topic, _), option in zip(problem.choices, options, strict=True):
            picks[topic] = (*picks.get(topic, ()), option)
        found = closed_over(with_picks(problem, picks).requires, goals)
        offer = (problem.hours_of(found), len(found), tuple(sorted(found)))
        best = min(best, offer) if best else offer
    return Selection(best[2], OPTIMAL, best[0], best[0]) if best else None


def most_valuable_of_few(problem: Problem, budget: int | None) -> Selection | None:
    """The closed selection of the most value within the budget, and then of the fewest hours; None of too many."""
    choices: dict[int, list[int]] = {}
    for topic, options in problem.choices:
        choices.setdefault(topic, []).append(_bits(options))
    sets = [(0, 0, 0)]
    for topic in learning_order(problem):
        needed, groups = _bits(problem.requires[topic]), choices.get(topic, ())
        own, hours, value = 1 << topic, problem.hours[topic], problem.values[topic]
        room = None if budget is None else budget - hours
        sets += [
            (chosen | own, spent + hours, worth + value)
            for chosen, spent, worth in sets
            if chosen & needed == needed
            and (room is None or spent <= room)
            and all(chosen & group for group in groups)
        ]
        if len(sets) > MOST_SETS:
            return None
    chosen, _, worth = max(sets, key=lambda each: (each[2], -each[1]))
    topics = tuple(topic for topic in range(len(problem)) if chosen >> topic & 1)
    return Selection(topics, OPTIMAL, worth, worth)


def _bits(topics: tuple[int, ...]) -> int:
    return sum(1 << topic for topic in topics)
