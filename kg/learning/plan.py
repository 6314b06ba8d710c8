"""The plan to goals: all that they still require, once, in an order of study, each step with its reasons."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, repeat
from math import fsum

from kg.learning.closure import closure
from kg.learning.graph import PrerequisiteGraph
from kg.learning.left_out import left_out
from kg.learning.order import check_order, study_order
from kg.learning.outline import OPEN, Frame, Outline, outline
from kg.learning.reasons import LABELS_SHOWN, names_of, path_reasons
from kg.learning.schedule import DIGITS, HOURS_PER_WEEK, check_hours_per_week, days_of_study
from kg.learning.syllabus import Syllabus
from kg.learning.way import HERE, Solver
from kg.model.advice import Reason
from kg.model.learning import Topic
from kg.model.plan import Plan, PlanGoal, PlanStep

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
    frame: Frame = OPEN,
    solver: Solver = HERE,
) -> Plan:
    """Everything that goals require and that is not known, each topic once, with the goals it serves.

    Whoever knows a topic is taken to know what it requires. Of each choice on the way the plan takes the option
    by which it has the fewest hours; within a frame it is the part of the best value. Goals that are known
    already have no steps, and the note says so. With a start each step has its days; a week then has 10 hours
    where none are given.

    Raises:
        BadParameter: no goal, no such order, a budget, value or price that is none, hours that no week has, or
            an end beyond the calendar.
        NotFound: a goal or a known topic that is no topic; near ones are given.
        TooLarge: more than 1 000 goals.
    """
    check_order(order)
    if hours_per_week is None:
        hours_per_week = HOURS_PER_WEEK if start else None
    else:
        check_hours_per_week(hours_per_week)
    found = outline(graph, goals, know, frame, solver)
    course = _Course.of(found)
    part = found.syllabus.part(graph, found.way, found.kept)
    local, metric = study_order(part, order)
    sequence = [course.kept[place] for place in local]
    reached = tuple(course.goal(goal) for goal in found.goals)
    missing, missing_total = left_out(found)
    return Plan(
        goals=reached,
        known=graph.slugs(found.state.given),
        implied=graph.slugs(found.state.implied),
        hours=fsum(part.hours),
        hours_one_by_one=course.hours_one_by_one(),
        metric=metric,
        steps=course.steps(sequence, _days(part, local, start, hours_per_week)),
        proof=found.proof,
        budget_hours=frame.budget_hours,
        price=frame.price,
        left_out=missing,
        left_out_total=missing_total,
        hours_per_week=hours_per_week,
        start=start,
        note=_note(found, reached),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Course:
    """What is still to learn, which of it each goal needs, and which of it are the steps of the plan."""

    outline: Outline
    kept: tuple[int, ...]
    """Places of the steps, ascending."""
    topics: tuple[Topic, ...]
    """The topics of the syllabus; a place counts in this tuple as well."""
    slugs: tuple[str, ...]
    labels: tuple[str, ...]
    """Of the same topics."""
    needs: Mapping[int, AbstractSet[int]]
    """Goal that is not known → places of all it needs, itself included; in ascending order of goals."""
    ways: Mapping[int, "_Way"]
    """Place → its shortest way to the nearest goal."""
    told: dict[tuple["_Way", int, bool], Reason]
    """Reasons once told: topics that lead straight to the same one share theirs."""

    @classmethod
    def of(cls, found: Outline) -> "_Course":
        syllabus = found.syllabus
        place_of = {topic: place for place, topic in enumerate(syllabus.topics)}
        ahead = {goal: place_of[goal] for goal in found.goals if goal in place_of}
        needs = {goal: closure(syllabus.requires, [place]) for goal, place in ahead.items()}
        topics = tuple([found.graph.topics[number] for number in syllabus.topics])
        slugs = tuple([topic.slug for topic in topics])
        labels = tuple([topic.label for topic in topics])
        ways = _ways(syllabus, tuple(ahead.values()))
        return cls(found, tuple(sorted(found.kept)), topics, slugs, labels, needs, ways, {})

    def goal(self, number: int) -> PlanGoal:
        """The goal with what a plan for it alone takes."""
        topic = self.outline.graph.topics[number]
        needed = self.needs.get(number, frozenset())
        hours = fsum([self.outline.syllabus.hours[place] for place in needed])
        is_reached = self.outline.is_whole or needed <= self.outline.kept
        return PlanGoal(
            topic.iri, topic.slug, topic.label, hours, len(needed), known=not needed, reached=is_reached
        )

    def hours_one_by_one(self) -> float:
        """Hours of the steps, each once for each goal that it serves."""
        hours, kept = self.outline.syllabus.hours, self.outline.kept
        return fsum(hours[place] for needed in self.needs.values() for place in needed if place in kept)

    def steps(self, sequence: Sequence[int], days: Iterable[Days]) -> tuple[PlanStep, ...]:
        serves: list[list[str]] = [[] for _ in self.topics]
        for goal, needed in self.needs.items():
            slug = self.outline.graph.slug_of[goal]
            for place in needed:
                serves[place].append(slug)
        before = accumulate((self.outline.syllabus.hours[place] for place in sequence), initial=0.0)
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
            self._slugs(self.outline.syllabus.requires[place]),
            serves,
            self._reasons(place, len(serves)),
            *days,
        )

    def _reasons(self, place: int, goals: int) -> tuple[Reason, ...]:
        """The nearest goal, what authored paths say, and the later steps that require it."""
        way = self.ways[place]
        number = self.outline.syllabus.topics[place]
        is_option = bool(way.length) and self._is_option(number, way.first[0])
        reason = self.told.get((way, goals, is_option))
        if reason is None:
            reason = self.told[way, goals, is_option] = self._goal_reason(way, goals - 1, is_option=is_option)
        reasons = [reason]
        if number in self.outline.graph.steps:
            reasons += path_reasons(self.outline.graph, number)
        later = self.outline.syllabus.unlocks[place]
        if later and not self.outline.is_whole:
            later = [other for other in later if other in self.outline.kept]
        if later:
            count = "1 later step requires it" if len(later) == 1 else f"{len(later)} later steps require it"
            reasons.append(Reason("unlocks", f"{count}: {self._names(later)}", self._slugs(later)))
        if number in self.outline.graph.choosers:
            reasons += self._choices(number)
        return tuple(reasons)

    def _is_option(self, number: int, later: int) -> bool:
        """True where the topic at the place ``later`` would do without this one: another option is enough."""
        graph = self.outline.graph
        return number in graph.choosers and number not in graph.requires[self.outline.syllabus.topics[later]]

    def _choices(self, number: int) -> Iterable[Reason]:
        """The choices of later steps for which this topic was picked."""
        graph, way = self.outline.graph, self.outline.way
        for owner in graph.choosers[number]:
            if number in way.picks.get(owner, ()) and owner in way.topics:
                for options in graph.choices[owner]:
                    others = [option for option in options if option != number]
                    if number in options:
                        names = names_of([graph.label_of[other] for other in others], len(others))
                        text = f"{graph.label_of[owner]} requires one of several, and takes this instead of {names}"
                        yield Reason("choice", text, graph.slugs(others))

    def _goal_reason(self, way: "_Way", others: int, *, is_option: bool) -> Reason:
        label = self.topics[way.goal].label
        told = way.first[: way.length - 1]
        if not way.length:
            text = f"this is {'a' if others else 'the'} goal, {label}"
        elif not told:
            text = (
                f"the goal, {label}, requires it {'or another of its options' if is_option else 'directly'}"
            )
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


def _note(found: Outline, goals: Sequence[PlanGoal]) -> str:
    known = _known_note(goals)
    if found.is_whole:
        return known
    ahead = [goal for goal in goals if not goal.known]
    reached = [goal.label for goal in ahead if goal.reached]
    hours = f"{fsum(found.syllabus.hours):g} hours"
    budget = found.frame.budget_hours
    can = "are worth their hours" if budget is None else f"can be reached in {budget:g} hours"
    if reached:
        names = names_of(reached, len(reached))
        text = f"Of {len(ahead)} goals {len(reached)} {can}: {names}; all take {hours}."
    else:
        nearest = min(ahead, key=lambda goal: (goal.hours, goal.slug))
        can = can.replace("are worth their", "is worth its")
        text = f"None of the goals {can}; the nearest, {nearest.label}, takes {nearest.hours:g}."
    return f"{known} {text}" if known else text


def _known_note(goals: Sequence[PlanGoal]) -> str:
    reached = [goal.label for goal in goals if goal.known]
    if not reached:
        return ""
    names = names_of(reached, len(reached))
    if len(goals) == 1:
        return f"The goal, {names}, is known already; there is nothing left to learn for it."
    if len(reached) == len(goals):
        return f"All goals are known already ({names}); there is nothing left to learn for them."
    return f"Known already, so without steps of {'its' if len(reached) == 1 else 'their'} own: {names}."
