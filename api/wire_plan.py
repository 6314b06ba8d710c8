"""Plans, explanations and critical paths as JSON documents."""

from api.links import Links
from api.wire import Document, reference
from kg.model.diagnosis import Diagnosis
from kg.model.plan import ChainLink, CriticalPath, Explanation, LeftOut, Plan, PlanGoal, PlanStep, TimedTopic


def plan_document(plan: Plan, links: Links) -> Document:
    """The answer of ``/learning/plan``."""
    return {
        "goals": [_goal(goal, links) for goal in plan.goals],
        "known": list(plan.known),
        "implied": list(plan.implied),
        "status": plan.proof.status,
        "hours": plan.hours,
        "objective": {"name": plan.proof.name, "value": plan.proof.value},
        "bound": plan.proof.bound,
        "gap": plan.proof.gap,
        "budgetHours": plan.budget_hours,
        "price": plan.price,
        "hoursOneByOne": plan.hours_one_by_one,
        "hoursSaved": plan.hours_saved,
        "order": plan.metric.order,
        "metric": {
            "name": plan.metric.name,
            "unit": plan.metric.unit,
            "value": plan.metric.value,
            "exact": plan.metric.is_exact,
        },
        "hoursPerWeek": plan.hours_per_week,
        "start": plan.start.isoformat() if plan.start else None,
        "note": plan.note,
        "total": len(plan.steps),
        "steps": [_step(step, links) for step in plan.steps],
        "leftOutTotal": plan.left_out_total,
        "leftOut": [_left_out(each, links) for each in plan.left_out],
    }


def explanation_document(explanation: Explanation, links: Links) -> Document:
    """The answer of ``/learning/explain``."""
    return {
        "step": _link(explanation.step, links),
        "known": explanation.known,
        "needed": explanation.needed,
        "text": explanation.text,
        "leftOut": _left_out(explanation.left_out, links) if explanation.left_out else None,
        "goals": [
            {"goal": found.goal, "text": found.text, "chain": [_link(link, links) for link in found.chain]}
            for found in explanation.goals
        ],
    }


def critical_document(path: CriticalPath, links: Links) -> Document:
    """The answer of ``/learning/critical-path``."""
    return {
        "goals": list(path.goals),
        "hours": path.hours,
        "totalHours": path.total_hours,
        "note": path.note,
        "chain": [_timed(topic, links) for topic in path.chain],
        "total": len(path.topics),
        "topics": [_timed(topic, links) for topic in path.topics],
    }


def diagnosis_document(diagnosis: Diagnosis) -> Document:
    """The answer of ``/learning/diagnose``."""
    return {
        "conforms": diagnosis.conforms,
        "topics": diagnosis.topics,
        "prerequisites": diagnosis.prerequisites,
        "total": len(diagnosis.findings),
        "findings": [
            {
                "severity": found.severity,
                "rule": found.rule,
                "topic": found.topic,
                "message": found.message,
                "hint": found.hint,
                "topics": list(found.topics),
            }
            for found in diagnosis.findings
        ],
    }


def _goal(goal: PlanGoal, links: Links) -> Document:
    return reference(goal.iri, goal.label, links) | {
        "slug": goal.slug,
        "known": goal.known,
        "reached": goal.reached,
        "hours": goal.hours,
        "steps": goal.steps,
    }


def _step(step: PlanStep, links: Links) -> Document:
    document = reference(step.iri, step.label, links) | {
        "slug": step.slug,
        "position": step.position,
        "hours": step.hours,
        "hoursBefore": step.hours_before,
        "area": step.area,
        "requires": list(step.requires),
        "serves": list(step.serves),
        "reasons": [{"kind": r.kind, "text": r.text, "topics": list(r.topics)} for r in step.reasons],
        "exercises": [
            reference(e.iri, e.label, links) | {"slug": e.slug, "kind": e.kind, "topics": list(e.topics)}
            for e in step.exercises
        ],
    }
    if step.first_day and step.last_day:
        document |= {"firstDay": step.first_day.isoformat(), "lastDay": step.last_day.isoformat()}
    return document


def _left_out(each: LeftOut, links: Links) -> Document:
    return reference(each.iri, each.label, links) | {
        "slug": each.slug,
        "hours": each.hours,
        "moreHours": each.more_hours,
        "kind": each.kind,
        "text": each.text,
    }


def _link(link: ChainLink, links: Links) -> Document:
    return reference(link.iri, link.label, links) | {"slug": link.slug, "hours": link.hours}


def _timed(topic: TimedTopic, links: Links) -> Document:
    return reference(topic.iri, topic.label, links) | {
        "slug": topic.slug,
        "hours": topic.hours,
        "earliest": topic.earliest,
        "latest": topic.latest,
        "slack": topic.slack,
    }
