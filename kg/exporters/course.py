"""A plan as JSON-LD in the terms of https://schema.org: a course, whose steps are learning resources in a list."""

import json
from typing import Any, Final

from kg.model.exercise import StepExercise
from kg.model.plan import Plan, PlanStep

SCHEMA: Final = "https://schema.org/"


def plan_jsonld(plan: Plan) -> str:
    """The plan as one ``Course`` that is an ``ItemList`` too.

    Goals are ``teaches``, known topics ``coursePrerequisites``, hours ``timeRequired``; a step is a ``ListItem``
    with a ``LearningResource``, and what it requires within the plan ``competencyRequired``. A start and hours a
    week make a ``CourseInstance``. The context is written out, so a reader fetches nothing.
    """
    document: dict[str, Any] = {
        "@context": {"@vocab": SCHEMA},
        "@type": ["Course", "ItemList"],
        "name": f"Plan: {plan.title}",
        "teaches": [{"@id": goal.iri, "@type": "DefinedTerm", "name": goal.label} for goal in plan.goals],
        "coursePrerequisites": list(plan.known),
        "timeRequired": duration(plan.hours),
        "numberOfItems": len(plan.steps),
        "itemListOrder": "https://schema.org/ItemListOrderAscending",
        "itemListElement": [_item(step, plan) for step in plan.steps],
    }
    if plan.note:
        document["description"] = plan.note
    if plan.start and plan.steps:
        document["hasCourseInstance"] = {
            "@type": "CourseInstance",
            "courseMode": "self-paced",
            "startDate": plan.start.isoformat(),
            "endDate": (plan.steps[-1].last_day or plan.start).isoformat(),
            "courseWorkload": f"{plan.hours_per_week or 0:g} hours a week",
        }
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _item(step: PlanStep, plan: Plan) -> dict[str, Any]:
    iri_of = {each.slug: each.iri for each in plan.steps}
    resource: dict[str, Any] = {
        "@id": step.iri,
        "@type": "LearningResource",
        "name": step.label,
        "timeRequired": duration(step.hours),
        "description": "; ".join(reason.text for reason in step.reasons),
    }
    if step.area:
        resource["about"] = step.area
    if step.requires:
        resource["competencyRequired"] = [{"@id": iri_of[slug]} for slug in step.requires]
    if step.exercises:
        resource["hasPart"] = [_exercise(exercise) for exercise in step.exercises]
    return {"@type": "ListItem", "position": step.position, "item": resource}


def _exercise(exercise: StepExercise) -> dict[str, Any]:
    return {
        "@id": exercise.iri,
        "@type": "Quiz",
        "name": exercise.label,
        "assesses": list(exercise.topics),
    }


def duration(hours: float) -> str:
    """Hours as a duration (ISO 8601), to the minute.

    >>> duration(5.5), duration(24), duration(0)
    ('PT5H30M', 'PT24H', 'PT0H')
    """
    whole, minutes = divmod(round(hours * 60), 60)
    return f"PT{whole}H{minutes}M" if minutes else f"PT{whole}H"
