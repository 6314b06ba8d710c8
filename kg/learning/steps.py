"""The steps of a plan, each with the goals it serves and the reasons why it is there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from math import fsum

from kg.learning.closure import closure
from kg.learning.outline import Outline
from kg.learning.reasons import LABELS_SHOWN, names_of, path_reasons
from kg.learning.schedule import DIGITS
from kg.learning.syllabus import Syllabus
from kg.model.advice import Reason
from kg.model.plan import PlanGoal, PlanStep
from kg.model.quick import quick

Days = tuple[date | None, date | None]
"""First and last day of a step, where the plan has a start."""

_step, _reason = quick(PlanStep), quick(Reason)


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What is still to learn, which of it each goal needs, and which of it are the steps of the plan."""

    outline: Outline
    needs: Mapping[int, AbstractSet[int]]
    """Goal that is not known → places of all it needs, itself included; in ascending order of goals."""

    @classmethod
    def of(cls, found: Outline) -> "Course":
        """The course of an outline."""
        syllabus = found.syllabus
        ahead = [goal for goal in found.goals if goal in found.way.topics]
        if len(ahead) == 1:
            return cls(found, {ahead[0]: frozenset(range(len(syllabus.topics)))})
        return cls(found, {goal: closure(syllabus.requires, [syllabus.place(goal)]) for goal in ahead})

    def goal(self, number: int) -> PlanGoal:
        """The goal with what a plan for it alone takes."""
        graph, all_hours = self.outline.graph, self.outline.syllabus.hours
        needed = self.needs.get(number, frozenset())
        hours = all_hours if len(needed) == len(all_hours) else [all_hours[place] for place in needed]
        return PlanGoal(
            graph.iri(number),
            graph.slug_of[number],
            graph.label_of[number],
            fsum(hours),
            len(needed),
            known=not needed,
            reached=self.outline.is_whole or needed <= self.outline.kept,
        )

    def hours_one_by_one(self) -> float:
        """Hours of the steps, each once for each goal that it serves."""
        hours, kept = self.outline.syllabus.hours, self.outline.kept
        if self.outline.is_whole and len(self.needs) == 1:
            return fsum(hours)
        return fsum([hours[place] for needed in self.needs.values() for place in needed & kept])

    def steps(self, order: Sequence[int], days: Iterable[Days]) -> tuple[PlanStep, ...]:
        """The steps in an order of the places that are kept, counted among themselves."""
        graph, syllabus = self.outline.graph, self.outline.syllabus
        slugs = [graph.slug_of[number] for number in syllabus.topics]
        labels = [graph.label_of[number] for number in syllabus.topics]
        areas = syllabus.areas
        kept = sorted(self.outline.kept)
        sequence = [kept[place] for place in order]
        before = accumulate([syllabus.hours[place] for place in sequence], initial=0.0)
        serves, reasons = self._serves(), _Reasons(self, slugs, labels)
        return tuple(
            [
                _step(
                    graph.iri(syllabus.topics[place]),
                    slugs[place],
                    labels[place],
                    syllabus.hours[place],
                    areas[place],
                    position,
                    round(hours, DIGITS),
                    tuple([slugs[needed] for needed in syllabus.requires[place]]),
                    serves[place],
                    reasons.of(place, len(serves[place])),
                    first_day,
                    last_day,
                )
                for position, (place, hours, (first_day, last_day)) in enumerate(
                    zip(sequence, before, days, strict=False), start=1
                )
            ]
        )

    def _serves(self) -> list[tuple[str, ...]]:
        """For each place the goals that need it; places with the same goals share one tuple."""
        goals = [self.outline.graph.slug_of[goal] for goal in self.needs]
        masks = [0] * len(self.outline.syllabus.topics)
        for bit, needed in enumerate(self.needs.values()):
            for place in needed:
                masks[place] |= 1 << bit
        told = {
            mask: tuple([slug for bit, slug in enumerate(goals) if mask >> bit & 1]) for mask in set(masks)
        }
        return [told[mask] for mask in masks]


