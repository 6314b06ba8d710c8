"""Walks over a whole graph: an order in which each topic comes after all that it requires.

In Python topic by topic; where edges stand in :class:`Links`, whole levels at once by numpy as long as they
are wide. A chain of a million topics, whose levels hold one topic each, is walked topic by topic.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING, Final

from kg.learning.links import Links, Neighbours

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

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
    order = array("i")
    for level in levels(requires, unlocks):
        order += level
    return order


def levels(requires: Links, unlocks: Links) -> "Iterator[array[int]]":
    """Topics that require nothing; then, again and again, those that require what came before and no more."""
    import numpy as np

    counts = array("i", np.diff(requires.starts).tobytes())
    missing = np.frombuffer(counts, np.int32)
    level = array("i", np.flatnonzero(missing == 0).astype(np.int32).tobytes())
    while level:
        yield level
        following = array("i")
        if len(level) < WIDE:
            for number in level:
                for later in unlocks[number]:
                    counts[later] -= 1
                    if not counts[later]:
                        following.append(later)
        else:
            reached, times = np.unique(unlocks.of(np.frombuffer(level, np.int32)), return_counts=True)
            missing[reached] -= times.astype(np.int32)
            following.frombytes(reached[missing[reached] == 0].tobytes())
        level = following


def heaviest(rows: Links, hours: "Floats", walk: "Iterable[array[int]]") -> "array[float]":
    """For each topic the hours of the heaviest chain that ends with it, along ``rows`` from level to level.

    Each level of the ``walk`` must lie after all that its rows name.
    """
    import numpy as np

    values = array("d", bytes(8 * len(rows)))
    found: Floats = np.frombuffer(values, np.float64)
    for level in walk:
        if len(level) < WIDE:
            for topic in level:
                values[topic] = max([values[other] for other in rows[topic]], default=0.0) + hours[topic]
            continue
        topics = np.frombuffer(level, np.int32)
        counts = rows.starts[topics + 1] - rows.starts[topics]
        inner = topics[counts > 0]
        counts = counts[counts > 0]
        found[topics] = hours[topics]
        if len(inner):
            found[inner] += np.maximum.reduceat(found[rows.of(inner)], np.cumsum(counts) - counts)
    return values
