"""A derivation in PROV-O (https://www.w3.org/TR/prov-o/), as N-Triples (https://www.w3.org/TR/n-triples/).

The document's IRI names the derived value; its steps, its values and their agents are hash IRIs of it. It is a
UUID of version 5 (RFC 9562, 5.5) over all that is said, so the same derivation has the same IRI everywhere.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from kg.exporters.figures import value_text
from kg.model.answer import Origin
from kg.model.derivation import Derivation, DerivationStep, DerivedInput
from kg.model.derivation_parts import (
    OutsideValue,
    all_sources,
    group_blocks,
    outside_values,
    target_step,
    value_key,
)
from kg.model.evidence import Source
from kg.model.iri import ONTOLOGY, Iri
from kg.release import VERSION

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_PROV: Final = "http://www.w3.org/ns/prov#"
_DCTERMS: Final = "http://purl.org/dc/terms/"
_SCHEMA: Final = "https://schema.org/"
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_HERE: Final = "urn:here"
"""Stands for the document's IRI until all is said."""
_WEB: Final = re.compile(
    r"https?://[A-Za-z0-9.-]+(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?(?:#[A-Za-z0-9._~/?-]*)?"
)
"""An address that surely is an IRI; another stands as text."""
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}

Line = tuple[str, str, str]
"""Subject and predicate as IRIs, object as N-Triples writes it."""


def derivation_ntriples(derivation: Derivation, units: Mapping[str, Iri] | None = None) -> str:
    """The derivation as a graph, sorted, without blank nodes; ``units`` leads from symbols to the units meant.

    Each step is an activity that used values, followed formulas as its plans, and generated a value. A value was
    derived from those values and from sources: ``prov:wasDerivedFrom+`` leads from the result to all of them.
    """
    lines = sorted(set(_Graph(derivation, units or {}).lines()))
    text = "".join(f"<{subject}> <{predicate}> {value} .\n" for subject, predicate, value in lines)
    return text.replace(_HERE, f"urn:uuid:{uuid5(NAMESPACE_URL, text)}")


