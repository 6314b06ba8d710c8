"""What algebra answers, as JSON documents."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.model.algebra import Rewritten, Verdict, Witness

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
