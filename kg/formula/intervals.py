"""Interval arithmetic with derivatives over a tree: bounds that hold for every value of one unknown.

Ends are rounded outward, so that "zero is not in it" is a proof (Moore, Kearfott & Cloud, *Introduction to
Interval Analysis*, SIAM 2009). The derivative is carried along (forward mode); ``smooth`` is False where the
expression may jump or be undefined somewhere on the interval, so that its derivative proves nothing there.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from kg.formula import spans, tree
from kg.formula.bounds import MAX_DEGREE, constant_value
from kg.formula.program import Value, compile_tree
from kg.formula.spans import REAL, ZERO, Nowhere, Span, minus, plus, times
from kg.formula.tree import Add, Call, Multiply, Name, Negative, Node, Number, Power, Sum, names, walk
from kg.formula.unroll import unrolled

Enclosure = tuple[Span, Span, bool]
"""Bounds of an expression and of its derivative on an interval, and whether it is smooth there.

A plain tuple, because a search makes thousands of them.
"""

Bounded = Callable[[Span], Enclosure]
"""Interval of the unknown → enclosure; raises :class:`Nowhere` where the expression has no real value at all."""

_ONE: Final = (1.0, 1.0)
_MINUS_ONE: Final = (-1.0, -1.0)


def folded(node: Node, unknown: str, values: Mapping[str, Value]) -> Node:
    """The expression with each part that is free of the unknown as one number, and sums written out.

    Raises:
        NoValue: such a part has no finite real value.
    """
    if unknown in names(node):
        if isinstance(node, Sum):
            return unrolled(node, values, lambda part: folded(part, unknown, values))
        return tree.rebuild(node, lambda part: folded(part, unknown, values))
    if is_kept(node):
        return node
    symbols = names(node)
    value = compile_tree(node, symbols).run([values[symbol] for symbol in symbols])
    return Number(Fraction(value))


def enclosing(node: Node, unknown: str) -> Bounded | None:
    """A folded expression as a function of intervals of ``unknown``; None where a sum is left.

    >>> from kg.formula.grammar import read_expression
    >>> square = enclosing(read_expression("x**2 - 2"), "x")
    >>> square((2.0, 3.0))[0][0] > 1.99
    True
    """
    built = builder(node, unknown, ())
    return None if built is None else built(())


def over_box(node: Node, box: Mapping[str, Span], unknown: str) -> Enclosure:
    """Bounds over a box, and of the derivative by one of its names; the expression has no sums.

    >>> from kg.formula.grammar import read_expression
    >>> (low, high), (least, most), smooth = over_box(read_expression("x*y"), {"x": (1, 2), "y": (3, 4)}, "x")
    >>> round(low), round(high), round(least), round(most), smooth
    (3, 8, 3, 4, True)

    Raises:
        Nowhere: it has no real value anywhere in the box.
    """
    numbers = {name: low for name, (low, high) in box.items() if low == high and name != unknown}
    held = {name: span for name, span in box.items() if name not in numbers and name != unknown}
    stages = _Stages(unknown, {name: place for place, name in enumerate(numbers)}, held)
    return stages.of(node)(tuple(numbers.values()))(box[unknown])


Builder = Callable[[Sequence[float]], Bounded]
"""Values of the names that stand for numbers → the bounds of the expression with those numbers in it."""


def builder(node: Node, unknown: str, numbers: Sequence[str]) -> Builder | None:
    """What holds for all values of ``numbers``: the rest of the expression is gone through once."""
    if any(isinstance(part, Sum) for part in walk(node)):
        return None
    return _Stages(unknown, {name: place for place, name in enumerate(numbers)}).of(node)


class _Stages:
    """Goes through an expression once, and leaves for later what depends on the numbers."""

    def __init__(
        self, unknown: str, places: Mapping[str, int], held: Mapping[str, Span] = MappingProxyType({})
    ) -> None:
        self.unknown = unknown
        self.places = places
        self.held = held
        """Names that are anywhere in a span, whatever the unknown is."""
        self.varying = {unknown, *places, *held}

    def of(self, node: Node) -> Builder:
        if isinstance(node, Name) and node.name in self.places:
            place = self.places[node.name]
            return lambda numbers: _number(numbers[place])
        if isinstance(node, Name) and node.name in self.held:
            span = self.held[node.name]
            return lambda _: lambda _: (span, ZERO, True)
        if self.varying.isdisjoint(names(node)):
            constant = _constant(node)
            return lambda _: constant
        match node:
            case Name():
                return lambda _: _identity
            case Negative(operand=operand):
                inner = self.of(operand)
                return lambda numbers: _negated(inner(numbers))
            case Add(terms=terms):
                parts = [(sign, self.of(part)) for sign, part in terms]
                return lambda numbers: _added([(sign, part(numbers)) for sign, part in parts])
            case Multiply(factors=factors):
                parts = [(inverse, self.of(part)) for inverse, part in factors]
                return lambda numbers: _multiplied([(inverse, part(numbers)) for inverse, part in parts])
            case Power():
                return self.power(node)
            case Call(function=function, arguments=arguments):
                inside = [self.of(part) for part in arguments]
                return lambda numbers: _called(function, [part(numbers) for part in inside])
        raise TypeError(f"{type(node).__name__} is no expression")

    def power(self, node: Power) -> Builder:
        base, exponent = self.of(node.base), self.of(node.exponent)
        fixed = self.unknown not in names(node.exponent)
        if isinstance(node.exponent, Name) and node.exponent.name in self.places:
            place = self.places[node.exponent.name]
            return lambda numbers: (
                _raised(base(numbers), int(numbers[place]))
                if _is_degree(numbers[place])
                else _powered(base(numbers), exponent(numbers), fixed=True)
            )
        whole = _whole_number(node.exponent)
        if whole is not None:
            return lambda numbers: _raised(base(numbers), whole)
        return lambda numbers: _powered(base(numbers), exponent(numbers), fixed=fixed)


def _is_degree(value: float) -> bool:
    return value == int(value) and abs(value) <= MAX_DEGREE


def _identity(x: Span) -> Enclosure:
    return x, _ONE, True


def _number(value: float) -> Bounded:
    found = ((value, value), ZERO, True)
    return lambda _: found


def is_kept(node: Node) -> bool:
    """True for what folding leaves as it is: numbers, and exponents that are written as whole numbers."""
    return isinstance(node, Number) or _whole_number(node) is not None


def _whole_number(node: Node) -> int | None:
    """The exponent where it is written as a whole number."""
    if isinstance(node, Negative):
        inner = _whole_number(node.operand)
        return None if inner is None else -inner
    if names(node) or not isinstance(node, Number | Multiply | Add):
        return None
    value = constant_value(node)
    return int(value) if value is not None and _is_degree(float(value)) and value == int(value) else None


def _constant(node: Node) -> Bounded:
    value = constant_value(node)
    if value is None:
        raise TypeError(f"{node} is not folded")
    near = float(value)
    found = ((near, near) if Fraction(near) == value else spans.around(near), ZERO, True)
    return lambda _: found


def _negated(inner: Bounded) -> Bounded:
    def run(x: Span) -> Enclosure:
        value, slope, smooth = inner(x)
        return minus(value), minus(slope), smooth

    return run


def _added(parts: list[tuple[bool, Bounded]]) -> Bounded:
    (negative, first), *rest = parts
    if negative:
        first = _negated(first)

    def run(x: Span) -> Enclosure:
        value, slope, smooth = first(x)
        for subtracted, part in rest:
            (low, high), (least, most), even = part(x)
            if subtracted:
                low, high, least, most = -high, -low, -most, -least
            value = plus(value, (low, high))
            if least or most:
                slope = plus(slope, (least, most))
            smooth = smooth and even
        return value, slope, smooth

    return run


def _multiplied(parts: list[tuple[bool, Bounded]]) -> Bounded:
    (under, first), *rest = parts

    def run(x: Span) -> Enclosure:
        value, slope, smooth = _turned(first(x)) if under else first(x)
        for inverse, part in rest:
            other, steep, even = _turned(part(x)) if inverse else part(x)
            slope = times(slope, other)
            if steep[0] or steep[1]:
                slope = plus(slope, times(value, steep))
            value, smooth = times(value, other), smooth and even
        return value, slope, smooth

    return run


def _turned(found: Enclosure) -> Enclosure:
    under, slope, smooth = found
    value = spans.inverse(under)
    slope = minus(times(slope, times(value, value)))
    return value, slope, smooth and not under[0] <= 0 <= under[1]


def _raised(base: Bounded, exponent: int) -> Bounded:
    """A power with a whole exponent, whatever the sign of its base."""
    if exponent == 0:
        return lambda x: (_ONE, ZERO, base(x)[2])
    power = abs(exponent)
    degree = (float(power), float(power))

    def run(x: Span) -> Enclosure:
        under, steep, smooth = base(x)
        below = spans.whole_power(under, power - 1) if power > 1 else _ONE
        return spans.whole_power(under, power), times(times(degree, below), steep), smooth

    return run if exponent > 0 else lambda x: _turned(run(x))


def _powered(base: Bounded, exponent: Bounded, *, fixed: bool) -> Bounded:
    """``base**exponent`` for a base that is not negative; nothing is said of negative ones."""

    def run(x: Span) -> Enclosure:
        (low, high), steep, even = base(x)
        over, growing, smooth = exponent(x)
        if low < 0 and not (fixed and over[1] - over[0] < 1e-9 and not _near_whole(over)):
            # A negative base has a value where the exponent happens to be whole.
            return REAL, REAL, False
        if high < 0:
            raise Nowhere
        at = (max(low, 0.0), high)
        smooth = even and smooth and low >= 0 and (low > 0 or over[0] >= 1)
        value = spans.power(at, over)
        slope = times(times(over, spans.power(at, plus(over, _MINUS_ONE))), steep)
        if growing != ZERO:
            if high == 0:
                return value, REAL, False
            slope = plus(slope, times(times(value, spans.logarithm(at)), growing))
        return value, slope, smooth

    return run


def _near_whole(span: Span) -> bool:
    return not math.isfinite(span[0]) or math.floor(span[1]) >= math.ceil(span[0])


def _called(function: str, arguments: list[Bounded]) -> Bounded:
    if function in ("min", "max"):
        return _extreme(min if function == "min" else max, arguments)
    if len(arguments) == 2:
        return _multiplied([(False, _called("log", arguments[:1])), (True, _called("log", arguments[1:]))])
    if function in ("log2", "log10"):
        base = (spans.around(math.log(2 if function == "log2" else 10)), ZERO, True)
        return _multiplied([(False, _called("log", arguments)), (True, lambda _: base)])
    rule = spans.FUNCTIONS[function]
    (inner,) = arguments

    def run(x: Span) -> Enclosure:
        argument, steep, even = inner(x)
        value, slope, smooth = rule(argument)
        return value, times(slope, steep), even and smooth

    return run


def _extreme(choose: Callable[..., float], arguments: list[Bounded]) -> Bounded:
    def run(x: Span) -> Enclosure:
        found = [argument(x) for argument in arguments]
        low, high = (choose(one[end] for one, _, _ in found) for end in (0, 1))
        inside = [steep for one, steep, _ in found if one[0] <= high and one[1] >= low]
        slope = (min(steep[0] for steep in inside), max(steep[1] for steep in inside))
        return (low, high), slope, all(smooth for _, _, smooth in found)

    return run
