"""Evaluate, solve and render expressions that come with the request; no dataset is asked."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.formula.expressions import ExpressionRoots, ExpressionText, ExpressionValue


def evaluate_expression(
    text: str, values: Mapping[str, object], variables: Mapping[str, object]
) -> "ExpressionValue":
    """The value of an expression; raises as :func:`kg.formula.expressions.evaluate_expression`."""
    from kg.formula import expressions

    return expressions.evaluate_expression(text, values, expressions.read_domains(variables))


def solve_expression(
    text: str, unknown: str, values: Mapping[str, object], variables: Mapping[str, object]
) -> "ExpressionRoots":
    """The roots of an expression; raises as :func:`kg.formula.expressions.solve_expression`."""
    from kg.formula import expressions

    return expressions.solve_expression(text, unknown, values, expressions.read_domains(variables))


def render_expression(text: str) -> "ExpressionText":
    """An expression as text, LaTeX and MathML; raises as :func:`kg.formula.grammar.read`."""
    from kg.formula import expressions

    return expressions.render_expression(text)
