"""Batches and sweeps as JSON documents; their columns come last, so that long ones can follow in pieces."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from api.links import Links
from api.wire import Document, input_document, reference, source_documents, to_bytes

if TYPE_CHECKING:
    from kg.model.batch import Axis, Batch, Sweep

PIECE: Final = 10_000
"""Numbers that are written at once."""


def batch_document(batch: "Batch", links: Links) -> Document:
    """The answer of ``/formulas/{slug}/evaluate`` for lists of values, without its columns."""
    return {
        "formula": reference(batch.formula, batch.label, links),
        "expression": batch.expression,
        "symbol": batch.symbol,
        "unit": batch.unit,
        "points": len(batch),
        "undefined": batch.undefined,
        "reason": batch.reason,
        "evidence": batch.evidence,
        "certainty": batch.certainty,
        "fit": batch.fit,
        "fitRationale": batch.fit_rationale,
        "inputs": [input_document(value, links) for value in batch.inputs],
        "warnings": list(batch.warnings),
        "sources": source_documents(batch.sources, links),
    }


def sweep_document(sweep: "Sweep", links: Links) -> Document:
    """The answer of ``/formulas/{slug}/sweep``, without its columns."""
    return batch_document(sweep.batch, links) | {"axes": [_axis(axis) for axis in sweep.axes]}


def with_columns(document: Document, batch: "Batch", links: Links) -> Document:
    """The whole document, for batches that are not long."""
    return document | {"columns": [head | {"values": values} for head, values in _columns(batch, links)]}


def batch_pieces(document: Document, batch: "Batch", links: Links) -> Iterator[bytes]:
    """The whole document in bytes, piece by piece."""
    yield to_bytes(document)[:-1] + b',"columns":['
    for place, (head, values) in enumerate(_columns(batch, links)):
        yield (b"," if place else b"") + to_bytes(head)[:-1] + b',"values":['
        for start in range(0, len(values), PIECE):
            # A list of numbers, without its brackets.
            piece = to_bytes({"": values[start : start + PIECE]})[len(b'{"":[') : -2]
            yield (b"," if start else b"") + piece
        yield b"]}"
    yield b"]}"


def _columns(batch: "Batch", links: Links) -> Iterator[tuple[Document, Sequence[float | None]]]:
    for column in batch.columns:
        head: Document = {"symbol": column.symbol, "label": column.label, "unit": column.unit}
        if column.quantity:
            head["quantity"] = {"iri": column.quantity, "href": links.href(column.quantity)}
        yield head, column.values.ravel().tolist()
    yield {"symbol": batch.symbol, "label": batch.label, "unit": batch.unit}, batch.value.ravel().tolist()


def _axis(axis: "Axis") -> Document:
    return {
        "symbol": axis.symbol,
        "label": axis.label,
        "unit": axis.unit,
        "scale": axis.scale,
        "points": len(axis.values),
        "from": float(axis.values[0]),
        "to": float(axis.values[-1]),
    }
