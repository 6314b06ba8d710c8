"""Sums of known length, written out: what stands in them is then as plain as the rest of an expression."""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

from kg.formula import tree
from kg.formula.program import Value
from kg.formula.tree import Add, Item, Name, Node, Number, Sum

MAX_WRITTEN: Final = 100
"""Terms of a sum that are written out, at most."""


ItemAt = Callable[[str, int], Node]
"""A series and a place that counts from 1 → what stands there."""


def unrolled(
    node: Sum, values: Mapping[str, Value], fold: Callable[[Node], Node], item: ItemAt | None = None
) -> Node:
    """The sum as its terms, each folded; the sum itself where a bound is unknown, or there are too many terms.

    ``item`` gives what stands for a value of a series; else it is its number.

    >>> from kg.formula.grammar import read_expression
    >>> from kg.formula.render import render
    >>> total = read_expression("Sum(i, 1, 3, x**i/i)")
    >>> render(unrolled(total, {}, lambda part: part))
    'x**1/1 + x**2/2 + x**3/3'
    """
    low, high = fold(node.low), fold(node.high)
    if not isinstance(low, Number) or not isinstance(high, Number):
        return node
    first, last = low.value, high.value
    if first.denominator != 1 or last.denominator != 1 or last - first >= MAX_WRITTEN:
        return node
    if last < first:
        return tree.ZERO
    numbers = range(int(first), int(last) + 1)
    if any(number < 1 or number > length for length in _lengths(node, values) for number in numbers):
        return node
    at = item or _number_at(values)
    return Add(tuple((False, fold(_put(node.body, node.index, number, at))) for number in numbers))


def _number_at(values: Mapping[str, Value]) -> ItemAt:
    def number_at(name: str, place: int) -> Node:
        series = values[name]
        assert isinstance(series, tuple)  # noqa: S101 - _lengths has seen to it
        return Number(Fraction(series[place - 1]))

    return number_at


def _lengths(node: Sum, values: Mapping[str, Value]) -> set[float]:
    """How many values the series have that the index of the sum runs through."""
    lengths: set[float] = set()
    for part in tree.walk(node.body):
        if isinstance(part, Item) and part.index == node.index:
            series = values.get(part.name)
            lengths.add(len(series) if isinstance(series, tuple) else -math.inf)
    return lengths


def _put(node: Node, index: str, number: int, item: ItemAt) -> Node:
    """The node with the number for the index, which no sum within uses again, and the values of series at it."""
    match node:
        case Name(name=name) if name == index:
            return Number(Fraction(number))
        case Item(name=name, index=other) if other == index:
            return item(name, number)
    return tree.rebuild(node, lambda part: _put(part, index, number, item))
