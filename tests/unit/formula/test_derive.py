"""Derivations over small nets: which way is taken, what stands where it comes from, and what each refusal names."""

from dataclasses import replace

import pytest

from kg.errors import (
    BadParameter,
    ContradictingGivens,
    NoDerivation,
)
from kg.formula.compile import compile_formula
from kg.formula.derive import derive
from kg.formula.network import build_network
from kg.model.answer import Observed, Origin
from kg.model.formula import Domain, Formula, Reading
from kg.model.iri import Iri
from kg.model.quantity import ONE
from tests.networks import ask, formula_iri, law, network, quantity_iri, source, steps_of
from tests.unit.formula.records import UNITS

WHOLE = Domain(minimum=1.0, integer=True)
SHARE = Domain(minimum=0.0, maximum=1.0)
SPEED = law("speed", "v = s/t", kind="definition")
FALL = law("fall", "s = g*t**2/2", constants={"g": 9.8}, kind="model")
HEAT = law("heat", "q = m*v**2/2", kind="identity")
TRIP = (SPEED, FALL, HEAT)
CHIP = Iri("https://example.org/id/hardware/chip")
MODEL = Iri("https://example.org/id/model/one")


def known(quantity: str, value: float, *, unit: Iri = ONE.iri, method: str = "reported") -> Observed:
    return Observed(
        quantity_iri(quantity), value, unit, method, "2024", Iri(f"urn:{quantity}"), (source("sheet"),)
    )


def test_a_chain_tells_each_step_with_its_inputs_in_order() -> None:
    found = ask(network(*TRIP), "q", {"t": 2.0, "m": 3.0})
    assert [(step.number, step.label, step.solved, step.substituted) for step in found.steps] == [
        (1, "fall", "s = g*t**2/2", "s = 9.8*2**2/2"),
        (2, "speed", "v = s/t", "v = 19.6/2"),
        (3, "heat", "q = m*v**2/2", "q = 3*9.8**2/2"),
    ]
    assert [(one.symbol, one.origin, one.step) for one in found.steps[1].inputs] == [
        ("s", "derived", 1),
        ("t", "given", 0),
    ]
    assert found.value == pytest.approx(144.06, rel=1e-12)
    assert [(one.symbol, one.value, one.origin) for one in found.inputs] == [
        ("m", 3, "given"),
        ("t", 2, "given"),
    ]
    assert [one.iri.rpartition("/")[2] for one in found.sources] == ["fall", "heat", "speed"]
    assert found.cost == (1 + 2.25) + 1 + 1


def test_what_two_branches_share_is_computed_and_counted_once() -> None:
    net = network(law("a", "b = 2*a"), law("b", "c = 3*b"), law("c", "d = 4*b"), law("d", "e = c*d"))
    found = ask(net, "e", {"a": 1})
    assert steps_of(found) == ["a:b", "b:c", "c:d", "d:e"]
    assert found.cost == 4


@pytest.mark.parametrize(
    ("target", "givens", "method", "solved"),
    [
        ("y", {"x": 2, "z": 3}, "explicit", "y = x*z + x"),
        ("z", {"x": 2, "y": 8}, "isolated", "z = (y - x)/x"),
        ("x", {"y": 8, "z": 3}, "closed form", "x = y/(z + 1)"),
    ],
)
def test_how_a_formula_is_solved_is_said(
    target: str, givens: dict[str, object], method: str, solved: str
) -> None:
    (step,) = ask(network(law("f", "y = x*z + x")), target, givens).steps
    assert step.method == method
    assert step.solved.startswith(solved[:3])
    assert step.value == pytest.approx({"y": 8, "z": 3, "x": 2}[target])


def test_a_root_by_number_is_put_in_with_the_unknown_left_open() -> None:
    found = ask(network(law("f", "y = x**5 + k*x", constants={"k": 1})), "x", {"y": 34})
    assert found.value == pytest.approx(2)
    assert (found.steps[0].method, found.steps[0].solved) == ("numeric", "")
    assert found.steps[0].substituted == "34 = x**5 + 1*x"
    assert found.cost == 5


