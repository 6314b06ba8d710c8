"""A whole way to a target: the cheapest that holds, with blocks where formulas need each other, and its alternatives."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import inf
from typing import Final

from kg.errors import FormulaError
from kg.formula.blocks import dearest, first_block
from kg.formula.chain import Block, Chain, Outcome
from kg.formula.costs import BY_DEFAULT
from kg.formula.hyperpath import SOURCE, Edge, Tree, way_to
from kg.formula.knowns import Knowns
from kg.formula.laws import Laws
from kg.formula.network import Network
from kg.formula.units import UnitTable
from kg.formula.wishes import Wishes

MAX_BLOCKS: Final = 24
"""Blocks that are tried for one target."""
MAX_SEARCHES: Final = 60
"""Searches for alternatives, in all."""


@dataclass(frozen=True, slots=True)
class Way:
    """The parts of a way in order, each edge and each block once; ``cost`` counts each of them once."""

    chain: Chain
    tree: Tree
    target: int
    parts: tuple[Edge | Block, ...]

    @property
    def edges(self) -> tuple[Edge, ...]:
        """All edges, those of blocks too."""
        return tuple(
            edge for part in self.parts for edge in (part.edges if isinstance(part, Block) else (part,))
        )

    @property
    def fits(self) -> tuple[tuple[int, str], ...]:
        """The laws that it uses, each with its fit."""
        laws = self.chain.laws
        return tuple(
            sorted(
                {
                    (laws.network.families[place], fit)
                    for place, _ in self.edges
                    if (fit := laws.fit_of(place))
                }
            )
        )

    @property
    def sources(self) -> tuple[int, ...]:
        """The nodes that were known before, in order."""
        given = {node for _, node in self.edges}
        nodes = {self.target, *(node for place, _ in self.edges for node in self._nodes(place))}
        return tuple(sorted(nodes - given))

    @property
    def cost(self) -> float:
        """What its formulas and defaults cost, each counted once."""
        chain, total = self.chain, 0.0
        for part in self.parts:
            if isinstance(part, Block):
                total += part.own_cost
            else:
                total += chain.cost_of(part)
        defaults = chain.knowns.defaults
        return total + BY_DEFAULT * sum(node in defaults for node in self.sources)

    @property
    def value(self) -> float:
        """The target's value, in its unit."""
        return self.chain.number(self.tree, self.target)

    def outcome(self, edge: Edge) -> Outcome:
        """What an edge gave."""
        return self.chain.outcomes[edge]

    def _nodes(self, place: int) -> tuple[int, ...]:
        return self.chain.network.relations[place].nodes


@dataclass(slots=True)
class Finder:
    """Finds ways to one target from the same knowns; what one search computes serves the next."""

    network: Network
    knowns: Knowns
    target: int
    units: UnitTable
    wishes: Wishes
    memo: dict[object, Outcome | str] = field(default_factory=dict)
    broken: str = ""
    """Which block could not be solved."""
    chain: Chain = field(init=False)
    """The chain of the last search: why it failed, where it did."""

    def __post_init__(self) -> None:
        """Begins with a chain that has not searched yet."""
        self.chain = self._begin(self.wishes.laws, self.wishes.costs)

    def find(self, banned: Collection[Edge] = (), laws: Laws | None = None) -> Way | None:
        """The cheapest way that holds, with one fit of each law; None where there is none.

        Raises:
            TooLarge: too many formulas fail on the way.
        """
        laws = laws or self.wishes.laws
        costs = {**self.wishes.costs, **dict.fromkeys(banned, inf)}
        while True:
            self.chain = chain = self._begin(laws, costs)
            tree = self._reach(chain)
            if tree is None:
                return None
            way = Way(chain, tree, self.target, _parts(chain, tree, self.target))
            settled = laws.settle(place for place, _ in way.edges)
            if settled is laws:
                return way
            laws = settled

    def _begin(self, laws: Laws, costs: Mapping[Edge, float]) -> Chain:
        wishes = self.wishes
        return Chain(
            self.network,
            self.knowns,
            laws,
            self.units,
            costs,
            wishes.banned,
            preferred=wishes.preferred,
            memo=self.memo,
        )

    def _reach(self, chain: Chain) -> Tree | None:
        tree = chain.settle((self.target,))
        barred: set[int] = set()
        for _ in range(MAX_BLOCKS if tree is None else 0):
            closure = chain.look(defaults=False)
            edges = first_block(chain, closure, self.target, barred=barred)
            if edges is None:
                return None
            # Arrays are loaded when relations need each other, and not before.
            from kg.formula.simultaneous import solve_block, tails_of

            settled = chain.settle(tails_of(self.network, edges))
            if settled is None:
                continue
            try:
                chain.blocks.append(solve_block(chain, settled, edges))
            except FormulaError as error:
                self.broken = self.broken or str(error)
                barred.add(dearest(chain, edges))
                continue
            tree = chain.settle((self.target,))
            if tree is not None:
                return tree
        return tree


def _parts(chain: Chain, tree: Tree, target: int) -> tuple[Edge | Block, ...]:
    """The way in order: what each block needs, the block, and so on to the target."""
    used: list[Block] = []
    needed = [target]
    for block in reversed(chain.blocks):
        way = way_to(chain.network, tree, needed)
        touched = {*needed, *(node for place, _ in way for node in chain.network.relations[place].nodes)}
        if any(node in touched and tree.by[node] == SOURCE for node in block.nodes):
            used.insert(0, block)
            needed += block.tails
    parts: dict[Edge | Block, None] = {}
    for block in used:
        parts.update(dict.fromkeys(way_to(chain.network, tree, block.tails)))
        parts[block] = None
    parts.update(dict.fromkeys(way_to(chain.network, tree, [target])))
    return tuple(parts)


def other_ways(finder: Finder, best: Way, count: int) -> tuple[Way, ...]:
    """Further ways by cost: with another fit of a law that is in use, or without one of the steps.

    Each step of a way that was found is forbidden in turn (after Yen and Lawler); ways with the same steps and
    fits count once.
    """
    if not count:
        return ()
    found = {(best.edges, best.fits)}
    ways: list[Way] = []
    for way in _with_other_fits(finder, best):
        if (way.edges, way.fits) not in found:
            found.add((way.edges, way.fits))
            ways.append(way)
    heap: list[tuple[float, int, Way, frozenset[Edge]]] = [(best.cost, 0, best, frozenset())]
    searches = 0
    while heap and searches < MAX_SEARCHES and len(found) <= 2 * count + 1:
        _, _, way, banned = heappop(heap)
        for edge in way.edges:
            if searches >= MAX_SEARCHES:
                break
            searches += 1
            other = finder.find(banned | {edge})
            if other is not None and (other.edges, other.fits) not in found:
                found.add((other.edges, other.fits))
                ways.append(other)
                heappush(heap, (other.cost, searches, other, banned | {edge}))
    ways.sort(key=lambda way: (way.cost, way.edges, way.fits))
    return tuple(ways[:count])


def _with_other_fits(finder: Finder, best: Way) -> Iterator[Way]:
    network, laws = finder.network, best.chain.laws
    for law, fit in best.fits:
        members = [place for place, _ in best.edges if network.families[place] == law]
        names = {
            chosen.name
            for place in members
            for chosen in network.relations[place].compiled.formula.constant_sets
        }
        for name in sorted(names - {fit}):
            way = finder.find(laws=laws.with_fit(law, name, "another fit of the same law"))
            if way is not None:
                yield way
