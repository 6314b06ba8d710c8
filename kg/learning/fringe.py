"""The edge of what is known: topics that can be learnt next."""

from collections.abc import Set as AbstractSet

from kg.learning.graph import PrerequisiteGraph


def outer_fringe(graph: PrerequisiteGraph, known: AbstractSet[int]) -> tuple[int, ...]:
    """Topics ready to learn, ascending: not known, and all their prerequisites are.

    Empty only when every topic is known. The cost grows with what is known and with the roots, not with the
    graph. Falmagne & Doignon, Learning Spaces (2011), ch. 4.
    """
    candidates = {topic for needed in known for topic in graph.unlocks[needed]}
    candidates.update(graph.roots)
    return tuple(sorted(topic for topic in candidates - known if known >= set(graph.requires[topic])))


def made_ready(graph: PrerequisiteGraph, known: AbstractSet[int], topic: int) -> tuple[int, ...]:
    """Topics that lack only ``topic``, ascending: they become ready at once when it is learnt."""
    return tuple(
        later
        for later in graph.unlocks[topic]
        if later not in known and all(needed == topic or needed in known for needed in graph.requires[later])
    )
