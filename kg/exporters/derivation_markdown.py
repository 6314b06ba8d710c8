"""A derivation as Markdown (https://spec.commonmark.org): each step with its numbers, units, conditions and sources."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from kg.exporters.figures import number_text, value_text
from kg.exporters.markdown import escape_markdown
from kg.model.derivation import AlternativeWay, ConsistencyCheck, Derivation, DerivationStep, DerivedInput
from kg.model.derivation_parts import all_sources, constants_of, in_base_units
from kg.model.evidence import Source
from kg.model.iri import Iri

_MARK: Final = re.compile(r"^(\d{0,9})([-+=.)])")
Numbers = Mapping[Iri, int]
"""Source → its number in the list at the end."""


def derivation_markdown(derivation: Derivation) -> str:
    """The derivation as a document that reads as plain text as well; ends with a line break."""
    sources = all_sources(derivation)
    numbers = {source.iri: number for number, source in enumerate(sources, 1)}
    result = escape_markdown(value_text(derivation.value, derivation.unit))
    lines = [f"# {escape_markdown(derivation.label)}", "", f"**{result}**, {_count(derivation)}."]
    lines += _section("", [f"- Mind: {escape_markdown(text)}" for text in derivation.warnings])
    lines += _section(
        "## Steps", [line for step in derivation.steps for line in _step(step, derivation, numbers)]
    )
    lines += _values(derivation, numbers)
    lines += _section("## What other formulas say", map(_check, derivation.checks))
    lines += _section("## Other ways", map(_way, derivation.alternatives))
    listed = (f"{number}. {_cite(source)}" for number, source in enumerate(sources, 1))
    return "\n".join([*lines, *_section("## Sources", listed)]) + "\n"


def _count(derivation: Derivation) -> str:
    steps = len(derivation.steps)
    return "known without a step" if not steps else "in 1 step" if steps == 1 else f"in {steps} steps"


def _section(title: str, lines: Iterable[str]) -> list[str]:
    lines = list(lines)
    return [*(["", title] if title else []), "", *lines] if lines else []


def _step(step: DerivationStep, derivation: Derivation, numbers: Numbers) -> Iterator[str]:
    mark = f"{step.number}. "
    indent = " " * len(mark) + "- "
    marks = _marks(step.sources, numbers)
    yield f"{mark}[{escape_markdown(step.label)}](<{step.formula}>): {code(step.expression)}{marks}"
    what = escape_markdown(step.quantity_label or step.symbol)
    yield f"{indent}{what}: **{escape_markdown(value_text(step.value, step.unit))}**"
    if step.solved and step.solved != step.expression:
        yield f"{indent}{_how(step)}: {code(step.solved)}"
    if step.substituted:
        yield f"{indent}with numbers{', in base units' * in_base_units(step)}: {code(step.substituted)}"
    own = constants_of(derivation, step)
    if own:
        told = ", ".join(f"{value.symbol} = {value_text(value.value, value.unit)}" for value in own)
        yield f"{indent}where {escape_markdown(told)}"
    if len(step.roots) > 1:
        yield f"{indent}taken of the roots {number_text(step.roots)}"
    if step.fit:
        reason = f": {escape_markdown(step.fit_rationale)}" if step.fit_rationale else ""
        yield f"{indent}fit {code(step.fit)}{reason}"
    for text in step.conditions:
        yield f"{indent}{_item(text)}"
    for text in step.warnings:
        yield f"{indent}Mind: {escape_markdown(text)}"


def _how(step: DerivationStep) -> str:
    return f"solved together, block {step.block}" if step.block else step.method


def _values(derivation: Derivation, numbers: Numbers) -> list[str]:
    rows = [_row(value, numbers) for value in derivation.inputs]
    return _section("## Values", ["| value | | from |", "| --- | --- | --- |", *rows] if rows else [])


def _row(value: DerivedInput, numbers: Numbers) -> str:
    number = value_text(value.value, value.unit)
    subject = f" of <{value.subject}>" if value.subject else ""
    marks = _marks((value.source,) if value.source else (), numbers)
    return f"| {escape_markdown(value.label)} | {escape_markdown(number)} | {value.origin}{subject}{marks} |"


def _check(check: ConsistencyCheck) -> str:
    known, computed = (
        escape_markdown(value_text(value, check.unit)) for value in (check.known, check.computed)
    )
    verdict = "agrees" if check.agrees else "disagrees"
    return (
        f"- [{escape_markdown(check.label)}](<{check.formula}>) {verdict}: it gives {computed} for "
        f"{code(check.symbol)}, which is {known} ({check.relative_difference:.2g} apart)"
    )


def _way(way: AlternativeWay) -> str:
    chain = ", ".join(
        f"[{escape_markdown(label)}](<{iri}>)" for iri, label in zip(way.formulas, way.labels, strict=True)
    )
    minded = "".join(f"; mind: {escape_markdown(text)}" for text in way.warnings)
    value = escape_markdown(value_text(way.value, way.unit))
    chain += f", fit {', '.join(map(code, way.fits))}" if way.fits else ""
    return f"- **{value}** ({way.relative_difference:.2g} apart) by {chain}{minded}"


def _marks(sources: Iterable[Source], numbers: Numbers) -> str:
    marks = sorted(numbers[source.iri] for source in sources)
    return "".join(f" \\[{number}\\]" for number in marks)


def _cite(source: Source) -> str:
    return f"[{escape_markdown(source.label)}](<{source.url or source.iri}>)"


def _item(text: str) -> str:
    """The text of a list item, which begins no list of its own."""
    return _MARK.sub(r"\1\\\2", escape_markdown(text))


def code(text: str) -> str:
    """Text as a span of code, whatever it holds (https://spec.commonmark.org/0.31.2/#code-spans)."""
    text = " ".join(text.split())
    fence = "`"
    while fence in text:
        fence += "`"
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"
