"""Formulas that need each other: found, solved together, and told; beside closed forms."""

import pytest

from kg.errors import NoDerivation
from kg.formula.compile import compile_formula
from kg.formula.evaluate import evaluate
from kg.formula.units import UnitTable
from kg.model.derivation import Derivation
from kg.model.formula import Domain
from tests.networks import POSITIVE, ask, law, network, steps_of

A, B, E, ALPHA, BETA = 406.4, 410.7, 1.69, 0.34, 0.28
"""Hoffmann et al. (2022), equation 10."""
C = 5.76e23
COMPUTE = law("compute", "C = k*N*D", constants={"k": 6})
FIRST_ORDER = law(
    "first-order",
    "N = (alpha*A*D**beta/(beta*B))**(1/alpha)",
    constants={"A": A, "B": B, "alpha": ALPHA, "beta": BETA},
)
LOSS = law(
    "loss",
    "L = E + A/N**alpha + B/D**beta",
    constants={"A": A, "B": B, "E": E, "alpha": ALPHA, "beta": BETA},
)
HOURS = law("hours", "H = C/f")


def residuals_of(found: Derivation, *formulas: object) -> list[float]:
    by_iri = {one.iri: compile_formula(one) for one in formulas}  # type: ignore[attr-defined]
    residuals = []
    for step in found.steps:
        values = {one.symbol: one.value for one in step.inputs} | {step.symbol: step.value}
        compiled = by_iri[step.formula]
        claimed = values.pop(compiled.output.symbol)  # type: ignore[union-attr]
        again = evaluate(compiled, values, units=UnitTable()).value
        residuals.append(abs(again - claimed) / abs(claimed))  # type: ignore[operator]
    return residuals


def test_the_best_allocation_of_compute_is_that_of_the_closed_form() -> None:
    net = network(COMPUTE, FIRST_ORDER, LOSS, HOURS)
    found = ask(net, "L", {"H": 1e6, "f": C / 1e6})
    best = (ALPHA * A / (BETA * B)) ** (1 / (ALPHA + BETA)) * (C / 6) ** (BETA / (ALPHA + BETA))
    values = {step.symbol: step.value for step in found.steps}
    assert values["N"] == pytest.approx(best, rel=1e-12)
    assert values["D"] == pytest.approx(C / 6 / best, rel=1e-12)
    assert found.value == pytest.approx(E + A / best**ALPHA + B / (C / 6 / best) ** BETA, rel=1e-12)
    assert [(step.label, step.block) for step in found.steps] == [
        ("hours", 0),
        ("compute", 1),
        ("first-order", 1),
        ("loss", 0),
    ]
    assert {step.method for step in found.steps if step.block} == {"simultaneous"}
    assert max(residuals_of(found, COMPUTE, FIRST_ORDER, LOSS, HOURS)) < 1e-10
    assert found.warnings == ("D and N need each other: compute and first-order are solved together",)


def test_inputs_of_a_block_name_the_steps_of_each_other() -> None:
    found = ask(network(COMPUTE, FIRST_ORDER), "D", {"C": C})
    uses = {step.symbol: {one.symbol: one.step for one in step.inputs} for step in found.steps}
    numbers = {step.symbol: step.number for step in found.steps}
    assert uses["D"]["N"] == numbers["N"]
    assert uses["N"]["D"] == numbers["D"]
    assert uses["D"]["C"] == 0


SYSTEMS = {
    "a sum and a product": (("s = x + y", "p = x*y"), {"s": 5.0, "p": 6.0}, {"x": 2, "y": 3}),
    "a product and a quotient": (("p = x*y", "q = x/y"), {"p": 6.0, "q": 1.5}, {"x": 3, "y": 2}),
    "three in a ring": (
        ("a = x + y", "b = y + z", "c = z + x"),
        {"a": 3.0, "b": 5.0, "c": 4.0},
        {"x": 1, "y": 2, "z": 3},
    ),
    "an exponential": (
        ("u = x*exp(y)", "v = x + y"),
        {"u": 2 * 2.718281828459045, "v": 3.0},
        {"x": 2, "y": 1},
    ),
    "a kink": (("u = max(x, 2*y)", "v = x + y"), {"u": 4.0, "v": 5.0}, None),
    "far apart": (("p = x*y", "q = x**2*y**3"), {"p": 1e12, "q": 1e33}, {"x": 1e3, "y": 1e9}),
    "two in a row": (
        ("s = x + y", "d = x/y", "t = x*z + w", "r = z/w"),
        {"s": 6.0, "d": 2.0, "t": 14.0, "r": 1.5},
        {"z": 3, "w": 2},
    ),
}


@pytest.mark.parametrize(("texts", "givens", "wanted"), SYSTEMS.values(), ids=SYSTEMS)
def test_systems_are_solved_to_the_last_digits(
    texts: tuple[str, ...], givens: dict[str, float], wanted: dict[str, float] | None
) -> None:
    formulas = [law(f"f{place}", text) for place, text in enumerate(texts)]
    for target, value in (wanted or {"x": 0}).items():
        found = ask(network(*formulas), target, givens)
        assert max(residuals_of(found, *formulas)) < 1e-10
        if wanted and "s" not in givens:
            assert found.value == pytest.approx(value, rel=1e-9)


def test_another_solution_of_a_block_is_told() -> None:
    found = ask(network(law("f", "s = x + y"), law("g", "p = x*y")), "x", {"s": 5, "p": 6})
    assert found.value == pytest.approx(2) or found.value == pytest.approx(3)
    assert any(text.startswith("they have another solution: ") for text in found.warnings)


def test_values_below_zero_are_found_where_the_domain_has_them() -> None:
    real = {"x": Domain(), "y": Domain(), "s": Domain()}
    formulas = law("f", "s = x + y", domains=real), law("g", "s2 = x - 2*y", domains={**real, "s2": Domain()})
    found = ask(network(*formulas), "x", {"s": -1, "s2": -7})
    assert found.value == pytest.approx(-3)


def test_relations_that_say_the_same_determine_nothing() -> None:
    net = network(law("ratio", "r = D/N"), law("product", "D = r*N"), law("compute", "C = 6*N*D"))
    with pytest.raises(NoDerivation) as caught:
        ask(net, "N", {"r": 20})
    assert caught.value.missing == (("D",),)
    found = ask(net, "N", {"r": 20, "C": 120})
    assert found.value == pytest.approx(1, rel=1e-12)
    assert len(found.steps) == 2


def test_where_no_solution_is_found_the_block_is_named() -> None:
    net = network(law("f", "s = x + y", domains={"x": POSITIVE, "y": POSITIVE}), law("g", "p = x*y"))
    with pytest.raises(
        NoDerivation, match=r"f and g .* x, y .* they need each other, and no solution was found"
    ):
        ask(net, "x", {"s": 1, "p": 100})


def test_the_cheapest_relations_make_the_block() -> None:
    net = network(
        law("a", "s = x + y"),
        law("b", "p = x*y", kind="bound"),
        law("c", "q = x/y"),
    )
    found = ask(net, "x", {"s": 6, "p": 1, "q": 2})
    assert found.value == pytest.approx(4)
    assert {one.partition(":")[0] for one in steps_of(found)} == {"a", "c"}
    assert [(check.label, check.agrees) for check in found.checks] == [("b", False)]
