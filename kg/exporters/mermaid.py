"""A plan as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html)."""

from typing import Final

from kg.model.plan import Plan

_ENTITIES: Final = {ord(mark): f"#{ord(mark)};" for mark in '"#&;<>`\\[](){}|'}


def plan_mermaid(plan: Plan) -> str:
    """The steps in their order; an arrow leads from a step to each later one that requires it.

    Goals have a double border. Ends with a line break.
    """
    goals = {goal.slug for goal in plan.goals}
    number_of = {step.slug: step.position for step in plan.steps}
    lines = ["flowchart TD"]
    for step in plan.steps:
        # "1." would be read as a list, which Mermaid refuses in a label.
        text = f'"{step.position} · {_escape(step.label)}, {step.hours:g} h"'
        left, right = ("[[", "]]") if step.slug in goals else ("[", "]")
        lines.append(f"  t{step.position}{left}{text}{right}")
    for step in plan.steps:
        lines += [f"  t{number_of[needed]} --> t{step.position}" for needed in step.requires]
    if not plan.steps:
        lines.append(f'  t0["{_escape(plan.note)}"]')
    return "\n".join(lines) + "\n"


def _escape(text: str) -> str:
    """The text as one line, with what Mermaid or HTML would read as markup as entities."""
    return " ".join(text.split()).translate(_ENTITIES)
