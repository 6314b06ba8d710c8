"""Batches as answers: JSON, a page, CSV, Markdown or Arrow; long ones in pieces, so that no other request waits."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.dependencies import links_of, represent
from api.negotiation import ARROW, CSV, HTML, MARKDOWN
from api.wire import Document
from api.wire_batch import batch_pieces, with_columns
from kg.services.batches import write_batch

if TYPE_CHECKING:
    from kg.model.batch import Batch

FORMS: Final = {CSV: "csv", MARKDOWN: "markdown", ARROW: "arrow"}
SHORT: Final = 10_000
"""Points up to which an answer is written at once."""

SHOWN: Final = 200
"""Rows of a page."""


def table_answer(request: Request, batch: "Batch", document: Document, media_type: str) -> Response:
    """The batch in the media type; ``document`` is what JSON says of it besides its columns."""
    if media_type in FORMS:
        charset = "" if media_type == ARROW else "; charset=utf-8"
        return _pieces(write_batch(batch, FORMS[media_type]), f"{media_type}{charset}", batch)
    context: dict[str, object] = {}
    links = links_of(request)
    if media_type != HTML and len(batch) > SHORT:
        return _pieces(batch_pieces(document, batch, links), media_type, batch)
    if media_type == HTML:
        arrays = (*(column.values for column in batch.columns), batch.value)
        context = {
            "heads": [
                *((column.symbol, column.unit) for column in batch.columns),
                (batch.symbol, batch.unit),
            ],
            "rows": list(zip(*(array.ravel()[:SHOWN].tolist() for array in arrays), strict=True)),
        }
    else:
        document = with_columns(document, batch, links)
    return represent(request, media_type, document, template="batch.html", title=batch.label, **context)


def _pieces(pieces: Iterator[bytes], media_type: str, batch: "Batch") -> Response:
    """A short answer whole, so that it has a tag; a long one piece by piece."""
    headers = {"Vary": "Accept"}
    if len(batch) > SHORT:
        return StreamingResponse(pieces, media_type=media_type, headers=headers)
    return Response(b"".join(pieces), media_type=media_type, headers=headers)
