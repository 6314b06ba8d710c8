"""Dimensions of formulas: what agrees, what does not and where, and what an open constant must have."""

import pytest

from kg.errors import WrongDimension
from kg.formula.dimensions import check_dimensions
from kg.formula.exponents import Exponent
from kg.formula.grammar import read, read_expression
from kg.model.formula import Role, Variable
from kg.model.quantity import ONE
from tests.unit.formula.records import (
    CHINCHILLA,
    DAY,
    FLOP,
    FLOP_PER_PT,
    FLOP_PER_SECOND,
    HOUR,
    NAT,
    PARAMETER,
    PER_YEAR,
    SECOND,
    TOKEN,
    YEAR,
    constant,
    variable,
)

TABLE = {
    "L": NAT,
    "N": PARAMETER,
    "D": TOKEN,
    "C": FLOP,
    "F": FLOP_PER_SECOND,
    "k": FLOP_PER_PT,
    "t": DAY,
    "h": HOUR,
    "s": SECOND,
    "y": YEAR,
    "g": PER_YEAR,
    "x": ONE,
    "alpha": ONE,
    "beta": ONE,
}
OPEN = ("A", "B", "E", "q")


def table() -> list[Variable]:
    known = [variable(symbol, unit=unit) for symbol, unit in TABLE.items()]
    return [*known, *(constant(symbol, declared=False) for symbol in OPEN), variable("i", Role.INDEX)]


AGREE = [
    ("C = k*N*D", {}),
    ("t = C/(x*F)", {}),
    ("C = F*(s + h)", {}),
    ("L = E + A/N**alpha + B/D**beta", {"E": "nat/token", "A": "nat*parameter^alpha/token"}),
    ("L = (A/N)**alpha", {"A": "nat^(1/alpha)*parameter/token^(1/alpha)"}),
    ("L = ((A/N)**(alpha/beta) + B/D)**beta", {"B": "nat^(1/beta)*token^((beta - 1)/beta)"}),
    ("x = q*N**alpha*D**(-alpha)", {"q": "token^alpha/parameter^alpha"}),
    ("x = exp(g*y)", {}),
    ("x = log(C/A) + 1", {"A": "flop"}),
    ("N = sqrt(C/k*N/D)", {}),
    ("N = cbrt(N**3)", {}),
    ("N = max(0, N - A)", {"A": "parameter"}),
    ("N = abs(N)*sign(D)", {}),
    ("N = Sum(i, 1, x, N*i)", {}),
    ("N = N**(2/2)", {}),
    ("x = N**(alpha + beta)/(N**alpha*N**beta)", {}),
    ("x = N**((alpha + beta)**2)/N**(alpha**2 + 2*alpha*beta + beta**2)", {}),
    ("x = N**log(alpha)/N**log(alpha)", {}),
    ("x = A/B", {}),
]


@pytest.mark.parametrize(("text", "inferred"), AGREE, ids=[text for text, _ in AGREE])
def test_terms_agree_and_open_constants_follow(text: str, inferred: dict[str, str]) -> None:
    variables = [known for known in table() if known.symbol in text or known.symbol == "i"]
    found = check_dimensions(read(text), variables)
    assert {symbol: found.inferred[symbol] for symbol in inferred} == inferred


CONFLICT = [
    ("C = 6*N*D", "6*N*D (column 5) of f", "parameter*token", "flop", "a numeral that carries a unit"),
    ("N = N + D", "D (column 9) of f", "token", "parameter", "it stands beside N"),
    ("C = F", "F (column 5) of f", "flop/second", "flop", "it stands beside C"),
    ("x = exp(N)", "N (column 9) of f", "parameter", "1 (a plain number)", "divide it by a reference value"),
    ("x = 2**t", "t (column 8) of f", "second", "1 (a plain number)", "divide it by a reference value"),
    ("x = 1 + N", "N (column 9) of f", "parameter", "1", "it stands beside x"),
    ("N = max(N, D)", "D (column 12) of f", "token", "parameter", "it stands beside N"),
    (
        "N = floor(N)",
        "N (column 11) of f",
        "parameter",
        "1 (a plain number)",
        "divide it by a reference value",
    ),
    ("N = Sum(i, 1, N, D)", "N (column 15) of f", "parameter", "1 (a plain number)", "divide it"),
    ("N = N**alpha", "N**alpha (column 5) of f", "parameter^alpha", "parameter", "it stands beside N"),
    ("x = log(N, 10)", "N (column 9) of f", "parameter", "1 (a plain number)", "divide it by"),
]


@pytest.mark.parametrize(
    ("text", "where", "found", "expected", "hint"), CONFLICT, ids=[row[0] for row in CONFLICT]
)
def test_a_conflict_names_the_term(text: str, where: str, found: str, expected: str, hint: str) -> None:
    variables = [known for known in table() if known.unit_declared]
    with pytest.raises(WrongDimension) as caught:
        check_dimensions(read(text), variables, text=text, where="f")
    assert (caught.value.where, caught.value.found, caught.value.expected) == (where, found, expected)
    assert hint in caught.value.hint


def test_a_constant_with_the_wrong_unit_is_found_in_its_term() -> None:
    declared = [
        variable(known.symbol, unit=NAT) if known.symbol == "A" else known for known in CHINCHILLA.variables
    ]
    with pytest.raises(WrongDimension) as caught:
        check_dimensions(read(CHINCHILLA.expression), declared)
    assert caught.value.where == "A/N**alpha"
    assert caught.value.found == "nat/(parameter^alpha*token)"


def test_units_of_another_size_are_converted_unless_a_constant_declares_none() -> None:
    variables = [known for known in table() if known.unit_declared]
    assert not check_dimensions(read("t = C/(x*F)"), variables).coherent
    assert check_dimensions(read("x = g*y"), variables).coherent
    with pytest.raises(WrongDimension, match="constant here declares no unit"):
        check_dimensions(read("x = A*(s + h)"), table())


def test_exponents_are_compared_as_quotients_of_polynomials() -> None:
    def exponent(text: str) -> Exponent:
        return Exponent.read(read_expression(text))

    assert exponent("b/(a + b)") == exponent("1 - a/(a + b)")
    assert exponent("1/(1/a)") == exponent("a")
    assert exponent("a*b/b") == exponent("a")
    assert exponent("(a + b)**2") == exponent("a**2 + 2*a*b + b**2")
    assert exponent("a - b") != exponent("b - a")
    assert exponent("1/(a - a)") != exponent("0")
    assert str(exponent("0.5*a - 1/3")) == "0.5*a - 1/3"
    assert str(exponent("(a + 1)/(2*b)")) == "(0.5*a + 0.5)/b"
    wide = "*".join(f"(a{number} + b{number})" for number in range(12))
    assert exponent(wide) == exponent(wide)
