"""What a plan will hold: the way to its goals, and of it what fits a budget of hours or is worth its price."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from math import fsum, isfinite
from typing import Final

from kg.errors import BadParameter, TooLarge
from kg.learning.alternatives import Mixed
from kg.learning.closure import closure
from kg.learning.graph import PrerequisiteGraph
from kg.learning.selection import FEASIBLE, MILLIONTHS, OPTIMAL, Selection, millionths
from kg.learning.state import KnowledgeState, read_state
from kg.learning.syllabus import Syllabus
from kg.learning.value import Valuation, Value, check_value, worth_of
from kg.learning.way import HERE, Horizon, Solver, Way, way_to
from kg.model.plan import Proof

MOST_GOALS: Final = 1_000
"""Goals of one plan: each of them is planned by itself as well, to say what merging saves."""
MOST_HOURS: Final = 1e6
"""Hours of a budget: more than a life has."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a plan must keep to: hours at most, what is worth them, and a price of each."""

    budget_hours: float | None = None
    value: Value = "goals"
    price: float | None = None

    @property
    def is_open(self) -> bool:
        """True where nothing but the goals bounds the plan."""
        return self.budget_hours is None and self.price is None


OPEN: Final = Frame()


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """Goals, what is known, the whole way, and which places of its syllabus are steps of the plan."""

    graph: PrerequisiteGraph
    goals: tuple[int, ...]
    state: KnowledgeState
    way: Way
    syllabus: Syllabus
    """Of the whole way."""
    kept: AbstractSet[int]
    """Places that the plan holds; they hold all that they require."""
    proof: Proof
    frame: Frame = OPEN

    @property
    def is_whole(self) -> bool:
        """True where the plan reaches all goals."""
        return len(self.kept) == len(self.syllabus.topics)


def outline(
    graph: PrerequisiteGraph,
    goals: Iterable[str],
    know: Iterable[str] = (),
    frame: Frame = OPEN,
    solver: Solver = HERE,
) -> Outline:
    """The way to the goals, and of it the best part within the frame.

    Raises:
        BadParameter: no goal, or a budget, value or price that is none.
        NotFound: a goal or a known topic that is no topic; near ones are given.
        TooLarge: there are more goals than a plan takes.
    """
    wanted = read_goals(graph, goals)
    _check(frame, frozenset(graph.slugs(wanted)))
    state = read_state(graph, know)
    way = way_to(graph, wanted, state.known, solver)
    syllabus = Syllabus.of(graph, way)
    hours = fsum(syllabus.hours)
    bound = hours - way.short / MILLIONTHS
    proof = Proof(way.status, "hours of study", "hours", hours, bound)
    whole = Outline(graph, wanted, state, way, syllabus, frozenset(range(len(syllabus.topics))), proof, frame)
    return whole if frame.is_open else _within(whole, solver)


def read_goals(graph: PrerequisiteGraph, goals: Iterable[str]) -> tuple[int, ...]:
    """The numbers of the goals, each once, ascending.

    Raises:
        BadParameter: there is none.
        NotFound: one is no topic; near ones are given.
        TooLarge: there are more than a plan takes.
    """
    wanted = tuple(sorted({graph.find(slug) for slug in goals}))
    if not wanted:
        raise BadParameter("goal", "", "the slug of a topic, or several of them")
    if len(wanted) > MOST_GOALS:
        raise TooLarge("the list of goals", len(wanted), MOST_GOALS)
    return wanted


def _check(frame: Frame, goals: AbstractSet[str]) -> None:
    limits = (("budget_hours", frame.budget_hours, "hours"), ("price", frame.price, "worth of an hour"))
    for name, number, what in limits:
        if number is not None and (not isfinite(number) or not 0 <= number <= MOST_HOURS):
            raise BadParameter(name, f"{number:g}", f"a number from 0 to {MOST_HOURS:g}: {what}")
    check_value(frame.value, goals, priced=frame.price is not None)
    if frame.is_open and frame.value != "goals":
        raise BadParameter(
            "value", _shown(frame.value), "a budget of hours, or a price of an hour, beside it"
        )


def _shown(value: Value) -> str:
    return value if isinstance(value, str) else ",".join(f"{slug}:{worth:g}" for slug, worth in value.items())


def _within(whole: Outline, solver: Solver) -> Outline:
    """The part of the best value; the whole where it fits and hours have no price."""
    graph, syllabus, frame = whole.graph, whole.syllabus, whole.frame
    valuation = _valuation(whole)
    budget = None if frame.budget_hours is None else millionths(frame.budget_hours)
    horizon = Horizon.of(graph, whole.goals, whole.state.known)
    values = dict(zip(syllabus.topics, valuation.values, strict=True))
    problem = horizon.problem
    if frame.price is None and (
        budget is None or sum(problem.hours[p] for p in horizon.places(values)) <= budget
    ):
        value = valuation.told(sum(valuation.values))
        return replace(whole, proof=Proof(OPTIMAL, valuation.name, "", value, value))
    problem = replace(problem, values=tuple(values.get(topic, 0) for topic in horizon.topics))
    if frame.price is not None:
        priced = Valuation(valuation.name, problem.values, valuation.unit).less(frame.price, problem.hours)
        problem, valuation = replace(problem, values=priced.values), priced
    found = solver.most_valuable(problem, budget)
    worth = dict(zip(horizon.topics, problem.values, strict=True))
    return _kept(whole, horizon, found, worth, valuation)


def _kept(
    whole: Outline, horizon: Horizon, found: Selection, worth: Mapping[int, int], valuation: Valuation
) -> Outline:
    """The outline of a selection. Where choices are open it may take other options than the shortest way does.

    What then leads to no goal any more is left out.
    """
    graph = whole.graph
    chosen = horizon.numbers(found.chosen)
    way = _way_through(whole, horizon, frozenset(found.chosen)) if graph.choices else whole.way
    syllabus = Syllabus.of(graph, way)
    kept = frozenset(syllabus.places(chosen))
    reached = sum(worth[syllabus.topics[place]] for place in kept)
    status = found.status if reached == found.reached else FEASIBLE
    proof = Proof(status, valuation.name, "", valuation.told(reached), valuation.told(found.bound))
    return replace(whole, way=way, syllabus=syllabus, kept=kept, proof=proof)


def _way_through(whole: Outline, horizon: Horizon, chosen: AbstractSet[int]) -> Way:
    """The shortest way, but for options that were chosen instead of its own."""
    graph = whole.graph
    picks = horizon.picks(frozenset(horizon.places(whole.way.topics)))
    inside = horizon.numbers(chosen)
    for topic, options in horizon.picks(chosen).items():
        if topic in inside:
            pairs = zip(picks[topic], options, strict=True)
            picks[topic] = tuple(mine if mine in inside else other for mine, other in pairs)
    topics = closure(Mixed(graph.requires, picks), whole.goals) - whole.state.known
    return replace(whole.way, topics=topics, picks={t: o for t, o in picks.items() if t in topics})


def _valuation(whole: Outline) -> Valuation:
    syllabus, value = whole.syllabus, whole.frame.value
    if isinstance(value, Mapping):
        numbers = {whole.graph.find(slug): worth for slug, worth in value.items()}
        return worth_of(syllabus, {syllabus.place(n): w for n, w in numbers.items() if n in whole.way.topics})
    return Valuation.of(syllabus, syllabus.places(whole.goals), value)
