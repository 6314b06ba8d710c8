"""Sizes of a tree that hold before any algebra sees it: nodes, depth, constants, and what powers can grow to.

Exact algebra turns ``9**9**9``, ``((2*x)**1000)**1000`` or ``exp(10**9*log(2))`` into numbers that fill a
machine. Each constant part must therefore be a finite double of at most 4 096 exact bits, and no number may
be raised, by nested powers or by a logarithm inside an exponent, beyond 16 384 bits or the 1 000th power.
"""

import math
from fractions import Fraction
from typing import Final

from kg.errors import TooLarge
from kg.formula.functions import real_function
from kg.formula.tokens import size_error, syntax_error
from kg.formula.tree import (
    Add,
    Call,
    Multiply,
    Negative,
    Node,
    Number,
    Pi,
    Power,
    Relation,
    Sum,
    children,
    depth,
    walk,
)

MAX_NODES: Final = 400
MAX_DEPTH: Final = 100
MAX_CONSTANT_BITS: Final = 4096
MAX_GROWN_BITS: Final = 16_384
MAX_DEGREE: Final = 1000
Constant = Fraction | float
_LOGARITHMS: Final = frozenset({"log", "ln", "log2", "log10"})


def check_bounds(text: str, node: Node) -> None:
    """Returns where all sizes hold.

    Raises:
        TooLarge: one does not; says which and where.
        BadSyntax: a constant part has no real value, such as ``1/0`` or ``log(-1)``.
    """
    nodes = sum(1 for _ in walk(node))
    if nodes > MAX_NODES:
        raise size_error(text, node.at, "expression, in terms and operations,", size=nodes, limit=MAX_NODES)
    levels = depth(node)
    if levels > MAX_DEPTH:
        raise size_error(text, node.at, "nesting of the expression", size=levels, limit=MAX_DEPTH)
    for side in children(node) if isinstance(node, Relation) else (node,):
        _Measure(text).constant(side)
        _Growth(text).check(side, 1.0)


def bits(value: Fraction) -> int:
    """Size of the longer of numerator and denominator."""
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def constant_value(node: Node) -> Constant | None:
    """The value of a part without variables, exact where it is rational; None where variables stand in it."""
    return _Measure("").constant(node)


class _Measure:
    """Computes the constant parts of a tree, each within bounds."""

    def __init__(self, text: str) -> None:
        self.text = text

    def constant(self, node: Node) -> Constant | None:
        if isinstance(node, Number):
            return self._checked(node, node.value)
        if isinstance(node, Pi):
            return 3.141592653589793
        parts = [self.constant(part) for part in children(node)]
        if isinstance(node, Power):
            self._check_exponent(node, parts[0], parts[1])
        known = [part for part in parts if part is not None]
        if not parts or len(known) < len(parts) or isinstance(node, Sum):
            return None
        try:
            value = _combine(node, known)
        except ZeroDivisionError as error:
            raise syntax_error(self.text, node.at, "it divides by zero") from error
        except OverflowError as error:
            raise self._too_large(node, "constant part, as a decimal exponent,", 309, limit=308) from error
        except (ValueError, TypeError) as error:
            raise syntax_error(self.text, node.at, "this constant part has no real value") from error
        return self._checked(node, value)

    def _check_exponent(self, node: Power, base: Constant | None, exponent: Constant | None) -> None:
        if exponent is None:
            return
        if isinstance(exponent, Fraction) and isinstance(base, Fraction):
            grown = int(bits(base) * min(abs(float(exponent)), 1e6)) if bits(base) > 1 else 1
            if grown > MAX_CONSTANT_BITS:
                raise self._too_large(node, "constant power, in bits,", grown, limit=MAX_CONSTANT_BITS)
        if base is None and abs(float(exponent)) > MAX_DEGREE:
            raise self._too_large(node, "exponent", int(min(abs(float(exponent)), 1e9)), limit=MAX_DEGREE)

    def _checked(self, node: Node, value: Constant) -> Constant:
        if isinstance(value, Fraction) and bits(value) > MAX_CONSTANT_BITS:
            raise self._too_large(node, "constant part, in bits,", bits(value), limit=MAX_CONSTANT_BITS)
        try:
            size = abs(float(value))
        except OverflowError:
            size = math.inf
        if math.isinf(size) or (value != 0 and size == 0):
            raise self._too_large(node, "constant part, as a decimal exponent,", 309, limit=308)
        return value

    def _too_large(self, node: Node, what: str, size: int, *, limit: int) -> TooLarge:
        return size_error(self.text, node.at, what, size=size, limit=limit)


def _combine(node: Node, parts: list[Constant]) -> Constant:
    match node:
        case Negative():
            return -parts[0]
        case Add(terms=terms):
            total: Constant = Fraction(0)
            for (subtracted, _), part in zip(terms, parts, strict=True):
                total = total - part if subtracted else total + part
            return total
        case Multiply(factors=factors):
            product: Constant = Fraction(1)
            for (inverse, _), part in zip(factors, parts, strict=True):
                product = product / part if inverse else product * part
            return product
        case Power():
            return _raise(parts[0], parts[1])
        case Call(function=function):
            value = real_function(function)(*(float(part) for part in parts))
            return _nonzero(value) if function == "exp" else value
    raise ValueError("no constant")


def _raise(base: Constant, exponent: Constant) -> Constant:
    if isinstance(base, Fraction) and isinstance(exponent, Fraction) and exponent.denominator == 1:
        return base**exponent.numerator
    value = float(base) ** float(exponent)
    if isinstance(value, complex):
        raise ValueError("no real value")
    return _nonzero(value) if base else value


def _nonzero(value: float) -> float:
    if value == 0:
        raise OverflowError("smaller than the least double")
    return value


class _Growth:
    """Follows what exact algebra could raise a number to: nested powers, and logarithms inside exponents."""

    def __init__(self, text: str) -> None:
        self.text = text

    def check(self, node: Node, power: float) -> None:
        if isinstance(node, Number):
            self._bound(
                node, "number raised to powers, in bits,", bits(node.value) * power, limit=MAX_GROWN_BITS
            )
        elif isinstance(node, Power):
            exponent = constant_value(node.exponent)
            if exponent is None:
                self.check(node.base, power)
                self.exponent(node.exponent, 1.0)
            else:
                degree = power * max(1.0, abs(float(exponent)))
                if constant_value(node.base) is None:
                    self._bound(node, "power of powers", degree, limit=MAX_DEGREE)
                self.check(node.base, degree)
        elif isinstance(node, Call) and node.function == "exp":
            self.exponent(node.arguments[0], power)
        else:
            for part in children(node):
                self.check(part, power)

    def exponent(self, node: Node, factor: float) -> None:
        if isinstance(node, Multiply):
            for inverse, part in node.factors:
                value = constant_value(part)
                if value is not None and value != 0:
                    factor *= max(1.0, abs(float(1 / value if inverse else value)))
        if isinstance(node, Call) and node.function in _LOGARITHMS:
            for part in node.arguments:
                self.check(part, factor)
                self._bound(node, "power of powers", factor, limit=MAX_DEGREE)
            return
        if isinstance(node, Call | Sum):
            self.check(node, 1.0)
            return
        for part in children(node):
            self.exponent(part, factor)

    def _bound(self, node: Node, what: str, size: float, *, limit: int) -> None:
        if size > limit:
            raise size_error(self.text, node.at, what, size=int(min(size, 1e15)), limit=limit)
