"""Numbers as people type them → a value in the unit that is asked for.

``70B``, ``1.4T``, ``7e10``, ``80 GB``, ``1e24 FLOP``, ``40%``. ``k M B T`` and their words count; a comma
groups thousands in English fashion (``1,500,000``); the decimal sign is a point. A bare ``B`` on bytes could
count or name the byte, so it is refused with both readings.
"""

import math
import re
from collections.abc import Sequence
from numbers import Real
from types import MappingProxyType
from typing import Final

from kg.errors import BadParameter, BadSyntax, TooLarge, WrongDimension
from kg.formula.functions import MAX_TERMS
from kg.formula.units import UnitTable, price_hint
from kg.model.quantity import PLAIN, Unit

MAX_TEXT: Final = 200
MAX_KEPT: Final = 1_000
"""Texts that are kept with what they were read as."""
COUNTS: Final = MappingProxyType(
    {
        "k": 1e3,
        "K": 1e3,
        "M": 1e6,
        "B": 1e9,
        "T": 1e12,
        "thousand": 1e3,
        "million": 1e6,
        "billion": 1e9,
        "trillion": 1e12,
    }
)
"""What a count suffix multiplies by."""

NUMERAL: Final = re.compile(
    r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])(?:\.[0-9]*)?|[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
)
_COUNT: Final = re.compile(r"(thousand|million|billion|trillion|[kKMBT])(?:\s+|$)(.*)", re.DOTALL)
_LARGEST: Final = "a number up to 1.797e308, the largest of a double (IEEE 754)"
_EXAMPLES: Final = "write 7e10, 70B, 1.4T, 80 GB or 40%"
_SPREAD: Final = (
    "a spread (70B ± 5B, [60B, 80B]) is for an evaluation with uncertainty=linear, interval or monte-carlo"
)


def parse_number(text: str, *, unit: Unit, units: UnitTable, where: str = "the value") -> float:
    """The number in ``unit``.

    >>> from kg.model.quantity import ONE
    >>> parse_number("70B", unit=ONE, units=UnitTable())
    70000000000.0

    Raises:
        BadSyntax: no number, or a suffix that is neither a count nor a known unit.
        TooLarge: the text is too long.
        BadParameter: the number is beyond what a double holds.
        WrongDimension: the unit written behind the number is of another dimension.
    """
    if len(text) > MAX_TEXT:
        raise TooLarge(f"{where}, in characters,", len(text), MAX_TEXT)
    stripped = text.strip()
    match = NUMERAL.match(stripped)
    if match is None:
        hint = "write the sign -" if stripped[:1] in ("−", "–") else _EXAMPLES
        hint = _SPREAD if stripped[:1] == "[" else hint
        raise BadSyntax("number", f"{where} is no number", 1, 1, stripped[:24], hint)
    numeral, rest = match[0].replace(",", ""), stripped[match.end() :].strip()
    value = float(numeral)
    if math.isinf(value):
        raise BadParameter(where, stripped[:24], _LARGEST)
    if not rest:
        return value
    column = text.index(match[0]) + len(match[0]) + 1
    try:
        value = _with_suffix(value, rest, unit=unit, units=units, where=where, column=column)
    except BadParameter as error:
        raise BadParameter(where, stripped[:24], _LARGEST) from error
    if math.isinf(value):
        raise BadParameter(where, stripped[:24], _LARGEST)
    return value


