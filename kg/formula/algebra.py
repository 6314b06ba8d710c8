"""Expressions rewritten by computer algebra, and held to what they came from.

sympy proposes, the points of the domain decide: a form that has another value anywhere, or loses a value, is not
taken. Whoever calls this bounds its time: sympy cannot be stopped from within.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import sympy

from kg.errors import BadInput, BadSyntax, NoClosedForm, TooLarge
from kg.formula.compare import Comparison, compare
from kg.formula.definedness import Demand, demands, nonzero
from kg.formula.derivative import derivative, kinks
from kg.formula.grammar import read_expression
from kg.formula.parse import SymbolTable, from_sympy, to_sympy
from kg.formula.render import render
from kg.formula.render_math import render_latex, render_mathml
from kg.formula.tree import ZERO, Add, Item, Multiply, Node, Number, Power, names, walk
from kg.model.algebra import Rewritten
from kg.model.formula import Domain

Domains = Mapping[str, Domain]
_SHORTEN: Final[tuple[Callable[[Any], Any], ...]] = (
    sympy.simplify,
    sympy.powsimp,
    sympy.factor,
    sympy.cancel,
)


def simplify(node: Node, symbol: str, domains: Domains) -> Rewritten:
    """The shortest form found that has the same values; the expression itself where none is shorter.

    With a symbol, forms with its powers gathered are tried too.

    >>> simplify(read_expression("(x**2 - 1)/(x - 1)"), "", {}).conditions
    ('x - 1 != 0',)
    """
    found = _shortest(node, _forms(node, domains, (*_SHORTEN, *_gathering(node, symbol, domains))), domains)
    return _rewritten(node, *found, domains)


def expand(node: Node, symbol: str, domains: Domains) -> Rewritten:
    """The products and powers of sums multiplied out, as far as the domain allows.

    With a symbol, the terms are then gathered by its powers.

    Raises:
        TooLarge: the result is longer than the grammar takes.
    """
    written = sympy.expand(to_sympy(node, _table(node, domains)))
    for gather in _gathering(node, symbol, domains):
        written = gather(written)
    form = _read_back(written, "expanded form", node, "")
    found = compare(node, form, domains)
    return _rewritten(node, form if _keeps(found) else node, found, domains)


def differentiate(node: Node, symbol: str, domains: Domains) -> Rewritten:
    """The derivative by a symbol, in its shortest form; it holds where its conditions do.

    Raises:
        NoClosedForm: it has none in one form, as that of a minimum.
    """
    raw = derivative(node, symbol)
    form, found = _shortest(raw, _forms(raw, domains, _SHORTEN), domains, slack=1)
    lost = _missing(demands(raw, domains), form, domains) if form != raw else ()
    conditions = (*lost, *kinks(node, symbol))
    inherited = _missing(demands(node, domains), form, domains)
    what = "it has the value of what the rules of differentiation give"
    return _answer(
        form, found, (*inherited, *conditions), what=what, otherwise="by the rules of differentiation"
    )


def integrate(node: Node, symbol: str, domains: Domains) -> Rewritten:
    """An antiderivative without constant: its derivative was found to be the expression again.

    Raises:
        NoClosedForm: none was found that the grammar can write, or its derivative is another.
    """
    if any(isinstance(part, Item) and part.name == symbol for part in walk(node)):
        raise NoClosedForm("integral", render(node)[:200], symbol, "it is a series")
    table = _table(node, domains, symbol)
    whole = sympy.integrate(to_sympy(node, table), table.symbols[symbol])
    refused = "none was found, which does not prove that there is none"
    for written, unless_zero in _antiderivatives(whole, table.symbols[symbol]):
        try:
            form = _read_back(written, "integral", node, symbol)
            conditions = tuple(_read_back(one, "integral", node, symbol) for one in unless_zero)
        except NoClosedForm as error:
            refused = error.reason
            continue
        # Where the form has no value, its derivative has none either, whatever the rules make of it.
        back = Add(((False, derivative(form, symbol)), (False, Multiply(((False, ZERO), (False, form))))))
        found = compare(node, back, domains, unless_zero=conditions)
        if _keeps(found):
            shown = [demand for one in conditions for demand in nonzero(one, domains)]
            shown += _missing(demands(node, domains), form, domains)
            return _answer(form, found, shown, what="its derivative has the value of the expression")
        refused = "the derivative of what was found is not the expression everywhere in the domain"
    raise NoClosedForm("integral", render(node)[:200], symbol, refused)


def _antiderivatives(whole: Any, symbol: Any) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Forms to try, each with what must not be zero for it to hold.

    Of a piecewise one the general piece; where logarithms lose the values below zero, those of sizes.
    """
    if whole.has(sympy.Integral):
        return
    unless_zero: tuple[Any, ...] = ()
    if whole.has(sympy.Piecewise):
        whole, holds = sympy.piecewise_fold(whole).args[0]
        parts = sympy.And.make_args(holds)
        if not all(isinstance(part, sympy.Ne) for part in parts):
            return
        unless_zero = tuple(part.lhs - part.rhs for part in parts)
    yield whole, unless_zero
    sizes = whole.replace(
        lambda part: isinstance(part, sympy.log) and part.args[0].is_positive is None and part.has(symbol),
        lambda part: sympy.log(sympy.Abs(part.args[0], evaluate=False)),
    )
    if sizes != whole:
        yield sizes, unless_zero


