"""Roots by number: all of them, where they are, and how sure that is. Expected roots: closed forms and mpmath."""

import math

import mpmath
import pytest

from kg.errors import NotSolvable, OutOfDomain
from kg.formula.compile import compile_formula
from kg.formula.solve import solve_for
from kg.model.formula import Domain, Role
from kg.model.quantity import ONE
from tests.unit.formula.numbers_only import look_for, roots_of
from tests.unit.formula.records import DAY, POSITIVE, REAL, UNITS, WHOLE, formula, output, variable

ROOTS = [
    ("x**5 + x - 3", REAL, [float(mpmath.findroot(lambda x: x**5 + x - 3, 1.1))], "proved"),
    ("x**2 - 3*x + 2", REAL, [1, 2], "proved"),
    ("(x - 1)*(x - 2)*(x - 3)*(x + 4)*(x - 1e6)", REAL, [-4, 1, 2, 3, 1e6], "proved"),
    ("sin(x) - 0.5", Domain(0, 30), [], "proved"),
    ("x*exp(x) - 5", REAL, [float(mpmath.lambertw(5))], "proved"),
    ("x + log(x) - 5", POSITIVE, [float(mpmath.lambertw(mpmath.exp(5)))], "proved"),
    ("x**x - 5", POSITIVE, [math.exp(float(mpmath.lambertw(math.log(5))))], "proved"),
    ("2**x - x**2", REAL, [float(mpmath.findroot(lambda x: 2**x - x**2, -0.7)), 2, 4], "proved"),
    ("log(x)/x - 0.2", POSITIVE, [1.2958555090953687, 12.71320678886763], "proved"),
    ("cosh(x) + x - 30", REAL, [], "proved"),
    ("sqrt(x) + cbrt(x) - 7", POSITIVE, [], "proved"),
    ("min(2, 3*x) - 1", REAL, [1 / 3], "proved"),
    ("max(x, 2) - 3", REAL, [3], "proved"),
    ("abs(x) - 2", REAL, [-2, 2], "proved"),
    ("abs(x - 1) + x - 5", REAL, [3], "proved"),
    ("erf(x) - 0.5", REAL, [float(mpmath.erfinv(0.5))], "proved"),
    ("asin(x) + x - 1", REAL, [], "proved"),
    ("acos(x) - x", REAL, [0.7390851332151607], "proved"),
    ("atan(x) - x/2", Domain(0.5, 9), [], "proved"),
    ("tanh(x) - x/2", Domain(0.1, 5), [], "proved"),
    ("sinh(x) - x - 1", REAL, [], "proved"),
    ("log2(x) + x - 11", POSITIVE, [8], "proved"),
    ("log10(x) + x - 1001.0", POSITIVE, [], "proved"),
    ("log(x, 3) + x - 11", POSITIVE, [9], "proved"),
    ("x**1000 - x - 1", POSITIVE, [], "proved"),
    ("x**2 - 2*x + 1", REAL, [1], "scanned"),
    ("1/(3*x - 1) - x", REAL, [(1 - math.sqrt(13)) / 6, (1 + math.sqrt(13)) / 6], "scanned"),
    ("sqrt(x - 2)*(x - 5) + 0*x", REAL, [2, 5], "scanned"),
    ("floor(x) - 3", Domain(-5, 15), [3], "scanned"),
    ("ceil(x) - 3", Domain(-5, 15), [math.nextafter(2, 3)], "scanned"),
]


@pytest.mark.parametrize(("text", "domain", "expected", "complete"), ROOTS, ids=[row[0] for row in ROOTS])
def test_all_roots_are_found(text: str, domain: Domain, expected: list[float], complete: str) -> None:
    found, search = look_for(text, domain=domain)
    assert search.complete.startswith(complete)
    assert found
    assert all(root.residual < 1e-12 and root.method == "numeric" for root in found)
    assert [root.value for root in found] == sorted(root.value for root in found)
    if expected:
        assert [root.value for root in found] == pytest.approx(expected, rel=1e-12)


