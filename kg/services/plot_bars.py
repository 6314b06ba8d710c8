"""What each input does to the output, as bars around the output's value."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from kg.errors import BadParameter
from kg.model.plot import Axis, Bar, Plot, PlotKind
from kg.services.plot_question import Question

if TYPE_CHECKING:
    from kg.model.sensitivity import Sensitivity, Sway

MOST_BARS: Final = 20


def sensitivity_plot(question: Question) -> Plot:
    """The widest swings of the output, input by input, each varied as far as is known, the others held.

    Raises:
        BadParameter: an option is given that is none of this kind, or nothing can be varied.
            Otherwise as :func:`kg.formula.sensitivity.sensitivity`.
    """
    from kg.formula.sensitivity import sensitivity
    from kg.formula.stretch import is_stretch

    for name, value in (("x", question.x), ("band", question.band)):
        if value:
            raise BadParameter(name, value[:40], "nothing with kind=sensitivity, which varies each input")
    for name, given in question.givens.items():
        if isinstance(given, str) and is_stretch(given):
            raise BadParameter(name[:64], given[:40], "one value with kind=sensitivity, as 70B or 70B ± 5B")
    found = sensitivity(
        question.compiled,
        question.givens,
        observed=question.observed,
        fit=question.fit,
        unit=question.unit,
        units=question.engines.units,
    )
    moved = [row for row in found.inputs if row.swing is not None]
    if not moved:
        why = "; ".join(f"{row.symbol}: {row.reason}" for row in found.inputs[:3])
        raise BadParameter("kind", "sensitivity", f"another kind here: no input can be varied ({why})")
    notes = (*question.notes, *found.warnings, *_notes(found, moved))
    output, formula = question.compiled.output, question.compiled.formula
    return Plot(
        kind=PlotKind.SENSITIVITY,
        title=f"{formula.label}: sensitivity",
        y=Axis(output.symbol if output else "", output.label if output else formula.label, found.unit),
        subtitle=(formula.expression, *_held(found), *_bases(moved), *notes),
        bars=tuple(map(_bar, moved[:MOST_BARS])),
        base=found.value,
        notes=notes,
        formula=formula.iri,
        version=question.engines.version,
        inputs={name: str(given) for name, given in sorted(question.givens.items())},
        sources=found.sources,
    )


def _bar(row: "Sway") -> Bar:
    from kg.exporters.plot_axes import number_text

    assert row.low is not None and row.high is not None  # noqa: S101 - it has a swing
    assert row.output_low is not None and row.output_high is not None  # noqa: S101 - likewise
    unit = "" if row.unit == "1" else f" {row.unit}"
    low, high = (number_text(end, row.unit, digits=4) for end in (row.low, row.high))
    return Bar(
        f"{row.label} {row.symbol}{unit and f' ({row.unit})'}",
        row.output_low,
        row.output_high,
        low,
        high,
        row.basis,
    )


def _held(found: "Sensitivity") -> tuple[str, ...]:
    """The point around which all is varied, in a line: constants of a fit go by its name."""
    from kg.exporters.plot_axes import number_text
    from kg.model.answer import Origin

    told = []
    for row in found.inputs:
        if row.origin is Origin.FIT:
            continue
        unit = "" if row.unit == "1" else f" {row.unit}"
        origin = "" if row.origin is Origin.GIVEN else f" ({row.origin})"
        told.append(f"{row.symbol} = {number_text(row.value, row.unit, digits=4)}{unit}{origin}")
    told = [*sorted(told), *([f"fit {found.fit}"] if found.fit else ())]
    return ("; ".join(told),) if told else ()


def _bases(moved: "Sequence[Sway]") -> tuple[str, ...]:
    """How far inputs are varied, and why, in a line."""
    bases: dict[str, list[str]] = {}
    for row in moved[:MOST_BARS]:
        bases.setdefault(row.basis, []).append(row.symbol)
    return (
        "varied: " + "; ".join(f"{', '.join(sorted(names))} by {basis}" for basis, names in bases.items()),
    )


def _notes(found: "Sensitivity", moved: "Sequence[Sway]") -> tuple[str, ...]:
    """What the picture leaves out."""
    still = tuple(f"{row.symbol} has no bar: {row.reason}" for row in found.inputs if row.swing is None)
    fewer = len(moved) - MOST_BARS
    return (*still[:3], *((f"{fewer} inputs with narrower swings are left out",) if fewer > 0 else ()))
