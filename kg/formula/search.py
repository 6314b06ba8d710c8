"""All roots of one function on an interval: proved where interval bounds decide, by scan where they do not.

Branch and prune (Moore, Kearfott & Cloud 2009, ch. 8): a stretch whose bounds leave out zero has no root; one
on which the slope keeps its sign has at most one, and the signs at its ends say whether. What is left after
the budget, or is too narrow to halve, is scanned for changes of sign, of the function and of its slope.
"""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from kg.formula import spans
from kg.formula.bracket import TINY, Function, middle, points, root_between
from kg.formula.intervals import Bounded, Enclosure
from kg.formula.spans import Nowhere, Span

SCANNED: Final = 512
"""Points on each stretch that interval bounds leave open, at most."""

_NARROW: Final = 2.0**-24
_SAME: Final = 1e-12
_STEPS: Final = (1e-14, 1e-11, 1e-8, 1e-5)
MAX_STRETCHES: Final = 24


@dataclass(frozen=True, slots=True)
class Candidate:
    """Where the function changes its sign, or touches zero."""

    value: float
    low: float
    high: float
    touches: bool = False


@dataclass(slots=True)
class Found:
    """What a search saw. ``open`` are the stretches that no bound decides; none means that all is proved."""

    candidates: list[Candidate] = field(default_factory=list)
    open: list[Span] = field(default_factory=list)
    scanned: int = 0
    single: str = ""
    """``rises`` or ``falls`` where it does so throughout."""
    jumps: list[float] = field(default_factory=list)
    flat: bool = False
    """True where it is zero on a whole stretch, of which only the first point is given."""
    undefined: bool = False
    """True where it has no value on the whole window."""
    least: float = math.inf
    greatest: float = -math.inf


@dataclass(frozen=True, slots=True)
class Target:
    """The function, its bounds where there are any, and what it may cost."""

    function: Function
    bounded: Bounded | None
    low: float
    high: float
    budget: int
    scan: int = SCANNED

    def value(self, x: float) -> float | None:
        """The function; infinite where it overflows and its bounds know which way."""
        found = self.function(x)
        if found is not None or self.bounded is None:
            return found
        sign = self.sign(x)
        return math.copysign(math.inf, sign) if sign else None

    def sign(self, x: float) -> int:
        """1 or -1 where the bounds at x prove it, else 0."""
        if self.bounded is None:
            return 0
        try:
            low, high = self.bounded((x, x)).value
        except Nowhere:
            return 0
        return (low > 0) - (high < 0)

    def is_certain(self, x: float, value: float | None) -> bool:
        """True where rounding alone cannot have made the sign of the value, or its being zero."""
        if self.bounded is None or value is None or x in (self.low, self.high):
            return True
        if value:
            return bool(self.sign(x))
        try:
            return self.bounded((x, x)).value == spans.ZERO
        except Nowhere:
            return False

    def turns(self, low: float, high: float) -> bool:
        """True where the slope has opposite signs at the two points, as far as bounds can tell."""
        if self.bounded is None:
            return True
        try:
            first, last = self.bounded((low, low)).slope, self.bounded((high, high)).slope
        except Nowhere:
            return False
        return (first[1] < 0 < last[0]) or (last[1] < 0 < first[0])

    def slope(self, x: float) -> float | None:
        """The slope at x; by differences where there are no bounds."""
        if self.bounded is not None:
            try:
                low, high = self.bounded((x, x)).slope
            except Nowhere:
                return None
            return low / 2 + high / 2 if math.isfinite(low) and math.isfinite(high) else None
        step = 1e-6 * abs(x) or 1e-9
        before, after = self.function(x - step), self.function(x + step)
        return None if before is None or after is None else (after - before) / (2 * step)


def find_all(target: Target, accept: Callable[[Candidate], bool]) -> Found:
    """All roots that are found, ascending; ``accept`` puts a candidate back into what it must fulfil."""
    found = Found()
    if target.bounded is None:
        found.open.append((target.low, target.high))
    else:
        _prune(target, target.bounded, found, accept=accept)
    stretches, found.open = _joined(found.open), []
    for low, high in stretches[:MAX_STRETCHES]:
        _look_closer(target, found, low, high, accept=accept)
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
        bounds = bounded((target.low, target.high))
    except Nowhere:
        found.undefined = True
        return True
    if _away_from_zero(found, bounds.value):
        return True
    if not bounds.smooth or bounds.slope[0] <= 0 <= bounds.slope[1]:
        return False
    if not _take_monotone(target, found, target.low, target.high, accept=accept):
        return False
    found.single = "rises" if bounds.slope[0] > 0 else "falls"
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
            bounds = bounded((low, high))
        except Nowhere:
            continue
        if _away_from_zero(found, bounds.value):
            continue
        if bounds.smooth and (bounds.slope[0] > 0 or bounds.slope[1] < 0):
            decided = _take_monotone(target, found, low, high, accept=accept)
        else:
            decided = bounds.smooth and _excluded_by_slope(bounded, low, high, bounds=bounds)
        if decided:
            continue
        if _is_narrow(low, high) or bounds.value == spans.ZERO:
            found.open.append((low, high))
        else:
            point = middle(low, high)
            waiting += ((low, point), (point, high))


def _away_from_zero(found: Found, value: Span) -> bool:
    if value[0] <= 0 <= value[1]:
        return False
    found.least, found.greatest = min(found.least, value[0]), max(found.greatest, value[1])
    return True


