"""The expression tree: what text in our grammar becomes, and what every other module of the engine walks.

Nodes are immutable and compare by structure; ``at``, the offset in the text they came from, plays no part.
Sums and products are flat and keep their order, so a tree renders as its author wrote it.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Any part of an expression."""

    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number(Node):
    """An exact number: ``0.34`` is 17/50."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Pi(Node):
    """The circle constant."""


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable, or the index of the sum around it."""

    name: str


@dataclass(frozen=True, slots=True)
class Item(Node):
    """One value of a series, ``w[i]``."""

    name: str
    index: str


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """The operand with its sign changed."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Add(Node):
    """Two or more terms, each with True where it is subtracted."""

    terms: tuple[tuple[bool, Node], ...]


@dataclass(frozen=True, slots=True)
class Multiply(Node):
    """Two or more factors from left to right, each with True where it divides; the first never does."""

    factors: tuple[tuple[bool, Node], ...]


@dataclass(frozen=True, slots=True)
class Power(Node):
    """``base**exponent``."""

    base: Node
    exponent: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of the grammar with its arguments."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """``Sum(index, low, high, body)``: the index takes the whole numbers from low to high, both included."""

    index: str
    low: Node
    high: Node
    body: Node


@dataclass(frozen=True, slots=True)
class Relation(Node):
    """``left = right``."""

    left: Node
    right: Node


ZERO: Final = Number(Fraction(0))
ONE: Final = Number(Fraction(1))


def children(node: Node) -> tuple[Node, ...]:
    """The parts directly below, from left to right."""
    match node:
        case Negative(operand=operand):
            return (operand,)
        case Add(terms=pairs) | Multiply(factors=pairs):
            return tuple(part for _, part in pairs)
        case Power(base=first, exponent=second) | Relation(left=first, right=second):
            return (first, second)
        case Call(arguments=arguments):
            return arguments
        case Sum(low=low, high=high, body=body):
            return (low, high, body)
    return ()


def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with ``change`` applied to each part directly below."""
    match node:
        case Negative(operand=operand):
            return replace(node, operand=change(operand))
        case Add(terms=terms):
            return replace(node, terms=tuple((sign, change(part)) for sign, part in terms))
        case Multiply(factors=factors):
            return replace(node, factors=tuple((inverse, change(part)) for inverse, part in factors))
        case Power(base=base, exponent=exponent):
            return replace(node, base=change(base), exponent=change(exponent))
        case Relation(left=left, right=right):
            return replace(node, left=change(left), right=change(right))
        case Call(arguments=arguments):
            return replace(node, arguments=tuple(change(part) for part in arguments))
        case Sum(low=low, high=high, body=body):
            return replace(node, low=change(low), high=change(high), body=change(body))
    return node


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, each before its parts."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(children(current)))


def depth(node: Node) -> int:
    """Levels of the tree; a single number has one."""
    levels = 0
    row: list[Node] = [node]
    while row:
        levels += 1
        row = [below for part in row for below in children(part)]
    return levels


