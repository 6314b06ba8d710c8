"""Exponents of dimensions: exact quotients of polynomials in a formula's symbols, as in ``parameter^alpha``.

Two are equal where cross-multiplication gives the same polynomial. What is no such quotient (``log(alpha)``)
counts as a symbol of its own, named by its text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from kg.formula.render import number_text, render
from kg.formula.tree import Add, Multiply, Negative, Node, Number, Power

Monomial = tuple[tuple[str, int], ...]
Polynomial = Mapping[Monomial, Fraction]

MAX_MONOMIALS: Final = 64
MAX_POWER: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Exponent:
    """``above/below``."""

    above: Polynomial
    below: Polynomial

    @classmethod
    def of(cls, value: Fraction | int) -> "Exponent":
        """A plain number."""
        return cls(_polynomial({(): Fraction(value)}), _ONE)

    @classmethod
    def symbol(cls, name: str) -> "Exponent":
        """A symbol."""
        return cls(_polynomial({((name, 1),): Fraction(1)}), _ONE)

    @classmethod
    def read(cls, node: Node) -> "Exponent":
        """The exponent that a tree means."""
        found = _read(node)
        if max(len(found.above), len(found.below)) > MAX_MONOMIALS:
            return cls.symbol(render(node))
        return found

    @property
    def is_zero(self) -> bool:
        """True for zero, however it is written."""
        return not self.above

    def __add__(self, other: "Exponent") -> "Exponent":
        if self.below == other.below:
            return _reduced(_plus(self.above, other.above), self.below)
        above = _plus(_times(self.above, other.below), _times(other.above, self.below))
        return _reduced(above, _times(self.below, other.below))

    def __neg__(self) -> "Exponent":
        return Exponent(
            _polynomial({monomial: -factor for monomial, factor in self.above.items()}), self.below
        )

    def __sub__(self, other: "Exponent") -> "Exponent":
        return self + -other

    def __mul__(self, other: "Exponent") -> "Exponent":
        return _reduced(_times(self.above, other.above), _times(self.below, other.below))

    def inverse(self) -> "Exponent":
        """One over it; it is not zero."""
        return _reduced(self.below, self.above)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Exponent) and (self - other).is_zero

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> str:
        above = _polynomial_text(self.above)
        if self.below == _ONE:
            return above
        return f"{_bracketed(self.above)}/{_bracketed(self.below)}"


def _polynomial(terms: dict[Monomial, Fraction]) -> Polynomial:
    return MappingProxyType({monomial: factor for monomial, factor in sorted(terms.items()) if factor})


_ONE: Final = _polynomial({(): Fraction(1)})


def _plus(left: Polynomial, right: Polynomial) -> Polynomial:
    terms = dict(left)
    for monomial, factor in right.items():
        terms[monomial] = terms.get(monomial, Fraction(0)) + factor
    return _polynomial(terms)


def _times(left: Polynomial, right: Polynomial) -> Polynomial:
    terms: dict[Monomial, Fraction] = {}
    for one, first in left.items():
        for two, second in right.items():
            powers = dict(one)
            for name, power in two:
                powers[name] = powers.get(name, 0) + power
            monomial = tuple(sorted(powers.items()))
            terms[monomial] = terms.get(monomial, Fraction(0)) + first * second
    return _polynomial(terms)


def _reduced(above: Polynomial, below: Polynomial) -> Exponent:
    """The quotient, divided out where it goes; else with a common factor of single monomials taken out."""
    if not above:
        return Exponent(above, _ONE)
    whole = _divided(above, below)
    if whole is not None:
        return Exponent(whole, _ONE)
    common = _common((*above, *below))
    scale = next(iter(below.values()))
    return Exponent(_cut(above, common, scale), _cut(below, common, scale))


def _divided(above: Polynomial, below: Polynomial) -> Polynomial | None:
    """The polynomial that times ``below`` is ``above``; None where there is none."""
    names = sorted({name for monomial in (*above, *below) for name, _ in monomial})

    def order(monomial: Monomial) -> tuple[int, ...]:
        powers = dict(monomial)
        return tuple(powers.get(name, 0) for name in names)

    lead = max(below, key=order)
    rest: Polynomial = above
    quotient: dict[Monomial, Fraction] = {}
    while rest and len(quotient) <= MAX_MONOMIALS:
        top = max(rest, key=order)
        powers = [one - other for one, other in zip(order(top), order(lead), strict=True)]
        if min(powers, default=0) < 0:
            return None
        monomial = tuple((name, power) for name, power in zip(names, powers, strict=True) if power)
        quotient[monomial] = rest[top] / below[lead]
        rest = _plus(rest, _times({monomial: -quotient[monomial]}, below))
    return _polynomial(quotient) if not rest else None


def _common(monomials: tuple[Monomial, ...]) -> dict[str, int]:
    least = dict(monomials[0])
    for monomial in monomials[1:]:
        powers = dict(monomial)
        least = {name: min(power, powers[name]) for name, power in least.items() if name in powers}
    return least


def _cut(polynomial: Polynomial, common: dict[str, int], scale: Fraction) -> Polynomial:
    return _polynomial(
        {
            tuple(
                (name, power - common.get(name, 0)) for name, power in monomial if power > common.get(name, 0)
            ): (factor / scale)
            for monomial, factor in polynomial.items()
        }
    )


def _read(node: Node) -> Exponent:
    match node:
        case Number(value=value):
            return Exponent.of(value)
        case Negative(operand=operand):
            return -Exponent.read(operand)
        case Add(terms=terms):
            total = Exponent.of(0)
            for subtracted, part in terms:
                total = total - Exponent.read(part) if subtracted else total + Exponent.read(part)
            return total
        case Multiply(factors=factors):
            product = Exponent.of(1)
            for inverse, part in factors:
                factor = Exponent.read(part)
                if inverse and factor.is_zero:
                    return Exponent.symbol(render(node))
                product *= factor.inverse() if inverse else factor
            return product
        case Power(base=base, exponent=Number(value=power)) if power.denominator == 1 and power <= MAX_POWER:
            product = Exponent.of(1)
            for _ in range(power.numerator):
                product *= Exponent.read(base)
            return product
    return Exponent.symbol(render(node))


def _polynomial_text(polynomial: Polynomial) -> str:
    pieces: list[str] = []
    for monomial, factor in reversed(tuple(polynomial.items())):
        name = "*".join(symbol if power == 1 else f"{symbol}^{power}" for symbol, power in monomial)
        size = number_text(abs(factor))
        body = size if not name else name if abs(factor) == 1 else f"{size}*{name}"
        pieces.append(f"-{body}" if factor < 0 else body)
    return " + ".join(pieces).replace("+ -", "- ") or "0"


def _bracketed(polynomial: Polynomial) -> str:
    text = _polynomial_text(polynomial)
    return f"({text})" if len(polynomial) > 1 or "*" in text else text