def test_a_wave_crosses_as_often_as_it_should() -> None:
    expected = sorted(
        angle + 2 * math.pi * turn for turn in range(5) for angle in (math.pi / 6, 5 * math.pi / 6)
    )
    assert roots_of("sin(x) - 0.5", domain=Domain(0, 30)) == pytest.approx(expected)
    assert len(roots_of("x*sin(x) - 1", domain=Domain(0, 30))) == 10
    poles = roots_of("tan(x) - x", domain=Domain(1, 20))
    near = [4.5, 7.7, 10.9, 14.066, 17.22]
    assert poles == pytest.approx([float(mpmath.findroot(lambda x: mpmath.tan(x) - x, one)) for one in near])


CURVE = "L = E + A/N**alpha + B/(C/(6*N))**beta"
FIT = {"E": 1.69, "A": 406.4, "B": 410.7, "alpha": 0.34, "beta": 0.28, "C": 1e22}


def test_two_sizes_reach_one_loss_with_the_same_compute() -> None:
    """A general solver answers "none" here, with these numbers."""
    found, search = look_for(CURVE, "N", domain=POSITIVE, L=2.3, **FIT)
    assert search.proved

    def loss(size: float) -> float:
        return 1.69 + 406.4 / size**0.34 + 410.7 / (1e22 / (6 * size)) ** 0.28 - 2.3

    expected = [float(mpmath.findroot(loss, near)) for near in (4e8, 8e10)]
    assert [root.value for root in found] == pytest.approx(expected, rel=1e-12)


NONE = [
    (CURVE, "N", {"L": 2.1, **FIT}, "stays below zero"),
    ("x**2 - 2*x + 2", "x", {}, "stays above zero"),
    ("x**2 - 2*x + 1 + 1e-9", "x", {}, "stays above zero"),
    ("min(2, 3*x) - 5", "x", {}, "stays below zero"),
    ("abs(x) + 2", "x", {}, "stays above zero"),
    ("x - x + 1", "x", {}, "stays above zero"),
    ("sqrt(x - 2) + x", "x", {}, "from -1e\\+100 to 1e\\+100"),
    ("x*exp(x) + a", "x", {"a": 1}, "interval bounds"),
    ("x + x/a", "x", {"a": 0}, "x/a|1/a|has no finite real value"),
]


@pytest.mark.parametrize(
    ("text", "unknown", "values", "reason"), NONE, ids=[f"{row[0]} {row[2].get('L', '')}" for row in NONE]
)
def test_no_root_is_said_with_the_evidence_only(
    text: str, unknown: str, values: dict[str, float], reason: str
) -> None:
    with pytest.raises(OutOfDomain, match=reason):
        look_for(text, unknown, domain=POSITIVE if unknown == "N" else REAL, **values)


def test_a_root_outside_the_domain_is_not_one() -> None:
    with pytest.raises(OutOfDomain, match="from 5 to 9"):
        look_for("x**2 - 3*x + 2", domain=Domain(5, 9))
    assert roots_of("x**2 - 3*x + 2", domain=Domain(1.5, 9)) == pytest.approx([2])
    assert roots_of("x**2 - 3*x + 2", domain=Domain(1, 9, open_minimum=True)) == pytest.approx([2])
    with pytest.raises(OutOfDomain, match=r"1\.618"):
        look_for("x**2 - x - 1", domain=WHOLE)
    assert roots_of("x**2 - x - 6", domain=WHOLE) == [3]


def test_what_is_not_found_is_not_denied() -> None:
    with pytest.raises(NotSolvable, match="proves nothing"):
        look_for("1/(x - 1/3) + x")


def test_a_relation_that_always_holds_says_so() -> None:
    found, search = look_for("x - x", domain=Domain(1, 5))
    assert [root.value for root in found] == [1]
    assert "holds on a whole stretch" in search.how


