"""A block of relations that need each other, made ready for Newton's method, and solved."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

import numpy as np

from kg.errors import FormulaError, NoClosedForm, NotSolvable
from kg.formula.chain import Block, Chain
from kg.formula.costs import NUMERIC
from kg.formula.derivative import derivative
from kg.formula.hyperpath import Edge, Tree
from kg.formula.inputs import resolve_inputs
from kg.formula.network import Network, Relation
from kg.formula.newton import Equation, System, Unknown
from kg.formula.program import Program, Value, compile_tree
from kg.model.formula import Domain

POINTS: Final = 4
"""Random points at which a block is looked at."""


def solve_block(chain: Chain, tree: Tree, edges: tuple[Edge, ...]) -> Block:
    """The block with its solution; others that were found stand beside it.

    Raises:
        NotSolvable: none was found from any start.
    """
    network, tails = chain.network, tails_of(chain.network, edges)
    found = _system(chain, edges, {node: chain.value(tree, node) for node in tails}).solve()
    if not found:
        names = ", ".join(network.instances[node].name for node in sorted(node for _, node in edges))
        labels = " and ".join(network.relations[place].compiled.formula.slug for place, _ in edges)
        raise NotSolvable(labels, names, "they need each other, and no solution was found by number")
    own = sum(NUMERIC + _surcharge(network.relations[place], node) for place, node in edges)
    whole = own + sum(tree.costs[node] for node in tails)
    return Block(edges, found[0], tails, whole, own, tuple(found[1:]))


def tails_of(network: Network, edges: tuple[Edge, ...]) -> tuple[int, ...]:
    """What a block needs from elsewhere."""
    inside = {node for _, node in edges}
    nodes = {node for place, _ in edges for node in network.relations[place].nodes}
    return tuple(sorted(nodes - inside))


def may_determine(chain: Chain, edges: tuple[Edge, ...]) -> bool:
    """False where the relations say the same or contradict each other, for whatever values: some unknown stays open.

    Told at random points: slopes that are dependent at each of them are dependent everywhere, as good as surely.
    """
    draw = Random(0)  # noqa: S311 - points, not secrets
    for _ in range(POINTS):
        known = {node: _random(chain, node, draw) for node in tails_of(chain.network, edges)}
        try:
            system = _system(chain, edges, known)
        except FormulaError:
            continue
        if system.is_regular(
            np.array([system.coordinate(at, draw.uniform(0.2, 0.8)) for at in range(len(edges))])
        ):
            return True
    return False


def _random(chain: Chain, node: int, draw: Random) -> Value:
    instance = chain.network.instances[node]
    factor, domain = instance.domains[0]
    if instance.series:
        return tuple(_inside(domain, draw) / factor for _ in range(3))
    return _inside(domain, draw) / factor


def _inside(domain: Domain, draw: Random) -> float:
    """A value within a domain."""
    low = (
        domain.minimum
        if domain.minimum is not None
        else -2.0
        if domain.maximum is None
        else domain.maximum - 4.0
    )
    high = domain.maximum if domain.maximum is not None else low + 4.0
    value = draw.uniform(low, high)
    return float(round(value)) if domain.integer else value


def _system(chain: Chain, edges: tuple[Edge, ...], known: Mapping[int, Value]) -> System:
    unknowns = tuple(_unknown(chain, edge) for edge in edges)
    return System(unknowns, tuple(_equation(chain, place, unknowns, known) for place, _ in edges))


def _surcharge(relation: Relation, node: int) -> float:
    return relation.costs[node] - relation.methods[node]


def _unknown(chain: Chain, edge: Edge) -> Unknown:
    relation = chain.network.relations[edge[0]]
    domain = relation.variable(edge[1]).domain
    return Unknown(edge[1], domain.is_positive, relation.factor(edge[1]), domain)


def _equation(chain: Chain, place: int, unknowns: Sequence[Unknown], known: Mapping[int, Value]) -> Equation:
    relation = chain.network.relations[place]
    compiled, program = relation.compiled, relation.compiled.program
    given = chain.symbols_of(place, {node: known[node] for node in relation.nodes if node in known})
    output = relation.result
    value = given.pop(output.symbol, None)
    resolved = resolve_inputs(
        compiled,
        given,
        observed=(),
        fit=chain.laws.fit_of(place) or "",
        units=chain.units,
        target=output.symbol,
    )
    places = {unknown.node: at for at, unknown in enumerate(unknowns)}
    slopes = []
    right: tuple[int, float] | float = 0.0
    if isinstance(value, float):
        right = value * compiled.scales[output.symbol]
    for symbol, node, factor in zip(relation.symbols, relation.nodes, relation.factors, strict=True):
        if node not in places:
            continue
        scale = factor * compiled.scales[symbol]
        if symbol == output.symbol:
            right = places[node], scale
        else:
            slopes.append((places[node], program.symbols.index(symbol), _slope(chain, place, symbol), scale))
    values = tuple(resolved.values[: len(program.symbols)])
    return Equation(program, tuple(slopes), values, right, output.domain.is_positive)


def _slope(chain: Chain, place: int, symbol: str) -> Program | None:
    """The derivative of the relation's right side; None where the rules give none."""
    compiled = chain.network.relations[place].compiled
    key = ("slope", symbol)
    if key not in compiled.kept:
        try:
            node = derivative(compiled.body, symbol)
        except NoClosedForm:
            compiled.kept[key] = None
        else:
            compiled.kept[key] = compile_tree(node, compiled.program.symbols)
    kept = compiled.kept[key]
    return kept if isinstance(kept, Program) else None
