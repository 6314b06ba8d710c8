"""Evaluations and solutions as text: the number first, then what it rests on."""

from typing import TYPE_CHECKING

from api.cli.text.layout import section, table, warning_lines
from api.figures import with_unit

if TYPE_CHECKING:
    from kg.model.answer import Evaluation, InputValue, Solution, Step
    from kg.model.evidence import Source


def evaluation_text(evaluation: "Evaluation") -> str:
    """The answer of ``trivium eval``."""
    lines = [f"{evaluation.symbol} = {with_unit(evaluation.value, evaluation.unit)}", ""]
    lines += [f"{evaluation.label}: {evaluation.expression}"]
    lines += input_lines(evaluation.inputs)
    lines += fit_lines(evaluation.fit, evaluation.fit_rationale)
    lines += section("Steps", _steps(evaluation.steps))
    readings = [
        (
            "*" if reading.preferred else "",
            with_unit(reading.value, reading.unit)
            if reading.value is not None
            else f"no value: {reading.reason}",
            reading.meaning,
        )
        for reading in evaluation.readings
    ]
    lines += section("Readings (* preferred)", table(readings))
    if evaluation.uncertainty is not None:
        from api.cli.text.uncertainty import uncertainty_lines

        lines += uncertainty_lines(evaluation.uncertainty)
    lines += section("Sources", source_lines(evaluation.sources))
    lines += warning_lines(evaluation.warnings)
    return "\n".join(lines)


def solution_text(solution: "Solution") -> str:
    """The answer of ``trivium solve``."""
    roots = [f"{solution.symbol} = {with_unit(root.value, root.unit)}" for root in solution.roots]
    lines = [*(roots or [solution.closed_form]), ""]
    lines += [f"{solution.label}: {solution.expression}"]
    if solution.search is not None:
        lines += [f"By number, {solution.search.complete}: {solution.search.how}"]
    else:
        lines += [f"Closed form: {solution.closed_form}"]
    lines += input_lines(solution.inputs)
    lines += fit_lines(solution.fit, solution.fit_rationale)
    lines += section("Steps", _steps(solution.steps))
    lines += section("Sources", source_lines(solution.sources))
    lines += warning_lines(solution.warnings)
    return "\n".join(lines)


def input_lines(inputs: tuple["InputValue", ...]) -> list[str]:
    """A line for each input: value, unit, where it comes from."""
    rows = [
        (
            value.symbol,
            with_unit(value.value, value.unit),
            str(value.origin),
            value.label + (f" [{value.source.label}]" if value.source else ""),
        )
        for value in inputs
    ]
    return table(rows)


def fit_lines(name: str, rationale: str) -> list[str]:
    """Which fit is in use and why; nothing where none is."""
    if not name:
        return []
    return ["", f"Fit {name}" + (f": {rationale}" if rationale else "")]


def _steps(steps: tuple["Step", ...]) -> list[str]:
    return [
        f"  {number}. {step.action}: {step.relation}"
        + (f"  (where {step.condition})" if step.condition else "")
        for number, step in enumerate(steps, 1)
    ]


def source_lines(sources: tuple["Source", ...]) -> list[str]:
    """A line for each source, with its address."""
    return [f"  {source.label}" + (f", {source.url}" if source.url else "") for source in sources]
