"""A request whose inputs may be off: its values over the flat formula, the spread of each, how errors go together."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Final, NoReturn

from kg.errors import BadParameter, InvalidData, OutOfDomain
from kg.formula.compile import CompiledFormula
from kg.formula.gradient import Flat, flat_formula, gradient_of
from kg.formula.inputs import Resolved
from kg.formula.program import Value
from kg.formula.spreads import Place, spread_of_constant, spread_of_observed
from kg.formula.units import UnitTable
from kg.model.answer import Observed, Origin
from kg.model.formula import ConstantSet, Role, Variable
from kg.model.iri import Iri
from kg.model.uncertainty import Contribution, Correlation, Spread

Column = tuple[tuple[int, float], ...]
"""A change of several unsure inputs: the place of each among them, and how far it moves."""
Columns = tuple[Column, ...]

LEAST_PIVOT: Final = 1e-6
ROUNDING: Final = 1e-9
"""What rounding makes of a zero in the factor of the correlations, and under its root."""


@dataclass(frozen=True, slots=True, eq=False)
class UnsureInput:
    """An input with a spread. ``at`` is its place in the flat formula; ``scale`` turns its unit into the working one."""

    at: int
    symbol: str
    variable: Variable
    value: float
    scale: float
    spread: Spread

    @property
    def deviation(self) -> float:
        """The standard deviation in working units."""
        return self.spread.standard_deviation * self.scale


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A formula at a point. ``values`` are flat and in working units; ``factor`` turns an output into the asked unit."""

    compiled: CompiledFormula
    flat: Flat
    values: tuple[Value, ...]
    unsure: tuple[UnsureInput, ...]
    correlations: tuple[Correlation, ...]
    factor: float
    ratio: float
    """Turns an output in its own unit into the asked one."""
    unit: str
    notes: tuple[str, ...]

    def partials(self) -> tuple[float | None, ...]:
        """The partial by each unsure input, in working units; None where there is none."""
        found = gradient_of(self.flat).run(self.values)
        return tuple(found[one.at] for one in self.unsure)

    def shown(self, value: float) -> float:
        """A working value of the output in the unit that was asked for."""
        return value * self.factor

    def unbounded(self, hint: str) -> OutOfDomain:
        """The refusal of a request whose answer is beyond the doubles, or bounded by nothing."""
        output = self.compiled.output
        symbol = output.symbol if output is not None else self.compiled.formula.slug
        return OutOfDomain(symbol, "unbounded", "finite real numbers", hint)

    def contributions(
        self, shares: Sequence[float | None], partials: Sequence[float | None]
    ) -> tuple[Contribution, ...]:
        """The unsure inputs with their shares, largest first; partials come in working units."""
        found = [
            Contribution(
                one.symbol,
                one.variable.label,
                one.value,
                self.compiled.unit_text(one.variable),
                one.spread,
                None if partial is None else partial * one.scale * self.factor,
                share,
            )
            for one, share, partial in zip(self.unsure, shares, partials, strict=True)
        ]
        return tuple(sorted(found, key=lambda one: (-abs(one.share or 0.0), one.symbol)))


def build_case(
    resolved: Resolved,
    given: Mapping[Place, Spread],
    *,
    observed: Sequence[Observed],
    units: UnitTable,
    ratio: float,
    unit: str,
    method: str,
) -> Case:
    """The case of a request; ``ratio`` turns the output's own unit into the one asked for, ``unit``.

    Raises:
        BadParameter: nothing in it is unsure; names what could be said. InvalidData: correlations that no errors have.
    """
    compiled, plan = resolved.compiled, resolved.plan
    count = len(compiled.program.symbols)
    values = [value for value in resolved.values[:count] if value is not None]
    flat = flat_formula(compiled, values)
    known = known_spreads(resolved, given, observed, units)
    by_place = {place: at for at, place in enumerate(flat.places)}
    unsure = []
    for place, spread in sorted(known.items()):
        at = by_place.get(place)
        if at is None:
            _refuse(plan.variables[place[0]], "spreads only in a short series that a sum runs through")
        elif flat.symbols[at] in flat.fixed and any(item >= 0 for _, item in flat.places):
            _refuse(plan.variables[place[0]], "no spread: it is the length of a series")
        else:
            unsure.append(_input(resolved, flat, at, spread))
    if not unsure:
        raise BadParameter("uncertainty", method, _what_helps(compiled, plan.fit))
    correlations, notes = _correlations(plan.fit, unsure, given, resolved)
    output = compiled.output
    scale = compiled.scales[output.symbol] if output is not None else 1.0
    return Case(
        compiled,
        flat,
        tuple(flat.values(values)),
        tuple(unsure),
        correlations,
        ratio / scale,
        ratio,
        unit,
        notes,
    )


def _input(resolved: Resolved, flat: Flat, at: int, spread: Spread) -> UnsureInput:
    place, item = flat.places[at]
    variable = resolved.plan.variables[place]
    entry = resolved.inputs[place]
    assert entry is not None  # noqa: S101 - a spread belongs to a value
    value = entry.value[item] if isinstance(entry.value, tuple) else entry.value
    scale = resolved.compiled.scales.get(variable.symbol, 1.0)
    return UnsureInput(at, flat.symbols[at], variable, value, scale, spread)


