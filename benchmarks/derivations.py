"""CPU of a derivation over large synthetic networks, beside a plain forward closure; of joining the shipped formulas.

The closure is the least that any search does: it fires each formula once all but one of its quantities are known,
without costs, values, checks or a record, and stops at the target.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from random import Random
from statistics import mean

from benchmarks.measure import Row, interleave
from benchmarks.planning import cpu_us
from kg.formula.compile import CompiledFormula, compile_formula
from kg.formula.derive import derive
from kg.formula.grammar import read
from kg.formula.network import Network, build_network
from kg.formula.program import compile_tree
from kg.formula.units import UnitTable
from kg.model.formula import Domain, Formula, Role, Variable
from kg.model.iri import Iri
from kg.model.quantity import ONE, Quantity
from kg.services.knowledge import open_knowledge

BASE = "https://example.org/id/"
SHARE = 0.3
"""Of the quantities, so many are given: most of what then follows lies many formulas away."""
TARGETS = 8
LIMITS_US = {1_000: 5_000.0, 10_000: 250_000.0}
JOIN_LIMIT_US = 100_000.0
CLOSURE = "plain closure"
POSITIVE = Domain(minimum=0.0, open_minimum=True)


def measure_derive(rounds: int, calls: int) -> Iterator[Row]:
    """CPU of one derivation, the mean over targets that can be derived, each asked before."""
    for size, limit in LIMITS_US.items():
        network, truth = synthetic_network(size)
        givens, targets = draw_question(network, truth)
        units = UnitTable()

        def ours(network: Network, givens: dict[str, float], target: str, units: UnitTable) -> None:
            derive(network, Iri(f"{BASE}quantity/{target}"), givens, units=units)

        theirs = [cpu_us(partial(closure, network, givens, target), 1) for target in targets]
        asked = [cpu_us(partial(ours, network, givens, target, units), 1) for target in targets]
        mine, others = interleave(
            lambda asked=asked: mean(ask() for ask in asked),  # type: ignore[misc]
            lambda theirs=theirs: mean(ask() for ask in theirs),  # type: ignore[misc]
            rounds=rounds,
        )
        yield Row(f"derive: {size:,} formulas", CLOSURE, "µs CPU", mine, others, limit=limit)
    yield measure_joining(rounds, calls)


def measure_joining(rounds: int, calls: int) -> Row:
    """CPU of the network of the shipped formulas, beside the trees and programs of the same."""
    knowledge = open_knowledge()
    formulas = [knowledge.compiled(entry.iri) for entry in knowledge.list("formula")]
    few = max(1, calls // 100)

    def compile_all() -> None:
        for one in formulas:
            read(one.formula.expression)
            compile_tree(one.body, one.program.symbols)

    ours, theirs = interleave(
        cpu_us(lambda: build_network(formulas), few), cpu_us(compile_all, few), rounds=rounds
    )
    return Row("derive: shipped, all joined", "compiling them", "µs CPU", ours, theirs, limit=JOIN_LIMIT_US)


def synthetic_network(size: int) -> tuple[Network, dict[str, float]]:
    """As many formulas as quantities, each between three, and a value for each quantity that fits them all."""
    draw = Random(1)
    names = [f"q{at:05}" for at in range(size)]
    truth = {name: draw.uniform(1.0, 2.0) for name in names}
    shapes: dict[str, CompiledFormula] = {}
    return build_network(_formula(at, names, truth, draw, shapes) for at in range(size)), truth


def _formula(
    at: int, names: list[str], truth: dict[str, float], draw: Random, shapes: dict[str, CompiledFormula]
) -> CompiledFormula:
    first, second = draw.sample([name for name in draw.sample(names, 3) if name != names[at]], 2)
    product = draw.random() < 0.5
    value = truth[first] * truth[second] if product else truth[first] / truth[second]
    iri = f"{BASE}formula/f{at:05}"

    def variable(symbol: str, role: Role, name: str = "", default: float | None = None) -> Variable:
        quantity = Quantity(Iri(f"{BASE}quantity/{name}"), name, name, ONE) if name else None
        return Variable(
            Iri(f"{iri}#{symbol}"), symbol, role, symbol, quantity, domain=POSITIVE, default=default
        )

    record = Formula(
        Iri(iri),
        f"f{at:05}",
        f"formula {at}",
        "y = k*a*b" if product else "y = k*a/b",
        (
            variable("y", Role.OUTPUT, names[at]),
            variable("a", Role.INPUT, first),
            variable("b", Role.INPUT, second),
            variable("k", Role.CONSTANT, default=truth[names[at]] / value),
        ),
    )
    # All formulas of a shape share tree and program: compiling them is measured elsewhere.
    if record.expression not in shapes:
        shapes[record.expression] = compile_formula(record)
    shape = shapes[record.expression]
    variables = tuple(variable for old in shape.variables if (variable := record.variable(old.symbol)))
    return replace(shape, formula=record, output=record.output, variables=variables, kept={})


def draw_question(network: Network, truth: dict[str, float]) -> tuple[dict[str, float], list[str]]:
    """What is given, and targets that follow from it."""
    draw = Random(2)
    names = sorted(truth)
    givens = {name: truth[name] for name in draw.sample(names, int(SHARE * len(names)))}
    others = draw.sample([name for name in names if name not in givens], 3 * TARGETS)
    return givens, [name for name in others if closure(network, givens, name)][:TARGETS]


def closure(network: Network, givens: dict[str, float], target: str) -> bool:
    """True where the target follows, formula by formula."""
    wanted = network.names[target][0]
    known = {network.names[name][0] for name in givens}
    waiting, left, rest = deque(known), list(network.sizes), list(network.totals)
    while waiting:
        node = waiting.popleft()
        for place in network.incident[node]:
            left[place] -= 1
            rest[place] ^= node
            if left[place] == 1 and rest[place] not in known:
                if rest[place] == wanted:
                    return True
                known.add(rest[place])
                waiting.append(rest[place])
    return False
