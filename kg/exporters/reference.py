"""A description laid out as a reference page: what to show, in which order, and what is said elsewhere already."""

from collections.abc import Iterable, Iterator
from typing import Final

from kg.exporters.fields import SOURCE, Fields, as_words, of_class, one, read_value
from kg.exporters.part_tables import SHOWN, make_table, part_tables
from kg.model.description import Description, Link, Property, Statement
from kg.model.evidence import Source
from kg.model.reference import Cell, Fact, Part, Reference, Table

ELSEWHERE: Final = frozenset(
    {
        *("skos:prefLabel", "rdfs:label", "skos:definition", "rdf:type", "tv:expression", "tv:latex"),
        *("tv:hasVariable", "tv:hasConstantSet", "tv:hasExample", "tv:hasReading", "tv:hasComplexity"),
        *("tv:hasComponent", "tv:covers", "tv:requires", "tv:earliest", "tv:latest"),
        *("tv:value", "tv:low", "tv:high", "tv:hasUnit"),
        *("tv:effortHours", "tv:readingHours", "tv:practiceHours", "tv:effortBasis"),
    }
)
"""Properties that stand above the facts, in a table, or in a fact of their own."""
SAID_TWICE: Final = frozenset({"tv:about", "tv:object", "tv:to", "tv:from", "dcterms:isReplacedBy"})
"""Links from statements and reasons, which tables and plain links show, and from names that were given up."""
LAST: Final = (
    *("tv:condition", "tv:rationale", "tv:certainty", "tv:evidence", "tv:verification"),
    *("tv:verificationNote", "dcterms:source", "prov:wasDerivedFrom"),
)
NAMES: Final = {
    "skos:altLabel": "also called",
    "tv:verification": "checked",
    "tv:verificationNote": "how checked",
}


def lay_out(description: Description) -> Reference:
    """The description as a page; each thing that it says stands there once."""
    sources = {source.iri: source for source in description.sources}
    own = Fields(description, sources)
    facts = (*_composed(own), *_facts(description, own))
    tables = (*part_tables(description, sources), *_statements(description))
    shown = {part.iri for name in SHOWN for part in of_class(description.parts, name)}
    parts = tuple(
        Part(part, tuple(_facts(part, Fields(part, sources), all_of_it=True)))
        for part in description.parts
        if part.iri not in shown
    )
    incoming = tuple(
        Fact(_name(found), found.links) for found in description.incoming if found.name not in SAID_TWICE
    )
    page = Reference(description, own.text("expression"), facts, tables, parts, incoming, ())
    return Reference(
        description, page.expression, facts, tables, parts, incoming, tuple(dict.fromkeys(_cited(page)))
    )


def _composed(own: Fields) -> Iterator[Fact]:
    """Facts that several properties make up together."""
    value, low, high = own.text("value"), own.text("low"), own.text("high")
    if value or low or high:
        bounds = f"{low or '?'} to {high or '?'}" if low or high else ""
        number = f"{value} ({bounds})" if value and bounds else value or bounds
        unit = own.links("hasUnit")
        yield Fact("value", (f"{number} {unit[0].label}" if unit else number,))
    elif own.links("hasUnit"):
        yield Fact("unit", own.links("hasUnit"))
    hours = own.text("effortHours")
    if hours:
        kinds = ((own.text("readingHours"), "reading"), (own.text("practiceHours"), "practice"))
        split = ", ".join(f"{time} {kind}" for time, kind in kinds if time)
        basis = own.text("effortBasis")
        text = f"{hours} h" + (f": {split}" if split else "") + (f" ({basis})" if basis else "")
        yield Fact("effort", (text,))


def _facts(description: Description, own: Fields, *, all_of_it: bool = False) -> Iterator[Fact]:
    hidden = {"skos:prefLabel", "rdfs:label", "skos:definition", "rdf:type"} if all_of_it else ELSEWHERE
    found = [prop for prop in description.properties if prop.name not in hidden]

    def order(prop: Property) -> tuple[int, int]:
        return (LAST.index(prop.name) + 1 if prop.name in LAST else 0), found.index(prop)

    for prop in sorted(found, key=order):
        if prop.iri == SOURCE and own.sources:
            yield Fact("source", own.sources)
        else:
            yield Fact(_name(prop), (*map(read_value, prop.values), *prop.links))


def _name(prop: Property) -> str:
    return NAMES.get(prop.name) or as_words(prop.name)


def _statements(description: Description) -> Iterator[Table]:
    def members(kind: str) -> list[Statement]:
        return [statement for statement in description.statements if statement.kind == kind]

    yield from (
        table
        for table in (
            _figures(description, members("Observation")),
            _claims(members("Claim")),
            _assessments(members("Assessment")),
            _relations(members("Relation")),
        )
        if table.rows
    )


def _figures(description: Description, statements: Iterable[Statement]) -> Table:
    head = f"{description.label}: "
    return make_table(
        "Figures",
        ("figure", "value", "how", "when", "conditions", "evidence", "source"),
        (
            (
                (Link(s.iri, s.label.removeprefix(head)),),
                one(s.saying.value.text),
                one(s.saying.value.method),
                one(s.saying.value.date),
                s.conditions,
                one(_standing(s)),
                s.saying.value.sources,
            )
            for s in statements
        ),
    )


def _claims(statements: Iterable[Statement]) -> Table:
    return make_table(
        "Claims",
        ("claim", "value", "when", "conditions", "evidence", "source"),
        (
            (
                (Link(s.iri, s.text or s.label),),
                one(s.saying.value.text),
                one(s.saying.value.date),
                s.conditions,
                one(_standing(s)),
                s.saying.value.sources,
            )
            for s in statements
        ),
    )


def _assessments(statements: Iterable[Statement]) -> Table:
    return make_table(
        "Standing",
        ("maturity", "in words", "when", "evidence", "source"),
        (
            (
                (Link(s.iri, s.saying.value.text),),
                one(s.text),
                one(s.saying.value.date),
                one(_standing(s)),
                s.saying.value.sources,
            )
            for s in statements
        ),
    )


def _relations(statements: Iterable[Statement]) -> Table:
    def of(s: Statement) -> Cell:
        value = s.saying.value
        return (Link(value.iri, value.text),) if value.iri else one(value.text)

    return make_table(
        "Relations",
        ("relation", "to", "in words", "evidence", "source"),
        (
            (
                one(s.saying.property.label or as_words(s.saying.property.iri.replace("#", ":"))),
                of(s),
                (*one(s.text), *s.conditions),
                one(_standing(s)),
                s.saying.value.sources,
            )
            for s in statements
        ),
    )


def _standing(statement: Statement) -> str:
    value = statement.saying.value
    return ", ".join(text.replace("-", " ") for text in (value.evidence, value.verification) if text)


def _cited(page: Reference) -> Iterator[Source]:
    cells = [fact.cell for fact in page.facts]
    cells += [cell for table in page.tables for row in table.rows for cell in row]
    cells += [fact.cell for part in page.parts for fact in part.facts]
    return (piece for cell in cells for piece in cell if isinstance(piece, Source))
