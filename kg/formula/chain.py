"""A chain of formulas that holds for its values: the cheapest by structure, tried, and searched again where it fails.

What leaves a domain or has no root is not used; what leaves a fitted range or has several roots costs more, and
another way may then be cheaper. Only formulas on a way that could be the cheapest are ever computed: the costs
before trying are lower bounds. (Lazy shortest paths: Dellin & Srinivasa, ICAPS 2016.)
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Final, cast

from kg.errors import TooLarge, TriviumError
from kg.formula.costs import CLOSED, NUMERIC, OUTSIDE_RANGE, SEVERAL_ROOTS
from kg.formula.evaluate import evaluate
from kg.formula.hyperpath import SOURCE, Edge, Tree, search, way_to
from kg.formula.knowns import Knowns
from kg.formula.laws import Laws
from kg.formula.network import Network, Relation
from kg.formula.plan import plan_for
from kg.formula.program import Value
from kg.formula.solve import solve_for
from kg.formula.units import UnitTable
from kg.model.answer import Evaluation, Solution

MAX_ROUNDS: Final = 300
"""Searches that one derivation may take: each but the last found a formula that fails or costs more."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a formula gave for one of its nodes, in the node's unit; ``extra`` is what it costs beyond the least."""

    value: float
    method: str
    answer: Evaluation | Solution
    extra: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Relations that were solved together, each with the node that it stands for.

    ``cost`` counts what leads to its ``tails`` too, ``own_cost`` the relations alone.
    """

    edges: tuple[Edge, ...]
    values: Mapping[int, float]
    tails: tuple[int, ...]
    cost: float
    own_cost: float
    others: tuple[Mapping[int, float], ...] = ()
    """Other solutions of the same block."""

    @property
    def nodes(self) -> tuple[int, ...]:
        """The nodes that it gives."""
        return tuple(node for _, node in self.edges)


@dataclass(slots=True)
class Chain:
    """A search in progress.

    ``wishes`` are added to costs of edges, ``banned`` are relations that are not used. What a ``preferred`` one
    gives costs no more for leaving a range or having several values. ``memo`` keeps what was computed for later
    chains over the same knowns.
    """

    network: Network
    knowns: Knowns
    laws: Laws
    units: UnitTable
    wishes: Mapping[Edge, float]
    banned: Collection[int]
    preferred: Collection[int] = ()
    memo: dict[object, Outcome | str] = field(default_factory=dict)
    extra: dict[Edge, float] = field(default_factory=dict)
    failures: dict[Edge, str] = field(default_factory=dict)
    outcomes: dict[Edge, Outcome] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)

    def settle(self, targets: Collection[int]) -> Tree | None:
        """The cheapest ways to all targets, computed; None where one of them is not reached.

        Raises:
            TooLarge: too many formulas fail or cost more than they seem to.
        """
        for _ in range(MAX_ROUNDS):
            tree = self.look(targets)
            if not all(tree.reaches(node) for node in targets):
                return None
            if self._holds(tree, way_to(self.network, tree, targets)):
                return tree
        raise TooLarge("the derivation, in formulas that fail,", MAX_ROUNDS + 1, MAX_ROUNDS)

    def look(self, targets: Collection[int] = (), *, more: Iterable[int] = (), defaults: bool = True) -> Tree:
        """What is reached by structure, as far as failures are known; ``more`` nodes are taken for known."""
        sources = self.knowns.costs if defaults else dict.fromkeys(self.knowns.values, 0.0)
        for block in self.blocks:
            sources.update(dict.fromkeys(block.nodes, block.cost))
        sources.update(dict.fromkeys(more, 0.0))
        extra = {**self.wishes, **self.extra}
        return search(self.network, sources, targets=targets, extra=extra, banned=self.banned)

    def value(self, tree: Tree, node: int) -> Value:
        """The value of a settled node."""
        if tree.by[node] != SOURCE:
            return self.outcomes[tree.by[node], node].value
        for block in self.blocks:
            if node in block.values:
                return block.values[node]
        return self.knowns.known(node).value

    def number(self, tree: Tree, node: int) -> float:
        """The value of a settled node that is no series."""
        return cast("float", self.value(tree, node))

    def cost_of(self, edge: Edge) -> float:
        """What an edge that was tried costs, without wishes."""
        return self.network.relations[edge[0]].costs[edge[1]] + self.outcomes[edge].extra

    def _holds(self, tree: Tree, way: tuple[Edge, ...]) -> bool:
        """True where each edge of the way gives a value at the cost that was taken for it."""
        lost: set[int] = set()
        for edge in way:
            relation = self.network.relations[edge[0]]
            if any(node in lost for node in relation.nodes if node != edge[1]):
                lost.add(edge[1])
                continue
            outcome = self.compute(
                edge, {node: self.value(tree, node) for node in relation.nodes if node != edge[1]}
            )
            extra = inf if isinstance(outcome, str) else self._dearer(edge, outcome)
            wish = self.wishes.get(edge, 0.0)
            if extra + wish > self.extra.get(edge, wish):
                self.extra[edge] = extra + wish
                lost.add(edge[1])
            if isinstance(outcome, str):
                self.failures[edge] = outcome
            else:
                self.outcomes[edge] = outcome
        return not lost

    def _dearer(self, edge: Edge, outcome: Outcome) -> float:
        """What the outcome costs beyond the least; nothing by a formula that is preferred whatever it costs."""
        return 0.0 if edge[0] in self.preferred else outcome.extra

    def compute(self, edge: Edge, values: Mapping[int, Value]) -> Outcome | str:
        """What the relation gives for the node, or why it gives nothing."""
        place, node = edge
        fit = self.laws.fit_of(place)
        if fit is None:
            return self.laws.why_not(place)
        key = (edge, fit, tuple(values.items()))
        known = self.memo.get(key)
        if known is None:
            try:
                known = self._compute(self.network.relations[place], place, node, values, fit)
            except TriviumError as error:
                known = str(error)
            self.memo[key] = known
        return known

    def symbols_of(self, place: int, values: Mapping[int, Value]) -> dict[str, object]:
        """The values of a relation's variables by symbol, in their own units."""
        relation = self.network.relations[place]
        found: dict[str, object] = dict(self.knowns.constants.get(place, {}))
        for symbol, node, factor in zip(relation.symbols, relation.nodes, relation.factors, strict=True):
            if node in values:
                found[symbol] = _times(values[node], factor)
        for symbol, node, factor in relation.bounds:
            known = self.knowns.values.get(node)
            if known is not None:
                found[symbol] = _times(known.value, factor)
        return found

    def _compute(
        self, relation: Relation, place: int, node: int, values: Mapping[int, Value], fit: str
    ) -> Outcome:
        compiled, factor = relation.compiled, relation.factor(node)
        givens = self.symbols_of(place, values)
        if node == relation.output:
            found = evaluate(compiled, givens, fit=fit, units=self.units)
            ranges = bool(plan_for(compiled, fit).ranges)
            extra = OUTSIDE_RANGE if ranges and found.warnings else 0.0
            return Outcome(found.value / factor, "explicit", found, extra)
        solution = solve_for(compiled, relation.variable(node).symbol, givens, fit=fit, units=self.units)
        least = relation.methods[node]
        numeric = solution.search is not None
        cost = NUMERIC if numeric else least
        if len(solution.roots) > 1:
            cost = SEVERAL_ROOTS
        method = "numeric" if numeric else "closed form" if least == CLOSED else "isolated"
        extra = max(cost - least, 0.0) + (OUTSIDE_RANGE if solution.warnings else 0.0)
        return Outcome(solution.roots[0].value / factor, method, solution, extra)


def _times(value: Value, factor: float) -> Value:
    if factor == 1.0:
        return value
    return tuple(one * factor for one in value) if isinstance(value, tuple) else value * factor
