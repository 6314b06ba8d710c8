"""Where an expression has a real value: what its parts demand, beyond what the domains already grant."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from kg.formula.bounds import constant_value
from kg.formula.conditions import needed
from kg.formula.render import render
from kg.formula.signs import is_nonzero, is_positive
from kg.formula.tree import (
    ONE,
    Call,
    Item,
    Multiply,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Sum,
    add,
    negate,
    walk,
)
from kg.model.formula import Domain

Demanded = Literal[">", ">=", "!=", "within", "real", "whole", "not whole", "covered"]
_WORDS: Final[Mapping[Demanded, str]] = {
    ">": "{} > 0",
    ">=": "{} >= 0",
    "!=": "{} != 0",
    "within": "abs({}) <= 1",
    "real": "{} is real",
    "whole": "{} is a whole number",
    "not whole": "{} is not a whole number",
    "covered": "{} runs inside the series",
}


@dataclass(frozen=True, slots=True)
class Demand:
    """What a part must be for the whole to have a value; ``text`` says it."""

    node: Node
    kind: Demanded

    def __str__(self) -> str:
        return _WORDS[self.kind].format(render(self.node))


def demands(node: Node, domains: Mapping[str, Domain]) -> tuple[Demand, ...]:
    """All that an expression demands to have a value, each once, in the order of its parts.

    >>> from kg.formula.grammar import read_expression
    >>> [str(one) for one in demands(read_expression("log(x)/(y*z)"), {"y": Domain(1, None)})]
    ['z != 0', 'x > 0']
    """
    found = dict.fromkeys(found for part in walk(node) for found in _of_part(part, domains))
    return tuple(dict.fromkeys(_joined(demand, found) for demand in found))


def _joined(demand: Demand, found: Collection[Demand]) -> Demand:
    """Not negative and not zero is positive."""
    if demand.kind in (">=", "!="):
        other: Demanded = "!=" if demand.kind == ">=" else ">="
        if {Demand(demand.node, other), Demand(demand.node, ">")} & set(found):
            return Demand(demand.node, ">")
    return demand


def _of_part(node: Node, domains: Mapping[str, Domain]) -> Iterator[Demand]:
    match node:
        case Multiply(factors=factors):
            for inverse, part in factors:
                if inverse:
                    yield from nonzero(part, domains)
        case Power():
            yield from _of_power(node, domains)
        case Call(function=function, arguments=arguments):
            yield from _of_call(function, arguments, domains)
        case Sum():
            yield from _of_sum(node, domains)


def _of_sum(node: Sum, domains: Mapping[str, Domain]) -> Iterator[Demand]:
    for end in (node.low, node.high):
        if not _is_whole(end, domains):
            yield Demand(end, "whole")
    for part in walk(node.body):
        if isinstance(part, Item) and part.index == node.index:
            yield Demand(Sum(node.index, node.low, node.high, part), "covered")


def _of_power(node: Power, domains: Mapping[str, Domain]) -> Iterator[Demand]:
    power = constant_value(node.exponent)
    if power is None:
        if not is_positive(node.base, domains):
            yield Demand(node, "real")
    elif isinstance(power, Fraction) and power.denominator == 1:
        if power < 0:
            yield from nonzero(node.base, domains)
    else:
        yield from _signed(node.base, ">" if power < 0 else ">=", domains)


def _of_call(function: str, arguments: tuple[Node, ...], domains: Mapping[str, Domain]) -> Iterator[Demand]:
    first = arguments[0]
    if function in ("log", "ln", "log2", "log10"):
        yield from _signed(first, ">", domains)
        for base in arguments[1:]:
            yield from _signed(base, ">", domains)
            yield from nonzero(add(base, negate(ONE)), domains)
    elif function == "sqrt":
        yield from _signed(first, ">=", domains)
    elif function in ("asin", "acos"):
        value = constant_value(first)
        if value is None:
            yield Demand(first, "within")
    elif function == "erfinv":
        yield from _signed(add(ONE, first), ">", domains)
        yield from _signed(add(ONE, negate(first)), ">", domains)
    elif function == "tan" and constant_value(first) is None:
        yield Demand(Call("cos", (first,)), "!=")


def nonzero(node: Node, domains: Mapping[str, Domain]) -> Iterator[Demand]:
    """What keeps the node from being zero: each of its factors by itself."""
    if constant_value(node) not in (None, 0) or is_nonzero(node, domains):
        return
    match node:
        case Negative(operand=operand):
            yield from nonzero(operand, domains)
        case Multiply(factors=factors):
            for _, part in factors:
                yield from nonzero(part, domains)
        case Power(base=base, exponent=exponent) if (constant_value(exponent) or 0) > 0:
            yield from nonzero(base, domains)
        case Call(function="sqrt" | "cbrt" | "abs", arguments=(inner,)):
            yield from nonzero(inner, domains)
        case _:
            yield Demand(node, "!=")


def _signed(node: Node, sign: Literal[">", ">="], domains: Mapping[str, Domain]) -> Iterator[Demand]:
    if constant_value(node) is not None:
        return
    for condition in needed(node, sign, domains=domains):
        yield Demand(condition.node, sign if condition.sign == sign else ">")


def _is_whole(node: Node, domains: Mapping[str, Domain]) -> bool:
    if isinstance(node, Number):
        return node.value.denominator == 1
    return isinstance(node, Name) and domains.get(node.name, Domain()).integer
