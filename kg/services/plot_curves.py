"""Which variable a plot runs over and how far, and the curve of a formula along it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import BadParameter, OutOfDomain
from kg.model.plot import Curve

if TYPE_CHECKING:
    from kg.formula.compile import CompiledFormula
    from kg.formula.stretch import Stretch
    from kg.formula.units import UnitTable
    from kg.model.answer import Evaluation, Observed
    from kg.model.formula import ConstantSet, Variable

Givens = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Course:
    """A formula to be followed along one variable; ``others`` are the values that are held."""

    compiled: "CompiledFormula"
    units: "UnitTable"
    variable: "Variable"
    stretch: "Stretch"
    others: Givens
    observed: Sequence["Observed"] = ()
    unit: str = ""
    points: int = 200


@dataclass(frozen=True, slots=True)
class Traced:
    """A curve, the evaluation at one of its points, and at how many there is no value."""

    curve: Curve
    example: "Evaluation"
    lost: int


def trace(course: Course, fit: str = "", *, name: str = "") -> Traced:
    """The curve of a fit, or of the formula's own choice; where the formula has no value there is a gap.

    Raises:
        OutOfDomain: it has no value at any point. Otherwise as :func:`kg.formula.evaluate.evaluate`.
    """
    from kg.formula.evaluate import evaluate

    symbol = course.variable.symbol
    places = _places(course, _set_of(course.compiled, fit))
    found: list[Evaluation | None] = []
    refused: OutOfDomain | None = None
    for x in places:
        try:
            values = {**course.others, symbol: x}
            found.append(
                evaluate(
                    course.compiled,
                    values,
                    observed=course.observed,
                    fit=fit,
                    unit=course.unit,
                    units=course.units,
                )
            )
        except OutOfDomain as error:
            refused = refused or error
            found.append(None)
    known = [one for one in found if one is not None]
    if not known:
        assert refused is not None  # noqa: S101 - there are two points at least
        raise refused
    example = known[len(known) // 2]
    used = _set_of(course.compiled, example.fit) if example.fit else None
    curve = Curve(
        name or (used.label if used else course.compiled.formula.label),
        places,
        tuple(None if one is None else one.value for one in found),
        fitted=_fitted(course, used, places, found, example),
        source=", ".join(source.label for source in used.evidence.sources) if used else "",
    )
    return Traced(curve, example, len(places) - len(known))


def _set_of(compiled: "CompiledFormula", fit: str) -> "ConstantSet | None":
    from kg.formula.plan import plan_for

    return plan_for(compiled, fit).fit


def _places(course: Course, used: "ConstantSet | None") -> tuple[float, ...]:
    """Points along the stretch; the ends of the range that the fit was made on are among them."""
    whole = course.variable.domain.integer
    places = set(course.stretch.points(course.points, whole=whole))
    for span in used.ranges if used else ():
        if span.symbol == course.variable.symbol:
            ends = (end for end in (span.low, span.high) if end is not None)
            places |= {end for end in ends if course.stretch.low < end < course.stretch.high}
    return tuple(sorted(places))


def _fitted(
    course: Course,
    used: "ConstantSet | None",
    places: tuple[float, ...],
    found: Sequence["Evaluation | None"],
    example: "Evaluation",
) -> tuple[bool, ...]:
    """For each point, whether it lies in all ranges that the fit was made on."""
    if used is None or not used.ranges:
        return ()
    held = {entry.symbol: entry.value for entry in example.inputs}
    output = course.compiled.output

    def is_inside(x: float, y: float | None) -> bool:
        values = held | {course.variable.symbol: x}
        if output is not None and not course.unit and y is not None:
            values[output.symbol] = y
        for span in used.ranges:
            value = values.get(span.symbol)
            if not isinstance(value, float | int):
                continue
            if (span.low is not None and value < span.low) or (span.high is not None and value > span.high):
                return False
        return True

    return tuple(
        is_inside(x, None if one is None else one.value) for x, one in zip(places, found, strict=True)
    )


def choose(
    compiled: "CompiledFormula", units: "UnitTable", givens: Givens, *, x: str = "", fit: str = ""
) -> tuple["Variable", "Stretch | None", dict[str, object]]:
    """The variable that a plot runs over, how far, and the values of the others.

    It is ``x``, else what is given as a range, else the only input. The range is what is given; else the
    neighbourhood of what is given, else the range of the fit, else a bounded domain, else the neighbourhood of
    the default or of a worked example. None where none of these is known.

    Raises:
        BadParameter: no variable is named, or a second one is given as a range.
        UnknownSymbol, OutOfDomain, NotFound, BadSyntax: as :mod:`kg.formula.stretch` has them.
    """
    from kg.formula.stretch import find_variable, is_stretch, key_of, read_stretch

    ranges = [
        name for name, given in givens.items() if is_stretch(given) and _is_scalar(compiled, name, given)
    ]
    name = x or (ranges[0] if ranges else _only_input(compiled))
    variable = find_variable(compiled, name, fit)
    if variable.symbol in compiled.series_bounds.values() or variable.indexed_by:
        reason = (
            "another variable: this one is a series"
            if variable.indexed_by
            else ("another variable: this one counts the values of a series")
        )
        raise BadParameter("x", variable.symbol, reason)
    key = key_of(compiled, givens, variable.symbol)
    second = next((name for name in ranges if name != key), "")
    if second:
        reason = f"one value: {variable.symbol} runs over a range already"
        raise BadParameter(second[:64], str(givens[second])[:40], reason)
    others = {name: given for name, given in givens.items() if name != key}
    if key in ranges:
        return variable, read_stretch(givens[key], variable, units), others
    return variable, _usual(compiled, units, variable, givens.get(key), fit), others


def _is_scalar(compiled: "CompiledFormula", name: str, given: object) -> bool:
    """False for a pair of numbers that is a series of two."""
    variable = next((one for one in compiled.variables if one.symbol == name), None)
    return isinstance(given, str) or variable is None or not variable.indexed_by


def _only_input(compiled: "CompiledFormula") -> str:
    from kg.model.formula import Role

    bounds = compiled.series_bounds.values()
    inputs = [
        one.symbol
        for one in compiled.inputs
        if one.role is Role.INPUT and not one.indexed_by and one.symbol not in bounds
    ]
    if len(inputs) != 1:
        named = f"one of {', '.join(inputs)}" if inputs else "but none of these inputs is a single number"
        raise BadParameter("x", "", f"the symbol to plot over, {named}; or give one as a range, as 1..10")
    return inputs[0]


def _usual(
    compiled: "CompiledFormula", units: "UnitTable", variable: "Variable", given: object, fit: str
) -> "Stretch | None":
    from kg.formula.numbers import read_value
    from kg.formula.stretch import around, within

    domain = variable.domain
    if given is not None:
        return around(read_value(given, unit=variable.unit, units=units, where=variable.symbol), domain)
    used = _set_of(compiled, fit)
    for span in used.ranges if used else ():
        if span.symbol == variable.symbol and span.low is not None and span.high is not None:
            return within(span.low, span.high, domain)
    if domain.minimum is not None and domain.maximum is not None:
        return within(domain.minimum, domain.maximum, domain)
    value = variable.default if variable.default is not None else _example_value(compiled, units, variable)
    return None if value is None else around(value, domain)


def _example_value(compiled: "CompiledFormula", units: "UnitTable", variable: "Variable") -> float | None:
    from kg.formula.givens import parse_givens
    from kg.formula.numbers import read_value

    for example in compiled.formula.examples:
        given = parse_givens(example.givens).get(variable.symbol)
        if isinstance(given, str):
            return read_value(given, unit=variable.unit, units=units, where=variable.symbol)
    return None
