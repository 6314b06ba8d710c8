"""A tree as NumPy steps that take less time: products gathered, powers of what is positive by their logarithm.

The fixed factors of a product become one number, its divisors one divisor, and a power of what is surely positive
is written ``exp(y*log(x))``; guards say where that keeps its digits.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from typing import Any, Final

import numpy as np

from kg.errors import BadInput
from kg.formula import tree
from kg.formula.array_code import Code, PlainCode, Ref, number
from kg.formula.array_power import MAX_LOG, scaled_power
from kg.formula.bounds import constant_value
from kg.formula.signs import is_positive
from kg.formula.tree import Add, Call, Multiply, Name, Negative, Node, Number, Power
from kg.model.formula import Domain

MAX_PRODUCT: Final = 8
"""Greatest whole exponent that is written as a product."""


def fast_code(
    node: Node,
    inputs: Mapping[str, int],
    scales: Mapping[str, float],
    domains: Mapping[str, Domain],
    *,
    by_table: bool = False,
) -> Code:
    """The steps with products gathered and powers rewritten, where the domains of the variables allow it.

    Powers with fixed exponents are left to tables where ``by_table`` is set.

    Raises:
        OnlyPointwise: what varies stands in a sum.
    """
    return _Fast(inputs, scales, domains, by_table=by_table).code_of(node)


@dataclass(slots=True)
class _Product:
    """A product in parts: fixed factors, others, each with True where it divides, and exponents of e."""

    negative: bool = False
    fixed: list[tuple[bool, Node]] = field(default_factory=list)
    factors: list[tuple[bool, Ref]] = field(default_factory=list)
    exponents: list["_Exponent"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Exponent:
    """``over*ref`` in the exponent of e, subtracted if ``minus``."""

    minus: bool
    ref: Ref
    over: Node = tree.ONE
    base: Ref | None = None
    """What ``ref`` is the logarithm of."""

    def times(self, over: Node, *, minus: bool = False) -> "_Exponent":
        whole = over if self.over == tree.ONE else tree.multiply(self.over, over)
        return _Exponent(self.minus != minus, self.ref, whole, self.base)


class _Fast(PlainCode):
    """Builds steps through products."""

    def __init__(
        self,
        inputs: Mapping[str, int],
        scales: Mapping[str, float],
        domains: Mapping[str, Domain],
        *,
        by_table: bool,
    ) -> None:
        super().__init__(inputs, scales)
        self.domains = domains
        self.by_table = by_table

    def operand(self, node: Node) -> Ref:
        if not self.is_fixed(node) and isinstance(node, Name | Negative | Multiply | Power):
            return self.value(self.product(node))
        return super().operand(node)

    def chain(
        self, pairs: Sequence[tuple[bool, Node]], functions: tuple[Callable[..., Any], Callable[..., Any]]
    ) -> Ref:
        """A sum from left to right; a term without a factor of its own is subtracted where it is negative."""
        head = self.fixed_head(pairs)
        result: Ref | None = None
        if head:
            result = self.scalar(Add(head) if len(head) > 1 else _signed(*head[0]))
        for flag, part in pairs[len(head) :]:
            product, minus = self.product(part), flag
            if result is None:
                minus, product.negative = False, flag != product.negative
            elif not product.fixed:
                minus, product.negative = flag != product.negative, False
            value = self.value(product)
            result = value if result is None else self.step(functions[minus], result, value)
        assert result is not None  # noqa: S101 - a sum has terms
        return result

    def product(self, node: Node) -> _Product:
        if self.is_fixed(node):
            return _Product(fixed=[(False, node)])
        match node:
            case Name(name=name):
                scale = self.scales.get(name, 1.0)
                fixed: list[tuple[bool, Node]] = [] if scale == 1.0 else [(False, number(scale))]
                return _Product(fixed=fixed, factors=[(False, ("input", self.inputs[name]))])
            case Negative(operand=inner):
                found = self.product(inner)
                found.negative = not found.negative
                return found
            case Multiply(factors=pairs):
                return self.joined(pairs)
            case Power():
                return self.power(node)
        return _Product(factors=[(False, super().operand(node))])

    def joined(self, pairs: Sequence[tuple[bool, Node]]) -> _Product:
        whole = _Product()
        for inverse, part in pairs:
            found = self.product(part)
            if inverse:
                found = self.divisor(found)
            whole.negative ^= found.negative
            whole.fixed += [(under != inverse, one) for under, one in found.fixed]
            whole.factors += [(under != inverse, one) for under, one in found.factors]
            whole.exponents += [one.times(tree.ONE, minus=inverse) for one in found.exponents]
        return whole

    def divisor(self, product: _Product) -> _Product:
        """The product without divisors of its own: ``1/(1/x)`` has no value at 0, as x would have."""
        if any(under for under, _ in product.factors):
            return _Product(factors=[(False, self.value(product))])
        if any(under for under, _ in product.fixed):
            return replace(product, fixed=[(False, _gathered(product.fixed))])
        return product

    def power(self, node: Power) -> _Product:
        base, exponent = node.base, node.exponent
        whole = _whole(exponent)
        if whole is not None and not self.is_fixed(base):
            product = self.product(base)
            return self.whole_power(self.divisor(product) if whole < 0 else product, whole)
        if _constant(exponent) in (Fraction(1, 2), Fraction(-1, 2)):
            inverse = _constant(exponent) == Fraction(-1, 2)
            return _Product(factors=[(inverse, self.step(np.sqrt, self.operand(base)))])
        if self.is_fixed(base):
            over = self.product(exponent)
            over.fixed.append((False, Call("log", (base,))))
            return self.exponential(self.value(over))
        if self.is_fixed(exponent):
            return self.fixed_power(self.product(base), exponent)
        log = self.step(np.log, self.operand(base))
        return self.exponential(self.step(np.multiply, log, self.operand(exponent)))

    def exponential(self, exponent: Ref) -> _Product:
        self.guard(exponent, most=MAX_LOG)
        return _Product(exponents=[_Exponent(False, exponent)])

    def whole_power(self, base: _Product, exponent: int) -> _Product:
        size, under = abs(exponent), exponent < 0
        powers = [(inverse != under, self.repeated(ref, size)) for inverse, ref in base.factors]
        exponents = [one.times(Number(Fraction(size)), minus=under) for one in base.exponents]
        fixed: list[tuple[bool, Node]] = (
            [(under, Power(_gathered(base.fixed), Number(Fraction(size))))] if base.fixed else []
        )
        return _Product(base.negative and size % 2 == 1, fixed, powers, exponents)

    def repeated(self, ref: Ref, size: int) -> Ref:
        """The whole power by squaring."""
        if size == 1:
            return ref
        half = self.repeated(ref, size // 2)
        square = self.step(np.multiply, half, half)
        return self.step(np.multiply, square, ref) if size % 2 else square

    def fixed_power(self, base: _Product, exponent: Node) -> _Product:
        """A positive base to what is fixed: its fixed factors apart, the others by their logarithm."""
        coefficient = _gathered(base.fixed) if base.fixed else None
        if base.negative or (coefficient is not None and not is_positive(coefficient, self.domains)):
            base, coefficient = _Product(factors=[(False, self.value(base))]), None
        over = self.scalar(exponent)
        found = _Product(
            fixed=[(False, Power(coefficient, exponent))] if coefficient is not None else [],
            exponents=[one.times(exponent) for one in base.exponents],
        )
        for one in found.exponents:
            self.guard(one.ref, most=MAX_LOG, factor=self.scalar(one.over))
        if base.factors:
            inverse = all(under for under, _ in base.factors)
            pairs = [(under != inverse, ref) for under, ref in base.factors]
            inner = self.value(_Product(factors=pairs))
            log = self.step(np.log, inner)
            if not self.by_table:
                is_input = inner[0] == "input"
                self.guard(inner if is_input else log, most=MAX_LOG, factor=over, log=is_input)
            found.exponents.append(_Exponent(inverse, log, exponent, inner))
        return found

    def value(self, product: _Product) -> Ref:
        """The steps that compute the product: one exponential, one division, one fixed factor."""
        above = [ref for inverse, ref in product.factors if not inverse]
        below = [ref for inverse, ref in product.factors if inverse]
        coefficient = self.coefficient(product)
        tabled = [one for one in product.exponents if self.by_table and one.base is not None]
        joined = [one for one in product.exponents if one not in tabled]
        if joined:
            above.append(self.step(np.exp, self.sum_of(joined)))
        for one in tabled:
            over = Negative(one.over) if one.minus else one.over
            factor = coefficient if coefficient is not None else self.scalar(tree.ONE)
            assert one.base is not None  # noqa: S101 - as it was chosen
            above.append(self.step(scaled_power, one.base, self.scalar(over), factor))
            coefficient = None
        if coefficient is not None and not above and not below:
            return coefficient
        under = self.multiplied(below) if below else None
        if under is not None and not above:
            top = coefficient if coefficient is not None else self.scalar(tree.ONE)
            result, coefficient = self.step(np.divide, top, under), None
        else:
            result = self.multiplied(above)
            if under is not None:
                result = self.step(np.divide, result, under)
        if coefficient is not None:
            result = self.step(np.multiply, result, coefficient)
        return self.step(np.negative, result) if product.negative and not product.fixed else result

    def coefficient(self, product: _Product) -> Ref | None:
        """The fixed factors and the sign as one number; None without fixed factors."""
        fixed = product.fixed
        if not fixed:
            return None
        node = _gathered(fixed)
        found = self.scalar(Negative(node) if product.negative else node)
        if len(fixed) > 1 or isinstance(fixed[0][1], Power):
            self.code.gathered.add(found[1])
        return found

    def multiplied(self, refs: Sequence[Ref]) -> Ref:
        return reduce(lambda one, two: self.step(np.multiply, one, two), refs)

    def sum_of(self, exponents: Sequence[_Exponent]) -> Ref:
        """The sum of signed parts, those that are added first."""
        ordered = sorted(exponents, key=lambda one: one.minus)
        result: Ref | None = None
        for one in ordered:
            minus = one.minus
            if one.over != tree.ONE:
                over = Negative(one.over) if minus and result is None else one.over
                minus = minus and result is not None
                ref = self.step(np.multiply, one.ref, self.scalar(over))
            else:
                ref = one.ref
            if result is None:
                result = self.step(np.negative, ref) if minus else ref
            else:
                result = self.step(np.subtract if minus else np.add, result, ref)
        assert result is not None  # noqa: S101 - there is one
        return result


def _signed(negative: bool, node: Node) -> Node:
    return Negative(node) if negative else node


def _gathered(fixed: Sequence[tuple[bool, Node]]) -> Node:
    """The fixed factors as one product."""
    if len(fixed) == 1 and not fixed[0][0]:
        return fixed[0][1]
    ordered = sorted(fixed, key=lambda pair: pair[0])
    return Multiply(tuple(ordered if not ordered[0][0] else [(False, tree.ONE), *ordered]))


def _constant(node: Node) -> object:
    try:
        return constant_value(node)
    except BadInput:
        return None


def _whole(node: Node) -> int | None:
    """The exponent, where it is a whole number whose power is a short product."""
    value = _constant(node)
    if isinstance(value, Fraction) and value.denominator == 1 and 0 < abs(value.numerator) <= MAX_PRODUCT:
        return value.numerator
    return None
