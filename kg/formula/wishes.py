"""What a request prefers and avoids: formulas, fits and readings, as costs of edges, bans and fits of laws."""

from collections.abc import Sequence
from dataclasses import dataclass

from kg.errors import BadParameter, NotFound
from kg.formula.costs import PREFERRED, UNWANTED
from kg.formula.hyperpath import Edge
from kg.formula.laws import Laws
from kg.formula.names import near_names
from kg.formula.network import Network
from kg.model.iri import Iri


@dataclass(frozen=True, slots=True)
class Wishes:
    """``costs`` are added to edges; ``banned`` relations are not used; ``laws`` has the fits that are settled."""

    costs: dict[Edge, float]
    banned: frozenset[int]
    preferred: frozenset[int]
    laws: Laws


def read_wishes(network: Network, prefer: Sequence[Iri], avoid: Sequence[Iri]) -> Wishes:
    """The wishes of a request. A preferred fit prefers its formula; a reading only enters where it is preferred.

    Raises:
        NotFound: an IRI that is no formula, fit or reading of the network; near ones.
        BadParameter: one that is both preferred and avoided, or two fits of one law that are preferred.
    """
    both = sorted(set(prefer) & set(avoid))
    if both:
        raise BadParameter("avoid", both[0], "what is not preferred as well")
    preferred, chosen, reasons = _preferred(network, prefer)
    avoided: set[tuple[int, str]] = set()
    banned = {place for place, one in enumerate(network.relations) if one.owner >= 0}
    for iri in avoid:
        if iri in network.fits:
            avoided.add(network.fits[iri])
        else:
            banned.add(_formula(network, iri, "avoid"))
    for place in preferred:
        banned.discard(place)
        if network.relations[place].owner >= 0:
            banned.add(network.relations[place].owner)
    laws = Laws(network, chosen, reasons, frozenset(avoided))
    return Wishes(_costs(network, preferred), frozenset(banned), frozenset(preferred), laws)


def _preferred(network: Network, prefer: Sequence[Iri]) -> tuple[set[int], dict[int, str], dict[int, str]]:
    preferred: set[int] = set()
    chosen: dict[int, str] = {}
    reasons: dict[int, str] = {}
    for iri in prefer:
        if iri not in network.fits:
            preferred.add(_formula(network, iri, "prefer"))
            continue
        place, name = network.fits[iri]
        law = network.families[place]
        if chosen.setdefault(law, name) != name:
            raise BadParameter("prefer", iri, f"one fit of a law; {chosen[law]} is preferred too")
        reasons[law] = "the request prefers it"
        preferred.add(place)
    return preferred, chosen, reasons


def _formula(network: Network, iri: Iri, what: str) -> int:
    if iri in network.formulas:
        return network.formulas[iri]
    raise NotFound(f"formula, fit or reading to {what}", iri[:200], near_names(iri[:200], network.formulas))


def _costs(network: Network, preferred: set[int]) -> dict[Edge, float]:
    """A preferred formula costs next to nothing; what else gives its output, much."""
    costs: dict[Edge, float] = {}
    for place in sorted(preferred):
        relation = network.relations[place]
        for other in network.incident[relation.output]:
            if other not in preferred:
                costs[other, relation.output] = UNWANTED
    for place in preferred:
        for node, cost in network.relations[place].costs.items():
            costs[place, node] = PREFERRED - cost
    return costs
