"""Derivations over random nets of at most twelve formulas, beside brute force over all orders."""

from collections.abc import Callable, Mapping
from itertools import combinations
from math import inf

import pytest

from kg.errors import NoDerivation
from kg.formula.compile import CompiledFormula
from kg.formula.costs import surcharges
from kg.formula.evaluate import evaluate
from kg.formula.hyperpath import search, way_to
from kg.formula.network import build_network
from kg.formula.tree import occurrences
from kg.formula.units import UnitTable
from kg.model.derivation import Derivation
from tests.networks import ask, draws, pool, truths

DRAWS = 1_000
FORMULAS = pool(160)


def slugs_of(compiled: CompiledFormula) -> dict[str, str]:
    """Symbol → quantity, of all that is no constant."""
    return {one.symbol: one.quantity.slug for one in compiled.variables if one.quantity is not None}


def least_cost(compiled: CompiledFormula, symbol: str, *, twice: float = 2.0) -> float:
    """Explicit 1, isolated 1.5, ``twice`` where it stands twice; and more for what is no definition."""
    forwards, backwards = surcharges(compiled.formula)
    if compiled.output is not None and compiled.output.symbol == symbol:
        return 1.0 + forwards
    return (1.5 if occurrences(compiled.body, symbol) == 1 else twice) + backwards


def true_cost(compiled: CompiledFormula, symbol: str) -> float:
    """No shape in these nets has a closed form for what stands twice: a root by number costs 5."""
    return least_cost(compiled, symbol, twice=5.0)


def brute_force(
    formulas: tuple[CompiledFormula, ...],
    given: Mapping[str, float],
    cost_of: Callable[[CompiledFormula, str], float] = true_cost,
) -> dict[str, float]:
    """The least cost of each quantity that is reached: every formula for every unknown, until nothing changes."""
    costs = dict.fromkeys(given, 0.0)
    changed = True
    while changed:
        changed = False
        for compiled in formulas:
            slugs = slugs_of(compiled)
            for symbol, head in slugs.items():
                tails = [slug for slug in slugs.values() if slug != head]
                whole = sum(costs.get(slug, inf) for slug in tails) + cost_of(compiled, symbol)
                if whole < costs.get(head, inf):
                    costs[head] = whole
                    changed = True
    return costs


def test_least_costs_are_those_of_brute_force() -> None:
    for formulas, given, target in draws(FORMULAS, DRAWS):
        net = build_network(formulas)
        places = {instance.name: place for place, instance in enumerate(net.instances)}
        tree = search(net, {places[slug]: 0.0 for slug in given}, extra={})
        found = {name: tree.costs[place] for name, place in places.items() if tree.reaches(place)}
        assert found == brute_force(formulas, given, least_cost)
        settled = {places[slug] for slug in given}
        for relation, node in way_to(net, tree, [places[target]]) if target in found else ():
            assert set(net.relations[relation].nodes) - {node} <= settled
            settled.add(node)


def test_what_brute_force_reaches_is_derived_with_its_value_and_nothing_else() -> None:
    values, reached, together, none = truths(), 0, 0, 0
    for formulas, given, target in draws(FORMULAS, DRAWS // 2):
        costs = brute_force(formulas, given)
        try:
            found = ask(build_network(formulas), target, given)
        except NoDerivation:
            assert target not in costs
            none += 1
            continue
        if target in costs:
            reached += 1
            assert found.value == pytest.approx(values[target], rel=1e-9)
            assert all(step.method != "simultaneous" for step in found.steps)
            assert found.cost <= costs[target]
        else:
            together += 1
            assert any(step.method == "simultaneous" for step in found.steps)
        assert_holds(found, formulas)
    assert min(reached, none) > 100
    assert together > 5


def assert_holds(found: Derivation, formulas: tuple[CompiledFormula, ...]) -> None:
    """Each step comes after what it needs, its formula holds to 1e-10, and the cost counts each step once."""
    by_iri = {compiled.formula.iri: compiled for compiled in formulas}
    block = {step.number for step in found.steps if step.block}
    for step in found.steps:
        compiled = by_iri[step.formula]
        values = {one.symbol: one.value for one in step.inputs} | {step.symbol: step.value}
        assert all(one.step < step.number or one.step in block for one in step.inputs)
        assert compiled.output is not None
        claimed = values.pop(compiled.output.symbol)
        again = evaluate(compiled, values, units=UnitTable()).value
        assert again == pytest.approx(claimed, rel=1e-10)
    assert len({step.quantity for step in found.steps}) == len(found.steps)
    if not block:
        assert found.cost == sum(true_cost(by_iri[step.formula], step.symbol) for step in found.steps)


def test_missing_sets_lead_to_the_target_and_no_part_of_them_does() -> None:
    values, seen = truths(), 0
    for formulas, given, target in draws(FORMULAS, DRAWS // 4):
        net = build_network(formulas)
        try:
            ask(net, target, given)
        except NoDerivation as error:
            sets = error.missing
        else:
            continue
        seen += 1
        assert len(sets) <= 3
        assert sets or not any(
            target in brute_force(formulas, {**given, **{slug: values[slug] for slug in more}})
            for more in sets_of(formulas, given, target)
        )
        for names in sets:
            found = ask(net, target, given | {name: values[name] for name in names})
            others = any(text.startswith("they have another solution") for text in found.warnings)
            assert others or found.value == pytest.approx(values[target], rel=1e-6)
            for part in combinations(names, len(names) - 1):
                with pytest.raises(NoDerivation):
                    ask(net, target, given | {name: values[name] for name in part})
    assert seen > 50


def sets_of(
    formulas: tuple[CompiledFormula, ...], given: Mapping[str, float], target: str
) -> list[tuple[str, ...]]:
    """All sets of one or two further givens."""
    slugs = sorted({slug for compiled in formulas for slug in slugs_of(compiled).values()})
    others = [slug for slug in slugs if slug != target and slug not in given]
    return [*combinations(others, 1), *combinations(others, 2)]