def known_spreads(
    resolved: Resolved, given: Mapping[Place, Spread], observed: Sequence[Observed], units: UnitTable
) -> dict[Place, Spread]:
    """The spread of each input that the formula uses and that has one: as given, of the subject, of the fit."""
    plan = resolved.plan
    count = len(resolved.compiled.program.symbols)
    constants = {value.symbol: value for value in plan.fit.values} if plan.fit is not None else {}
    best: dict[Iri, Observed] = {}
    for one in observed:
        best.setdefault(one.quantity, one)
    found = {place: spread for place, spread in given.items() if place[0] < count}
    for at, entry in enumerate(resolved.inputs[:count]):
        variable, spread = plan.variables[at], None
        if entry is None:
            continue
        if entry.origin is Origin.FIT and plan.fit is not None:
            spread = spread_of_constant(constants[variable.symbol], variable, plan.fit)
        elif entry.origin is Origin.SUBJECT and entry.quantity is not None:
            one = best[entry.quantity]
            unit = units.get(one.unit)
            factor = unit.factor / variable.unit.factor if unit is not None else 1.0
            spread = spread_of_observed(one, variable, factor)
        if spread is not None:
            found[at, -1] = spread
    return found


def _refuse(variable: Variable, takes: str) -> NoReturn:
    raise BadParameter(variable.symbol, "a value with a spread", takes)


def _what_helps(compiled: CompiledFormula, fit: ConstantSet | None) -> str:
    """What to say where no spread is known."""
    chosen = fit.name if fit is not None else ""
    others = [
        one.name
        for one in compiled.formula.constant_sets
        if one.name != chosen and any(value.standard_error or value.low is not None for value in one.values)
    ]
    symbols = [variable.symbol for variable in compiled.inputs if variable.role is Role.INPUT]
    symbol = next(iter((*symbols, *compiled.program.symbols)), "N")
    fits = f", or take the fit {' or '.join(sorted(others))}" if others else ""
    return f"an input whose spread is known: give one, as {symbol}='70B ± 5B' or {symbol}='[60B, 80B]'{fits}"


def _correlations(
    fit: ConstantSet | None, unsure: Sequence[UnsureInput], given: Mapping[Place, Spread], resolved: Resolved
) -> tuple[tuple[Correlation, ...], tuple[str, ...]]:
    """The correlations between unsure constants of the fit, and what is to be said of them."""
    if fit is None:
        return (), ()
    constants = {value.symbol for value in fit.values}
    given_symbols = {resolved.plan.variables[place].symbol for place, _ in given}
    symbols = {one.symbol for one in unsure if one.symbol in constants - given_symbols}
    known = tuple(one for one in fit.correlations if {one.one, one.other} <= symbols)
    if known or len(symbols) < 2 or fit.dependence == "independent":
        return known, ()
    listed = ", ".join(sorted(symbols))
    note = (
        f"how the errors of {listed} go together is not known of the fit {fit.name}: they are taken as "
        "independent, which can make the spread too wide or too narrow"
    )
    return (), (note,)


def directions(case: Case) -> Columns:
    """Independent changes of the unsure inputs, one standard deviation each, in working units.

    The columns of the Cholesky factor of the covariance: their products with themselves add up to it.

    Raises:
        InvalidData: the correlations contradict each other.
    """
    deviations = [one.deviation for one in case.unsure]
    return tuple(
        tuple((at, value * deviations[at]) for at, value in column) for column in standard_directions(case)
    )


def standard_directions(case: Case) -> Columns:
    """The columns of the Cholesky factor of the correlations, each as places and values that are not zero.

    Raises:
        InvalidData: the correlations contradict each other.
    """
    count = len(case.unsure)
    if not case.correlations:
        return tuple(((at, 1.0),) for at in range(count))
    factor = _cholesky(case, _matrix(case))
    return tuple(
        tuple((row, factor[row][column]) for row in range(count) if factor[row][column])
        for column in range(count)
    )


def _matrix(case: Case) -> list[list[float]]:
    places = {one.symbol: at for at, one in enumerate(case.unsure)}
    matrix = [[float(row == column) for column in places.values()] for row in places.values()]
    for one in case.correlations:
        row, column = places[one.one], places[one.other]
        matrix[row][column] = matrix[column][row] = one.coefficient
    return matrix


def _cholesky(case: Case, matrix: list[list[float]]) -> list[list[float]]:
    """The lower factor; a column of zeros where an error follows from those before it."""
    count = len(matrix)
    factor = [[0.0] * count for _ in range(count)]
    for column in range(count):
        rest = matrix[column][column] - sum(value * value for value in factor[column][:column])
        pivot = math.sqrt(max(rest, 0.0))
        factor[column][column] = pivot = pivot if pivot > LEAST_PIVOT else 0.0
        for row in range(column + 1, count):
            left = matrix[row][column] - sum(map(mul, factor[row][:column], factor[column][:column]))
            if rest < -ROUNDING or (not pivot and abs(left) > LEAST_PIVOT):
                raise _contradicting(case)
            factor[row][column] = left / pivot if pivot else 0.0
        if rest < -ROUNDING:
            raise _contradicting(case)
    return factor


def _contradicting(case: Case) -> InvalidData:
    told = ", ".join(f"{one.one} and {one.other} {one.coefficient:g}" for one in case.correlations)
    return InvalidData(
        case.compiled.formula.iri,
        f"the correlations of its fit contradict each other: {told}",
        "no errors go together like that; compare them with their source",
    )
