"""The prerequisite graph: topics and what they require, as integers, built once from a curriculum."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from math import fsum, isfinite
from typing import Final

from kg.errors import CyclicPrerequisites, InvalidData, NotFound
from kg.learning.diagnose import find_cycle
from kg.model.learning import Curriculum, PathStep, Topic

COMPARED_NAMES: Final = 5_000
"""Most slugs that an unknown name is compared with: difflib needs about 10 µs each."""

NAME_LENGTH: Final = 80
"""Most characters of an unknown name that are compared: difflib's cost grows with its square."""

Neighbours = tuple[tuple[int, ...], ...]
"""For each topic the numbers of its neighbours, ascending."""


@dataclass(frozen=True, slots=True, eq=False)
class PrerequisiteGraph:
    """An acyclic graph of topics. A topic's number is its place in ``topics``, which are sorted by slug.

    Numbers therefore sort as slugs do, and whatever is sorted by number has the same order in every run.
    """

    topics: tuple[Topic, ...]
    numbers: Mapping[str, int]
    """Slug → number."""
    requires: Neighbours
    unlocks: Neighbours
    """The topics that require a topic directly."""
    roots: tuple[int, ...]
    """Topics that require nothing."""
    steps: Mapping[int, tuple[PathStep, ...]]
    """Steps of authored paths that name the topic, first position first."""

    @classmethod
    def build(cls, curriculum: Curriculum) -> "PrerequisiteGraph":
        """The graph of a curriculum, in time linear in its topics and prerequisites.

        A step whose item is no topic of the curriculum is left out.

        Raises:
            CyclicPrerequisites: A topic would come before itself; the error names a shortest cycle.
            InvalidData: A slug stands twice, a prerequisite is unknown, or hours are no number.
        """
        topics = tuple(sorted(curriculum.topics, key=lambda topic: topic.slug))
        numbers = {topic.slug: number for number, topic in enumerate(topics)}
        _check_topics(topics, numbers)
        requires = tuple(tuple(sorted({numbers[slug] for slug in topic.requires})) for topic in topics)
        unlocks = _reverse(requires)
        if _has_cycle(requires, unlocks):
            raise CyclicPrerequisites(find_cycle({topic.slug: topic.requires for topic in topics}))
        roots = tuple(number for number, needed in enumerate(requires) if not needed)
        return cls(topics, numbers, requires, unlocks, roots, _steps_by_topic(curriculum.steps, numbers))

    def find(self, slug: str) -> int:
        """The number of a topic.

        Raises:
            NotFound: There is no such topic; ``near`` holds similar slugs.
        """
        number = self.numbers.get(slug)
        if number is None:
            raise NotFound("topic", slug, _near(slug, self.numbers))
        return number

    def slugs(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """The slugs of topics, sorted."""
        return tuple(self.topics[number].slug for number in sorted(numbers))

    def hours(self, numbers: Iterable[int]) -> float:
        """Hours of study of the topics together."""
        return fsum(self.topics[number].hours for number in numbers)


def _check_topics(topics: tuple[Topic, ...], numbers: Mapping[str, int]) -> None:
    """Raise InvalidData at the first topic that cannot be used."""
    for number, topic in enumerate(topics):
        if numbers[topic.slug] != number:
            raise InvalidData(f"topic {topic.slug}", "stands twice in the curriculum", "keep one of them")
        if not isfinite(topic.hours) or topic.hours < 0:
            raise InvalidData(
                f"topic {topic.slug}", f"has {topic.hours} hours of study", "give a number from 0 up"
            )
        for slug in topic.requires:
            if slug not in numbers:
                near = _near(slug, numbers)
                hint = (
                    f"did you mean {', '.join(near)}?" if near else "add that topic, or drop the prerequisite"
                )
                raise InvalidData(f"topic {topic.slug}", f"requires {slug!r}, which is no topic", hint)


def _reverse(neighbours: Neighbours) -> Neighbours:
    """The same edges, read the other way."""
    reverse: list[list[int]] = [[] for _ in neighbours]
    for number, others in enumerate(neighbours):
        for other in others:
            reverse[other].append(number)
    return tuple(map(tuple, reverse))


def _has_cycle(requires: Neighbours, unlocks: Neighbours) -> bool:
    """Whether some topic never becomes ready (Kahn, doi:10.1145/368996.369025)."""
    missing = [len(needed) for needed in requires]
    ready = [number for number, count in enumerate(missing) if count == 0]
    learnt = 0
    while ready:
        learnt += 1
        for number in unlocks[ready.pop()]:
            missing[number] -= 1
            if missing[number] == 0:
                ready.append(number)
    return learnt < len(requires)


def _steps_by_topic(
    steps: tuple[PathStep, ...], numbers: Mapping[str, int]
) -> Mapping[int, tuple[PathStep, ...]]:
    """The steps of each topic that has some."""
    found: dict[int, list[PathStep]] = {}
    for step in sorted(steps, key=lambda step: (step.position, step.path)):
        if step.topic in numbers:
            found.setdefault(numbers[step.topic], []).append(step)
    return {number: tuple(of_topic) for number, of_topic in found.items()}


def _near(name: str, slugs: Iterable[str]) -> tuple[str, ...]:
    """Known slugs that look like ``name``, best first."""
    wanted = "-".join(name[:NAME_LENGTH].lower().replace("_", " ").split())
    same_start = (slug for slug in slugs if slug[:1] == wanted[:1])
    others = (slug for slug in slugs if slug[:1] != wanted[:1])
    compared = [*islice(same_start, COMPARED_NAMES), *islice(others, COMPARED_NAMES)]
    return tuple(get_close_matches(wanted, compared[:COMPARED_NAMES], n=3))
