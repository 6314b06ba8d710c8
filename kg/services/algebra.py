"""Algebra on expressions of one's own: sympy works in a process that can be stopped, and what it gives is checked.

What costs little is done here: reading, so that a slip is told at once, and the comparison of canonical forms.
"""

from collections.abc import Mapping
from dataclasses import replace
from time import monotonic
from typing import Any, Final

from kg.errors import BadParameter, DeadlineExceeded, Overloaded, UnknownSymbol, WorkerFailed
from kg.model.algebra import Rewritten, Verdict, Witness
from kg.services.engines import Engines
from kg.services.isolation import run_isolated
from kg.workers.limits import DEFAULT_LIMITS, Limits

PROOF_DEADLINE_S: Final = 3.0
"""What the search for a proof may take, once two expressions are known to agree at many points."""


def rewrite_expression(
    engines: Engines,
    how: str,
    text: str,
    symbol: str,
    variables: Mapping[str, object],
    *,
    limits: Limits = DEFAULT_LIMITS,
) -> tuple[Rewritten, str]:
    """The expression simplified, expanded, differentiated or integrated, and the symbol that this went by.

    Raises:
        BadSyntax, TooLarge: as :func:`kg.formula.grammar.read_expression`, the latter also of the result.
        UnknownSymbol, BadParameter: ``symbol`` or a described variable does not stand in it, or is left open.
        NoClosedForm: it has no derivative or integral that the grammar can write.
        DeadlineExceeded, Overloaded, WorkerFailed: the algebra was stopped, or not begun.
    """
    from kg.formula.expressions import read_domains
    from kg.formula.grammar import read_expression
    from kg.formula.names import plain_name
    from kg.formula.tree import names

    known = names(read_expression(text))
    symbol = plain_name(symbol)
    if how in ("differentiate", "integrate") and not symbol:
        if len(known) != 1:
            raise BadParameter("for", "", f"the symbol to {how} by: {', '.join(known) or 'x'}")
        symbol = known[0]
    if how in ("simplify", "expand") and symbol:
        _require_known([symbol], known)
    _require_known(read_domains(variables), (*known, symbol))
    payload = {"expression": text, "for": symbol, "variables": dict(variables)}
    found = run_isolated(engines, how, payload, limits=limits)
    return replace(Rewritten(**found), conditions=tuple(found["conditions"])), symbol


def judge_equivalence(
    engines: Engines,
    text: str,
    other: str,
    variables: Mapping[str, object],
    *,
    limits: Limits = DEFAULT_LIMITS,
) -> Verdict:
    """Whether two expressions are equal on their domain: proved, tested, or different with a witness.

    A proof that takes too long leaves what the points showed; both together keep to the limits.

    Raises:
        BadSyntax, TooLarge, UnknownSymbol, BadParameter: as :func:`rewrite_expression`.
        DeadlineExceeded, Overloaded, WorkerFailed: not even the points could be tried.
    """
    from kg.formula.canonical import canonical
    from kg.formula.expressions import read_domains
    from kg.formula.grammar import read_expression
    from kg.formula.tree import names

    left, right = read_expression(text), read_expression(other)
    _require_known(read_domains(variables), (*names(left), *names(right)))
    if canonical(left) == canonical(right):
        return Verdict("equal", "proved", "both are the same but for order and writing")
    payload = {"expression": text, "other": other, "variables": dict(variables)}
    until = monotonic() + limits.deadline_s
    verdict = _read_verdict(run_isolated(engines, "compare", payload, limits=limits))
    if verdict.verdict == "different":
        return verdict
    try:
        rest = replace(limits, deadline_s=min(PROOF_DEADLINE_S, until - monotonic()))
        reason = run_isolated(engines, "prove", payload, limits=rest)["reason"]
    except (DeadlineExceeded, Overloaded, WorkerFailed) as error:
        return replace(verdict, reason=f"{verdict.reason}; no proof: {error}")
    return replace(verdict, verdict="equal", how="proved", reason=reason) if reason else verdict


def _read_verdict(found: dict[str, Any]) -> Verdict:
    witness = found.pop("witness")
    if witness is None:
        return Verdict(**found)
    point = tuple((name, value) for name, value in witness["point"])
    return Verdict(**found, witness=Witness(point, witness["left"], witness["right"]))


def _require_known(given: Mapping[str, object] | list[str], known: tuple[str, ...]) -> None:
    for name in given:
        if name not in known:
            from kg.formula.names import near_names

            known = tuple(sorted({one for one in known if one}))
            raise UnknownSymbol(name[:64], known, near_names(name, known))
