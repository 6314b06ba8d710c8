"""CPU of choosing what to learn: within a budget of hours, and where one of several topics is enough.

Beside it stands the same question as one types it for HiGHS: a variable for each topic, a row for each prerequisite,
for each choice and for the hours. Of 10,000 topics it answers nothing in time, so a single minimum cut stands there.
"""

from collections.abc import Callable, Iterator
from functools import partial
from random import Random

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from benchmarks.measure import Row, interleave
from benchmarks.planning import PAGE_STEPS, cpu_us
from kg.learning.graph import PrerequisiteGraph
from kg.learning.optimize import cheapest, most_valuable
from kg.learning.relax import Cut, bounded
from kg.learning.selection import MILLIONTHS, OPTIMAL, Problem, Selection
from kg.learning.syllabus import Syllabus
from kg.learning.value import Valuation
from kg.learning.way import way_to
from kg.services.knowledge import open_knowledge

BY_HAND, ONE_CUT = "milp by hand", "one cut"
FIELDS, GOALS = 5, 8
"""Parts of a synthetic curriculum that rest on a common core, and goals in them."""
Question = tuple[str, str, Callable[[], object], Callable[[], object]]
LIMITS_MS = {
    "budget: six topics, 40 h": 50.0,
    "budget: 130 topics, half": 1_000.0,
    "budget: 500 topics, a fifth": 1_000.0,
    "budget: 500 topics, half": 1_000.0,
    "budget: 10,000 topics, a bound": 2_000.0,
    "one of several: 1,000 topics": 1_000.0,
}


def measure_choices(rounds: int, _: int) -> Iterator[Row]:
    """CPU of one selection, which is proven to be the best wherever its peer proves that."""
    for name, peer, ours, theirs in questions():
        mine, others = interleave(cpu_us(ours, 1), cpu_us(theirs, 1), rounds=rounds)
        in_ms = (tuple(figure / 1e3 for figure in figures) for figures in (mine, others))
        yield Row(name, peer, "ms CPU", *in_ms, limit=LIMITS_MS[name])


def questions() -> Iterator[Question]:
    """What is asked: name, peer, and both ways to answer."""
    graph = open_knowledge().prerequisite_graph
    for name, goals, part in (
        ("six topics, 40 h", PAGE_STEPS, 0.0),
        ("130 topics, half", ("future-of-llms",), 0.5),
    ):
        problem = shipped(graph, goals)
        yield budget_question(f"budget: {name}", problem, round(sum(problem.hours) * part) or 40 * MILLIONTHS)
    for name, part in (("a fifth", 0.2), ("half", 0.5)):
        problem = synthetic(500, Random(5))
        yield budget_question(f"budget: 500 topics, {name}", problem, round(sum(problem.hours) * part))
    large = synthetic(10_000, Random(5))
    yield (
        "budget: 10,000 topics, a bound",
        ONE_CUT,
        partial(bounded, large, sum(large.hours) // 5),
        partial(Cut(large).at, 1.0),
    )
    choosy = synthetic(1_000, Random(7), chosen=0.3)
    goals = tuple(range(990, 1_000))
    yield (
        "one of several: 1,000 topics",
        BY_HAND,
        partial(best, lambda: cheapest(choosy, goals)),
        partial(by_hand, choosy, goals=goals),
    )


def budget_question(name: str, problem: Problem, budget: int) -> Question:
    """The most value within a budget."""
    ours = partial(best, lambda: most_valuable(problem, budget))
    return name, BY_HAND, ours, partial(by_hand, problem, budget=budget)


def best(solve: Callable[[], Selection]) -> None:
    """The answer, which is proven."""
    assert solve().status == OPTIMAL


def shipped(graph: PrerequisiteGraph, goals: tuple[str, ...]) -> Problem:
    """The way to goals among the shipped topics, each with its value."""
    numbers = [graph.find(goal) for goal in goals]
    syllabus = Syllabus.of(graph, way_to(graph, numbers, frozenset()))
    values = Valuation.of(syllabus, syllabus.places(numbers), "goals").values
    hours = tuple(round(hours * MILLIONTHS) for hours in syllabus.hours)
    return Problem(hours, values, tuple(map(tuple, syllabus.requires)))


def synthetic(count: int, chance: Random, *, chosen: float = 0.0) -> Problem:
    """Topics on a common core, near ones requiring each other; a topic's value is how many of some goals need it.

    ``chosen`` is the part of the topics that require one of three others as well.
    """
    core = count // FIELDS
    requires: list[tuple[int, ...]] = []
    choices = []
    for topic in range(count):
        begin = 0 if topic < core else core + (topic - core) // (core or 1) * core
        near = range(max(begin, topic - 30), topic)
        pool = [*near, *(chance.randrange(core) for _ in range(6 if topic >= core else 0))]
        requires.append(tuple(sorted(set(chance.sample(pool, min(len(pool), chance.choice((1, 2, 2, 3))))))))
        if topic > FIELDS and chance.random() < chosen:
            choices.append((topic, tuple(sorted(chance.sample(range(topic), 3)))))
    hours = tuple(chance.choice((2, 3, 4, 5, 6, 8, 9, 12, 16)) * MILLIONTHS for _ in range(count))
    serves = [0] * count
    for goal in chance.sample(range(core, count), GOALS):
        for needed in closure(requires, goal):
            serves[needed] += 1
    values = tuple(hour * times for hour, times in zip(hours, serves, strict=True))
    return Problem(hours, values, tuple(requires), tuple(choices))


def closure(requires: list[tuple[int, ...]], goal: int) -> set[int]:
    """The goal and all that it requires."""
    reached = {goal}
    for topic in (level := [goal]):
        fresh = set(requires[topic]) - reached
        reached |= fresh
        level += fresh
    return reached


def by_hand(problem: Problem, *, budget: int | None = None, goals: tuple[int, ...] = ()) -> float:
    """The same question in one call of HiGHS: most value within the budget, or fewest hours to the goals."""
    count = len(problem)
    pairs = [(topic, (needed,)) for topic, others in enumerate(problem.requires) for needed in others]
    rows, columns, cells = [], [], []
    for row, (topic, options) in enumerate((*pairs, *problem.choices)):
        rows += [row] * (1 + len(options))
        columns += [topic, *options]
        cells += [1.0] + [-1.0] * len(options)
    matrix = csr_array((cells, (rows, columns)), shape=(len(pairs) + len(problem.choices), count))
    hours, values = (np.array(each) / MILLIONTHS for each in (problem.hours, problem.values))
    limits = [LinearConstraint(matrix, -np.inf, 0.0)]
    if budget is not None:
        limits.append(LinearConstraint(hours[None, :], -np.inf, budget / MILLIONTHS))
    least = np.zeros(count)
    least[list(goals)] = 1.0
    costs = hours if goals else -values
    found = milp(
        costs,
        integrality=np.ones(count),
        bounds=Bounds(least, 1.0),
        constraints=limits,
        options={"mip_rel_gap": 0.0},
    )
    return float(found.fun)
