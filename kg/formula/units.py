"""The units of a dataset: looked up as people write them, and converted where the dimension agrees."""

import math
import re
from collections.abc import Iterable
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from kg.errors import BadParameter, WrongDimension
from kg.formula.names import near_names
from kg.model.iri import Iri
from kg.model.quantity import ONE, PLAIN, Dimension, Unit

MAX_TEXT: Final = 80
PREFIXES: Final = MappingProxyType(
    {"k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18, "Z": 1e21, "Y": 1e24}
)
"""SI prefixes that any unit may carry; smaller ones, and binary ones, are units of their own in the data."""
BINARY: Final = MappingProxyType({"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50})
"""Binary prefixes, for bytes and bits only (IEC 80000-13)."""

_PRICED: Final = re.compile(r"([A-Za-z]?[A-Z]{3})\s?((?:19|20)[0-9]{2})")
_YEAR: Final = re.compile(r"-(?:19|20)[0-9]{2}$")
_FACTOR: Final = re.compile(r"\s*([*/·]?)\s*([^*/·^\s()]+(?: [^*/·^\s()]+)*)\s*(?:\^\s*(-?[0-9]{1,2}))?\s*")


class UnitTable:
    """Units by IRI and by what people type: symbol, slug, label and the unit's other spellings.

    >>> from kg.model.quantity import Unit
    >>> flop = Unit(Iri("u/flop"), "flop", "floating-point operation", "FLOP", Dimension.parse("flop"))
    >>> UnitTable([flop]).find("PFLOP").factor
    1000000000000000.0
    """

    def __init__(self, units: Iterable[Unit] = ()) -> None:
        """Holds the units and the plain number; a spelling that two units share goes to the first by slug."""
        ordered = sorted({unit.iri: unit for unit in (ONE, *units)}.values(), key=lambda unit: unit.slug)
        self._by_iri = {unit.iri: unit for unit in ordered}
        self._by_text: dict[str, Unit] = {}
        for spellings in (_symbols, _words):
            for unit in ordered:
                for text in spellings(unit):
                    self._by_text.setdefault(text, unit)
        self.texts: dict[tuple[str, Iri, float], float] = {}
        """Numbers with units that were read before: text, and the unit that it was wanted in → the value."""

    def __len__(self) -> int:
        return len(self._by_iri)

    def get(self, iri: Iri) -> Unit | None:
        """The unit with that IRI, if any."""
        return self._by_iri.get(iri)

    def find(self, text: str) -> Unit | None:
        """The unit as the data spells it, with an SI prefix, or a product such as ``kWh/day``; else None."""
        if len(text) > MAX_TEXT:
            return None
        text = " ".join(text.split())
        return self._simple(text) or self._product(text)

    def named(self, text: str, *, like: Unit | None = None) -> Unit:
        """The unit of that text; with ``like``, one of its dimension.

        Raises:
            BadParameter: there is no such unit; names those that come near, or that are of the dimension.
            WrongDimension: it is of another dimension than ``like``.
        """
        unit = self.find(text)
        if unit is None:
            raise BadParameter("unit", text[:MAX_TEXT], self._offer(text, like))
        if like is not None and unit.dimension != like.dimension:
            hint = price_hint(unit.dimension, like.dimension) or f"take {self._offer(text, like)}"
            raise WrongDimension(f"the unit {text}", str(unit.dimension), str(like.dimension), hint)
        return unit

    def convert(self, value: float, source: Unit, target: Unit) -> float:
        """The value, given in ``source``, in ``target``.

        >>> table = UnitTable([Unit(Iri("u/flop"), "flop", "operation", "FLOP", Dimension.parse("flop"))])
        >>> table.convert(6e21, table.named("FLOP"), table.named("ZFLOP"))
        6.0

        Raises:
            WrongDimension: they are of different dimensions. BadParameter: the target holds no number so large.
        """
        if source.dimension != target.dimension:
            raise WrongDimension(
                f"the value {value:g} {source.symbol}",
                str(source.dimension),
                str(target.dimension),
                price_hint(source.dimension, target.dimension) or f"give it in {target.symbol}",
            )
        if source.factor >= target.factor:
            found = value * (source.factor / target.factor)
            if math.isinf(found) and math.isfinite(value):
                raise BadParameter(
                    "unit",
                    target.symbol,
                    f"a larger unit: {value:g} {source.symbol} is beyond a double in it",
                )
            return found
        # Factors are mostly whole: the ratio that is above one is then a whole number, and its inverse is none.
        return value / (target.factor / source.factor)

    def of_dimension(self, dimension: Dimension) -> tuple[Unit, ...]:
        """All units of a dimension, by slug."""
        return tuple(unit for unit in self._by_iri.values() if unit.dimension == dimension)

    def _offer(self, text: str, like: Unit | None) -> str:
        if like is not None:
            symbols = dict.fromkeys(
                (like.symbol, *(unit.symbol for unit in self.of_dimension(like.dimension)))
            )
            return f"a unit of {like.dimension}, such as {', '.join(list(symbols)[:6])}"
        near = near_names(text, self._by_text)
        return f"a unit of this dataset, such as {', '.join(near)}" if near else "a unit of this dataset"

    def _prefixed(self, text: str) -> Unit | None:
        for prefixes, width in ((BINARY, 2), (PREFIXES, 1)):
            unit = self._by_text.get(text[width:])
            factor = prefixes.get(text[:width])
            if unit is None or factor is None or unit.dimension == PLAIN:
                continue
            if width == 1 or any(base in ("byte", "bit") for base, _ in unit.dimension.powers):
                return Unit(unit.iri, unit.slug, unit.label, text, unit.dimension, unit.factor * factor)
        return None

    def _simple(self, text: str) -> Unit | None:
        return self._by_text.get(text) or self._prefixed(text) or self._priced(text)

    def _priced(self, text: str) -> Unit | None:
        """A currency at the prices of a year, as ``USD2020``: a dimension of its own, since prices change."""
        match = _PRICED.fullmatch(text)
        unit = self._by_text.get(match[1]) or self._prefixed(match[1]) if match else None
        if match is None or unit is None or unit.dimension != Dimension.parse(match[1][-3:].lower()):
            return None
        dimension = Dimension.parse(f"{unit.dimension}-{match[2]}")
        return Unit(unit.iri, unit.slug, f"{unit.label} of {match[2]}", text, dimension, unit.factor)

    def _product(self, text: str) -> Unit | None:
        head, slash, tail = text.partition("/(")
        if slash:
            if not tail.endswith(")") or "/" in tail:
                return None
            text = f"{head}/{tail[:-1].replace('*', '/').replace('·', '/')}"
        dimension, factor, at = PLAIN, 1.0, 0
        while at < len(text):
            match = _FACTOR.match(text, at)
            if match is None or bool(match[1]) != bool(at):
                return None
            unit = ONE if match[2] == "1" else self._simple(match[2])
            if unit is None:
                return None
            power = int(match[3] or 1) * (-1 if match[1] == "/" else 1)
            dimension, at = dimension * unit.dimension ** Fraction(power), match.end()
            factor *= _size(unit.factor, power)
        return Unit(Iri(""), "", text, text, dimension, factor) if at and 0 < factor < math.inf else None


def price_hint(found: Dimension, expected: Dimension) -> str:
    """What to do where two dimensions differ by the year of a currency's prices alone; else nothing."""
    names = [
        {_YEAR.sub("", base): power for base, power in dimension.powers} for dimension in (found, expected)
    ]
    if found == expected or names[0] != names[1]:
        return ""
    return "prices of different years are not the same unit: convert by a price index of your own, and say its date"


def _size(factor: float, power: int) -> float:
    """The power of a unit's factor; infinite where it leaves the doubles."""
    try:
        return factor**power
    except OverflowError:
        return math.inf


def _symbols(unit: Unit) -> tuple[str, ...]:
    return (unit.symbol,)


def _words(unit: Unit) -> tuple[str, ...]:
    return (*unit.alternatives, unit.slug, unit.label)
