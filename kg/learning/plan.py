"""The plan to goals: all that they still require, once, in an order of study, each step with its reasons."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, repeat
from math import fsum
from typing import Final

from kg.errors import BadParameter, TooLarge
from kg.learning.closure import closure
from kg.learning.graph import PrerequisiteGraph
from kg.learning.order import check_order, study_order
from kg.learning.reasons import LABELS_SHOWN, names_of, path_reasons
from kg.learning.schedule import DIGITS, HOURS_PER_WEEK, check_hours_per_week, days_of_study
from kg.learning.state import read_state
from kg.learning.syllabus import Syllabus
from kg.model.advice import Reason
from kg.model.learning import Topic
from kg.model.plan import Plan, PlanGoal, PlanStep

MOST_GOALS: Final = 1_000
"""Goals of one plan: each of them is planned by itself as well, to say what merging saves."""

Days = tuple[date | None, date | None]
"""First and last day of a step, where the plan has a start."""


def plan_to(
    graph: PrerequisiteGraph,
    goals: Iterable[str],
    know: Iterable[str] = (),
    *,
    order: str = "recall",
    hours_per_week: float | None = None,
    start: date | None = None,
) -> Plan:
    """Everything that goals require and that is not known, each topic once, with the goals it serves.

    Whoever knows a topic is taken to know what it requires. Goals that are known already have no steps, and
    the note says so. With a start each step has its days; a week then has 10 hours where none are given.

    Raises:
        BadParameter: no goal, no such order, hours that no week has, or an end beyond the calendar.
        NotFound: a goal or a known topic that is no topic; near ones are given.
        TooLarge: more than 1 000 goals.
    """
    check_order(order)
    if hours_per_week is None:
        hours_per_week = HOURS_PER_WEEK if start else None
    else:
        check_hours_per_week(hours_per_week)
    wanted = read_goals(graph, goals)
    state = read_state(graph, know)
    course = _Course.of(graph, wanted, state.known)
    reached = tuple(course.goal(goal) for goal in wanted)
    sequence, metric = study_order(course.syllabus, order)
    return Plan(
        goals=reached,
        known=graph.slugs(state.given),
        implied=graph.slugs(state.implied),
        hours=fsum(course.syllabus.hours),
        hours_one_by_one=fsum(goal.hours for goal in reached),
        metric=metric,
        steps=course.steps(sequence, _days(course.syllabus, sequence, start, hours_per_week)),
        hours_per_week=hours_per_week,
        start=start,
        note=_note(graph, wanted, state.known),
    )


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


@dataclass(frozen=True, slots=True, eq=False)
class _Course:
    """What is still to learn, and which of it each goal needs."""

    graph: PrerequisiteGraph
    syllabus: Syllabus
    topics: tuple[Topic, ...]
    """The topics of the syllabus; a place counts in this tuple as well."""
    slugs: tuple[str, ...]
    labels: tuple[str, ...]
    """Of the same topics."""
    needs: Mapping[int, AbstractSet[int]]
    """Goal that is not known → places of all it needs, itself included; in ascending order of goals."""
    ways: Mapping[int, "_Way"]
    """Place → its shortest way to the nearest goal."""
    told: dict[tuple["_Way", int], Reason]
    """Reasons once told: topics that lead straight to the same one share theirs."""

    @classmethod
    def of(cls, graph: PrerequisiteGraph, goals: Sequence[int], known: AbstractSet[int]) -> "_Course":
        syllabus = Syllabus.of(graph, goals, known)
        place_of = {topic: place for place, topic in enumerate(syllabus.topics)}
        ahead = {goal: place_of[goal] for goal in goals if goal in place_of}
        needs = {goal: closure(syllabus.requires, [place]) for goal, place in ahead.items()}
        topics = tuple(graph.topics[number] for number in syllabus.topics)
        slugs = tuple([topic.slug for topic in topics])
        labels = tuple([topic.label for topic in topics])
        return cls(graph, syllabus, topics, slugs, labels, needs, _ways(syllabus, tuple(ahead.values())), {})

    def goal(self, number: int) -> PlanGoal:
        """The goal with what a plan for it alone takes."""
        topic = self.graph.topics[number]
        needed = self.needs.get(number, frozenset())
        hours = fsum([self.syllabus.hours[place] for place in needed])
        return PlanGoal(topic.iri, topic.slug, topic.label, hours, len(needed), known=not needed)

    def steps(self, sequence: Sequence[int], days: Iterable[Days]) -> tuple[PlanStep, ...]:
        serves: list[list[str]] = [[] for _ in sequence]
        for goal, needed in self.needs.items():
            slug = self.graph.topics[goal].slug
            for place in needed:
                serves[place].append(slug)
        before = accumulate((self.syllabus.hours[place] for place in sequence), initial=0.0)
        return tuple(
            self._step(place, position, round(hours, DIGITS), tuple(serves[place]), span)
            for position, (place, hours, span) in enumerate(
                zip(sequence, before, days, strict=False), start=1
            )
        )

    def _step(
        self, place: int, position: int, hours_before: float, serves: tuple[str, ...], days: Days
    ) -> PlanStep:
        topic = self.topics[place]
        return PlanStep(
            topic.iri,
            topic.slug,
            topic.label,
            topic.hours,
            topic.area,
            position,
            hours_before,
            self._slugs(self.syllabus.requires[place]),
            serves,
            self._reasons(place, len(serves)),
            *days,
        )

    def _reasons(self, place: int, goals: int) -> tuple[Reason, ...]:
        """The nearest goal, what authored paths say, and the later steps that require it."""
        way = self.ways[place]
        reason = self.told.get((way, goals))
        if reason is None:
            reason = self.told[way, goals] = self._goal_reason(way, goals - 1)
        reasons = [reason]
        number = self.syllabus.topics[place]
        if number in self.graph.steps:
            reasons += path_reasons(self.graph, number)
        later = self.syllabus.unlocks[place]
        if later:
            count = "1 later step requires it" if len(later) == 1 else f"{len(later)} later steps require it"
            reasons.append(Reason("unlocks", f"{count}: {self._names(later)}", self._slugs(later)))
        return tuple(reasons)

    def _goal_reason(self, way: "_Way", others: int) -> Reason:
        label = self.topics[way.goal].label
        told = way.first[: way.length - 1]
        if not way.length:
            text = f"this is {'a' if others else 'the'} goal, {label}"
        elif not told:
            text = f"the goal, {label}, requires it directly"
        else:
            between = names_of([self.labels[near] for near in told], way.length - 1)
            text = f"on the way to the goal, {label}, by {between}"
        if others:
            text += f"; {others} other goal{'s need' if others > 1 else ' needs'} it too"
        return Reason("goal", text, self._slugs((*told, way.goal)))

    def _slugs(self, places: Iterable[int]) -> tuple[str, ...]:
        slugs = self.slugs
        return tuple([slugs[place] for place in places])

    def _names(self, places: Sequence[int]) -> str:
        return names_of([self.labels[place] for place in places[:LABELS_SHOWN]], len(places))


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """The shortest way from a topic up to its nearest goal, told by its first few places and its length."""

    goal: int
    length: int
    first: tuple[int, ...]


def _ways(syllabus: Syllabus, goals: tuple[int, ...]) -> Mapping[int, _Way]:
    """By breadth first from all goals at once: the first goal by slug wins, then the first topic."""
    ways = {goal: _Way(goal, 0, ()) for goal in goals}
    level = list(goals)
    for later in level:
        found = [needed for needed in syllabus.requires[later] if needed not in ways]
        if found:
            beyond = ways[later]
            way = _Way(beyond.goal, beyond.length + 1, (later, *beyond.first[: LABELS_SHOWN - 1]))
            ways.update(dict.fromkeys(found, way))
            level += found
    return ways


def _days(
    syllabus: Syllabus, sequence: Sequence[int], start: date | None, hours_per_week: float | None
) -> Iterable[Days]:
    if start is None or hours_per_week is None:
        return repeat((None, None))
    hours = (syllabus.hours[place] for place in sequence)
    return days_of_study(hours, start=start, hours_per_week=hours_per_week)


def _note(graph: PrerequisiteGraph, goals: Sequence[int], known: AbstractSet[int]) -> str:
    reached = [graph.topics[goal].label for goal in goals if goal in known]
    if not reached:
        return ""
    names = names_of(reached, len(reached))
    if len(goals) == 1:
        return f"The goal, {names}, is known already; there is nothing left to learn for it."
    if len(reached) == len(goals):
        return f"All goals are known already ({names}); there is nothing left to learn for them."
    return f"Known already, so without steps of {'its' if len(reached) == 1 else 'their'} own: {names}."
