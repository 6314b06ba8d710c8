"""Scripts of derivations: run as plain Python they give the value again, whatever labels say."""

import ast
import contextlib
import io
from dataclasses import replace
from math import isclose, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.formula.compile import CompiledFormula, compile_formula
from kg.formula.render_script import derivation_script
from kg.formula.script_text import one_line
from kg.model.answer import Origin
from kg.model.derivation import Derivation, DerivationStep, DerivedInput
from kg.model.evidence import Source
from kg.model.formula import Role, Variable
from kg.model.iri import Iri
from tests.unit.formula.records import (
    DAY,
    HOUR,
    REAL,
    SECOND,
    UNITS,
    formula,
    quantity,
    variable,
)

OUT = Role.OUTPUT


def compiled(slug: str, expression: str, *variables: Variable) -> CompiledFormula:
    return compile_formula(formula(slug, expression, *variables))


def named(symbol: str, value: float | tuple[float, ...], unit: str = "1", step: int = 0) -> DerivedInput:
    origin = Origin.DERIVED if step else Origin.GIVEN
    return DerivedInput(symbol, symbol, value, unit, origin, quantity(f"the-{symbol}", SECOND).iri, step=step)


def step(
    number: int,
    one: CompiledFormula,
    symbol: str,
    value: float,
    *inputs: DerivedInput,
    unit: str = "1",
    block: int = 0,
) -> DerivationStep:
    record = one.formula
    return DerivationStep(
        number,
        record.iri,
        record.label,
        record.expression,
        symbol,
        quantity(f"the-{symbol}", SECOND).iri,
        symbol,
        "explicit",
        "",
        "",
        value,
        unit,
        inputs,
        block=block,
    )


def derivation(*steps: DerivationStep, value: float = 0.0, unit: str = "") -> Derivation:
    last = steps[-1]
    return Derivation(
        Iri("urn:target"), "the target", value or last.value, unit or last.unit, steps, (), float(len(steps))
    )


