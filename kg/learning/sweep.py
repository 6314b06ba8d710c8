"""Walks over a whole graph: an order in which each topic comes after all that it requires.

In Python topic by topic; where edges stand in :class:`Links`, whole levels at once by numpy as long as they
are wide. A chain of a million topics, whose levels hold one topic each, is walked topic by topic.
"""

from array import array
from collections.abc import Mapping, Sequence
from math import inf
from typing import Final

from kg.learning.links import Links, Neighbours

WIDE: Final = 40
"""A level of fewer topics is walked topic by topic: numpy needs about 30 µs for a level, however short."""


def learning_order(requires: Neighbours, unlocks: Neighbours) -> Sequence[int]:
    """All topics, each after all that it requires; those on a cycle, and what rests on one, are left out.

    Kahn, Topological sorting of large networks (1962), doi:10.1145/368996.369025.
    """
    if isinstance(requires, Links) and isinstance(unlocks, Links):
        return _by_levels(requires, unlocks)
    missing = list(map(len, requires))
    order = [number for number, count in enumerate(missing) if not count]
    for number in order:
        for later in unlocks[number]:
            missing[later] -= 1
            if not missing[later]:
                order.append(later)
    return order


def places(order: Sequence[int]) -> Sequence[int]:
    """The place of each topic in an order of all of them."""
    place_of = array("i", bytes(4 * len(order)))
    for place, number in enumerate(order):
        place_of[number] = place
    return place_of


def standing(unlocks: Neighbours, hours: Sequence[float], position: Mapping[int, int]) -> Sequence[int]:
    """The place of each topic by position in a path, how many require it directly, fewer hours, number."""
    if not isinstance(unlocks, Links):
        key = [
            (position.get(topic, inf), -len(unlocks[topic]), hours[topic]) for topic in range(len(unlocks))
        ]
        return places(sorted(range(len(unlocks)), key=key.__getitem__))
    import numpy as np

    positions = np.full(len(unlocks), np.inf)
    positions[list(position)] = list(position.values())
    order = np.lexsort((np.asarray(hours), -np.diff(unlocks.starts), positions))
    return places(order.tolist())


def _by_levels(requires: Links, unlocks: Links) -> Sequence[int]:
    import numpy as np

    counts = array("i", np.diff(requires.starts).tobytes())
    missing = np.frombuffer(counts, np.int32)
    order = array("i", np.flatnonzero(missing == 0).astype(np.int32).tobytes())
    done = 0
    while done < len(order):
        level = order[done:]
        done = len(order)
        if len(level) < WIDE:
            for number in level:
                for later in unlocks[number]:
                    counts[later] -= 1
                    if not counts[later]:
                        order.append(later)
        else:
            reached, times = np.unique(unlocks.of(np.frombuffer(level, np.int32)), return_counts=True)
            missing[reached] -= times.astype(np.int32)
            order.frombytes(reached[missing[reached] == 0].tobytes())
    return order
