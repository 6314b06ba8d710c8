"""Rows of figures as a table for people and as JSON for programs."""

import os
import platform
from pathlib import Path
from statistics import median

from benchmarks.measure import Row

WIDTHS = {"figure": 33, "beside": 16, "ours": -8, "its": -8, "ratio": -6, "rounds": -11, "target": 0}
"""Columns of a line of at most 110 characters; numbers stand to the right, the last column is as wide as it is."""
WALL = ", wall"


def name_machine() -> str:
    """The machine that the figures are of: processor, cores, load, system, Python."""
    cores = os.cpu_count() or 1
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{_processor()}, {cores} cores{load}, {platform.system()} {platform.machine()}, {python}"


def _processor() -> str:
    about = Path("/proc/cpuinfo")
    if about.is_file():
        for line in about.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "an unnamed processor"


def head(title: str) -> str:
    """The line of column names over the rows of a group, with the group's name first."""
    return _line([title.upper(), *list(WIDTHS)[1:]])


def line(row: Row) -> str:
    """The row in columns: medians of both, the ratio's median, its least and most, what it must reach."""
    unit, _, clock = row.unit.partition(" ")
    name = row.name + (WALL if clock == "wall" else "")
    if row.missing:
        return _line([name, row.peer]) + f" peer missing: {row.missing}"
    figures = [_figure(median(values), unit) for values in (row.ours, row.theirs)]
    spread = f"{_ratio(min(row.ratios))}–{_ratio(max(row.ratios))}"
    return _line([name, row.peer, *figures, f"{_ratio(row.ratio)}×", spread, _verdict(row)])


def _line(cells: list[str]) -> str:
    widths = WIDTHS.values()
    padded = (
        f"{cell:{'>' if width < 0 else '<'}{abs(width)}}" for cell, width in zip(cells, widths, strict=False)
    )
    return " ".join(padded).rstrip()


def _verdict(row: Row) -> str:
    bounds = [f"{row.target:.3g}×"] if row.target else []
    bounds += [f"{row.limit:,g} {row.unit.partition(' ')[0]}"] if row.limit else []
    return f"≤ {', '.join(bounds)} {'reached' if row.reached else 'MISSED'}" if bounds else "–"


def _figure(value: float, unit: str) -> str:
    if unit == "µs" and value >= 10_000:
        value, unit = value / 1e3, "ms"
    return f"{value:,.0f} {unit}" if value >= 10 else f"{value:.2g} {unit}"


def _ratio(value: float) -> str:
    decimals = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 0.1 else 3
    return f"{value:,.{decimals}f}"


def document(row: Row) -> dict[str, object]:
    """The row for JSON, with each round's figures; a missing peer with the reason, and none."""
    return {
        "name": row.name,
        "peer": row.peer,
        "unit": row.unit,
        "missing": row.missing or None,
        "ratio": None if row.missing else row.ratio,
        "target": row.target or None,
        "limit": row.limit or None,
        "reached": None if row.missing else row.reached,
        "ours": row.ours,
        "theirs": row.theirs,
    }
