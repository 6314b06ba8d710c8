"""A relation with the numbers put in, as text: the second line of every derivation."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from kg.formula.program import Value
from kg.formula.render import render
from kg.formula.tree import Item, Name, Node, Number, Sum, add, rebuild, walk

MAX_WRITTEN: Final = 8
"""Sums of up to this many terms are written out."""

_MARK: Final = "\x00"
Template = tuple[str, ...]
"""Text and keys in turn; a key is a symbol, or ``w.3`` for the third value of a series."""


def number_shown(value: float) -> str:
    """Ten significant digits, in the grammar.

    >>> number_shown(7e10), number_shown(0.1 + 0.2)
    ('7e10', '0.3')
    """
    return f"{value:.10g}".replace("e+", "e")


def template_of(node: Node, lengths: Mapping[str, int], skip: frozenset[str] = frozenset()) -> Template:
    """The text of a node with a key where a number goes; ``lengths`` are those of the series."""
    return tuple(render(_marked(_written(node, lengths), skip)).split(_MARK))


def fill(template: Template, values: Mapping[str, Value | None]) -> str:
    """The text with the numbers in their places; those below zero stand in brackets."""
    pieces = list(template)
    for at in range(1, len(pieces), 2):
        symbol, _, place = pieces[at].partition(".")
        value = values[symbol]
        if isinstance(value, tuple):
            value = value[int(place) - 1]
        shown = number_shown(value) if value is not None else symbol
        bracketed = pieces[at - 1].endswith("(") and pieces[at + 1].startswith(")")
        pieces[at] = f"({shown})" if shown[0] == "-" and not bracketed else shown
    return "".join(pieces)


def _marked(node: Node, skip: frozenset[str]) -> Node:
    if isinstance(node, Name) and node.name not in skip:
        return replace(node, name=f"{_MARK}{node.name}{_MARK}")
    if isinstance(node, Sum):
        skip |= {node.index}
    return rebuild(node, lambda part: _marked(part, skip))


def _written(node: Node, lengths: Mapping[str, int]) -> Node:
    """The node with short sums over whole series as their terms."""
    if isinstance(node, Sum):
        count = _count(node, lengths)
        if 1 <= count <= MAX_WRITTEN:
            terms = [_at(node.body, node.index, place) for place in range(1, count + 1)]
            return _written(add(*terms), lengths)
        return node
    return rebuild(node, lambda part: _written(part, lengths))


def _count(node: Sum, lengths: Mapping[str, int]) -> int:
    if not isinstance(node.low, Number) or node.low.value != 1:
        return 0
    if isinstance(node.high, Number) and node.high.value.denominator == 1:
        return node.high.value.numerator
    used = _series(node.body, node.index)
    return min((lengths.get(name, 0) for name in used), default=0) if isinstance(node.high, Name) else 0


def _series(node: Node, index: str) -> set[str]:
    return {part.name for part in walk(node) if isinstance(part, Item) and part.index == index}


def _at(node: Node, index: str, place: int) -> Node:
    if isinstance(node, Item) and node.index == index:
        return Name(f"{node.name}.{place}")
    if isinstance(node, Name) and node.name == index:
        return Number(Fraction(place))
    return rebuild(node, lambda part: _at(part, index, place))
