"""Text → tree → text: what the grammar takes, and how each name is just a name."""

from fractions import Fraction

import pytest

from kg.errors import BadSyntax, TooLarge, UnknownSymbol
from kg.formula.grammar import read, read_expression, read_relation
from kg.formula.names import GREEK
from kg.formula.render import number_text, render
from kg.formula.tree import Item, Name, Number, Sum, depth, names

LAWFUL = [
    ("L=E+A/N**alpha+B/D**beta", "L = E + A/N**alpha + B/D**beta"),
    ("C = 6 * N * D", "C = 6*N*D"),
    ("A/N^α", "A/N**alpha"),
    ("α_t*λ", "alpha_t*lambda"),
    ("a**b**c", "a**b**c"),
    ("(a**b)**c", "(a**b)**c"),
    ("-a**2", "-a**2"),
    ("(-a)**2", "(-a)**2"),
    ("a**-2", "a**(-2)"),
    ("a - (b - c)", "a - (b - c)"),
    ("(a - b) - c", "a - b - c"),
    ("a + (b + c)", "a + b + c"),
    ("a/(b*c)", "a/(b*c)"),
    ("a/b/c*d", "a/b/c*d"),
    ("a*(b + c)", "a*(b + c)"),
    ("-a*b + c", "-a*b + c"),
    ("c + -a*b", "c - a*b"),
    ("c - -a", "c + a"),
    ("--a", "a"),
    ("+-+-a", "a"),
    ("-(a + b)", "-(a + b)"),
    ("-x", "-x"),
    ("log(x, 10) + log10(x) + ln(x)", "log(x, 10) + log10(x) + ln(x)"),
    ("min(a, b, max(c, d))", "min(a, b, max(c, d))"),
    ("Sum(i, 1, n, w[i]*a[i])/Sum(i, 1, n, w[i])", "Sum(i, 1, n, w[i]*a[i])/Sum(i, 1, n, w[i])"),
    ("Sum(i, 1, n, Sum(j, 1, i, x**(i*j)))", "Sum(i, 1, n, Sum(j, 1, i, x**(i*j)))"),
    ("pi*r**2", "pi*r**2"),
    ("π*r", "pi*r"),
    ("0.34", "0.34"),
    (".5 + 1. + 007", "0.5 + 1 + 7"),
    ("1e24 + 5.76e23", "1e24 + 5.76e23"),
    ("1e-20", "1e-20"),
    ("N+E+I+S+Q+C+O+beta+gamma+zeta+lambda", "N + E + I + S + Q + C + O + beta + gamma + zeta + lambda"),
    ("re + im + test + Symbol + eval + exec", "re + im + test + Symbol + eval + exec"),
    ("in*is*not*and*or*None*True*def*class*import", "in*is*not*and*or*None*True*def*class*import"),
    ("(\n a\n + b\n)", "a + b"),
    ("  x\t", "x"),
]


@pytest.mark.parametrize(("text", "rendered"), LAWFUL, ids=[text.strip() for text, _ in LAWFUL])
def test_lawful_text_is_read_and_renders_to_the_same_tree(text: str, rendered: str) -> None:
    found = read(text)
    assert render(found) == rendered
    assert read(rendered) == found


def test_decimals_are_exact() -> None:
    assert read_expression("0.34") == Number(Fraction(17, 50))
    assert read_expression("0.1") != Number(Fraction(0.1))


def test_caret_is_the_power_and_binds_like_it() -> None:
    assert read("a + b^c*d") == read("a + b**c*d")
    assert read("-a^2^3") == read("-a**(2**3)")


def test_each_greek_letter_is_its_name() -> None:
    for letter, name in GREEK.items():
        assert read(f"{letter} + 1") == read(f"{name} + 1")


def test_the_index_of_a_sum_is_no_variable_outside_it() -> None:
    found = read_expression("Sum(i, 1, n, w[i]*i) + x")
    assert names(found) == ("n", "w", "x")
    assert isinstance(found, type(read("a + b")))
    assert Item("w", "i") in [part for _, part in read("Sum(i, 1, n, w[i]*i)").body.factors]  # type: ignore[attr-defined]


def test_names_come_from_the_closed_list() -> None:
    with pytest.raises(UnknownSymbol) as caught:
        read_expression("A/N**alhpa", {"A", "N", "alpha", "beta"})
    assert caught.value.symbol == "alhpa"
    assert caught.value.known == ("A", "N", "alpha", "beta")
    assert caught.value.near == ("alpha",)
    assert read_expression("Sum(i, 1, 3, x)", {"x"}) == Sum("i", read("1"), read("3"), Name("x"))


