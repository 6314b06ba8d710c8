"""The jobs of computer algebra: text in, checked forms and verdicts out."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from kg.services.engines import Engines

if TYPE_CHECKING:
    from kg.model.algebra import Rewritten

REWRITES: Final = ("simplify", "expand", "differentiate", "integrate")


def _rewriting(how: str) -> Callable[[Engines, dict[str, Any]], dict[str, Any]]:
    def job(_: Engines, payload: dict[str, Any]) -> dict[str, Any]:
        from kg.formula import algebra
        from kg.formula.expressions import read_domains
        from kg.formula.grammar import read_expression

        rewrite = getattr(algebra, how)
        node = read_expression(payload["expression"])
        found: Rewritten = rewrite(node, payload["for"], read_domains(payload["variables"]))
        return asdict(found)

    return job


def _compare(_: Engines, payload: dict[str, Any]) -> dict[str, Any]:
    from kg.formula.equivalence import judge
    from kg.formula.expressions import read_domains
    from kg.formula.grammar import read_expression

    left, right = (read_expression(payload[name]) for name in ("expression", "other"))
    return asdict(judge(left, right, read_domains(payload["variables"]), prove=False))


def _prove(_: Engines, payload: dict[str, Any]) -> dict[str, Any]:
    from kg.formula.equivalence import proof
    from kg.formula.expressions import read_domains
    from kg.formula.grammar import read_expression

    left, right = (read_expression(payload[name]) for name in ("expression", "other"))
    return {"reason": proof(left, right, read_domains(payload["variables"]))}


def _judge(_: Engines, payload: dict[str, Any]) -> dict[str, Any]:
    from kg.formula.answers import judge_answer
    from kg.formula.expressions import read_domains
    from kg.model.exercise import ExpectedAnswer

    givens = {name: Fraction(text) for name, text in payload["givens"].items()}
    expected = [ExpectedAnswer(**one) for one in payload["expected"]]
    domains = read_domains(payload["variables"])
    return asdict(judge_answer(payload["answer"], expected, givens, domains, prove=payload["prove"]))


ALGEBRA: Final[Mapping[str, Callable[[Engines, dict[str, Any]], dict[str, Any]]]] = MappingProxyType(
    {
        **{how: _rewriting(how) for how in REWRITES},
        "compare": _compare,
        "prove": _prove,
        "judge": _judge,
    }
)
"""The jobs of algebra, by name."""


def rehearse(engines: Engines) -> None:
    """What the first job would load is loaded: else each new worker spends most of a second on it."""
    small = {"expression": "x**2", "other": "x", "for": "x", "variables": {}}
    for name in (*REWRITES, "compare", "prove"):
        ALGEBRA[name](engines, small)
