"""What no chain reaches, because formulas need each other: which of them determine a quantity together.

A matching gives each relation one unknown to stand for (Dulmage & Mendelsohn, 1958): unknowns that an unmatched
one leads to by alternating paths stay open, the others are determined. Their strongly connected components, in
order, are the blocks to be solved together.
"""

from collections import deque
from collections.abc import Collection, Mapping
from typing import Final

from kg.formula.chain import Chain
from kg.formula.hyperpath import Edge, Tree

MAX_RELATIONS: Final = 400
"""Relations around the target that are looked at."""
MAX_TRIED: Final = 24
"""Blocks that are looked at for one target."""
MAX_BLOCK: Final = 20
"""Unknowns that are solved for together, at most."""


def first_block(chain: Chain, tree: Tree, target: int, *, barred: Collection[int]) -> tuple[Edge, ...] | None:
    """The first block on the way to the target, each relation with its unknown; None where nothing determines it.

    ``tree`` holds all that chains reach; relations that are ``barred`` take no part. Cheap relations come first;
    of relations that say the same, the dearest is left out.
    """
    left_out = set(barred)
    for _ in range(MAX_TRIED):
        edges = _structural(chain, tree, target, left_out)
        if edges is None:
            return None
        # Arrays are loaded when relations need each other, and not before.
        from kg.formula.simultaneous import may_determine

        if may_determine(chain, edges):
            return edges
        left_out.add(dearest(chain, edges))
    return None


def dearest(chain: Chain, edges: tuple[Edge, ...]) -> int:
    """The relation of a block that is left out where the block does not work."""
    relations = chain.network.relations
    return max(edges, key=lambda edge: (relations[edge[0]].costs[edge[1]], edge))[0]


def _structural(chain: Chain, tree: Tree, target: int, barred: Collection[int]) -> tuple[Edge, ...] | None:
    open_nodes = _unknowns(chain, tree, target, barred)
    match = _match(chain, open_nodes)
    determined = _determined(open_nodes, match)
    if target not in determined:
        return None
    return _first_component(chain, open_nodes, match, target)


def _unknowns(chain: Chain, tree: Tree, target: int, barred: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The relations near the target that could take part, each with its unknowns."""
    network = chain.network
    found: dict[int, tuple[int, ...]] = {}
    seen, waiting = {target}, deque([target])
    while waiting and len(found) < MAX_RELATIONS:
        for place in network.incident[waiting.popleft()]:
            if place in found or place in barred or place in chain.banned:
                continue
            relation = network.relations[place]
            unknown = tuple(node for node in relation.nodes if not tree.reaches(node))
            if not 1 < len(unknown) <= MAX_BLOCK or not all(node in relation.costs for node in unknown):
                continue
            if chain.laws.fit_of(place) is None:
                continue
            found[place] = unknown
            fresh = [node for node in unknown if node not in seen]
            seen.update(fresh)
            waiting.extend(fresh)
    return found


def _match(chain: Chain, unknowns: Mapping[int, tuple[int, ...]]) -> dict[int, int]:
    """Unknown → the relation that stands for it; the cheapest relations that can be matched at all."""
    relations = chain.network.relations

    def cost(place: int) -> tuple[float, int]:
        edges = ((place, node) for node in unknowns[place])
        wish = min(chain.wishes.get(edge, 0.0) for edge in edges)
        return min(relations[place].costs[node] for node in unknowns[place]) + wish, place

    match: dict[int, int] = {}
    for place in sorted(unknowns, key=cost):
        _augment(place, unknowns, match)
    return match


def _augment(start: int, unknowns: Mapping[int, tuple[int, ...]], match: dict[int, int]) -> bool:
    """Matches one relation more, if there is an augmenting path from it."""
    came: dict[int, int] = {}
    waiting = deque([start])
    while waiting:
        place = waiting.popleft()
        for node in unknowns[place]:
            if node in came:
                continue
            came[node] = place
            if node in match:
                waiting.append(match[node])
                continue
            _turn(node, came, match)
            return True
    return False


def _turn(node: int, came: Mapping[int, int], match: dict[int, int]) -> None:
    """Gives the free node to the relation that reached it, and that relation's node to the one before."""
    stood_for = {place: one for one, place in match.items()}
    while True:
        place = came[node]
        match[node] = place
        if place not in stood_for:
            return
        node = stood_for[place]


def _determined(unknowns: Mapping[int, tuple[int, ...]], match: Mapping[int, int]) -> set[int]:
    """The unknowns that no unmatched one leads to by an alternating path."""
    users: dict[int, list[int]] = {}
    for node, place in match.items():
        for one in unknowns[place]:
            if one != node:
                users.setdefault(one, []).append(node)
    everything = {node for nodes in unknowns.values() for node in nodes}
    loose = everything - match.keys()
    waiting = list(loose)
    while waiting:
        for node in users.get(waiting.pop(), ()):
            if node not in loose:
                loose.add(node)
                waiting.append(node)
    return everything - loose


def _first_component(
    chain: Chain, unknowns: Mapping[int, tuple[int, ...]], match: Mapping[int, int], target: int
) -> tuple[Edge, ...] | None:
    """A strongly connected component on the way to the target that needs no other."""
    needs: dict[int, set[int]] = {}
    serves: dict[int, set[int]] = {}
    for node, place in match.items():
        needs[node] = {other for other in unknowns[place] if other != node}
        for other in needs[node]:
            serves.setdefault(other, set()).add(node)
    node = target
    while True:
        ahead = _reach(needs, node)
        beside = ahead & _reach(serves, node)
        if ahead == beside:
            break
        node = min(ahead - beside)
    if len(ahead) > MAX_BLOCK:
        return None
    return _by_output(chain, unknowns, [match[node] for node in ahead])


def _reach(edges: Mapping[int, set[int]], start: int) -> set[int]:
    seen, waiting = {start}, [start]
    while waiting:
        fresh = edges.get(waiting.pop(), set()) - seen
        seen |= fresh
        waiting.extend(fresh)
    return seen


def _by_output(chain: Chain, unknowns: Mapping[int, tuple[int, ...]], places: list[int]) -> tuple[Edge, ...]:
    """The relations of a block, each with its own output as far as that can be, in order of their nodes."""
    match: dict[int, int] = {}
    waiting = []
    for place in sorted(places):
        output = chain.network.relations[place].output
        if output in unknowns[place] and output not in match:
            match[output] = place
        else:
            waiting.append(place)
    for place in waiting:
        _augment(place, unknowns, match)
    return tuple((place, node) for node, place in sorted(match.items()))
