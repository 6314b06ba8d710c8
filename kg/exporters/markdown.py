"""A plan as Markdown: a list to tick off, each step with its hours and reasons (https://spec.commonmark.org)."""

import re
from typing import Final

from kg.model.plan import Plan, PlanStep

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|~&!])")


def plan_markdown(plan: Plan) -> str:
    """The plan as a document that reads as plain text as well; ends with a line break."""
    lines = [f"# Plan: {escape_markdown(plan.title)}", "", _summary(plan)]
    if plan.note:
        lines += ["", escape_markdown(plan.note)]
    if plan.steps:
        lines += ["", *(line for step in plan.steps for line in _step(step))]
    return "\n".join(lines) + "\n"


def _summary(plan: Plan) -> str:
    steps = "1 step" if len(plan.steps) == 1 else f"{len(plan.steps)} steps"
    text = f"{steps}, about {plan.hours:g} hours of study"
    if plan.hours_saved > 0:
        text += f"; {plan.hours_saved:g} hours less than one goal at a time"
    if plan.hours_per_week is not None:
        text += f"; {plan.hours_per_week:g} hours a week"
    if plan.steps and plan.steps[-1].last_day:
        text += f", from {plan.start} to {plan.steps[-1].last_day}"
    return f"{text}."


def _step(step: PlanStep) -> list[str]:
    mark = f"{step.position}. "
    days = f", {step.first_day} to {step.last_day}" if step.first_day else ""
    head = f"{mark}[ ] **[{escape_markdown(step.label)}](<{step.iri}>)**, {step.hours:g} h{days}"
    indent = " " * len(mark)
    return [
        head,
        *(f"{indent}- {escape_markdown(reason.text)}" for reason in step.reasons),
        *(f"{indent}- exercise: [{escape_markdown(each.label)}](<{each.iri}>)" for each in step.exercises),
    ]


def escape_markdown(text: str) -> str:
    """The text as one line in which nothing is markup."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