def test_of_several_roots_the_least_is_taken_and_all_are_told() -> None:
    net = network(law("f", "y = (x - k)**2", constants={"k": 3}))
    found = ask(net, "x", {"y": 4})
    assert found.value == pytest.approx(1)
    assert found.steps[0].roots == pytest.approx((1, 5))
    assert found.warnings == ("f: x has several values here; the least is taken, the others are 5",)
    assert found.cost == 20


def test_another_way_is_taken_where_the_cheapest_has_no_value() -> None:
    near = law("near", "y = log(x)", domains={"y": Domain()})
    net = network(near, law("far", "y = 2*z"), law("way", "z = 3*x"))
    assert steps_of(ask(net, "y", {"x": 5})) == ["near:y"]
    narrow = law("near", "y = log(x)")
    found = ask(network(narrow, law("far", "y = 2*z"), law("way", "z = 3*x")), "y", {"x": 0.5})
    assert steps_of(found) == ["way:z", "far:y"]


def test_another_way_is_taken_where_the_cheapest_leaves_the_range_of_its_fit() -> None:
    fitted = law("a-fit", "y = k*x", fits={"one": {"k": 2.0}}, ranges={"x": (1, 10)}, kind="empirical-fit")
    other = (law("b-way", "z = 3*x"), law("c-way", "w = z + x"), law("d-way", "y = w*z/x", kind="heuristic"))
    net = network(fitted, *other)
    assert steps_of(ask(net, "y", {"x": 5})) == ["a-fit:y"]
    assert steps_of(ask(net, "y", {"x": 50})) == ["b-way:z", "c-way:w", "d-way:y"]
    alone = ask(network(fitted), "y", {"x": 50})
    assert alone.warnings == ("a-fit: x = 50 1 is above the range 1 to 10 of the fit one",)
    assert alone.cost == 1 + 3 + 2


def test_a_doubtful_formula_costs_more_and_says_so() -> None:
    net = network(law("guess", "y = 2*x", certainty=0.4), law("sure", "y = 3*x", kind="heuristic"))
    assert steps_of(ask(net, "y", {"x": 1})) == ["sure:y"]
    doubtful = ask(net, "y", {"x": 1}, avoid=[formula_iri("sure")])
    assert doubtful.warnings == ("guess: guess is of low certainty, 0.4",)


def test_what_is_given_is_not_computed_and_the_formula_becomes_a_check() -> None:
    net = network(law("a", "y = 2*x", kind="heuristic"), law("b", "z = y + x"))
    for y, agrees in ((4.01, True), (5.0, False)):
        found = ask(net, "z", {"x": 2, "y": y})
        (check,) = found.checks
        assert steps_of(found) == ["b:z"]
        assert (check.label, check.symbol, check.known, check.computed, check.agrees) == (
            "a",
            "y",
            y,
            4,
            agrees,
        )
        assert check.relative_difference == pytest.approx(abs(y - 4) / y)
        assert any("a makes y 4, and 5 is known" in text for text in found.warnings) is not agrees


def test_givens_that_a_definition_forbids_are_named() -> None:
    with pytest.raises(ContradictingGivens) as caught:
        ask(network(*TRIP), "q", {"s": 10, "t": 2, "v": 6, "m": 1})
    assert caught.value.names == ("s", "t", "v")
    assert str(caught.value) == (
        "the givens s, t, v contradict each other: speed makes v 5, and it is given as 6; leave one of them out"
    )
    assert ask(network(*TRIP), "q", {"s": 10, "t": 2, "v": 5.04, "m": 1}).checks[0].agrees


def test_what_is_given_for_nothing_is_told() -> None:
    found = ask(network(*TRIP), "v", {"s": 10, "t": 2, "m": 1})
    assert "no step needs what is given for m" in found.warnings


