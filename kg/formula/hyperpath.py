"""The cheapest way to a quantity: Knuth's generalisation of Dijkstra's algorithm to hypergraphs.

D. E. Knuth, A generalization of Dijkstra's algorithm, Information Processing Letters 6 (1977). A counter for each
relation says when all but one of its nodes are settled; then it offers to compute the last. What two branches of a
way share counts in both: least ways by distinct formulas are NP-hard to find.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import inf

from kg.formula.network import Network

Edge = tuple[int, int]
"""A relation, and the node that it computes."""

SOURCE = -1
"""In place of a relation: the node is known."""


@dataclass(frozen=True, slots=True)
class Tree:
    """What a search settled: the cost of each node, infinite where it is not reached, and the relation to it."""

    costs: list[float]
    by: list[int]

    def reaches(self, node: int) -> bool:
        """True where the node was settled."""
        return self.costs[node] < inf


def search(
    network: Network,
    sources: Mapping[int, float],
    *,
    targets: Collection[int] = (),
    extra: Mapping[Edge, float],
    banned: Collection[int] = (),
) -> Tree:
    """All that follows from the sources, nearest first; the search stops once all targets are settled.

    ``extra`` is added to the cost of an edge, infinite for one that must not be used; relations that are
    ``banned`` are not used at all. Ties go to the node, then to the relation, whose IRI comes first.
    """
    incident, steps = network.incident, network.steps
    left, rest = list(network.sizes), list(network.totals)
    spent = [0.0] * len(steps)
    costs = [inf] * len(incident)
    offers = [inf] * len(incident)
    by = [SOURCE] * len(incident)
    waiting = set(targets)
    heap = [(cost, node, SOURCE) for node, cost in sources.items()]
    # A formula of constants alone needs nothing.
    heap += [
        (steps[place][rest[place]] + extra.get((place, rest[place]), 0.0), rest[place], place)
        for place in network.alone
        if place not in banned
    ]
    heapify(heap)
    while heap:
        cost, node, relation = heappop(heap)
        if costs[node] < inf:
            continue
        costs[node] = cost
        by[node] = relation
        if node in waiting:
            waiting.discard(node)
            if not waiting:
                break
        for place in incident[node]:
            left[place] = unknown = left[place] - 1
            rest[place] ^= node
            spent[place] += cost
            if unknown == 1 and place not in banned:
                head = rest[place]
                step = spent[place] + steps[place].get(head, inf)
                if extra:
                    step += extra.get((place, head), 0.0)
                # Of equal offers all are kept: the first relation by IRI wins, whenever it comes.
                if step < inf and step <= offers[head] and costs[head] == inf:
                    offers[head] = step
                    heappush(heap, (step, head, place))
    return Tree(costs, by)


def way_to(network: Network, tree: Tree, targets: Iterable[int]) -> tuple[Edge, ...]:
    """The edges that lead to the targets, each once, each after those that it needs."""
    order: list[Edge] = []
    done: set[int] = set()
    waiting = [(node, False) for node in reversed(list(targets))]
    while waiting:
        node, ready = waiting.pop()
        relation = tree.by[node]
        if ready:
            order.append((relation, node))
        elif node not in done:
            done.add(node)
            if relation != SOURCE:
                waiting.append((node, True))
                waiting += [
                    (one, False) for one in reversed(network.relations[relation].nodes) if one != node
                ]
    return tuple(order)
