"""What algebra answers, as JSON documents."""

from typing import TYPE_CHECKING, Any

from api.links import Links
from api.wire import reference

if TYPE_CHECKING:
    from kg.model.algebra import Rewritten, Verdict, Witness
    from kg.model.exercise import CheckedAnswer, Exercise, ExpectedAnswer, Hint

Document = dict[str, Any]


def rewritten_document(found: "Rewritten") -> Document:
    """The answer of ``/expressions/simplify``, ``expand``, ``differentiate`` and ``integrate``."""
    return {
        "expression": found.expression,
        "latex": found.latex,
        "mathml": found.mathml,
        "how": found.how,
        "points": found.points,
        "conditions": list(found.conditions),
    }


def verdict_document(found: "Verdict") -> Document:
    """The answer of ``/expressions/equivalent``; numbers of a witness are text, exact or to many digits."""
    document: Document = {
        "verdict": found.verdict,
        "how": found.how,
        "reason": found.reason,
        "points": found.points,
    }
    return document | ({"witness": witness_document(found.witness)} if found.witness else {})


def witness_document(witness: "Witness") -> Document:
    """A point and both values there; null where a side has none."""
    return {"point": dict(witness.point), "left": witness.left, "right": witness.right}


def answer_document(found: "CheckedAnswer", links: Links) -> Document:
    """The answer of ``/exercises/{slug}/check``."""
    verdict = found.verdict
    document: Document = {
        "exercise": reference(found.exercise.iri, found.exercise.label, links),
        "prompt": found.exercise.prompt,
        "givens": found.exercise.givens,
        "answer": verdict.answer,
        "value": verdict.value,
        "verdict": verdict.verdict,
        "how": verdict.how,
        "reason": verdict.reason,
        "reading": _reading(found.reading) if found.reading else None,
        "tolerance": verdict.tolerance,
        "part": verdict.part,
        "slip": verdict.slip,
        "readings": [_reading(one) for one in found.readings],
    }
    return document | ({"witness": witness_document(verdict.witness)} if verdict.witness else {})


def hint_document(exercise: "Exercise", hint: "Hint", number: int, total: int, links: Links) -> Document:
    """The answer of ``/exercises/{slug}/hints``."""
    address = f"{links.href(exercise.iri)}/hints?n={number + 1}"
    return {
        "exercise": reference(exercise.iri, exercise.label, links),
        "prompt": exercise.prompt,
        "n": number,
        "total": total,
        "text": hint.text,
        "relation": hint.relation,
        "resource": {"iri": hint.resource, "href": links.href(hint.resource)} if hint.resource else None,
        "next": address if number < total else None,
    }


def _reading(expected: "ExpectedAnswer") -> Document:
    return {
        "name": expected.name,
        "label": expected.label,
        "meaning": expected.meaning,
        "preferred": expected.preferred,
        "symbol": expected.symbol,
        "expression": expected.expression,
    }
