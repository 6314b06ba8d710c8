"""Laws of array programs: they give what the program of single values gives, point by point."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import BadInput
from kg.formula import array_program
from kg.formula.array_program import ArrayProgram, Layout
from kg.formula.grammar import read
from kg.formula.program import NoValue, Program, compile_tree
from kg.formula.render import render
from kg.formula.tree import Node
from kg.model.formula import Domain
from tests.property.test_formula_laws import VARIABLES, expressions

CALM = settings(deadline=None, max_examples=150)
POSITIVE = Domain(0.0, None, open_minimum=True)
points = st.lists(st.floats(0.1, 10.0), min_size=1, max_size=6)
anywhere = st.lists(
    st.one_of(st.floats(-5.0, 5.0), st.sampled_from([0.0, -1.0, 800.0])), min_size=1, max_size=6
)


def value_or_none(program: Program, point: list[float]) -> float | None:
    try:
        return program.run(point)
    except NoValue:
        return None


@pytest.fixture(autouse=True, scope="module")
def gather_all() -> Iterator[None]:
    """Few points take the fast way too, as many do."""
    few, array_program.FEW = array_program.FEW, 0
    yield
    array_program.FEW = few


def agree(
    node: Node, varying: tuple[str, ...], columns: dict[str, list[float]], domains: dict[str, Domain]
) -> None:
    """Both programs have values at the same points, and the same ones; where rounding decides, either will do."""
    count = len(next(iter(columns.values())))
    single = compile_tree(node, VARIABLES)
    program = ArrayProgram(node, VARIABLES, Layout(varying, domains))
    values = [np.array(columns[name]) if name in varying else columns[name][0] for name in VARIABLES]
    found = program.run(values)
    assert np.isfinite(found.values).all()
    failed = set(found.failed.tolist())
    for at in range(count):
        point = [columns[name][at if name in varying else 0] for name in VARIABLES]
        mine = value_or_none(single, point)
        nearby = [value_or_none(single, [x * (1 + move) for x in point]) for move in (-1e-12, 1e-12)]
        if len({value is None for value in (mine, *nearby)}) > 1:
            continue
        assert (at in failed) == (mine is None), (render(node), point)
        if mine is not None and all(
            value is not None and abs(value - mine) <= 1e-9 * abs(mine) for value in nearby
        ):
            assert found.values[at] == pytest.approx(mine, rel=1e-10, abs=1e-300), (render(node), point)


def columns_of(data: st.DataObject, one: st.SearchStrategy[list[float]]) -> dict[str, list[float]]:
    first = data.draw(one)
    like = st.lists(st.sampled_from(first), min_size=len(first), max_size=len(first))
    return {name: first if name == "x" else data.draw(st.one_of(like, like)) for name in VARIABLES}


@pytest.mark.parametrize(
    ("values", "domains"),
    [(points, dict.fromkeys(VARIABLES, POSITIVE)), (anywhere, {})],
    ids=["positive values", "any values"],
)
@CALM
@given(expressions, st.sets(st.sampled_from(VARIABLES), min_size=1), st.data())
def test_arrays_give_what_single_values_give_and_fail_where_these_fail(
    values: st.SearchStrategy[list[float]],
    domains: dict[str, Domain],
    expression: Node,
    varying: set[str],
    data: st.DataObject,
) -> None:
    try:
        node = read(render(expression))
    except BadInput:
        return
    names = tuple(name for name in VARIABLES if name in varying)
    agree(node, names, columns_of(data, values), domains)
