"""Each shipped formula, solved for each variable at its example and at random points: its roots hold to 1e-10.

Where a variable is not found again, the formula does not depend on it at that place, or there is a reason here.
"""

import random
from collections import Counter

import pytest

from kg.errors import NotSolvable, OutOfDomain, TriviumError
from kg.formula.compile import CompiledFormula
from kg.formula.evaluate import evaluate
from kg.formula.givens import parse_givens
from kg.formula.program import compile_tree
from kg.formula.solve import solve_for
from kg.formula.tree import size_of
from kg.model.answer import Evaluation
from kg.model.formula import Role, Variable
from kg.services.knowledge import Knowledge

POINTS = 2
TRIES = 60
RESIDUAL = 1e-10
FLAT = 1e-7
"""An output that moves less than this, while a variable moves by a part in a thousand, does not show it."""
REASONS = {
    ("diffusion-decode-cost", "L"): "it stands inside a rounding",
    ("diffusion-decode-cost", "B"): "it stands inside a rounding",
}


def draw_value(variable: Variable, near: float | None, draw: random.Random) -> float:
    """A value in the domain, of about the size of the worked example where there is one."""
    domain = variable.domain
    low, high = domain.minimum, domain.maximum
    if low is not None and high is not None:
        return draw.uniform(low, high)
    if domain.integer:
        return float(max(low or 1, round((near or 4) * 10 ** draw.uniform(-0.3, 0.7))))
    if domain.is_nonnegative and low is not None:
        return max(near or 1.0, low) * 10 ** draw.uniform(0 if low else -1, 1)
    return (near or 1.0) * draw.choice([1, 1, -1]) * 10 ** draw.uniform(-0.5, 0.5)


def draw_points(knowledge: Knowledge, compiled: CompiledFormula) -> list[Evaluation]:
    """The formula at its worked example, where it has one, and at random points at which it has a value."""
    draw = random.Random(compiled.formula.slug)  # noqa: S311 - the same points each time
    example, points = {}, []
    for one in compiled.formula.examples[:1]:
        found = evaluate(compiled, parse_givens(one.givens), fit=one.fit, units=knowledge.units)
        points.append(found)
        example = {entry.symbol: entry.value for entry in found.inputs if isinstance(entry.value, float)}
    fit = compiled.formula.default_set or next((one.name for one in compiled.formula.constant_sets), "")
    bounds = set(compiled.series_bounds.values())
    wanted = len(points) + POINTS
    for _ in range(TRIES):
        count, values = draw.randint(2, 4), {}
        for variable in compiled.inputs:
            if variable.role is not Role.CONSTANT and variable.symbol not in bounds:
                near = example.get(variable.symbol)
                several = [draw_value(variable, near, draw) for _ in range(count)]
                values[variable.symbol] = several if variable.indexed_by else several[0]
        try:
            points.append(evaluate(compiled, values, fit=fit, units=knowledge.units))
        except OutOfDomain:
            continue
        if len(points) == wanted:
            return points
    raise AssertionError(f"{compiled.formula.slug} has no value at {TRIES} random points")


def residual(
    knowledge: Knowledge, compiled: CompiledFormula, known: dict[str, object], wanted: float
) -> float:
    """How far the output is from the wanted, relative to the terms of what it equals."""
    found = evaluate(compiled, known, units=knowledge.units)
    symbols = compiled.program.symbols
    values = {one.symbol: one.value for one in found.inputs}
    scales = compiled.scales
    scaled = [
        tuple(part * scales[name] for part in value) if isinstance(value, tuple) else value * scales[name]
        for name in symbols
        for value in (values[name],)
    ]
    size = compile_tree(size_of(compiled.body), symbols).run(scaled)
    assert compiled.output is not None
    return abs(found.value - wanted) * scales[compiled.output.symbol] / size if size else 0.0


def depends(
    knowledge: Knowledge,
    compiled: CompiledFormula,
    known: dict[str, object],
    variable: Variable,
    at: Evaluation,
) -> bool:
    """True where the output moves with the variable at this place."""
    value = next(one.value for one in at.inputs if one.symbol == variable.symbol)
    assert isinstance(value, float)
    moves = (value + 1, value - 1) if variable.domain.integer else (value * 1.001, value * 0.999)
    for moved in moves:
        try:
            apart = residual(knowledge, compiled, {**known, variable.symbol: moved}, at.value)
        except TriviumError:
            continue
        if apart <= FLAT:
            return False
    return value != 0


def undo(knowledge: Knowledge, compiled: CompiledFormula, variable: Variable, at: Evaluation) -> str:
    """How the variable was found; or, why it was not."""
    symbol, bounds = variable.symbol, set(compiled.series_bounds.values())
    known: dict[str, object] = {
        one.symbol: list(one.value) if isinstance(one.value, tuple) else one.value
        for one in at.inputs
        if one.symbol != symbol and one.symbol not in bounds
    }
    wanted = next(one.value for one in at.inputs if one.symbol == symbol)
    try:
        solution = solve_for(compiled, symbol, known | {at.symbol: at.value}, units=knowledge.units)
    except (NotSolvable, OutOfDomain):
        reason = REASONS.get((compiled.formula.slug, symbol), "")
        assert reason or not depends(knowledge, compiled, known, variable, at), (
            compiled.formula.slug,
            symbol,
        )
        return reason or "the output does not show it"
    for root in solution.roots:
        assert root.residual <= RESIDUAL
        assert residual(knowledge, compiled, known | {symbol: root.value}, at.value) <= RESIDUAL, (
            compiled.formula.slug,
            symbol,
            root,
        )
    if any(root.value == pytest.approx(wanted, rel=1e-6) for root in solution.roots):
        return solution.roots[0].method
    assert not depends(knowledge, compiled, known, variable, at), (compiled.formula.slug, symbol, wanted)
    return "the output does not show it"


def test_each_formula_is_undone_at_random_points_for_each_variable(shipped: Knowledge) -> None:
    ways: Counter[str] = Counter()
    for entry in shipped.list("formula"):
        compiled = shipped.compiled(entry.iri)
        bounds = set(compiled.series_bounds.values())
        for at in draw_points(shipped, compiled):
            for variable in compiled.inputs:
                if variable.indexed_by:
                    with pytest.raises(NotSolvable, match="series of values"):
                        solve_for(compiled, variable.symbol, {}, units=shipped.units)
                    ways["a series"] += 1
                elif variable.symbol in bounds:
                    ways["it follows from a series"] += 1
                else:
                    ways[undo(shipped, compiled, variable, at)] += 1
    found = ways["isolated"] + ways["numeric"]
    assert found > 0.93 * sum(ways.values())
    assert ways["numeric"] > 50
    assert ways["it stands inside a rounding"] == len(REASONS) * (POINTS + 1)