class _Reasons:
    """Why each step is there: the nearest goal, what authored paths say, and the later steps that require it."""

    def __init__(self, course: Course, slugs: Sequence[str], labels: Sequence[str]) -> None:
        outline = course.outline
        self.way, self.slugs, self.labels = outline.way, slugs, labels
        self.graph, self.syllabus = outline.graph, outline.syllabus
        self.kept = None if outline.is_whole else outline.kept
        self.ways = _ways(outline.syllabus, [outline.syllabus.place(goal) for goal in course.needs])
        self.told: dict[tuple[_Way, int, bool], Reason] = {}
        """Reasons once told: topics that lead straight to the same one share theirs."""

    def of(self, place: int, goals: int) -> tuple[Reason, ...]:
        """The reasons for the step at a place that serves so many goals."""
        graph, way = self.graph, self.ways[place]
        number = self.syllabus.topics[place]
        is_option = number in graph.choosers and bool(way.length) and self._is_option(number, way.first[0])
        reason = self.told.get((way, goals, is_option))
        if reason is None:
            reason = self._goal_reason(way, goals - 1, is_option=is_option)
            self.told[way, goals, is_option] = reason
        found = [reason]
        if number in graph.steps:
            found += path_reasons(graph, number)
        later = self.syllabus.unlocks[place]
        if later and self.kept is not None:
            later = [other for other in later if other in self.kept]
        if later:
            labels, slugs = self.labels, self.slugs
            names = ", ".join([labels[other] for other in later[:LABELS_SHOWN]])
            more = f" and {len(later) - LABELS_SHOWN} more" if len(later) > LABELS_SHOWN else ""
            count = "1 later step requires" if len(later) == 1 else f"{len(later)} later steps require"
            text = f"{count} it: {names}{more}"
            found.append(_reason("unlocks", text, tuple([slugs[other] for other in later])))
        if number in graph.choosers:
            found += self._choices(number)
        return tuple(found)

    def _is_option(self, number: int, later: int) -> bool:
        """True where the topic at the place ``later`` would do without this one: another option is enough."""
        return number not in self.graph.requires[self.syllabus.topics[later]]

    def _choices(self, number: int) -> Iterator[Reason]:
        """The choices of later steps for which this topic was picked."""
        graph, way = self.graph, self.way
        for owner in graph.choosers[number]:
            if number in way.picks.get(owner, ()) and owner in way.topics:
                for options in graph.choices[owner]:
                    others = [option for option in options if option != number]
                    if number in options:
                        names = names_of([graph.label_of[other] for other in others], len(others))
                        text = f"{graph.label_of[owner]} requires one of several, and takes this instead of {names}"
                        yield Reason("choice", text, graph.slugs(others))

    def _goal_reason(self, way: "_Way", others: int, *, is_option: bool) -> Reason:
        labels, slugs = self.labels, self.slugs
        label = labels[way.goal]
        told = way.first[: way.length - 1]
        if not way.length:
            text = f"this is {'a' if others else 'the'} goal, {label}"
        elif not told:
            how = "or another of its options" if is_option else "directly"
            text = f"the goal, {label}, requires it {how}"
        else:
            between = names_of([labels[near] for near in told], way.length - 1)
            text = f"on the way to the goal, {label}, by {between}"
        if others:
            text += f"; {others} other goal{'s need' if others > 1 else ' needs'} it too"
        return _reason("goal", text, tuple([slugs[place] for place in (*told, way.goal)]))


@dataclass(slots=True, eq=False)
class _Way:
    """The shortest way from a topic up to its nearest goal, told by its first few places and its length."""

    goal: int
    length: int
    first: tuple[int, ...]


def _ways(syllabus: Syllabus, goals: Sequence[int]) -> Mapping[int, _Way]:
    """By breadth first from all goals at once: the first goal by slug wins, then the first topic."""
    ways = {goal: _Way(goal, 0, ()) for goal in goals}
    level = list(goals)
    for later in level:
        way = None
        for needed in syllabus.requires[later]:
            if needed not in ways:
                if way is None:
                    beyond = ways[later]
                    way = _Way(beyond.goal, beyond.length + 1, (later, *beyond.first[: LABELS_SHOWN - 1]))
                ways[needed] = way
                level.append(needed)
    return ways
