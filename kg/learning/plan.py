"""The plan to goals: all that they still require, once, in an order of study, each step with its reasons."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import repeat
from math import fsum

from kg.learning.graph import PrerequisiteGraph
from kg.learning.left_out import left_out
from kg.learning.order import check_order, study_order
from kg.learning.outline import OPEN, Frame, Outline, outline
from kg.learning.reasons import hours_text, names_of
from kg.learning.schedule import HOURS_PER_WEEK, check_hours_per_week, days_of_study
from kg.learning.steps import Course, Days
from kg.learning.syllabus import Syllabus
from kg.learning.way import HERE, Solver
from kg.model.deferred import deferred
from kg.model.plan import Plan, PlanGoal


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
    where none are given. What the steps tell is put into words when they are read.

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
    course = Course.of(found)
    part = found.syllabus.part(graph, found.way, found.kept)
    local, metric = study_order(part, order)
    days = _days(part, local, start, hours_per_week)
    reached = tuple([course.goal(goal) for goal in found.goals])
    missing, missing_total = left_out(found)
    return deferred(
        Plan,
        {
            "goals": reached,
            "known": graph.slugs(found.state.given),
            "implied": graph.slugs(found.state.implied),
            "hours": fsum(part.hours),
            "hours_one_by_one": course.hours_one_by_one(),
            "metric": metric,
            "proof": found.proof,
            "budget_hours": frame.budget_hours,
            "price": frame.price,
            "left_out": missing,
            "left_out_total": missing_total,
            "hours_per_week": hours_per_week,
            "start": start,
            "note": _note(found, reached),
        },
        lambda: {"steps": course.steps(local, days)},
    )


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
    can = "are worth their hours" if budget is None else f"can be reached in {hours_text(budget)}"
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