class _Graph:
    def __init__(self, derivation: Derivation, units: Mapping[str, Iri]) -> None:
        self.derivation = derivation
        self.units = units
        self.outside = outside_values(derivation)
        target = target_step(derivation)
        self.target = target.number if target else 0

    def lines(self) -> Iterator[Line]:
        derivation = self.derivation
        engine = f"{_HERE}#engine"
        yield from _types(engine, "Agent", "SoftwareAgent")
        yield engine, f"{_RDFS}label", _text(f"Trivium {VERSION}")
        for outside in self.outside.values():
            yield from self.outer(outside)
        for steps in group_blocks(derivation.steps):
            yield from self.activity(steps, engine)
        if not derivation.steps:
            yield from self.value(
                _HERE, derivation.label, derivation.value, derivation.unit, derivation.target
            )
            for source in derivation.sources:
                yield _HERE, f"{_PROV}wasDerivedFrom", f"<{source.iri}>"
        for warning in derivation.warnings:
            yield _HERE, f"{_RDFS}comment", _text(warning)
        for source in all_sources(derivation):
            yield from _source(source)

    def outer(self, outside: OutsideValue) -> Iterator[Line]:
        """A value that no step gave."""
        iri, value = f"{_HERE}#input-{outside.number}", outside.value
        yield from self.value(iri, value.label, value.value, value.unit, value.quantity)
        yield iri, f"{_SKOS}note", _text(str(value.origin))
        if value.subject:
            yield iri, f"{ONTOLOGY}about", f"<{value.subject}>"
        if value.source:
            yield iri, f"{_PROV}wasDerivedFrom", f"<{value.source.iri}>"
        if value.origin is Origin.GIVEN:
            asker = f"{_HERE}#asker"
            yield from _types(asker, "Agent")
            yield asker, f"{_RDFS}label", _text("Who asked")
            yield iri, f"{_PROV}wasAttributedTo", f"<{asker}>"

    def activity(self, steps: tuple[DerivationStep, ...], engine: str) -> Iterator[Line]:
        """A step, or the steps of a block, which one act solves together."""
        own = {step.number for step in steps}
        activity = f"{_HERE}#step-{steps[0].number}"
        sources = {source for step in steps for source in step.sources}
        used = [self.iri_of(value, step) for step in steps for value in step.inputs if value.step not in own]
        yield from _types(activity, "Activity")
        yield activity, f"{_RDFS}label", _text("; ".join(step.label for step in steps))
        yield activity, f"{_PROV}wasAssociatedWith", f"<{engine}>"
        for entity in used:
            yield activity, f"{_PROV}used", f"<{entity}>"
        for step in steps:
            yield from self.plan(step, activity, engine)
            yield from self.generated(step, activity)
            for origin in (*used, *(source.iri for source in sources)):
                yield self.value_iri(step.number), f"{_PROV}wasDerivedFrom", f"<{origin}>"

    def plan(self, step: DerivationStep, activity: str, engine: str) -> Iterator[Line]:
        """The formula that a step followed."""
        association = f"{_HERE}#association-{step.number}"
        yield activity, f"{_PROV}qualifiedAssociation", f"<{association}>"
        yield association, f"{_RDF}type", f"<{_PROV}Association>"
        yield association, f"{_PROV}agent", f"<{engine}>"
        yield association, f"{_PROV}hadPlan", f"<{step.formula}>"
        yield from _types(step.formula, "Entity", "Plan")
        yield step.formula, f"{_RDFS}label", _text(step.label)
        yield step.formula, f"{ONTOLOGY}expression", _text(step.expression)
        yield activity, f"{_DCTERMS}description", _text(step.substituted or step.solved)
        if step.fit:
            yield activity, f"{_SKOS}note", _text(f"fit {step.fit}: {step.fit_rationale}".rstrip(": "))
        for text in (*step.conditions, *step.warnings):
            yield activity, f"{_RDFS}comment", _text(text)

    def generated(self, step: DerivationStep, activity: str) -> Iterator[Line]:
        """The value that a step gave; of the target, in the unit of the answer."""
        iri, value, unit = self.value_iri(step.number), step.value, step.unit
        if step.number == self.target:
            value, unit = self.derivation.value, self.derivation.unit
        yield from self.value(iri, step.quantity_label or step.symbol, value, unit, step.quantity)
        yield iri, f"{_PROV}wasGeneratedBy", f"<{activity}>"

    def value(
        self, iri: str, label: str, value: float | tuple[float, ...], unit: str, quantity: Iri | None
    ) -> Iterator[Line]:
        yield from _types(iri, "Entity")
        yield iri, f"{_RDFS}label", _text(f"{label}: {value_text(value, unit)}")
        yield iri, f"{_PROV}value", _number(value)
        yield iri, f"{_SCHEMA}unitText", _text(unit or "1")
        if unit in self.units:
            yield iri, f"{ONTOLOGY}hasUnit", f"<{self.units[unit]}>"
        if quantity:
            yield iri, f"{ONTOLOGY}ofQuantity", f"<{quantity}>"

    def iri_of(self, value: DerivedInput, step: DerivationStep) -> str:
        if value.step:
            return self.value_iri(value.step)
        return f"{_HERE}#input-{self.outside[value_key(value, step)].number}"

    def value_iri(self, number: int) -> str:
        return _HERE if number == self.target else f"{_HERE}#value-{number}"


def _types(iri: str, *names: str) -> Iterator[Line]:
    return ((iri, f"{_RDF}type", f"<{_PROV}{name}>") for name in names)


def _source(source: Source) -> Iterator[Line]:
    yield from _types(source.iri, "Entity")
    yield source.iri, f"{_RDF}type", f"<{_DCTERMS}BibliographicResource>"
    yield source.iri, f"{_RDFS}label", _text(source.label)
    if source.url:
        url = f"<{source.url}>" if _WEB.fullmatch(source.url) else _text(source.url)
        yield source.iri, f"{_SCHEMA}url", url


def _number(value: float | tuple[float, ...]) -> str:
    if isinstance(value, tuple):
        return _text(", ".join(map(repr, value)))
    return f'"{float(value)!r}"^^<{_XSD}double>'


def _text(text: str) -> str:
    escaped = "".join(_ESCAPES.get(char) or (char if char >= " " else f"\\u{ord(char):04X}") for char in text)
    return f'"{escaped}"'