def printed(script: str) -> float:
    """What the script prints, run from its bytes, so that a declaration of an encoding would count."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(script.encode(), "derivation.py", "exec"), {"__name__": "__main__"})  # noqa: S102
    return float(output.getvalue())


def script_of(found: Derivation, *formulas: CompiledFormula) -> str:
    by_iri = {one.formula.iri: one for one in formulas}
    return derivation_script(found, by_iri.__getitem__, UNITS)


SUM = compiled("total", "y = x + z", variable("y", OUT), variable("x"), variable("z"))
PRODUCT = compiled("product", "p = x*z", variable("p", OUT), variable("x"), variable("z"))
SQUARE = compiled("square", "y = x**2", variable("y", OUT), variable("x", domain=REAL))
STUCK = compiled("stuck", "y = x + exp(x)", variable("y", OUT), variable("x", domain=REAL))
HUMP = compiled("hump", "y = x*exp(-x)", variable("y", OUT), variable("x"))
HOURS = compiled("hours", "H = n*t", variable("H", OUT, unit=HOUR), variable("n"), variable("t", unit=SECOND))
DAYS = compiled("days", "d = 2*t", variable("d", OUT, unit=DAY), variable("t", unit=DAY))
MEAN = compiled(
    "mean", "m = Sum(i, 1, n, w[i])/n", variable("m", OUT), variable("n", domain=replace(REAL, integer=True)),
    variable("w", indexed_by="i"), variable("i", Role.INDEX),
)  # fmt: skip

CASES = {
    "explicit": derivation(step(1, SUM, "y", 5.0, named("x", 2.0), named("z", 3.0))),
    "isolated": derivation(step(1, SUM, "x", 2.0, named("y", 5.0), named("z", 3.0))),
    "the negative branch": derivation(step(1, SQUARE, "x", -3.0, named("y", 9.0))),
    "the positive branch": derivation(step(1, SQUARE, "x", 3.0, named("y", 9.0))),
    "by number": derivation(step(1, STUCK, "x", 1.0, named("y", 1 + 2.718281828459045))),
    "by number, at a round value": derivation(step(1, STUCK, "x", 0.0, named("y", 1.0))),
    "in another unit than its own": derivation(
        step(1, HOURS, "H", 2.0, named("n", 2.0), named("t", 3600.0, "s"), unit="h")
    ),
    "a step in the unit of the next": derivation(
        step(1, HOURS, "H", 48.0, named("n", 48.0), named("t", 3600.0, "s"), unit="h"),
        step(2, DAYS, "d", 4.0, named("t", 2.0, "d", step=1), unit="d"),
    ),
    "the answer in a unit of its own": derivation(
        step(1, HOURS, "H", 48.0, named("n", 48.0), named("t", 3600.0, "s"), unit="h"), value=2.0, unit="d"
    ),
    "a series": derivation(step(1, MEAN, "m", 2.0, named("n", 3.0), named("w", (1.0, 2.0, 3.0)))),
    "together": derivation(
        step(1, SUM, "x", 2.0, named("y", 5.0), named("z", 3.0, step=2), block=1),
        step(2, PRODUCT, "z", 3.0, named("p", 6.0), named("x", 2.0, step=1), block=1),
    ),
}
FORMULAS = (SUM, PRODUCT, SQUARE, STUCK, HUMP, HOURS, DAYS, MEAN)


@pytest.mark.parametrize("found", CASES.values(), ids=CASES)
def test_a_script_prints_the_value(found: Derivation) -> None:
    assert printed(script_of(found, *FORMULAS)) == pytest.approx(found.value, rel=1e-12, abs=1e-15)


def test_the_value_of_a_block_that_is_not_its_last_is_printed() -> None:
    steps = CASES["together"].steps
    wanted = steps[0].quantity
    assert wanted is not None
    found = Derivation(wanted, "first", 2.0, "1", steps, (), 2.0)
    assert printed(script_of(found, *FORMULAS)) == pytest.approx(2.0, rel=1e-12)


def test_newton_begins_near_enough() -> None:
    """At x = 1, where two digits would begin, neither relation says anything of z."""
    x, z = 1.04, 3.0
    curve = compiled("curve", "p = z*log(x)", variable("p", OUT), variable("x"), variable("z"))
    chord = compiled("chord", "q = z*x - z", variable("q", OUT, domain=REAL), variable("x"), variable("z"))
    steps = (
        step(1, curve, "x", x, named("p", z * log(x)), named("z", z, step=2), block=1),
        step(2, chord, "z", z, named("q", z * x - z), named("x", x, step=1), block=1),
    )
    script = script_of(derivation(*steps), curve, chord)
    assert "solve_together([relation_1, relation_2], [1.04, 3.0])" in script
    assert printed(script) == pytest.approx(z, rel=1e-12)


def test_what_rounding_decides_stands_as_it_was_found_and_says_so() -> None:
    """A root where the sides touch, and a block whose relations are one and the same."""
    touching = compiled("touching", "y = x + 1/x", variable("y", OUT), variable("x"))
    same = compiled("same", "q = 2*x + 2*z", variable("q", OUT), variable("x"), variable("z"))
    at_one = derivation(step(1, touching, "x", 1.0, named("y", 2.0)))
    open_one = derivation(
        step(1, SUM, "x", 2.0, named("y", 5.0), named("z", 3.0, step=2), block=1),
        step(2, same, "z", 3.0, named("q", 10.0), named("x", 2.0, step=1), block=1),
    )
    for found in (at_one, open_one):
        script = script_of(found, touching, SUM, same)
        assert "as it was found by number" in script
        assert printed(script) == found.value


@pytest.mark.parametrize("root", [0.35740295618138895, 2.153292364110349])
def test_of_several_roots_a_script_finds_the_one_that_was_taken(root: float) -> None:
    # x*exp(-x) = 0.25: mpmath.lambertw(-0.25, k) for k = 0 and -1, with the sign changed.
    one = step(1, HUMP, "x", root, named("y", 0.25))
    found = derivation(replace(one, roots=(0.35740295618138895, 2.153292364110349)))
    assert isclose(printed(script_of(found, *FORMULAS)), root, rel_tol=1e-12)


def test_what_was_known_is_printed_without_a_step() -> None:
    known = Derivation(Iri("urn:t"), "known", 2.5, "s", (), (), 0.0)
    assert printed(script_of(known)) == 2.5


def test_values_of_one_name_stay_apart() -> None:
    """Two values of one quantity, and symbols that are words of Python."""
    odd = compiled("odd", "y = lambda_*print_", variable("y", OUT), variable("lambda_"), variable("print_"))
    same = quantity("print", SECOND).iri
    inputs = [
        replace(named(symbol, value), quantity=same) for symbol, value in (("lambda_", 2.0), ("print_", 5.0))
    ]
    assert printed(script_of(derivation(step(1, odd, "y", 10.0, *inputs)), odd)) == 10.0


NASTY = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "coding: utf-7",
            "\nimport os",
            "\r\x0bprint(1)",
            "\u2028print(1)",
            '"""',
            "\\\nx = 1",
            "\x00",
            "\ud800",
        ]
    ),
)


@settings(max_examples=60)
@given(label=NASTY, unit=NASTY, source=NASTY, condition=NASTY)
def test_no_text_becomes_code(label: str, unit: str, source: str, condition: str) -> None:
    plain = CASES["explicit"]
    cited = Source(Iri("https://example.org/s"), source, source)
    told = replace(
        plain,
        label=label,
        warnings=(label,),
        unit=plain.unit,
        steps=tuple(
            replace(
                one,
                label=label,
                expression=label,
                quantity_label=label,
                unit=unit,
                conditions=(condition,),
                sources=(cited,),
                inputs=tuple(replace(value, label=label, unit=unit, source=cited) for value in one.inputs),
            )
            for one in plain.steps
        ),
    )
    script = script_of(told, *FORMULAS).encode(errors="replace")
    assert ast.dump(ast.parse(script)) == ast.dump(ast.parse(script_of(plain, *FORMULAS)))


@given(NASTY)
def test_a_comment_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    assert one_line(text).isprintable()


def test_a_script_needs_the_standard_library_alone() -> None:
    for found in CASES.values():
        tree = ast.parse(script_of(found, *FORMULAS))
        imported = {
            name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
        }
        assert imported <= {"math"}
        assert not any(isinstance(node, ast.Assert) for node in ast.walk(tree))
