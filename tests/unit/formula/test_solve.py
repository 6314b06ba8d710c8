"""Peel inversion: closed forms, steps, conditions, branches, and roots that were put back."""

import math

import pytest

from kg.errors import (
    BadParameter,
    MissingValue,
    NotFound,
    NotSolvable,
    OutOfDomain,
    TriviumError,
    UnknownSymbol,
    WrongDimension,
)
from kg.formula.compile import compile_formula
from kg.formula.evaluate import evaluate
from kg.formula.grammar import read_expression
from kg.formula.solve import solve_for
from kg.formula.tree import names
from kg.model.answer import Observed, Solution
from kg.model.formula import Domain, Formula, Role
from kg.model.iri import Iri
from tests.unit.formula.records import (
    AUTOMATION,
    BASE,
    CHINCHILLA,
    COMPUTE,
    GROWTH,
    HOFFMANN,
    PARAMETER,
    POSITIVE,
    REAL,
    TIME,
    TOKEN,
    TRADE,
    UNITS,
    WHOLE,
    formula,
    output,
    variable,
)


def solve(record: Formula, symbol: str, **givens: object) -> Solution:
    return solve_for(compile_formula(record), symbol, givens, units=UNITS)


def relation(text: str, *, domain: Domain = REAL, x: Domain | None = None) -> Formula:
    """``y = …`` over x and what else stands in the text."""
    others = [name for name in names(read_expression(text)) if name != "x"]
    variables = [variable(name, domain=domain) for name in others]
    return formula(
        "f", f"y = {text}", output("y"), variable("x", domain=domain if x is None else x), *variables
    )


def test_chinchilla_gives_its_tokens_as_by_hand() -> None:
    found = solve(CHINCHILLA, "D", L=2.0, N="70B")
    h = HOFFMANN
    by_hand = (h["B"] / (2.0 - h["E"] - h["A"] / 7e10 ** h["alpha"])) ** (1 / h["beta"])
    (root,) = found.roots
    assert root.value == pytest.approx(by_hand, rel=1e-12)
    assert (root.unit, root.method) == ("token", "isolated")
    assert root.residual < 1e-12
    assert found.closed_form == "D = (B/(L - E - A/N**alpha))**(1/beta)"
    assert [(step.action, step.relation) for step in found.steps] == [
        ("take the relation", "L = E + A/N**alpha + B/D**beta"),
        ("subtract E + A/N**alpha from both sides", "B/D**beta = L - E - A/N**alpha"),
        ("divide B by both sides", "D**beta = B/(L - E - A/N**alpha)"),
        ("raise both sides to the power 1/beta", "D = (B/(L - E - A/N**alpha))**(1/beta)"),
        ("put the values in", "D = (410.7/(2 - 1.69 - 406.4/7e10**0.34))**(1/0.28)"),
        ("compute, and put it back into the relation", "D = 4.337680879e11 token"),
    ]
    assert "L - E - A/N**alpha != 0" in found.conditions
    assert found.fit == "hoffmann-2022"
    assert found.warnings[-1].startswith("N = 7e10 param is above the range")


def test_exercise_two_is_solved_in_both_directions() -> None:
    (root,) = solve(TRADE, "k_inf", k_train=10**0.6).roots
    assert root.value == pytest.approx(10.0, rel=1e-13)
    assert solve(TRADE, "beta").closed_form == "beta = log(k_train)/log(k_inf)*alpha"


def test_compute_is_solved_by_symbol_or_quantity_in_any_unit() -> None:
    found = solve_for(
        compile_formula(COMPUTE), "training-tokens", {"C": "1 PFLOP-day", "N": "1B"}, units=UNITS
    )
    assert found.closed_form == "D = C/(k*N)"
    assert found.roots[0].value == pytest.approx(8.64e19 / 6e9)
    days = solve_for(compile_formula(GROWTH), "t", {"C_0": 1e24, "C": 1e24 * math.e}, unit="d", units=UNITS)
    assert days.roots[0].value == pytest.approx(2 * 365.25)
    assert days.roots[0].unit == "d"
    with pytest.raises(WrongDimension):
        solve_for(compile_formula(GROWTH), "t", {"C_0": 1, "C": 2}, unit="FLOP", units=UNITS)


def test_the_output_itself_is_the_body() -> None:
    found = solve(COMPUTE, "C", N=2, D=3)
    assert found.closed_form == "C = k*N*D"
    assert found.roots[0].value == evaluate(compile_formula(COMPUTE), {"N": 2, "D": 3}, units=UNITS).value


