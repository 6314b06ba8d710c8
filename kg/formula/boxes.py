"""Bounds of a formula over a box: they hold for every combination of its inputs within their ends.

Interval arithmetic with outward rounding encloses the range; where the enclosure of a partial keeps its sign over
the whole box, the output is monotone in that input, and its two ends give the bounds (Moore, Kearfott & Cloud,
*Introduction to Interval Analysis*, SIAM 2009, ch. 6). A box without such signs is halved a few times.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Final

from kg.errors import NoClosedForm
from kg.formula.gradient import opened
from kg.formula.intervals import Enclosure, over_box
from kg.formula.render import render
from kg.formula.spans import Nowhere, Span, around, outward, times
from kg.formula.spreads import ends_of
from kg.formula.tree import Node, Sum, walk
from kg.formula.unroll import MAX_WRITTEN
from kg.formula.unsure import Case, UnsureInput
from kg.model.uncertainty import Method, Uncertainty

TAIL: Final = 0.05
"""Probability that the ends of an input leave out on each side, where it has no stated ones."""

HALVINGS: Final = 5
"""How often a box is halved where the output is not monotone in some input."""

Box = Mapping[str, Span]


def propagate_interval(case: Case) -> Uncertainty:
    """Bounds of the output for all values of the unsure inputs between their ends, in the asked unit.

    Raises:
        OutOfDomain: it has no value anywhere in the box, or no bound. NoClosedForm: a sum is too long for bounds.
    """
    node = _written(case)
    point = _point(case)
    ends = {one.symbol: _ends(one) for one in case.unsure}
    box = {**point, **ends}
    low, high = _in_unit(case, _bounds(case, node, box, ends))
    widths = []
    for one in case.unsure:
        least, most = _bounds(case, node, {**point, one.symbol: ends[one.symbol]}, [one.symbol])
        widths.append(most - least)
    total = sum(widths)
    shares = [width / total if 0 < total < math.inf else None for width in widths]
    return Uncertainty(
        Method.INTERVAL,
        low=low,
        high=high,
        level=None,
        unit=case.unit,
        contributions=case.contributions(shares, case.partials()),
        notes=_notes(case, node, box, ends),
    )


def _written(case: Case) -> Node:
    """The formula without sums."""
    values = {
        symbol: value
        for symbol, value in zip(case.flat.symbols, case.values, strict=True)
        if isinstance(value, float)
    }
    stepping = [one.symbol for one in case.unsure if one.symbol in case.flat.fixed]
    if stepping:
        text = render(case.compiled.body)[:200]
        raise NoClosedForm("enclosure", text, stepping[0], case.flat.fixed[stepping[0]])
    node = opened(case.flat.tree, values)
    if any(isinstance(part, Sum) for part in walk(node)):
        reason = (
            f"a sum of more than {MAX_WRITTEN} terms is not bounded term by term; "
            "take uncertainty=linear or monte-carlo"
        )
        raise NoClosedForm("enclosure", render(case.compiled.body)[:200], "", reason)
    return node


def _point(case: Case) -> Box:
    """What is sure, as spans: a converted value is as wide as its rounding."""
    scales = case.compiled.scales
    found: dict[str, Span] = {}
    for symbol, value in zip(case.flat.symbols, case.values, strict=True):
        if isinstance(value, float):
            exact = scales.get(symbol.partition("[")[0], 1.0) == 1.0
            found[symbol] = (value, value) if exact else outward(value, value)
    return found


def _ends(one: UnsureInput) -> Span:
    """Where the input may lie, in working units; never outside its domain."""
    low, high = ends_of(one.spread, one.value, TAIL)
    domain = one.variable.domain
    if domain.minimum is not None:
        low = max(low, domain.minimum)
    if domain.maximum is not None:
        high = min(high, domain.maximum)
    return (low, high) if one.scale == 1.0 else times((low, high), (one.scale, one.scale))


def _bounds(case: Case, node: Node, box: Box, varying: Iterable[str], halvings: int = HALVINGS) -> Span:
    """An enclosure of the range over the box, as tight as signs of partials and a few halvings make it."""
    names = list(varying)
    found = {name: _enclosure(case, node, box, name) for name in names}
    whole = found[names[0]][0]
    rising = {name for name in names if found[name][2] and found[name][1][0] >= 0}
    falling = {name for name in names if found[name][2] and found[name][1][1] <= 0} - rising
    left = [name for name in names if name not in rising | falling]
    if left and halvings:
        return _halved(
            case, node, box, names, max(left, key=lambda name: _weight(found[name], box[name])), halvings
        )
    if not rising and not falling:
        return whole
    low, high = (_enclosure(case, node, _corner(box, rising, falling, end), names[0])[0] for end in (0, 1))
    return max(whole[0], low[0]), min(whole[1], high[1])


def _halved(case: Case, node: Node, box: Box, names: list[str], split: str, halvings: int) -> Span:
    low, high = box[split]
    middle = low + (high - low) / 2
    parts = [
        _bounds(case, node, {**box, split: half}, names, halvings - 1)
        for half in ((low, middle), (middle, high))
    ]
    return min(part[0] for part in parts), max(part[1] for part in parts)


def _weight(found: Enclosure, span: Span) -> float:
    """How much of the width an input may be to blame for."""
    steepest = max(abs(found[1][0]), abs(found[1][1]))
    return steepest * (span[1] - span[0]) if steepest < math.inf else math.inf


def _corner(box: Box, rising: Iterable[str], falling: Iterable[str], end: int) -> Box:
    """The side of the box where the output is least (``end`` 0) or greatest (1), as far as signs tell."""
    fixed = {name: (box[name][end], box[name][end]) for name in rising}
    fixed |= {name: (box[name][1 - end], box[name][1 - end]) for name in falling}
    return {**box, **fixed}


def _enclosure(case: Case, node: Node, box: Box, name: str) -> Enclosure:
    try:
        return over_box(node, box, name)
    except Nowhere as error:
        hint = "the formula has no value anywhere between the ends; give narrower ends"
        raise case.unbounded(hint) from error


def _in_unit(case: Case, found: Span) -> Span:
    low, high = times(found, around(case.factor))
    if not (math.isfinite(low) and math.isfinite(high)):
        raise case.unbounded("between the ends of the inputs it has no bound; give narrower ends")
    return low, high


def _notes(case: Case, node: Node, box: Box, ends: Iterable[str]) -> tuple[str, ...]:
    notes = [
        "a bound, no probability: the output lies within it for every combination of the inputs within their ends; "
        f"an input without stated ends is taken from its {100 * TAIL:g} % to its {100 - 100 * TAIL:g} % quantile"
    ]
    if not all(_enclosure(case, node, box, name)[2] for name in ends):
        notes.append("the formula may jump, or have no value, somewhere within the ends")
    return tuple(notes)
