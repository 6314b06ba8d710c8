"""Batches as answers: JSON, a page, CSV or Markdown; long ones in pieces, so that no other request waits."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.dependencies import links_of, represent
from api.negotiation import CSV, HTML, MARKDOWN
from api.wire import Document
from api.wire_batch import batch_pieces, with_columns

if TYPE_CHECKING:
    from kg.model.batch import Batch

SHORT: Final = 10_000
"""Points up to which JSON is written at once."""

SHOWN: Final = 200
"""Rows of a page."""


def table_answer(
    request: Request, batch: "Batch", document: Document, media_type: str, **context: object
) -> Response:
    """The batch in the media type; ``document`` is what JSON says of it besides its columns."""
    from kg.exporters.batches import batch_csv, batch_markdown

    if media_type in (CSV, MARKDOWN):
        pieces = batch_csv(batch) if media_type == CSV else batch_markdown(batch)
        return _stream((piece.encode() for piece in pieces), f"{media_type}; charset=utf-8")
    links = links_of(request)
    if media_type != HTML and len(batch) > SHORT:
        return _stream(batch_pieces(document, batch, links), media_type)
    if media_type == HTML:
        arrays = (*(column.values for column in batch.columns), batch.value)
        context |= {
            "heads": [
                *((column.symbol, column.unit) for column in batch.columns),
                (batch.symbol, batch.unit),
            ],
            "rows": list(zip(*(array.ravel()[:SHOWN].tolist() for array in arrays), strict=True)),
        }
    else:
        document = with_columns(document, batch, links)
    return represent(request, media_type, document, template="batch.html", title=batch.label, **context)


def _stream(pieces: Iterator[bytes], media_type: str) -> Response:
    return StreamingResponse(pieces, media_type=media_type, headers={"Vary": "Accept"})