def _excluded_by_slope(bounded: Bounded, low: float, high: float, *, bounds: Enclosure) -> bool:
    """The mean value form: the value in the middle, and as far as the slope can lead away from it."""
    if not (math.isfinite(bounds.slope[0]) and math.isfinite(bounds.slope[1])):
        return False
    point = middle(low, high)
    try:
        centre = bounded((point, point)).value
    except Nowhere:
        return False
    away = spans.times(bounds.slope, spans.outward(low - point, high - point))
    value = spans.plus(centre, away)
    return value[0] > 0 or value[1] < 0


def _is_narrow(low: float, high: float) -> bool:
    size = max(abs(low), abs(high))
    return high - low <= _NARROW * size or size < TINY


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


def _look_closer(
    target: Target, found: Found, low: float, high: float, *, accept: Callable[[Candidate], bool]
) -> None:
    """A narrow stretch holds one cluster of roots, or none; a wide one is scanned and stays open."""
    reach = high - low
    size = max(abs(low), abs(high))
    narrow = reach <= 64 * _NARROW * size or size < 16 * TINY
    known = len(found.candidates)
    if narrow:
        at = points(max(target.low, low - 8 * reach), min(target.high, high + 8 * reach), 17)
    else:
        at = points(low, high, target.scan // 2)
    found.scanned += len(at)
    found.open.append((low, high))
    _scan(target, found, [(x, value) for x in at if target.is_certain(x, value := target.value(x))])
    if not narrow:
        return
    near = [one for one in found.candidates[:known] if low - reach <= one.value <= high + reach]
    new = [one for one in found.candidates[known:] if accept(one)]
    if new or near:
        best = min(new or near, key=lambda one: (abs(target.function(one.value) or 0.0), abs(one.value)))
        found.candidates = [one for one in found.candidates[:known] if one not in near] + [best]


def _scan(target: Target, found: Found, seen: list[tuple[float, float | None]]) -> None:
    """Looks between neighbours for zeros, changes of sign, ends of definition, and turns of the slope."""
    for place, (x, value) in enumerate(seen):
        before = seen[place - 1] if place else None
        after = seen[place + 1] if place + 1 < len(seen) else None
        if value is None:
            continue
        if value == 0:
            _add_zero(target, found, x, before=before, after=after)
            continue
        found.least, found.greatest = min(found.least, value), max(found.greatest, value)
        if before is not None and before[1] is not None and before[1] * math.copysign(1.0, value) < 0:
            _add_bracket(target, found, before[0], x)
        for beside in (before, after):
            if beside is not None and beside[1] is None:
                _add_edge(target, found, x, beside[0])
        if before is not None and after is not None:
            _add_touching(target, found, before, (x, value), after)


def _add_zero(
    target: Target,
    found: Found,
    x: float,
    *,
    before: tuple[float, float | None] | None,
    after: tuple[float, float | None] | None,
) -> None:
    """A zero at a point; of a stretch of zeros the first alone."""
    if before is not None and before[1] == 0:
        found.flat = True
    elif before is not None and after is not None and after[1] == 0:
        found.candidates.append(_edge_of_zeros(target, before[0], x))
    else:
        found.candidates.append(Candidate(x, x, x))


def _edge_of_zeros(target: Target, outside: float, inside: float) -> Candidate:
    """The first of a stretch of zeros."""
    low, high = outside, inside
    for _ in range(80):
        point = middle(low, high)
        if point in (low, high):
            break
        if target.value(point) == 0:
            high = point
        else:
            low = point
    return Candidate(high, low, inside)


def _add_bracket(target: Target, found: Found, low: float, high: float) -> None:
    bracket = root_between(target.value, low, high)
    if bracket is not None:
        found.candidates.append(Candidate(*bracket))


def _add_edge(target: Target, found: Found, inside: float, outside: float) -> None:
    """The last point that has a value, between one that has and one that has none."""
    first = inside
    for _ in range(70):
        point = middle(min(inside, outside), max(inside, outside))
        if point in (inside, outside):
            break
        if target.value(point) is None:
            outside = point
        else:
            inside = point
    low, high = min(first, inside), max(first, inside)
    bracket = root_between(target.value, low, high) if low < high else None
    found.candidates.append(
        Candidate(bracket[0], low, high) if bracket else Candidate(inside, low, high, touches=True)
    )


def _add_touching(
    target: Target,
    found: Found,
    before: tuple[float, float | None],
    here: tuple[float, float],
    after: tuple[float, float | None],
) -> None:
    """Where the slope changes its sign: the function touches zero there, or crosses it twice nearby."""
    (low, first), (_, value), (high, last) = before, here, after
    if first is None or last is None or first * math.copysign(1.0, last) <= 0 or first * value < 0:
        return
    if abs(value) > abs(first) or abs(value) > abs(last) or not target.turns(low, high):
        return
    turn = root_between(target.slope, low, high)
    lowest = target.value(turn[0]) if turn is not None else None
    if turn is None or lowest is None:
        return
    if lowest * math.copysign(1.0, first) < 0 and target.is_certain(turn[0], lowest):
        _add_bracket(target, found, low, turn[0])
        _add_bracket(target, found, turn[0], high)
    else:
        found.candidates.append(Candidate(turn[0], low, high, touches=True))


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
