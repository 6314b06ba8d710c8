"""Derivations as JSON documents."""

from api.links import Links
from api.wire import Document, input_document, reference, source_documents
from kg.model.derivation import AlternativeWay, ConsistencyCheck, Derivation, DerivationStep, DerivedInput
from kg.model.derivation_parts import in_base_units


def derivation_document(derivation: Derivation, links: Links) -> Document:
    """The answer of ``/derive``."""
    return {
        "target": reference(derivation.target, derivation.label, links),
        "value": derivation.value,
        "unit": derivation.unit,
        "cost": derivation.cost,
        "plan": [_step(step, links) for step in derivation.steps],
        "inputs": [_input(value, links) for value in derivation.inputs],
        "checks": [_check(check, links) for check in derivation.checks],
        "alternatives": [_way(way, links) for way in derivation.alternatives],
        "warnings": list(derivation.warnings),
        "sources": source_documents(derivation.sources, links),
    }


def _step(step: DerivationStep, links: Links) -> Document:
    document: Document = {
        "step": step.number,
        "formula": reference(step.formula, step.label, links),
        "expression": step.expression,
        "for": step.symbol,
        "method": step.method,
        "solved": step.solved,
        "substituted": step.substituted,
        "inBaseUnits": in_base_units(step),
        "value": step.value,
        "unit": step.unit,
        "inputs": [_input(value, links) for value in step.inputs],
        "fit": step.fit,
        "fitRationale": step.fit_rationale,
        "roots": list(step.roots),
        "block": step.block,
        "conditions": list(step.conditions),
        "warnings": list(step.warnings),
        "evidence": step.evidence,
        "certainty": step.certainty,
        "sources": source_documents(step.sources, links),
    }
    if step.quantity:
        document["quantity"] = reference(step.quantity, step.quantity_label, links)
    return document


def _input(value: DerivedInput, links: Links) -> Document:
    document = input_document(value, links)
    if value.step:
        document["step"] = value.step
    if value.subject:
        document["subject"] = {"iri": value.subject, "href": links.href(value.subject)}
    return document


def _check(check: ConsistencyCheck, links: Links) -> Document:
    return {
        "formula": reference(check.formula, check.label, links),
        "symbol": check.symbol,
        "known": check.known,
        "computed": check.computed,
        "unit": check.unit,
        "relativeDifference": check.relative_difference,
        "agrees": check.agrees,
    }


def _way(way: AlternativeWay, links: Links) -> Document:
    formulas = zip(way.formulas, way.labels, strict=True)
    return {
        "formulas": [reference(iri, label, links) for iri, label in formulas],
        "value": way.value,
        "unit": way.unit,
        "cost": way.cost,
        "relativeDifference": way.relative_difference,
        "fits": list(way.fits),
        "warnings": list(way.warnings),
    }
