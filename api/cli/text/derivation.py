"""A derivation as a note of a laboratory: what is known, each step with number, unit and source, the result."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from api.cli.text.layout import section, table, warning_lines
from api.figures import format_number, with_unit
from kg.model.derivation_parts import all_sources, constants_of, in_base_units

if TYPE_CHECKING:
    from kg.model.derivation import AlternativeWay, ConsistencyCheck, Derivation, DerivationStep, DerivedInput
    from kg.model.evidence import Source
    from kg.model.iri import Iri


def derivation_text(derivation: "Derivation") -> str:
    """The answer of ``trivium derive``; numbers in brackets lead to the sources at the end."""
    sources = all_sources(derivation)
    numbers = {source.iri: number for number, source in enumerate(sources, 1)}
    values = sorted(derivation.inputs, key=lambda value: _ORDER.index(str(value.origin)))
    lines = table(_value(value, numbers) for value in values)
    for step in derivation.steps:
        lines += [*[""] * bool(lines), *_step(step, constants_of(derivation, step), numbers)]
    result = f"{derivation.label} = {with_unit(derivation.value, derivation.unit)}"
    lines += [*[""] * bool(lines), result]
    lines += warning_lines(derivation.warnings)
    lines += section("What other formulas say", table(map(_check, derivation.checks)))
    lines += section("Other ways", [_way(way) for way in derivation.alternatives])
    listed = (f"  [{numbers[source.iri]}] {source.label}{_address(source)}" for source in sources)
    return "\n".join([*lines, *section("Sources", list(listed))])


_ORDER = ("given", "subject", "default", "fit", "derived")


def _value(value: "DerivedInput", numbers: "Mapping[Iri, int]") -> tuple[str, str, str]:
    origin = str(value.origin)
    if value.subject:
        origin = value.subject.rpartition("/")[2]
    marks = _marks((value.source,) if value.source else (), numbers)
    return value.label, with_unit(value.value, value.unit), f"{origin}{marks}"


def _step(
    step: "DerivationStep", constants: "Sequence[DerivedInput]", numbers: "Mapping[Iri, int]"
) -> list[str]:
    mark = f"{step.number}. "
    indent = " " * len(mark)
    what = step.quantity_label or step.symbol
    lines = [f"{mark}{what} = {with_unit(step.value, step.unit)}"]
    lines += [f"{indent}{step.label}{_marks(step.sources, numbers)}", f"{indent}{_work(step)}"]
    fit = f" (fit {step.fit})" if step.fit else ""
    if constants:
        own = ", ".join(f"{value.symbol} = {with_unit(value.value, value.unit)}" for value in constants)
        lines += [f"{indent}where {own}{fit}"]
    if len(step.roots) > 1:
        lines += [f"{indent}taken of the roots {format_number(step.roots)}"]
    return lines + [f"{indent}Mind: {warning}" for warning in step.warnings]


def _work(step: "DerivationStep") -> str:
    """The relation as it was solved, with the numbers behind it."""
    text = step.solved or step.expression
    head, equals, numbers = step.substituted.partition(" = ")
    if equals and text.startswith(f"{head} = "):
        text += f" = {numbers}"
    elif step.substituted:
        text += f", with {step.substituted}"
    text += ", by number" if step.method == "numeric" else ", solved together" if step.block else ""
    return f"{text} (base units)" if in_base_units(step) else text


def _check(check: "ConsistencyCheck") -> tuple[str, str, str]:
    computed = f"{check.symbol} = {with_unit(check.computed, check.unit)}"
    known = with_unit(check.known, check.unit)
    return check.label, computed, "agrees" if check.agrees else f"{_percent(check)} from {known}"


def _way(way: "AlternativeWay") -> str:
    fits = f", fit {', '.join(way.fits)}" if way.fits else ""
    return f"  {with_unit(way.value, way.unit)}, {_percent(way)} away, by {'; '.join(way.labels)}{fits}"


def _percent(apart: "ConsistencyCheck | AlternativeWay") -> str:
    return f"{format_number(100 * apart.relative_difference)} %"


def _marks(sources: "Iterable[Source]", numbers: "Mapping[Iri, int]") -> str:
    return "".join(f" [{number}]" for number in sorted(numbers[source.iri] for source in sources))


def _address(source: "Source") -> str:
    return f", {source.url}" if source.url else ""
