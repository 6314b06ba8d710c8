"""A sensitivity as CSV (RFC 4180) and as a Markdown table: a row for each input, the widest swing first."""

import csv
import io
from collections.abc import Iterable
from typing import Final

from kg.exporters.markdown import escape_markdown
from kg.model.sensitivity import Sensitivity, Sway

COLUMNS: Final = (
    *("symbol", "label", "value", "unit", "origin", "partial", "partial_unit", "elasticity"),
    *("low", "high", "basis", "output_low", "output_high", "swing", "output_unit", "reason", "quantity"),
)
_HEAD: Final = ("input", "value", "partial", "elasticity", "varied", "output", "swing")


def sensitivity_csv(found: Sensitivity) -> str:
    """A line for each input, lines ended by CRLF; numbers in full, in the units that stand beside them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in found.inputs:
        writer.writerow(
            (
                *(
                    row.symbol,
                    row.label,
                    row.value,
                    row.unit,
                    row.origin.value,
                    row.partial,
                    row.partial_unit,
                ),
                *(row.elasticity, row.low, row.high, row.basis, row.output_low, row.output_high, row.swing),
                *(found.unit, row.reason, row.quantity or ""),
            )
        )
    return text.getvalue()


def sensitivity_markdown(found: Sensitivity) -> str:
    """The output, the table, and what is to be minded; ends with a line break."""
    lines = [
        f"# Sensitivity of {escape_markdown(found.label)}",
        "",
        escape_markdown(f"{found.symbol} = {_number(found.value, found.unit)}: {found.expression}"),
        "",
        _row(_HEAD),
        _row(["---"] * len(_HEAD)),
        *(_row(map(escape_markdown, _cells(row, found.unit))) for row in found.inputs),
    ]
    told = [
        *found.notes,
        *found.warnings,
        *(f"{row.symbol}: {row.reason}" for row in found.inputs if row.reason),
    ]
    if told:
        lines += ["", *(f"- {escape_markdown(one)}" for one in dict.fromkeys(told))]
    return "\n".join(lines) + "\n"


def _cells(row: Sway, unit: str) -> tuple[str, ...]:
    varied = f"{_number(row.low)} to {_number(row.high, row.unit)} ({row.basis})" if row.basis else ""
    outputs = (
        f"{_number(row.output_low)} to {_number(row.output_high, unit)}" if row.swing is not None else ""
    )
    return (
        f"{row.label} {row.symbol}",
        _number(row.value, row.unit),
        _number(row.partial, row.partial_unit),
        _number(row.elasticity),
        varied,
        outputs,
        _number(row.swing, unit),
    )


def _number(value: float | None, unit: str = "") -> str:
    if value is None:
        return ""
    digits, _, power = f"{value:.4g}".partition("e")
    text = f"{digits}e{int(power)}" if power else digits
    return text if unit in ("", "1") else f"{text} {unit}"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