def test_a_relation_and_an_expression_are_told_apart() -> None:
    with pytest.raises(BadSyntax, match="not a relation"):
        read_expression("a = b")
    with pytest.raises(BadSyntax, match="lhs = rhs"):
        read_relation("a + b")


MISTAKES = [
    ("6ND", 1, 2, "operator is missing"),
    ("6 N", 1, 3, "operator is missing"),
    ("(a)(b)", 1, 3, "operator is missing"),
    ("2(a)", 1, 1, "operator is missing"),
    ("lambda*x + lambda y", 1, 19, "operator is missing"),
    ("a^b + lambda^c $", 1, 16, "'\\$' is not in the grammar"),
    ("a +\n  b *", 2, 6, "ends where a value should follow"),
    ("a +\n  * b", 2, 3, "a value is missing before '\\*'"),
    ("(a + b", 1, 1, "never closed"),
    ("a + b)", 1, 6, "closes nothing"),
    ("Sum(i, 1, n, w[i)]", 1, 17, "closes nothing"),
    ("f(x)", 1, 1, "no function 'f'"),
    ("Sin(x)", 1, 1, "did you mean sin"),
    ("N(x + 1)", 1, 1, "for a product write N\\*"),
    ("exp + 1", 1, 1, "'exp' is a function"),
    ("exp(a, b)", 1, 1, "takes 1 argument"),
    ("min(a)", 1, 1, "takes 2 to 60 arguments"),
    ("exp()", 1, 5, "a value is missing"),
    ("a, b", 1, 2, "decimals take a point"),
    ("a = b = c", 1, 7, "one '='"),
    ("f == g", 1, 4, "a value is missing before '='"),
    ("a // b", 1, 4, "a value is missing before '/'"),
    ("w[i]", 1, 1, "indexed by the index of a sum"),
    ("w[1]", 1, 1, "indexed by the index of a sum"),
    ("[1, 2]", 1, 1, "follows the name of a series"),
    ("Sum(1, 1, n, x)", 1, 1, "an index, two bounds and a body"),
    ("Sum(i, 1, n)", 1, 1, "an index, two bounds and a body"),
    ("Sum(exp, 1, n, x)", 1, 5, "'exp' cannot be the index"),
    ("Sum(i, 1, n, Sum(i, 1, n, x))", 1, 18, "'i' cannot be the index"),
    ("1/0", 1, 1, "divides by zero"),
    ("x + log(-1)", 1, 5, "no real value"),
    ("x + (-8)**(1/3)", 1, 5, "no real value"),
    ("acos(2)", 1, 1, "no real value"),
    ("", 1, 1, "ends where a value should follow"),
    ("x − 1", 1, 3, "MINUS SIGN.*write the sign -"),
    ("2 · x", 1, 3, "write \\*"),
    ("x²", 1, 2, "write \\*\\*2"),
    ("40%", 1, 3, "0.4 for 40"),
]


@pytest.mark.parametrize(("text", "line", "column", "reason"), MISTAKES, ids=[text for text, *_ in MISTAKES])
def test_a_mistake_is_named_with_its_place(text: str, line: int, column: int, reason: str) -> None:
    with pytest.raises(BadSyntax, match=reason) as caught:
        read(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_long_sums_stay_flat_and_deep_nesting_is_refused() -> None:
    assert depth(read("+".join(["a"] * 150))) == 2
    with pytest.raises(TooLarge, match="nesting"):
        read("exp(" * 60 + "-(x + 1)" + ")" * 60 + "**(" + "a**(" * 41 + "2" + ")" * 42)


NUMBERS = [
    (Fraction(0), "0"),
    (Fraction(70_000_000_000), "70000000000"),
    (Fraction(10) ** 24, "1e24"),
    (Fraction(576) * 10**21, "5.76e23"),
    (Fraction(1, 10**20), "1e-20"),
    (Fraction(-17, 50), "-0.34"),
    (Fraction(1, 3), "1/3"),
]


@pytest.mark.parametrize(("value", "text"), NUMBERS, ids=[text for _, text in NUMBERS])
def test_numbers_render_exactly(value: Fraction, text: str) -> None:
    assert number_text(value) == text
