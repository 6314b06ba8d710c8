"""CPU of the formula engine in process: a warm evaluation beside sympy, and warm roots by number beside sympy."""

import sympy

from benchmarks.measure import Row, interleave
from benchmarks.planning import cpu_us
from kg.formula.evaluate import evaluate
from kg.formula.expressions import solve_expression
from kg.services.knowledge import open_knowledge

EVALUATE_LIMIT_US, EVALUATE_TARGET = 20.0, 1 / 25
ROOT_LIMIT_US = 200.0
SUBS = "sympy: subs(…).evalf() of the same formula"
NSOLVE = "sympy: nsolve from a start beside the root"


def measure_engine(rounds: int, calls: int) -> tuple[Row, ...]:
    """CPU of one call, as the mean of ``calls`` in a round; formula and expression were asked before."""
    knowledge = open_knowledge()
    handle = knowledge.formula("chinchilla-loss")
    compiled, units = knowledge.compiled(handle.iri), knowledge.units
    equation = handle.sympy
    known = {one.symbol: one.value for one in handle.evaluate(N=70e9, D=1.4e12).inputs}
    values = {symbol: known[symbol.name] for symbol in equation.rhs.free_symbols}
    asked = {
        "by its handle": lambda: knowledge.formula("chinchilla-loss").evaluate(N=70e9, D=1.4e12).value,
        "by the engine": lambda: evaluate(compiled, {"N": 70e9, "D": 1.4e12}, units=units).value,
        "with texts": lambda: evaluate(compiled, {"N": "70B", "D": "1.4T"}, units=units).value,
        "all of the answer read": lambda: evaluate(compiled, {"N": 70e9, "D": 1.4e12}, units=units).steps,
    }
    rows = []
    for what, ask in asked.items():
        ours, theirs = interleave(
            cpu_us(ask, calls),
            cpu_us(lambda: equation.rhs.subs(values).evalf(), calls),
            rounds=rounds,
        )
        target = EVALUATE_TARGET if what in ("by its handle", "by the engine") else 0.0
        limit = 0.0 if what == "all of the answer read" else EVALUATE_LIMIT_US
        rows.append(Row(f"evaluate in process: {what}", SUBS, "µs CPU", ours, theirs, target, limit))
    x = sympy.Symbol("x")
    ours, theirs = interleave(
        cpu_us(lambda: solve_expression("x**5 + x - p", "x", {"p": 3.0}, {}), calls),
        cpu_us(lambda: sympy.nsolve(x**5 + x - 3, x, 1.0), calls),
        rounds=rounds,
    )
    rows.append(Row("roots: x**5 + x - p, all, proved", NSOLVE, "µs CPU", ours, theirs, limit=ROOT_LIMIT_US))
    return tuple(rows)
