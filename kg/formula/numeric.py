"""The roots of a relation by number, where no closed form frees the unknown: all of them, and how sure that is."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from kg.errors import NotSolvable, OutOfDomain, TooLarge
from kg.formula.closed import SolvedForm
from kg.formula.intervals import enclosing, folded
from kg.formula.program import NoValue, Program, Value, compile_tree, explain_failure
from kg.formula.roots import TOLERANCE, Scale, near_whole, residual_at
from kg.formula.search import SCANNED, Candidate, Found, Target, find_all
from kg.formula.steps import number_shown
from kg.formula.tree import Add, Node, Sum, children, names, size_of, walk
from kg.model.answer import Root, Search
from kg.model.formula import Domain

METHOD: Final = "numeric"
TOUCHING_TOLERANCE: Final = 1e-12
"""Greatest residual of a root that touches zero without crossing it."""

MAX_WHOLE: Final = 1_000
"""Whole numbers that are tried one by one, where the unknown bounds a sum."""

MAX_ROOTS: Final = 100
MAX_COST: Final = 4_000_000
"""Operations that one search may take, at most."""

FAR: Final = 1e100
"""Where a domain has no end, roots are looked for as far as this; powers of more soon leave the doubles."""


def numeric_roots(
    form: SolvedForm, values: Sequence[Value | None], scale: Scale, *, name: str
) -> tuple[tuple[Root, ...], Search]:
    """The roots ascending, at least one, with how complete the search for them was.

    Raises:
        OutOfDomain: there is none in the domain, which is proved, or all lie outside it.
        NotSolvable: none was found, which proves nothing; or the search would take too long.
    """
    known = {symbol: value for symbol, value in zip(form.symbols, values, strict=True) if value is not None}
    difference = _difference(form, known)
    if any(isinstance(part, Sum) for part in walk(difference)):
        return _try_whole_numbers(form, values, scale, name=name)
    search = _Searcher(form, known, scale, difference)
    found = find_all(search.target, search.accepts)
    roots = search.roots(found)
    report = _report(found, search.target, scale)
    if not roots:
        raise _none(form, found, report, search, name=name)
    return roots, report


def _difference(form: SolvedForm, known: Mapping[str, Value]) -> Node:
    """Left minus right, with the known values in it."""
    whole = Add(((False, form.relation.left), (True, form.relation.right)))
    try:
        return folded(whole, form.unknown.symbol, known)
    except NoValue as error:
        reason = explain_failure(
            _failing(whole, form, known), form.symbols, [known.get(s) for s in form.symbols]
        )
        raise OutOfDomain(form.unknown.symbol, "undefined", str(form.unknown.domain), reason) from error


def _folded_form(form: SolvedForm, known: Mapping[str, Value]) -> SolvedForm:
    """The form with the known values in it: its programs take the unknown alone."""
    symbol = form.unknown.symbol
    sides = [folded(side, symbol, known) for side in (form.relation.left, form.relation.right)]
    parts = (*sides, *(size_of(side) for side in sides))
    return replace(form, symbols=(), terms=tuple(compile_tree(part, [symbol]) for part in parts))


def _failing(node: Node, form: SolvedForm, known: Mapping[str, Value]) -> Node:
    """A greatest part free of the unknown that has no value."""
    for part in children(node):
        if form.unknown.symbol in names(part):
            found = _failing(part, form, known)
            if found is not part:
                return found
            continue
        try:
            folded(part, form.unknown.symbol, known)
        except NoValue:
            return part
    return node


class _Searcher:
    """The search for one unknown with all else known."""

    def __init__(self, form: SolvedForm, known: Mapping[str, Value], scale: Scale, difference: Node) -> None:
        symbol = form.unknown.symbol
        self.scale = scale
        self.domain = form.unknown.domain
        self.outside: list[str] = []
        self.measured = _folded_form(form, known)
        program = compile_tree(difference, [symbol])
        size = sum(1 for _ in walk(difference))
        low, high = _window(self.domain, scale.factor)
        self.target = Target(
            lambda x: _value(program, x),
            enclosing(difference, symbol),
            low,
            high,
            budget=max(100, min(1200, MAX_COST // 100 // size)),
            scan=max(64, min(SCANNED, MAX_COST // 100 // size)),
        )

    def accepts(self, candidate: Candidate) -> bool:
        """True where the root fulfils the relation, put back into it."""
        residual = residual_at(self.measured, (), candidate.value)
        limit = TOUCHING_TOLERANCE if candidate.touches else TOLERANCE
        return residual is not None and residual <= limit

    def roots(self, found: Found) -> tuple[Root, ...]:
        """Those inside the domain, in the unit of answers."""
        roots: dict[float, Root] = {}
        for one in found.candidates[:MAX_ROOTS]:
            value = one.value / self.scale.factor
            value = near_whole(value) if self.domain.integer else value
            residual = residual_at(self.measured, (), value * self.scale.factor)
            if residual is None or residual > TOLERANCE:
                residual = residual_at(self.measured, (), one.value) or 0.0
            if value not in self.domain or self._at_open_end(value):
                self.outside.append(number_shown(value))
                continue
            shown = self.scale.shown(value)
            ends = sorted(self.scale.shown(end / self.scale.factor) for end in (one.low, one.high))
            condition = ("the sides touch here without crossing",) if one.touches else ()
            roots.setdefault(
                shown, Root(shown, self.scale.unit, METHOD, residual, condition, (ends[0], ends[1]))
            )
        return tuple(roots[value] for value in sorted(roots))

    def _at_open_end(self, value: float) -> bool:
        """True where rounding alone keeps the root off an end that the domain leaves out."""
        ends = [self.domain.minimum] if self.domain.open_minimum else []
        ends += [self.domain.maximum] if self.domain.open_maximum else []
        return any(end is not None and math.isclose(value, end, rel_tol=1e-15) for end in ends)


def _value(program: Program, x: float) -> float | None:
    try:
        return program.run([x])
    except NoValue:
        return None


def _window(domain: Domain, factor: float) -> tuple[float, float]:
    """The least and the greatest double of the domain that are looked at, in the relation's unit."""
    low, high = -FAR, FAR
    if domain.minimum is not None:
        low = domain.minimum * factor
        low = math.nextafter(low, math.inf) if domain.open_minimum else low
    if domain.maximum is not None:
        high = domain.maximum * factor
        high = math.nextafter(high, -math.inf) if domain.open_maximum else high
    return low, high


