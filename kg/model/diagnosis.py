"""What is off, or could be better, in the prerequisites of a curriculum."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class TopicFinding:
    """A finding on a topic: ``error`` stops every plan, ``warning`` makes some wrong, ``note`` is advice."""

    severity: Literal["error", "warning", "note"]
    rule: str
    """In words what should hold."""
    topic: str
    message: str
    hint: str
    topics: tuple[str, ...] = ()
    """The topics that show it: a cycle, its first topic repeated at the end, or the way around an edge."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All findings, errors first, and how many topics and prerequisites were looked at."""

    findings: tuple[TopicFinding, ...]
    topics: int
    prerequisites: int

    @property
    def conforms(self) -> bool:
        """True where no finding is an error."""
        return not any(finding.severity == "error" for finding in self.findings)
