"""Plots of formulas: over one variable, fit beside fit, and over what is observed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.errors import BadParameter, TooLarge, UnknownSymbol
from kg.model.plot import Plot, PlotKind
from kg.services.engines import Engines
from kg.services.formulas import Givens, ask, find_formula
from kg.services.plot_bars import sensitivity_plot
from kg.services.plot_curves import Course, Traced, trace
from kg.services.plot_question import Question, no_range
from kg.services.plot_record import plot_of
from kg.services.plot_spots import pair_of, spots_of

if TYPE_CHECKING:
    from kg.model.formula import Variable

POINTS: Final = 200
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
    band: str = "",
    subject: str = "",
    fit: str = "",
    unit: str = "",
) -> Plot:
    """What a picture of a formula shows, as numbers; values by symbol or quantity slug, one of them as a range.

    ``band`` is a method by which uncertainty is propagated, as of an evaluation.

    Raises:
        NotFound: no such formula, subject or fit. TooLarge: too many points or fits.
        BadParameter: ``kind``, ``x`` or a range is off, or there is nothing of that kind to show.
        OutOfDomain: an end of the range lies outside the domain, or there is no value at any point.
        MissingValue, UnknownSymbol, WrongDimension, BadSyntax: as :func:`kg.formula.evaluate.evaluate`.
    """
    shown = find_kind(kind)
    compiled, observed, notes = ask(engines, reference, subject)
    question = Question(engines, compiled, givens, x, points, observed, notes, fit, unit, read_band(band))
    return {
        PlotKind.SWEEP: _sweep,
        PlotKind.FITS: _fits,
        PlotKind.OBSERVED: _observed,
        PlotKind.SENSITIVITY: sensitivity_plot,
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


def read_band(name: str) -> str:
    """The method of that name; empty where there is to be no band.

    Raises:
        BadParameter: there is no such method.
    """
    from kg.formula.uncertainty import METHODS, NONE

    if name and name not in METHODS:
        raise BadParameter("band", name[:40], f"one of {', '.join(METHODS)}")
    return "" if name == NONE else name


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
    return plot_of(question, course, PlotKind.SWEEP, [trace(course, question.fit)])


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
    traced = [_trace_fit(course, name, labels.get(name, "")) for name in dict.fromkeys(names)]
    if course.band and not any(one.curve.low for one in traced):
        trace(course, names[0])  # Says why there is no band.
    return plot_of(one, course, PlotKind.FITS, traced, title=": fits compared")


def _trace_fit(course: Course, fit: str, label: str) -> Traced:
    """The curve of a fit, without a band where its source gives no spread."""
    try:
        return trace(course, fit, name=label)
    except BadParameter as error:
        if error.name != "band":
            raise
        return trace(replace(course, band=""), fit, name=label)


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
        ends = (low / MARGIN, high * MARGIN) if low > 0 else (low, high)
        asked = within(*ends, variable.domain) or stretch
    if asked is None:
        raise no_range(variable)
    course = question.along(variable, asked, others)
    plot = plot_of(
        question, course, PlotKind.OBSERVED, [trace(course, question.fit)], title=", with what is observed"
    )
    return replace(plot, spots=spots)


def _is_asked(question: Question, variable: "Variable") -> bool:
    from kg.formula.stretch import key_of

    return bool(key_of(question.compiled, question.givens, variable.symbol))
