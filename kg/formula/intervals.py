"""Interval arithmetic with derivatives over a tree: bounds that hold for every value of one unknown.

Ends are rounded outward, so that "zero is not in it" is a proof (Moore, Kearfott & Cloud, *Introduction to
Interval Analysis*, SIAM 2009). The derivative is carried along (forward mode); ``smooth`` is False where the
expression may jump or be undefined somewhere on the interval, so that its derivative proves nothing there.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from kg.formula import spans, tree
from kg.formula.bounds import MAX_DEGREE, constant_value
from kg.formula.program import Value, compile_tree
from kg.formula.spans import REAL, ZERO, Nowhere, Span
from kg.formula.tree import Add, Call, Multiply, Name, Negative, Node, Number, Power, Sum, names, walk
from kg.formula.unroll import unrolled


@dataclass(frozen=True, slots=True)
class Enclosure:
    """Bounds of an expression and of its derivative on an interval."""

    value: Span
    slope: Span
    smooth: bool = True


Bounded = Callable[[Span], Enclosure]
"""Interval of the unknown → enclosure; raises :class:`Nowhere` where the expression has no real value at all."""

_ONE: Final = (1.0, 1.0)


def folded(node: Node, unknown: str, values: Mapping[str, Value]) -> Node:
    """The expression with each part that is free of the unknown as one number, and sums written out.

    Raises:
        NoValue: such a part has no finite real value.
    """
    if unknown in names(node):
        if isinstance(node, Sum):
            return unrolled(node, values, lambda part: folded(part, unknown, values))
        return tree.rebuild(node, lambda part: folded(part, unknown, values))
    if isinstance(node, Number) or _whole_number(node) is not None:
        return node
    symbols = names(node)
    value = compile_tree(node, symbols).run([values[symbol] for symbol in symbols])
    return Number(Fraction(value))


def enclosing(node: Node, unknown: str) -> Bounded | None:
    """A folded expression as a function of intervals of ``unknown``; None where a sum is left.

    >>> from kg.formula.grammar import read_expression
    >>> square = enclosing(read_expression("x**2 - 2"), "x")
    >>> square((2.0, 3.0)).value[0] > 1.99
    True
    """
    if any(isinstance(part, Sum) for part in walk(node)):
        return None
    return _build(node, unknown)


def _build(node: Node, unknown: str) -> Bounded:
    if unknown not in names(node):
        return _constant(node)
    match node:
        case Name():
            return lambda x: Enclosure(x, _ONE)
        case Negative(operand=operand):
            return _negated(_build(operand, unknown))
        case Add(terms=terms):
            return _added([(sign, _build(part, unknown)) for sign, part in terms])
        case Multiply(factors=factors):
            return _multiplied([(inverse, _build(part, unknown)) for inverse, part in factors])
        case Power(base=base, exponent=exponent):
            whole = _whole_number(exponent)
            if whole is not None:
                return _raised(_build(base, unknown), whole)
            return _powered(
                _build(base, unknown),
                _build(exponent, unknown),
                fixed=unknown not in names(exponent),
            )
        case Call(function=function, arguments=arguments):
            return _called(function, [_build(part, unknown) for part in arguments])
    raise TypeError(f"{type(node).__name__} is no expression")


def _whole_number(node: Node) -> int | None:
    """The exponent where it is written as a whole number."""
    if isinstance(node, Negative):
        inner = _whole_number(node.operand)
        return None if inner is None else -inner
    if names(node) or not isinstance(node, Number | Multiply | Add):
        return None
    value = constant_value(node)
    if value is None or value != int(value) or abs(float(value)) > MAX_DEGREE:
        return None
    return int(value)


def _constant(node: Node) -> Bounded:
    value = constant_value(node)
    if value is None:
        raise TypeError(f"{node} is not folded")
    near = float(value)
    found = Enclosure((near, near) if Fraction(near) == value else spans.around(near), ZERO)
    return lambda _: found


def _negated(inner: Bounded) -> Bounded:
    def run(x: Span) -> Enclosure:
        found = inner(x)
        return Enclosure(spans.minus(found.value), spans.minus(found.slope), found.smooth)

    return run


def _added(parts: list[tuple[bool, Bounded]]) -> Bounded:
    def run(x: Span) -> Enclosure:
        value, slope, smooth = ZERO, ZERO, True
        for subtracted, part in parts:
            found = part(x)
            one, two = found.value, found.slope
            if subtracted:
                one, two = spans.minus(one), spans.minus(two)
            value, slope = spans.plus(value, one), spans.plus(slope, two)
            smooth &= found.smooth
        return Enclosure(value, slope, smooth)

    return run


def _multiplied(parts: list[tuple[bool, Bounded]]) -> Bounded:
    def run(x: Span) -> Enclosure:
        result = Enclosure(_ONE, ZERO)
        for inverse, part in parts:
            found = _turned(part(x)) if inverse else part(x)
            result = _product(result, found)
        return result

    return run


def _product(one: Enclosure, two: Enclosure) -> Enclosure:
    left = spans.times(one.slope, two.value)
    right = spans.times(one.value, two.slope)
    return Enclosure(spans.times(one.value, two.value), spans.plus(left, right), one.smooth and two.smooth)


def _turned(found: Enclosure) -> Enclosure:
    value = spans.inverse(found.value)
    slope = spans.minus(spans.times(found.slope, spans.times(value, value)))
    holds_zero = found.value[0] <= 0 <= found.value[1]
    return Enclosure(value, slope, found.smooth and not holds_zero)


def _raised(base: Bounded, exponent: int) -> Bounded:
    """A power with a whole exponent, whatever the sign of its base."""

    def run(x: Span) -> Enclosure:
        found = base(x)
        if exponent == 0:
            return Enclosure(_ONE, ZERO, found.smooth)
        if exponent < 0:
            return _turned(raised(found, -exponent))
        return raised(found, exponent)

    def raised(found: Enclosure, power: int) -> Enclosure:
        below = spans.whole_power(found.value, power - 1) if power > 1 else _ONE
        slope = spans.times(spans.times((float(power), float(power)), below), found.slope)
        return Enclosure(spans.whole_power(found.value, power), slope, found.smooth)

    return run


def _powered(base: Bounded, exponent: Bounded, *, fixed: bool) -> Bounded:
    """``base**exponent`` for a base that is not negative; nothing is said of negative ones."""

    def run(x: Span) -> Enclosure:
        under, over = base(x), exponent(x)
        low, high = under.value
        if low < 0 and not (fixed and over.value[1] - over.value[0] < 1e-9 and not _near_whole(over.value)):
            # A negative base has a value where the exponent happens to be whole.
            return Enclosure(REAL, REAL, smooth=False)
        if high < 0:
            raise Nowhere
        smooth = under.smooth and over.smooth and low >= 0
        at = (max(low, 0.0), high)
        smooth &= at[0] > 0 or over.value[0] >= 1
        value = spans.power(at, over.value)
        slope = spans.times(
            spans.times(over.value, spans.power(at, spans.plus(over.value, (-1.0, -1.0)))), under.slope
        )
        if over.slope != ZERO and at[1] == 0:
            return Enclosure(value, REAL, smooth=False)
        if over.slope != ZERO:
            growth = spans.times(spans.times(value, spans.logarithm(at)), over.slope)
            slope = spans.plus(slope, growth)
        return Enclosure(value, slope, smooth)

    return run


def _near_whole(span: Span) -> bool:
    return not math.isfinite(span[0]) or math.floor(span[1]) >= math.ceil(span[0])


def _called(function: str, arguments: list[Bounded]) -> Bounded:
    if function in ("min", "max"):
        return _extreme(min if function == "min" else max, arguments)
    if len(arguments) == 2:
        return _multiplied([(False, _called("log", arguments[:1])), (True, _called("log", arguments[1:]))])
    if function in ("log2", "log10"):
        whole = math.log(2 if function == "log2" else 10)
        base = Enclosure(spans.around(whole), ZERO)
        return _multiplied([(False, _called("log", arguments)), (True, lambda _: base)])
    rule = spans.FUNCTIONS[function]
    (inner,) = arguments

    def run(x: Span) -> Enclosure:
        found = inner(x)
        value, slope, smooth = rule(found.value)
        return Enclosure(value, spans.times(slope, found.slope), found.smooth and smooth)

    return run


def _extreme(choose: Callable[..., float], arguments: list[Bounded]) -> Bounded:
    def run(x: Span) -> Enclosure:
        found = [argument(x) for argument in arguments]
        value = (choose(one.value[0] for one in found), choose(one.value[1] for one in found))
        inside = [one for one in found if one.value[0] <= value[1] and one.value[1] >= value[0]]
        slope = (min(one.slope[0] for one in inside), max(one.slope[1] for one in inside))
        return Enclosure(value, slope, all(one.smooth for one in found))

    return run
