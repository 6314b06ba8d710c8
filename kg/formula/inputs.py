"""Where each input comes from: given, then subject, then fit, then default, each with origin and source."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kg.errors import BadParameter, InvalidData, MissingValue, OutOfDomain, UnknownSymbol
from kg.formula.compile import CompiledFormula
from kg.formula.names import near_names, plain_name
from kg.formula.numbers import read_series, read_value
from kg.formula.plan import Plan, input_value, plan_for, scaled, working_value
from kg.formula.program import Value
from kg.formula.steps import number_shown
from kg.formula.units import UnitTable
from kg.model.answer import InputValue, Observed, Origin
from kg.model.evidence import Source
from kg.model.formula import Variable
from kg.model.iri import Iri
from kg.model.quantity import ONE

MAX_KEPT: Final = 64
"""Sets of givens whose sources are kept."""

Givens = Mapping[str, object]
"""Symbol or quantity slug → text, number or sequence."""


@dataclass(slots=True)
class Resolved:
    """The inputs of one request, in the places of its plan; ``values`` in working units, for the program."""

    compiled: CompiledFormula
    plan: Plan
    values: list[Value | None]
    given: dict[int, Value]
    """Place → value in the variable's own unit."""
    found: dict[int, InputValue] = field(default_factory=dict)
    """Place → what came from the subject, or follows from a series."""
    warnings: list[str] = field(default_factory=list)
    observed: bool = False
    """True where a value came from the subject."""
    told: list[InputValue | None] = field(default_factory=list)
    """The inputs, once they were asked for."""

    @property
    def inputs(self) -> list[InputValue | None]:
        """What an answer says of each, in the places of the plan."""
        if self.told:
            return self.told
        inputs = list(self.plan.inputs)
        for place, value in self.given.items():
            inputs[place] = input_value(self.compiled, self.plan.variables[place], value, Origin.GIVEN)
        for place, entry in self.found.items():
            inputs[place] = entry
        self.told = inputs
        return inputs


def resolve_inputs(
    compiled: CompiledFormula,
    givens: Givens,
    *,
    observed: Sequence[Observed],
    fit: str,
    units: UnitTable,
    target: str,
) -> Resolved:
    """All values that the request, its subject, the fit and the defaults hold, without the ``target``.

    Raises:
        UnknownSymbol: a given that the formula does not have, with the known ones and those that come near.
        BadParameter: the target is given, or a value twice, or no value; a series of the wrong length.
        OutOfDomain: a value outside its variable's domain. WrongDimension: a unit that does not fit.
        NotFound: no such fit.
    """
    plan = plan_for(compiled, fit)
    values, given = list(plan.values), dict[int, Value]()
    resolved = Resolved(compiled, plan, values, given)
    slots, gates = plan.slots, plan.gates
    for name, value in givens.items():
        # The plain case: a double within its domain, for a variable that has none yet.
        place = slots.get(name)
        if type(value) is float and place is not None and place not in given and name != target:
            low, high, scale = gates[place]
            if low <= value <= high:
                given[place] = value
                values[place] = value * scale
                continue
        _take_given(compiled, resolved, name, value, units=units, target=target)
    if observed:
        _take_observed(compiled, resolved, observed, units=units, target=target)
    if plan.bounds:
        _bound_series(compiled, resolved)
    return resolved


def _take_given(
    compiled: CompiledFormula, resolved: Resolved, name: str, given: object, *, units: UnitTable, target: str
) -> None:
    plan = resolved.plan
    place = plan.slots.get(name)
    if place is None:
        place = _find_place(plan, name, target)
    variable = plan.variables[place]
    symbol = variable.symbol
    if symbol == target:
        raise BadParameter(name, _shown(given), f"no value: {symbol} is what is asked for")
    if place in resolved.given:
        raise BadParameter(name, _shown(given), f"one value; {symbol} is given twice")
    value: Value
    unit = variable.unit
    if variable.indexed_by:
        value = read_series(given, unit=unit, units=units, where=symbol)
    else:
        value = read_value(given, unit=unit, units=units, where=symbol)
    _check_domain(variable, value)
    resolved.given[place] = value
    resolved.values[place] = scaled(compiled, symbol, value)


def place_of(plan: Plan, name: str) -> int | None:
    """The place of a given in the lists of the plan; None where the formula does not have it."""
    place = plan.slots.get(name)
    return plan.slots.get(plain_name(name)) if place is None else place


def _shown(given: object) -> str:
    text = given if isinstance(given, str) else repr(given)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _find_place(plan: Plan, name: str, target: str) -> int:
    place = place_of(plan, name)
    if place is not None:
        return place
    if name in plan.shared_slugs:
        raise BadParameter(
            name, name, f"a symbol: {' and '.join(plan.shared_slugs[name])} share this quantity"
        )
    known = tuple(sorted(variable.symbol for variable in plan.variables if variable.symbol != target))
    raise UnknownSymbol(name[:64], known, near_names(name, plan.slots))


def _check_domain(variable: Variable, value: Value) -> None:
    domain = variable.domain
    for one in value if isinstance(value, tuple) else (value,):
        if one not in domain:
            raise OutOfDomain(
                variable.symbol,
                number_shown(one),
                str(domain),
                f"{variable.symbol} stands for: {variable.label}",
            )


