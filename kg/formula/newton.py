"""Relations in as many unknowns, solved together: Newton's method with the symbolic Jacobian.

Where an unknown is positive throughout its domain its logarithm is the variable, and a relation between positive
sides is taken in logarithms: products of powers are then linear, and solved in one step.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from kg.errors import NoClosedForm, NotSolvable
from kg.formula.chain import Block, Chain
from kg.formula.costs import NUMERIC
from kg.formula.derivative import derivative
from kg.formula.hyperpath import Edge, Tree
from kg.formula.inputs import resolve_inputs
from kg.formula.network import Relation
from kg.formula.program import NoValue, Program, Value, compile_tree
from kg.formula.roots import near_whole
from kg.model.formula import Domain

TOLERANCE: Final = 1e-12
"""Greatest residual of each relation, relative to its sides."""
MAX_STEPS: Final = 80
MAX_STEP: Final = 12.0
"""Longest step in logarithms."""
HALVINGS: Final = 30
STARTS: Final = (0.0, 3.0, 6.0, 9.0, 12.0, 18.0, 24.0, -3.0, -6.0)
"""Powers of ten from which positive unknowns start."""

Vector = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class _Equation:
    """One relation: the program of what the output equals, its slopes, and where the unknowns stand."""

    program: Program
    slopes: tuple[tuple[int, int, Program | None, float], ...]
    """Unknown, place among the program's symbols, derivative, factor from the unknown to the program's units."""
    values: tuple[Value | None, ...]
    output: tuple[int, float] | float
    """The unknown with its factor, or the value."""
    logarithmic: bool


@dataclass(frozen=True, slots=True)
class _Unknown:
    node: int
    positive: bool
    factor: float
    domain: Domain


def solve_block(chain: Chain, tree: Tree, edges: tuple[Edge, ...]) -> Block:
    """The block with its solution; others that were found stand beside it.

    Raises:
        NotSolvable: none was found from any start.
    """
    network = chain.network
    inside = {node for _, node in edges}
    tails = sorted(
        {node for place, _ in edges for node in network.relations[place].nodes if node not in inside}
    )
    known = {node: chain.value(tree, node) for node in tails}
    unknowns = tuple(_unknown(chain, edge) for edge in edges)
    system = _System(unknowns, tuple(_equation(chain, place, unknowns, known) for place, _ in edges))
    found = system.solve()
    if not found:
        names = ", ".join(network.instances[node].name for node in sorted(inside))
        labels = " and ".join(network.relations[place].compiled.formula.slug for place, _ in edges)
        raise NotSolvable(labels, names, "they need each other, and no solution was found by number")
    own = sum(NUMERIC + _surcharge(network.relations[place], node) for place, node in edges)
    whole = own + sum(tree.costs[node] for node in tails)
    return Block(edges, found[0], tuple(tails), whole, own, tuple(found[1:]))


def _surcharge(relation: Relation, node: int) -> float:
    return relation.costs[node] - relation.methods[node]


def _unknown(chain: Chain, edge: Edge) -> _Unknown:
    relation = chain.network.relations[edge[0]]
    domain = relation.variable(edge[1]).domain
    return _Unknown(edge[1], domain.is_positive, relation.factor(edge[1]), domain)


def _equation(
    chain: Chain, place: int, unknowns: Sequence[_Unknown], known: Mapping[int, Value]
) -> _Equation:
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
    return _Equation(program, tuple(slopes), values, right, output.domain.is_positive)


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


@dataclass(frozen=True, slots=True)
class _System:
    unknowns: tuple[_Unknown, ...]
    equations: tuple[_Equation, ...]

    def solve(self) -> list[dict[int, float]]:
        """All solutions found, each once; that from the first start is the first."""
        found: list[dict[int, float]] = []
        for start in STARTS:
            point = self._descend(np.array([self._start(one, start) for one in self.unknowns]))
            if point is None:
                continue
            values = self._accepted(point)
            if values is not None and not any(_same(values, other) for other in found):
                found.append(values)
        return found

    def _start(self, unknown: _Unknown, power: float) -> float:
        low, high = unknown.domain.minimum, unknown.domain.maximum
        if low is not None and high is not None and math.isfinite(low) and math.isfinite(high):
            middle = (low + high) / 2 / unknown.factor
            return math.log(middle) if unknown.positive and middle > 0 else middle
        if unknown.positive:
            return max(power * math.log(10), math.log((low or 0) / unknown.factor + 1e-9))
        return power

    def _values(self, point: Vector) -> list[float] | None:
        try:
            return [
                math.exp(x) if unknown.positive else x
                for unknown, x in zip(self.unknowns, point.tolist(), strict=True)
            ]
        except OverflowError:
            return None

    def _descend(self, point: Vector) -> Vector | None:
        """Damped steps until each relation holds; None where that leads nowhere."""
        found = self._residuals(point)
        for _ in range(MAX_STEPS):
            if found is None:
                return None
            residuals, jacobian = found
            size = float(np.max(np.abs(residuals)))
            try:
                step = np.linalg.solve(jacobian, -residuals)
            except np.linalg.LinAlgError:
                return point if size <= TOLERANCE and self._is_regular(jacobian) else None
            if size <= TOLERANCE:
                # One step more, which is as good as free, unless it is lost in rounding.
                last = self._residuals(point + step)
                better = last is not None and float(np.max(np.abs(last[0]))) < size
                regular = self._is_regular(jacobian)
                return (point + step if better else point) if regular else None
            longest = float(np.max(np.abs(step)))
            if not math.isfinite(longest):
                return None
            step *= min(1.0, MAX_STEP / longest) if longest else 1.0
            moved = self._shorten(point, step, size)
            if moved is None:
                return None
            point, found = moved
        return None

    def _is_regular(self, jacobian: Vector) -> bool:
        """False where the relations do not determine their unknowns: one says what others say."""
        singular = np.linalg.svd(jacobian, compute_uv=False)
        return bool(singular[-1] > 1e-9 * singular[0])

    def _shorten(
        self, point: Vector, step: Vector, size: float
    ) -> tuple[Vector, tuple[Vector, Vector]] | None:
        for _ in range(HALVINGS):
            there = point + step
            found = self._residuals(there)
            if found is not None and float(np.max(np.abs(found[0]))) < size:
                return there, found
            step = step / 2
        return None

    def _residuals(self, point: Vector) -> tuple[Vector, Vector] | None:
        """How far each relation is from holding, and the slopes of that; None where one has no value."""
        values = self._values(point)
        if values is None:
            return None
        size = len(self.equations)
        residuals, jacobian = np.zeros(size), np.zeros((size, size))
        try:
            for row, equation in enumerate(self.equations):
                residuals[row] = self._row(equation, values, jacobian[row])
        except (NoValue, ZeroDivisionError, OverflowError, ValueError):
            return None
        return (residuals, jacobian) if np.isfinite(jacobian).all() else None

    def _row(self, equation: _Equation, values: Sequence[float], slopes: Vector) -> float:
        arguments = list(equation.values)
        for unknown, at, _, scale in equation.slopes:
            arguments[at] = values[unknown] * scale
        left = equation.program.run(arguments)
        right = equation.output
        solved = isinstance(right, tuple)
        target = values[right[0]] * right[1] if isinstance(right, tuple) else right
        if equation.logarithmic:
            if left <= 0 or target <= 0:
                raise NoValue
            residual, size = math.log(left / target), left
        else:
            size = max(abs(left), abs(target), 1e-300)
            residual = (left - target) / size
        for unknown, at, program, scale in equation.slopes:
            slope = self._slope(equation, program, arguments, at) * scale / size
            slopes[unknown] += slope * (values[unknown] if self.unknowns[unknown].positive else 1.0)
        if solved and isinstance(right, tuple):
            inner = values[right[0]] if self.unknowns[right[0]].positive else 1.0
            slopes[right[0]] -= inner * right[1] / (target if equation.logarithmic else size)
        return residual

    def _slope(
        self, equation: _Equation, program: Program | None, arguments: list[Value | None], at: int
    ) -> float:
        if program is not None:
            return program.run(arguments)
        middle = cast("float", arguments[at])
        step = 1e-6 * abs(middle) or 1e-9
        ends = [
            equation.program.run([*arguments[:at], middle + d, *arguments[at + 1 :]]) for d in (-step, step)
        ]
        return (ends[1] - ends[0]) / (2 * step)

    def _accepted(self, point: Vector) -> dict[int, float] | None:
        values = self._values(point)
        if values is None:
            return None
        found: dict[int, float] = {}
        for unknown, value in zip(self.unknowns, values, strict=True):
            own = value * unknown.factor
            own = near_whole(own) if unknown.domain.integer else own
            if own not in unknown.domain:
                return None
            found[unknown.node] = own / unknown.factor
        return found


def _same(one: Mapping[int, float], other: Mapping[int, float]) -> bool:
    return all(math.isclose(one[node], other[node], rel_tol=1e-6, abs_tol=1e-12) for node in one)
