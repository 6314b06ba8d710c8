"""Dimensions of formulas: what agrees, what does not and where, and what an open constant must have."""

from dataclasses import replace
from itertools import permutations

import pytest

from kg.errors import BadParameter, WrongDimension
from kg.formula.compile import CompiledFormula, compile_formula
from kg.formula.dimensions import check_dimensions
from kg.formula.evaluate import evaluate
from kg.formula.exponents import Exponent
from kg.formula.grammar import read, read_expression
from kg.model.formula import Role, Variable
from kg.model.quantity import ONE
from kg.services.knowledge import Knowledge
from tests.unit.formula.records import (
    CHINCHILLA,
    DAY,
    FLOP,
    FLOP_PER_PT,
    FLOP_PER_SECOND,
    HOFFMANN,
    HOUR,
    NAT,
    PARAMETER,
    PER_YEAR,
    SECOND,
    TOKEN,
    UNITS,
    YEAR,
    constant,
    fit,
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
    ("x = A/B", {"A": "[B]"}),
    (
        "N = (alpha*A/(beta*B))**(1/(alpha + beta))*(C/k)**(beta/(alpha + beta))",
        {"A": "[B]*parameter^alpha/token^beta"},
    ),
    ("x = A*B*q/N", {"A": "parameter/([B]*[q])"}),
    ("x = A/B + B/q", {"A": "[q]", "B": "[q]"}),
    ("N = A/B + B*D/q", {"A": "[q]*parameter^2/token", "B": "[q]*parameter/token"}),
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


OPEN_CONFLICT = ["x = A/B + B/A*N", "N = A/B + B/A", "x = A/B + B/q + q/A*D", "x = (A/B)**alpha*N + A/B"]


@pytest.mark.parametrize("text", OPEN_CONFLICT)
def test_constants_that_are_open_together_cannot_contradict_themselves(text: str) -> None:
    with pytest.raises(WrongDimension):
        check_dimensions(read(text), table())


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
    assert str(exponent("(a**2 + a*b)/(a + b)")) == "a"
    assert str(exponent("(a**2 - b**2)/(a - b)")) in ("a + b", "b + a")
    assert str(exponent("(a**2 + b)/(a + b)")) == "(b + a^2)/(b + a)"
    assert exponent("(a + b)**2") == exponent("a**2 + 2*a*b + b**2")
    assert exponent("a - b") != exponent("b - a")
    assert exponent("1/(a - a)") != exponent("0")
    assert str(exponent("0.5*a - 1/3")) == "0.5*a - 1/3"
    assert str(exponent("(a + 1)/(2*b)")) == "(0.5*a + 0.5)/b"
    wide = "*".join(f"(a{number} + b{number})" for number in range(12))
    assert exponent(wide) == exponent(wide)


# Units of the dataset, and what they are not


BASES = ("token", "parameter", "flop", "byte", "second", "usd", "gco2e", "joule")


def test_counts_money_and_emissions_are_dimensions_of_their_own(shipped: Knowledge) -> None:
    units = {name: shipped.units.named(name) for name in BASES if shipped.units.find(name)}
    units |= {"gco2e": shipped.units.named("gCO2e"), "flop": shipped.units.named("FLOP")}
    assert len(units) == len(BASES)
    for one, other in permutations(units, 2):
        with pytest.raises(WrongDimension) as caught:
            check_dimensions(
                read("x = x + y"), [variable("x", unit=units[one]), variable("y", unit=units[other])]
            )
        assert caught.value.where == "y"
        with pytest.raises(WrongDimension):
            shipped.units.convert(1.0, units[one], units[other])


@pytest.mark.parametrize(("slug", "givens", "unit", "where"), [
    ("training-compute-6nd", {"N": "70B", "D": "1.4T"}, "PFLOP/s", "the unit PFLOP/s"),
    ("training-compute-6nd", {"N": "70 Gtoken", "D": "1.4T"}, "", "N"),
    ("accelerator-hours-from-compute", {"C": "1e24 FLOP/s"}, "", "C"),
    ("operational-emissions", {"E": "1 MWh", "CI": "0.4 USD/kWh"}, "", "CI"),
    ("training-cost", {"H": "1 h", "p": "2 USD2020/h"}, "", "p"),
    ("training-cost", {"H": "1 h", "p": "2 USD/h"}, "USD2020", "the unit USD2020"),
])  # fmt: skip
def test_a_unit_of_another_dimension_is_refused_with_its_place(
    shipped: Knowledge, slug: str, givens: dict[str, str], unit: str, where: str
) -> None:
    with pytest.raises(WrongDimension) as caught:
        shipped.formula(slug).evaluate(givens, unit=unit)
    assert caught.value.where == where


def test_a_gram_of_emissions_is_no_gram(shipped: Knowledge) -> None:
    with pytest.raises(BadParameter, match="kgCO2e, gCO2e, tCO2e"):
        shipped.formula("operational-emissions").evaluate(E="1 MWh", CI=0.4, unit="g")


PRICED = [
    ("USD2020", "usd-2020", 1.0),
    ("USD 2020", "usd-2020", 1.0),
    ("kUSD2020", "usd-2020", 1e3),
    ("USD2020/h", "usd-2020/second", 1 / 3600),
    ("USD20200", None, 0),
    ("USD1820", None, 0),
    ("FLOP2020", None, 0),
    ("EUR2020", None, 0),
]


@pytest.mark.parametrize(("text", "dimension", "factor"), PRICED, ids=[row[0] for row in PRICED])
def test_a_currency_with_its_year_is_a_dimension_of_its_own(
    shipped: Knowledge, text: str, dimension: str | None, factor: float
) -> None:
    found = shipped.units.find(text)
    if dimension is None:
        assert found is None
        return
    assert found is not None
    assert (str(found.dimension), found.factor) == (dimension, pytest.approx(factor))
    assert shipped.units.convert(1.0, found, found) == 1.0


def test_prices_of_two_years_are_refused_with_what_to_do(shipped: Knowledge) -> None:
    units = shipped.units
    for other in ("USD", "USD2024"):
        with pytest.raises(WrongDimension, match="price index"):
            units.convert(1.0, units.named("USD2020"), units.named(other))
    with pytest.raises(WrongDimension) as caught:
        units.convert(1.0, units.named("USD2020"), units.named("FLOP"))
    assert "price" not in str(caught.value)


# A law in other reference units


def in_billions(alpha: float, *, scaled: bool) -> CompiledFormula:
    """Chinchilla's law with N in billions; its A is scaled by 1e9^-alpha, or not."""
    billion = replace(PARAMETER, symbol="Gparam", factor=1e9)
    variables = tuple(
        replace(one, unit=billion) if one.symbol == "N" else one for one in CHINCHILLA.variables
    )
    constants = {
        "E": 1.69,
        "A": 406.4 * (1e9**-alpha if scaled else 1.0),
        "B": 410.7,
        "alpha": alpha,
        "beta": 0.28,
    }
    sets = (fit("billions", constants),)
    return compile_formula(
        replace(CHINCHILLA, variables=variables, constant_sets=sets, default_set="billions", examples=())
    )


@pytest.mark.parametrize("alpha", [0.1, 0.34, 1.0, 2.5])
def test_a_law_refitted_in_billions_gives_the_same_loss_for_the_same_model(alpha: float) -> None:
    plain = compile_formula(
        replace(
            CHINCHILLA, constant_sets=(fit("p", {**HOFFMANN, "alpha": alpha}),), default_set="p", examples=()
        )
    )
    givens = {"N": "7e10 param", "D": 1.4e12}
    expected = evaluate(plain, givens, units=UNITS).value
    rescaled = in_billions(alpha, scaled=True)
    assert evaluate(rescaled, givens, units=UNITS).value == pytest.approx(expected, rel=1e-12)
    assert evaluate(rescaled, {**givens, "N": 70.0}, units=UNITS).value == pytest.approx(expected, rel=1e-12)
    assert rescaled.dimensions.inferred["A"] == "nat*parameter^alpha/token"
    assert rescaled.scales["N"] == 1.0
    unscaled = evaluate(in_billions(alpha, scaled=False), givens, units=UNITS).value
    assert unscaled - 1.69 > expected - 1.69


def test_a_law_whose_terms_hold_in_two_sizes_of_one_unit_is_refused() -> None:
    billion = replace(PARAMETER, symbol="Gparam", factor=1e9)
    variables = [
        variable("q", Role.OUTPUT),
        variable("N", unit=billion),
        variable("M", unit=PARAMETER),
        constant("A", declared=False),
        variable("alpha"),
    ]
    with pytest.raises(WrongDimension, match="units of one size"):
        check_dimensions(read("q = A/N**alpha + A/M**alpha"), variables)
