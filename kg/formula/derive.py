"""A target quantity from givens and from what is known of subjects, through any chain of formulas.

What the answer holds: the cheapest way (:mod:`kg.formula.hyperpath`) that its values allow, blocks where formulas
need each other, one fit of each law, no default that is not named, what was known anyway as a check.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal, cast

from kg.errors import BadParameter, NoDerivation
from kg.formula.account import Account, all_sources, block_warnings, told_input
from kg.formula.chain import Chain
from kg.formula.checks import AGREES, check_rest, refuse_contradictions, relative_difference
from kg.formula.knowns import Known, Knowns, Observations, find_node, read_knowns
from kg.formula.missing import missing_sets, nearest
from kg.formula.network import Instance, Network
from kg.formula.steps import number_shown
from kg.formula.units import UnitTable
from kg.formula.ways import Finder, Way, other_ways
from kg.formula.wishes import Wishes, read_wishes
from kg.model.answer import Origin
from kg.model.derivation import AlternativeWay, ConsistencyCheck, Derivation, DerivedInput
from kg.model.iri import Iri
from kg.model.quantity import Unit

MAX_ALTERNATIVES: Final = 10
MAX_GIVENS: Final = 10_000
SHOWN: Final = 12
"""Names in one warning."""
STRICT: Final = frozenset({"definition", "identity", "law", "heuristic"})
"""Kinds of formulas whose disagreement is worth a warning: fits of different laws seldom agree."""


def derive(
    network: Network,
    target: Iri,
    givens: Mapping[str, object],
    *,
    observed: Observations | None = None,
    prefer: Sequence[Iri] = (),
    avoid: Sequence[Iri] = (),
    defaults: Literal["allow", "forbid"] = "allow",
    alternatives: int = 0,
    unit: str = "",
    units: UnitTable,
) -> Derivation:
    """The target's value, in ``unit`` where one is asked for, with the cheapest way to it.

    ``target`` is a quantity; a formula means its output, by that formula; a variable means its own instance.
    Givens go by quantity slug or IRI; by a variable's IRI or ``formula#symbol`` where variables share a quantity,
    and for a constant of a law. What is given comes before what a subject is known for, and that before
    defaults; a quantity that two subjects are known for is taken from neither.

    Raises:
        NoDerivation: nothing known leads there; with the sets of further givens that would do.
        ContradictingGivens: a definition does not hold between the givens.
        NotFound: a target, given or wish that the network does not have, with near names.
        BadParameter: the target is given, or a quantity twice, or another parameter cannot be used.
        OutOfDomain, WrongDimension, BadSyntax, TooLarge: a given, or the unit, that cannot be used.
    """
    if not 0 <= alternatives <= MAX_ALTERNATIVES:
        raise BadParameter("alternatives", str(alternatives), f"a number from 0 to {MAX_ALTERNATIVES}")
    if defaults not in ("allow", "forbid"):
        raise BadParameter("defaults", str(defaults)[:40], "allow or forbid")
    if len(givens) > MAX_GIVENS:
        raise BadParameter("givens", f"{len(givens)} of them", f"at most {MAX_GIVENS}")
    wishes = read_wishes(network, prefer, avoid)
    node, wishes = _aim(network, target, wishes)
    wanted = units.named(unit, like=network.instances[node].unit) if unit else network.instances[node].unit
    knowns = read_knowns(network, givens, observed or {}, target=node, units=units)
    known = knowns.values.pop(node, None)
    if defaults == "forbid":
        knowns.defaults.clear()
    finder = Finder(network, knowns, node, units, wishes)
    refuse_contradictions(finder.chain)
    best = finder.find()
    if best is None:
        if known is None:
            raise _no_way(finder)
        return _observed(network.instances[node], known, wanted, units)
    found = _record(best, known, wanted, units)
    others = other_ways(finder, best, alternatives)
    return replace(found, alternatives=tuple(_other(way, best, wanted, units) for way in others))


def _aim(network: Network, target: Iri, wishes: Wishes) -> tuple[int, Wishes]:
    """The node to derive; for a formula, with the other formulas that give its output shut out."""
    place = network.formulas.get(target)
    if place is None:
        node = find_node(network, target, series=False)
        if network.instances[node].series:
            name = network.instances[node].name
            raise BadParameter("target", name, "a quantity with one value; this is a series")
        return node, wishes
    relation = network.relations[place]
    banned = set(wishes.banned) - {place}
    if relation.owner >= 0:
        banned.add(relation.owner)
    costs = dict(wishes.costs)
    for other in network.incident[relation.output]:
        if other != place:
            costs[other, relation.output] = float("inf")
    return relation.output, replace(wishes, costs=costs, banned=frozenset(banned))


def _record(way: Way, known: Known | None, wanted: Unit, units: UnitTable) -> Derivation:
    account, chain = Account(way), way.chain
    steps, inputs = account.steps(), account.inputs()
    instance = chain.network.instances[way.target]
    values = {node: chain.value(way.tree, node) for node in (*account.numbers, *way.sources)}
    part = tuple(values)
    values |= {node: chain.knowns.values[node].value for node in chain.knowns.given}
    checks = check_rest(chain, values, part=part, used={place for place, _ in way.edges})
    if known is not None:
        checks = (_check_of_target(way, known), *checks)
    warnings = [
        *_about_inputs(way, inputs),
        *block_warnings(way),
        *(f"{step.label}: {text}" for step in steps for text in step.warnings),
        *_about_checks(way, checks),
    ]
    return Derivation(
        instance.iri,
        instance.label,
        units.convert(way.value, instance.unit, wanted),
        wanted.symbol,
        steps,
        inputs,
        way.cost,
        checks=checks,
        warnings=tuple(dict.fromkeys(warnings)),
        sources=all_sources(steps, inputs),
    )


def _about_inputs(way: Way, inputs: Sequence[DerivedInput]) -> list[str]:
    """The defaults in use, the givens that no step needs, and what could not be told apart."""
    network, knowns, found = way.chain.network, way.chain.knowns, []
    for one in inputs:
        if one.origin is Origin.DEFAULT:
            shown = number_shown(one.value) if isinstance(one.value, float) else str(one.value)
            unit = "" if one.unit == "1" else f" {one.unit}"
            owner = next(
                known.formula
                for node, known in knowns.defaults.items()
                if network.instances[node].name == one.symbol
            )
            found.append(f"{one.symbol} = {shown}{unit} is taken by default, that of {owner}")
    idle = [network.instances[node].name for node in _idle(way)]
    if idle:
        more = f" and {len(idle) - SHOWN} more" if len(idle) > SHOWN else ""
        found.append(f"no step needs what is given for {', '.join(idle[:SHOWN])}{more}")
    return found


def _about_checks(way: Way, checks: Sequence[ConsistencyCheck]) -> list[str]:
    """What disagrees, by formulas that are more than a fit or model, or with a given that no step needs."""
    network, found = way.chain.network, []
    idle = set(_idle(way))
    for check in checks:
        place = network.formulas.get(check.formula)
        if place is None or check.agrees:
            continue
        relation = network.relations[place]
        if relation.compiled.formula.kind in STRICT or idle.intersection(relation.nodes):
            unit = "" if check.unit == "1" else f" {check.unit}"
            found.append(
                f"{check.label} makes {check.symbol} {number_shown(check.computed)}{unit}, "
                f"and {number_shown(check.known)}{unit} is known"
            )
    return found


def _idle(way: Way) -> list[int]:
    """The givens that no step needs."""
    relations = way.chain.network.relations
    used = {*way.sources, *(node for _, node in way.edges)}
    used |= {node for place, _ in way.edges for _, node, _ in relations[place].bounds}
    return [node for node in way.chain.knowns.given if node not in used]


def _check_of_target(way: Way, known: Known) -> ConsistencyCheck:
    """What the subject is known for, beside what was derived."""
    place, node = next(edge for edge in way.edges if edge[1] == way.target)
    relation = way.chain.network.relations[place]
    formula, factor, number = relation.compiled.formula, relation.factor(node), cast("float", known.value)
    difference = relative_difference(way.value, number)
    return ConsistencyCheck(
        formula.iri,
        formula.label,
        relation.variable(node).symbol,
        number * factor,
        way.value * factor,
        relation.compiled.unit_text(relation.variable(node)),
        difference,
        difference <= AGREES,
    )


def _observed(instance: Instance, known: Known, wanted: Unit, units: UnitTable) -> Derivation:
    """The subject itself is known for the target, and no formula leads to it."""
    entry, number = told_input(instance, known), cast("float", known.value)
    sources = (known.source,) if known.source is not None else ()
    value = units.convert(number, instance.unit, wanted)
    return Derivation(instance.iri, instance.label, value, wanted.symbol, (), (entry,), 0.0, sources=sources)


def _other(way: Way, best: Way, wanted: Unit, units: UnitTable) -> AlternativeWay:
    network, account = way.chain.network, Account(way)
    formulas = [network.relations[place].compiled.formula for place, _ in way.edges]
    unit = network.instances[way.target].unit
    warnings = [*_about_inputs(way, account.inputs()), *block_warnings(way)]
    warnings += [f"{step.label}: {text}" for step in account.steps() for text in step.warnings]
    differing = sorted(set(way.fits) - set(best.fits))
    return AlternativeWay(
        tuple(formula.iri for formula in formulas),
        tuple(formula.label for formula in formulas),
        way.cost,
        units.convert(way.value, unit, wanted),
        wanted.symbol,
        relative_difference(way.value, best.value),
        tuple(dict.fromkeys(warnings)),
        tuple(fit for _, fit in differing),
    )


def _no_way(finder: Finder) -> NoDerivation:
    chain, network, target = finder.chain, finder.network, finder.target
    sets = missing_sets(chain, target)
    names = {need.slug: need.unit for needs in sets for need in needs}
    return NoDerivation(
        network.instances[target].name,
        tuple(tuple(need.slug for need in needs) for needs in sets),
        names,
        nearest(chain, target),
        _reason(finder, chain, finder.knowns, names),
    )


def _reason(finder: Finder, chain: Chain, knowns: Knowns, names: Mapping[str, str]) -> str:
    """Where ways broke off: a formula that fails near the target, a block, a quantity that two subjects have."""
    network, found = finder.network, []
    for (place, _), text in sorted(chain.failures.items()):
        found.append(f"{network.relations[place].compiled.formula.slug} fails: {text}")
    if finder.broken:
        found.append(finder.broken)
    for node, subjects in sorted(knowns.ambiguous.items()):
        if network.instances[node].name in names:
            shown = " and ".join(subject.rpartition("/id/")[2] for subject in subjects)
            found.append(f"{network.instances[node].name} is known of {shown}, and only one can be meant")
    return "; ".join(found[:3])
