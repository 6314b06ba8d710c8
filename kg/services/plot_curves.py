"""The curve of a formula along one variable, with its band where one is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import BadParameter, NoClosedForm, OutOfDomain
from kg.model.plot import Curve
from kg.services.formulas import Givens

if TYPE_CHECKING:
    from kg.formula.compile import CompiledFormula
    from kg.formula.stretch import Stretch
    from kg.formula.units import UnitTable
    from kg.model.answer import Evaluation, Observed
    from kg.model.formula import ConstantSet, Variable


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
    band: str = ""
    """How uncertainty is propagated to a band; empty for none."""


@dataclass(frozen=True, slots=True)
class Traced:
    """A curve, the evaluation at one of its points, at how many there is no value, and why at the first of them."""

    curve: Curve
    example: "Evaluation"
    lost: int
    reason: str
    bandless: int
    """At how many points with a value there is no band."""


def trace(course: Course, fit: str = "", *, name: str = "") -> Traced:
    """The curve of a fit, or of the formula's own choice; where the formula has no value there is a gap.

    Raises:
        OutOfDomain: it has no value at any point. BadParameter: a band is asked for, and nothing is unsure.
            Otherwise as :func:`kg.formula.evaluate.evaluate`.
    """
    places = _places(course, _set_of(course.compiled, fit))
    run = _runner(course, fit)
    found: list[Evaluation | None] = []
    refused: OutOfDomain | None = None
    for x in places:
        try:
            found.append(run({**course.others, course.variable.symbol: x}))
        except OutOfDomain as error:
            refused = refused or error
            found.append(None)
    known = [one for one in found if one is not None]
    if not known:
        assert refused is not None  # noqa: S101 - there are two points at least
        raise refused
    example = known[len(known) // 2]
    used = _set_of(course.compiled, example.fit) if example.fit else None
    bands = [one.uncertainty if one is not None else None for one in found] if course.band else []
    if bands and not any(bands):
        reason = f"none, or another method: {course.band} reaches no point of this curve"
        raise BadParameter("band", course.band, reason)
    curve = Curve(
        name or (used.label if used else course.compiled.formula.label),
        places,
        tuple(None if one is None else one.value for one in found),
        tuple(None if one is None else one.low for one in bands),
        tuple(None if one is None else one.high for one in bands),
        _fitted(course, used, places, found, example),
        ", ".join(source.label for source in used.evidence.sources) if used else "",
    )
    lost = len(places) - len(known)
    return Traced(curve, example, lost, str(refused or ""), bands.count(None) - lost if bands else 0)


def _runner(course: Course, fit: str) -> "Callable[[Givens], Evaluation]":
    """Evaluates with the band's method; where that does not reach, without."""
    from kg.formula.evaluate import evaluate
    from kg.formula.spreads import split_spreads
    from kg.formula.uncertainty import evaluate_unsure
    from kg.services.uncertainty import SAMPLES

    compiled, units, observed, unit = course.compiled, course.units, course.observed, course.unit

    def plain(values: Givens) -> "Evaluation":
        return evaluate(compiled, values, observed=observed, fit=fit, unit=unit, units=units)

    def unsure(values: Givens) -> "Evaluation":
        try:
            return evaluate_unsure(
                compiled,
                values,
                observed=observed,
                fit=fit,
                unit=unit,
                units=units,
                uncertainty=course.band,
                samples=SAMPLES,
                seed=0,
            )
        except (NoClosedForm, OutOfDomain):
            return plain(split_spreads(compiled, values, fit=fit, units=units)[0])
        except BadParameter as error:
            if error.name != "uncertainty":
                raise
            raise BadParameter("band", course.band, error.expected) from error

    return unsure if course.band else plain


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
            places |= {
                end
                for end in ends
                if course.stretch.low < end < course.stretch.high and end in course.variable.domain
            }
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