RATE = law("rate", "r = x/p", defaults={"p": 20.0}, kind="heuristic")


def test_a_default_is_taken_last_and_by_name() -> None:
    net = network(RATE, law("price", "p = 2*w"))
    found = ask(net, "r", {"x": 40})
    assert [(one.symbol, one.value, one.origin, one.source) for one in found.inputs] == [
        ("p", 20, "default", source("handbook")),
        ("x", 40, "given", None),
    ]
    assert found.warnings == ("p = 20 is taken by default, that of rate",)
    assert found.cost == 1.5 + 10
    assert ask(net, "r", {"x": 40, "w": 1}).value == 20
    assert ask(net, "r", {"x": 40, "p": 10}).value == 4
    with pytest.raises(NoDerivation) as caught:
        ask(net, "r", {"x": 40}, defaults="forbid")
    assert caught.value.missing == (("p",), ("w",))


def test_a_default_is_never_the_answer() -> None:
    with pytest.raises(NoDerivation):
        ask(network(RATE), "p", {"x": 40})
    assert ask(network(RATE), "p", {"x": 40, "r": 8}).value == 5


def test_a_given_comes_before_a_subject_and_a_subject_before_a_default() -> None:
    subject = {CHIP: [known("p", 5, method="reported"), known("p", 6, method="computed")]}
    net = network(RATE)
    found = ask(net, "r", {"x": 40}, observed=subject)
    (price, _) = found.inputs
    assert (found.value, price.origin, price.subject, price.source) == (8, "subject", CHIP, source("sheet"))
    assert [one.value for one in price.alternatives] == [6]
    assert found.steps[0].inputs[1] == replace(price, label="the p", unit="1")
    assert ask(net, "r", {"x": 40, "p": 10}, observed=subject).value == 4


def test_a_quantity_that_two_subjects_have_is_taken_from_neither() -> None:
    net = network(law("rate", "r = x/p"))
    both = {CHIP: [known("p", 5)], MODEL: [known("p", 6), known("x", 12)]}
    with pytest.raises(NoDerivation, match="give p") as caught:
        ask(net, "r", {}, observed={MODEL: both[MODEL][:1], CHIP: [known("p", 5), known("x", 1)]})
    assert "p is known of hardware/chip and model/one, and only one can be meant" in str(caught.value)
    assert ask(net, "r", {"p": 3}, observed=both).value == 4


def test_what_a_subject_is_known_for_checks_what_is_derived_for_it() -> None:
    net = network(law("rate", "r = x/p"))
    found = ask(net, "r", {"x": 40, "p": 5}, observed={CHIP: [known("r", 10)]})
    assert (found.value, found.checks[0].known, found.checks[0].computed) == (8, 10, 8)
    alone = ask(net, "r", {"x": 40}, observed={CHIP: [known("r", 10)]})
    assert (alone.value, alone.steps, alone.inputs[0].subject) == (10, (), CHIP)


GROWTH = law("growth", "n = o*(1 + g)", quantities={"n": "stock", "o": "stock"})


def test_two_variables_of_one_quantity_never_mix() -> None:
    net = network(GROWTH, law("stores", "stock = a*b"))
    with pytest.raises(BadParameter, match=r"growth#n, growth#o|growth#o, growth#n"):
        ask(network(GROWTH), "stock", {"g": 0.5})
    with pytest.raises(NoDerivation):
        ask(net, "https://example.org/id/formula/growth#n", {"stock": 5, "g": 0.5})
    found = ask(net, "https://example.org/id/formula/growth#n", {"growth#o": 4, "g": 0.5, "stock": 9})
    assert found.value == 6
    assert found.inputs[1].quantity == quantity_iri("stock")
    by_iri = {f"{formula_iri('growth')}#o": 4, "g": 0.5}
    assert ask(net, str(formula_iri("growth")), by_iri).value == 6


