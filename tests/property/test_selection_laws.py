"""Selections of topics, held against all closed sets of them: fewest hours, most value, bounds, exact orders."""

from collections.abc import Iterator
from contextlib import contextmanager
from graphlib import TopologicalSorter
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.learning import few, optimize
from kg.learning.exact import best_order
from kg.learning.graph import PrerequisiteGraph
from kg.learning.optimize import cheapest, most_valuable
from kg.learning.order import MEASURES
from kg.learning.relax import bounded
from kg.learning.selection import FEASIBLE, OPTIMAL, Problem, Selection, without_idle
from kg.learning.syllabus import Syllabus
from kg.learning.way import way_to
from kg.model.learning import Curriculum
from tests.strategies import MAX_TOPICS, curricula_with_goals


@contextmanager
def limited(**limits: int) -> Iterator[None]:
    """Other limits of the engine: 0 of few sets leaves them to the solver, 0 to prove leaves them without."""
    places = {"few": (few, "MOST_SETS", "MOST_PICKS"), "proven": (optimize, "PROVEN", "PROVEN_HOURS")}
    with pytest.MonkeyPatch.context() as patch:
        for name, limit in limits.items():
            module, *names = places[name]
            for each in names:
                patch.setattr(module, each, limit)
        yield


HOURS = st.sampled_from([0, 250_000, 500_000, 1_000_000, 3_000_000])
VALUES = st.sampled_from([0, 1_000_000, 2_000_000, 5_000_000])
COSTS = st.sampled_from([0, 0, 2_500_000])


@st.composite
def problems(draw: st.DrawFn, *, below_zero: bool = False) -> Problem:
    """Up to twelve topics, numbered in an order that has nothing to do with what requires what."""
    count = draw(st.integers(1, MAX_TOPICS))
    order = draw(st.permutations(range(count)))
    requires: list[tuple[int, ...]] = [()] * count
    choices: list[tuple[int, tuple[int, ...]]] = []
    for place, topic in enumerate(order):
        if place:
            earlier = st.sampled_from(order[:place])
            requires[topic] = tuple(sorted(draw(st.sets(earlier, max_size=2))))
            if place > 1:
                groups = draw(st.lists(st.sets(earlier, min_size=2, max_size=3), max_size=2))
                choices += [(topic, tuple(sorted(group))) for group in groups]
    numbers = st.lists(HOURS, min_size=count, max_size=count)
    worth = st.lists(VALUES, min_size=count, max_size=count)
    paid = draw(st.lists(COSTS, min_size=count, max_size=count)) if below_zero else [0] * count
    values = tuple(value - cost for value, cost in zip(draw(worth), paid, strict=True))
    return Problem(tuple(draw(numbers)), values, tuple(requires), tuple(sorted(choices)))


def closed_sets(problem: Problem) -> list[int]:
    """All of them, as bits: topic by topic, each added to every set that holds what it requires."""
    before = [set(needed) for needed in problem.requires]
    for topic, options in problem.choices:
        before[topic].update(options)
    sets = [0]
    for topic in TopologicalSorter(dict(enumerate(before))).static_order():
        needed = sum(1 << each for each in problem.requires[topic])
        groups = [sum(1 << each for each in options) for own, options in problem.choices if own == topic]
        sets += [
            chosen | 1 << topic
            for chosen in sets
            if chosen & needed == needed and all(chosen & group for group in groups)
        ]
    return sets


def sums(numbers: tuple[int, ...], sets: list[int]) -> list[int]:
    return [sum(number for bit, number in enumerate(numbers) if chosen >> bit & 1) for chosen in sets]


def assert_found(problem: Problem, found: Selection, budget: int | None) -> None:
    """It is closed and within the budget, and its figures are those of what it holds."""
    assert problem.is_closed(set(found.chosen))
    assert found.chosen == tuple(sorted(set(found.chosen)))
    assert budget is None or problem.hours_of(found.chosen) <= budget
    assert (found.reached == found.bound) if found.status == OPTIMAL else (found.status == FEASIBLE)


