"""Expressions that have an answer: the text, the values, and the same computed by mpmath from its own formula."""

from collections.abc import Callable
from typing import Any, NamedTuple


class Answered(NamedTuple):
    """One row; ``expected`` takes mpmath."""

    text: str
    values: dict[str, Any]
    expected: Callable[[Any], Any]


NAMES = (
    *("N", "E", "I", "S", "Q", "O", "C", "e", "i", "j", "beta", "lambda", "gamma", "zeta", "alpha", "Gamma"),
    *("Symbol", "oo", "nan", "inf", "if", "is", "in", "None", "True", "False", "and", "or", "not", "def"),
    *(
        "class",
        "import",
        "print",
        "eval",
        "exec",
        "open",
        "os",
        "self",
        "x_1",
        "x__class__",
        "e5",
        "B",
        "Max",
    ),
    *("while", "yield", "nnn", "Product", "a" * 64),
)
GREEK = {"α": "alpha", "λ": "lambda", "Σ": "Sigma", "ζ_2": "zeta_2"}
NAMED = [
    *(Answered(f"2*{name} + 1", {name: 3}, lambda m: m.mpf(7)) for name in NAMES),
    *(Answered(f"{letter}**2", {name: 1.5}, lambda m: m.mpf("2.25")) for letter, name in GREEK.items()),
]
ARITHMETIC = [
    Answered(text, {}, expected)
    for text, expected in (
        ("1 + 2*3", lambda m: m.mpf(7)),
        ("(1 + 2)*3", lambda m: m.mpf(9)),
        ("2**3**2", lambda m: m.mpf(512)),
        ("2^10", lambda m: m.mpf(1024)),
        ("-2**2", lambda m: m.mpf(-4)),
        ("(-2)**2", lambda m: m.mpf(4)),
        ("(-2)**-3", lambda m: -m.mpf(1) / 8),
        ("2**-1", lambda m: m.mpf("0.5")),
        ("--3", lambda m: m.mpf(3)),
        ("+-+3", lambda m: m.mpf(-3)),
        ("-" * 8 + "1", lambda m: m.mpf(1)),
        ("1/2/2", lambda m: m.mpf("0.25")),
        ("1/3 + 1/6", lambda m: m.mpf("0.5")),
        ("0.1 + 0.2", lambda m: m.mpf("0.3")),
        ("08", lambda m: m.mpf(8)),
        ("007.5", lambda m: m.mpf("7.5")),
        (".5", lambda m: m.mpf("0.5")),
        ("5.", lambda m: m.mpf(5)),
        ("1e3", lambda m: m.mpf(1000)),
        ("1E+3", lambda m: m.mpf(1000)),
        ("1e-3", lambda m: m.mpf("0.001")),
        ("1e308", lambda m: m.mpf("1e308")),
        ("1e-300", lambda m: m.mpf("1e-300")),
        ("2**1023", lambda m: m.mpf(2) ** 1023),
        ("9007199254740993 - 9007199254740992", lambda m: m.mpf(1)),
        ("1" * 60, lambda m: m.mpf("1" * 60)),
        ("0**0", lambda m: m.mpf(1)),
        ("0**2", lambda m: m.mpf(0)),
        ("0*5", lambda m: m.mpf(0)),
        ("pi", lambda m: +m.pi),
        ("π/2", lambda m: m.pi / 2),
        ("2\n+\t3\r\n", lambda m: m.mpf(5)),
        ("(" * 60 + "1" + ")" * 60, lambda m: m.mpf(1)),
        ("+".join(["1"] * 190), lambda m: m.mpf(190)),
        ("4**0.5", lambda m: m.mpf(2)),
        ("8**(1/3)", lambda m: m.mpf(2)),
        ("2**0.5", lambda m: m.sqrt(2)),
        ("10**0.6", lambda m: m.mpf(10) ** m.mpf("0.6")),
        ("y = 3*4", lambda m: m.mpf(12)),
    )
]
CALLS = [
    Answered(text, {}, expected)
    for text, expected in (
        ("sqrt(2)", lambda m: m.sqrt(2)),
        ("cbrt(-27)", lambda m: m.mpf(-3)),
        ("cbrt(2)", lambda m: m.cbrt(2)),
        ("exp(1)", lambda m: +m.e),
        ("exp(-700)", lambda m: m.exp(-700)),
        ("log(10)", lambda m: m.log(10)),
        ("ln(2)", lambda m: m.log(2)),
        ("log(8, 2)", lambda m: m.mpf(3)),
        ("log(2, 10)", lambda m: m.log10(2)),
        ("log2(10)", lambda m: m.log(10) / m.log(2)),
        ("log10(2)", lambda m: m.log10(2)),
        ("sin(1)", lambda m: m.sin(1)),
        ("cos(1)", lambda m: m.cos(1)),
        ("tan(1)", lambda m: m.tan(1)),
        ("asin(1)", lambda m: m.pi / 2),
        ("acos(-1)", lambda m: +m.pi),
        ("atan(2)", lambda m: m.atan(2)),
        ("sinh(1)", lambda m: m.sinh(1)),
        ("cosh(1)", lambda m: m.cosh(1)),
        ("tanh(0.5)", lambda m: m.tanh(m.mpf("0.5"))),
        ("erf(0.5)", lambda m: m.erf(m.mpf("0.5"))),
        ("abs(-3.5)", lambda m: m.mpf("3.5")),
        ("sign(-2)", lambda m: m.mpf(-1)),
        ("sign(0)", lambda m: m.mpf(0)),
        ("floor(-1.5)", lambda m: m.mpf(-2)),
        ("ceil(-1.5)", lambda m: m.mpf(-1)),
        ("max(1, 3, 2)", lambda m: m.mpf(3)),
        ("min(1, -3, 2)", lambda m: m.mpf(-3)),
        (f"max({','.join(['1'] * 60)})", lambda m: m.mpf(1)),
        ("exp(exp(1))", lambda m: m.exp(m.e)),
        ("sqrt(sqrt(16))", lambda m: m.mpf(2)),
        ("Sum(i, 1, 100, i)", lambda m: m.mpf(5050)),
        ("Sum(i, 5, 4, i)", lambda m: m.mpf(0)),
        ("Sum(i, -2, 2, i**2)", lambda m: m.mpf(10)),
        ("Sum(i, 1, 1000, 1/i)", lambda m: m.harmonic(1000)),
        ("Sum(i, 1, 30, Sum(j, 1, i, 1))", lambda m: m.mpf(465)),
        ("Sum(lambda, 1, 3, lambda)", lambda m: m.mpf(6)),
    )
]
LAWS = [
    Answered(
        "E + A/N**alpha + B/D**beta",
        {"E": 1.69, "A": 406.4, "B": 410.7, "N": 7e10, "D": 1.4e12, "alpha": 0.34, "beta": 0.28},
        lambda m: (
            m.mpf("1.69")
            + m.mpf("406.4") / m.mpf(7e10) ** m.mpf("0.34")
            + m.mpf("410.7") / m.mpf(1.4e12) ** m.mpf("0.28")
        ),
    ),
    Answered(
        "A/N**alpha + E",
        {"A": "406.4", "N": "70B", "alpha": 0.34, "E": 1.69},
        lambda m: m.mpf("406.4") / m.mpf(7e10) ** m.mpf("0.34") + m.mpf("1.69"),
    ),
    Answered("6*N*D", {"N": "1.4T", "D": "70k"}, lambda m: 6 * m.mpf(1.4e12) * 70000),
    Answered("x**2 - 2*x + 1", {"x": 1}, lambda m: m.mpf(0)),
    Answered("x**0", {"x": 0}, lambda m: m.mpf(1)),
    Answered("0**x", {"x": 0}, lambda m: m.mpf(1)),
    Answered("x**3", {"x": -2}, lambda m: m.mpf(-8)),
    Answered("x**-3", {"x": -2}, lambda m: -m.mpf(1) / 8),
    Answered("x**y", {"x": -2, "y": 3}, lambda m: m.mpf(-8)),
    Answered("cbrt(x)", {"x": -8}, lambda m: m.mpf(-2)),
    Answered("sqrt(x**2)", {"x": -3}, lambda m: m.mpf(3)),
    Answered("abs(x)", {"x": -3}, lambda m: m.mpf(3)),
    Answered("exp(x)", {"x": -1000}, lambda m: m.mpf(0)),
    Answered("exp(log(x))", {"x": 7}, lambda m: m.mpf(7)),
    Answered("tanh(x)", {"x": 1000}, lambda m: m.mpf(1)),
    Answered("x", {"x": 5e-324}, lambda m: m.mpf(5e-324)),
    Answered("x/2", {"x": 5e-324}, lambda m: m.mpf(0)),
    Answered("x", {"x": -0.0}, lambda m: m.mpf(0)),
    Answered(
        "Sum(i, 1, n, w[i]*a[i])",
        {"w": [0.5, 0.3, 0.2], "a": [0.2, 0.6, 0.9], "n": 3},
        lambda m: m.mpf("0.46"),
    ),
    Answered("Sum(i, 1, n, i)", {"n": 0}, lambda m: m.mpf(0)),
    Answered("max(x, y) - min(x, y)", {"x": 2, "y": 5}, lambda m: m.mpf(3)),
    Answered("1/(1 + exp(-x))", {"x": 0.5}, lambda m: 1 / (1 + m.exp(-m.mpf("0.5")))),
]
ANSWERED = [*NAMED, *ARITHMETIC, *CALLS, *LAWS]
