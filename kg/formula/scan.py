"""A stretch that no bounds decide, point by point: changes of sign of a function, of its slope, and its ends."""

import math
from collections.abc import Callable
from typing import Final

from kg.formula.bracket import TINY, middle, points, root_between
from kg.formula.target import Candidate, Found, Target

NARROW: Final = 2.0**-24
"""Relative width below which a stretch is not halved further."""


def look_closer(
    target: Target, found: Found, low: float, high: float, *, accept: Callable[[Candidate], bool]
) -> None:
    """A narrow stretch holds one cluster of roots, or none; a wide one is scanned and stays open."""
    reach = high - low
    size = max(abs(low), abs(high))
    narrow = reach <= 64 * NARROW * size or size < 16 * TINY
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