def test_roots_of_working_units_come_in_the_unit_of_the_variable() -> None:
    found = solve(TIME, "n", C=5.76e23, F=3.12e14, t=5.76e23 / (1024 * 3.12e14 * 0.4) / 86400)
    assert [root.value for root in found.roots] == [1024.0]
    assert "in base units" in found.steps[-2].action


def test_with_nothing_given_the_closed_form_stands_alone() -> None:
    found = solve(CHINCHILLA, "N")
    assert found.roots == ()
    assert found.closed_form == "N = (A/(L - E - B/D**beta))**(1/alpha)"
    with pytest.raises(MissingValue, match="no value for D"):
        solve(CHINCHILLA, "N", L=2)


def test_with_all_values_known_nothing_need_be_given() -> None:
    assert solve(TRADE, "k_train").roots == ()
    known = formula("f", "y = 2*x", output("y"), variable("x", default=3.0))
    assert [root.value for root in solve(known, "y").roots] == [6.0]


def test_a_subject_gives_the_values_that_it_has() -> None:
    seen = [
        Observed(Iri(f"{BASE}quantity/{slug}"), value, unit.iri, "reported", "2024", Iri(f"{BASE}o/{slug}"))
        for slug, value, unit in (("model-parameters", 7e10, PARAMETER), ("training-tokens", 1.4e12, TOKEN))
    ]
    found = solve_for(compile_formula(COMPUTE), "D", {"C": 5.88e23}, observed=seen, units=UNITS)
    assert found.roots[0].value == pytest.approx(1.4e12)
    assert {entry.symbol: str(entry.origin) for entry in found.inputs} == {
        "k": "default",
        "N": "subject",
        "C": "given",
    }


FORMS = [
    ("x + a", "x = y - a", {"y": 3, "a": 1}, [2.0]),
    ("a - x", "x = a - y", {"y": 3, "a": 1}, [-2.0]),
    ("-x/a - c", "x = (-c - y)*a", {"y": 2, "a": 16, "c": 1}, [-48.0]),
    ("a/x", "x = a/y", {"y": 4, "a": 2}, [0.5]),
    ("a*x/b", "x = y*b/a", {"y": 4, "a": 2, "b": 3}, [6.0]),
    ("x**2 + c", "x = sqrt(y - c) or x = -sqrt(y - c)", {"y": 5, "c": 1}, [-2.0, 2.0]),
    ("(x - 3)**4", "x = y**(1/4) + 3 or x = -y**(1/4) + 3", {"y": 16}, [1.0, 5.0]),
    ("x**3", "x = cbrt(y)", {"y": -8}, [-2.0]),
    ("x**5", "x = sign(y)*abs(y)**(1/5)", {"y": -32}, [-2.0]),
    ("x**(-2)", "x = y**(-1/2) or x = -y**(-1/2)", {"y": 4}, [-0.5, 0.5]),
    ("x**(-3)", "x = sign(y)*abs(y)**(-1/3)", {"y": -8}, [-0.5]),
    ("x**0.5", "x = y**2", {"y": 3}, [9.0]),
    ("x**a", "x = abs(y)**(1/a) or x = -abs(y)**(1/a)", {"y": 9, "a": 2}, [-3.0, 3.0]),
    ("x**a", "x = abs(y)**(1/a) or x = -abs(y)**(1/a)", {"y": -8, "a": 3}, [-2.0]),
    ("a**x", "x = log(y)/log(a)", {"y": 8, "a": 2}, [3.0]),
    ("exp(x)", "x = log(y)", {"y": math.e}, [1.0]),
    ("log(x) + ln(a)", "x = exp(y - ln(a))", {"y": 0, "a": 2}, [0.5]),
    ("log10(x)", "x = 10**y", {"y": 2}, [100.0]),
    ("log2(x)", "x = 2**y", {"y": 3}, [8.0]),
    ("log(x, a)", "x = a**y", {"y": 2, "a": 3}, [9.0]),
    ("log(a, x)", "x = a**(1/y)", {"y": 2, "a": 9}, [3.0]),
    ("sqrt(x)", "x = y**2", {"y": 3}, [9.0]),
    ("cbrt(x)", "x = y**3", {"y": -2}, [-8.0]),
    ("sinh(x)", "x = log(y + sqrt(y**2 + 1))", {"y": 2}, [math.asinh(2)]),
    ("tanh(x)", "x = log((1 + y)/(1 - y))/2", {"y": 0.5}, [math.atanh(0.5)]),
    ("asin(x)", "x = sin(y)", {"y": 0.5}, [math.sin(0.5)]),
    ("acos(x)", "x = cos(y)", {"y": 2.5}, [math.cos(2.5)]),
    ("atan(x)", "x = tan(y)", {"y": 1.5}, [math.tan(1.5)]),
    ("1/(1 + exp(-x))", "x = -log(1/y - 1)", {"y": 0.25}, [-math.log(3)]),
    ("a*x + b*x + c", "x = (c - y)/(-a - b)", {"y": 9, "a": 2, "b": 1, "c": 3}, [2.0]),
    ("x*a*x", "x = sqrt(y/a) or x = -sqrt(y/a)", {"y": 8, "a": 2}, [-2.0, 2.0]),
]


