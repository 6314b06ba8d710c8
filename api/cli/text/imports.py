"""What an import did, as text."""

from itertools import groupby
from typing import TYPE_CHECKING, Final

from api.figures import format_number

if TYPE_CHECKING:
    from kg.model.draft import ImportFinding, ImportReport
    from kg.services.imports import Imported

SHOWN: Final = 3
"""Findings of a kind that are told one by one; cycles all are."""
_HEADS: Final = {
    "contradiction": "contradictions",
    "cycle": "cycles, each made one topic",
    "hours": "hours that cannot be",
    "ignored": "not taken over",
    "implied": "prerequisites that others imply",
    "licence": "licence",
    "rejected": "left out",
    "repeated": "repeated",
    "self": "topics that would require themselves",
    "shortcut": "shortcuts",
    "spelling": "names spelt in several ways",
    "unknown": "unknown references",
}


def summary_text(found: "Imported", output: str) -> str:
    """What was written, and what comes next."""
    report = found.report
    lines = [
        f"{output}: {report.topics} topics, {report.prerequisites} prerequisites, "
        f"{format_number(round(report.hours, 2))} hours"
    ]
    if report.without_hours:
        count = "1 topic" if report.without_hours == 1 else f"{report.without_hours} topics"
        lines.append(f"{count} without hours: {format_number(report.usual_hours)} each")
    lines.append(f"next: trivium plan TOPIC --data {output}")
    return "\n".join(lines)


def findings_text(report: "ImportReport") -> str:
    """The findings by kind: how many, and the first of them."""
    lines = []
    for kind, group in groupby(report.findings, key=lambda finding: finding.kind):
        found = tuple(group)
        lines.append(f"{_HEADS[kind]}: {len(found)}")
        shown = found if kind == "cycle" else found[:SHOWN]
        lines += (f"  {_line(finding)}" for finding in shown)
        if len(found) > len(shown):
            lines.append(f"  and {len(found) - len(shown)} more; --json tells them")
    return "\n".join(lines)


def _line(finding: "ImportFinding") -> str:
    place = f"{finding.place}: " if finding.place else ""
    names = f"{', '.join(finding.topics)}: " if finding.topics else ""
    return f"{place}{names}{finding.message}"
