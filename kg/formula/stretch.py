"""A stretch of one variable, as people write it (``1e8..1e12``), and points along it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kg.errors import BadParameter, OutOfDomain, UnknownSymbol
from kg.formula.compile import CompiledFormula
from kg.formula.inputs import place_of
from kg.formula.names import near_names
from kg.formula.numbers import read_value
from kg.formula.plan import plan_for
from kg.formula.steps import number_shown
from kg.formula.units import UnitTable
from kg.model.formula import Domain, Variable
from kg.model.quantity import Unit

MARK: Final = ".."
FACTOR: Final = 10.0
"""From a value to either end of its neighbourhood."""
DECADES: Final = 2
"""A stretch of as many powers of ten is walked by equal factors, a shorter one by equal steps."""


SCALES: Final = {"log": "log", "lin": "linear", "linear": "linear"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """From ``low`` to ``high``, both included, in the unit of its variable; number of points and scale where given."""

    low: float
    high: float
    count: int = 0
    scale: str = ""

    @property
    def is_log(self) -> bool:
        """True where it is walked by equal factors."""
        return (
            self.scale or ("log" if self.low > 0 and self.high >= self.low * 10.0**DECADES else "")
        ) == "log"

    def points(self, usual: int, *, whole: bool = False) -> tuple[float, ...]:
        """So many points unless it says, ends included, rising; whole numbers each once, so maybe fewer.

        >>> Stretch(1e8, 1e12).points(5)
        (100000000.0, 1000000000.0, 10000000000.0, 100000000000.0, 1000000000000.0)
        >>> Stretch(1, 4).points(100, whole=True)
        (1.0, 2.0, 3.0, 4.0)
        """
        count = self.count or usual
        shares = [at / (count - 1) for at in range(1, count - 1)]
        if self.is_log:
            low, high = math.log10(self.low), math.log10(self.high)
            # Through text: a power of ten that is one is met exactly.
            between = [float(f"{10 ** (low + share * (high - low)):.12g}") for share in shares]
        else:
            between = [self.low * (1 - share) + self.high * share for share in shares]
        found = [self.low, *(min(max(value, self.low), self.high) for value in between), self.high]
        return tuple(dict.fromkeys(float(round(value)) for value in found) if whole else dict.fromkeys(found))


def is_stretch(given: object) -> bool:
    """True where a given is a stretch: text with ``..``, or a pair in Python."""
    return MARK in given if isinstance(given, str) else isinstance(given, tuple) and len(given) == 2


def read_stretch(given: object, variable: Variable, units: UnitTable) -> Stretch:
    """The stretch in the variable's unit, both ends within its domain.

    Raises:
        BadParameter: it has no two ends, or they do not rise; the variable is a series.
        OutOfDomain: an end lies outside the domain. Otherwise as :func:`kg.formula.numbers.read_value`.
    """
    if variable.indexed_by:
        reason = "a series of values: only a single number can run over a range"
        raise BadParameter(variable.symbol, _shown(given), reason)
    found = parse_stretch(given, variable.symbol, variable.unit, units)
    for end in (found.low, found.high):
        if end not in variable.domain:
            hint = f"{variable.symbol} stands for: {variable.label}; take both ends of the range within it"
            raise OutOfDomain(variable.symbol, number_shown(end), str(variable.domain), hint)
    return found


def parse_stretch(given: object, name: str, unit: Unit, units: UnitTable) -> Stretch:
    """The stretch in the unit, wherever it lies.

    Raises:
        BadParameter: it has no two ends, or they do not rise. Otherwise as :func:`kg.formula.numbers.read_value`.
    """
    parts, count, scale = _parts(given, name)
    if len(parts) != 2 or "" in parts:
        shapes = "1e8..1e12, 1e8..1e12:50 or 1e8..1e12:50:log"
        raise BadParameter(name, _shown(given), f"a range with two ends, as {shapes}")
    low, high = (read_value(part, unit=unit, units=units, where=name) for part in parts)
    if not low < high:
        raise BadParameter(name, _shown(given), "a range whose first end is less than its second")
    if scale == "log" and low <= 0:
        raise BadParameter(name, _shown(given), "ends above zero where the axis is logarithmic")
    return Stretch(low, high, count, scale)


def _shown(given: object) -> str:
    return (given if isinstance(given, str) else repr(given))[:40]


def _parts(given: object, symbol: str) -> tuple[tuple[object, ...], int, str]:
    """The ends, the number of points and the scale of ``low..high:points:log``; 0 and nothing where not given."""
    if not isinstance(given, str):
        return (given if isinstance(given, tuple) else ()), 0, ""
    span, *rest = (part.strip() for part in given.split(":"))
    scale = SCALES.get(rest[-1], "") if rest else ""
    counts = rest[:-1] if scale else rest
    if len(counts) > 1 or any(not text.isascii() or not text.isdecimal() or len(text) > 9 for text in counts):
        raise BadParameter(symbol, given[:40], "after its ends a number of points, then log or lin")
    count = int(counts[0]) if counts else 0
    if counts and count < 2:
        raise BadParameter(symbol, given[:40], "two points or more")
    return tuple(end.strip() for end in span.split(MARK, 1)), count, scale


def around(value: float, domain: Domain) -> Stretch | None:
    """The neighbourhood of a value, a tenth to ten times of it, within the domain; None where that is a point."""
    if value == 0:
        low, high = -1.0, 1.0
    else:
        low, high = sorted((value / FACTOR, value * FACTOR))
    return within(low, high, domain)


def within(low: float, high: float, domain: Domain) -> Stretch | None:
    """The part of a stretch that lies in the domain; None where that is a point or nothing."""
    least = -math.inf if domain.minimum is None else domain.minimum
    most = math.inf if domain.maximum is None else domain.maximum
    if domain.integer:
        low, high = float(math.ceil(max(low, least))), float(math.floor(min(high, most)))
    else:
        low = max(low, math.nextafter(least, math.inf) if domain.open_minimum else least)
        high = min(high, math.nextafter(most, -math.inf) if domain.open_maximum else most)
    return Stretch(low, high) if low < high else None


def find_variable(compiled: CompiledFormula, name: str, fit: str = "") -> Variable:
    """The variable of that symbol or quantity slug, the output excepted.

    Raises:
        UnknownSymbol: there is none, or several share the quantity; names those that there are.
        NotFound: the formula has no such fit.
    """
    plan = plan_for(compiled, fit)
    place = place_of(plan, name)
    output = compiled.output
    known = {variable.symbol: variable for variable in compiled.inputs}
    found = plan.variables[place] if place is not None else None
    if found is None or found.symbol not in known or (output is not None and found.symbol == output.symbol):
        raise UnknownSymbol(name[:64], tuple(sorted(known)), near_names(name, plan.slots))
    return found


def key_of(compiled: CompiledFormula, givens: Mapping[str, object], symbol: str) -> str:
    """The name under which ``givens`` hold a symbol: itself or its quantity's slug; empty where they do not."""
    plan = plan_for(compiled, "")
    place = plan.slots[symbol]
    return next((name for name in givens if place_of(plan, name) == place), "")
