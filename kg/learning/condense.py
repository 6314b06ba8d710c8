"""Knots of topics that require each other, and prerequisites that the others of a topic imply."""

from collections.abc import Mapping, Sequence
from typing import Final

CHUNK: Final = 4_096
"""Topics that one pass looks for: a pass keeps so many bits for each topic."""

Requires = Mapping[str, Sequence[str]]


def knots(requires: Requires) -> tuple[tuple[str, ...], ...]:
    """The strongly connected components with more than one topic, each sorted, by their first topic.

    Every prerequisite must be a topic of the mapping. Time and memory linear (Tarjan, doi:10.1137/0201010).
    """
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    slugs = sorted(requires)
    number = {slug: place for place, slug in enumerate(slugs)}
    starts = np.zeros(len(slugs) + 1, dtype=np.int64)
    np.cumsum([len(requires[slug]) for slug in slugs], out=starts[1:])
    ends = np.fromiter((number[other] for slug in slugs for other in requires[slug]), dtype=np.int64)
    graph = csr_array((np.ones(len(ends), dtype=np.int8), ends, starts), shape=(len(slugs), len(slugs)))
    _, component = connected_components(graph, directed=True, connection="strong")
    members: dict[int, list[str]] = {}
    for slug, of in zip(slugs, component.tolist(), strict=True):
        members.setdefault(of, []).append(slug)
    return tuple(sorted(tuple(group) for group in members.values() if len(group) > 1))


def implied_prerequisites(requires: Requires) -> tuple[tuple[str, str], ...]:
    """Topic and prerequisite of each edge outside the transitive reduction, sorted.

    The graph must be acyclic, and hold every prerequisite as a topic. Each pass over all edges settles a chunk of
    topics, in bits of whole numbers: memory grows with the topics alone (Aho, Garey, Ullman, doi:10.1137/0201008).
    """
    from graphlib import TopologicalSorter

    order = tuple(TopologicalSorter(requires).static_order())
    found: list[tuple[str, str]] = []
    for start in range(0, len(order), CHUNK):
        bit = {slug: 1 << place for place, slug in enumerate(order[start : start + CHUNK])}
        behind: dict[str, int] = {}
        for slug in order[start:]:  # What stands earlier requires nothing of the chunk.
            needed = requires[slug]
            through = direct = 0
            for other in needed:
                through |= behind.get(other, 0)
                direct |= bit.get(other, 0)
            behind[slug] = through | direct
            if through & direct:
                found += [(slug, other) for other in needed if through & bit.get(other, 0)]
    return tuple(sorted(found))
