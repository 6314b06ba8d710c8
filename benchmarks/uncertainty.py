"""CPU of gradients and of propagated uncertainty: beside one evaluation, and beside NumPy as one writes it by hand."""

from collections.abc import Callable, Iterator
from math import isclose, log, sqrt

import numpy as np

from benchmarks.measure import Row, interleave
from benchmarks.planning import cpu_us
from kg.formula.compile import CompiledFormula
from kg.formula.givens import parse_givens
from kg.formula.gradient import flat_formula, gradient_of
from kg.formula.inputs import resolve_inputs
from kg.formula.program import Value
from kg.services.knowledge import Knowledge, open_knowledge
from kg.services.uncertainty import evaluate_as_asked

GRADIENT_TARGET = 8.0
"""Evaluations that a gradient by at most :data:`MOST_INPUTS` inputs may cost."""

MOST_INPUTS = 10
LINEAR_LIMIT_US = 1_000.0
DRAWS = 100_000
N, D = 70e9, 1.4e12
FIT = "besiroglu-2024"
ONE, EACH, BY_HAND = "one evaluation", "each evaluated", "NumPy by hand"


def measure_uncertainty(rounds: int, calls: int) -> Iterator[Row]:
    """CPU of one call, as the mean of ``calls`` in a round; formulas were asked before."""
    knowledge = open_knowledge()
    law = knowledge.compiled(knowledge.formula("chinchilla-loss").iri)
    gradient, evaluation = pair(law, knowledge)
    ours, theirs = interleave(cpu_us(gradient, 10 * calls), cpu_us(evaluation, 10 * calls), rounds=rounds)
    yield Row("gradient: Chinchilla, 7 inputs", ONE, "µs CPU", ours, theirs, GRADIENT_TARGET)
    gradients, evaluations = pairs(knowledge)
    ours, theirs = interleave(cpu_us(gradients, calls // 10), cpu_us(evaluations, calls // 10), rounds=rounds)
    yield Row("gradient: all of ≤ 10 inputs", EACH, "µs CPU", ours, theirs, GRADIENT_TARGET)
    known = constants(law)

    def ask(method: str, samples: int | None = None) -> float:
        found = evaluate_as_asked(
            knowledge, law.formula.iri, {"N": N, "D": D}, fit=FIT, uncertainty=method, samples=samples
        ).uncertainty
        assert found is not None
        assert found.standard_deviation is not None
        return found.standard_deviation

    by_hand = linear_by_hand(known)
    assert isclose(ask("linear"), by_hand(), rel_tol=1e-6)
    ours, theirs = interleave(cpu_us(lambda: ask("linear"), calls), cpu_us(by_hand, calls), rounds=rounds)
    yield Row("uncertainty: linear", BY_HAND, "µs CPU", ours, theirs, limit=LINEAR_LIMIT_US)
    draws = draws_by_hand(known)
    assert isclose(ask("monte-carlo", samples=DRAWS), draws(), rel_tol=0.05)
    few = max(1, calls // 100)
    ours, theirs = interleave(
        cpu_us(lambda: ask("monte-carlo", samples=DRAWS), few), cpu_us(draws, few), rounds=rounds
    )
    yield Row("Monte Carlo, 1e5 draws", BY_HAND, "µs CPU", ours, theirs)


def pair(
    compiled: CompiledFormula, knowledge: Knowledge
) -> tuple[Callable[[], object], Callable[[], object]]:
    """The gradient of a formula at its first worked example, and its evaluation there."""
    example, output = compiled.formula.examples[0], compiled.output
    resolved = resolve_inputs(
        compiled,
        parse_givens(example.givens),
        observed=(),
        fit=example.fit,
        units=knowledge.units,
        target=output.symbol if output is not None else "",
    )
    count = len(compiled.program.symbols)
    values: list[Value] = [value for value in resolved.values[:count] if value is not None]
    flat = flat_formula(compiled, values)
    gradient, point = gradient_of(flat), flat.values(values)
    return lambda: gradient.run(point), lambda: compiled.program.run(values)


def pairs(knowledge: Knowledge) -> tuple[Callable[[], object], Callable[[], object]]:
    """The gradients, and the evaluations, of all formulas of few inputs, one after the other."""
    compiled = [knowledge.compiled(entry.iri) for entry in knowledge.list("formula")]
    both = [pair(one, knowledge) for one in compiled if len(one.inputs) <= MOST_INPUTS]

    def gradients() -> None:
        for gradient, _ in both:
            gradient()

    def evaluations() -> None:
        for _, evaluation in both:
            evaluation()

    return gradients, evaluations


def constants(law: CompiledFormula) -> dict[str, tuple[float, float]]:
    """Constant → value and standard error."""
    chosen = next(one for one in law.formula.constant_sets if one.name == FIT)
    return {value.symbol: (value.value, value.standard_error or 0.0) for value in chosen.values}


def linear_by_hand(known: dict[str, tuple[float, float]]) -> Callable[[], float]:
    """First order from central differences, one array of points."""
    names = ("E", "A", "alpha", "B", "beta")
    point = np.array([known[name][0] for name in names])
    errors = np.array([known[name][1] for name in names])

    def deviation() -> float:
        steps = np.diag(point * 1e-5)
        e, a, alpha, b, beta = np.concatenate([point + steps, point - steps]).T
        loss = e + a / N**alpha + b / D**beta
        slopes = (loss[:5] - loss[5:]) / (2e-5 * point)
        return float(np.sqrt(((slopes * errors) ** 2).sum()))

    return deviation


def draws_by_hand(known: dict[str, tuple[float, float]]) -> Callable[[], float]:
    """The same distributions, drawn and put into the loss as one types it; with the quantiles."""

    def lognormal(
        generator: np.random.Generator, name: str
    ) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        mean, error = known[name]
        width = sqrt(log(1 + (error / mean) ** 2))
        return generator.lognormal(log(mean) - width * width / 2, width, DRAWS)

    def deviation() -> float:
        generator = np.random.default_rng(0)
        a, b, alpha, beta = (lognormal(generator, name) for name in ("A", "B", "alpha", "beta"))
        e = generator.normal(*known["E"], DRAWS)
        loss = e + a / N**alpha + b / D**beta
        np.quantile(loss, [0.05, 0.5, 0.95])
        return float(loss.std(ddof=1))

    return deviation
