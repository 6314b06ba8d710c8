"""Topics and what they require. The arrow ``requires`` goes from a topic to what must be learnt before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

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


@dataclass(frozen=True, slots=True, eq=False)
class TopicColumns(Sequence[Topic]):
    """Topics by columns: where there are a million of them, records would take too much room.

    What a topic requires stands in two columns, as compressed sparse rows: the places ``needed[starts[p]:
    starts[p + 1]]``, ascending, of the topic at place ``p``. A record is made of a row when it is asked for.
    """

    slugs: Sequence[str]
    """Sorted, each once."""
    hours: Sequence[float]
    starts: Sequence[int]
    """One more than there are topics; begins with 0."""
    needed: Sequence[int]
    labels: Sequence[str] = ()
    """Empty where slugs are the labels."""
    areas: Sequence[str] = ()
    """Empty where no topic has an area."""
    base: str = ""
    """The IRI of a topic is this and its slug."""

    def __len__(self) -> int:
        return len(self.slugs)

    def iri(self, place: int) -> Iri:
        """The IRI of the topic at a place."""
        return Iri(self.base + self.slugs[place])

    @overload
    def __getitem__(self, place: int) -> Topic: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Topic, ...]: ...
    def __getitem__(self, place: int | slice) -> Topic | tuple[Topic, ...]:
        if isinstance(place, slice):
            return tuple(self[each] for each in range(*place.indices(len(self))))
        slug = self.slugs[place]
        row = place % len(self)
        return Topic(
            iri=self.iri(place),
            slug=slug,
            label=self.labels[row] if self.labels else slug,
            hours=self.hours[row],
            area=self.areas[row] if self.areas else "",
            requires=tuple(
                [self.slugs[other] for other in self.needed[self.starts[row] : self.starts[row + 1]]]
            ),
        )


@dataclass(frozen=True, slots=True)
class Curriculum:
    """All topics of a dataset and its authored paths: what the learning engine is built from."""

    topics: Sequence[Topic]
    steps: tuple[PathStep, ...] = ()
