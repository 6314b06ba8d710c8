"""How sure a number is, and what moves it, as JSON documents."""

from typing import TYPE_CHECKING

from api.links import Links
from api.wire import Document, reference, source_documents

if TYPE_CHECKING:
    from kg.model.sensitivity import Sensitivity, Sway
    from kg.model.uncertainty import Contribution, Uncertainty


def uncertainty_document(found: "Uncertainty") -> Document:
    """The member ``uncertainty`` of an evaluation; without the figures that its method does not give."""
    figures = {
        "standardDeviation": found.standard_deviation,
        "mean": found.mean,
        "median": found.median,
        "low": found.low,
        "high": found.high,
        "level": found.level,
        "samples": found.samples,
        "seed": found.seed,
        "outside": found.outside,
    }
    document: Document = {"method": found.method.value, "unit": found.unit}
    document |= {name: figure for name, figure in figures.items() if figure is not None}
    return document | {
        "contributions": [_contribution(one) for one in found.contributions],
        "correlations": [
            {"between": [one.one, one.other], "coefficient": one.coefficient} for one in found.correlations
        ],
        "notes": list(found.notes),
    }


def _contribution(one: "Contribution") -> Document:
    spread = one.spread
    return {
        "symbol": one.symbol,
        "label": one.label,
        "value": one.value,
        "unit": one.unit,
        "distribution": spread.shape.value,
        "standardDeviation": spread.standard_deviation,
        "low": spread.low,
        "high": spread.high,
        "level": spread.level,
        "basis": spread.basis,
        "partial": one.partial,
        "share": one.share,
    }


def sensitivity_document(found: "Sensitivity", links: Links) -> Document:
    """The answer of ``/formulas/{slug}/sensitivity``."""
    return {
        "formula": reference(found.formula, found.label, links),
        "expression": found.expression,
        "symbol": found.symbol,
        "value": found.value,
        "unit": found.unit,
        "fit": found.fit,
        "fitRationale": found.fit_rationale,
        "inputs": [_sway(row, links) for row in found.inputs],
        "notes": list(found.notes),
        "warnings": list(found.warnings),
        "sources": source_documents(found.sources, links),
    }


def _sway(row: "Sway", links: Links) -> Document:
    document: Document = {
        "symbol": row.symbol,
        "label": row.label,
        "value": row.value,
        "unit": row.unit,
        "origin": row.origin.value,
        "partial": row.partial,
        "partialUnit": row.partial_unit,
        "elasticity": row.elasticity,
        "low": row.low,
        "high": row.high,
        "basis": row.basis,
        "outputLow": row.output_low,
        "outputHigh": row.output_high,
        "swing": row.swing,
        "reason": row.reason,
    }
    return (
        document | {"quantity": {"iri": row.quantity, "href": links.href(row.quantity)}}
        if row.quantity
        else document
    )
