"""Traced curves as the record of a plot: axes, what is held, what the reader must know, sources."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from kg.model.evidence import Source
from kg.model.plot import Axis, Plot, PlotKind
from kg.services.plot_curves import Course, Traced
from kg.services.plot_question import Question

if TYPE_CHECKING:
    from kg.model.answer import Evaluation

WORDS: Final = {
    "linear": "to first order",
    "interval": "by interval arithmetic",
    "monte-carlo": "by Monte Carlo",
}
"""Methods of propagation, as a caption has them."""


def plot_of(
    question: Question, course: Course, kind: PlotKind, traced: Sequence[Traced], *, title: str = ""
) -> Plot:
    """The plot of curves along one course, with what is to be said of them.

    ``title`` follows the formula's label.
    """
    compiled = question.compiled
    formula, output, variable = compiled.formula, compiled.output, course.variable
    example = traced[0].example
    notes = (*question.notes, *_notes(course, traced))
    band = _band(traced)
    sources: dict[str, Source] = {source.iri: source for one in traced for source in one.example.sources}
    return Plot(
        kind=kind,
        title=f"{formula.label}{title}",
        x=Axis(variable.symbol, variable.label, compiled.unit_text(variable), course.stretch.scale),
        y=Axis(output.symbol if output else "", output.label if output else formula.label, example.unit),
        subtitle=(
            formula.expression,
            *held_line(example, without=variable.symbol, several=len(traced) > 1),
            *([f"band: {band}"] if band else ()),
            *notes,
        ),
        curves=tuple(one.curve for one in traced),
        band=band,
        notes=(*notes, *_remarks(course, traced)),
        formula=formula.iri,
        version=question.engines.version,
        inputs=_asked(question, course),
        sources=tuple(sources[iri] for iri in sorted(sources)),
    )


def held_line(example: "Evaluation", *, without: str = "", several: bool = False) -> tuple[str, ...]:
    """The values that are held, in a line: constants of a fit go by its name."""
    from kg.exporters.plot_axes import number_text
    from kg.model.answer import Origin

    told = []
    for entry in example.inputs:
        if entry.symbol == without or entry.origin is Origin.FIT:
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


def _band(traced: Sequence[Traced]) -> str:
    """What the band is, in words; empty where there is none."""
    for one in traced:
        found = one.example.uncertainty
        if one.curve.low and found is not None:
            sure = "bounds" if found.level is None else f"{100 * found.level:g} % interval"
            return f"{sure}, {WORDS[str(found.method)]}"
    return ""


def _notes(course: Course, traced: Sequence[Traced]) -> tuple[str, ...]:
    """What the reader must know: values that are held outside of a fitted range, and gaps."""
    own = f"{course.variable.symbol} = "
    found = dict.fromkeys(
        warning for one in traced for warning in one.example.warnings if not warning.startswith(own)
    )
    for one in traced:
        whose, count = f"{one.curve.name}: " if len(traced) > 1 else "", len(one.curve.x)
        if one.lost:
            found[f"{whose}no value at {one.lost} of {count} points: {one.reason}"] = None
        if one.bandless:
            found[f"{whose}no band at {one.bandless} of {count} points"] = None
    bare = "; ".join(one.curve.name for one in traced if course.band and not one.curve.low)
    return (*found, *((f"no band, since no spread of the constants is known: {bare}",) if bare else ()))


def _remarks(course: Course, traced: Sequence[Traced]) -> Iterator[str]:
    """What the method says of the band, at the point that stands for all."""
    from kg.formula.steps import number_shown

    symbol = course.variable.symbol
    for one in traced:
        found = one.example.uncertainty
        if found is None:
            continue
        at = next(entry.value for entry in one.example.inputs if entry.symbol == symbol)
        place = number_shown(at) if isinstance(at, float | int) else ""
        yield from (f"{one.curve.name}, at {symbol} = {place}: {note}" for note in found.notes)


def _asked(question: Question, course: Course) -> dict[str, str]:
    from kg.formula.steps import number_shown

    low, high = number_shown(course.stretch.low), number_shown(course.stretch.high)
    told: dict[str, Any] = {"x": course.variable.symbol, course.variable.symbol: f"{low}..{high}"}
    told |= {name: str(given) for name, given in sorted(course.others.items())}
    told |= {
        "fit": question.fit,
        "unit": question.unit,
        "band": question.band,
        "points": str(question.points),
    }
    return {name: text for name, text in told.items() if text}
