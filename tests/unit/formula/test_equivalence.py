"""Equal, different, undecided: each verdict with how it is known, and "proved" never where values differ."""

import re
from fractions import Fraction

import pytest

from kg.formula.canonical import canonical
from kg.formula.compare import compare
from kg.formula.enclosures import NoRealValue, are_apart, enclose
from kg.formula.equivalence import judge, proof
from kg.formula.grammar import read, read_expression
from kg.formula.samples import sample_points
from kg.model.formula import Domain

REAL: dict[str, Domain] = {}
POSITIVE = {name: Domain(0, None, open_minimum=True) for name in "abnxyAN"}
COUNT = {"n": Domain(1, None, integer=True)}

TABLE = [
    ("a*b/(2*c)", "0.5/c*b*a", REAL, "equal", "proved"),
    ("(a + b)**2", "a^2 + 2*a*b + b^2", REAL, "equal", "proved"),
    ("sqrt(x**2)", "abs(x)", REAL, "equal", "proved"),
    ("sqrt(x**2)", "x", REAL, "different", "witness"),
    ("sqrt(x**2)", "x", POSITIVE, "equal", "proved"),
    ("x/x", "1", REAL, "different", "witness"),
    ("x/x", "1", POSITIVE, "equal", "proved"),
    ("log(a*b)", "log(a) + log(b)", POSITIVE, "equal", "proved"),
    ("log(a*b)", "log(a) + log(b)", REAL, "different", "witness"),
    ("log(x**2)", "2*log(x)", REAL, "different", "witness"),
    ("1/(x - 1) + 1/(x + 1)", "2*x/(x**2 - 1)", REAL, "equal", "proved"),
    ("sin(x)**2 + cos(x)**2", "1", REAL, "equal", "proved"),
    ("A/N**alpha", "A*N**(-alpha)", POSITIVE, "equal", "proved"),
    ("x**n", "exp(n*log(x))", POSITIVE, "equal", "proved"),
    ("x**n", "exp(n*log(x))", REAL, "different", "witness"),
    ("10**0.6", "10**(0.3/0.5)", REAL, "equal", "proved"),
    ("10**0.6", "3.98", REAL, "different", "witness"),
    ("x", "x + 1e-30", REAL, "different", "witness"),
    ("x + 1e-18*x", "x", REAL, "different", "witness"),
    ("max(x, 1e9)", "x", REAL, "different", "witness"),
    ("abs(x - 1000)", "x - 1000", REAL, "different", "witness"),
    ("floor(x)", "-ceil(-x)", REAL, "equal", "tested"),
    ("floor(x)", "x", {"x": Domain(integer=True)}, "equal", "proved"),
    ("Sum(i, 1, n, w[i])", "Sum(j, 1, n, w[j])", REAL, "equal", "proved"),
    ("Sum(i, 1, n, i)", "n*(n + 1)/2", COUNT, "equal", "proved"),
    ("Sum(i, 1, n, i)", "n*(n + 1)/2", REAL, "different", "witness"),
    ("Sum(i, 1, n, w[i])**2", "Sum(i, 1, n, w[i]**2)", COUNT, "different", "witness"),
    ("sqrt(-1 - x**2)", "2*sqrt(-1 - x**2)", REAL, "undecided", "tested"),
    ("exp(x)", "1 + x + x**2/2", REAL, "different", "witness"),
]


@pytest.mark.parametrize(
    ("left", "right", "domains", "verdict", "how"),
    TABLE,
    ids=[f"{row[0]} | {row[1]} {row[3]}" for row in TABLE],
)
def test_two_expressions_are_judged(
    left: str, right: str, domains: dict[str, Domain], verdict: str, how: str
) -> None:
    one, two = read_expression(left), read_expression(right)
    found = judge(one, two, domains)
    assert (found.verdict, found.how) == (verdict, how)
    assert found.reason
    assert (found.witness is not None) == (how == "witness")
    turned = judge(two, one, domains)
    assert (turned.verdict, turned.how) == (verdict, how)


def test_a_witness_shows_the_difference() -> None:
    found = judge(read_expression("sqrt(x**2)"), read_expression("x"), {}).witness
    assert found is not None
    point = {name: Fraction(value) for name, value in found.point}
    values = [enclose(read_expression(text), point) for text in ("sqrt(x**2)", "x")]
    assert are_apart(*values)
    assert found.left is not None and found.right is not None
    assert Fraction(found.left) == values[0]


