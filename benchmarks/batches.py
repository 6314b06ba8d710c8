"""CPU of compiled formulas: one call beside Python by hand; a million points beside NumPy by hand and compiled C."""

import ctypes
import math
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from benchmarks.measure import Row, interleave
from benchmarks.planning import cpu_us
from kg.formula.array_program import ArrayProgram, Layout
from kg.formula.grammar import read_expression
from kg.formula.program import compile_tree
from kg.model.formula import Domain
from kg.services.knowledge import Knowledge, open_knowledge

POINTS, ROOTS, FEW_ROOTS = 1_000_000, 100_000, 200
RUNS = 2
SCALAR_TARGET, NUMPY_TARGET, C_TARGET, FAST_C_TARGET, UNITS_TARGET = 1.3, 1 / 1.5, 1 / 2, 1 / 0.7, 1.03
ROOT_LIMIT_US = 3.0
BY_HAND, NUMPY, C, FAST_C = "Python by hand", "NumPy by hand", "cc -O3", "cc -Ofast, mvec"
COMPILERS = {
    C: (["-O3"], C_TARGET),
    FAST_C: (["-Ofast", "-march=native"], FAST_C_TARGET),
}
"""Peer → its options and what must be reached beside it; the second has glibc's vector functions (``-lmvec``)."""

POSITIVE = Domain(0.0, None, open_minimum=True)
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Law:
    """A law as Trivium reads it, as one types it for Python and NumPy, and as one types it in C."""

    name: str
    expression: str
    python: Callable[..., Any]
    numpy: Callable[..., Any]
    c: str
    varying: dict[str, tuple[float, float]]
    """Ends between which the logarithms are drawn."""
    fixed: dict[str, float]

    @property
    def symbols(self) -> tuple[str, ...]:
        """The order of all arguments."""
        return (*self.varying, *self.fixed)


def loss(n: Any, d: Any, e: Any, a: Any, alpha: Any, b: Any, beta: Any) -> Any:
    """The Chinchilla loss by hand."""
    return e + a / n**alpha + b / d**beta


LOSS = Law(
    "Chinchilla loss",
    "E + A/N**alpha + B/D**beta",
    loss,
    loss,
    "E + A/pow(N[i], alpha) + B/pow(D[i], beta)",
    {"N": (1e8, 1e12), "D": (1e9, 1e13)},
    {"E": 1.69, "A": 406.4, "alpha": 0.34, "B": 410.7, "beta": 0.28},
)


def long_loss(*values: Any, exp: Callable[[Any], Any] = np.exp) -> Any:
    """Granular experts, repeated data, quantised weights: 29 operations by hand."""
    n, u, r, p, e, a, g, big_g, gamma, alpha, b, star, beta, c, delta, eps, q, f, zeta = values
    repeated = u * (1 + star * (1 - exp(-r / star)))
    return (
        e
        + (a + g / big_g**gamma) / n**alpha
        + b / repeated**beta
        + c * u**delta / n**eps * exp(-p / q)
        + f / (n * u) ** zeta
    )


LONG = Law(
    "29 operations",
    "E + (A + g/G**gamma)/N**alpha + B/(U*(1 + R*(1 - exp(-r/R))))**beta + C*U**delta/N**eps*exp(-P/q)"
    " + F/(N*U)**zeta",
    lambda *values: long_loss(*values, exp=math.exp),
    long_loss,
    "E + (A + g/pow(G, gamma))/pow(N[i], alpha) + B/pow(U[i]*(1 + R*(1 - exp(-r[i]/R))), beta)"
    " + C*pow(U[i], delta)/pow(N[i], eps)*exp(-P[i]/q) + F/pow(N[i]*U[i], zeta)",
    {"N": (1e8, 1e12), "U": (1e9, 1e13), "r": (0.1, 40.0), "P": (2.0, 16.0)},
    {
        "E": 1.69,
        "A": 300.0,
        "g": 50.0,
        "G": 8.0,
        "gamma": 0.58,
        "alpha": 0.34,
        "B": 410.7,
        "R": 15.4,
        "beta": 0.28,
        "C": 0.05,
        "delta": 0.5,
        "eps": 0.55,
        "q": 0.53,
        "F": 900.0,
        "zeta": 0.31,
    },
)
LAWS = (LOSS, LONG)


def measure_batches(rounds: int, calls: int) -> Iterator[Row]:
    """CPU of a call, of a million points, of a root; every peer computes the same numbers."""
    for law in LAWS:
        yield _scalar(law, rounds, calls)
    with TemporaryDirectory() as folder:
        for law in LAWS:
            yield from _arrays(law, Path(folder), rounds)
    knowledge = open_knowledge()
    yield _units(knowledge, rounds)
    yield from _roots(knowledge, rounds)


def _scalar(law: Law, rounds: int, calls: int) -> Row:
    point = [math.sqrt(low * high) for low, high in law.varying.values()] + list(law.fixed.values())
    function = compile_tree(read_expression(law.expression), law.symbols).function
    assert math.isclose(function(*point), law.python(*point), rel_tol=1e-12)
    ours, theirs = interleave(
        cpu_us(lambda: function(*point), 30 * calls),
        cpu_us(lambda: law.python(*point), 30 * calls),
        rounds=rounds,
    )
    return Row(f"call: {law.name}", BY_HAND, "µs CPU", ours, theirs, SCALAR_TARGET)


