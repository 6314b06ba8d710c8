"""A prerequisite graph as another program wrote it down, and what was found while it was put in order."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FindingKind = Literal[
    "cycle",
    "unknown",
    "contradiction",
    "self",
    "repeated",
    "spelling",
    "hours",
    "implied",
    "rejected",
    "shortcut",
    "licence",
    "ignored",
]
"""``implied``: other prerequisites of the topic imply it. ``rejected``: judged to be none, or not sure enough."""


@dataclass(frozen=True, slots=True)
class WrittenTopic:
    """A topic under the name that its document gives it; ``place`` says where, as ``edges.csv:7``."""

    name: str
    place: str = ""
    label: str = ""
    hours: str = ""
    """As written; empty where the document gives none."""
    area: str = ""
    definition: str = ""


@dataclass(frozen=True, slots=True)
class WrittenPrerequisite:
    """``topic`` requires ``prerequisite``, both by the names in the document."""

    topic: str
    prerequisite: str
    place: str = ""
    reason: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class ImportFinding:
    """Something that the import changed, left out, or could not know; ``topics`` are slugs or names as written."""

    kind: FindingKind
    message: str
    topics: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class WrittenGraph:
    """What an importer read, nothing put in order yet."""

    topics: tuple[WrittenTopic, ...]
    prerequisites: tuple[WrittenPrerequisite, ...]
    closed: bool
    """Whether every topic stands in ``topics``, so that any other name is unknown; else names make topics."""
    findings: tuple[ImportFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftTopic:
    """A topic ready to be written. ``members`` are the names that it replaces: slug and label of each."""

    slug: str
    label: str
    hours: float
    hours_stated: bool
    """False where the hours are the one number for all topics that came without."""
    area: str = ""
    definition: str = ""
    members: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DraftPrerequisite:
    """``topic`` requires ``prerequisite``, by slugs."""

    topic: str
    prerequisite: str
    reason: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An acyclic prerequisite graph, by slug."""

    topics: tuple[DraftTopic, ...]
    prerequisites: tuple[DraftPrerequisite, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came in and what happened to it. ``pairs`` counts the prerequisites that were read."""

    source: str
    form: str
    pairs: int
    topics: int
    prerequisites: int
    hours: float
    """Hours of all topics."""
    usual_hours: float
    """What topics without hours were given, and ``without_hours`` is how many they are."""
    without_hours: int
    findings: tuple[ImportFinding, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many findings of each kind there are."""
        return dict(sorted(Counter(finding.kind for finding in self.findings).items()))
