"""Answers as plain text for a terminal: the number first, then what it rests on."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from kg.rdf.prefixes import Prefixes

if TYPE_CHECKING:
    from kg.model.advice import NextAdvice
    from kg.model.answer import Evaluation, InputValue, Solution, Step
    from kg.model.description import Description, Property
    from kg.model.evidence import Source
    from kg.model.plan import Plan
    from kg.model.search import Piece, SearchAnswer

WIDTH = 72


def format_number(value: object) -> str:
    """A number as people read it: four significant digits, powers of ten where they are shorter.

    >>> format_number(3.9810717), format_number(5.88e23), format_number(66), format_number((0.5, 0.3))
    ('3.981', '5.88e23', '66', '0.5, 0.3')
    """
    if isinstance(value, tuple | list):
        return ", ".join(format_number(item) for item in value)
    if not isinstance(value, float | int):
        return str(value)
    digits, _, power = f"{value:.4g}".partition("e")
    return f"{digits}e{int(power)}" if power else digits


def with_unit(value: object, unit: str) -> str:
    """A number with its unit; plain numbers have none.

    >>> with_unit(7e10, "parameter"), with_unit(0.5, "1")
    ('7e10 parameter', '0.5')
    """
    number = format_number(value)
    return number if unit in ("", "1") else f"{number} {unit}"


def table(rows: Iterable[Sequence[str]], *, indent: str = "  ") -> list[str]:
    """Rows with their columns aligned; the last column is not padded."""
    rows = list(rows)
    if not rows:
        return []
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    return [
        (
            indent
            + "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])
        ).rstrip()
        for row in rows
    ]


def evaluation_text(evaluation: "Evaluation") -> str:
    """The answer of ``trivium eval``."""
    lines = [f"{evaluation.symbol} = {with_unit(evaluation.value, evaluation.unit)}", ""]
    lines += [f"{evaluation.label}: {evaluation.expression}"]
    lines += _inputs(evaluation.inputs)
    lines += _fit(evaluation.fit, evaluation.fit_rationale)
    lines += _section("Steps", _steps(evaluation.steps))
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
    lines += _section("Readings (* preferred)", table(readings))
    lines += _section("Sources", _sources(evaluation.sources))
    lines += _warnings(evaluation.warnings)
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
    lines += _inputs(solution.inputs)
    lines += _fit(solution.fit, solution.fit_rationale)
    lines += _section("Steps", _steps(solution.steps))
    lines += _section("Sources", _sources(solution.sources))
    lines += _warnings(solution.warnings)
    return "\n".join(lines)


def advice_text(advice: "NextAdvice") -> str:
    """The answer of ``trivium next``."""
    lines = []
    for topic in advice.topics:
        lines.append(f"{topic.rank}. {topic.label} ({topic.slug}), {format_number(topic.hours)} h")
        lines += [f"     {reason.text}" for reason in topic.reasons]
    if advice.note:
        lines.append(advice.note)
    if advice.remaining_hours is not None:
        lines.append(f"{format_number(advice.remaining_hours)} hours ahead of the goal, itself included")
    if advice.implied:
        lines.append(f"counted as known as well: {', '.join(advice.implied)}")
    return "\n".join(lines)


def search_text(answer: "SearchAnswer", base: str, mark: Callable[[str], str]) -> str:
    """The answer of ``trivium search``: each hit by ``kind/slug``, with its label and what is said of it."""
    lines = [f"searched for {answer.corrected!r}"] if answer.corrected else []
    for hit in answer.hits:
        lines.append(f"{hit.iri.removeprefix(base)}  {_marked(hit.title, mark)}")
        lines += [f"    {_marked(hit.snippet, mark)}"] if hit.snippet else []
    if answer.total > len(answer.hits):
        lines.append(f"the first {len(answer.hits)} of {answer.total}")
    rows = [(near.iri.removeprefix(base), near.label) for near in answer.suggestions]
    return "\n".join([*lines, *([] if answer.hits else ["nothing has all these words"]), *_near(rows)])


def _near(rows: list[tuple[str, str]]) -> list[str]:
    return ["near to it:", *table(rows)] if rows else []


def _marked(pieces: tuple["Piece", ...], mark: Callable[[str], str]) -> str:
    return "".join(mark(piece.text) if piece.is_match else piece.text for piece in pieces)


def plan_text(plan: "Plan") -> str:
    """The answer of ``trivium plan``."""
    lines = [plan.note] if plan.note else []
    for step in plan.steps:
        days = f", {step.first_day} to {step.last_day}" if step.first_day else ""
        lines.append(f"{step.position}. {step.label} ({step.slug}), {format_number(step.hours)} h{days}")
        lines += [f"     {reason.text}" for reason in step.reasons]
    if plan.steps:
        count = "1 step" if len(plan.steps) == 1 else f"{len(plan.steps)} steps"
        lines.append(f"{count}, {format_number(plan.hours)} hours" + _saved(plan))
        metric = plan.metric
        lines.append(f"order {metric.order}: {metric.name}: {format_number(metric.value)}")
    if plan.implied:
        lines.append(f"counted as known as well: {', '.join(plan.implied)}")
    return "\n".join(lines)


def _saved(plan: "Plan") -> str:
    saved = plan.hours_saved
    return f", {format_number(saved)} hours less than one goal at a time" if saved > 0 else ""


def description_text(description: "Description", prefixes: Prefixes) -> str:
    """The answer of ``trivium show``: what it is, what is said of it, its parts, and what points to it."""
    types = ", ".join(link.label or prefixes.compress(link.iri) for link in description.types)
    lines = [description.label or prefixes.compress(description.iri), f"{types} · {description.iri}"]
    if description.definition:
        lines += ["", description.definition]
    lines += ["", *_properties(description.properties, prefixes)]
    for part in description.parts:
        lines += ["", f"#{part.iri.partition('#')[2]}  {part.label}".rstrip()]
        lines += _properties(part.properties, prefixes)
    rows = [(f"{p.name} of", _links(p, prefixes)) for p in description.incoming]
    lines += _section("What points to it", table(rows))
    return "\n".join(lines)


SHOWN_ELSEWHERE = frozenset({"skos:prefLabel", "rdfs:label", "skos:definition", "rdf:type"})


def _properties(properties: tuple["Property", ...], prefixes: Prefixes) -> list[str]:
    rows = []
    for prop in properties:
        if prop.name in SHOWN_ELSEWHERE:
            continue
        values = ", ".join(value.text for value in prop.values)
        rows.append((prop.name, " · ".join(filter(None, (values, _links(prop, prefixes))))))
    return table(rows)


def _links(prop: "Property", prefixes: Prefixes) -> str:
    return ", ".join(link.label or prefixes.compress(link.iri) for link in prop.links)


def _inputs(inputs: tuple["InputValue", ...]) -> list[str]:
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


def _fit(name: str, rationale: str) -> list[str]:
    if not name:
        return []
    return ["", f"Fit {name}" + (f": {rationale}" if rationale else "")]


def _steps(steps: tuple["Step", ...]) -> list[str]:
    return [
        f"  {number}. {step.action}: {step.relation}"
        + (f"  (where {step.condition})" if step.condition else "")
        for number, step in enumerate(steps, 1)
    ]


def _sources(sources: tuple["Source", ...]) -> list[str]:
    return [f"  {source.label}" + (f", {source.url}" if source.url else "") for source in sources]


def _warnings(warnings: tuple[str, ...]) -> list[str]:
    return ["", *(f"Mind: {warning}" for warning in warnings)] if warnings else []


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", f"{title}:", *lines] if lines else []