def _arrays(law: Law, folder: Path, rounds: int) -> Iterator[Row]:
    columns = draw(law, POINTS)
    values = [*columns, *law.fixed.values()]
    layout = Layout(tuple(law.varying), dict.fromkeys(law.symbols, POSITIVE))
    program = ArrayProgram(read_expression(law.expression), law.symbols, layout)
    name = f"1e6 points: {law.name}"
    expected, output = law.numpy(*values), np.empty(POINTS)
    np.testing.assert_allclose(program.run(values).values, expected, rtol=1e-13)
    peers: dict[str, tuple[Callable[[], object], float]] = {NUMPY: (lambda: law.numpy(*values), NUMPY_TARGET)}
    for peer, (options, target) in COMPILERS.items():
        found = compiled_c(law, folder, options)
        if isinstance(found, str):
            yield Row(name, peer, "µs CPU", missing=found)
            continue
        call = partial(found, POINTS, *map(_pointer, (output, *columns)), *law.fixed.values())
        call()
        np.testing.assert_allclose(output, expected, rtol=1e-12)
        peers[peer] = call, target
    for peer, (call, target) in peers.items():
        ours, theirs = interleave(
            cpu_us(lambda: program.run(values, out=output), RUNS), cpu_us(call, RUNS), rounds=rounds
        )
        yield Row(name, peer, "µs CPU", ours, theirs, target)


def draw(law: Law, points: int) -> list[Array]:
    """Points whose logarithms are spread evenly, the same each time."""
    random = np.random.default_rng(5)
    ends = (np.log(pair) for pair in law.varying.values())
    return [np.exp(random.uniform(low, high, points)) for low, high in ends]


def compiled_c(law: Law, folder: Path, options: list[str]) -> "Callable[..., None] | str":
    """The law as a C loop, compiled; why not, where it cannot be."""
    compiler = shutil.which("cc")
    if compiler is None:
        return "there is no C compiler"
    arrays = ", ".join(f"const double *{name}" for name in law.varying)
    numbers = ", ".join(f"double {name}" for name in law.fixed)
    source = folder / "law.c"
    source.write_text(
        "#include <math.h>\n"
        f"void law(long n, double *restrict out, {arrays}, {numbers})\n"
        f"{{ for (long i = 0; i < n; i++) out[i] = {law.c}; }}\n",
        "utf-8",
    )
    library = folder / f"{abs(hash((law.name, *options)))}.so"
    unlinked = library.with_suffix(".o")
    # Linked apart: with -Ofast, the library would turn off numbers below the least normal one in this process.
    for command in (
        [compiler, *options, "-fPIC", "-c", "-o", str(unlinked), str(source)],
        [compiler, "-shared", "-o", str(library), str(unlinked), "-lmvec", "-lm"],
    ):
        run = subprocess.run(command, check=False, capture_output=True, text=True)
        if run.returncode:
            return f"cc failed: {run.stderr.splitlines()[-1][:60] if run.stderr else run.returncode}"
    function = ctypes.CDLL(str(library)).law
    pointer = ctypes.POINTER(ctypes.c_double)
    function.argtypes = [
        ctypes.c_long,
        *[pointer] * (1 + len(law.varying)),
        *[ctypes.c_double] * len(law.fixed),
    ]
    function.restype = None
    return function  # type: ignore[no-any-return]  # what ctypes finds has no type


def _pointer(array: Array) -> Any:
    return array.ctypes.data_as(ctypes.POINTER(ctypes.c_double))


def _units(knowledge: Knowledge, rounds: int) -> Row:
    """The loss in another unit, beside the loss in its own."""
    handle = knowledge.formula("chinchilla-loss")
    n, d = draw(LOSS, POINTS)
    ours, theirs = interleave(
        cpu_us(lambda: handle.evaluate(N=n, D=d, unit="nat/Mtoken").value, 2 * RUNS),
        cpu_us(lambda: handle.evaluate(N=n, D=d).value, 2 * RUNS),
        rounds=rounds,
    )
    return Row("1e6 points: in another unit", "in its own", "µs CPU", ours, theirs, UNITS_TARGET)


def _roots(knowledge: Knowledge, rounds: int) -> Iterator[Row]:
    """A root of an array, beside SciPy's for one equation at a time."""
    losses = np.linspace(2.0, 3.0, ROOTS)
    handle, saved = knowledge.formula("chinchilla-loss"), knowledge.formula("amdahl-automation")
    gains = np.linspace(1.1, 3.0, ROOTS)
    term = LOSS.fixed["E"] + LOSS.fixed["A"] / 70e9 ** LOSS.fixed["alpha"]

    def by_loss(value: float) -> float:
        return float(brentq(lambda d: term + 410.7 / d**0.28 - value, 1e6, 1e30))

    def by_gain(value: float) -> float:
        return float(brentq(lambda f: 1 / ((1 - f) + f / 10) - value, 0.0, 1.0))

    cases = {
        "by closed form": (lambda: handle.solve("D", L=losses, N=70e9).value, by_loss, losses),
        "by number": (lambda: saved.solve("f", S=gains, s=10.0).value, by_gain, gains),
    }
    for name, (ask, one, values) in cases.items():
        few = [float(value) for value in values[:: ROOTS // FEW_ROOTS]]
        np.testing.assert_allclose(ask()[:: ROOTS // FEW_ROOTS], [one(value) for value in few], rtol=1e-9)
        ours, theirs = interleave(
            _each(ask, ROOTS),
            _each(lambda few=few, one=one: [one(value) for value in few], len(few)),
            rounds=rounds,
        )
        yield Row(f"1e5 roots: {name}", "scipy brentq", "µs CPU", ours, theirs, limit=ROOT_LIMIT_US)


def _each(ask: Callable[[], object], count: int) -> Callable[[], float]:
    """A round; microseconds of CPU for each root."""
    run = cpu_us(ask, 1)
    return lambda: run() / count
