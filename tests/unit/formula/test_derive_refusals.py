"""What a derivation refuses, and converts: units, unknown names, what cannot be read, what is missing."""

import pytest

from kg.errors import (
    BadParameter,
    BadSyntax,
    NoDerivation,
    NotFound,
    OutOfDomain,
    TooLarge,
    TriviumError,
    WrongDimension,
)
from kg.formula.derive import derive
from kg.model.answer import Observed
from kg.model.formula import Domain
from kg.model.iri import Iri
from tests.networks import ask, formula_iri, law, network, quantity_iri
from tests.unit.formula.records import BYTE, DAY, FLOP, FLOP_PER_SECOND, HOUR, SECOND, UNITS

WHOLE = Domain(minimum=1.0, integer=True)
TRIP = (
    law("speed", "v = s/t", kind="definition"),
    law("fall", "s = g*t**2/2", constants={"g": 9.8}, kind="model"),
    law("heat", "q = m*v**2/2", kind="identity"),
)
CALENDAR = network(
    law("hours", "h = n*t", units={"h": HOUR, "t": SECOND}, domains={"n": WHOLE}),
    law("time", "t = c/f", units={"t": DAY, "c": FLOP, "f": FLOP_PER_SECOND}),
)


def test_units_are_converted_between_formulas_and_at_both_ends() -> None:
    givens = {"c": "8.64e9 FLOP", "f": 1e5, "n": 24}
    found = ask(CALENDAR, "h", givens, units=UNITS)
    assert [(step.symbol, step.value, step.unit) for step in found.steps] == [("t", 1, "d"), ("h", 576, "h")]
    assert found.steps[1].inputs[1].value == 86_400
    assert found.steps[1].factor == 3600
    assert ask(CALENDAR, "h", givens, units=UNITS, unit="d").value == 24
    assert ask(CALENDAR, "n", {"h": "1 d", "t": "2 h"}, units=UNITS).value == 12


REFUSED: dict[str, tuple[str, dict[str, object], dict[str, object], type[TriviumError], str]] = {
    "a rate for a count": (
        "h",
        {"c": "1e9 FLOP/s", "f": 1, "n": 1},
        {},
        WrongDimension,
        "c has dimension flop/second",
    ),
    "a count for a rate": (
        "h",
        {"c": 1, "f": "1e9 FLOP", "n": 1},
        {},
        WrongDimension,
        "f has dimension flop, expected",
    ),
    "a unit of the answer": ("h", {"t": 1, "n": 1}, {"unit": "byte"}, WrongDimension, "the unit byte"),
    "an unknown unit": ("h", {"t": 1, "n": 1}, {"unit": "parsec"}, BadParameter, "parsec"),
    "an unknown quantity": ("h", {"hours": 1}, {}, NotFound, "no quantity in any formula 'hours'"),
    "an unknown target": ("hh", {}, {}, NotFound, "no quantity in any formula"),
    "the target itself": ("h", {"h": 1}, {}, BadParameter, "h is what is asked for"),
    "a quantity twice": ("h", {"t": 1, str(quantity_iri("t")): 2}, {}, BadParameter, "t is given twice"),
    "no number": ("h", {"t": "soon"}, {}, BadSyntax, "t is no number"),
    "not a number": ("h", {"t": float("nan")}, {}, BadParameter, "a finite number"),
    "a number of no size": ("h", {"t": 10**400}, {}, TooLarge, "decimal exponent"),
    "outside every domain": ("h", {"t": -1}, {}, OutOfDomain, "t = -1 is outside its domain"),
    "half of a whole": ("h", {"t": 1, "n": 1.5}, {}, OutOfDomain, "n = 1.5"),
    "too many alternatives": ("h", {"t": 1, "n": 1}, {"alternatives": 11}, BadParameter, "0 to 10"),
    "another word": ("h", {"t": 1, "n": 1}, {"defaults": "ask"}, BadParameter, "allow or forbid"),
    "an unknown wish": ("h", {"t": 1, "n": 1}, {"prefer": ["urn:x"]}, NotFound, "to prefer"),
    "wished and not": (
        "h",
        {"t": 1, "n": 1},
        {"prefer": [formula_iri("time")], "avoid": [formula_iri("time")]},
        BadParameter,
        "what is not preferred as well",
    ),
    "nothing known": ("h", {}, {}, NoDerivation, r"give t \[d\] and n|give n and t"),
}


@pytest.mark.parametrize(("target", "givens", "options", "kind", "text"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_with_its_reason(
    target: str, givens: dict[str, object], options: dict[str, object], kind: type[TriviumError], text: str
) -> None:
    with pytest.raises(kind, match=text) as caught:
        ask(CALENDAR, target, givens, units=UNITS, **options)
    assert type(caught.value) is kind


def test_near_names_and_what_can_be_derived_are_offered() -> None:
    net = network(*TRIP)
    with pytest.raises(NotFound) as unknown:
        derive(network(law("f", "speed = way/span")), quantity_iri("speed"), {"wey": 1}, units=UNITS)
    assert unknown.value.near == ("way",)
    with pytest.raises(NoDerivation) as none:
        ask(net, "q", {"t": 2})
    assert (none.value.missing, none.value.near) == ((("m",),), ("v",))
    assert str(none.value) == "nothing known leads to q; give m; what can be derived: v"


def test_givens_missing_are_told_with_their_units() -> None:
    with pytest.raises(NoDerivation) as caught:
        ask(CALENDAR, "h", {"n": 2}, units=UNITS)
    assert caught.value.missing == (("t",), ("c", "f"))
    assert caught.value.units == {"t": "s", "c": "FLOP", "f": "FLOP/s"}


def test_an_observation_in_another_dimension_is_refused() -> None:
    chip = Iri("https://example.org/id/hardware/chip")
    observed = {chip: [Observed(quantity_iri("t"), 1, BYTE.iri, "reported", "2024", Iri("urn:t"))]}
    with pytest.raises(WrongDimension):
        ask(CALENDAR, "h", {"n": 1}, units=UNITS, observed=observed)
