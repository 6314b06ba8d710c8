"""The edges of what is known: topics that can be learnt next, and those that were learnt last.

Falmagne & Doignon, Learning Spaces (2011), ch. 4.
"""

from collections.abc import Set as AbstractSet
from itertools import chain

from kg.learning.graph import PrerequisiteGraph
from kg.learning.links import Links, rows_of

Known = frozenset[int] | set[int]


def is_ready(graph: PrerequisiteGraph, known: Known, topic: int) -> bool:
    """True where all that a topic requires is known, and an option of each of its choices."""
    return known.issuperset(graph.requires[topic]) and not is_open(graph, known, topic)


def is_open(graph: PrerequisiteGraph, known: AbstractSet[int], topic: int) -> bool:
    """True where a topic has a choice of which no option is known."""
    return any(known.isdisjoint(options) for options in graph.choices.get(topic, ()))


def outer_fringe(graph: PrerequisiteGraph, known: Known) -> tuple[int, ...]:
    """Topics ready to learn, ascending: not known, and all their prerequisites are.

    Empty only when every topic is known. The cost grows with what is known and with the roots, not with the
    graph.
    """
    ready = _with_all_required(graph, known)
    if graph.choices:
        # A topic that requires nothing but an option is no root, and nobody's successor.
        ready |= {topic for option in known for topic in graph.choosers.get(option, ())} - known
        ready = {topic for topic in ready if is_ready(graph, known, topic)}
    return tuple(sorted(ready))


def _with_all_required(graph: PrerequisiteGraph, known: Known) -> set[int]:
    if isinstance(graph.requires, Links) and isinstance(graph.unlocks, Links):
        return _counted(graph, graph.requires, graph.unlocks, known)
    candidates = set(chain.from_iterable(map(graph.unlocks.__getitem__, known)))
    candidates.update(graph.roots)
    requires = graph.requires
    return {topic for topic in candidates - known if known.issuperset(requires[topic])}


def _counted(graph: PrerequisiteGraph, requires: Links, unlocks: Links, known: Known) -> set[int]:
    """Those that are met as often as they have prerequisites, on the way from each known topic to the next."""
    import numpy as np

    met, times = np.unique(unlocks.of(np.fromiter(known, np.int32, len(known))), return_counts=True)
    ready = met[times == requires.starts[met + 1] - requires.starts[met]]
    return {*ready.tolist(), *graph.roots} - known


def inner_fringe(graph: PrerequisiteGraph, known: Known) -> tuple[int, ...]:
    """Topics learnt last, ascending: known, and nothing known requires them.

    Without any one of them what is known stays a knowledge state, and no other topic has this property. An option
    is required by nobody: another may have been learnt instead.
    """
    return tuple(sorted(known.difference(chain.from_iterable(rows_of(graph.requires, known)))))


def made_ready(graph: PrerequisiteGraph, known: Known, topic: int) -> tuple[int, ...]:
    """Topics that lack only ``topic``, ascending: they become ready at once when it is learnt."""
    if graph.choices:
        return _made_ready_by_choice(graph, known, topic)
    found = []
    for later in graph.unlocks[topic]:
        for needed in graph.requires[later]:
            if needed not in known and needed != topic:
                break
        else:
            if later not in known:
                found.append(later)
    return tuple(found)


def _made_ready_by_choice(graph: PrerequisiteGraph, known: Known, topic: int) -> tuple[int, ...]:
    after = known | {topic}
    later = {*graph.unlocks[topic], *graph.choosers.get(topic, ())} - known
    return tuple(sorted(t for t in later if is_ready(graph, after, t) and not is_ready(graph, known, t)))
