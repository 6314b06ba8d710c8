"""Laws of algebra, held against generated expressions; mpmath and finite differences are the other opinion."""

import re

import mpmath
import pytest
from hypothesis import assume, given, settings

from kg.errors import BadInput, NoClosedForm
from kg.formula import tree
from kg.formula.canonical import canonical
from kg.formula.compare import compare
from kg.formula.derivative import derivative
from kg.formula.equivalence import judge
from kg.formula.grammar import read, read_expression
from kg.formula.latex import read_latex
from kg.formula.program import NoValue, compile_tree
from kg.formula.render import render
from kg.formula.render_math import render_latex
from kg.formula.tree import Node
from kg.model.formula import Domain
from tests.property.test_formula_laws import VARIABLES, expressions, values

CALM = settings(deadline=None, max_examples=60)
POSITIVE = dict.fromkeys(VARIABLES, Domain(0.0, None, open_minimum=True))


def lawful(expression: Node) -> Node:
    """The expression as the grammar reads it; a draw outside its bounds does not count."""
    try:
        return read_expression(render(expression))
    except BadInput:
        assume(False)
        raise


@CALM
@given(expressions, values)
def test_a_derivative_is_the_slope_of_mpmath(expression: Node, point: dict[str, float]) -> None:
    node = lawful(expression)
    program = compile_tree(node, VARIABLES)

    def run(x: float) -> float:
        return program.run([point[name] if name != "x" else float(x) for name in VARIABLES])

    try:
        found = compile_tree(derivative(node, "x"), VARIABLES).run([point[name] for name in VARIABLES])
        step = 1e-5 * point["x"]
        slopes = [
            (run(point["x"] + one) - run(point["x"] - one)) / (2 * one) for one in (step, step / 2, step / 8)
        ]
        size = abs(run(point["x"])) + 1
    except (NoValue, NoClosedForm):
        assume(False)
    # Where the steps themselves disagree, doubles or a kink nearby spoil the differences.
    assume(max(slopes) - min(slopes) <= 1e-6 * (abs(found) + size) and size < 1e6)
    assert slopes[-1] == pytest.approx(found, rel=1e-4, abs=1e-4 * size)


@CALM
@given(expressions)
def test_equality_is_reflexive_and_a_shift_is_a_difference(expression: Node) -> None:
    node = lawful(expression)
    assert judge(node, node, POSITIVE, prove=False).verdict == "equal"
    shifted = tree.add(node, read_expression("1e-9"))
    assert judge(node, shifted, POSITIVE, prove=False).verdict in ("different", "undecided")


@CALM
@given(expressions, expressions)
def test_equality_is_symmetric(one: Node, two: Node) -> None:
    left, right = lawful(one), lawful(two)
    there = judge(left, right, POSITIVE, prove=False)
    back = judge(right, left, POSITIVE, prove=False)
    assert (there.verdict, there.how) == (back.verdict, back.how)


@CALM
@given(expressions)
def test_the_canonical_form_keeps_apart_what_differs(expression: Node) -> None:
    node = lawful(expression)
    for old, new in (("x", "a"), ("N", "E"), ("a", "b")):
        other = read(re.sub(rf"\b{old}\b", new, render(node)))
        found = compare(node, other, POSITIVE)
        if found.witness is not None or found.gap is not None:
            assert canonical(node) != canonical(other)


@CALM
@given(expressions)
def test_rendered_latex_is_read_as_the_same(expression: Node) -> None:
    node = lawful(expression)
    found = read_latex(render_latex(node), set(VARIABLES))
    assert not compare(node, found, POSITIVE).witness


def test_mpmath_differentiates_alike() -> None:
    for text, function in (
        ("erf(x)", mpmath.erf), ("tanh(x)", mpmath.tanh), ("cbrt(x)", mpmath.cbrt), ("acos(x)", mpmath.acos),
        ("log10(x)", mpmath.log10), ("tan(x)", mpmath.tan),
    ):  # fmt: skip
        found = compile_tree(derivative(read_expression(text), "x"), ["x"]).run([0.3])
        assert found == pytest.approx(float(mpmath.diff(function, 0.3)), rel=1e-9)