def names(node: Node, bound: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Variables and series in order of first appearance; the indices of sums are left out.

    >>> names(Sum("i", ONE, Name("n"), Item("w", "i")))
    ('n', 'w')
    """
    found: dict[str, None] = {}
    match node:
        case Name(name=name) | Item(name=name) if name not in bound:
            found[name] = None
        case Sum(index=index, low=low, high=high, body=body):
            found.update(
                dict.fromkeys((*names(low, bound), *names(high, bound), *names(body, bound | {index})))
            )
        case _:
            for part in children(node):
                found.update(dict.fromkeys(names(part, bound)))
    return tuple(found)


def occurrences(node: Node, name: str) -> int:
    """How often a variable stands in the expression."""
    return sum(isinstance(part, Name | Item) and part.name == name for part in walk(node))


def add(*terms: Node) -> Node:
    """The sum of the terms; sums in it are opened, zeros dropped."""
    parts: list[tuple[bool, Node]] = []
    for term in terms:
        parts.extend(signed_terms(term))
    parts = [(sign, part) for sign, part in parts if part != ZERO]
    if not parts:
        return ZERO
    if len(parts) == 1:
        return Negative(parts[0][1]) if parts[0][0] else parts[0][1]
    return Add(tuple(parts))


def negate(node: Node) -> Node:
    """The node with its sign changed, without a double sign."""
    if isinstance(node, Negative):
        return node.operand
    if isinstance(node, Number):
        return Number(-node.value) if node.value <= 0 else Negative(node)
    if isinstance(node, Add):
        return Add(tuple((not sign, part) for sign, part in node.terms))
    ((negative, part),) = signed_terms(node)
    return part if negative else Negative(node)


def multiply(*factors: Node) -> Node:
    """The product of the factors; products in it are opened, ones dropped."""
    return _product([pair for factor in factors for pair in factor_pairs(factor)])


def divide(above: Node, below: Node) -> Node:
    """The quotient; what divides ``below`` multiplies, and the rest of it stays together under one stroke."""
    pairs = factor_pairs(below)
    under = _product([(False, part) for inverse, part in pairs if not inverse])
    over = [(False, part) for inverse, part in pairs if inverse]
    return _product([*factor_pairs(above), *over, (True, under)])


def reciprocal(node: Node) -> Node:
    """One over the node: ``beta/alpha`` for ``alpha/beta``."""
    if isinstance(node, Negative):
        return divide(Negative(ONE), node.operand)
    if isinstance(node, Number) and node.value.numerator == 1:
        return Number(Fraction(node.value.denominator))
    return divide(ONE, node)


def size_of(node: Node, numbers: Collection[str] = ()) -> Node:
    """The expression without its cancellations: as large as its terms, so that an error can be set against it.

    ``numbers`` are names that stand for numbers of unknown sign.
    """
    match node:
        case Negative(operand=operand):
            return size_of(operand, numbers)
        case Add(terms=terms):
            return Add(tuple((False, size_of(part, numbers)) for _, part in terms))
        case Multiply(factors=factors):
            return Multiply(
                tuple(
                    (inverse, _absolute(part) if inverse else size_of(part, numbers))
                    for inverse, part in factors
                )
            )
        case Power(base=base, exponent=Number(value=power)) if power > 0:
            return Power(size_of(base, numbers), node.exponent)
        case Power(base=base, exponent=Name(name=name)) if name in numbers:
            # The first is the greater one where the exponent is positive, and only there.
            return Call("max", (Power(size_of(base, numbers), node.exponent), _absolute(node)))
    return _absolute(node)


def _absolute(node: Node) -> Node:
    return node if isinstance(node, Number) and node.value >= 0 else Call("abs", (node,))


def signed_terms(node: Node) -> tuple[tuple[bool, Node], ...]:
    """The terms of a sum; a node that is none is its only term."""
    if isinstance(node, Add):
        return node.terms
    if isinstance(node, Negative):
        return tuple((not sign, part) for sign, part in signed_terms(node.operand))
    if isinstance(node, Multiply):
        ((_, first), *rest) = node.factors
        if isinstance(first, Negative):
            return ((True, Multiply(((False, first.operand), *rest), at=node.at)),)
    return ((False, node),)


def factor_pairs(node: Node) -> tuple[tuple[bool, Node], ...]:
    """The factors of a product; a node that is none is its only factor."""
    return node.factors if isinstance(node, Multiply) else ((False, node),)


def _product(pairs: list[tuple[bool, Node]]) -> Node:
    kept = [(inverse, part) for inverse, part in pairs if part != ONE]
    if not kept:
        return ONE
    if kept[0][0]:
        above = next((pair for pair in kept if not pair[0]), (False, ONE))
        kept = [above, *(pair for pair in kept if pair is not above)]
    return kept[0][1] if len(kept) == 1 else Multiply(tuple(kept))
