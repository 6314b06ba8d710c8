"""A formula solved for one of its symbols: the closed form with steps and conditions, and its roots."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kg.errors import BadParameter, NotSolvable, UnknownSymbol
from kg.formula.closed import SolvedForm, solved_form
from kg.formula.compile import CompiledFormula
from kg.formula.conditions import without_implied
from kg.formula.inputs import Givens, Resolved, provenance, range_warnings, require, resolve_inputs
from kg.formula.names import near_names, plain_name
from kg.formula.plan import working_value
from kg.formula.program import Value
from kg.formula.render import render
from kg.formula.roots import Scale, WayClosed, find_roots
from kg.formula.steps import fill, number_shown, template_of
from kg.formula.units import UnitTable
from kg.model.answer import InputValue, Observed, Root, Search, Solution, Step
from kg.model.formula import Variable
from kg.model.quantity import Unit

_NUMBERS: Final = "give values for the others, and its roots are found by number"


def solve_for(
    compiled: CompiledFormula,
    symbol: str,
    givens: Givens,
    *,
    observed: Sequence[Observed] = (),
    fit: str = "",
    unit: str = "",
    units: UnitTable,
) -> Solution:
    """The formula solved for a symbol or quantity slug; roots ascending, in ``unit`` where one is asked for.

    With nothing given and something missing, the closed form stands alone, without roots. Where there is no
    closed form, the roots are found by number, and ``search`` says how complete that is.

    Raises:
        UnknownSymbol: the formula has no such symbol. BadParameter: it is given as well.
        NotSolvable: it cannot be isolated, and no values are given, or no root was found by number.
        MissingValue: some values are given, but not all that are needed.
        OutOfDomain: no root lies in the unknown's domain; says what was found.
    """
    form = solved_form(compiled, symbol_of(compiled, symbol))
    unknown = form.unknown
    wanted = units.named(unit, like=unknown.unit) if unit else unknown.unit
    resolved = resolve_inputs(
        compiled, givens, observed=observed, fit=fit, units=units, target=unknown.symbol
    )
    asked = bool(givens) or bool(observed)
    places = [resolved.plan.slots[name] for name in form.symbols]
    values = [working_value(compiled, resolved.inputs[place]) for place in places]
    complete = None not in values
    if asked and not complete:
        require(compiled, resolved, form.symbols)
    if form.stuck and not complete:
        raise NotSolvable(compiled.formula.slug, unknown.symbol, f"{form.stuck}; {_NUMBERS}")
    roots: tuple[Root, ...] = ()
    search: Search | None = None
    if complete:
        scale = _scale(compiled, unknown, wanted, units)
        roots, search = roots_of(form, values, scale, name=compiled.formula.slug)
    used = tuple(entry for place in places if (entry := resolved.inputs[place]) is not None)
    return _solution(compiled, form, resolved, roots=roots, search=search, used=used, values=values)


def _scale(compiled: CompiledFormula, unknown: Variable, wanted: Unit, units: UnitTable) -> Scale:
    factor = compiled.scales[unknown.symbol]
    if wanted is unknown.unit:
        return Scale(factor, compiled.unit_text(unknown))
    return Scale(factor, wanted.symbol, lambda value: units.convert(value, unknown.unit, wanted))


def roots_of(
    form: SolvedForm, values: Sequence[Value | None], scale: Scale, *, name: str
) -> tuple[tuple[Root, ...], Search | None]:
    """The roots by the closed form; by number, with how complete that is, where there is none or it leads nowhere.

    Raises:
        OutOfDomain: there is none, which is certain. NotSolvable: none was found, which proves nothing.
    """
    if not form.stuck:
        try:
            return find_roots(form, values, scale), None
        except WayClosed as error:
            form = replace(form, stuck=str(error))
    from kg.formula.numeric import numeric_roots

    return numeric_roots(form, values, scale, name=name)


def symbol_of(compiled: CompiledFormula, symbol: str) -> str:
    """The symbol that a symbol or quantity slug names.

    Raises:
        UnknownSymbol: none. BadParameter: several.
    """
    by_symbol = {variable.symbol: variable for variable in compiled.variables}
    name = plain_name(symbol)
    if name in by_symbol:
        return name
    slugs = [
        variable for variable in compiled.variables if variable.quantity and variable.quantity.slug == symbol
    ]
    if len(slugs) == 1:
        return slugs[0].symbol
    if slugs:
        symbols = " and ".join(variable.symbol for variable in slugs)
        raise BadParameter("for", symbol, f"a symbol: {symbols} share this quantity")
    known = {*by_symbol, *(variable.quantity.slug for variable in compiled.variables if variable.quantity)}
    raise UnknownSymbol(symbol[:64], tuple(sorted(by_symbol)), near_names(symbol, known))


def _solution(
    compiled: CompiledFormula,
    form: SolvedForm,
    resolved: Resolved,
    *,
    roots: tuple[Root, ...],
    search: Search | None,
    used: tuple[InputValue, ...],
    values: Sequence[Value | None],
) -> Solution:
    formula, plan = compiled.formula, resolved.plan
    sources, fit_used = provenance(resolved, used)
    steps = [Step("take the relation", formula.expression)]
    for branch in form.branches:
        steps += [step for step in branch.steps if step not in steps]
    conditions = dict.fromkeys(
        str(condition) for branch in form.branches for condition in without_implied(branch.conditions)
    )
    warnings = list(resolved.warnings)
    if roots:
        steps += _number_steps(compiled, form, values, roots)
        warnings += _warnings(compiled, resolved, form, roots) if fit_used else ()
    return Solution(
        formula=formula.iri,
        label=formula.label,
        expression=formula.expression,
        symbol=form.unknown.symbol,
        closed_form=form.text,
        steps=tuple(steps),
        conditions=tuple(conditions),
        roots=roots,
        inputs=used,
        fit=plan.fit.name if fit_used and plan.fit is not None else "",
        fit_rationale=plan.rationale if fit_used else "",
        warnings=tuple(warnings),
        sources=sources,
        search=search,
    )


def _number_steps(
    compiled: CompiledFormula, form: SolvedForm, values: Sequence[Value | None], roots: tuple[Root, ...]
) -> list[Step]:
    symbol = form.unknown.symbol
    known = dict(zip(form.symbols, values, strict=True))
    lengths = {name: len(value) for name, value in known.items() if isinstance(value, tuple)}
    action = "put the values in" if compiled.dimensions.coherent else "put the values in, in base units"
    texts = [fill(template_of(branch.value, form.symbols, lengths), values) for branch in form.branches]
    steps = [Step(action, f"{symbol} = {text}") for text in texts]
    if form.stuck:
        steps.append(Step(f"no closed form: {form.stuck}; look for roots by number", render(form.relation)))
    for root in roots:
        shown = number_shown(root.value) if root.unit == "1" else f"{number_shown(root.value)} {root.unit}"
        steps.append(Step("compute, and put it back into the relation", f"{symbol} = {shown}"))
    return steps


def _warnings(
    compiled: CompiledFormula, resolved: Resolved, form: SolvedForm, roots: tuple[Root, ...]
) -> tuple[str, ...]:
    values: list[float | None] = [
        root.value for root in roots if root.unit == compiled.unit_text(form.unknown)
    ]
    found = [text for value in values or [None] for text in range_warnings(compiled, resolved, value)]
    return tuple(dict.fromkeys(found))
