"""Partials of formulas: those of mpmath, for all that is shipped; what has none; kept once they are derived."""

import dis
import math
from typing import Any

import mpmath
import pytest

from kg.formula.bundle import compile_bundle
from kg.formula.compile import CompiledFormula, compile_formula
from kg.formula.givens import parse_givens
from kg.formula.gradient import MAX_FLAT, flat_formula, gradient_of
from kg.formula.grammar import read_expression
from kg.formula.inputs import resolve_inputs
from kg.formula.program import NoValue, Value
from kg.formula.tree import Sum, names, walk
from kg.model.formula import Role
from kg.services.knowledge import Knowledge
from tests.unit.formula.exact import exact_value
from tests.unit.formula.records import AUTOMATION, CHINCHILLA, REAL, formula, output, variable


def inputs_of(compiled: CompiledFormula, knowledge: Knowledge) -> list[Value]:
    """The program's inputs at the first worked example of a formula."""
    example, out = compiled.formula.examples[0], compiled.output
    resolved = resolve_inputs(
        compiled,
        parse_givens(example.givens),
        observed=(),
        fit=example.fit,
        units=knowledge.units,
        target=out.symbol if out is not None else "",
    )
    values = resolved.values[: len(compiled.program.symbols)]
    return [value for value in values if value is not None]


def partials_by_mpmath(compiled: CompiledFormula, values: list[Value]) -> dict[str, Any]:
    """Each partial of the formula as it is written, the values of series included, from differences."""
    known: dict[str, Any] = {
        name: tuple(map(mpmath.mpf, value)) if isinstance(value, tuple) else mpmath.mpf(value)
        for name, value in zip(compiled.program.symbols, values, strict=True)
    }
    found: dict[str, Any] = {}
    for name, value in known.items():
        for place in range(len(value)) if isinstance(value, tuple) else (-1,):

            def along(x: Any, name: str = name, place: int = place) -> Any:
                held = known[name]
                moved = (*held[:place], x, *held[place + 1 :]) if place >= 0 else x
                return exact_value(compiled.body, {**known, name: moved})

            symbol = f"{name}[{place + 1}]" if place >= 0 else name
            if place >= 0 or name not in bounds_of_sums(compiled):
                at = value[place] if place >= 0 else value
                found[symbol] = mpmath.diff(along, at, h=abs(at or 1) * mpmath.mpf(10) ** -10)
    return found


def bounds_of_sums(compiled: CompiledFormula) -> set[str]:
    sums = [part for part in walk(compiled.body) if isinstance(part, Sum)]
    return {name for one in sums for end in (one.low, one.high) for name in names(end)}


def test_all_partials_of_the_shipped_formulas_are_those_of_mpmath(shipped: Knowledge) -> None:
    looked, stepped = 0, set()
    with mpmath.workdps(30):
        for entry in shipped.list("formula"):
            compiled = shipped.compiled(entry.iri)
            values = inputs_of(compiled, shipped)
            flat = flat_formula(compiled, values)
            ours = dict(zip(flat.symbols, gradient_of(flat).run(flat.values(values)), strict=True))
            total = compiled.program.run(values)
            for symbol, expected in partials_by_mpmath(compiled, values).items():
                partial, value = ours[symbol], flat.values(values)[flat.symbols.index(symbol)]
                if symbol in flat.steps:
                    # A difference may reach over a step, where there is no derivative.
                    stepped.add(compiled.formula.slug)
                    continue
                assert partial is not None, (compiled.formula.slug, symbol)
                # Terms that cancel leave what rounding makes of them, relative to the output.
                slack = 1e-10 * max(abs(expected), abs(total / (value or 1)))
                assert abs(partial - expected) <= slack, (compiled.formula.slug, symbol, expected)
                looked += 1
    assert looked > 600
    assert stepped == {"diffusion-decode-cost"}


ANALYTIC = [
    ("c*x**n", {"c": 3.0, "x": 2.0, "n": 4.0}, {"c": 16.0, "x": 96.0, "n": 48 * math.log(2)}),
    ("max(x, y)", {"x": 2.0, "y": 1.0}, {"x": 1.0, "y": 0.0}),
    ("min(x, y, 3)", {"x": 2.0, "y": 1.0}, {"x": 0.0, "y": 1.0}),
    ("max(x, y)", {"x": 2.0, "y": 2.0}, {"x": 0.5, "y": 0.5}),
    ("abs(x)", {"x": -2.0}, {"x": -1.0}),
    ("ceil(x)*y", {"x": 1.5, "y": 3.0}, {"x": 0.0, "y": 2.0}),
    ("exp(x)/exp(x)", {"x": 3.0}, {"x": 0.0}),
    ("x**2 + x**2/y", {"x": 3.0, "y": 2.0}, {"x": 9.0, "y": -2.25}),
    ("Sum(i, 1, 3, x**i)", {"x": 2.0}, {"x": 17.0}),
]


