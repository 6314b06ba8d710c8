"""A relation with the numbers put in, as text: the second line of every derivation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from kg.formula.program import Value
from kg.formula.render import render
from kg.formula.tree import Item, Name, Node, Number, Sum, add, rebuild, walk

MAX_WRITTEN: Final = 8
"""Sums of up to this many terms are written out."""

_MARK: Final = "\x00"


@dataclass(frozen=True, slots=True)
class Template:
    """Text with holes for numbers; ``pieces`` has an empty one for each."""

    pieces: tuple[str, ...]
    holes: tuple[tuple[int, int, int], ...]
    """Which piece, the place of its value, and which of a series (-1 for a single number)."""


def number_shown(value: float) -> str:
    """Ten significant digits, in the grammar; millions of zeros are counted, not written.

    >>> number_shown(7e10), number_shown(5e9), number_shown(1.25e9), number_shown(0.1 + 0.2)
    ('7e10', '5e9', '1.25e9', '0.3')
    """
    text = f"{value:.10g}".replace("e+", "e")
    if not text.endswith("000000"):
        return text
    digits, _, power = f"{value:.9e}".partition("e")
    return f"{digits.rstrip('0').rstrip('.')}e{int(power)}"


def template_of(node: Node, symbols: Sequence[str], lengths: Mapping[str, int]) -> Template:
    """The text of a node with a hole for each value of ``symbols``; ``lengths`` are those of the series."""
    pieces = render(_marked(_written(node, lengths), frozenset())).split(_MARK)
    places = {symbol: place for place, symbol in enumerate(symbols)}
    holes: list[tuple[int, int, int]] = []
    for at in range(1, len(pieces), 2):
        symbol, _, item = pieces[at].partition(".")
        holes.append((at, places[symbol], int(item or 0) - 1))
        pieces[at] = ""
    return Template(tuple(pieces), tuple(holes))


def fill(template: Template, values: Sequence[Value | None]) -> str:
    """The text with the numbers in their places; those below zero stand in brackets."""
    pieces = list(template.pieces)
    for at, place, item in template.holes:
        value = values[place]
        if isinstance(value, tuple):
            value = value[item]
        shown = number_shown(value) if value is not None else "?"
        if shown[0] == "-" and not (pieces[at - 1].endswith("(") and pieces[at + 1].startswith(")")):
            shown = f"({shown})"
        pieces[at] = shown
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
