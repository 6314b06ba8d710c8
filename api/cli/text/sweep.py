"""A sweep as text: what it is of, its rows in aligned columns, what they rest on."""

from typing import TYPE_CHECKING, Final

from api.cli.text.formulas import fit_lines, input_lines, source_lines
from api.cli.text.layout import section, table, warning_lines
from api.figures import format_number

if TYPE_CHECKING:
    from kg.model.batch import Batch, Sweep

SHOWN: Final = 200
"""Rows that a terminal is shown."""


def sweep_text(sweep: "Sweep") -> str:
    """The answer of ``trivium sweep``."""
    batch = sweep.batch
    lines = [f"{batch.label}: {batch.expression}", "", *_rows(batch)]
    if len(batch) > SHOWN:
        lines += [f"  … {len(batch) - SHOWN} more; --csv and --json give all"]
    if batch.undefined:
        lines += ["", f"{batch.undefined} points have no value: {batch.reason}"]
    lines += section("Other inputs", input_lines(batch.inputs))
    lines += fit_lines(batch.fit, batch.fit_rationale)
    lines += section("Sources", source_lines(batch.sources))
    lines += warning_lines(batch.warnings)
    return "\n".join(lines)


def _rows(batch: "Batch") -> list[str]:
    heads = [*((column.symbol, column.unit) for column in batch.columns), (batch.symbol, batch.unit)]
    arrays = (*(column.values for column in batch.columns), batch.value)
    rows = zip(*(array.ravel()[:SHOWN].tolist() for array in arrays), strict=True)
    return table(
        [
            [symbol if unit in ("", "1") else f"{symbol} ({unit})" for symbol, unit in heads],
            *(["–" if value is None else format_number(value) for value in row] for row in rows),
        ]
    )
