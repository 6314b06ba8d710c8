"""A tree as a list of NumPy steps, in the tree's own order: what is fixed is computed once, what recurs once a block.

:mod:`kg.formula.array_fast` gives the same in an order that takes less time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from itertools import takewhile
from typing import Any, Final

import numpy as np
from scipy import special

from kg.formula import tree
from kg.formula.tree import Add, Call, Multiply, Name, Negative, Node, Number, Power, Sum

Ref = tuple[str, int]
"""``scalar``, ``input`` or ``step``, and its place."""

_UFUNCS: Final[Mapping[str, Callable[..., Any]]] = {
    "abs": np.fabs,
    "acos": np.arccos,
    "asin": np.arcsin,
    "atan": np.arctan,
    "cbrt": np.cbrt,
    "ceil": np.ceil,
    "cos": np.cos,
    "cosh": np.cosh,
    "erf": special.erf,
    "erfinv": special.erfinv,
    "exp": np.exp,
    "floor": np.floor,
    "ln": np.log,
    "log": np.log,
    "log10": np.log10,
    "log2": np.log2,
    "max": np.fmax,
    "min": np.fmin,
    "sign": np.sign,
    "sin": np.sin,
    "sinh": np.sinh,
    "sqrt": np.sqrt,
    "tan": np.tan,
    "tanh": np.tanh,
}


class OnlyPointwise(Exception):
    """The tree sums over what varies: it has no NumPy code."""


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a NumPy function on operands."""

    function: Callable[..., Any]
    operands: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Guard:
    """What must hold of a block: ``|factor * operand| <= most``; of the operand's logarithm where ``log`` is set."""

    operand: Ref
    most: float
    factor: Ref | None = None
    log: bool = False


@dataclass(slots=True)
class Code:
    """Steps and guards over scalars, inputs and earlier steps. ``gathered`` are scalars joined out of order."""

    scalars: list[Node] = field(default_factory=list)
    gathered: set[int] = field(default_factory=set)
    steps: list[Step | Guard] = field(default_factory=list)
    result: Ref = ("scalar", 0)


def plain_code(node: Node, inputs: Mapping[str, int], scales: Mapping[str, float]) -> Code:
    """The steps in the order of the tree; ``inputs`` maps what varies to places, ``scales`` to working units.

    Raises:
        OnlyPointwise: what varies stands in a sum.
    """
    return PlainCode(inputs, scales).code_of(node)


class PlainCode:
    """Builds steps in the order of the tree; equal ones are built once."""

    def __init__(self, inputs: Mapping[str, int], scales: Mapping[str, float]) -> None:
        self.inputs = inputs
        self.scales = scales
        self.code = Code()
        self._known: dict[tuple[object, ...], Ref] = {}
        self._places: dict[Node, int] = {}
        self._fixed: dict[int, tuple[Node, bool]] = {}

    def code_of(self, node: Node) -> Code:
        """The code whose last step gives the node."""
        self.code.result = self.operand(node)
        if self.code.result[0] != "step":
            self.code.result = self.step(np.positive, self.code.result)
        return self.code

    def is_fixed(self, node: Node) -> bool:
        """True where nothing in the node varies."""
        known = self._fixed.get(id(node))
        if known is None:
            found = not any(name in self.inputs for name in tree.names(node))
            known = self._fixed[id(node)] = (node, found)  # Holds the node, so that its id stays its own.
        return known[1]

    def scalar(self, node: Node) -> Ref:
        """Where the value of a fixed node stands."""
        place = self._places.setdefault(node, len(self.code.scalars))
        if place == len(self.code.scalars):
            self.code.scalars.append(node)
        return ("scalar", place)

    def step(self, function: Callable[..., Any], *operands: Ref) -> Ref:
        """Where the result of the function stands."""
        ordered = tuple(sorted(operands)) if function in (np.add, np.multiply) else operands
        key = (function, ordered)
        known = self._known.get(key)
        if known is None:
            self.code.steps.append(Step(function, operands))
            known = self._known[key] = ("step", len(self.code.steps) - 1)
        return known

    def operand(self, node: Node) -> Ref:
        """Where the node's value stands."""
        if self.is_fixed(node):
            return self.scalar(node)
        match node:
            case Name(name=name):
                return self.input(name)
            case Negative(operand=inner):
                return self.step(np.negative, self.operand(inner))
            case Add(terms=pairs):
                return self.chain(pairs, (np.add, np.subtract))
            case Multiply(factors=pairs):
                return self.chain(pairs, (np.multiply, np.divide))
            case Power(base=base, exponent=exponent):
                return self.step(np.power, self.operand(base), self.operand(exponent))
            case Call():
                return self.call(node)
            case Sum():
                raise OnlyPointwise
        raise TypeError(f"{type(node).__name__} is no expression")

    def input(self, name: str) -> Ref:
        """Where the value of what varies stands, in working units."""
        found: Ref = ("input", self.inputs[name])
        scale = self.scales.get(name, 1.0)
        return found if scale == 1.0 else self.step(np.multiply, found, self.scalar(number(scale)))

    def chain(
        self, pairs: Sequence[tuple[bool, Node]], functions: tuple[Callable[..., Any], Callable[..., Any]]
    ) -> Ref:
        """From left to right; the fixed parts at the head are one scalar, as they would be computed first."""
        head = self.fixed_head(pairs)
        if len(head) > 1:
            result = self.scalar(Add(head) if functions[0] is np.add else Multiply(head))
        else:
            head = tuple(pairs[:1])
            result = self.operand(Negative(pairs[0][1]) if pairs[0][0] else pairs[0][1])
        for flag, part in pairs[len(head) :]:
            result = self.step(functions[flag], result, self.operand(part))
        return result

    def fixed_head(self, pairs: Sequence[tuple[bool, Node]]) -> tuple[tuple[bool, Node], ...]:
        """The parts at the head of a sum or product in which nothing varies."""
        return tuple(takewhile(lambda pair: self.is_fixed(pair[1]), pairs))

    def call(self, node: Call) -> Ref:
        """Where the value of a function of the grammar stands."""
        operands = [self.operand(part) for part in node.arguments]
        function = _UFUNCS[node.function]
        if node.function == "erfinv":
            self.guard(operands[0], most=1 - 2.0**-53)
        if node.function in ("max", "min"):
            return reduce(lambda one, two: self.step(function, one, two), operands)
        if len(operands) == 2:
            return self.step(
                np.divide, *(self.operand(Call("log", (argument,))) for argument in node.arguments)
            )
        return self.step(function, operands[0])

    def guard(self, operand: Ref, *, most: float, factor: Ref | None = None, log: bool = False) -> None:
        """What follows holds only where this does; see :class:`Guard`."""
        self.code.steps.append(Guard(operand, most, factor, log))


def number(value: float) -> Node:
    """The double as a node."""
    return Number(Fraction(value))
