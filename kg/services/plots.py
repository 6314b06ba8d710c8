"""Plots of formulas: over one variable, fit beside fit, and over what is observed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from kg.errors import BadParameter, TooLarge, UnknownSymbol
from kg.model.evidence import Source
from kg.model.plot import Axis, Plot, PlotKind
from kg.services.engines import Engines
from kg.services.formulas import find_formula, observed_of
from kg.services.plot_curves import Course, Givens, Traced, trace
from kg.services.plot_question import Question, no_range
from kg.services.plot_spots import pair_of, spots_of

if TYPE_CHECKING:
    from kg.model.answer import Evaluation
    from kg.model.formula import Variable

POINTS: Final = 200
FEWEST_POINTS: Final = 2
MOST_POINTS: Final = 2_000
MOST_CURVES: Final = 8
"""Fits in one picture: as many as there are colours to tell apart."""
MARGIN: Final = 1.6
"""How far, as a factor, a curve goes beyond the outermost observed things."""


def make_plot(
    engines: Engines,
    reference: str,
    givens: Givens,
    *,
    x: str = "",
    kind: str = "",
    points: int = POINTS,
    subject: str = "",
    fit: str = "",
    unit: str = "",
) -> Plot:
    """What a picture of a formula shows, as numbers; values by symbol or quantity slug, one of them as a range.

    Raises:
        NotFound: no such formula, subject or fit. TooLarge: too many points or fits.
        BadParameter: ``kind``, ``x`` or a range is off, or there is nothing of that kind to show.
        OutOfDomain: an end of the range lies outside the domain, or there is no value at any point.
        MissingValue, UnknownSymbol, WrongDimension, BadSyntax: as :func:`kg.formula.evaluate.evaluate`.
    """
    shown = find_kind(kind)
    check_points(points)
    compiled = engines.compiled(find_formula(engines, reference))
    observed, notes = observed_of(engines, subject)
    question = Question(engines, compiled, givens, x, points, observed, notes, fit, unit)
    return {
        PlotKind.SWEEP: _sweep,
        PlotKind.FITS: _fits,
        PlotKind.OBSERVED: _observed,
    }[shown](question)


def find_kind(name: str) -> PlotKind:
    """The kind of that name; a sweep where it is empty.

    Raises:
        BadParameter: there is none.
    """
    try:
        return PlotKind(name or PlotKind.SWEEP)
    except ValueError:
        raise BadParameter("kind", name[:40], f"one of {', '.join(PlotKind)}") from None


def check_points(points: int) -> None:
    """Returns where a curve may have that many points.

    Raises:
        TooLarge: it may not. BadParameter: it needs more.
    """
    if points > MOST_POINTS:
        raise TooLarge("the number of points", points, MOST_POINTS)
    if points < FEWEST_POINTS:
        raise BadParameter("points", str(points), f"a whole number from {FEWEST_POINTS} to {MOST_POINTS}")


def split_x(engines: Engines, reference: str, values: Sequence[str]) -> tuple[str, str | None]:
    """What values of a parameter ``x`` mean: the variable to plot over, and a value for a symbol ``x``.

    A name of a variable is the former, anything else the latter, where the formula has that symbol.

    Raises:
        BadParameter: neither, or one of them twice. NotFound, InvalidFormula: the formula cannot be used.
    """
    from kg.formula.stretch import find_variable

    compiled = engines.compiled(find_formula(engines, reference))
    symbols = {variable.symbol for variable in compiled.inputs}
    over: list[str] = []
    given: list[str] = []
    for value in values:
        try:
            over.append(find_variable(compiled, value.strip()).symbol)
        except UnknownSymbol as error:
            if "x" not in symbols:
                near = f"; did you mean {', '.join(error.near)}?" if error.near else ""
                names = ", ".join(error.known)
                raise BadParameter(
                    "x", value[:40], f"the symbol to plot over, one of {names}{near}"
                ) from error
            given.append(value)
    for found in (over, given):
        if len(found) > 1:
            raise BadParameter("x", found[1][:40], "one variable to plot over, and one value of x")
    return "".join(over), given[0] if given else None


def _sweep(question: Question) -> Plot:
    course = question.course()
    return _plot(question, course, PlotKind.SWEEP, [trace(course, question.fit)])


def _fits(question: Question) -> Plot:
    sets = question.compiled.formula.constant_sets
    if not sets:
        slug = question.compiled.formula.slug
        raise BadParameter("kind", "fits", f"another kind: {slug} has no constants that were fitted")
    names = [name.strip() for name in question.fit.split(",")] if question.fit else [one.name for one in sets]
    if len(names) > MOST_CURVES:
        raise TooLarge("the number of fits", len(names), MOST_CURVES)
    one = replace(question, fit=names[0])
    course = one.course()
    labels = {known.name: known.label for known in sets}
    traced = [trace(course, name, name=labels.get(name, "")) for name in dict.fromkeys(names)]
    return _plot(one, course, PlotKind.FITS, traced, title=": fits compared")


def _observed(question: Question) -> Plot:
    from kg.formula.stretch import within

    variable, stretch, others = question.choose()
    asked = stretch if _is_asked(question, variable) else None
    spots = spots_of(question, variable)
    if asked is not None:
        spots = tuple(spot for spot in spots if asked.low <= spot.x <= asked.high)
    if not spots:
        where = " in this range" if asked is not None else ""
        reason = f"nothing is known to have both {pair_of(question, variable)}{where}"
        raise BadParameter("kind", "observed", f"another kind here: {reason}")
    if asked is None:
        low, high = min(spot.x for spot in spots), max(spot.x for spot in spots)
        asked = within(low / MARGIN, high * MARGIN, variable.domain) or stretch
    if asked is None:
        raise no_range(variable)
    course = question.along(variable, asked, others)
    plot = _plot(
        question, course, PlotKind.OBSERVED, [trace(course, question.fit)], title=", with what is observed"
    )
    return replace(plot, spots=spots)


def _is_asked(question: Question, variable: "Variable") -> bool:
    from kg.formula.stretch import key_of

    return bool(key_of(question.compiled, question.givens, variable.symbol))


def _plot(
    question: Question, course: Course, kind: PlotKind, traced: Sequence[Traced], *, title: str = ""
) -> Plot:
    compiled = question.compiled
    formula, output, variable = compiled.formula, compiled.output, course.variable
    example = traced[0].example
    notes = (*question.notes, *_notes(course, traced))
    sources: dict[str, Source] = {source.iri: source for one in traced for source in one.example.sources}
    return Plot(
        kind=kind,
        title=f"{formula.label}{title}",
        x=Axis(variable.symbol, variable.label, compiled.unit_text(variable)),
        y=Axis(output.symbol if output else "", output.label if output else formula.label, example.unit),
        subtitle=(formula.expression, *_held(variable, example, several=len(traced) > 1), *notes),
        curves=tuple(one.curve for one in traced),
        notes=notes,
        formula=formula.iri,
        version=question.engines.version,
        inputs=_asked(question, course),
        sources=tuple(sources[iri] for iri in sorted(sources)),
    )


def _held(variable: "Variable", example: "Evaluation", *, several: bool) -> tuple[str, ...]:
    """The values that are held, in a line: constants of a fit go by its name."""
    from kg.exporters.plot_axes import number_text
    from kg.model.answer import Origin

    told = []
    for entry in example.inputs:
        if entry.symbol == variable.symbol or entry.origin is Origin.FIT:
            continue
        values = entry.value if isinstance(entry.value, tuple) else (entry.value,)
        numbers = ", ".join(number_text(value, entry.unit, digits=4) for value in values[:6])
        more = ", …" if len(values) > 6 else ""
        unit = "" if entry.unit == "1" else f" {entry.unit}"
        origin = "" if entry.origin is Origin.GIVEN else f" ({entry.origin})"
        told.append(f"{entry.symbol} = {numbers}{more}{unit}{origin}")
    if example.fit and not several:
        told.append(f"fit {example.fit}")
    return ("; ".join(told),) if told else ()


def _notes(course: Course, traced: Sequence[Traced]) -> tuple[str, ...]:
    """What the reader must know: values that are held outside of a fitted range, and gaps."""
    own = f"{course.variable.symbol} = "
    found = dict.fromkeys(
        warning for one in traced for warning in one.example.warnings if not warning.startswith(own)
    )
    for one in traced:
        if one.lost:
            found[f"{one.curve.name} has no value at {one.lost} of {len(one.curve.x)} points"] = None
    return tuple(found)


def _asked(question: Question, course: Course) -> dict[str, str]:
    from kg.formula.steps import number_shown

    low, high = number_shown(course.stretch.low), number_shown(course.stretch.high)
    told: dict[str, Any] = {"x": course.variable.symbol, course.variable.symbol: f"{low}..{high}"}
    told |= {name: str(given) for name, given in sorted(course.others.items())}
    told |= {"fit": question.fit, "unit": question.unit, "points": str(question.points)}
    return {name: text for name, text in told.items() if text}
