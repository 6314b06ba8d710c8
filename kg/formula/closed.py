"""The closed form of a formula for one of its symbols: what solving yields before any value is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kg.errors import NotSolvable
from kg.formula import tree
from kg.formula.compile import CompiledFormula
from kg.formula.gather import gather_unknown
from kg.formula.invert import Branch, peel
from kg.formula.program import Program, compile_tree
from kg.formula.render import render
from kg.formula.tree import Name, Relation, Sum, walk
from kg.model.answer import Step
from kg.model.formula import Domain, Variable


@dataclass(frozen=True, slots=True, eq=False)
class SolvedForm:
    """What does not depend on values: the branches, each with its program over ``symbols``.

    Without branches, ``stuck`` says where isolating the unknown stops; its roots can then be found by number.
    """

    unknown: Variable
    symbols: tuple[str, ...]
    branches: tuple[Branch, ...]
    programs: tuple[Program, ...]
    terms: tuple[Program, ...]
    """Left side, right side, and the size of each, over ``symbols`` and the unknown at the end."""
    relation: Relation
    stuck: str = ""
    kept: dict[str, object] = field(default_factory=dict, repr=False)
    """What was derived once and serves again: the outline of a search by number, texts."""

    @property
    def text(self) -> str:
        """``N = …``; several branches are joined by ``or``."""
        return " or ".join(f"{self.unknown.symbol} = {render(branch.value)}" for branch in self.branches)


def solved_form(compiled: CompiledFormula, symbol: str) -> SolvedForm:
    """The closed form for a symbol of the formula, worked out once.

    Raises:
        NotSolvable: the symbol is a series, or the formula no relation.
    """
    kept = compiled.kept.get(("solved", symbol))
    if isinstance(kept, SolvedForm):
        return kept
    form = _solve(compiled, symbol)
    compiled.kept[("solved", symbol)] = form
    return form


def _solve(compiled: CompiledFormula, symbol: str) -> SolvedForm:
    formula = compiled.formula
    unknown = next(variable for variable in compiled.variables if variable.symbol == symbol)
    if unknown.indexed_by:
        raise NotSolvable(formula.slug, symbol, "it is a series of values, and one relation gives one value")
    if compiled.output is None:
        raise NotSolvable(formula.slug, symbol, "it is an expression without an output, not a relation")
    relation = Relation(Name(compiled.output.symbol), compiled.body)
    return relation_form(relation, unknown, compiled.variables, name=formula.slug)


def relation_form(
    relation: Relation, unknown: Variable, variables: Sequence[Variable], *, name: str
) -> SolvedForm:
    """The form of any relation between the variables; ``name`` is what a failure calls it.

    Raises:
        NotSolvable: the unknown is not in the relation.
    """
    domains = {variable.symbol: variable.domain for variable in variables}
    stuck = ""
    branches: tuple[Branch, ...] = ()
    try:
        branches = _branches(relation, unknown.symbol, domains, name)
    except NotSolvable as error:
        if not tree.occurrences(relation, unknown.symbol):
            raise
        stuck = error.reason
    symbols = tuple(variable.symbol for variable in variables if variable.symbol != unknown.symbol)
    both = (*symbols, unknown.symbol)
    sizes = [tree.size_of(side) for side in (relation.left, relation.right)]
    parts = (relation.left, relation.right, *sizes)
    return SolvedForm(
        unknown,
        symbols,
        branches,
        tuple(compile_tree(branch.value, symbols) for branch in branches),
        tuple(compile_tree(part, both) for part in parts),
        relation,
        stuck,
    )


def _branches(
    relation: Relation, symbol: str, domains: Mapping[str, Domain], formula: str
) -> tuple[Branch, ...]:
    """The branches by peeling; where the symbol stands more than once, after bringing like terms together."""
    if tree.occurrences(relation, symbol) < 2 or any(isinstance(part, Sum) for part in walk(relation)):
        return peel(relation, symbol, domains, formula=formula)
    collected = gather_unknown(relation, symbol)
    if collected is None:
        return peel(relation, symbol, domains, formula=formula)
    step = Step(f"bring the terms of {symbol} together", render(collected))
    branches = peel(collected, symbol, domains, formula=formula)
    return tuple(replace(branch, steps=(step, *branch.steps)) for branch in branches)
