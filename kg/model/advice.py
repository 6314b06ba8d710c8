"""What the learning engine answers: topics with the reasons for them."""

from dataclasses import dataclass

from kg.model.deferred import Deferred
from kg.model.iri import Iri


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a topic stands where it does. ``kind``: goal, path, unlocks, hours, ready."""

    kind: str
    text: str
    topics: tuple[str, ...] = ()
    """Slugs that the reason speaks of."""


@dataclass(frozen=True, slots=True)
class ReadyTopic:
    """A topic whose prerequisites are all known, with its place in the ranking and why."""

    iri: Iri
    slug: str
    label: str
    hours: float
    rank: int
    reasons: tuple[Reason, ...]
    unlocks: tuple[str, ...]
    """Topics that become ready at once when this one is learnt."""


@dataclass(frozen=True, slots=True)
class ReviewTopic:
    """A known topic that no other known topic requires: nothing learnt since has used it."""

    iri: Iri
    slug: str
    label: str
    hours: float
    needed_by: tuple[str, ...]
    """Topics advised beside it that require it directly, best first."""
    text: str
    """Why it is worth another look, in plain words."""


@dataclass(frozen=True, slots=True)
class NextAdvice(Deferred):
    """Ranked topics to learn next for a knowledge state. ``total`` counts all that are ready."""

    known: tuple[str, ...]
    """Topics as given, sorted."""
    implied: tuple[str, ...]
    """Topics counted as known because something known requires them."""
    known_hours: float
    """Hours of study behind all that counts as known."""
    goal: str
    remaining_hours: float | None
    """Hours still ahead of the goal, itself included; None without a goal."""
    total: int
    topics: tuple[ReadyTopic, ...]
    note: str = ""
    """Said where the list alone would mislead: the goal is known already, or everything is."""
    review: tuple[ReviewTopic, ...] = ()
    """Topics learnt last (the inner fringe), those first that the topics above require; as many as asked for."""
    review_total: int = 0
    """How many there are in all."""


@dataclass(frozen=True, slots=True)
class RelatedTopic:
    """A topic before or after another: ``depth`` counts ``requires`` edges, 1 is direct (shortest way)."""

    iri: Iri
    slug: str
    label: str
    hours: float
    depth: int


@dataclass(frozen=True, slots=True)
class TopicRelations:
    """Prerequisites or unlocked topics of ``topic``, nearest first; the topic itself excluded."""

    topic: str
    relation: str
    transitive: bool
    hours: float
    topics: tuple[RelatedTopic, ...]
