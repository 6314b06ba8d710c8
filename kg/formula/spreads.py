"""How far inputs may be off: what a request says of them, the errors of a fit, the bounds of an observation.

A request says ``70B ± 5B`` (also ``+-`` and ``+/-``), ``70B ± 5%`` or ``[60B, 80B]``. What follows ``±`` is a
standard deviation (JCGM 100:2008, 7.2.2); bounds without a level mean every value between them is as likely (4.3.7).
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from kg.errors import BadParameter, BadSyntax, OutOfDomain
from kg.formula.compile import CompiledFormula
from kg.formula.inputs import Givens, place_of
from kg.formula.numbers import NUMERAL, read_value
from kg.formula.plan import plan_for
from kg.formula.steps import number_shown
from kg.formula.units import UnitTable
from kg.model.answer import Observed
from kg.model.formula import ConstantSet, ConstantValue, Variable
from kg.model.quantity import PLAIN
from kg.model.uncertainty import Shape, Spread

Place = tuple[int, int]
"""Place of an input in the plan, and which value of a series it is, -1 for a single number."""

GIVEN: Final = "standard deviation given"
_SIGN: Final = re.compile(r"±|\+/-|\+-")
_STANDARD: Final = NormalDist()


@dataclass(frozen=True, slots=True)
class _Stated:
    value: float
    spread: Spread | None


def quantile(probability: float) -> float:
    """The standard normal quantile."""
    return _STANDARD.inv_cdf(probability)


def split_spreads(
    compiled: CompiledFormula, givens: Givens, *, fit: str, units: UnitTable
) -> tuple[dict[str, object], dict[Place, Spread]]:
    """The givens as plain values, and the spreads that were written with them.

    Raises:
        BadSyntax, BadParameter: a spread that is none, or that can be read in two ways. OutOfDomain: an end of an
            interval is outside its variable's domain. Otherwise as :func:`kg.formula.numbers.read_value`.
    """
    plan = plan_for(compiled, fit)
    plain: dict[str, object] = {}
    found: dict[Place, Spread] = {}
    for name, given in givens.items():
        plain[name] = given
        place = place_of(plan, name)
        if place is None:
            continue
        variable = plan.variables[place]
        items = _items(given) if variable.indexed_by else (given,)
        if not any(map(_is_unsure, items)):
            continue
        stated = [
            _read(
                one, variable, units, f"{variable.symbol}[{at}]" if variable.indexed_by else variable.symbol
            )
            for at, one in enumerate(items, 1)
        ]
        values = [one.value for one in stated]
        plain[name] = values if variable.indexed_by else values[0]
        for at, one in enumerate(stated):
            if one.spread is not None:
                found[place, at if variable.indexed_by else -1] = one.spread
    return plain, found


def _items(given: object) -> Sequence[object]:
    if isinstance(given, str):
        text = given.strip()
        inside = text[1:-1] if text.startswith("[") and text.endswith("]") else text
        return inside.split(",")
    return given if isinstance(given, Sequence) else (given,)


def _is_unsure(given: object) -> bool:
    if isinstance(given, str):
        return given.lstrip().startswith("[") or _SIGN.search(given) is not None
    return isinstance(given, list | tuple)


def _read(given: object, variable: Variable, units: UnitTable, where: str) -> _Stated:
    if not _is_unsure(given):
        return _Stated(read_value(given, unit=variable.unit, units=units, where=where), None)
    if isinstance(given, str) and not given.lstrip().startswith("["):
        return _read_deviation(given, variable, units, where)
    ends = _items(given)
    if len(ends) != 2:
        raise BadParameter(where, _shown(given), "an interval of two ends, as [60B, 80B]")
    low, high = (read_value(end, unit=variable.unit, units=units, where=where) for end in ends)
    if not low < high:
        raise BadParameter(where, _shown(given), "an interval whose low end comes first, as [60B, 80B]")
    for end in (low, high):
        if end not in variable.domain:
            raise OutOfDomain(
                where, number_shown(end), str(variable.domain), f"it is an end of {_shown(given)}"
            )
    middle = low + (high - low) / 2
    return _Stated(
        float(round(middle)) if variable.domain.integer else middle,
        bounded(low, high, "interval given, each value as likely"),
    )


def _read_deviation(given: str, variable: Variable, units: UnitTable, where: str) -> _Stated:
    left, *others = (part.strip() for part in _SIGN.split(given))
    if len(others) != 1 or not left or not others[0]:
        raise BadSyntax("number", f"{where} has no one spread", 1, 1, given[:24], "write 70B ± 5B")
    (right,) = others
    value = read_value(left, unit=variable.unit, units=units, where=where)
    if right.endswith("%"):
        deviation = abs(value) * _share(left, right, value, variable, where)
    else:
        _refuse_half_counted(left, right, where)
        deviation = read_value(right, unit=variable.unit, units=units, where=f"the spread of {where}")
    if deviation < 0:
        raise BadParameter(where, given[:40], "a standard deviation of zero or more behind ±")
    return _Stated(value, deviating(value, deviation, variable, GIVEN) if deviation else None)


def _refuse_half_counted(left: str, right: str, where: str) -> None:
    """``70 ± 5B`` can mean 70B, or 70: only one of the two would be meant."""
    numeral = NUMERAL.match(right)
    suffix = right[numeral.end() :].strip() if numeral else ""
    if suffix and NUMERAL.fullmatch(left):
        hint = f"write the suffix behind both, as {left} {suffix} ± {right}"
        raise BadSyntax("number", f"{where} could be counted by {suffix} or not", 1, 1, left[:24], hint)


def _share(left: str, right: str, value: float, variable: Variable, where: str) -> float:
    """The share that ``5%`` is of the value; refused where it could be points of a share."""
    number = NUMERAL.fullmatch(right[:-1].strip())
    if number is None:
        raise BadSyntax("number", f"the spread of {where} is no share", 1, 1, right[:24], "write 70B ± 5%")
    share = float(number[0].replace(",", "")) / 100
    if left.endswith("%") or (variable.unit.dimension == PLAIN and variable.unit.factor != 1):
        points = share / variable.unit.factor
        hint = f"write {value:g} ± {points:g}, or {value:g} ± {abs(value) * share:g}"
        reason = f"± {right[:24]} of {where} can mean points, or a part of it"
        raise BadSyntax("number", reason, 1, 1, right[:24], hint)
    return share


def _shown(given: object) -> str:
    text = given if isinstance(given, str) else repr(given)
    return text if len(text) <= 40 else f"{text[:39]}…"


def deviating(value: float, deviation: float, variable: Variable, basis: str) -> Spread:
    """The spread of a value with a standard deviation: lognormal where the variable is above zero, else normal."""
    is_log = variable.domain.is_positive and value > 0
    return Spread(Shape.LOGNORMAL if is_log else Shape.NORMAL, deviation, basis)


def bounded(low: float, high: float, basis: str) -> Spread:
    """The spread of a value between bounds, each as likely."""
    return Spread(Shape.UNIFORM, (high - low) / math.sqrt(12), basis, low, high)


def covered(value: float, low: float, high: float, level: float, *, variable: Variable, basis: str) -> Spread:
    """The spread of a value whose interval has a level: half its width over the normal quantile of that level."""
    if not low <= value <= high or not 0 < level < 1:
        return bounded(low, high, f"{basis}, taken as bounds")
    is_log = variable.domain.is_positive and low > 0
    shape = Shape.TWO_PIECE_LOGNORMAL if is_log else Shape.TWO_PIECE_NORMAL
    deviation = (high - low) / (2 * quantile((1 + level) / 2))
    return Spread(shape, deviation, f"{level * 100:g} % {basis}", low, high, level)


def spread_of_constant(value: ConstantValue, variable: Variable, fit: ConstantSet) -> Spread | None:
    """What a fit tells of the spread of a constant; None where it tells nothing, or one end only."""
    return _known(
        value.value, value.standard_error, value.low, value.high, value.level, variable, f"the fit {fit.name}"
    )


def spread_of_observed(observed: Observed, variable: Variable, factor: float) -> Spread | None:
    """What an observation tells, in the variable's unit, of which its own holds ``factor``."""
    scaled = [
        None if one is None else one * factor
        for one in (observed.value, observed.standard_error, observed.low, observed.high)
    ]
    value, error, low, high = scaled
    assert value is not None  # noqa: S101 - an observation has one
    return _known(value, error, low, high, observed.level, variable, "the observation")


