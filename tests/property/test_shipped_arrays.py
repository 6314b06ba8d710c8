"""Every shipped formula over arrays, at random points of its domain, beside the program of single values."""

import math

import numpy as np
import pytest

from kg.formula import array_program
from kg.formula.array_program import ArrayProgram, Layout
from kg.formula.batch_work import array_program as program_of
from kg.formula.compile import CompiledFormula
from kg.formula.program import NoValue, Program, compile_tree
from kg.formula.tree import Power, walk
from kg.model.formula import Domain, Role, Variable
from kg.services.knowledge import Knowledge

POINTS, TERMS, EPSILON = 100, 5, 2.0**-52


def draw(domain: Domain, random: np.random.Generator, count: int) -> np.ndarray:
    """Points of the domain, of many magnitudes where it has no end."""
    low = -20.0 if domain.minimum is None else domain.minimum
    if domain.maximum is not None:
        found = random.uniform(low, domain.maximum, count)
    elif low >= 0:
        found = low + np.exp(random.uniform(-3, 6, count))
    else:
        found = random.uniform(low, 20.0, count)
    return np.rint(found) if domain.integer else found


def values_of(compiled: CompiledFormula, random: np.random.Generator) -> tuple[list[object], tuple[str, ...]]:
    """A value for each input: arrays for plain ones, series for series, a length for the bounds of sums."""
    values: list[object] = []
    varying: list[str] = []
    bounds = set(compiled.series_bounds.values())
    for variable in compiled.inputs:
        if variable.indexed_by:
            values.append(tuple(draw(variable.domain, random, TERMS).tolist()))
        elif variable.symbol in bounds:
            values.append(float(TERMS))
        else:
            values.append(draw(variable.domain, random, POINTS))
            varying.append(variable.symbol)
    return values, tuple(varying)


def point_of(compiled: CompiledFormula, values: list[object], at: int) -> list[object]:
    return [
        float(value[at]) * compiled.scales[variable.symbol] if isinstance(value, np.ndarray) else value
        for variable, value in zip(compiled.inputs, values, strict=True)
    ]


def size_of_logs(powers: list[tuple[Program, Program]], point: list[object]) -> float:
    """The sum of |y ln x| over all powers."""
    total = 0.0
    for base, exponent in powers:
        try:
            x, y = base.run(point), exponent.run(point)  # type: ignore[arg-type]
        except (NoValue, TypeError):
            continue
        total += abs(y * math.log(x)) if x > 0 else 0.0
    return total


def condition(program: Program, point: list[object], value: float) -> float:
    """By how much the value moves where all inputs move by a small part of themselves, over that part."""
    total = 0.0
    for at, one in enumerate(point):
        if isinstance(one, float) and one:
            moved = [*point[:at], one * (1 + 1e-7), *point[at + 1 :]]
            try:
                total += abs(program.run(moved) - value) / 1e-7  # type: ignore[arg-type]
            except NoValue:
                return math.inf
    return total


@pytest.mark.parametrize("by_table", [False, True])
def test_every_shipped_formula_gives_the_same_over_arrays(
    shipped: Knowledge, by_table: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(array_program, "TABLED", 1)
    monkeypatch.setattr(array_program, "FEW", 0)
    compared = 0
    for iri in shipped.listed("formula"):
        compiled = shipped.compiled(iri)
        random = np.random.default_rng(len(iri))
        values, varying = values_of(compiled, random)
        if not varying:
            continue
        symbols, single = compiled.program.symbols, compiled.program
        program = program_of(compiled, varying)
        if by_table is not program.layout.by_table:
            program = ArrayProgram(compiled.body, symbols, with_tables(program.layout, by_table))
        found = program.run(values)  # type: ignore[arg-type]
        assert np.isfinite(found.values).all()
        failed = set(found.failed.tolist())
        powers = [
            (compile_tree(part.base, symbols), compile_tree(part.exponent, symbols))
            for part in walk(compiled.body)
            if isinstance(part, Power) and not single.has_sums
        ]
        output = compiled.output or Variable(iri, "", Role.OUTPUT, "")
        for at in range(0, POINTS, 4 if single.has_sums else 1):
            point = point_of(compiled, values, at)
            expected = expected_at(compiled, point, output.domain)
            assert (at in failed) == (expected is None), (compiled.formula.slug, point)
            if expected is None:
                continue
            compared += 1
            worst = condition(single, point, expected * compiled.scales.get(output.symbol, 1.0))
            allowed = (4 * EPSILON + 1e-15 * size_of_logs(powers, point)) * (abs(expected) + worst)
            assert abs(found.values[at] - expected) <= allowed, (compiled.formula.slug, point)
    assert compared > 10_000


def with_tables(layout: Layout, by_table: bool) -> Layout:
    return Layout(
        layout.varying,
        layout.domains,
        layout.scales,
        layout.output,
        layout.output_scale,
        layout.shown_scale,
        by_table,
    )


def expected_at(compiled: CompiledFormula, point: list[object], domain: Domain) -> float | None:
    try:
        value = compiled.program.run(point)  # type: ignore[arg-type]
    except NoValue:
        return None
    value /= compiled.scales.get(compiled.output.symbol, 1.0) if compiled.output else 1.0
    return value if value in domain else None
