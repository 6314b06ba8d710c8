"""What holds for every request with the same fit: its values and the defaults, laid out once per formula."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kg.errors import NotFound
from kg.formula.compile import CompiledFormula
from kg.formula.names import near_names, plain_name
from kg.formula.program import Value
from kg.formula.steps import number_shown
from kg.model.answer import InputValue, Observed, Origin
from kg.model.evidence import Source
from kg.model.formula import ConstantSet, Role, ValidRange, Variable
from kg.model.iri import Iri

ONLY_FIT: Final = "the only fit that the data holds for this formula"


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What holds for every request with the same fit."""

    variables: tuple[Variable, ...]
    """Those of the formula, then those that only its readings use; all lists here run over them."""
    slots: Mapping[str, int]
    """Symbol or unambiguous quantity slug → place in the lists."""
    shared_slugs: Mapping[str, tuple[str, ...]]
    """Quantity slug that several variables have → their symbols."""
    by_quantity: Mapping[Iri, tuple[int, ...]]
    values: tuple[Value | None, ...]
    inputs: tuple[InputValue | None, ...]
    gates: tuple[tuple[float, float, float], ...]
    """Least and greatest double of the domain, and the factor to working units; an empty stretch where more
    than that is to be looked at: whole numbers, series."""
    fit: ConstantSet | None
    rationale: str
    ranges: tuple[tuple[int, ValidRange], ...]
    range_texts: Mapping[int, str]
    base_sources: frozenset[Source]
    bounds: tuple[tuple[int, int], ...]
    """Places of a series and of the variable that bounds its sum."""
    provenance: dict[frozenset[int], tuple[tuple[Source, ...], bool]] = field(
        default_factory=dict, repr=False
    )
    """Sources, and whether the fit is in use, by the places that were given."""


def plan_for(compiled: CompiledFormula, fit: str) -> Plan:
    """The plan of a fit, or of the formula's own choice where ``fit`` is empty.

    Raises:
        NotFound: the formula has no such fit; names those it has.
    """
    kept = compiled.kept.get(("plan", fit))
    if isinstance(kept, Plan):
        return kept
    chosen, rationale = _choose_fit(compiled, fit)
    plan = _lay_out(compiled, chosen, rationale)
    compiled.kept[("plan", fit)] = plan
    return plan


def find_variable(plan: Plan, name: str) -> Variable | None:
    """The variable with that symbol, or the only one whose quantity has that slug; None where there is none."""
    place = plan.slots.get(name, plan.slots.get(plain_name(name)))
    return plan.variables[place] if place is not None else None


def _choose_fit(compiled: CompiledFormula, fit: str) -> tuple[ConstantSet | None, str]:
    formula = compiled.formula
    sets = {chosen.name: chosen for chosen in formula.constant_sets}
    if fit and fit not in sets:
        near = near_names(fit, sets) or tuple(sorted(sets))
        raise NotFound(f"fit of {formula.slug}", fit, near)
    if fit:
        return sets[fit], formula.default_rationale if fit == formula.default_set else ""
    if formula.default_set in sets:
        return sets[formula.default_set], formula.default_rationale
    if len(sets) == 1:
        return formula.constant_sets[0], ONLY_FIT
    return None, ""


def _lay_out(compiled: CompiledFormula, fit: ConstantSet | None, rationale: str) -> Plan:
    variables = _all_variables(compiled)
    places = {variable.symbol: place for place, variable in enumerate(variables)}
    constants = {value.symbol: value.value for value in fit.values} if fit is not None else {}
    source = next(iter(fit.evidence.sources), None) if fit is not None else None
    inputs: list[InputValue | None] = []
    for variable in variables:
        if variable.symbol in constants:
            value = constants[variable.symbol]
            inputs.append(input_value(compiled, variable, value, Origin.FIT, source=source))
        elif variable.default is not None and variable.role is not Role.OUTPUT:
            inputs.append(
                input_value(
                    compiled, variable, variable.default, Origin.DEFAULT, source=variable.default_source
                )
            )
        else:
            inputs.append(None)
    slots, shared, quantities = _slots(variables)
    spans = [span for span in (fit.ranges if fit is not None else ()) if span.symbol in places]
    name = fit.name if fit is not None else ""
    return Plan(
        variables=variables,
        slots=slots,
        shared_slugs=shared,
        by_quantity=quantities,
        values=tuple(working_value(compiled, entry) for entry in inputs),
        inputs=tuple(inputs),
        gates=tuple(_gate(compiled, variable) for variable in variables),
        fit=fit,
        rationale=rationale if fit is not None else "",
        ranges=tuple((places[span.symbol], span) for span in spans),
        range_texts={places[span.symbol]: _range_text(name, span) for span in spans},
        base_sources=frozenset(compiled.formula.evidence.sources),
        bounds=tuple((places[series], places[bound]) for series, bound in compiled.series_bounds.items()),
    )


def _gate(compiled: CompiledFormula, variable: Variable) -> tuple[float, float, float]:
    low, high = (math.inf, -math.inf) if variable.indexed_by else variable.domain.ends
    return low, high, compiled.scales.get(variable.symbol, 1.0)


def _range_text(fit: str, span: ValidRange) -> str:
    low, high = (number_shown(end) if end is not None else "…" for end in (span.low, span.high))
    return f"the range {low} to {high} of the fit {fit}"


def _all_variables(compiled: CompiledFormula) -> tuple[Variable, ...]:
    found = {variable.symbol: variable for variable in compiled.variables}
    for reading in compiled.readings:
        if reading.compiled is not None:
            for variable in reading.compiled.inputs:
                found.setdefault(variable.symbol, variable)
    return tuple(found.values())


def _slots(
    variables: Sequence[Variable],
) -> tuple[dict[str, int], dict[str, tuple[str, ...]], dict[Iri, tuple[int, ...]]]:
    slots = {variable.symbol: place for place, variable in enumerate(variables)}
    by_slug: dict[str, list[int]] = {}
    by_quantity: dict[Iri, list[int]] = {}
    for place, variable in enumerate(variables):
        if variable.quantity is not None:
            by_slug.setdefault(variable.quantity.slug, []).append(place)
            by_quantity.setdefault(variable.quantity.iri, []).append(place)
    shared = {
        slug: tuple(variables[at].symbol for at in places) for slug, places in by_slug.items() if places[1:]
    }
    for slug, places in by_slug.items():
        if len(places) == 1:
            slots.setdefault(slug, places[0])
    return slots, shared, {iri: tuple(places) for iri, places in by_quantity.items()}


def input_value(
    compiled: CompiledFormula,
    variable: Variable,
    value: Value,
    origin: Origin,
    *,
    source: Source | None = None,
    alternatives: tuple[Observed, ...] = (),
) -> InputValue:
    """A variable's value, in the variable's unit, with what an answer says of it."""
    return InputValue(
        variable.symbol,
        variable.label,
        value,
        compiled.unit_text(variable),
        origin,
        variable.quantity.iri if variable.quantity is not None else None,
        source,
        alternatives,
    )


def working_value(compiled: CompiledFormula, entry: InputValue | None) -> Value | None:
    """The value as a formula's program takes it: in base units, unless the declared ones fit each other."""
    if entry is None:
        return None
    return scaled(compiled, entry.symbol, entry.value)


def scaled(compiled: CompiledFormula, symbol: str, value: Value) -> Value:
    """The variable's value as :func:`working_value` gives it."""
    scale = compiled.scales.get(symbol, 1.0)
    if scale == 1.0:
        return value
    if isinstance(value, tuple):
        return tuple(one * scale for one in value)
    return value * scale
