"""Tables of what a resource is made of: variables, fits, examples, readings, costs, prerequisites."""

from collections.abc import Iterable, Mapping
from typing import Final

from kg.exporters.fields import Fields, of_class, one, read_range
from kg.model.description import Description
from kg.model.evidence import Source
from kg.model.iri import Iri
from kg.model.reference import Cell, Table

ROLES: Final = ("output", "input", "constant", "index")
SHOWN: Final = (
    *("Variable", "ConstantSet", "ConstantValue", "Range", "WorkedExample", "Reading", "Complexity"),
    *("Prerequisite", "Component", "Relation", "Assessment"),
)
"""Classes whose members are rows of tables, hence no parts with a section of their own."""


def part_tables(description: Description, sources: Mapping[Iri, Source]) -> tuple[Table, ...]:
    """The tables of a resource's own parts and of what a topic requires and covers; those without rows left out."""
    parts = {part.iri: Fields(part, sources) for part in description.parts}
    own = Fields(description, sources)
    inferred = dict(description.inferred_units)

    def members(name: str) -> list[Fields]:
        return [parts[part.iri] for part in of_class(description.parts, name)]

    tables = (
        _requires(own, members("Prerequisite")),
        _listed("Covers", own, "covers"),
        _variables(
            "Variables",
            [parts[link.iri] for link in own.links("hasVariable") if link.iri in parts],
            inferred,
        ),
        _fits(own, members("ConstantSet"), parts),
        _examples(members("WorkedExample")),
        _readings(own, members("Reading")),
        *(
            _variables(
                f"Variables of: {reading.label}",
                [parts[link.iri] for link in reading.links("hasVariable") if link.iri in parts],
                inferred,
            )
            for reading in members("Reading")
        ),
        _costs(members("Complexity")),
        _components(members("Component")),
    )
    return tuple(table for table in tables if table.rows)


def make_table(title: str, columns: Iterable[str], rows: Iterable[tuple[Cell, ...]]) -> Table:
    """A table without the columns that hold nothing."""
    names, lines = tuple(columns), tuple(rows)
    kept = [at for at in range(len(names)) if any(line[at] for line in lines)]
    return Table(
        title, tuple(names[at] for at in kept), tuple(tuple(line[at] for at in kept) for line in lines)
    )


def _variables(title: str, variables: list[Fields], inferred: Mapping[Iri, str]) -> Table:
    def order(variable: Fields) -> tuple[int, str]:
        role = variable.text("role")
        return ROLES.index(role) if role in ROLES else len(ROLES), variable.text("symbol").lower()

    return make_table(
        title,
        ("symbol", "meaning", "quantity", "unit", "role", "domain", "value", "source"),
        (
            (
                v.linked(v.text("symbol")),
                one(v.label),
                v.links("ofQuantity"),
                v.links("hasUnit") or one(inferred.get(v.iri, "")),
                one(v.text("role")),
                one(_domain(v)),
                one(v.text("value") or _given(v)),
                v.sources,
            )
            for v in sorted(variables, key=order)
        ),
    )


def _domain(v: Fields) -> str:
    bounds = read_range(
        v.text("minInclusive"),
        v.text("maxInclusive"),
        above=v.text("minExclusive"),
        below=v.text("maxExclusive"),
    )
    return ", ".join(filter(None, (bounds, "whole" if v.text("integer") == "yes" else "")))


def _given(v: Fields) -> str:
    default = v.text("default")
    return f"{default} if not given" if default else ""


def _fits(own: Fields, fits: list[Fields], parts: Mapping[Iri, Fields]) -> Table:
    default = {link.iri for link in own.links("defaultConstantSet")}

    def written(iris: Iterable[Iri], *, is_range: bool) -> str:
        return "; ".join(_constant(parts[iri], parts, is_range=is_range) for iri in iris if iri in parts)

    ordered = sorted(
        fits, key=lambda fit: (fit.iri not in default, fit.text("http://purl.org/dc/terms/issued"))
    )
    return make_table(
        "Fits",
        ("fit", "values", "valid for", "conditions", "evidence", "source"),
        (
            (
                fit.linked(fit.label + (" (used unless another is named)" if fit.iri in default else "")),
                one(written((link.iri for link in fit.links("hasConstant")), is_range=False)),
                one(written((link.iri for link in fit.links("validFor")), is_range=True)),
                fit.texts("condition"),
                one(fit.standing),
                fit.sources,
            )
            for fit in ordered
        ),
    )


def _constant(value: Fields, parts: Mapping[Iri, Fields], *, is_range: bool) -> str:
    variable = next((parts[link.iri] for link in value.links("ofVariable") if link.iri in parts), None)
    symbol = variable.text("symbol") if variable else value.label
    bounds = read_range(value.text("low"), value.text("high"))
    if is_range:
        return f"{symbol} {bounds}"
    error, level = value.text("standardError"), value.text("level")
    written = f"{symbol} = {value.text('value')}" + (f" ± {error}" if error else "")
    told = ", ".join(filter(None, (bounds, f"level {level}" if level else "")))
    return f"{written} ({told})" if told else written


def _examples(examples: list[Fields]) -> Table:
    return make_table(
        "Worked examples",
        ("example", "given", "expected", "fit", "basis", "checked", "source"),
        (
            (
                e.linked(e.label),
                one(e.text("givens")),
                one(e.text("expected")),
                one(e.text("usesConstantSet")),
                one(e.text("basis")),
                one(e.text("verification")),
                e.sources,
            )
            for e in examples
        ),
    )


def _readings(own: Fields, readings: list[Fields]) -> Table:
    preferred = {link.iri for link in own.links("preferredReading")}
    return make_table(
        "Readings",
        ("reading", "meaning", "expression", "certainty", "source"),
        (
            (
                r.linked(r.label + (" (preferred)" if r.iri in preferred else "")),
                one(r.text("meaning")),
                one(r.text("expression")),
                one(r.text("certainty")),
                r.sources,
            )
            for r in sorted(readings, key=lambda r: (r.iri not in preferred, r.iri))
        ),
    )


def _costs(costs: list[Fields]) -> Table:
    return make_table(
        "Costs",
        ("cost", "grows as", "symbols", "conditions", "evidence", "source"),
        (
            (
                c.links("ofQuantity"),
                one(c.text("expression")),
                c.links("hasVariable"),
                c.texts("condition"),
                one(c.standing),
                c.sources,
            )
            for c in costs
        ),
    )


def _requires(own: Fields, reasons: list[Fields]) -> Table:
    why = {link.iri: reason for reason in reasons for link in reason.links("to")}
    return make_table(
        "Requires",
        ("topic", "why, or what it is"),
        (
            ((link,), one(why[link.iri].text("reason") if link.iri in why else link.definition))
            for link in own.links("requires")
        ),
    )


def _listed(title: str, own: Fields, name: str) -> Table:
    return make_table(title, ("what", "is"), (((link,), one(link.definition)) for link in own.links(name)))


def _components(components: list[Fields]) -> Table:
    return make_table(
        "Components",
        ("component", "for", "evidence", "source"),
        ((c.links("component"), one(c.text("purpose")), one(c.standing), c.sources) for c in components),
    )