@pytest.mark.parametrize(("text", "values", "expected"), ANALYTIC, ids=[row[0] for row in ANALYTIC])
def test_partials_are_those_of_the_closed_form(
    text: str, values: dict[str, float], expected: dict[str, float]
) -> None:
    compiled = simple(text, *values)
    flat = flat_formula(compiled, list(values.values()))
    order = [values[symbol] for symbol in flat.symbols]
    found = dict(zip(flat.symbols, gradient_of(flat).run(order), strict=True))
    assert found == pytest.approx(expected, rel=1e-14)


def simple(text: str, *symbols: str) -> CompiledFormula:
    names_ = sorted(symbols, key=text.index)
    index = [variable("i", Role.INDEX)] if "Sum" in text else []
    inputs = [variable(symbol, domain=REAL) for symbol in names_]
    return compile_formula(formula("simple", f"q = {text}", output("q"), *inputs, *index))


def test_each_value_of_a_series_has_a_partial_and_the_bound_of_its_sum_has_none() -> None:
    compiled = compile_formula(AUTOMATION)
    values: list[Value] = [2.0, (0.5, 0.3), (0.9, 0.4)]
    order = [values[("n", "w", "a").index(symbol)] for symbol in compiled.program.symbols]
    flat = flat_formula(compiled, order)
    found = dict(zip(flat.symbols, gradient_of(flat).run(flat.values(order)), strict=True))
    # P = (w1*a1 + w2*a2)/(w1 + w2): its partial by a1 is w1/(w1 + w2), by w1 (a1 - P)/(w1 + w2).
    mean = (0.45 + 0.12) / 0.8
    assert found["a[1]"] == pytest.approx(0.5 / 0.8, rel=1e-14)
    assert found["w[2]"] == pytest.approx((0.4 - mean) / 0.8, rel=1e-13)
    assert found["n"] is None
    assert "bounds a sum" in flat.fixed["n"]


def test_a_series_too_long_to_be_opened_stays_whole_and_its_partials_are_left_out() -> None:
    compiled = compile_formula(AUTOMATION)
    length = MAX_FLAT + 1
    series = tuple(float(place) for place in range(1, length + 1))
    values: dict[str, Value] = {"n": float(length), "w": series, "a": (0.5,) * length}
    flat = flat_formula(compiled, [values[symbol] for symbol in compiled.program.symbols])
    assert set(flat.symbols) == {"n", "w", "a"}
    assert gradient_of(flat).run(flat.values([values[symbol] for symbol in compiled.program.symbols])) == (
        None,
        None,
        None,
    )
    assert str(MAX_FLAT) in flat.fixed["w"]


def test_one_partial_without_a_value_does_not_take_the_others_away() -> None:
    compiled = simple("sqrt(x) + y**2", "x", "y")
    flat = flat_formula(compiled, [0.0, 3.0])
    assert gradient_of(flat).run([0.0, 3.0]) == (None, 6.0)


def test_partials_are_derived_once_for_series_of_one_length() -> None:
    compiled = compile_formula(CHINCHILLA)
    values: list[Value] = [1.0] * len(compiled.program.symbols)
    flat = flat_formula(compiled, values)
    assert flat_formula(compiled, [2.0] * len(values)) is flat
    assert gradient_of(flat) is gradient_of(flat)


def test_what_several_expressions_share_is_computed_once() -> None:
    shared = read_expression("exp(x)*y + exp(x)")
    bundle = compile_bundle([shared, read_expression("exp(x)"), shared], ["x", "y"])
    assert bundle.run([0.5, 2.0]) == (3 * math.exp(0.5), math.exp(0.5), 3 * math.exp(0.5))
    assert bundle.function.__code__.co_names.count("f_exp") == 1
    calls = sum(step.opname.startswith(("CALL", "PRECALL")) for step in dis.get_instructions(bundle.function))
    alone = compile_bundle([read_expression("exp(x)")], ["x", "y"])
    assert calls == sum(
        step.opname.startswith(("CALL", "PRECALL")) for step in dis.get_instructions(alone.function)
    )


@pytest.mark.parametrize("x", [0.0, -1.0, 1e200])
def test_a_bundle_with_a_part_without_value_has_none(x: float) -> None:
    bundle = compile_bundle([read_expression("x"), read_expression("log(x) + x**2")], ["x"])
    with pytest.raises(NoValue):
        bundle.run([x])