def test_a_constant_belongs_to_its_law_and_takes_a_given_of_its_own_only() -> None:
    first = law("first", "y = k*x", constants={"k": 2}, quantities={"k": "factor"})
    net = network(first, law("second", "z = k*y", constants={"k": 3}))
    assert ask(net, "z", {"x": 1}).value == 6
    found = ask(net, "z", {"x": 1, "first#k": 5})
    assert found.value == 15
    assert [one.origin for one in found.steps[0].inputs] == ["given", "given"]
    with pytest.raises(BadParameter, match="k is given twice"):
        ask(net, "z", {"x": 1, "first#k": 5, f"{formula_iri('first')}#k": 6})


def fits(slug: str, text: str, *names: str, default: str = "") -> Formula:
    values = {"one": 1.0, "two": 2.0, "three": 3.0}
    return law(slug, text, fits={name: {"k": values[name]} for name in names}, default_fit=default)


def test_one_fit_of_a_law_holds_throughout_a_chain() -> None:
    net = network(
        fits("a-size", "n = k*c", "one", "two", default="two"),
        fits("b-loss", "l = k*n", "one", "two", "three", default="one"),
    )
    found = ask(net, "l", {"c": 10}, alternatives=10)
    assert [(step.fit, step.value) for step in found.steps] == [("two", 20), ("two", 40)]
    assert found.steps[1].fit_rationale == "the fit of a-size, which is part of this derivation too"
    assert [(way.fits, way.value) for way in found.alternatives] == [(("one",), 10)]
    preferred = ask(net, "l", {"c": 10}, prefer=[Iri(f"{formula_iri('b-loss')}#one")])
    assert [step.fit for step in preferred.steps] == ["one", "one"]
    assert preferred.steps[0].fit_rationale == "the request prefers it"
    with pytest.raises(NoDerivation):
        ask(net, "l", {"c": 10}, prefer=[Iri(f"{formula_iri('b-loss')}#three")])
    assert ask(net, "l", {"n": 10}, prefer=[Iri(f"{formula_iri('b-loss')}#three")]).value == 30
    avoided = ask(net, "n", {"c": 10}, avoid=[Iri(f"{formula_iri('a-size')}#two")])
    assert avoided.value == 10


def test_a_law_without_a_chosen_fit_needs_one() -> None:
    net = network(fits("loss", "l = k*n", "one", "two"))
    with pytest.raises(NoDerivation):
        ask(net, "l", {"n": 10})
    assert ask(net, "l", {"n": 10}, prefer=[Iri(f"{formula_iri('loss')}#two")]).value == 20


def test_wishes_are_kept_where_they_can_be() -> None:
    net = network(law("a", "y = 2*x"), law("b", "y = 3*x", kind="bound"), law("c", "z = y"))
    assert ask(net, "z", {"x": 1}).value == 2
    assert ask(net, "z", {"x": 1}, prefer=[formula_iri("b")]).value == 3
    assert ask(net, "z", {"x": 1}, avoid=[formula_iri("a")]).value == 3
    assert ask(net, str(formula_iri("b")), {"x": 1}).value == 3
    with pytest.raises(NoDerivation):
        ask(net, "z", {"x": 1}, avoid=[formula_iri("a"), formula_iri("b")])


def test_a_reading_enters_only_where_it_is_preferred() -> None:
    formula = law("growth", "y = x*2")
    reading = Iri(f"{formula.iri}#reading-three")
    formula = replace(formula, readings=(Reading(reading, "reading-three", "threefold", "y = x*3"),))
    net = network(formula)
    assert ask(net, "y", {"x": 1}, alternatives=3).alternatives == ()
    read = ask(net, "y", {"x": 1}, prefer=[reading])
    assert (read.value, read.steps[0].formula) == (3, reading)
    assert ask(net, reading, {"x": 1}).value == 3


