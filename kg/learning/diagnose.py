"""What is wrong with prerequisites that do not form a graph to learn by."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

MOST_KNOTTED: Final = 1_000
"""Among more topics that lie on cycles, or between two, the shortest cycle is not looked for: a short one will do."""


def find_cycle(requires: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """A shortest cycle of prerequisites, its first topic repeated at the end; empty where there is none.

    Of several shortest ones it is that which holds the first slug, told from there, so the answer is always
    the same. Prerequisites that are not among the keys are passed over: they require nothing. Where more than
    1 000 topics are knotted together it is a shortest one through one of them, in time linear in the edges.

    >>> find_cycle({"a": ["b"], "b": ["c"], "c": ["a", "b"], "d": ["a"]})
    ('b', 'c', 'b')
    """
    # What comes before all cycles is taken away, then, with the edges turned round, what comes after them.
    knot = _knotted(_knotted(requires))
    loops = [topic for topic in knot if topic in knot[topic]]
    if loops:
        return (min(loops), min(loops))
    starts = sorted(knot) if len(knot) <= MOST_KNOTTED else [_on_a_cycle(knot)]
    shortest: tuple[str, ...] = ()
    for start in starts:
        cycle = _cycle_through(knot, start, shorter_than=len(shortest) or len(knot) + 2)
        shortest = cycle or shortest
        if len(shortest) == 3:
            break
    first = shortest.index(min(shortest)) if shortest else 0
    return (*shortest[first:-1], *shortest[: first + 1]) if shortest else ()


def _knotted(edges: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """The edges turned round, without topics from which no way leads to a cycle (Kahn, doi:10.1145/368996.369025)."""
    turned: dict[str, list[str]] = {topic: [] for topic in edges}
    missing = {}
    for topic, others in edges.items():
        within = {other for other in others if other in turned}
        missing[topic] = len(within)
        for other in within:
            turned[other].append(topic)
    free = [topic for topic, count in missing.items() if not count]
    for topic in free:
        for later in turned[topic]:
            missing[later] -= 1
            if not missing[later]:
                free.append(later)
    return {
        topic: [other for other in others if missing[other]]
        for topic, others in turned.items()
        if missing[topic]
    }


def _on_a_cycle(requires: Mapping[str, Collection[str]]) -> str:
    """A topic of a cycle, where each topic requires another: the first that a walk along first ones meets again."""
    topic, met = min(requires), set[str]()
    while topic not in met:
        met.add(topic)
        topic = min(requires[topic])
    return topic


def _cycle_through(
    requires: Mapping[str, Iterable[str]], start: str, *, shorter_than: int
) -> tuple[str, ...]:
    """A shortest cycle through ``start``, by breadth first; empty where none is short enough."""
    comes_from: dict[str, str] = {}
    level = [start]
    for _ in range(shorter_than - 2):
        following = []
        for topic in level:
            for needed in sorted(requires[topic]):
                if needed == start:
                    return _walk_back(comes_from, start, topic)
                if needed not in comes_from:
                    comes_from[needed] = topic
                    following.append(needed)
        level = following
    return ()


def _walk_back(comes_from: Mapping[str, str], start: str, last: str) -> tuple[str, ...]:
    """The cycle that closes with the edge from ``last`` to ``start``."""
    way = [start, last]
    while way[-1] != start:
        way.append(comes_from[way[-1]])
    return tuple(reversed(way))