@pytest.mark.parametrize(
    ("text", "form", "givens", "roots"), FORMS, ids=[f"{text} for {givens}" for text, _, givens, _ in FORMS]
)
def test_each_operation_is_undone_with_all_its_branches(
    text: str, form: str, givens: dict[str, float], roots: list[float]
) -> None:
    found = solve(relation(text), "x", **givens)
    if "b*x" not in text and "x*a*x" not in text:
        assert found.closed_form == form
    assert [root.value for root in found.roots] == pytest.approx(roots, rel=1e-12)
    assert all(root.residual < 1e-12 for root in found.roots)


def test_cosh_has_two_branches_and_one_where_x_is_not_negative() -> None:
    assert [root.value for root in solve(relation("cosh(x)"), "x", y=2).roots] == pytest.approx(
        [-math.acosh(2), math.acosh(2)]
    )
    assert len(solve(relation("cosh(x)", x=POSITIVE), "x", y=2).roots) == 1


def test_domains_choose_the_branch() -> None:
    found = solve(relation("x**2", x=POSITIVE), "x", y=4)
    assert found.closed_form == "x = sqrt(y)"
    assert [root.value for root in found.roots] == [2.0]
    below = solve(relation("x**2", x=Domain(maximum=0.0)), "x", y=4)
    assert [root.value for root in below.roots] == [-2.0]
    assert solve(relation("abs(x)", x=POSITIVE), "x", y=4).closed_form == "x = y"


def test_conditions_are_said_only_where_domains_do_not() -> None:
    assert solve(relation("a*x", domain=REAL), "x").conditions == ("a != 0",)
    assert solve(relation("a*x", domain=POSITIVE), "x").conditions == ()
    record = formula("f", "y = a*(x + b)**c", output("y"), *(variable(name) for name in "xabc"))
    assert solve(record, "x").conditions == ("y > 0",)


NOT_SOLVABLE = [
    (relation("x + log(x)"), "x", "it stands 2 times"),
    (relation("abs(x)"), "x", "an absolute value of unknown sign, abs\\(x\\)"),
    (relation("floor(x)"), "x", "a rounding, floor\\(x\\)"),
    (relation("ceil(x)"), "x", "a rounding"),
    (relation("sign(x)"), "x", "a sign"),
    (relation("sin(x) + 1"), "x", "a periodic function, sin\\(x\\)"),
    (relation("min(x, 2)"), "x", "a minimum"),
    (relation("max(x, 2)"), "x", "a maximum"),
    (relation("x**0"), "x", "x\\*\\*0, which has no inverse"),
    (AUTOMATION, "w", "it is a series of values"),
    (AUTOMATION, "n", "it stands 2 times"),
    (formula("f", "a*b", variable("a"), variable("b")), "a", "an expression without an output"),
    (
        formula("f", "y = Sum(i, 1, 3, x**i)", output("y"), variable("x"), variable("i", Role.INDEX)),
        "x",
        "a sum, Sum\\(i, 1, 3, x\\*\\*i\\)",
    ),
]


@pytest.mark.parametrize(
    ("record", "symbol", "reason"),
    NOT_SOLVABLE,
    ids=[f"{record.expression} for {symbol}" for record, symbol, _ in NOT_SOLVABLE],
)
def test_what_has_no_inverse_says_where_it_stops(record: Formula, symbol: str, reason: str) -> None:
    with pytest.raises(NotSolvable, match=reason) as caught:
        solve(record, symbol)
    assert caught.value.symbol == symbol