def test_alternatives_come_by_cost_with_how_far_they_are() -> None:
    net = network(
        law("a", "y = 2*x"), law("b", "y = 3*x", kind="model"), law("c", "w = x"), law("d", "y = 4*w")
    )
    ways = ask(net, "y", {"x": 1}, alternatives=2).alternatives
    assert [(way.labels, way.cost, way.value) for way in ways] == [(("c", "d"), 2, 4), (("b",), 3.25, 3)]
    assert [way.relative_difference for way in ways] == pytest.approx([1 / 2, 1 / 3])


def test_a_series_is_given_and_its_length_follows() -> None:
    mean = law(
        "mean",
        "m = Sum(i, 1, n, w[i])/n",
        series=["w"],
        domains={"n": WHOLE, "i": WHOLE},
        quantities={"i": ""},
    )
    net = network(mean, law("double", "d = 2*m"))
    assert ask(net, "d", {"w": [1, 2, 6]}).value == 6
    assert ask(net, "d", {"w": "[1, 2, 6]", "n": 3}).value == 6
    with pytest.raises(NoDerivation, match="2 values"):
        ask(net, "d", {"w": [1, 2, 6], "n": 2})
    with pytest.raises(BadParameter, match="this is a series"):
        ask(net, "w", {"m": 3})


def test_formulas_that_need_each_other_in_a_ring_do_not_loop() -> None:
    ring = network(law("a", "x = 2*y*u"), law("b", "y = 3*z*u"), law("c", "z = 4*x*u"))
    with pytest.raises(NoDerivation) as caught:
        ask(ring, "x", {})
    assert caught.value.missing == (("y",), ("z",), ("u",))[:2]
    assert ask(ring, "x", {"y": 1, "z": 1}).value == pytest.approx(2 / 3)
    assert ask(ring, "x", {"y": 1}).value == pytest.approx(2 / 24 ** (1 / 3))


def test_the_order_of_formulas_and_givens_changes_nothing() -> None:
    formulas = [compile_formula(one) for one in (*TRIP, law("twin", "v = s/t", kind="definition"))]
    givens = {"t": 2.0, "m": 3.0}
    turned = dict(reversed(givens.items()))
    first, second = (
        derive(build_network(order), quantity_iri("q"), known, units=UNITS, alternatives=3)
        for order, known in ((formulas, givens), (formulas[::-1], turned))
    )
    assert first == second
    assert first.steps[1].label == "speed"


def test_origins_are_those_of_the_contract() -> None:
    assert {str(one) for one in Origin} == {"given", "default", "subject", "fit", "derived"}


def test_a_preference_outweighs_a_range_that_is_left() -> None:
    fitted = law("fit", "y = k*x", fits={"one": {"k": 2.0}}, ranges={"x": (1, 10)}, kind="empirical-fit")
    net = network(fitted, law("other", "z = 3*y", kind="model"), law("way", "x = w"), law("back", "x = z/5"))
    assert steps_of(ask(net, "x", {"y": 40})) == ["other:z", "back:x"]
    found = ask(net, "x", {"y": 40}, prefer=[formula_iri("fit")])
    assert steps_of(found) == ["fit:x"]
    assert found.warnings == ("fit: x = 20 1 is above the range 1 to 10 of the fit one",)


def test_a_given_that_no_step_needs_and_a_law_contradicts_is_told() -> None:
    net = network(law("short", "y = 2*x"), law("long", "y = k*x*z", constants={"k": 1}, kind="empirical-fit"))
    found = ask(net, "y", {"x": 1, "z": 5})
    assert found.warnings == (
        "no step needs what is given for z",
        "long makes y 5, and 2 is known",
    )


def test_defaults_make_no_answer_where_formulas_need_each_other() -> None:
    net = network(law("f", "y = x/p", defaults={"p": 2.0}), law("g", "y = p*x*x", kind="model"))
    with pytest.raises(NoDerivation):
        ask(net, "x", {})
    assert ask(net, "x", {"p": 2}).value == pytest.approx(1 / 4)
