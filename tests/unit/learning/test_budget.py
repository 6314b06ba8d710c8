"""Plans within a budget or at a price: what they hold, what they say of the rest, and what is refused."""

import pytest

from kg.errors import BadParameter
from kg.learning import few, optimize
from kg.learning.explain import explain
from kg.learning.graph import PrerequisiteGraph
from kg.learning.outline import Frame
from kg.learning.plan import plan_to
from kg.learning.relax import bounded
from kg.learning.selection import MILLIONTHS, Problem
from kg.learning.value import Value
from kg.model.learning import Curriculum
from tests.processes import outputs_by_hash_seed
from tests.strategies import topic

GRAPH = PrerequisiteGraph.build(
    Curriculum(
        (
            topic("algebra", hours=10.0),
            topic("dynamics", ("algebra",), hours=4.0),
            topic("energy", hours=3.0),
            topic("mamba", ("dynamics",), hours=5.0),
            topic("water", ("energy",), hours=2.5),
        )
    )
)
GOALS = ["mamba", "water"]


@pytest.mark.parametrize(
    ("budget", "steps", "value", "note"),
    [
        pytest.param(
            0.0,
            [],
            0.0,
            "None of the goals can be reached in 0 hours; the nearest, Water, takes 5.5.",
            id="nothing",
        ),
        pytest.param(
            5.0,
            ["energy"],
            3 / 24.5,
            "None of the goals can be reached in 5 hours; the nearest, Water, takes 5.5.",
            id="a part of one way",
        ),
        pytest.param(
            5.5,
            ["energy", "water"],
            1 + 5.5 / 24.5,
            "Of 2 goals 1 can be reached in 5.5 hours: Water; all take 24.5 hours.",
            id="one goal, to the hour",
        ),
        pytest.param(
            20.0,
            ["algebra", "dynamics", "energy", "water"],
            1 + 19.5 / 24.5,
            "Of 2 goals 1 can be reached in 20 hours: Water; all take 24.5 hours.",
            id="a goal and a part",
        ),
        pytest.param(24.5, ["algebra", "dynamics", "energy", "mamba", "water"], 3.0, "", id="all of it"),
        pytest.param(1e6, ["algebra", "dynamics", "energy", "mamba", "water"], 3.0, "", id="more than all"),
    ],
)
def test_a_budget_holds_goals_first_and_then_hours_towards_them(
    budget: float, steps: list[str], value: float, note: str
) -> None:
    plan = plan_to(GRAPH, GOALS, frame=Frame(budget))
    assert sorted(step.slug for step in plan.steps) == steps
    assert (plan.proof.status, plan.proof.gap, plan.note) == ("optimal", 0.0, note)
    assert plan.proof.value == plan.proof.bound == pytest.approx(value)


@pytest.mark.parametrize(
    ("value", "price", "budget", "steps", "worth"),
    [
        pytest.param("topics", None, 8.0, ["energy", "water"], 2.0, id="topics"),
        pytest.param("unlocks", None, 14.0, ["algebra", "energy"], 5.0, id="what they unlock"),
        pytest.param(
            {"mamba": 9.0, "water": 1.0}, None, 20.0, ["algebra", "dynamics", "mamba"], 9.0, id="worth"
        ),
        pytest.param({"mamba": 9.0}, None, 5.5, [], 0.0, id="what is worth nothing is not begun"),
        pytest.param(
            {"mamba": 20.0, "water": 5.0}, 1.0, None, ["algebra", "dynamics", "mamba"], 1.0, id="priced"
        ),
        pytest.param(
            {"mamba": 20.0, "water": 6.0}, 1.0, 6.0, ["energy", "water"], 0.5, id="priced, within hours"
        ),
        pytest.param({"mamba": 19.0}, 1.0, None, [], 0.0, id="no gain, no hours"),
    ],
)
def test_what_counts_decides(
    value: Value, price: float | None, budget: float | None, steps: list[str], worth: float
) -> None:
    plan = plan_to(GRAPH, GOALS, frame=Frame(budget, value, price))
    assert sorted(step.slug for step in plan.steps) == steps
    assert (plan.proof.value, plan.proof.bound, plan.proof.status) == (worth, worth, "optimal")


def test_what_is_left_out_says_what_it_would_cost() -> None:
    plan = plan_to(GRAPH, GOALS, frame=Frame(16.0))
    assert [(each.slug, each.kind, each.text) for each in plan.left_out] == [
        (
            "dynamics",
            "budget",
            "with what it requires it takes 4 hours more, and the budget has 0.5 hours left",
        ),
        ("mamba", "budget", "with what it requires it takes 9 hours more, and the budget has 0.5 hours left"),
    ]
    priced = plan_to(GRAPH, ["mamba"], frame=Frame(None, {"mamba": 4.0}, 1.0))
    assert priced.note == "None of the goals is worth its hours; the nearest, Mamba, takes 19."
    assert {each.kind for each in priced.left_out} == {"price"}
    assert explain(GRAPH, "mamba", GOALS, frame=Frame(16.0)).text == (
        "Mamba is no step of the plan: with what it requires it takes 9 hours more, and the budget has 0.5 hours left."
    )


