"""What is wrong with prerequisites that do not form a graph to learn by."""

from collections.abc import Iterable, Mapping


def find_cycle(requires: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """A shortest cycle of prerequisites, its first topic repeated at the end; empty where there is none.

    Of several shortest ones it is that which holds the first slug, told from there, so the answer is always
    the same. Prerequisites that are not among the keys are passed over: they require nothing.

    >>> find_cycle({"a": ["b"], "b": ["c"], "c": ["a", "b"], "d": ["a"]})
    ('b', 'c', 'b')
    """
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from((topic, needed) for topic in requires for needed in requires[topic])
    shortest: tuple[str, ...] = ()
    components = [component for component in nx.strongly_connected_components(graph) if len(component) > 1]
    loops = sorted(topic for topic in graph if graph.has_edge(topic, topic))
    if loops:
        return (loops[0], loops[0])
    for start in sorted(topic for component in components for topic in component):
        cycle = _cycle_through(graph.adj, start, shorter_than=len(shortest) or len(graph) + 2)
        shortest = cycle or shortest
        if len(shortest) == 3:
            break
    return shortest


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
