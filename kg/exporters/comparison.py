"""A comparison as CSV (RFC 4180), a line for each value, and as a Markdown table with its sources beneath."""

import csv
import io
from collections.abc import Mapping
from typing import Final

from kg.exporters.markdown import escape_markdown
from kg.model.comparison import CellValue, Comparison
from kg.model.iri import Iri

HEAD: Final = (
    "item",
    "item_label",
    "property",
    "property_label",
    "value",
    "value_iri",
    "detail",
    "unit",
    "low",
    "high",
    "method",
    "date",
    "evidence",
    "statement",
    "sources",
    "missing",
)
"""Columns of the CSV; ``sources`` are IRIs, apart by spaces."""


def comparison_csv(comparison: Comparison) -> str:
    """A line for each value with all that is known of it; a cell without value is a line that says so."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEAD)
    for item in comparison.items:
        for column in comparison.columns:
            cell = item[column.name]
            head = (item.iri, item.label, column.iri, column.label)
            for value in cell.values or (CellValue(None),):
                writer.writerow((*head, *_fields(value), cell.missing))
    return text.getvalue()


def comparison_markdown(comparison: Comparison) -> str:
    """Properties down, items across; a number in brackets leads to the list of sources. Ends with a line break."""
    numbers = {source.iri: number for number, source in enumerate(comparison.sources, 1)}
    head = ["", *(escape_markdown(item.label) for item in comparison.items)]
    lines = [_row(head), _row(["---"] * len(head))]
    for column in comparison.columns:
        cells = [item[column.name] for item in comparison.items]
        shown = (
            "<br>".join(_marked(value, numbers) for value in cell.values) or "*not known*" for cell in cells
        )
        lines.append(_row([f"**{escape_markdown(column.label)}**", *shown]))
    if comparison.note:
        lines += ["", escape_markdown(comparison.note)]
    if numbers:
        lines += [
            "",
            *(
                _source(number, source.label, source.url or source.iri)
                for number, source in enumerate(comparison.sources, 1)
            ),
        ]
    return "\n".join(lines) + "\n"


def _fields(value: CellValue) -> tuple[object, ...]:
    sources = " ".join(source.iri for source in value.sources)
    plain = {True: "true", False: "false"}[value.value] if isinstance(value.value, bool) else value.value
    return (
        plain,
        value.iri,
        value.detail,
        value.unit,
        value.low,
        value.high,
        value.method,
        value.date,
        value.evidence,
        value.statement,
        sources,
    )


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _marked(value: CellValue, numbers: Mapping[Iri, int]) -> str:
    marks = "".join(f" \\[{numbers[source.iri]}\\]" for source in value.sources)
    about = f" ({escape_markdown(value.circumstances)})" if value.circumstances else ""
    return f"{escape_markdown(value.text)}{about}{marks}"


def _source(number: int, label: str, address: str) -> str:
    return f"{number}. [{escape_markdown(label)}](<{address}>)"
