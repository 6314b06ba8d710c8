"""Choices of prerequisites: a topic requires one option of each. Read, and freed of options that cannot help.

An option that requires the topic itself can never come before it, so it is passed over; a choice with one option
left is a plain prerequisite. Whoever knows a topic is not taken to know an option, for nobody says which it was.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from kg.errors import InvalidData
from kg.learning.closure import closure
from kg.learning.links import Neighbours, read_rows, reverse
from kg.learning.sweep import learning_order

Groups = tuple[tuple[int, ...], ...]
"""Options of each choice of a topic, ascending."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Choices that are left, and what became of the others."""

    requires: Neighbours
    """What each topic requires, choices of one option included."""
    choices: Mapping[int, Groups] = field(default_factory=dict)
    """Topic → its choices of two options or more; topics without one are not in it."""
    passed_over: tuple[tuple[int, int], ...] = ()
    """Topic and option that requires it."""
    order: Sequence[int] = ()
    """All topics, each after all that it requires and after all options; those on a cycle are left out."""


def settle(requires: Neighbours, choices: Mapping[int, Groups], slugs: Sequence[str]) -> Settled:
    """The choices without options that require their own topic.

    Raises:
        InvalidData: no option of a choice is left.
    """
    passed_over: list[tuple[int, int]] = []
    choices = {topic: tuple(sorted(set(groups))) for topic, groups in choices.items()}
    while True:
        requires, choices = _with_only_options(requires, choices)
        every = Mixed(requires, {topic: tuple(chain(*groups)) for topic, groups in choices.items()})
        order = learning_order(every.rows(), reverse(every.rows()))
        left = choices.keys() - set(order) if len(order) < len(requires) else set()
        vain = list(_vain_options(requires, {topic: choices[topic] for topic in sorted(left)}))
        if not vain:
            return Settled(requires, choices, tuple(sorted(passed_over)), order)
        passed_over += vain
        choices = {topic: _without(topic, groups, vain, slugs) for topic, groups in choices.items()}


@dataclass(frozen=True, slots=True)
class Mixed:
    """What topics require, and more of it for some: :class:`kg.learning.links.Neighbours` of both together."""

    requires: Neighbours
    more: Mapping[int, tuple[int, ...]]

    def __len__(self) -> int:
        return len(self.requires)

    def __getitem__(self, topic: int, /) -> Sequence[int]:
        more = self.more.get(topic)
        return sorted({*self.requires[topic], *more}) if more else self.requires[topic]

    def __iter__(self) -> Iterator[Sequence[int]]:
        return map(self.__getitem__, range(len(self)))

    def rows(self) -> Neighbours:
        """The same, written out."""
        if not self.more:
            return self.requires
        starts, ends = [0], list[int]()
        for row in self:
            ends += row
            starts.append(len(ends))
        return read_rows(starts, ends)


def _with_only_options(
    requires: Neighbours, choices: Mapping[int, Groups]
) -> tuple[Neighbours, dict[int, Groups]]:
    only = {
        topic: tuple(options[0] for options in groups if len(options) == 1)
        for topic, groups in choices.items()
    }
    kept = {
        topic: tuple(options for options in groups if len(options) > 1) for topic, groups in choices.items()
    }
    more = {topic: options for topic, options in only.items() if options}
    return Mixed(requires, more).rows(), {topic: groups for topic, groups in kept.items() if groups}


def _vain_options(requires: Neighbours, choices: Mapping[int, Groups]) -> Iterator[tuple[int, int]]:
    """Topic and option, where the option requires the topic or is it."""
    for topic, groups in choices.items():
        for option in sorted(set(chain(*groups))):
            if topic in closure(requires, [option]):
                yield topic, option


def _without(topic: int, groups: Groups, vain: Sequence[tuple[int, int]], slugs: Sequence[str]) -> Groups:
    left = tuple(tuple(option for option in options if (topic, option) not in vain) for options in groups)
    for options, before in zip(left, groups, strict=True):
        if not options:
            names = ", ".join(slugs[option] for option in before)
            raise InvalidData(
                f"topic {slugs[topic]}",
                f"takes one of {names}, and none of them can come before it: each requires it",
                "add another option, or drop a prerequisite of one",
            )
    return tuple(sorted(set(left)))
