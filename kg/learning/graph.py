"""The prerequisite graph: topics and what they require, as integers, built once from a curriculum."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain, islice
from math import fsum, inf
from operator import lt
from typing import Final

from kg.errors import CyclicPrerequisites, InvalidData, NotFound
from kg.learning.alternatives import Groups, Mixed, Settled, settle
from kg.learning.diagnose import find_cycle
from kg.learning.links import FEW_TOPICS, Neighbours, read_rows, reverse
from kg.learning.reach import Reach
from kg.learning.sweep import learning_order, places, standing
from kg.model.iri import Iri
from kg.model.learning import Curriculum, PathStep, Topic, TopicColumns

COMPARED_NAMES: Final = 5_000
"""Most slugs that an unknown name is compared with: difflib needs about 10 µs each."""

NAME_LENGTH: Final = 80
"""Most characters of an unknown name that are compared: difflib's cost grows with its square."""


@dataclass(frozen=True, slots=True, eq=False)
class PrerequisiteGraph:
    """An acyclic graph of topics. A topic's number is its place in ``topics``, which are sorted by slug.

    Numbers therefore sort as slugs do, and whatever is sorted by number has the same order in every run.
    """

    topics: tuple[Topic, ...] | TopicColumns
    """Records; of a large graph each is made when it is asked for. The columns below are there at once."""
    slug_of: Sequence[str]
    label_of: Sequence[str]
    hours_of: Sequence[float]
    area_of: Sequence[str]
    """Number → slug, label, hours of study, area."""
    requires: Neighbours
    """The topics that a topic requires directly."""
    choices: Mapping[int, Groups]
    """Topic → options of each choice that it requires one of; topics without choices are not in it."""
    unlocks: Neighbours
    """The topics that require a topic directly."""
    choosers: Mapping[int, tuple[int, ...]]
    """Option → the topics that it is an option for, ascending."""
    order: Sequence[int]
    """All topics, each after all that it requires, and after all options of its choices."""
    passed_over: tuple[tuple[int, int], ...]
    """Topic and option, where the option is none because it requires the topic itself."""
    roots: tuple[int, ...]
    """Topics that require nothing, and no option."""
    standing: Sequence[int]
    """Number → place among all topics by what needs no count: authored path, how many require it, hours, slug."""
    reach: Reach
    """How many topics build on each."""
    steps: Mapping[int, tuple[PathStep, ...]]
    """Steps of authored paths that name the topic, first position first."""

    @classmethod
    def build(cls, curriculum: Curriculum) -> "PrerequisiteGraph":
        """The graph of a curriculum, in time linear in its topics and prerequisites.

        A step whose item is no topic of the curriculum is left out.

        Raises:
            CyclicPrerequisites: A topic would come before itself, by what it requires or by an option; the
                error names a shortest cycle.
            InvalidData: A slug stands twice, a prerequisite is unknown, hours are no number, or no option of a
                choice can come before its topic.
        """
        topics = curriculum.topics
        if not isinstance(topics, TopicColumns):
            topics = tuple(sorted(topics, key=lambda topic: topic.slug))
        columns = topics if isinstance(topics, TopicColumns) else _columns(topics)
        _check_columns(columns)
        requires = read_rows(columns.starts, columns.needed)
        choices = {} if isinstance(topics, TopicColumns) else _choices(topics, columns.slugs)
        settled = settle(requires, choices, columns.slugs) if choices else Settled(requires)
        requires, unlocks = settled.requires, reverse(settled.requires)
        order = settled.order or learning_order(requires, unlocks)
        if len(order) < len(columns):
            raise CyclicPrerequisites(_cycle(columns.slugs, settled, order))
        steps = _steps_by_topic(curriculum.steps, columns.slugs)
        return cls(
            topics=topics,
            slug_of=columns.slugs,
            label_of=columns.labels or columns.slugs,
            # Side by side they are read far sooner than floats all over the memory.
            hours_of=array("d", columns.hours) if len(columns) > FEW_TOPICS else columns.hours,
            area_of=columns.areas or ("",) * len(columns),
            requires=requires,
            choices=settled.choices,
            unlocks=unlocks,
            choosers=_choosers(settled.choices),
            order=order,
            passed_over=settled.passed_over,
            roots=tuple([t for t, needed in enumerate(requires) if not needed and t not in settled.choices]),
            standing=standing(unlocks, columns.hours, {topic: of[0].position for topic, of in steps.items()}),
            reach=Reach(requires, unlocks, places(order)),
            steps=steps,
        )

    def number(self, slug: str) -> int | None:
        """The number of a topic, or None where there is no such topic."""
        return _place(self.slug_of, slug)

    def find(self, slug: str) -> int:
        """The number of a topic.

        Raises:
            NotFound: There is no such topic; ``near`` holds similar slugs.
        """
        number = _place(self.slug_of, slug)
        if number is None:
            raise NotFound("topic", slug, _near(slug, self.slug_of))
        return number

    def iri(self, number: int) -> Iri:
        """The IRI of a topic."""
        topics = self.topics
        return topics[number].iri if isinstance(topics, tuple) else topics.iri(number)

    def slugs(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """The slugs of topics, sorted."""
        return tuple(map(self.slug_of.__getitem__, sorted(numbers)))

    def hours(self, numbers: Iterable[int]) -> float:
        """Hours of study of the topics together."""
        return fsum(map(self.hours_of.__getitem__, numbers))


def _place(slugs: Sequence[str], slug: str) -> int | None:
    place = bisect_left(slugs, slug)
    return place if place < len(slugs) and slugs[place] == slug else None


def _columns(topics: tuple[Topic, ...]) -> TopicColumns:
    """The columns of records that are sorted by slug.

    Raises:
        InvalidData: a topic requires what is no topic.
    """
    slugs = tuple([topic.slug for topic in topics])
    numbers = {slug: number for number, slug in enumerate(slugs)}
    starts, needed = [0], list[int]()
    for topic in topics:
        try:
            needed += sorted({numbers[slug] for slug in topic.requires})
        except KeyError as missing:
            raise _no_prerequisite(topic.slug, missing.args[0], slugs) from None
        starts.append(len(needed))
    return TopicColumns(
        slugs=slugs,
        hours=tuple([topic.hours for topic in topics]),
        starts=starts,
        needed=needed,
        labels=tuple([topic.label for topic in topics]),
        areas=tuple([topic.area for topic in topics]),
    )


def _no_prerequisite(topic: str, slug: str, slugs: Sequence[str]) -> InvalidData:
    near = _near(slug, slugs)
    hint = f"did you mean {', '.join(near)}?" if near else "add that topic, or drop the prerequisite"
    return InvalidData(f"topic {topic}", f"requires {slug!r}, which is no topic", hint)


def _check_columns(columns: TopicColumns) -> None:
    """Raise InvalidData at the first topic that cannot be used."""
    slugs, hours = columns.slugs, columns.hours
    if not all(map(lt, slugs, islice(slugs, 1, None))):
        place = next(place for place in range(len(slugs)) if slugs[place] >= slugs[place + 1])
        if slugs[place] == slugs[place + 1]:
            raise InvalidData(f"topic {slugs[place]}", "stands twice in the curriculum", "keep one of them")
        raise InvalidData(f"topic {slugs[place + 1]}", f"stands after {slugs[place]}", "sort topics by slug")
    for place, study in enumerate(hours):
        if not 0 <= study < inf:
            raise InvalidData(
                f"topic {slugs[place]}", f"has {study} hours of study", "give a number from 0 up"
            )


def _choices(topics: Iterable[Topic], slugs: Sequence[str]) -> dict[int, Groups]:
    """Topic → options of each of its choices, for topics that have one.

    Raises:
        InvalidData: an option is no topic.
    """
    found: dict[int, Groups] = {}
    for number, topic in enumerate(topics):
        if topic.requires_one_of:
            found[number] = tuple(_options(topic, choice.options, slugs) for choice in topic.requires_one_of)
    return found


def _options(topic: Topic, options: Iterable[str], slugs: Sequence[str]) -> tuple[int, ...]:
    places = {slug: _place(slugs, slug) for slug in options}
    for slug, place in places.items():
        if place is None:
            raise _no_prerequisite(topic.slug, slug, slugs)
    if not places:
        raise InvalidData(f"topic {topic.slug}", "has a choice without options", "name two topics or more")
    return tuple(sorted(place for place in places.values() if place is not None))


def _choosers(choices: Mapping[int, Groups]) -> Mapping[int, tuple[int, ...]]:
    found: dict[int, set[int]] = {}
    for topic, groups in choices.items():
        for option in chain(*groups):
            found.setdefault(option, set()).add(topic)
    return {option: tuple(sorted(topics)) for option, topics in found.items()}


def _cycle(slugs: Sequence[str], settled: Settled, order: Sequence[int]) -> tuple[str, ...]:
    """A cycle among the topics that the order leaves out, and that also a way back from the last ones does."""
    options = {topic: tuple(chain(*groups)) for topic, groups in settled.choices.items()}
    every = Mixed(settled.requires, options).rows()
    left = set(range(len(slugs))).difference(order, learning_order(reverse(every), every))
    return find_cycle({slugs[topic]: [slugs[n] for n in every[topic] if n in left] for topic in left})


def _steps_by_topic(steps: tuple[PathStep, ...], slugs: Sequence[str]) -> Mapping[int, tuple[PathStep, ...]]:
    """The steps of each topic that has some."""
    found: dict[int, list[PathStep]] = {}
    for step in sorted(steps, key=lambda step: (step.position, step.path)):
        number = _place(slugs, step.topic)
        if number is not None:
            found.setdefault(number, []).append(step)
    return {number: tuple(of_topic) for number, of_topic in found.items()}


def _near(name: str, slugs: Iterable[str]) -> tuple[str, ...]:
    """Known slugs that look like ``name``, best first."""
    wanted = "-".join(name[:NAME_LENGTH].lower().replace("_", " ").split())
    same_start = (slug for slug in slugs if slug[:1] == wanted[:1])
    others = (slug for slug in slugs if slug[:1] != wanted[:1])
    compared = [*islice(same_start, COMPARED_NAMES), *islice(others, COMPARED_NAMES)]
    return tuple(get_close_matches(wanted, compared[:COMPARED_NAMES], n=3))