@settings(max_examples=500)
@given(problems(), st.data())
def test_nothing_closed_that_holds_the_goals_takes_fewer_hours(problem: Problem, data: st.DataObject) -> None:
    goals = data.draw(st.sets(st.sampled_from(range(len(problem))), min_size=1, max_size=3))
    sets = [chosen for chosen in closed_sets(problem) if all(chosen >> goal & 1 for goal in goals)]
    hours = sums(problem.hours, sets)
    with limited(few=data.draw(st.sampled_from([0, few.MOST_PICKS]))):
        found = cheapest(problem, goals)
    assert_found(problem, found, None)
    expected = min(zip(hours, map(int.bit_count, sets), strict=True))
    assert (found.reached, len(found.chosen), found.status) == (*expected, OPTIMAL)
    assert goals <= set(found.chosen)
    for topic in set(found.chosen) - goals:
        assert not problem.is_closed(set(found.chosen) - {topic})


@settings(max_examples=500)
@given(problems(below_zero=True), st.data())
def test_nothing_closed_within_the_hours_is_worth_more(problem: Problem, data: st.DataObject) -> None:
    budget = data.draw(st.none() | st.integers(0, sum(problem.hours)) | st.just(sum(problem.hours)))
    sets = closed_sets(problem)
    offers = [
        (value, -hours)
        for value, hours in zip(sums(problem.values, sets), sums(problem.hours, sets), strict=True)
        if budget is None or hours <= budget
    ]
    with limited(few=data.draw(st.sampled_from([0, few.MOST_SETS]))):
        found = most_valuable(problem, budget)
    assert_found(problem, found, budget)
    assert (found.reached, -problem.hours_of(found.chosen), found.status) == (*max(offers), OPTIMAL)
    unproven = bounded(problem, budget)
    assert_found(problem, unproven, budget)
    assert unproven.reached <= found.reached <= unproven.bound


@given(problems(), st.data())
def test_without_a_proof_the_answer_can_be_done_and_its_bound_holds(
    problem: Problem, data: st.DataObject
) -> None:
    goals = data.draw(st.sets(st.sampled_from(range(len(problem))), min_size=1, max_size=3))
    budget = data.draw(st.integers(0, sum(problem.hours)))
    least, most = cheapest(problem, goals), most_valuable(problem, budget)
    with limited(few=0, proven=0):
        hours = cheapest(problem, goals, proven=0)
        value = most_valuable(problem, budget)
    assert_found(problem, hours, None)
    assert goals <= set(hours.chosen)
    assert hours.bound <= least.reached <= hours.reached
    assert_found(problem, value, budget)
    assert value.reached <= most.reached <= value.bound


@given(problems(), st.data())
def test_of_what_is_idle_nothing_is_left_and_nothing_needed_is_lost(
    problem: Problem, data: st.DataObject
) -> None:
    chosen = data.draw(st.sampled_from([one for one in closed_sets(problem) if one] or [0]))
    topics = {topic for topic in range(len(problem)) if chosen >> topic & 1}
    goals = data.draw(st.sets(st.sampled_from(sorted(topics)), min_size=1)) if topics else set()
    left = without_idle(problem, topics, goals)
    assert goals <= left <= topics
    assert problem.is_closed(left)
    assert not any(problem.is_closed(left - {topic}) for topic in left - goals)


Case = tuple[Curriculum, frozenset[str], frozenset[str]]


@settings(max_examples=200)
@given(curricula_with_goals(), st.sampled_from(sorted(MEASURES)))
def test_no_order_measures_better_than_the_exact_one(case: Case, order: str) -> None:
    curriculum, goals, know = case
    graph = PrerequisiteGraph.build(curriculum)
    known = way_to(graph, map(graph.find, know), frozenset()).topics
    whole = Syllabus.of(graph, way_to(graph, map(graph.find, goals), known))
    first = frozenset(whole.order()[:5])
    syllabus = whole.part(graph, way_to(graph, map(graph.find, goals), known), first)
    orders = [
        each
        for each in permutations(range(len(first)))
        if all(each.index(needed) < each.index(t) for t in each for needed in syllabus.requires[t])
    ]
    measure = MEASURES[order].of
    least = min(measure(syllabus, each) for each in orders)
    found = best_order(syllabus, order)
    assert found in orders
    assert measure(syllabus, found) == least
    if order != "focus":
        # Of a peak the rest of the order may be anything below it; the exact one keeps that small as well.
        assert found == next(each for each in orders if measure(syllabus, each) == least)
