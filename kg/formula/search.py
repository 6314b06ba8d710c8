"""All roots of one function on an interval: proved where interval bounds decide, by scan where they do not.

Branch and prune (Moore, Kearfott & Cloud 2009, ch. 8): a stretch whose bounds leave out zero has no root; one
on which the slope keeps its sign has at most one, and the signs at its ends say whether. What is left after
the budget, or is too narrow to halve, is scanned for changes of sign, of the function and of its slope.
"""

import math
from collections import deque
from collections.abc import Callable
from typing import Final

from kg.formula import spans
from kg.formula.bracket import TINY, middle, root_between
from kg.formula.intervals import Bounded
from kg.formula.scan import NARROW, look_closer
from kg.formula.spans import Nowhere, Span
from kg.formula.target import Candidate, Found, Target

_SAME: Final = 1e-12
_STEPS: Final = (1e-14, 1e-11, 1e-8, 1e-5)
MAX_STRETCHES: Final = 24


def find_all(target: Target, accept: Callable[[Candidate], bool]) -> Found:
    """All roots that are found, ascending; ``accept`` puts a candidate back into what it must fulfil."""
    found = Found()
    if target.bounded is None:
        found.open.append((target.low, target.high))
    else:
        _prune(target, target.bounded, found, accept=accept)
    stretches, found.open = _joined(found.open), []
    for low, high in stretches[:MAX_STRETCHES]:
        look_closer(target, found, low, high, accept=accept)
    found.open += stretches[MAX_STRETCHES:]
    checked = [one for one in found.candidates if accept(one)]
    found.jumps = [one.value for one in found.candidates if one not in checked and not one.touches]
    found.candidates = _distinct(target, checked)
    return found


def _prune(target: Target, bounded: Bounded, found: Found, *, accept: Callable[[Candidate], bool]) -> None:
    if _take_whole(target, bounded, found, accept=accept):
        return
    _divide(target, bounded, found, (target.low, target.high), budget=target.budget, accept=accept)


def _take_whole(
    target: Target, bounded: Bounded, found: Found, *, accept: Callable[[Candidate], bool]
) -> bool:
    """True where the function rises or falls from end to end, and that decides."""
    try:
        value, slope, smooth = bounded((target.low, target.high))
    except Nowhere:
        found.undefined = True
        return True
    if _away_from_zero(found, value):
        return True
    if not smooth or slope[0] <= 0 <= slope[1]:
        return False
    if not _take_monotone(target, found, target.low, target.high, accept=accept):
        return False
    found.single = "rises" if slope[0] > 0 else "falls"
    return True


def _divide(
    target: Target,
    bounded: Bounded,
    found: Found,
    stretch: Span,
    *,
    budget: int,
    accept: Callable[[Candidate], bool],
) -> None:
    waiting: deque[Span] = deque([stretch])
    while waiting:
        if budget <= 0:
            found.open += waiting
            return
        low, high = waiting.popleft()
        budget -= 1
        try:
            value, slope, smooth = bounded((low, high))
        except Nowhere:
            continue
        if _away_from_zero(found, value):
            continue
        if smooth and (slope[0] > 0 or slope[1] < 0):
            decided = _take_monotone(target, found, low, high, accept=accept)
        else:
            decided = smooth and _excluded_by_slope(bounded, low, high, value=value, slope=slope)
        if decided:
            continue
        if _is_narrow(low, high) or value == spans.ZERO:
            found.open.append((low, high))
        else:
            point = middle(low, high)
            waiting += ((low, point), (point, high))


def _away_from_zero(found: Found, value: Span) -> bool:
    if value[0] <= 0 <= value[1]:
        return False
    found.least, found.greatest = min(found.least, value[0]), max(found.greatest, value[1])
    return True


def _excluded_by_slope(bounded: Bounded, low: float, high: float, *, value: Span, slope: Span) -> bool:
    """The mean value form: the value in the middle, and as far as the slope can lead away from it."""
    # Where the slope alone leads further than the value does, the form has nothing to add.
    if not (high - low) * max(-slope[0], slope[1]) < value[1] - value[0]:
        return False
    point = middle(low, high)
    try:
        centre = bounded((point, point))[0]
    except Nowhere:
        return False
    away = spans.times(slope, spans.outward(low - point, high - point))
    tighter = spans.plus(centre, away)
    return tighter[0] > 0 or tighter[1] < 0


def _is_narrow(low: float, high: float) -> bool:
    size = max(abs(low), abs(high))
    return high - low <= NARROW * size or size < TINY


def _take_monotone(
    target: Target, found: Found, low: float, high: float, *, accept: Callable[[Candidate], bool]
) -> bool:
    """At most one root: the signs at the ends say whether there is one. True where that is decided."""
    first, last = target.sign(low), target.sign(high)
    if first and first == last:
        found.least, found.greatest = _widened(found, target, low, high)
        return True
    bracket = root_between(target.value, low, high)
    candidates = [Candidate(*bracket)] if bracket is not None else []
    candidates += [Candidate(at, at, at) for at, sign in ((low, first), (high, last)) if not sign]
    for one in candidates:
        if accept(one) and (first * last < 0 or _crosses(target, one.value)):
            found.candidates.append(one)
            return True
    return False


def _crosses(target: Target, at: float) -> bool:
    """True where the signs are certainly opposite a little before and after, or the window ends there."""
    if at in (target.low, target.high):
        return True
    for step in _STEPS:
        away = abs(at) * step or step**20
        before, after = target.sign(at - away), target.sign(at + away)
        if before and after:
            return before != after
    return False


def _widened(found: Found, target: Target, low: float, high: float) -> Span:
    values = [value for value in (target.value(low), target.value(high)) if value is not None]
    return min(found.least, *values, math.inf), max(found.greatest, *values, -math.inf)


def _joined(stretches: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for low, high in sorted(stretches):
        if joined and joined[-1][1] >= low:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined


def _distinct(target: Target, candidates: list[Candidate]) -> list[Candidate]:
    """Each root once: what lies within rounding of another is the same."""
    kept: list[Candidate] = []
    for one in sorted(candidates, key=lambda one: (one.value, one.touches)):
        last = kept[-1] if kept else None
        if last is None or one.value - last.value > _SAME * max(abs(one.value), abs(last.value)):
            kept.append(one)
        elif abs(target.function(one.value) or 0.0) < abs(target.function(last.value) or 0.0):
            kept[-1] = one
    return kept
