"""Expressions that come with the request: evaluated, solved and rendered without any record of the graph.

Names that are not described are real symbols. Everything here is bounded: the text by the grammar, sums by
their terms, the search for roots by its budget; computer algebra is not touched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Final

from kg.errors import BadParameter, MissingValue, OutOfDomain, UnknownSymbol
from kg.formula import tree
from kg.formula.closed import SolvedForm, relation_form
from kg.formula.grammar import read
from kg.formula.names import near_names, plain_name
from kg.formula.numbers import read_series, read_value
from kg.formula.program import NoValue, Value, compile_tree, explain_failure
from kg.formula.render import render
from kg.formula.render_math import render_latex, render_mathml
from kg.formula.roots import Scale
from kg.formula.solve import roots_of
from kg.formula.tree import ZERO, Item, Name, Node, Relation, walk
from kg.formula.units import UnitTable
from kg.model.answer import Root, Search, Step
from kg.model.formula import Domain, Role, Variable
from kg.model.iri import Iri
from kg.model.quantity import ONE

NAME: Final = "the expression"
CACHED: Final = 64
"""Expressions whose forms are kept: solving one again with other values begins with the numbers."""

_UNITS: Final = UnitTable()


@dataclass(frozen=True, slots=True)
class ExpressionValue:
    """The number of an expression; ``symbol`` is the left side of ``symbol = …``."""

    expression: str
    value: float
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class ExpressionRoots:
    """The roots of an expression for one of its symbols; no roots where values are missing."""

    expression: str
    symbol: str
    closed_form: str
    roots: tuple[Root, ...]
    steps: tuple[Step, ...]
    search: Search | None


@dataclass(frozen=True, slots=True)
class ExpressionText:
    """An expression in three notations."""

    expression: str
    latex: str
    mathml: str


def render_expression(text: str) -> ExpressionText:
    """The expression or relation as text, LaTeX and MathML.

    Raises:
        BadSyntax, TooLarge: as :func:`kg.formula.grammar.read`.
    """
    found = read(text)
    return ExpressionText(render(found), render_latex(found), render_mathml(found))


def evaluate_expression(
    text: str, values: Mapping[str, object], domains: Mapping[str, Domain]
) -> ExpressionValue:
    """The value of an expression, or of what a lone symbol equals.

    Raises:
        BadSyntax, TooLarge: as :func:`kg.formula.grammar.read`; a relation is more than ``symbol = …``.
        UnknownSymbol: a value or a domain for a name that does not stand in it. MissingValue: a name without.
        OutOfDomain: a value outside its domain, or no finite real result.
    """
    found = read(text)
    symbol, body = "", found
    if isinstance(found, Relation):
        if not isinstance(found.left, Name) or tree.occurrences(found.right, found.left.name):
            raise BadParameter("expression", text[:60], "an expression, or symbol = expression, to evaluate")
        symbol, body = found.left.name, found.right
    _check_known((*values, *domains), (*tree.names(body), symbol))
    symbols = tree.names(body)
    known = _read_values(body, values, domains)
    _require(known, symbols)
    arguments = [known[name] for name in symbols]
    program = compile_tree(body, symbols)
    try:
        return ExpressionValue(render(found), program.run(arguments), symbol)
    except NoValue as error:
        reason = str(error) or "it has no finite real value for these numbers"
        if not program.has_sums:
            reason = explain_failure(body, symbols, arguments)
        raise OutOfDomain(symbol or NAME, "undefined", "finite real numbers", reason) from error


def solve_expression(
    text: str, unknown: str, values: Mapping[str, object], domains: Mapping[str, Domain]
) -> ExpressionRoots:
    """The roots of a relation, or of an expression that is zero, ascending; the closed form where there is one.

    With values missing, the closed form stands alone.

    Raises:
        BadSyntax, TooLarge: as :func:`kg.formula.grammar.read`. BadParameter: the unknown has a value.
        UnknownSymbol, MissingValue, OutOfDomain: as :func:`evaluate_expression`; no root, with the evidence.
        NotSolvable: no closed form and no value for another symbol, or no root found, which proves nothing.
    """
    found, symbols = _read_relation(text)
    unknown = plain_name(unknown)
    _check_known((unknown, *values, *domains), symbols)
    if unknown in {plain_name(name) for name in values}:
        raise BadParameter(unknown, str(values.get(unknown))[:40], "no value: it is what is asked for")
    series = _series(found)
    if unknown in series:
        raise BadParameter("for", unknown, "a single number; this is a series")
    known = _read_values(found, values, domains)
    form = _form(text, unknown, tuple(sorted(domains.items(), key=itemgetter(0))))
    missing = [name for name in form.symbols if name not in known]
    if missing and (known or form.stuck):
        _require(known, form.symbols)
    roots: tuple[Root, ...] = ()
    search: Search | None = None
    arguments = [known.get(name) for name in form.symbols]
    if not missing:
        roots, search = roots_of(form, arguments, Scale(), name=NAME)
    steps = tuple(dict.fromkeys(step for branch in form.branches for step in branch.steps))
    return ExpressionRoots(_rendered(text), unknown, form.text, roots, steps, search)


@lru_cache(maxsize=CACHED)
def _read_relation(text: str) -> tuple[Node, tuple[str, ...]]:
    found = read(text)
    return found, tree.names(found)


@lru_cache(maxsize=CACHED)
def _rendered(text: str) -> str:
    return render(read(text))


@lru_cache(maxsize=CACHED)
def _form(text: str, unknown: str, domains: tuple[tuple[str, Domain], ...]) -> SolvedForm:
    """What does not depend on values; an expression is zero."""
    found, symbols = _read_relation(text)
    relation = found if isinstance(found, Relation) else Relation(found, ZERO)
    series = _series(relation)
    variables = [_variable(name, dict(domains), series) for name in symbols]
    target = next(one for one in variables if one.symbol == unknown)
    return relation_form(relation, target, variables, name=NAME)


def read_domains(variables: Mapping[str, object]) -> dict[str, Domain]:
    """Descriptions such as ``{"N": {"positive": true, "domain": [1, 1e15]}}`` as domains.

    Raises:
        BadParameter: a member that is none of positive, nonnegative, integer and domain, or a wrong value.
    """
    return {plain_name(name): _read_domain(name, described) for name, described in variables.items()}


def _read_domain(name: str, described: object) -> Domain:
    if not isinstance(described, Mapping) or set(described) - {
        "positive",
        "nonnegative",
        "integer",
        "domain",
    }:
        raise BadParameter(
            name[:64], str(described)[:40], "members positive, nonnegative, integer and domain"
        )
    flags = {key: described.get(key, False) for key in ("positive", "nonnegative", "integer")}
    for key, value in flags.items():
        if not isinstance(value, bool):
            raise BadParameter(f"{name[:64]}.{key}", str(value)[:40], "true or false")
    low, high = _read_ends(name, described.get("domain", [None, None]))
    if (flags["positive"] or flags["nonnegative"]) and (low is None or low <= 0):
        return Domain(0.0, high, open_minimum=flags["positive"], integer=flags["integer"])
    return Domain(low, high, integer=flags["integer"])


def _read_ends(name: str, ends: object) -> tuple[float | None, float | None]:
    if not isinstance(ends, Sequence) or isinstance(ends, str) or len(ends) != 2:
        raise BadParameter(
            f"{name[:64]}.domain", str(ends)[:40], "two ends, null where there is none: [1, 1e15]"
        )
    low, high = (
        None if end is None else read_value(end, unit=ONE, units=_UNITS, where=f"{name[:64]}.domain")
        for end in ends
    )
    if low is not None and high is not None and low > high:
        raise BadParameter(f"{name[:64]}.domain", str(list(ends))[:40], "the lower end first")
    return low, high


def _check_known(given: Sequence[str], symbols: Sequence[str]) -> None:
    known = [name for name in symbols if name]
    for name in given:
        if plain_name(name) not in known:
            raise UnknownSymbol(name[:64], tuple(sorted(known)), near_names(name, known))


def _require(known: Mapping[str, Value], symbols: Sequence[str]) -> None:
    missing = tuple(name for name in symbols if name not in known)
    if missing:
        raise MissingValue(NAME, missing)


def _read_values(node: Node, values: Mapping[str, object], domains: Mapping[str, Domain]) -> dict[str, Value]:
    series = _series(node)
    found: dict[str, Value] = {}
    for name, given in values.items():
        symbol = plain_name(name)
        if symbol in found:
            raise BadParameter(symbol, str(given)[:40], "one value; it is given twice")
        where = symbol[:64]
        value: Value
        if symbol in series:
            value = read_series(given, unit=ONE, units=_UNITS, where=where)
        else:
            value = read_value(given, unit=ONE, units=_UNITS, where=where)
        domain = domains.get(symbol, Domain())
        for one in value if isinstance(value, tuple) else (value,):
            if one not in domain:
                raise OutOfDomain(symbol, f"{one:.10g}", str(domain))
        found[symbol] = value
    return found


def _series(node: Node) -> dict[str, str]:
    return {part.name: part.index for part in walk(node) if isinstance(part, Item)}


def _variable(name: str, domains: Mapping[str, Domain], series: Mapping[str, str]) -> Variable:
    domain = domains.get(name, Domain())
    return Variable(Iri(f"#{name}"), name, Role.INPUT, name, domain=domain, indexed_by=series.get(name, ""))
