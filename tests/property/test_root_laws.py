"""Laws of the search for roots: bounds enclose, what is known is found, what is found fulfils."""

import math

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kg.errors import BadInput, NotSolvable, OutOfDomain
from kg.formula import tree
from kg.formula.grammar import read
from kg.formula.intervals import enclosing, folded
from kg.formula.program import NoValue, compile_tree
from kg.formula.render import render
from kg.formula.spans import Nowhere
from kg.formula.tree import Node
from kg.model.formula import Domain
from tests.property.test_formula_laws import expressions
from tests.unit.formula.numbers_only import look_for

CALM = settings(deadline=None, max_examples=150)


@CALM
@given(st.lists(st.integers(-60, 60), min_size=2, max_size=5, unique=True))
def test_a_polynomial_has_all_its_roots_and_no_other(known: list[int]) -> None:
    text = "*".join(f"(x - ({root}))" for root in known)
    found, search = look_for(text)
    assert [round(root.value, 6) for root in found] == sorted(known)
    assert search.proved


@CALM
@given(st.lists(st.integers(-9, 9), min_size=2, max_size=3, unique=True), st.integers(1, 4))
def test_expanded_polynomials_too(known: list[int], factor: int) -> None:
    coefficients = [float(factor)]
    for root in known:
        longer = [*coefficients, 0.0]
        for place, value in enumerate(coefficients):
            longer[place + 1] -= root * value
        coefficients = longer
    degree = len(coefficients) - 1
    text = " + ".join(f"({value:g})*x**{degree - place}" for place, value in enumerate(coefficients))
    found, _ = look_for(text)
    assert [round(root.value, 4) for root in found] == sorted(known)


@CALM
@given(st.integers(-30, 30), st.integers(-30, 30))
def test_a_double_root_is_touched_once(root: int, other: int) -> None:
    assume(root != other)
    found, _ = look_for(f"(x - ({root}))**2*(x - ({other}))")
    assert [round(one.value, 3) for one in found] == sorted((root, other))


@settings(deadline=None, max_examples=300)
@given(expressions, st.floats(-8, 8), st.floats(0, 3), st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_bounds_enclose_every_value(expression: Node, low: float, width: float, parts: list[float]) -> None:
    text = render(expression)
    try:
        expression = read(text)
        known = {name: 1.7 for name in tree.names(expression) if name != "x"}
        node = folded(expression, "x", known)
    except (BadInput, NoValue):
        assume(False)
    bounded = enclosing(node, "x")
    assert bounded is not None
    high = low + width
    program = compile_tree(node, ["x"])
    values = []
    for part in parts:
        try:
            values.append(program.run([low + part * (high - low)]))
        except NoValue:
            continue
    try:
        bounds = bounded((low, high))[0]
    except Nowhere:
        assert not values
        return
    for value in values:
        slack = 1e-9 * max(1.0, abs(value))
        assert bounds[0] - slack <= value <= bounds[1] + slack


@settings(CALM, suppress_health_check=[HealthCheck.filter_too_much])
@given(expressions, st.floats(0.2, 5))
def test_what_is_found_fulfils_the_relation(expression: Node, at: float) -> None:
    """The value at a known place is asked for: it is found again, or its absence is not claimed."""
    text = render(expression)
    try:
        expression = read(text)
        assume("x" in tree.names(expression))
        known = {name: 1.3 for name in tree.names(expression) if name != "x"}
        node = folded(expression, "x", known)
        target = compile_tree(node, ["x"]).run([at])
    except (BadInput, NoValue):
        assume(False)
    assume(abs(target) < 1e12)
    record = f"{text} = y"
    try:
        found, search = look_for(record, domain=Domain(0.1, 10), y=target, **known)
    except NotSolvable:
        return
    except OutOfDomain as error:
        raise AssertionError(f"{text} at {at}: {error}") from error
    for root in found:
        assert root.residual <= 1e-8
        assert 0.1 <= root.value <= 10
    if search.proved:
        nearest = min(found, key=lambda root: abs(root.value - at))
        again = compile_tree(node, ["x"]).run([nearest.value])
        assert math.isclose(again, target, rel_tol=1e-6, abs_tol=1e-9)
