"""Are two expressions equal on their domain? Proved, tested, or different with a witness; never a guess.

Agreement at points is only a test, and a computer algebra system can err: "proved" needs both sides to have a
value at the same places, their difference to be zero by algebra, and no point to speak against it.
"""

from collections.abc import Mapping
from typing import Any

import sympy

from kg.formula.canonical import canonical
from kg.formula.compare import ENOUGH, Comparison, compare
from kg.formula.definedness import demands
from kg.formula.parse import SymbolTable, to_sympy
from kg.formula.tree import Name, Node, Number, Sum, names, walk
from kg.model.algebra import Verdict
from kg.model.formula import Domain


def judge(left: Node, right: Node, domains: Mapping[str, Domain], *, prove: bool = True) -> Verdict:
    """The verdict on two expressions; without ``prove``, by their form and at points alone.

    >>> from kg.formula.grammar import read_expression
    >>> verdict = judge(read_expression("(a + b)**2"), read_expression("a^2 + 2*a*b + b^2"), {})
    >>> verdict.verdict, verdict.how
    ('equal', 'proved')
    """
    if canonical(left) == canonical(right):
        return Verdict("equal", "proved", "both are the same but for order and writing")
    found = compare(left, right, domains)
    if found.witness is not None:
        return Verdict("different", "witness", "they differ at this point", found.agreed, found.witness)
    if found.gap is not None:
        reason = "one side alone has a value at this point"
        if found.agreed:
            reason += f"; where both have one, they agreed at all {found.agreed} points"
        return Verdict("different", "witness", reason, found.agreed, found.gap)
    if prove and (reason := proof(left, right, domains)):
        return Verdict("equal", "proved", reason, found.agreed)
    return _tested(found)


def _tested(found: Comparison) -> Verdict:
    if found.values_agree:
        reason = f"they agree to thirty digits at {found.agreed} points of the domain"
        return Verdict("equal", "tested", reason, found.agreed)
    reason = f"only {found.agreed} points told anything, and {ENOUGH} are asked for"
    if found.undefined:
        reason += f"; at {found.undefined} neither side has a value"
    if found.unclear:
        reason += f"; at {found.unclear} fifty digits do not tell"
    return Verdict("undecided", "tested", reason, found.agreed)


def proof(left: Node, right: Node, domains: Mapping[str, Domain]) -> str:
    """What proves them equal wherever either has a value, in words; empty where no proof was found."""
    table = SymbolTable({name: domains.get(name, Domain()) for name in (*names(left), *names(right))})
    if _demanded(left, domains, table) != _demanded(right, domains, table):
        return ""
    one, two = to_sympy(left, table), to_sympy(right, table)
    if one == two:
        return "both have the same canonical form"
    if any(_may_run_back(part, domains) for side in (left, right) for part in walk(side)):
        return ""
    difference = one - two
    if sympy.expand(sympy.fraction(sympy.together(difference))[0]) == 0:
        return "their difference, over one denominator, has the numerator zero"
    if sympy.simplify(difference) == 0 or sympy.simplify(sympy.expand_log(difference)) == 0:
        return "their difference simplifies to zero"
    return ""


def _may_run_back(node: Node, domains: Mapping[str, Domain]) -> bool:
    """True for a sum whose end may lie before its beginning: empty here, of negative length in sympy's algebra."""
    if not isinstance(node, Sum):
        return False
    least = float(node.high.value) if isinstance(node.high, Number) else None
    if isinstance(node.high, Name):
        least = domains.get(node.high.name, Domain()).minimum
    return least is None or not isinstance(node.low, Number) or least < node.low.value - 1


def _demanded(node: Node, domains: Mapping[str, Domain], table: SymbolTable) -> frozenset[tuple[str, Any]]:
    """What the expression demands to have a value, in canonical form: where both demand the same, both have one."""
    found: set[tuple[str, Any]] = set()
    for demand in demands(node, domains):
        try:
            whole = to_sympy(demand.node, table)
        except KeyError:
            # An index of a sum stands in it: then only the same text is the same demand.
            found.add((demand.kind, demand.node))
            continue
        if demand.kind == "!=":
            found |= {("!=", part) for part in _factors(whole)}
        else:
            found.add((demand.kind, whole.primitive()[1] if demand.kind in (">", ">=") else whole))
    return frozenset(found)


def _factors(whole: Any) -> tuple[Any, ...]:
    """The factors of which none may be zero, each up to a number."""
    if not whole.free_symbols:
        return ()
    above, below = sympy.fraction(sympy.together(whole))
    if not (above.is_polynomial() and below.is_polynomial()):
        return (whole,)
    parts = [part for side in (above, below) if side.free_symbols for part, _ in sympy.factor_list(side)[1]]
    return tuple(-part if part.could_extract_minus_sign() else part for part in parts)