def _with_suffix(value: float, rest: str, *, unit: Unit, units: UnitTable, where: str, column: int) -> float:
    if rest == "%":
        if unit.dimension != PLAIN:
            raise WrongDimension(
                where, "1", str(unit.dimension), f"a share has no unit; give it in {unit.symbol}"
            )
        return value / 100 / unit.factor
    if rest in COUNTS and rest != "B":
        return value * COUNTS[rest]
    if rest == "B" and any(base == "byte" for base, _ in unit.dimension.powers):
        reason = f"in {where}, B can be billions or bytes"
        hint = f"write {value:g}e9 for {value:g} billion {unit.symbol}, or {value:g} byte, or GB, GiB"
        raise BadSyntax("number", reason, 1, column, rest, hint)
    found = None if rest in COUNTS else units.find(rest)
    factor = 1.0
    if found is None and (count := _count_of(rest, units)) is not None:
        factor, name = count
        found = units.find(name) if name else unit
    if found is None:
        hint = f"give it in {unit.symbol}, or count by k, M, B, T"
        if rest.startswith(","):
            hint = "a comma groups thousands, as in 1,500; the decimal sign is a point"
        elif "±" in rest or "+-" in rest or "+/-" in rest:
            hint = _SPREAD
        raise BadSyntax(
            "number",
            f"{rest[:24]!r} in {where} is neither a count nor a known unit",
            1,
            column,
            rest[:24],
            hint,
        )
    if found.dimension != unit.dimension:
        hint = price_hint(found.dimension, unit.dimension) or f"give it in {unit.symbol}"
        raise WrongDimension(where, str(found.dimension), str(unit.dimension), hint)
    return units.convert(value * factor, found, unit)


def _count_of(rest: str, units: UnitTable) -> tuple[float, str] | None:
    """The count at the head of the suffix and the unit behind it; ``Mtoken`` may do without the space."""
    match = _COUNT.match(rest)
    if match is not None:
        return COUNTS[match[1]], match[2].strip()
    if rest[:1] in COUNTS and len(rest) > 2 and units.find(rest[1:]) is not None:
        return COUNTS[rest[0]], rest[1:]
    return None


def read_value(given: object, *, unit: Unit, units: UnitTable, where: str) -> float:
    """One value of a request, text or number, in ``unit``.

    Raises:
        BadParameter: it is neither text nor a finite real number.
        BadSyntax: as ``parse_number``; TooLarge and WrongDimension likewise.
    """
    if isinstance(given, str):
        key = given, unit.iri, unit.factor
        value = units.texts.get(key)
        if value is None:
            value = parse_number(given, unit=unit, units=units, where=where)
            if len(units.texts) < MAX_KEPT:
                units.texts[key] = value
        return value
    if isinstance(given, bool) or not isinstance(given, Real):
        raise BadParameter(where, repr(given)[:40], f"one number in {unit.symbol}, or text such as 70B")
    try:
        value = float(given)
    except OverflowError as error:
        raise TooLarge(f"{where}, as a decimal exponent,", 309, 308) from error
    if not math.isfinite(value):
        raise BadParameter(where, repr(value), "a finite number")
    return value


def is_array(given: object) -> bool:
    """True for what holds many values as NumPy does: its arrays, and what converts to them, as columns of tables do.

    >>> is_array([1.0, 2.0]), is_array(1.0)
    (False, False)
    """
    dimensions = getattr(given, "ndim", None)
    return hasattr(given, "__array__") if dimensions is None else dimensions > 0


def read_series(given: object, *, unit: Unit, units: UnitTable, where: str) -> tuple[float, ...]:
    """The values of a series: a sequence, or text such as ``[0.5, 0.3]`` or ``0.5,0.3``.

    In a series a comma always separates. Raises as ``read_value`` does.
    """
    if isinstance(given, str):
        text = given.strip()
        inside = text[1:-1] if text.startswith("[") and text.endswith("]") else text
        given = inside.split(",") if inside.strip() else []
    if not isinstance(given, Sequence):
        given = [given]
    if len(given) > MAX_TERMS:
        raise TooLarge(f"{where}, in values,", len(given), MAX_TERMS)
    if not given:
        raise BadParameter(where, "[]", "at least one value, as [0.5, 0.3]")
    if all(type(value) is float for value in given) and all(map(math.isfinite, given)):
        return tuple(given)
    return tuple(
        read_value(value, unit=unit, units=units, where=f"{where}[{place}]")
        for place, value in enumerate(given, 1)
    )
