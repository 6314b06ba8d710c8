"""Comparisons as JSON documents."""

from typing import TYPE_CHECKING

from api.links import Links
from api.wire import Document, reference, source_documents

if TYPE_CHECKING:
    from kg.model.comparison import Cell, CellValue, Comparison


def comparison_document(comparison: "Comparison", links: Links) -> Document:
    """The answer of ``/compare/{kinds}``: columns by name, and for each item a cell for each of them."""
    return {
        "kind": comparison.kind,
        "total": comparison.total,
        "note": comparison.note,
        "columns": [
            {"name": column.name, **reference(column.iri, column.label, links)}
            for column in comparison.columns
        ],
        "items": [
            reference(item.iri, item.label, links)
            | {"cells": {name: _cell(cell, links) for name, cell in item.cells.items()}}
            for item in comparison.items
        ],
        "sources": source_documents(comparison.sources, links),
    }


def _cell(cell: "Cell", links: Links) -> Document:
    document: Document = {"values": [value_document(value, links) for value in cell.values]}
    return document | {"missing": cell.missing} if cell.missing else document


def value_document(value: "CellValue", links: Links) -> Document:
    """One thing that is said; its members are there where they hold something; ``value`` and ``sources`` always are."""
    document: Document = {"value": value.value, "text": value.text}
    if value.iri:
        document |= {"iri": value.iri, "href": links.href(value.iri)}
    if value.low is not None or value.high is not None:
        document |= {"low": value.low, "high": value.high}
    told = {
        "detail": value.detail,
        "unit": value.unit,
        "method": value.method,
        "date": value.date,
        "evidence": value.evidence,
        "verification": value.verification,
    }
    document |= {name: text for name, text in told.items() if text}
    if value.statement:
        document["statement"] = {"iri": value.statement, "href": links.href(value.statement)}
    return document | {"sources": source_documents(value.sources, links)}
