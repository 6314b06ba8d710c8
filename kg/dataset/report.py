"""What validation found: each finding names file, line, subject, rule and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A defect. ``file`` is a path from the dataset's or the ontology's folder; ``line`` from 1, else 0.

    ``rule`` says in words what must hold, ``message`` what is there instead, ``hint`` what to do.
    ``subject`` is a CURIE where the prefix table has one, else an IRI.
    """

    file: str
    line: int
    subject: str
    rule: str
    message: str
    severity: Severity = "error"
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        head = ": ".join(
            part for part in (where, self.severity, self.subject, self.rule, self.message) if part
        )
        return f"{head}; {self.hint}" if self.hint else head


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, sorted by file and line, and how much was looked at."""

    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    """``files``, ``triples``, ``shapes`` and ``queries`` that were checked."""
    skipped: str = ""
    """What was not checked and why; empty where all was."""

    @property
    def conforms(self) -> bool:
        """True where nothing is an error and nothing was skipped."""
        return not self.skipped and not any(finding.severity == "error" for finding in self.findings)
