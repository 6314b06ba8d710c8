"""Each shipped formula, solved for each of its symbols at its worked examples, gives the example's value back."""

import pytest

from kg.errors import NotSolvable, TriviumError
from kg.formula.compile import CompiledFormula
from kg.formula.evaluate import evaluate
from kg.formula.givens import parse_givens
from kg.formula.solve import solve_for
from kg.model.answer import Evaluation
from kg.services.knowledge import Knowledge


def undo(knowledge: Knowledge, compiled: CompiledFormula, known: Evaluation, symbol: str) -> str:
    """How the symbol was found again; empty where the output does not depend on it at this place."""
    values = {one.symbol: one.value for one in known.inputs if one.symbol != symbol}
    wanted = next(one.value for one in known.inputs if one.symbol == symbol)
    assert isinstance(wanted, float)
    whole = next(one for one in compiled.inputs if one.symbol == symbol).domain.integer
    for near in (wanted + 1, wanted - 1) if whole else (wanted * 1.001, wanted * 0.999):
        try:
            moved = evaluate(compiled, values | {symbol: near}, units=knowledge.units).value
        except TriviumError:
            continue
        if abs(moved - known.value) <= 1e-9 * abs(known.value):
            return ""
    solution = solve_for(compiled, symbol, values | {known.symbol: known.value}, units=knowledge.units)
    assert any(root.value == pytest.approx(wanted, rel=1e-6) for root in solution.roots), (
        f"{compiled.formula.slug} for {symbol}: {wanted} is not among {solution.roots}"
    )
    for root in solution.roots:
        again = evaluate(compiled, values | {symbol: root.value}, units=knowledge.units).value
        assert again == pytest.approx(known.value, rel=1e-6)
    return solution.roots[0].method


def test_each_formula_is_undone_for_each_symbol(shipped: Knowledge) -> None:
    methods: list[str] = []
    for entry in shipped.list("formula"):
        compiled = shipped.compiled(entry.iri)
        if compiled.output is None:
            continue
        bounds = set(compiled.series_bounds.values())
        for example in compiled.formula.examples[:1]:
            known = evaluate(compiled, parse_givens(example.givens), fit=example.fit, units=shipped.units)
            for variable in compiled.inputs:
                if variable.indexed_by:
                    with pytest.raises(NotSolvable):
                        solve_for(compiled, variable.symbol, {}, units=shipped.units)
                elif variable.symbol not in bounds:
                    methods.append(undo(shipped, compiled, known, variable.symbol))
    assert methods.count("isolated") > 40
    assert methods.count("numeric") > 0
