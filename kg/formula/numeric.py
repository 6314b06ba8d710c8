"""The roots of a relation by number, where no closed form frees the unknown: all of them, and how sure that is."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from kg.errors import NotSolvable, OutOfDomain, TooLarge
from kg.formula.closed import SolvedForm
from kg.formula.intervals import folded
from kg.formula.outline import outline_of
from kg.formula.program import NoValue, Value, explain_failure
from kg.formula.roots import TOLERANCE, Scale, near_whole, residual_at
from kg.formula.search import find_all
from kg.formula.signs import is_positive
from kg.formula.steps import number_shown
from kg.formula.target import SCANNED, Candidate, Found, Target
from kg.formula.tree import Add, Item, Name, Node, Power, Relation, Sum, children, names, walk
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
    if _is_summed(form):
        written = _written_out(form, known)
        if written is None:
            return _try_whole_numbers(form, known, scale, name=name)
        if form.unknown.symbol not in names(written.relation):
            reason = "its sums are empty for these values, and what is left does not hold it"
            raise NotSolvable(name, form.unknown.symbol, reason)
        form, known = written, {}
    search = _Searcher(form, known, scale)
    found = find_all(search.target, search.accepts)
    tried = _try_whole_exponents(form, known, search, found)
    roots = search.roots(found)
    report = _report(found, search.target, scale)
    if tried:
        report = replace(report, how=f"{report.how}; {tried}")
    if not roots:
        raise _none(form, found, report, search, name=name)
    return roots, report


def _try_whole_exponents(
    form: SolvedForm, known: Mapping[str, Value], search: "_Searcher", found: Found
) -> str:
    """Adds whole numbers that are roots, where a base may be negative: it has powers at such exponents alone.

    Says what was tried; nothing where there is no such base.
    """
    symbol = form.unknown.symbol
    domains = {symbol: form.unknown.domain}
    bases = (folded(base, symbol, known) for base in _bases(form))
    if all(is_positive(base, domains) for base in bases):
        return ""
    reach = min(MAX_WHOLE, search.target.budget)
    first = max(-reach, math.ceil(search.target.low))
    last = min(reach, math.floor(search.target.high))
    seen = {one.value for one in found.candidates}
    whole = (Candidate(float(number), number, number, touches=True) for number in range(first, last + 1))
    found.candidates += [one for one in whole if one.value not in seen and search.accepts(one)]
    found.candidates.sort(key=lambda one: one.value)
    return f"the whole numbers from {first} to {last} were put in"


def _bases(form: SolvedForm) -> tuple[Node, ...]:
    """The bases of powers with the unknown in the exponent that may be negative, for some values of the rest."""
    symbol = form.unknown.symbol
    bases = form.kept.get("bases")
    if not isinstance(bases, tuple):
        bases = form.kept["bases"] = tuple(
            part.base
            for part in walk(form.relation)
            if isinstance(part, Power)
            and symbol in names(part.exponent)
            and not is_positive(part.base, {symbol: form.unknown.domain})
        )
    return bases


def _is_summed(form: SolvedForm) -> bool:
    """True where the unknown stands inside a sum, or bounds one."""
    symbol = form.unknown.symbol
    if "summed" not in form.kept:
        form.kept["summed"] = any(
            isinstance(part, Sum) and symbol in names(part) for part in walk(form.relation)
        )
    return bool(form.kept["summed"])


def _written_out(form: SolvedForm, known: Mapping[str, Value]) -> SolvedForm | None:
    """The form with its sums written out and all else as numbers; None where the length of a sum is not known.

    Raises:
        OutOfDomain: a part free of the unknown has no value.
    """
    symbol = form.unknown.symbol
    try:
        sides = [folded(side, symbol, known) for side in (form.relation.left, form.relation.right)]
    except NoValue as error:
        undefined = _undefined(form, known)
        if undefined is not None:
            raise undefined from error
        return None
    relation = Relation(*sides)
    if any(isinstance(part, Sum) for part in walk(relation)):
        return None
    return replace(form, relation=relation, symbols=(), kept={})


def _undefined(form: SolvedForm, known: Mapping[str, Value]) -> OutOfDomain | None:
    """Names the part free of the unknown that has no value; None where all have one."""
    whole = Add(((False, form.relation.left), (True, form.relation.right)))
    part = _failing(whole, form, known)
    if part is whole:
        return None
    reason = explain_failure(part, form.symbols, [known.get(symbol) for symbol in form.symbols])
    return OutOfDomain(form.unknown.symbol, "undefined", str(form.unknown.domain), reason)


def _failing(node: Node, form: SolvedForm, known: Mapping[str, Value]) -> Node:
    """A greatest part free of the unknown that has no value; the node itself where there is none."""
    if isinstance(node, Sum):
        return node
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

    def __init__(self, form: SolvedForm, known: Mapping[str, Value], scale: Scale) -> None:
        outline = outline_of(form)
        self.scale = scale
        self.domain = form.unknown.domain
        self.outside: list[str] = []
        self.residuals: dict[float, float | None] = {}
        try:
            numbers = outline.numbers(known)
        except NoValue as error:
            raise _undefined(form, known) or OutOfDomain(
                form.unknown.symbol, "undefined", str(self.domain)
            ) from error
        self.terms = tuple(term.of_last(numbers) for term in outline.terms)
        low, high = _window(self.domain, scale.factor)
        self.target = Target(
            outline.difference.of_last(numbers),
            outline.builder(numbers) if outline.builder is not None else None,
            low,
            high,
            budget=max(100, min(1200, MAX_COST // 100 // outline.size)),
            scan=max(64, min(SCANNED, MAX_COST // 100 // outline.size)),
        )

    def residual(self, root: float) -> float | None:
        """How far the sides are apart at the root, relative to their terms; None where one has no value."""
        if root not in self.residuals:
            self.residuals[root] = self._residual(root)
        return self.residuals[root]

    def _residual(self, root: float) -> float | None:
        one, two, size, other = [term(root) for term in self.terms]
        if one is None or two is None or size is None or other is None:
            return None
        size = max(size, other)
        return abs(one - two) / size if size else 0.0

    def accepts(self, candidate: Candidate) -> bool:
        """True where the root fulfils the relation, put back into it."""
        residual = self.residual(candidate.value)
        limit = TOUCHING_TOLERANCE if candidate.touches else TOLERANCE
        return residual is not None and residual <= limit

    def roots(self, found: Found) -> tuple[Root, ...]:
        """Those inside the domain, in the unit of answers."""
        roots: dict[float, Root] = {}
        for one in found.candidates[:MAX_ROOTS]:
            value = one.value / self.scale.factor
            value = near_whole(value) if self.domain.integer else value
            residual = self.residual(value * self.scale.factor)
            if residual is None or residual > TOLERANCE:
                residual = self.residual(one.value) or 0.0
            if value not in self.domain or self._at_open_end(value):
                self.outside.append(number_shown(value))
                continue
            shown = self.scale.shown(value)
            ends = sorted(self.scale.shown(end / self.scale.factor) for end in (one.low, one.high))
            condition = ("the sides meet here without crossing",) if one.touches else ()
            roots.setdefault(
                shown, Root(shown, self.scale.unit, METHOD, residual, condition, (ends[0], ends[1]))
            )
        return tuple(roots[value] for value in sorted(roots))

    def _at_open_end(self, value: float) -> bool:
        """True where rounding alone keeps the root off an end that the domain leaves out."""
        ends = [self.domain.minimum] if self.domain.open_minimum else []
        ends += [self.domain.maximum] if self.domain.open_maximum else []
        return any(end is not None and math.isclose(value, end, rel_tol=1e-15) for end in ends)


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
    form: SolvedForm, known: Mapping[str, Value], scale: Scale, *, name: str
) -> tuple[tuple[Root, ...], Search]:
    """The unknown stands inside a sum of unknown or great length: whole numbers are put in, one by one."""
    domain = form.unknown.domain
    if not domain.integer or domain.minimum is None:
        raise NotSolvable(
            name, form.unknown.symbol, f"{form.stuck}, and it is no whole number that could be tried"
        )
    first = math.floor(domain.minimum) + (domain.minimum not in domain)
    greatest = min(_greatest(domain), _longest(form, known) / scale.factor)
    last = int(min(first + MAX_WHOLE - 1, greatest))
    roots: list[Root] = []
    values = [known.get(symbol) for symbol in form.symbols]
    left = [MAX_COST, MAX_COST]
    for number in range(first, last + 1):
        try:
            residual = residual_at(form, values, number * scale.factor, left)
        except TooLarge:
            last = number - 1
            break
        if residual is not None and residual <= TOLERANCE:
            roots.append(Root(scale.shown(float(number)), scale.unit, METHOD, residual))
    whole = last >= greatest
    how = f"the whole numbers from {first} to {last} were put in, one by one"
    if whole and greatest < _greatest(domain):
        how += "; the series of the sum has no more values"
    report = Search("proved" if whole else f"scanned({last - first + 1})", how, float(first), float(last))
    if roots:
        return tuple(roots), report
    undefined = _undefined(form, known)
    if undefined is not None:
        raise undefined
    if whole:
        raise OutOfDomain(form.unknown.symbol, "undefined", str(domain), f"none fulfils the relation: {how}")
    raise NotSolvable(
        name, form.unknown.symbol, f"{form.stuck}; no root was found, which proves nothing: {how}"
    )


def _greatest(domain: Domain) -> float:
    return math.inf if domain.maximum is None else math.floor(domain.maximum) - (domain.maximum not in domain)


def _longest(form: SolvedForm, known: Mapping[str, Value]) -> float:
    """Beyond this bound a sum up to the unknown runs out of its series, so that it has no value."""
    symbol = form.unknown.symbol
    ends = [
        len(values)
        for part in walk(form.relation)
        if isinstance(part, Sum) and part.high == Name(symbol) and symbol not in names(part.low)
        for item in walk(part.body)
        if isinstance(item, Item)
        and item.index == part.index
        and isinstance(values := known.get(item.name), tuple)
    ]
    return min(ends, default=math.inf)
