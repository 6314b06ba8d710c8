"""A batch as a table, in pieces: CSV (RFC 4180, https://www.rfc-editor.org/rfc/rfc4180) or Markdown."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

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


def _columns(batch: Batch) -> list[tuple[str, str]]:
    return [*((column.symbol, column.unit) for column in batch.columns), (batch.symbol, batch.unit)]


def _head(symbol: str, unit: str) -> str:
    return symbol if unit in ("", "1") else f"{symbol} ({unit})"


def _pieces(batch: Batch) -> Iterator[Iterable[tuple[float | None, ...]]]:
    arrays = [*(column.values.ravel() for column in batch.columns), batch.value.ravel()]
    for start in range(0, len(batch), ROWS):
        yield zip(*(array[start : start + ROWS].tolist() for array in arrays), strict=True)


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)
