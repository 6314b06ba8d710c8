"""Topics and what they require. The arrow ``requires`` goes from a topic to what must be learnt before it."""

from dataclasses import dataclass

from kg.model.iri import Iri


@dataclass(frozen=True, slots=True)
class Alternatives:
    """A choice of topics, of which one is enough."""

    options: tuple[str, ...]
    """Slugs, sorted."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """A unit of study."""

    iri: Iri
    slug: str
    label: str
    hours: float
    area: str = ""
    scope: str = ""
    requires: tuple[str, ...] = ()
    """Slugs of the direct prerequisites, sorted."""
    requires_one_of: tuple[Alternatives, ...] = ()
    """Choices that must be met as well: of each one option is learnt before the topic."""


@dataclass(frozen=True, slots=True)
class PathStep:
    """One entry of an authored path ("what to learn next"); ``position`` counts from 1."""

    path: Iri
    path_label: str
    position: int
    topic: str
    label: str
    why: str = ""
    source: Iri | None = None


@dataclass(frozen=True, slots=True)
class Curriculum:
    """All topics of a dataset and its authored paths: what the learning engine is built from."""

    topics: tuple[Topic, ...]
    steps: tuple[PathStep, ...] = ()
