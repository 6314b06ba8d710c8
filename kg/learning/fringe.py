"""The edge of what is known: topics that can be learnt next."""

from collections.abc import Set as AbstractSet

from kg.learning.alternatives import Groups
from kg.learning.graph import PrerequisiteGraph


def is_ready(graph: PrerequisiteGraph, known: AbstractSet[int], topic: int) -> bool:
    """True where all that a topic requires is known, and an option of each of its choices."""
    return known.issuperset(graph.requires[topic]) and all(
        not known.isdisjoint(options) for options in graph.choices.get(topic, ())
    )


def outer_fringe(graph: PrerequisiteGraph, known: AbstractSet[int]) -> tuple[int, ...]:
    """Topics ready to learn, ascending: not known, and all their prerequisites are.

    Empty only when every topic is known. The cost grows with what is known and with the roots, not with the
    graph. Falmagne & Doignon, Learning Spaces (2011), ch. 4.
    """
    candidates = {topic for needed in known for topic in graph.unlocks[needed]}
    candidates.update(graph.roots)
    if graph.choosers:
        candidates.update(topic for option in known for topic in graph.choosers.get(option, ()))
    return tuple(sorted(topic for topic in candidates - known if is_ready(graph, known, topic)))


def made_ready(graph: PrerequisiteGraph, known: AbstractSet[int], topic: int) -> tuple[int, ...]:
    """Topics that lack only ``topic``, ascending: they become ready at once when it is learnt."""
    later = {*graph.unlocks[topic], *graph.choosers.get(topic, ())} - known
    return tuple(
        sorted(
            other
            for other in later
            if not is_ready(graph, known, other)
            and all(needed == topic or needed in known for needed in graph.requires[other])
            and all(topic in options or not known.isdisjoint(options) for options in _groups(graph, other))
        )
    )


def _groups(graph: PrerequisiteGraph, topic: int) -> Groups:
    return graph.choices.get(topic, ())
