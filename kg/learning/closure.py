"""Everything that is reached from topics along prerequisites, one way or the other."""

from collections.abc import Iterable
from itertools import chain

from kg.learning.links import Neighbours, rows_of


def closure(neighbours: Neighbours, topics: Iterable[int]) -> frozenset[int]:
    """The topics and all that is reached from them; idempotent and monotone.

    Along ``graph.requires``: all that must be known before, in cost that grows with the answer only.
    Along ``graph.unlocks``: all that builds on them.
    """
    reached = set(topics)
    level: Iterable[int] = reached
    while level:
        level = set(chain.from_iterable(rows_of(neighbours, level))) - reached
        reached |= level
    return frozenset(reached)


def distances(neighbours: Neighbours, topic: int) -> dict[int, int]:
    """For all that is reached from ``topic`` the number of edges on the shortest way, nearest first.

    The topic itself is not in it.
    """
    depth_of = {topic: 0}
    level = [topic]
    depth = 0
    while level:
        depth += 1
        level = sorted(set(chain.from_iterable(rows_of(neighbours, level))) - depth_of.keys())
        depth_of.update(dict.fromkeys(level, depth))
    del depth_of[topic]
    return depth_of
