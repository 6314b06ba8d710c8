"""Like terms of an unknown brought together, so that it stands once: ``2*x + a*x = y`` is ``(2 + a)*x - y = 0``.

Nothing is expanded or cancelled across terms, so the work is as small as the relation. Powers of the unknown
within one term are joined, which can only add candidates: each root is put back into the relation as it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from kg.formula import tree
from kg.formula.bounds import constant_value
from kg.formula.canonical import Form, canonical
from kg.formula.tree import ONE, ZERO, Add, Name, Negative, Node, Number, Power, Relation


@dataclass(frozen=True, slots=True)
class _Term:
    """A term as what is free of the unknown, times the rest; ``rest`` is None where it is all free."""

    free: Node
    rest: Node | None


def gather_unknown(relation: Relation, unknown: str) -> Relation | None:
    """The relation with the terms of ``unknown`` brought together, where that leaves it standing once.

    >>> from kg.formula.grammar import read_relation
    >>> from kg.formula.render import render
    >>> render(gather_unknown(read_relation("2*x + a*x = y + 3*x"), "x"))
    '(-1 + a)*x - y = 0'
    """
    groups: dict[Form, tuple[Node, list[Node]]] = {}
    others: list[Node] = []
    for negative, part in (*_terms(relation.left), *_terms(relation.right, negative=True)):
        term = _split(part, unknown)
        free = tree.negate(term.free) if negative else term.free
        if term.rest is None:
            others.append(free)
        else:
            groups.setdefault(canonical(term.rest), (term.rest, []))[1].append(free)
    if len(groups) != 1:
        return None
    ((rest, coefficients),) = groups.values()
    coefficient = _total(coefficients)
    if tree.occurrences(rest, unknown) != 1 or coefficient == ZERO:
        return None
    return Relation(tree.add(tree.multiply(coefficient, rest), *others), ZERO)


def _terms(node: Node, *, negative: bool = False) -> Iterator[tuple[bool, Node]]:
    for sign, part in tree.signed_terms(node):
        if isinstance(part, Add | Negative):
            yield from _terms(part, negative=negative != sign)
        else:
            yield negative != sign, part


def _split(term: Node, unknown: str) -> _Term:
    above: list[Node] = []
    below: list[Node] = []
    exponents: list[Node] = []
    kept: list[tuple[bool, Node]] = []
    for inverse, part in tree.factor_pairs(term):
        exponent = _exponent(part, unknown)
        if not tree.occurrences(part, unknown):
            (below if inverse else above).append(part)
        elif exponent is None:
            kept.append((inverse, part))
        else:
            exponents.append(tree.negate(exponent) if inverse else exponent)
    free = tree.divide(tree.multiply(*above), tree.multiply(*below)) if below else tree.multiply(*above)
    power = _total(exponents)
    factors = [] if power == ZERO else [Name(unknown) if power == ONE else Power(Name(unknown), power)]
    rest = tree.multiply(*factors, *(part for inverse, part in kept if not inverse))
    for inverse, part in kept:
        if inverse:
            rest = tree.divide(rest, part)
    return _Term(free, rest if tree.occurrences(rest, unknown) else None)


def _exponent(node: Node, unknown: str) -> Node | None:
    """The exponent of a plain power of the unknown."""
    if node == Name(unknown):
        return ONE
    if (
        isinstance(node, Power)
        and node.base == Name(unknown)
        and not tree.occurrences(node.exponent, unknown)
    ):
        return node.exponent
    return None


def _total(parts: list[Node]) -> Node:
    """The sum, its exact numbers as one."""
    number = Fraction(0)
    others: list[Node] = []
    for part in parts:
        value = constant_value(part)
        if isinstance(value, Fraction):
            number += value
        else:
            others.append(part)
    first = Number(number) if number >= 0 else Negative(Number(-number))
    return tree.add(first, *others) if number else tree.add(*others)
