"""How sure a number is, and what moves it, as text."""

from typing import TYPE_CHECKING

from api.cli.text.layout import section, table, warning_lines
from api.figures import format_number, with_unit

if TYPE_CHECKING:
    from kg.model.sensitivity import Sensitivity, Sway
    from kg.model.uncertainty import Contribution, Uncertainty


def uncertainty_lines(found: "Uncertainty") -> list[str]:
    """The section on how sure an evaluation is."""
    return [
        *section("Uncertainty", [f"  {uncertainty_line(found)}"]),
        *section("Where it comes from", table([_contribution(one) for one in found.contributions])),
        *warning_lines(found.notes),
    ]


def uncertainty_line(found: "Uncertainty") -> str:
    """The figures in one line: ``monte-carlo: ± 0.1026 nat/token; 1.875 to 2.181 with 90 %; …``."""
    ends = f"{format_number(found.low)} to {with_unit(found.high, found.unit)}"
    figures = [f"{ends} with {100 * found.level:g} %" if found.level is not None else f"within {ends}"]
    if found.standard_deviation is not None:
        figures.insert(0, f"± {with_unit(found.standard_deviation, found.unit)}")
    if found.mean is not None and found.median is not None:
        figures.append(f"mean {format_number(found.mean)}, median {format_number(found.median)}")
    if found.samples is not None:
        figures.append(f"{found.samples} draws, seed {found.seed}, {found.outside} outside")
    return f"{found.method}: {'; '.join(figures)}"


def _contribution(one: "Contribution") -> tuple[str, ...]:
    spread = one.spread
    if spread.low is None:
        off = f"± {format_number(spread.standard_deviation)}"
    else:
        off = f"{format_number(spread.low)} to {format_number(spread.high)}"
    share = "" if one.share is None else f"{round(100 * one.share, 1) + 0.0:g} %"
    return one.symbol, share, f"{with_unit(one.value, one.unit)}, {off}", f"{spread.shape}, {spread.basis}"


def sensitivity_text(found: "Sensitivity") -> str:
    """The answer of ``trivium sensitivity``."""
    lines = [f"{found.symbol} = {with_unit(found.value, found.unit)}", ""]
    lines += [f"{found.label}: {found.expression}"]
    head = ("", "swing", "elasticity", "output", "varied", "partial")
    lines += section("What moves it", table([head, *(_row(row) for row in found.inputs)]))
    reasons = [f"{row.symbol}: {row.reason}" for row in found.inputs if row.reason]
    lines += warning_lines(tuple(dict.fromkeys([*found.notes, *reasons, *found.warnings])))
    return "\n".join(lines)


def _row(row: "Sway") -> tuple[str, ...]:
    return (
        row.symbol,
        _shown(row.swing),
        _shown(row.elasticity),
        f"{_shown(row.output_low)} to {_shown(row.output_high)}" if row.swing is not None else "",
        f"{_shown(row.low)} to {with_unit(row.high, row.unit)} ({row.basis})" if row.basis else "",
        with_unit(row.partial, row.partial_unit) if row.partial is not None else "",
    )


def _shown(value: float | None) -> str:
    return "" if value is None else format_number(value)