def _report(found: Found, target: Target, scale: Scale) -> Search:
    low, high = (scale.shown(end / scale.factor) for end in (target.low, target.high))
    span = f"from {low:g} to {high:g}"
    if found.flat:
        span += " (the relation holds on a whole stretch, whose first value is given)"
    if not found.open and found.single:
        return Search(
            "proved",
            f"left side less right side {found.single} throughout, {span}: at most one root",
            low,
            high,
        )
    if not found.open:
        how = f"{span}, interval bounds leave no room for another root"
        return Search("proved", how, low, high)
    shown = [scale.shown(start / scale.factor) for start, _ in found.open[:3]]
    places = ", ".join(f"{one:.6g}" for one in shown)
    more = f" and {len(found.open) - 3} more" if len(found.open) > 3 else ""
    how = f"{span}; where interval bounds decide nothing, near {places}{more}, {found.scanned} points were tried"
    return Search(f"scanned({found.scanned})", how, low, high)


def _none(form: SolvedForm, found: Found, report: Search, search: _Searcher, *, name: str) -> Exception:
    unknown = form.unknown
    if search.outside and report.proved:
        hint = f"the relation holds there only: {report.how}"
        return OutOfDomain(unknown.symbol, " or ".join(search.outside[:5]), str(unknown.domain), hint)
    side = "does not come to zero"
    if found.jumps:
        side = f"jumps over zero at {number_shown(found.jumps[0])}"
    elif found.undefined:
        side = "has no finite real value"
    elif found.least > 0 or found.greatest < 0:
        side = "stays above zero" if found.least > 0 else "stays below zero"
    if report.proved:
        hint = f"no value fulfils the relation: left side less right side {side}, {report.how}"
        return OutOfDomain(unknown.symbol, "undefined", str(unknown.domain), hint)
    reason = f"{form.stuck}; no root was found, which proves nothing: left side less right side {side}, {report.how}"
    return NotSolvable(name, unknown.symbol, reason)


def _try_whole_numbers(
    form: SolvedForm, values: Sequence[Value | None], scale: Scale, *, name: str
) -> tuple[tuple[Root, ...], Search]:
    """The unknown stands inside a sum of unknown or great length: whole numbers are put in, one by one."""
    domain = form.unknown.domain
    if not domain.integer or domain.minimum is None:
        raise NotSolvable(
            name, form.unknown.symbol, f"{form.stuck}, and it is no whole number that could be tried"
        )
    first = math.floor(domain.minimum) + (domain.minimum not in domain)
    last = (
        first + MAX_WHOLE - 1 if domain.maximum is None else min(first + MAX_WHOLE - 1, int(domain.maximum))
    )
    roots: list[Root] = []
    left = [MAX_COST, MAX_COST]
    for number in range(first, last + 1):
        try:
            residual = residual_at(form, values, number * scale.factor, left)
        except TooLarge:
            last = number - 1
            break
        if residual is not None and residual <= TOLERANCE:
            roots.append(Root(scale.shown(float(number)), scale.unit, METHOD, residual))
    whole = domain.maximum is not None and last >= int(domain.maximum)
    how = f"the whole numbers from {first} to {last} were put in, one by one"
    report = Search("proved" if whole else f"scanned({last - first + 1})", how, float(first), float(last))
    if roots:
        return tuple(roots), report
    if whole:
        raise OutOfDomain(form.unknown.symbol, "undefined", str(domain), f"none fulfils the relation: {how}")
    raise NotSolvable(
        name, form.unknown.symbol, f"{form.stuck}; no root was found, which proves nothing: {how}"
    )
