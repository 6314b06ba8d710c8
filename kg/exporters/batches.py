"""A batch as a table: CSV (RFC 4180, https://www.rfc-editor.org/rfc/rfc4180), Markdown or an Arrow stream."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, Final

from kg.errors import Unavailable
from kg.exporters.markdown import escape_markdown
from kg.model.batch import Batch

ROWS: Final = 5_000
"""Rows of a piece."""


def batch_csv(batch: Batch) -> Iterator[str]:
    """A row for each point, numbers in their shortest form, nothing where a point has no value.

    The head names symbol and unit: ``N (parameter)``.
    """
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(_head(symbol, unit) for symbol, unit in _columns(batch))
    yield text.getvalue()
    for rows in _pieces(batch):
        # Numbers need no quotes.
        yield "".join(f"{','.join(map(_number, row))}\r\n" for row in rows)


def batch_markdown(batch: Batch) -> Iterator[str]:
    """A table with a row for each point, to six digits."""
    heads = [escape_markdown(_head(symbol, unit)) for symbol, unit in _columns(batch)]
    yield f"| {' | '.join(heads)} |\n|{' ---: |' * len(heads)}\n"
    for rows in _pieces(batch):
        yield "".join(
            f"| {' | '.join('' if value is None else f'{value:.6g}' for value in row)} |\n" for row in rows
        )


def batch_arrow(batch: Batch) -> bytes:
    """A stream of the Arrow IPC format with one record batch; a field's metadata name its unit, nulls have no value.

    https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format

    Raises:
        Unavailable: nanoarrow is not installed.
    """
    try:
        import nanoarrow
        from nanoarrow.ipc import StreamWriter
    except ImportError as error:
        raise Unavailable("Arrow", "install trivium-kg[arrow], or take CSV or JSON") from error
    fields = [
        nanoarrow.Schema(nanoarrow.Type.DOUBLE, name=symbol, metadata={"unit": unit})
        for symbol, unit in _columns(batch)
    ]
    children = [_arrow_array(array) for array in _arrays(batch)]
    schema = nanoarrow.Schema(nanoarrow.Type.STRUCT, fields=fields)
    record = nanoarrow.c_array_from_buffers(schema, len(batch), [None], children=children)
    stream = io.BytesIO()
    with StreamWriter.from_writable(stream) as writer:
        writer.write_array(record)
    return stream.getvalue()


def _arrow_array(array: Any) -> Any:
    import nanoarrow
    import numpy as np

    is_known = ~np.ma.getmaskarray(array)
    missing = int(array.size - np.count_nonzero(is_known))
    # A bit for each value, the first the lowest.
    validity = np.packbits(is_known, bitorder="little") if missing else None
    data = np.ascontiguousarray(np.ma.getdata(array), "<f8")
    return nanoarrow.c_array_from_buffers(nanoarrow.float64(), array.size, [validity, data], missing)


def _arrays(batch: Batch) -> list[Any]:
    return [*(column.values.ravel() for column in batch.columns), batch.value.ravel()]


def _columns(batch: Batch) -> list[tuple[str, str]]:
    return [*((column.symbol, column.unit) for column in batch.columns), (batch.symbol, batch.unit)]


def _head(symbol: str, unit: str) -> str:
    return symbol if unit in ("", "1") else f"{symbol} ({unit})"


def _pieces(batch: Batch) -> Iterator[Iterable[tuple[float | None, ...]]]:
    arrays = _arrays(batch)
    for start in range(0, len(batch), ROWS):
        yield zip(*(array[start : start + ROWS].tolist() for array in arrays), strict=True)


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)