def _gathering(node: Node, symbol: str, domains: Domains) -> tuple[Callable[[Any], Any], ...]:
    if not symbol:
        return ()
    unknown = _table(node, domains, symbol).symbols[symbol]
    return (lambda whole: sympy.collect(whole, unknown),)


def _table(node: Node, domains: Domains, *more: str) -> SymbolTable:
    return SymbolTable({name: domains.get(name, Domain()) for name in (*names(node), *more)})


def _forms(node: Node, domains: Domains, shorten: Iterable[Callable[[Any], Any]]) -> Iterator[Node]:
    """What sympy makes of it, as far as the grammar can say it."""
    written = to_sympy(node, _table(node, domains))
    seen: set[Any] = set()
    for way in (lambda whole: whole, *shorten):
        try:
            shorter = way(written)
            if shorter not in seen:
                seen.add(shorter)
                yield _read_back(shorter, "simpler form", node, "")
        # sympy raises NotImplementedError where it has no algorithm: another way may have one.
        except (NoClosedForm, TooLarge, sympy.PolynomialError, NotImplementedError):
            continue


def _read_back(written: Any, what: str, node: Node, symbol: str) -> Node:
    """The tree of a sympy expression as the grammar reads it: what is answered can be asked again."""
    try:
        return read_expression(render(from_sympy(written)))
    except TooLarge as error:
        raise TooLarge(
            f"the {what}, counted in {error.what.rpartition(' in ')[2].strip(',')},", error.size, error.limit
        ) from error
    except (BadSyntax, BadInput) as error:
        reason = error.reason if isinstance(error, BadSyntax) else str(error)
        raise NoClosedForm(what, render(node)[:200], symbol, reason) from error


def _keeps(found: Comparison) -> bool:
    """True where the form has the values of what it came from; it may have more of them."""
    return found.values_agree and found.left_alone is None


def _shortest(
    node: Node, forms: Iterable[Node], domains: Domains, *, slack: int = 0
) -> tuple[Node, Comparison | None]:
    """The shortest form that keeps the values; the node itself where none is shorter by its length and slack."""
    for form in sorted(forms, key=_length):
        if _length(form) >= _length(node) + slack:
            break
        found = compare(node, form, domains)
        if _keeps(found):
            return form, found
    return node, None


def _length(node: Node) -> int:
    """Parts of a tree; a number counts by its digits too, so that 2**100 stays shorter than its value."""
    total = 0
    for part in walk(node):
        total += 2
        if isinstance(part, Number):
            total += max(0, len(str(part.value)) - 4) // 2
    return total


def _missing(wanted: Iterable[Demand], form: Node, domains: Domains) -> tuple[Demand, ...]:
    """The demands that the form does not make itself; powers of one base are all alike here."""
    made = {_known_by(demand) for demand in demands(form, domains)}
    return tuple(demand for demand in wanted if _known_by(demand) not in made)


def _known_by(demand: Demand) -> object:
    return demand.node.base if demand.kind == "real" and isinstance(demand.node, Power) else demand


def _rewritten(node: Node, form: Node, found: Comparison | None, domains: Domains) -> Rewritten:
    lost = _missing(demands(node, domains), form, domains) if form != node else ()
    return _answer(form, found if form != node else None, lost)


def _answer(
    form: Node,
    found: Comparison | None,
    conditions: Iterable[Demand],
    *,
    what: str = "it has the same value",
    otherwise: str = "kept as it is: nothing shorter was found that has the same values",
) -> Rewritten:
    points = found.agreed if found is not None else 0
    how = f"{what} at {points} points of the domain, to thirty digits" if points else otherwise
    shown = tuple(dict.fromkeys(map(str, conditions)))
    return Rewritten(render(form), render_latex(form), render_mathml(form), how, points, shown)
