"""Formulas that a derivation did not need, though it knows all their values: do they agree?"""

from collections.abc import Collection, Mapping

from kg.errors import ContradictingGivens
from kg.formula.chain import Chain
from kg.formula.network import Relation
from kg.formula.program import Value
from kg.formula.steps import number_shown
from kg.model.derivation import ConsistencyCheck

AGREES = 0.01
"""Relative difference up to which two values agree: figures are often given with two or three digits."""


def check_rest(
    chain: Chain, values: Mapping[int, Value], *, part: Collection[int], used: Collection[int]
) -> tuple[ConsistencyCheck, ...]:
    """What each formula between known values gives for its output, beside what is known; by IRI.

    At least one of the values is a ``part`` of the derivation; the formulas that it ``used`` are left out.
    """
    found = []
    for place in _around(chain, values, part):
        if place not in used:
            check = _check(chain, place, values)
            if check is not None:
                found.append(check)
    return tuple(found)


def refuse_contradictions(chain: Chain) -> None:
    """Returns where the givens fit each other.

    Raises:
        ContradictingGivens: a definition between given values alone does not hold; names them.
    """
    network = chain.network
    values = {node: chain.knowns.values[node].value for node in chain.knowns.given}
    for place in network.definitions:
        relation = network.relations[place]
        if place in chain.banned or not all(node in values for node in relation.nodes):
            continue
        check = _check(chain, place, values)
        if check is not None and not check.agrees:
            unit = "" if check.unit == "1" else f" {check.unit}"
            raise ContradictingGivens(
                relation.compiled.formula.slug,
                tuple(sorted(network.instances[node].name for node in relation.nodes)),
                network.instances[relation.output].name,
                f"{number_shown(check.known)}{unit}",
                f"{number_shown(check.computed)}{unit}",
            )


def relative_difference(computed: float, known: float) -> float:
    """How far two values are apart, relative to the greater one."""
    size = max(abs(computed), abs(known))
    return abs(computed - known) / size if size else 0.0


def _around(chain: Chain, values: Mapping[int, Value], part: Collection[int]) -> list[int]:
    """The relations with a part of the derivation all of whose nodes have values, in order."""
    network = chain.network
    near = {place for node in part for place in network.incident[node]} - set(chain.banned)
    return sorted(place for place in near if all(node in values for node in network.relations[place].nodes))


def _check(chain: Chain, place: int, values: Mapping[int, Value]) -> ConsistencyCheck | None:
    """None where the formula gives nothing for these values, or has no fit that may be used."""
    relation: Relation = chain.network.relations[place]
    compiled, node = relation.compiled, relation.output
    known = values[node]
    outcome = chain.compute((place, node), {one: values[one] for one in relation.nodes if one != node})
    if isinstance(outcome, str) or not isinstance(known, float):
        return None
    factor = relation.factor(node)
    difference = relative_difference(outcome.value, known)
    return ConsistencyCheck(
        compiled.formula.iri,
        compiled.formula.label,
        relation.result.symbol,
        known * factor,
        outcome.value * factor,
        compiled.unit_text(relation.result),
        difference,
        difference <= AGREES,
    )
