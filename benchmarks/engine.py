"""CPU of the formula engine in process: a warm evaluation beside sympy and NumPy, warm roots by number beside sympy."""

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from math import isclose

import sympy

from benchmarks.measure import Row, interleave
from benchmarks.planning import cpu_us
from kg.formula.evaluate import evaluate
from kg.formula.expressions import solve_expression
from kg.services.knowledge import open_knowledge

EVALUATE_LIMIT_US, EVALUATE_TARGET = 20.0, 1 / 25
ROOT_LIMIT_US = 200.0
SUBS, LAMBDIFY, NUMPY = "subs(…).evalf()", "sympy.lambdify", "NumPy by hand"
NSOLVE = "sympy.nsolve"
N, D = 70e9, 1.4e12
BY_ENGINE = "evaluate: by the engine"


def measure_engine(rounds: int, calls: int) -> Iterator[Row]:
    """CPU of one call, as the mean of ``calls`` in a round; formula and expression were asked before.

    Peers take plain numbers and give one; they know no names, units or domain.
    """
    knowledge = open_knowledge()
    handle = knowledge.formula("chinchilla-loss")
    compiled, units = knowledge.compiled(handle.iri), knowledge.units
    known = {one.symbol: one.value for one in handle.evaluate(N=N, D=D).inputs}
    asked = {
        "by its handle": lambda: knowledge.formula("chinchilla-loss").evaluate(N=N, D=D).value,
        "by the engine": lambda: evaluate(compiled, {"N": N, "D": D}, units=units).value,
        "with texts": lambda: evaluate(compiled, {"N": "70B", "D": "1.4T"}, units=units).value,
        "all of the answer read": lambda: evaluate(compiled, {"N": N, "D": D}, units=units).steps,
    }
    subs = by_subs(handle.sympy.rhs, known)
    for what, ask in asked.items():
        ours, theirs = interleave(cpu_us(ask, calls), cpu_us(subs, calls), rounds=rounds)
        target = EVALUATE_TARGET if what in ("by its handle", "by the engine") else 0.0
        limit = 0.0 if what == "all of the answer read" else EVALUATE_LIMIT_US
        yield Row(f"evaluate: {what}", SUBS, "µs CPU", ours, theirs, target, limit)
    peers = {LAMBDIFY: by_lambdify(handle.sympy.rhs, known)}
    if find_spec("numpy"):
        peers[NUMPY] = by_numpy(known)
    for peer, ask in peers.items():
        assert isclose(ask(), asked["by the engine"](), rel_tol=1e-12)
        # So short a call needs more of them.
        ours, theirs = interleave(
            cpu_us(asked["by the engine"], calls), cpu_us(ask, 10 * calls), rounds=rounds
        )
        yield Row(BY_ENGINE, peer, "µs CPU", ours, theirs)
    if NUMPY not in peers:
        yield Row(BY_ENGINE, NUMPY, "µs CPU", missing="numpy is not installed")
    x = sympy.Symbol("x")
    ours, theirs = interleave(
        cpu_us(lambda: solve_expression("x**5 + x - p", "x", {"p": 3.0}, {}), calls),
        cpu_us(lambda: sympy.nsolve(x**5 + x - 3, x, 1.0), calls),
        rounds=rounds,
    )
    yield Row("roots: x**5 + x - p, all, proved", NSOLVE, "µs CPU", ours, theirs, limit=ROOT_LIMIT_US)


def by_subs(expression: sympy.Expr, known: dict[str, float]) -> Callable[[], object]:
    """Substitution of all symbols, then a number."""
    values = {symbol: known[symbol.name] for symbol in expression.free_symbols}
    return lambda: expression.subs(values).evalf()


def by_lambdify(expression: sympy.Expr, known: dict[str, float]) -> Callable[[], float]:
    """A function of N and D that sympy writes, over :mod:`math`; the constants are in it."""
    constants = {
        symbol: known[symbol.name] for symbol in expression.free_symbols if symbol.name not in ("N", "D")
    }
    function = sympy.lambdify(sympy.symbols("N D"), rename(expression.subs(constants)), modules="math")
    return lambda: float(function(N, D))


def rename(expression: sympy.Expr) -> sympy.Expr:
    """The expression with symbols of no assumptions."""
    return expression.subs({symbol: sympy.Symbol(symbol.name) for symbol in expression.free_symbols})


def by_numpy(known: dict[str, float]) -> Callable[[], float]:
    """The loss as one writes it by hand for arrays, called with one value of each."""
    import numpy as np

    e, a, alpha, b, beta = (known[name] for name in ("E", "A", "alpha", "B", "beta"))

    def loss(n: float, d: float) -> "np.float64":
        return np.float64(e + a / np.power(n, alpha) + b / np.power(d, beta))

    return lambda: loss(N, D)