def test_of_many_topics_left_out_goals_and_the_first_to_learn_are_told() -> None:
    chain = [topic("t000"), *(topic(f"t{n:03}", (f"t{n - 1:03}",)) for n in range(1, 300))]
    plan = plan_to(PrerequisiteGraph.build(Curriculum(tuple(chain))), ["t299"], frame=Frame(10.0))
    assert (len(plan.steps), len(plan.left_out), plan.left_out_total) == (10, 100, 290)
    assert [each.slug for each in plan.left_out] == [*(f"t{n:03}" for n in range(10, 109)), "t299"]


def test_goals_that_are_known_need_no_budget() -> None:
    plan = plan_to(GRAPH, GOALS, GOALS, frame=Frame(0.0))
    assert (plan.steps, plan.hours, plan.proof.status) == ((), 0.0, "optimal")
    assert plan.note.startswith("All goals are known already (Mamba, Water)")


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (Frame(-1.0), "'budget_hours' cannot be '-1'; it takes a number from 0"),
        (Frame(float("nan")), "'budget_hours' cannot be 'nan'"),
        (Frame(float("inf")), "'budget_hours' cannot be 'inf'"),
        (Frame(1.0, "best"), "'value' cannot be 'best'; it takes one of goals, topics, unlocks"),
        (
            Frame(1.0, {"algebra": 1.0}),
            "'value' cannot be 'algebra'; it takes goals of the plan: mamba, water",
        ),
        (Frame(1.0, {"mamba": -1.0}), "'value' cannot be 'mamba:-1'; it takes a worth from 0"),
        (Frame(1.0, {"mamba": float("nan")}), "'value' cannot be 'mamba:nan'"),
        (Frame(None, "goals", 1.0), "'value' cannot be 'goals'; it takes what goals are worth"),
        (Frame(None, {"mamba": 1.0}, -1.0), "'price' cannot be '-1'"),
        (Frame(None, "topics"), "'value' cannot be 'topics'; it takes a budget of hours"),
        (Frame(None, {"mamba": 1.0}), "'value' cannot be 'mamba:1'; it takes a budget of hours"),
    ],
    ids=repr,
)
def test_a_frame_that_is_none_is_refused(frame: Frame, message: str) -> None:
    with pytest.raises(BadParameter) as refused:
        plan_to(GRAPH, GOALS, frame=frame)
    assert message in str(refused.value)


def test_without_a_proof_a_plan_tells_bound_and_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimize, "PROVEN", 0)
    monkeypatch.setattr(few, "MOST_SETS", 0)
    plan = plan_to(GRAPH, GOALS, frame=Frame(20.0))
    proven = 1 + 19.5 / 24.5
    assert plan.proof.status == "feasible"
    assert plan.proof.value <= proven < plan.proof.bound
    assert plan.proof.gap == pytest.approx(1 - plan.proof.value / plan.proof.bound)


def test_decimal_hours_fill_a_budget_exactly() -> None:
    topics = [topic(f"t{n}", hours=0.1) for n in range(3)]
    graph = PrerequisiteGraph.build(Curriculum((*topics, topic("goal", ("t0", "t1", "t2"), hours=9.0))))
    assert len(plan_to(graph, ["goal"], frame=Frame(0.3)).steps) == 3


@pytest.mark.parametrize("topics", [300, 25_000], ids=["by cuts", "passing over prerequisites"])
def test_many_topics_are_answered_with_a_bound_that_holds(topics: int) -> None:
    """Of chains of two, the second worth 3 and the first nothing, a budget of half the hours takes half."""
    pairs = topics // 2
    problem = Problem(
        hours=(MILLIONTHS,) * topics,
        values=tuple(3 * MILLIONTHS * (topic % 2) + 1 for topic in range(topics)),
        requires=tuple((topic - 1,) if topic % 2 else () for topic in range(topics)),
    )
    found = bounded(problem, pairs * MILLIONTHS)
    assert problem.is_closed(set(found.chosen))
    assert found.reached == problem.value_of(found.chosen)
    assert found.reached <= pairs // 2 * (3 * MILLIONTHS + 2) <= found.bound
    assert problem.hours_of(found.chosen) <= pairs * MILLIONTHS
    assert found.reached >= 0.9 * pairs // 2 * 3 * MILLIONTHS


def test_of_few_topics_no_solver_is_loaded() -> None:
    code = """
import sys
from tests.unit.learning.test_budget import GRAPH, GOALS, Frame, plan_to
print(plan_to(GRAPH, GOALS, frame=Frame(16.0)).hours, "scipy.optimize" in sys.modules)
"""
    assert outputs_by_hash_seed(code) == {"15.5 False\n"}