NO_ROOT = [
    (relation("x**2 + c"), {"y": 1, "c": 5}, "undefined", "y - c >= 0 is needed, but it is -4"),
    (relation("c - a/x"), {"y": 1, "c": 1, "a": 2}, "undefined", "c - y != 0 is needed, but it is 0"),
    (relation("sqrt(x)"), {"y": -1}, "undefined", "y >= 0 is needed, but it is -1"),
    (relation("asin(x)"), {"y": 2}, "undefined", "y <= 1.5708 is needed, but it is 2"),
    (relation("2*x", x=WHOLE), {"y": 3}, "1.5", "whole numbers"),
    (relation("2*x", x=POSITIVE), {"y": -3}, "-1.5", "the relation holds there only"),
    (relation("exp(x)*0", x=POSITIVE), {"y": 1}, "undefined", "stays above zero"),
]


@pytest.mark.parametrize(
    ("record", "givens", "value", "reason"),
    NO_ROOT,
    ids=[f"{row[0].expression}, {row[1]}" for row in NO_ROOT],
)
def test_without_a_root_in_the_domain_it_says_what_was_found(
    record: Formula, givens: dict[str, float], value: str, reason: str
) -> None:
    with pytest.raises(OutOfDomain) as caught:
        solve(record, "x", **givens)
    assert caught.value.value == value
    assert reason in str(caught.value)


def test_a_whole_number_is_met_in_spite_of_rounding() -> None:
    record = formula("f", "y = 0.1*x", output("y"), variable("x", domain=WHOLE))
    assert [root.value for root in solve(record, "x", y=0.3).roots] == [3.0]


def test_a_root_at_zero_is_kept() -> None:
    assert [root.value for root in solve(relation("x**2 - 2"), "x", y=-2).roots] == [0.0]
    record = formula("f", "y = x**a", output("y"), variable("x", domain=Domain(minimum=0.0)), variable("a"))
    assert [root.value for root in solve(record, "x", y=0, a=2.5).roots] == [0.0]


REFUSED = [
    ("X", {}, UnknownSymbol, "it has A, B, D, E, L, N, alpha, beta"),
    ("training-token", {}, UnknownSymbol, "did you mean training-tokens"),
    ("D", {"D": 1}, BadParameter, "D is what is asked for"),
    ("D", {"L": 2, "N": "70B", "M": 1}, UnknownSymbol, "'M'"),
    ("D", {"L": 0, "N": "70B"}, OutOfDomain, "L = 0 is outside"),
    ("D", {"L": 1.7, "N": "70B"}, OutOfDomain, "L - E - A/N\\*\\*alpha|B/\\(L - E"),
]


@pytest.mark.parametrize(
    ("symbol", "givens", "error", "reason"), REFUSED, ids=[f"{row[0]}, {row[1]}" for row in REFUSED]
)
def test_what_cannot_be_solved_is_refused_with_the_reason(
    symbol: str, givens: dict[str, object], error: type[TriviumError], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        solve_for(compile_formula(CHINCHILLA), symbol, givens, units=UNITS)


def test_an_unknown_fit_is_refused_and_a_shared_quantity_is_ambiguous() -> None:
    with pytest.raises(NotFound):
        solve_for(compile_formula(CHINCHILLA), "D", {}, fit="x", units=UNITS)
    record = formula("f", "y = a/b", output("y"), *(variable(name, slug="t", unit=TOKEN) for name in "ab"))
    with pytest.raises(BadParameter, match="a and b share this quantity"):
        solve(record, "t")


def test_a_root_of_an_open_constant_has_its_inferred_dimension() -> None:
    (root,) = solve(CHINCHILLA, "A", L=2, N="70B", D="1.4T").roots
    assert root.unit == "nat*parameter^alpha/token"


def test_a_negative_base_has_powers_at_whole_exponents() -> None:
    from kg.formula.expressions import solve_expression

    for text, values, roots in (
        ("(-2)**x = 4", {}, [2.0]), ("(-2)**x = -8", {}, [3.0]), ("b**x = 4", {"b": -2}, [2.0]),
        ("(-2)**(2*x + 1) = -8", {}, [1.0]), ("(-2)**x + x = 6", {}, [2.0]), ("2**x = 8", {}, [3.0]),
    ):  # fmt: skip
        found = solve_expression(text, "x", values, {})
        assert [root.value for root in found.roots] == pytest.approx(roots)
    with pytest.raises(NotSolvable, match="proves nothing"):
        solve_expression("(-2)**x = 5", "x", {}, {})


def test_the_error_function_is_undone_where_it_has_an_inverse() -> None:
    (root,) = solve(relation("erf(x)"), "x", y=0.5).roots
    assert (root.value, root.method) == (pytest.approx(0.4769362762044699, rel=1e-15), "isolated")
    assert solve(relation("erfinv(x)"), "x").closed_form == "x = erf(y)"
    with pytest.raises(OutOfDomain):
        solve(relation("erf(x)"), "x", y=2)