def test_a_side_without_a_value_is_part_of_the_witness() -> None:
    found = judge(read_expression("x/x"), read_expression("1"), {})
    assert found.witness is not None
    assert (dict(found.witness.point), found.witness.left, found.witness.right) == ({"x": "0"}, None, "1")
    assert "where both have one, they agreed" in found.reason


def test_no_proof_is_taken_where_one_side_has_fewer_values() -> None:
    for left, right in (("x/x", "1"), ("exp(log(x))", "x"), ("sqrt(x)**2", "x"), ("x**0.5*x**0.5", "x")):
        assert proof(read_expression(left), read_expression(right), {}) == ""


MUTATIONS = [
    ("+", "-"),
    ("*", "/"),
    ("2", "3"),
    ("x", "y"),
    ("log", "exp"),
    ("1", "1.0000001"),
    ("a", "(-a)"),
]
BASES = [
    "a*x**2 + 1",
    "log(x)/(1 + a)",
    "2*exp(a*x) - 1/x",
    "sqrt(a*x + 2)/(x + 1)",
    "a/x**2 + x/a",
    "x**a - a*x",
]


@pytest.mark.parametrize("text", BASES)
def test_a_changed_expression_is_never_equal(text: str) -> None:
    for old, new in MUTATIONS:
        changed = re.sub(rf"(?<![\w*]){re.escape(old)}(?![\w*])", new, text, count=1)
        if changed != text:
            found = judge(read_expression(text), read_expression(changed), POSITIVE, prove=False)
            assert found.verdict == "different", (text, changed)


def test_points_lie_in_the_domain_and_are_the_same_each_time() -> None:
    domains = {
        "x": Domain(0, 1, open_minimum=True), "n": Domain(1, 5, integer=True), "y": Domain(None, -3),
        "z": Domain(2, 2), "p": Domain(0, None, open_minimum=True, integer=True),
    }  # fmt: skip
    nodes = [read_expression("x + n*y - z/p + 7")]
    points = list(sample_points(nodes, domains))
    assert points == list(sample_points(nodes, domains))
    for point in points:
        for name, domain in domains.items():
            value = point[name]
            assert isinstance(value, Fraction)
            assert float(value) in domain, (name, value)
    assert {point["n"] for point in points} == {1, 2, 3, 4, 5}


CANONICAL = [
    ("y = a/(b*2)", "0.5*a/b = y"), ("a - b", "-b + a"), ("-(a - b)", "b - a"), ("a/(b/c)", "c*a/b"),
    ("sqrt(x)", "x**(1/2)"), ("ln(x)", "log(x)"), ("log2(x)", "log(x, 2)"), ("max(a, b)", "max(b, a)"),
    ("Sum(i, 1, n, Sum(j, 1, i, j))", "Sum(k, 1, n, Sum(l, 1, k, l))"), ("2*3*x", "6*x"), ("2**3*x", "8*x"),
    ("x*1", "x"), ("-(-x)", "x"), ("-a*b", "a*(-b)"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), CANONICAL, ids=[row[0] for row in CANONICAL])
def test_writing_and_order_do_not_count(left: str, right: str) -> None:
    assert canonical(read(left)) == canonical(read(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [("x/x", "1"), ("x - x", "0"), ("a - b", "b - a"), ("x**2", "x*2"), ("0/x", "0"), ("log(x)", "log10(x)"),
     ("Sum(i, 1, n, i)", "Sum(i, 1, n, n)"), ("a/b/c", "a/(b/c)"), ("min(a, b)", "max(a, b)")],
    ids=str,
)  # fmt: skip
def test_what_may_differ_has_another_form(left: str, right: str) -> None:
    assert canonical(read(left)) != canonical(read(right))


def test_a_comparison_counts_what_it_saw() -> None:
    found = compare(read_expression("log(x)"), read_expression("log(x) + 0*sqrt(x)"), {})
    assert found.agreed
    assert found.undefined
    assert found.witness is None
    assert found.gap is None
    with pytest.raises(NoRealValue):
        enclose(read_expression("log(x)"), {"x": Fraction(-1)})
