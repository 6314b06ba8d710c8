"""The edges of what is known: topics that can be learnt next, and those that were learnt last.

Falmagne & Doignon, Learning Spaces (2011), ch. 4.
"""

from collections.abc import Set as AbstractSet
from itertools import chain

from kg.learning.graph import PrerequisiteGraph
from kg.learning.links import Links

Known = frozenset[int] | set[int]


def outer_fringe(graph: PrerequisiteGraph, known: Known) -> tuple[int, ...]:
    """Topics ready to learn, ascending: not known, and all their prerequisites are.

    Empty only when every topic is known. The cost grows with what is known and with the roots, not with the
    graph.
    """
    if isinstance(graph.requires, Links) and isinstance(graph.unlocks, Links):
        return _counted(graph, graph.requires, graph.unlocks, known)
    candidates = set(chain.from_iterable(map(graph.unlocks.__getitem__, known)))
    candidates.update(graph.roots)
    requires = graph.requires
    return tuple(sorted([topic for topic in candidates - known if known.issuperset(requires[topic])]))


def _counted(graph: PrerequisiteGraph, requires: Links, unlocks: Links, known: Known) -> tuple[int, ...]:
    """Those that are met as often as they have prerequisites, on the way from each known topic to the next."""
    import numpy as np

    met, times = np.unique(unlocks.of(np.fromiter(known, np.int32, len(known))), return_counts=True)
    ready = met[times == requires.starts[met + 1] - requires.starts[met]]
    return tuple(sorted({*ready.tolist(), *graph.roots} - known))


def inner_fringe(graph: PrerequisiteGraph, known: Known) -> tuple[int, ...]:
    """Topics learnt last, ascending: known, and nothing known requires them.

    Without any one of them what is known stays a knowledge state, and no other topic has this property.
    """
    return tuple(sorted(known.difference(chain.from_iterable(map(graph.requires.__getitem__, known)))))


def made_ready(graph: PrerequisiteGraph, known: AbstractSet[int], topic: int) -> tuple[int, ...]:
    """Topics that lack only ``topic``, ascending: they become ready at once when it is learnt."""
    found = []
    for later in graph.unlocks[topic]:
        for needed in graph.requires[later]:
            if needed not in known and needed != topic:
                break
        else:
            if later not in known:
                found.append(later)
    return tuple(found)
