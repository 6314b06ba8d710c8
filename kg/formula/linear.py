"""Uncertainty to first order: the variance that the partial derivatives carry (JCGM 100:2008, 5.1 and 5.2)."""

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Final

from kg.errors import NoClosedForm
from kg.formula.render import render
from kg.formula.spreads import quantile
from kg.formula.steps import number_shown
from kg.formula.unsure import Case, Column, Columns, directions
from kg.model.uncertainty import Method, Uncertainty

LEVEL: Final = 0.9
"""Probability with which ``low`` and ``high`` hold the output."""

TOLERANCE: Final = 0.1
"""Part of the standard deviation by which what first order leaves out may change it, or move the mean."""


MOST_PAIRED: Final = 12
"""Changes that are also looked at two at a time."""

_INSTEAD: Final = "take uncertainty=monte-carlo"


def propagate_linear(case: Case, value: float) -> Uncertainty:
    """The spread of the output around ``value``, its working value, to first order.

    The formula is also computed one standard deviation to each side: where that tells that it bends, a note does.

    Raises:
        NoClosedForm: there is no derivative by an unsure input. InvalidData: correlations that contradict each other.
        OutOfDomain: the spread is beyond the doubles.
    """
    partials = require_partials(case)
    columns = directions(case)
    slopes = [_along(partials, column) for column in columns]
    deviation = math.hypot(*slopes)
    far = quantile((1 + LEVEL) / 2) * deviation
    low, high = case.shown(value - far), case.shown(value + far)
    if not math.isfinite(high - low):
        raise case.unbounded("its spread is beyond the largest double; give narrower spreads")
    shares = _shares(partials, columns, deviation)
    return Uncertainty(
        Method.LINEAR,
        low=low,
        high=high,
        level=LEVEL,
        unit=case.unit,
        standard_deviation=abs(case.shown(deviation)),
        contributions=case.contributions(shares, partials),
        correlations=case.correlations,
        notes=(*case.notes, *_doubts(case, value, columns, deviation)),
    )


def require_partials(case: Case) -> list[float]:
    """The partial by each unsure input.

    Raises:
        NoClosedForm: there is none; says why.
    """
    found = []
    for one, partial in zip(case.unsure, case.partials(), strict=True):
        if partial is None:
            name = one.symbol.partition("[")[0]
            reason = case.flat.fixed.get(name, f"it has none at {one.symbol} = {number_shown(one.value)}")
            raise NoClosedForm("derivative", render(case.compiled.body)[:200], one.symbol, reason)
        found.append(partial)
    return found


def _along(partials: Sequence[float], column: Column) -> float:
    return sum(partials[at] * step for at, step in column)


def _shares(partials: Sequence[float], columns: Columns, deviation: float) -> list[float | None]:
    """Each input's part in the variance; negative where it takes away from what others bring."""
    if not deviation:
        return [None] * len(partials)
    shares: list[float | None] = [0.0] * len(partials)
    carried = [0.0] * len(partials)
    for column in columns:
        slope = _along(partials, column) / deviation
        for at, step in column:
            carried[at] += step * slope
    for at, partial in enumerate(partials):
        shares[at] = partial * carried[at] / deviation
    return shares


def _doubts(case: Case, value: float, columns: Columns, deviation: float) -> tuple[str, ...]:
    """Why first order is not to be trusted here, if it is not."""
    notes = []
    stepping = sorted(one.symbol for one in case.unsure if one.symbol in case.flat.steps)
    if stepping:
        notes.append(
            f"the formula has steps or kinks in {', '.join(stepping)}, which first order does not see"
        )
    second = _second_order(case, value, columns)
    if second is None:
        return (*notes, f"one standard deviation away the formula has no value: {_INSTEAD}")
    fuller, shift = second
    if not deviation:
        text = f"the derivative is zero here, so first order sees no spread: {_INSTEAD}"
        return (*notes, text) if fuller else tuple(notes)
    change, move = fuller / deviation - 1, shift / deviation
    if abs(change) > TOLERANCE or abs(move) > TOLERANCE:
        notes.append(
            f"the formula bends over this spread: what first order leaves out changes the standard deviation by "
            f"{100 * change:+.0f} % and moves the mean by {move:+.2f} of it: {_INSTEAD}"
        )
    return tuple(notes)


def _second_order(case: Case, value: float, columns: Columns) -> tuple[float, float] | None:
    """The standard deviation to second order, and how far the mean moves; None where a neighbour has no value.

    From differences one standard deviation along each change, and along two at once where they are few.
    """
    ahead = [_moved(case, column) for column in columns]
    behind = [_moved(case, tuple((at, -step) for at, step in column)) for column in columns]
    parts, shift = [], 0.0
    for one, other in zip(ahead, behind, strict=True):
        if one is None or other is None:
            return None
        bend = (one + other) / 2 - value
        parts += [(one - other) / 2, math.sqrt(2) * bend]
        shift += bend
    if len(columns) <= MOST_PAIRED:
        for (first, one), (second, other) in combinations(zip(columns, ahead, strict=True), 2):
            both = _moved(case, (*first, *second))
            if both is None or one is None or other is None:
                return None
            parts.append(both - one - other + value)
    found = math.hypot(*parts), shift
    return found if all(map(math.isfinite, found)) else None


def _moved(case: Case, column: Column) -> float | None:
    values = list(case.values)
    for at, step in column:
        place = case.unsure[at].at
        value = values[place]
        assert isinstance(value, float)  # noqa: S101 - unsure inputs are single numbers
        values[place] = value + step
    return case.flat.run(values)
