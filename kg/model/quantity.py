"""Quantities, units and dimensions. Counts are dimensions of their own: a token is no parameter, a FLOP no FLOP/s."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from kg.errors import BadSyntax
from kg.model.iri import Iri


@dataclass(frozen=True, slots=True)
class Dimension:
    """A product of powers of base dimensions, sorted by name; empty for plain numbers.

    >>> str(Dimension.parse("flop/second"))
    'flop/second'
    >>> Dimension.parse("flop/(parameter*token)") * Dimension.parse("parameter*token") == Dimension.parse("flop")
    True
    """

    powers: tuple[tuple[str, Fraction], ...] = ()

    @classmethod
    def of(cls, powers: dict[str, Fraction]) -> "Dimension":
        """From a mapping base → exponent; zero exponents are dropped."""
        return cls(tuple(sorted((base, power) for base, power in powers.items() if power)))

    @classmethod
    def parse(cls, text: str) -> "Dimension":
        """From ``tv:dimension`` text: names joined by ``*`` and ``/``, ``^n`` for powers; ``1`` is the plain number.

        One pair of brackets may follow ``/``.

        Raises:
            BadSyntax: the text is not of that form.
        """
        numerator, slash, denominator = text.replace(" ", "").partition("/(")
        if slash and not denominator.endswith(")"):
            raise BadSyntax("dimension", "the bracket is not closed", text=text)
        powers: dict[str, Fraction] = {}
        parts = [(1, part) for part in _factors(numerator)]
        parts += [(-1, part.lstrip("/*")) for part in denominator.rstrip(")").split("*") if part]
        for sign, part in parts:
            factor_sign = -sign if part.startswith("/") else sign
            name, caret, power = part.lstrip("*/").partition("^")
            if name == "1" and not caret:
                continue
            if not name.replace("-", "").isalnum() or (
                caret and not power.lstrip("-").replace("/", "").isdigit()
            ):
                raise BadSyntax(
                    "dimension", f"{part!r} is no base dimension", text=text, hint="write it as flop/second"
                )
            powers[name] = powers.get(name, Fraction(0)) + factor_sign * Fraction(power or 1)
        return cls.of(powers)

    @property
    def is_plain(self) -> bool:
        """True for a plain number."""
        return not self.powers

    def __mul__(self, other: "Dimension") -> "Dimension":
        powers = dict(self.powers)
        for base, power in other.powers:
            powers[base] = powers.get(base, Fraction(0)) + power
        return Dimension.of(powers)

    def __pow__(self, exponent: Fraction | int) -> "Dimension":
        return Dimension.of({base: power * exponent for base, power in self.powers})

    def __truediv__(self, other: "Dimension") -> "Dimension":
        return self * other**-1

    def __str__(self) -> str:
        above = [_power(base, power) for base, power in self.powers if power > 0]
        below = [_power(base, -power) for base, power in self.powers if power < 0]
        if not above and not below:
            return "1"
        text = "*".join(above) or "1"
        if not below:
            return text
        return f"{text}/({'*'.join(below)})" if len(below) > 1 else f"{text}/{below[0]}"


PLAIN: Final = Dimension()


def _factors(text: str) -> list[str]:
    return [part for part in text.replace("/", "*/").split("*") if part]


def _power(base: str, power: Fraction) -> str:
    return base if power == 1 else f"{base}^{power}"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: ``value_in_unit * factor`` is the value in the coherent base unit of its dimension."""

    iri: Iri
    slug: str
    label: str
    symbol: str
    dimension: Dimension
    factor: float = 1.0
    alternatives: tuple[str, ...] = ()
    """Other spellings that people type (``tv:alternativeSymbol``)."""


ONE: Final = Unit(Iri("https://w3id.org/trivium/id/unit/one"), "one", "plain number", "1", PLAIN)


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a variable or an observation is about; ``unit`` is its canonical unit."""

    iri: Iri
    slug: str
    label: str
    unit: Unit
