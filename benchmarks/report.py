"""Rows of figures as a table for people and as JSON for programs."""

import os
import platform
from collections.abc import Iterable
from pathlib import Path
from statistics import median

from benchmarks.measure import Row


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


def table(rows: Iterable[Row]) -> str:
    """Each row as two lines: the ratio with its bounds, then what it is made of."""
    lines = []
    for row in rows:
        verdict = "" if not (row.target or row.limit) else ("reached" if row.reached else "MISSED")
        spread = f"{min(row.ratios):.2f}–{max(row.ratios):.2f}"
        lines.append(f"{row.name:<48} {row.ratio:>6.2f}× ({spread})  {_bounds(row):<26} {verdict}".rstrip())
        lines.append(f"    {_figure(row.ours)} {row.unit} against {_figure(row.theirs)} for {row.peer}")
    return "\n".join(lines)


def _bounds(row: Row) -> str:
    bounds = [f"≤ {row.target:g}×"] if row.target else []
    bounds += [f"≤ {row.limit:g} {row.unit}"] if row.limit else []
    return f"target {', '.join(bounds)}" if bounds else ""


def _figure(values: tuple[float, ...]) -> str:
    return f"{median(values):.0f} ({min(values):.0f}–{max(values):.0f})"


def document(row: Row) -> dict[str, object]:
    """The row for JSON, with each round's figures."""
    return {
        "name": row.name,
        "peer": row.peer,
        "unit": row.unit,
        "ratio": row.ratio,
        "target": row.target or None,
        "limit": row.limit or None,
        "reached": row.reached,
        "ours": row.ours,
        "theirs": row.theirs,
    }
