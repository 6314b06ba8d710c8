"""What one formula costs in a derivation: how it is solved, and what it rests on.

All costs are multiples of a quarter, so that sums of them are exact and ties are real ties.
"""

from collections.abc import Mapping
from math import inf
from types import MappingProxyType
from typing import Final

from kg.formula.compile import CompiledFormula
from kg.formula.tree import Call, Item, Name, Node, Sum, children
from kg.model.formula import Formula, Variable

EXPLICIT: Final = 1.0
"""The output, computed from the rest."""
ISOLATED: Final = 1.5
CLOSED: Final = 2.0
"""Freed after its terms were brought together."""
NUMERIC: Final = 5.0
SEVERAL_ROOTS: Final = 20.0
OUTSIDE_RANGE: Final = 2.0
"""More for a value outside the range that a fit was made on; laws are often carried beyond, so it is little."""
BY_DEFAULT: Final = 10.0
"""A default is the last resort."""
PREFERRED: Final = 0.25
UNWANTED: Final = 100.0
"""More for what stands beside a preferred formula."""

KINDS: Final = MappingProxyType(
    {
        "definition": 0.0,
        "identity": 0.0,
        "law": 0.5,
        "heuristic": 0.5,
        "model": 2.25,
        "empirical-fit": 3.0,
        "bound": 5.0,
    }
)
"""What a formula of a kind costs more than a definition; a bound is the last of them, for it is no equality."""
BACKWARDS: Final = 1.0
"""More for an input of what is no definition: a law says what follows from its inputs, seldom what they were."""
BY_KIND: Final = frozenset({"definition", "identity", ""})
DOUBT: Final = 4.0
"""What a formula of no certainty at all costs more."""
LOW_CERTAINTY: Final = 0.6
"""Below it, a derivation says so."""

_WITHOUT_INVERSE: Final = frozenset({"min", "max", "floor", "ceil", "sign", "sin", "cos", "tan"})


def surcharges(formula: Formula) -> tuple[float, float]:
    """What the formula's kind and certainty cost beside the way it is solved: for its output, and for an input."""
    certainty = formula.evidence.certainty
    doubt = 0.0 if certainty is None else round((1 - certainty) * DOUBT * 4) / 4
    penalty = KINDS.get(formula.kind, 0.0) + doubt
    return penalty, penalty + (0.0 if formula.kind in BY_KIND else BACKWARDS)


def solving_costs(compiled: CompiledFormula) -> Mapping[str, float]:
    """Variable → the least that solving for it can cost; infinite for a series.

    What depends on values, several roots or a range that is left, is added where it is seen.
    """
    output = compiled.output
    if output is None:
        return {}
    seen: dict[str, list[bool]] = {}
    _occurrences(compiled.body, seen, stuck=False)
    bounds = set(compiled.series_bounds.values())
    costs = {variable.symbol: _least(variable, seen[variable.symbol], bounds) for variable in compiled.inputs}
    return {**costs, output.symbol: EXPLICIT}


def _least(variable: Variable, places: list[bool], bounds: set[str]) -> float:
    if variable.indexed_by or variable.symbol in bounds:
        return inf
    if all(places):
        return NUMERIC
    return ISOLATED if len(places) == 1 else CLOSED


def _occurrences(node: Node, seen: dict[str, list[bool]], *, stuck: bool) -> None:
    """For each name, a flag for each place: True where nothing there can be undone."""
    if isinstance(node, Name | Item):
        seen.setdefault(node.name, []).append(stuck)
        return
    stuck = stuck or isinstance(node, Sum) or (isinstance(node, Call) and node.function in _WITHOUT_INVERSE)
    for part in children(node):
        _occurrences(part, seen, stuck=stuck)
