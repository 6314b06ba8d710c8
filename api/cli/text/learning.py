"""Advice and plans as text: topics in order, each with its reasons."""

from typing import TYPE_CHECKING, Final

from api.figures import format_number

if TYPE_CHECKING:
    from kg.model.advice import NextAdvice
    from kg.model.plan import Plan

SHOWN: Final = 5
"""Topics left out that the text tells; JSON has more."""


def advice_text(advice: "NextAdvice", *, review: bool = False) -> str:
    """The answer of ``trivium next``, with what to look at again where ``review`` asks for it."""
    lines = []
    for topic in advice.topics:
        lines.append(f"{topic.rank}. {topic.label} ({topic.slug}), {format_number(topic.hours)} h")
        lines += [f"     {reason.text}" for reason in topic.reasons]
    if advice.note:
        lines.append(advice.note)
    if advice.remaining_hours is not None:
        lines.append(f"{format_number(advice.remaining_hours)} hours ahead of the goal, itself included")
    if advice.implied:
        lines.append(f"counted as known as well: {', '.join(advice.implied)}")
    if review:
        lines += [f"review: {topic.label} ({topic.slug}): {topic.text}" for topic in advice.review]
        more = advice.review_total - len(advice.review)
        lines += [f"review as well: {more} more"] if more else []
        lines += [] if advice.review_total else ["nothing is known, so there is nothing to review"]
    return "\n".join(lines)


def plan_text(plan: "Plan") -> str:
    """The answer of ``trivium plan``."""
    lines = [plan.note] if plan.note else []
    for step in plan.steps:
        days = f", {step.first_day} to {step.last_day}" if step.first_day else ""
        lines.append(f"{step.position}. {step.label} ({step.slug}), {format_number(step.hours)} h{days}")
        lines += [f"     {reason.text}" for reason in step.reasons]
        lines += [f"     exercise: {each.label} ({each.slug})" for each in step.exercises]
    if plan.steps:
        count = "1 step" if len(plan.steps) == 1 else f"{len(plan.steps)} steps"
        lines.append(f"{count}, {format_number(plan.hours)} hours" + _saved(plan))
        metric = plan.metric
        best = ", the least there is" if metric.is_exact else ""
        lines.append(f"order {metric.order}: {metric.name}: {format_number(metric.value)}{best}")
    lines += _quality(plan)
    lines += [f"left out: {each.label} ({each.slug}): {each.text}" for each in plan.left_out[:SHOWN]]
    if plan.left_out_total > SHOWN:
        lines.append(f"left out as well: {plan.left_out_total - SHOWN} more")
    if plan.implied:
        lines.append(f"counted as known as well: {', '.join(plan.implied)}")
    return "\n".join(lines)


def _quality(plan: "Plan") -> list[str]:
    """What a plan within a budget reached; of any plan, how far from the best it can be."""
    proof = plan.proof
    is_bounded = plan.budget_hours is not None or plan.price is not None
    lines = [f"{proof.name}: {format_number(proof.value)}"] if is_bounded else []
    if proof.status == "optimal":
        return [f"{line}, proven to be the best" for line in lines]
    bound = f"not proven to be the best: the bound is {format_number(proof.bound)}, {proof.gap:.1%} away"
    return [*lines, bound]


def _saved(plan: "Plan") -> str:
    saved = plan.hours_saved
    return f", {format_number(saved)} hours less than one goal at a time" if saved > 0 else ""
