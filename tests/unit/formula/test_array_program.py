"""Programs over arrays: digits, blocks that fail, memory, and what their code consists of."""

import math
import tracemalloc
from collections import Counter

import mpmath
import numpy as np
import pytest

from kg.formula import array_program
from kg.formula.array_power import LEAST, MOST, PowerTable, Scratch, tables_pay
from kg.formula.array_program import BLOCK, MEMORY, TABLED, ArrayProgram, Layout
from kg.formula.grammar import read_expression
from kg.formula.tree import names
from kg.model.formula import Domain

POSITIVE = Domain(0.0, None, open_minimum=True)
LOSS = "E + A/N**alpha + B/D**beta"
FITTED = {"E": 1.69, "A": 406.4, "alpha": 0.34, "B": 410.7, "beta": 0.28}


@pytest.fixture(autouse=True)
def gather_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few points take the fast way too, as many do."""
    monkeypatch.setattr(array_program, "FEW", 0)


def program_of(text: str, *varying: str, domain: Domain = POSITIVE, **options: object) -> ArrayProgram:
    node = read_expression(text)
    symbols = names(node)
    layout = Layout(varying, dict.fromkeys(symbols, domain), **options)  # type: ignore[arg-type]
    return ArrayProgram(node, symbols, layout)


def run(program: ArrayProgram, **values: object) -> array_program.Outcome:
    return program.run([values[symbol] for symbol in program.symbols])  # type: ignore[misc]


def spread(low: float, high: float, count: int, seed: int = 3) -> np.ndarray:
    return np.exp(np.random.default_rng(seed).uniform(math.log(low), math.log(high), count))


@pytest.mark.parametrize("by_table", [False, True])
@pytest.mark.parametrize("exponent", [-3.7, -1.0, -0.999, -0.34, 1e-9, 0.28, 0.5, 1.5, 1.999, 2.0, 2.3, 11.0])
def test_a_power_has_the_digits_that_its_logarithm_leaves(
    exponent: float, by_table: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(array_program, "TABLED", 1)
    bases = np.concatenate([spread(1e-2, 1e2, 150), [1.0, 2.0, 1 + 2**-52, 1 - 2**-53, 1 + 2**-9]])
    found = run(program_of("c*x**y", "x", by_table=by_table), c=3.0, x=bases, y=exponent)
    with mpmath.workdps(40):
        for base, value in zip(bases.tolist(), found.values.tolist(), strict=True):
            exact = 3 * mpmath.mpf(base) ** mpmath.mpf(exponent)
            allowed = 1e-15 * (1 + abs(exponent * math.log(base)))
            assert abs(mpmath.mpf(value) / exact - 1) <= allowed, base


@pytest.mark.parametrize("by_table", [False, True])
def test_a_law_has_fifteen_digits_at_many_points(by_table: bool) -> None:
    count = TABLED + 100
    n, d = spread(1e8, 1e12, count), spread(1e9, 1e13, count, seed=4)
    found = run(program_of(LOSS, "N", "D", by_table=by_table), N=n, D=d, **FITTED)
    assert not len(found.failed)
    with mpmath.workdps(40):
        for at in range(0, count, count // 50):
            exact = mpmath.mpf(1.69)
            exact += mpmath.mpf(406.4) / mpmath.mpf(n[at]) ** mpmath.mpf(0.34)
            exact += mpmath.mpf(410.7) / mpmath.mpf(d[at]) ** mpmath.mpf(0.28)
            assert abs(mpmath.mpf(found.values[at]) / exact - 1) <= 2e-15


def test_a_table_grows_with_what_it_meets_and_gives_way_beyond() -> None:
    table = PowerTable(0.34, 1.0, Scratch(4, 1_000_000))
    for base, binades in (([3.0, 5.0], 2), ([0.3, 9.0], 6), ([1e-100, 1e100], 6), ([1e-320, 1e-310], 6)):
        out = np.empty(2)
        table.run(np.array(base), base[0], base[1], out)
        assert table.binades == binades
        assert out == pytest.approx(np.array(base) ** 0.34, rel=1e-13)
    poor = PowerTable(0.34, 1.0, Scratch(4, 100))
    poor.run(np.array([2.0]), 2.0, 2.0, out := np.empty(1))
    assert (poor.binades, out[0]) == (0, pytest.approx(2**0.34, rel=1e-15))
    assert not PowerTable(LEAST - 0.01, 1.0, Scratch(4, 10**6)).coefficients
    assert not PowerTable(MOST + 0.01, 1.0, Scratch(4, 10**6)).coefficients


def test_the_processor_decides_on_tables_unless_the_caller_does() -> None:
    assert Layout(("x",)).by_table is tables_pay()


BAD = {
    "below zero": -1.0,
    "zero": 0.0,
    "no number": math.nan,
    "infinite": math.inf,
    "below, infinite": -math.inf,
}


@pytest.mark.parametrize("by_table", [False, True])
@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_points_that_fail_are_named_and_all_others_have_their_values(bad: float, by_table: bool) -> None:
    count = 5 * BLOCK + 17
    n = spread(1e8, 1e12, count)
    places = [0, 255, 256, BLOCK - 1, BLOCK, 3 * BLOCK + 300, count - 1]
    program = program_of(LOSS, "N", by_table=by_table)
    clean = run(program, N=n, D=1e12, **FITTED).values
    n[places] = bad
    found = run(program, N=n, D=1e12, **FITTED)
    assert found.failed.tolist() == places
    assert np.isfinite(found.values).all()
    np.testing.assert_allclose(np.delete(found.values, places), np.delete(clean, places), rtol=3e-15)


def test_a_run_stops_once_enough_points_have_failed() -> None:
    program = program_of("log(x)", "x", domain=Domain())
    found = program.run([np.full(10 * BLOCK, -1.0)], most_failed=4)
    assert 4 < len(found.failed) <= 10 * BLOCK
    assert found.failed[0] == 0
    assert len(found.failed) < 10 * BLOCK


CASES = [
    ("1/(1/x)", {"x": [0.0, 2.0]}, [None, 2.0]),
    ("exp(-1/x)", {"x": [0.0, -1.0]}, [None, math.e]),
    ("1/(1 + exp(-x))", {"x": [-1000.0, 1000.0]}, [None, 1.0]),
    ("exp(x)", {"x": [-1000.0, 710.0, 709.0]}, [0.0, None, math.exp(709.0)]),
    ("x**y", {"x": [-2.0, 0.0, 0.0], "y": [3.0, -1.0, 2.0]}, [-8.0, None, 0.0]),
    ("x**y", {"x": [-8.0, -8.0, 8.0], "y": [1 / 3, 2.0, 1 / 3]}, [None, 64.0, 2.0]),
    ("x**2.5", {"x": [0.0, -1.0, 4.0]}, [0.0, None, 32.0]),
    ("x*y*z", {"x": [1e-200], "y": 1e300, "z": [1e-200]}, [1e-100]),
    ("a*b*x", {"a": 1e-200, "b": 1e-200, "x": [1e300]}, [0.0]),
    ("a*x*b", {"a": 1e-200, "b": 1e-200, "x": [1e300]}, [1e-100]),
    ("x - x", {"x": [3.0, 1e308]}, [0.0, 0.0]),
    ("sqrt(x)", {"x": [-0.0, 4.0, -4.0]}, [0.0, 2.0, None]),
    ("x**0.5", {"x": [0.0, 4.0, -4.0]}, [0.0, 2.0, None]),
    ("x**(-1/2)", {"x": [0.0, 4.0]}, [None, 0.5]),
    ("erfinv(x)", {"x": [-1.0, 0.5, 1.0, 1.5]}, [None, 0.4769362762044699, None, None]),
    ("exp(-abs(erfinv(x)))", {"x": [1.0]}, [None]),
    ("log(x, 10)", {"x": [100.0, 0.0]}, [2.0, None]),
    ("log(8, x)", {"x": [2.0, 1.0]}, [3.0, None]),
    ("max(x, 2, y)", {"x": [1.0, 5.0], "y": [3.0, 4.0]}, [3.0, 5.0]),
    ("ceil(x) + floor(x) + sign(x)", {"x": [1.5, -0.5]}, [4.0, -2.0]),
    ("1 + x - 1", {"x": [1e-20]}, [0.0]),
    ("-(2*x)**3/(-y)", {"x": [1.0], "y": [4.0]}, [2.0]),
    ("x", {"x": [1.0, 2.0]}, [1.0, 2.0]),
    ("y", {"x": [1.0, 2.0], "y": 7.0}, [7.0, 7.0]),
    ("1/y + x", {"x": [1.0, 2.0], "y": 0.0}, [None, None]),
    ("Sum(i, 1, n, x**i)", {"x": [2.0, 3.0], "n": 3.0}, [14.0, 39.0]),
    ("Sum(i, 1, n, i) + x", {"x": [0.0], "n": 2.5}, [None]),
    ("Sum(i, 1, n, i)", {"n": [1.0, 4.0, 0.5]}, [1.0, 10.0, None]),
]


@pytest.mark.parametrize("by_table", [False, True])
@pytest.mark.parametrize(("text", "values", "expected"), CASES, ids=[case[0] for case in CASES])
def test_exceptions_are_those_of_single_values(
    text: str,
    values: dict[str, object],
    expected: list[float | None],
    by_table: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(array_program, "TABLED", 1)
    arrays = {name: np.array(value) if isinstance(value, list) else value for name, value in values.items()}
    varying = tuple(name for name, value in values.items() if isinstance(value, list))
    node = read_expression(text)
    symbols = tuple(dict.fromkeys((*names(node), *varying)))
    program = ArrayProgram(node, symbols, Layout(varying, by_table=by_table))
    found = run(program, **arrays)
    assert found.failed.tolist() == [at for at, value in enumerate(expected) if value is None]
    assert found.values == pytest.approx([value or 0.0 for value in expected], rel=1e-14)
    assert not np.signbit(found.values[found.values == 0]).any()


def test_a_product_that_leaves_the_doubles_in_one_order_only_may_have_a_value() -> None:
    """Gathered factors are taken in another order; what is then computed is the value, not an overflow."""
    found = run(program_of("x*y/z", "x", "z"), x=np.array([1e200]), y=1e200, z=np.array([1e300]))
    assert (found.values[0], len(found.failed)) == (pytest.approx(1e100), 0)


@pytest.mark.parametrize("by_table", [False, True])
def test_a_run_takes_two_megabytes_beyond_its_output(by_table: bool) -> None:
    text = f"{LOSS} + c*N**gamma*D**delta*exp(-N/M) + (N*D)**eps + log(N)*sqrt(D)/cbrt(N + D)"
    program = program_of(text, "N", "D", by_table=by_table)
    count = 400_000
    values = {"N": spread(1e8, 1e12, count), "D": spread(1e9, 1e13, count), **FITTED}
    values |= {"c": 0.1, "gamma": 0.2, "delta": -0.3, "M": 1e11, "eps": 0.05}
    run(program, **values)
    tracemalloc.start()
    try:
        found = run(program, **values)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most - found.values.nbytes <= MEMORY


def steps_of(text: str, *varying: str, by_table: bool = False, **options: object) -> Counter[str]:
    tape = program_of(text, *varying, by_table=by_table, **options).tapes[0]
    return Counter(step[0].__name__ for step in tape.steps if isinstance(step, tuple))


def test_code_gathers_factors_shares_parts_and_joins_exponentials() -> None:
    assert steps_of("a*x*b*y/c", "x", "y") == {"multiply": 2}
    assert steps_of("1/a/x/y", "x", "y") == {"multiply": 1, "divide": 1}
    assert steps_of("c*x**a*y**b", "x", "y") == {"log": 2, "multiply": 3, "add": 1, "exp": 1}
    assert steps_of("c*x**a*y**b", "x", "y", by_table=True) == {"scaled_power": 2, "multiply": 1}
    assert steps_of("c/x**a", "x", by_table=True) == {"scaled_power": 1}
    assert steps_of("x**a + x**b", "x") == {"log": 1, "multiply": 2, "exp": 2, "add": 1}
    assert steps_of("(c*x)**a", "x", by_table=True) == {"scaled_power": 1}
    assert steps_of("x**5", "x") == {"multiply": 3}
    assert steps_of("exp(-x/a) + exp(-x/a)", "x") == {"multiply": 1, "exp": 1, "add": 1}
    assert steps_of("a + b + c + x", "x") == {"add": 1}
    assert steps_of("2**(x/T)", "x") == {"multiply": 1, "exp": 1}


def test_factors_of_units_cost_no_step_where_there_is_a_factor_to_join() -> None:
    scaled = {"scales": {"N": 1e9, "D": 1e9}, "output_scale": 1e3, "shown_scale": 2.0}
    for by_table in (False, True):
        plain = steps_of(LOSS, "N", "D", by_table=by_table)
        assert steps_of(LOSS, "N", "D", by_table=by_table, **scaled) == plain


@pytest.mark.parametrize("by_table", [False, True])
def test_units_are_part_of_the_program(by_table: bool) -> None:
    scaled = {"scales": {"N": 1e9}, "output_scale": 1e3, "shown_scale": 2.0}
    n = spread(0.1, 1e3, 300)
    found = run(program_of(LOSS, "N", by_table=by_table, **scaled), N=n, D=1e12, **FITTED)
    plain = run(program_of(LOSS, "N", by_table=by_table), N=n * 1e9, D=1e12, **FITTED)
    np.testing.assert_allclose(found.values, plain.values / 1e3 * 2.0, rtol=1e-14)


def test_the_output_has_a_domain_too() -> None:
    for domain, failed in (
        (Domain(maximum=4.0), [2]),
        (Domain(minimum=2.0, open_minimum=True), [0]),
        (Domain(integer=True), [1]),
    ):
        program = program_of("2*x", "x", domain=Domain(), output=domain)
        assert run(program, x=np.array([1.0, 1.75, 3.0])).failed.tolist() == failed


def test_a_few_points_have_the_numbers_of_single_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(array_program, "FEW", 4_096)
    program = program_of("k*N*D*s", "N", by_table=False)
    n = spread(1e8, 1e12, 50)
    found = run(program, N=n, k=6.0, D=1e12, s=1e-21)
    assert found.values.tolist() == [6.0 * value * 1e12 * 1e-21 for value in n.tolist()]
