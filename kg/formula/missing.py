"""What would have to be given, where nothing known leads to the target: the cheapest sets of further givens.

A search backwards over an AND/OR graph, cheapest first: an open quantity is either asked for, or computed by one
of its formulas, whose unknown quantities are then open. Each set that is found is tried forwards, and made minimal.
"""

from collections.abc import Iterator, Mapping
from heapq import heappop, heappush
from math import inf
from typing import Final

from kg.formula.blocks import first_block
from kg.formula.chain import Chain
from kg.formula.hyperpath import Edge, Tree, search
from kg.model.derivation import Need

ASKED: Final = 3.0
"""What a further given costs; what follows without one costs nothing more."""
BACKWARDS: Final = 4.0
"""More for a formula that would compute an input: what follows from a quantity is seldom known before it."""
MAX_SETS: Final = 3
MAX_STATES: Final = 4_000
"""States of the search that are opened, at most."""
MAX_TRIED: Final = 40
"""Sets that are tried forwards, at most."""
MAX_WORK: Final = 200_000
"""Relations that these tries may look at, in all: large networks get fewer tries."""

State = tuple[float, tuple[int, ...], tuple[int, ...], frozenset[int]]
"""Cost, nodes that are open, nodes that are asked for, nodes that are computed."""


def missing_sets(chain: Chain, target: int) -> tuple[tuple[Need, ...], ...]:
    """At most three sets, cheapest first; with all of one given the target follows, with fewer of it not."""
    tree = chain.look()
    found: dict[frozenset[int], float] = {}
    extra = _asking(chain)
    limit = min(MAX_TRIED, MAX_WORK // (len(chain.network.relations) or 1))
    for tried, asked in enumerate(_candidates(chain, tree, target)):
        if any(known <= asked for known in found):
            continue
        if tried >= limit or len(found) >= MAX_SETS:
            break
        for least in _least(chain, target, asked):
            found.setdefault(least, _cost(chain, tree, target, least, extra))
    ordered = sorted(found, key=lambda nodes: (found[nodes], len(nodes), sorted(nodes)))
    return tuple(tuple(_need(chain, node) for node in sorted(nodes)) for nodes in ordered[:MAX_SETS])


def nearest(chain: Chain, target: int, *, count: int = 3) -> tuple[str, ...]:
    """Names of what can be derived and stands in one formula with the target, or one formula further."""
    tree = chain.look()
    network = chain.network
    row, seen = [target], {target}
    for _ in range(2):
        found: dict[str, None] = {}
        following: list[int] = []
        for node in row:
            for place in network.incident[node]:
                for other in network.relations[place].nodes if place not in chain.banned else ():
                    if other in seen:
                        continue
                    seen.add(other)
                    following.append(other)
                    if tree.reaches(other) and tree.by[other] >= 0:
                        found[network.instances[other].name] = None
        if found:
            return tuple(sorted(found))[:count]
        row = following
    return ()


def _candidates(chain: Chain, tree: Tree, target: int) -> Iterator[frozenset[int]]:
    """Sets that may do, each once, cheapest first."""
    network, opened, seen = chain.network, 0, set()
    start: State = (0.0, (target,), (), frozenset())
    heap = [start]
    while heap and opened < MAX_STATES:
        cost, goals, asked, computed = heappop(heap)
        state = goals, asked, computed
        if state in seen:
            continue
        seen.add(state)
        opened += 1
        if not goals:
            if asked:
                yield frozenset(asked)
            continue
        goal, *rest = goals
        if goal != target:
            heappush(heap, (cost + ASKED, tuple(rest), tuple(sorted((*asked, goal))), computed))
        for place in network.incident[goal]:
            relation = network.relations[place]
            step = relation.costs.get(goal)
            if step is None or place in chain.banned or (place, goal) in chain.failures:
                continue
            if chain.laws.fit_of(place) is None:
                continue
            wish = chain.wishes.get((place, goal), 0.0) + (BACKWARDS if goal != relation.output else 0.0)
            done = {*rest, *asked, *computed, goal}
            fresh = [node for node in relation.nodes if node not in done and not tree.reaches(node)]
            heappush(heap, (cost + step + wish, tuple(sorted((*rest, *fresh))), asked, computed | {goal}))


def _least(chain: Chain, target: int, asked: frozenset[int]) -> set[frozenset[int]]:
    """The set without what it does not need, from either end; nothing where it does not lead to the target."""
    if not _follows(chain, target, asked, together=False):
        return set()
    found = set()
    for order in (sorted(asked), sorted(asked, reverse=True)):
        least = asked
        for node in order:
            fewer = least - {node}
            if fewer and _follows(chain, target, fewer, together=True):
                least = fewer
        found.add(least)
    return found


def _follows(chain: Chain, target: int, asked: frozenset[int], *, together: bool) -> bool:
    """True where the target follows from what is known and asked, by chains, or with relations solved together."""
    tree = chain.look(more=asked)
    if tree.reaches(target) or not together:
        return tree.reaches(target)
    known = asked
    while True:
        tree = chain.look(more=known, defaults=False)
        block = first_block(chain, tree, target, barred=())
        if block is None:
            return False
        known |= {node for _, node in block}
        if chain.look((target,), more=known).reaches(target):
            return True


def _cost(chain: Chain, tree: Tree, target: int, asked: frozenset[int], extra: Mapping[Edge, float]) -> float:
    """What is asked and the formulas that are then new; infinite where only relations solved together lead on."""
    known = (node for node, cost in enumerate(tree.costs) if cost < inf)
    sources = {**dict.fromkeys(known, 0.0), **dict.fromkeys(asked, ASKED)}
    found = search(chain.network, sources, targets=(target,), extra=extra, banned=chain.banned)
    return found.costs[target]


def _asking(chain: Chain) -> dict[Edge, float]:
    """What is added to the costs of edges where it is asked what to give."""
    extra = {
        (place, node): BACKWARDS
        for place, relation in enumerate(chain.network.relations)
        for node in relation.costs
        if node != relation.output
    }
    for edge, cost in {**chain.wishes, **chain.extra}.items():
        extra[edge] = extra.get(edge, 0.0) + cost
    return extra


def _need(chain: Chain, node: int) -> Need:
    instance = chain.network.instances[node]
    return Need(instance.quantity or instance.iri, instance.name, instance.label, instance.unit.symbol)
