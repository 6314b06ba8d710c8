"""Common slips: what an expression becomes where a sign, a fraction, two symbols or a power of ten are mistaken."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from typing import Final

from kg.formula.tree import Name, Node, Number, multiply, names, negate, rebuild, reciprocal

TENS: Final = (10, 100, 1000)
MOST_NAMES: Final = 6
"""Symbols that are exchanged with each other: their pairs grow with the square."""


def slips(node: Node) -> Iterator[tuple[str, Node]]:
    """In words what went wrong, and the expression that it gives; the likeliest first.

    >>> from kg.formula.grammar import read
    >>> from kg.formula.render import render
    >>> [(text, render(made)) for text, made in slips(read("a/b"))][:2]
    [('a and b are exchanged', 'b/a'), ('the sign is wrong', '-(a/b)')]
    """
    for one, other in combinations(sorted(names(node))[:MOST_NAMES], 2):
        yield f"{one} and {other} are exchanged", _exchanged(node, {one: other, other: one})
    yield "the sign is wrong", negate(node)
    yield "it is upside down", reciprocal(node)
    for ten in TENS:
        yield f"it is {ten} times too large", multiply(Number(Fraction(ten)), node)
        yield f"it is {ten} times too small", multiply(Number(Fraction(1, ten)), node)


def _exchanged(node: Node, instead: dict[str, str]) -> Node:
    if isinstance(node, Name) and node.name in instead:
        return Name(instead[node.name])
    return rebuild(node, lambda part: _exchanged(part, instead))