def test_a_number_of_terms_is_found_by_trying() -> None:
    record = formula(
        "f", "y = Sum(i, 1, n, 1/i)", output("y"), variable("n", domain=WHOLE), variable("i", Role.INDEX)
    )
    solution = solve_for(compile_formula(record), "n", {"y": 11 / 6}, units=UNITS)
    assert [root.value for root in solution.roots] == [3]
    assert solution.search is not None
    assert solution.search.complete == "scanned(1000)"
    with pytest.raises(NotSolvable, match="one by one"):
        solve_for(compile_formula(record), "n", {"y": 1.7}, units=UNITS)


def test_a_symbol_that_only_empty_sums_hold_is_not_found() -> None:
    record = formula(
        "f",
        "y = b + Sum(i, 1, n - 1, w[i]*x**i)",
        output("y"),
        variable("b"),
        variable("x"),
        variable("n", domain=WHOLE),
        variable("w", indexed_by="i"),
        variable("i", Role.INDEX),
    )
    with pytest.raises(NotSolvable, match="its sums are empty for these values"):
        solve_for(compile_formula(record), "x", {"y": 2, "b": 2, "n": 1, "w": [1, 2]}, units=UNITS)


def test_solving_falls_back_to_numbers_and_keeps_units() -> None:
    record = formula(
        "f", "y = t + t*exp(t/k)", output("y", unit=DAY), variable("t", unit=DAY), variable("k", unit=DAY)
    )
    compiled = compile_formula(record)
    with pytest.raises(NotSolvable, match="give values for the others"):
        solve_for(compiled, "t", {}, units=UNITS)
    solution = solve_for(compiled, "t", {"y": 3, "k": 2}, units=UNITS)
    (root,) = solution.roots
    assert root.value * (1 + math.exp(root.value / 2)) == pytest.approx(3)
    assert root.unit == "d"
    assert solution.closed_form == ""
    assert solution.search is not None
    assert solution.search.proved
    (hours,) = solve_for(compiled, "t", {"y": 3, "k": 2}, unit="h", units=UNITS).roots
    assert hours.value == pytest.approx(24 * root.value)
    assert hours.bracket is not None
    assert hours.bracket[0] <= hours.value <= hours.bracket[1]
    assert ONE.symbol == "1"


IN_A_SUM = [
    ("Sum(i, 1, 3, x**i)", 14, {}, 2),
    ("Sum(i, 1, n, w[i]*x**i)", 16, {"n": 2, "w": [2, 2]}, (math.sqrt(33) - 1) / 2),
    ("Sum(i, 1, 3, Sum(j, 1, i, x**j))", 3 * 2 + 2 * 4 + 8, {}, 2),
    ("Sum(i, 3, 2, x) + x**3", 27, {}, 3),
]


@pytest.mark.parametrize(("text", "y", "known", "expected"), IN_A_SUM, ids=[row[0] for row in IN_A_SUM])
def test_a_symbol_in_a_sum_of_known_length_is_found(
    text: str, y: float, known: dict[str, object], expected: float
) -> None:
    indices = [variable(name, Role.INDEX) for name in "ij" if f"({name}," in text]
    series = [variable("n", domain=WHOLE), variable("w", indexed_by="i")] if known else []
    compiled = compile_formula(formula("f", f"y = {text}", output("y"), variable("x"), *indices, *series))
    solution = solve_for(compiled, "x", {"y": y, **known}, units=UNITS)  # type: ignore[arg-type]
    assert [root.value for root in solution.roots] == [pytest.approx(expected, rel=1e-12)]


def test_rounding_noise_makes_no_root() -> None:
    """Far out ``1 - exp(-R/x)`` loses all its digits, and the product jumps up and down around the other side."""
    text = "D = U*(1 + x*(1 - exp(-R/x)))"
    found = roots_of(text, domain=POSITIVE, D=3.7e11, U=1e11, R=3)
    near = mpmath.findroot(lambda x: 1 + x * (1 - mpmath.exp(-3 / x)) - mpmath.mpf("3.7"), 14)
    assert found == pytest.approx([float(near)], rel=1e-12)