def _put(compiled: CompiledFormula, resolved: Resolved, place: int, entry: InputValue) -> None:
    resolved.found[place] = entry
    resolved.told = []
    resolved.values[place] = working_value(compiled, entry)


def _take_observed(
    compiled: CompiledFormula,
    resolved: Resolved,
    observed: Sequence[Observed],
    *,
    units: UnitTable,
    target: str,
) -> None:
    plan = resolved.plan
    by_quantity: dict[Iri, list[Observed]] = {}
    for observation in observed:
        by_quantity.setdefault(observation.quantity, []).append(observation)
    for quantity, places in plan.by_quantity.items():
        found = by_quantity.get(quantity)
        open_places = [
            at for at in places if plan.variables[at].symbol != target and at not in resolved.given
        ]
        if not found or not open_places:
            continue
        variable = plan.variables[open_places[0]]
        if len(open_places) > 1 or variable.indexed_by:
            symbols = ", ".join(plan.variables[at].symbol for at in open_places)
            resolved.warnings.append(
                f"what is known of the subject does not say which of {symbols} it is; not used"
            )
            continue
        value = _observed_value(found[0], variable, units)
        sources = found[0].sources
        entry = input_value(
            compiled,
            variable,
            value,
            Origin.SUBJECT,
            source=sources[0] if sources else None,
            alternatives=tuple(found[1:]),
        )
        _put(compiled, resolved, open_places[0], entry)
        resolved.observed = True


def _observed_value(observation: Observed, variable: Variable, units: UnitTable) -> float:
    unit = units.get(observation.unit)
    if unit is None:
        raise InvalidData(observation.observation, f"its unit {observation.unit} is not in the dataset")
    value = units.convert(observation.value, unit, variable.unit if variable.unit_declared else ONE)
    _check_domain(variable, value)
    return value


def _bound_series(compiled: CompiledFormula, resolved: Resolved) -> None:
    """Series and the bound of their sum must agree; a bound that is not given follows from the series."""
    variables = resolved.plan.variables
    inputs = resolved.inputs
    for series, bound in resolved.plan.bounds:
        values = resolved.values[series]
        if not isinstance(values, tuple):
            continue
        known = resolved.found.get(bound) or inputs[bound]
        derived = known is not None and known.origin is Origin.DERIVED
        if bound not in resolved.given and not derived:
            entry = input_value(compiled, variables[bound], float(len(values)), Origin.DERIVED)
            _check_domain(variables[bound], float(len(values)))
            _put(compiled, resolved, bound, entry)
        elif known is not None and known.value != len(values):
            symbol = variables[bound].symbol
            expected = f"{known.value:g} values, since {symbol} = {known.value:g}"
            if derived:
                expected = f"{known.value:g} values, as many as the other series up to {symbol}"
            raise BadParameter(variables[series].symbol, f"{len(values)} values", expected)


def require(compiled: CompiledFormula, resolved: Resolved, symbols: Iterable[str]) -> None:
    """Returns where all symbols have a value.

    Raises:
        MissingValue: some have none; says which, and which fits there are.
    """
    slots = resolved.plan.slots
    missing = tuple(symbol for symbol in symbols if resolved.values[slots[symbol]] is None)
    if not missing:
        return
    formula = compiled.formula
    fitted = {value.symbol for chosen in formula.constant_sets for value in chosen.values}
    hint = ""
    if resolved.plan.fit is None and fitted.issuperset(missing):
        hint = f"choose a fit: {', '.join(sorted(chosen.name for chosen in formula.constant_sets))}"
    raise MissingValue(formula.slug, missing, hint)


def range_warnings(
    compiled: CompiledFormula, resolved: Resolved, target: float | None = None
) -> tuple[str, ...]:
    """What lies outside the ranges that the fit was made on, in words; ``target`` is the result's value."""
    plan = resolved.plan
    warnings: list[str] = []
    inputs = resolved.inputs if plan.ranges else []
    for place, span in plan.ranges:
        entry = inputs[place]
        value = entry.value if entry is not None else target
        if not isinstance(value, float | int):
            continue
        side = "below" if span.low is not None and value < span.low else ""
        side = "above" if span.high is not None and value > span.high else side
        if side:
            unit = compiled.unit_text(plan.variables[place])
            warnings.append(
                f"{span.symbol} = {number_shown(value)} {unit} is {side} {plan.range_texts[place]}"
            )
    return tuple(warnings)


def provenance(resolved: Resolved, used: Iterable[InputValue | None]) -> tuple[tuple[Source, ...], bool]:
    """The sources of formula, inputs and fit by IRI, and whether a constant in use came from the fit."""
    plan = resolved.plan
    key = None if resolved.observed else frozenset(resolved.given)
    known = plan.provenance.get(key) if key is not None else None
    if known is not None:
        return known
    entries = [entry for entry in used if entry is not None]
    found = {*plan.base_sources, *(entry.source for entry in entries if entry.source is not None)}
    fitted = any(entry.origin is Origin.FIT for entry in entries)
    if fitted and plan.fit is not None:
        found.update(plan.fit.evidence.sources)
    result = tuple(sorted(found, key=lambda source: source.iri)), fitted
    if key is not None and len(plan.provenance) < MAX_KEPT:
        plan.provenance[key] = result
    return result