def _known(
    value: float,
    error: float | None,
    low: float | None,
    high: float | None,
    level: float | None,
    variable: Variable,
    whose: str,
) -> Spread | None:
    if error is not None and error > 0:
        return deviating(value, error, variable, f"standard error of {whose}")
    if low is None or high is None or not low < high:
        return None
    if level is None:
        return bounded(low, high, f"interval of {whose} without a level, each value as likely")
    return covered(value, low, high, level, variable=variable, basis=f"interval of {whose}")


def ends_of(spread: Spread, value: float, probability: float) -> tuple[float, float]:
    """The ends that were stated, else the range that leaves out ``probability`` on each side."""
    if spread.low is not None and spread.high is not None:
        return spread.low, spread.high
    far = quantile(1 - probability)
    if spread.shape is Shape.LOGNORMAL:
        center, width = lognormal(value, spread.standard_deviation)
        return math.exp(center - far * width), math.exp(center + far * width)
    return value - far * spread.standard_deviation, value + far * spread.standard_deviation


def lognormal(mean: float, deviation: float) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm of a lognormal variable that has this mean and deviation."""
    ratio = deviation / mean
    # Beside so large a ratio one is lost to rounding, and its square could leave the doubles.
    variance = math.log1p(ratio * ratio) if ratio < 1e9 else 2 * (math.log(deviation) - math.log(mean))
    return math.log(mean) - variance / 2, math.sqrt(variance)
