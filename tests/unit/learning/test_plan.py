"""Plans, orders, explanations and longest chains: tables of small cases, and the answers to odd questions."""

from datetime import date

import pytest

from kg.errors import BadParameter, NotFound, TooLarge
from kg.learning import outline as planner
from kg.learning.critical import critical_path
from kg.learning.explain import explain
from kg.learning.graph import PrerequisiteGraph
from kg.learning.order import MEASURES
from kg.learning.plan import plan_to
from kg.learning.schedule import days_of_study
from kg.model.learning import Curriculum, PathStep, Topic
from kg.model.plan import Plan
from tests.strategies import step, topic


def build(*topics: Topic, steps: tuple[PathStep, ...] = ()) -> PrerequisiteGraph:
    return PrerequisiteGraph.build(Curriculum(topics, steps))


def slugs(plan: Plan) -> list[str]:
    return [each.slug for each in plan.steps]


MAMBA = build(
    topic("algebra", hours=24.0, area="math"),
    topic("calculus", hours=16.0, area="math"),
    topic("dynamics", ("algebra", "calculus"), hours=9.0, area="math"),
    topic("state-spaces", ("dynamics",), hours=9.0, area="models"),
    topic("mamba", ("state-spaces",), hours=5.5, area="models"),
    topic("energy", hours=3.0, area="impact"),
    topic("water", ("energy", "calculus"), hours=1.0, area="impact"),
    steps=(step(1, "state-spaces", why="It comes first."),),
)

STARS = build(
    topic("a", area="x"),
    topic("b", hours=3.0, area="y"),
    topic("c", hours=2.0, area="x"),
    topic("d", ("a",), area="y"),
    topic("e", ("b",), hours=0.5, area="y"),
    topic("goal", ("c", "d", "e"), area="x"),
)


@pytest.mark.parametrize(
    ("order", "expected", "value"),
    [
        pytest.param("recall", ["a", "d", "b", "e", "c", "goal"], 9.0, id="recall"),
        pytest.param("focus", ["a", "b", "c", "d", "e", "goal"], 3.0, id="focus"),
        pytest.param("area", ["a", "b", "d", "e", "c", "goal"], 2.0, id="area"),
        pytest.param("short", ["a", "d", "b", "e", "c", "goal"], 29.5 / 6, id="short"),
    ],
)
def test_an_order_keeps_its_measure_small(order: str, expected: list[str], value: float) -> None:
    plan = plan_to(STARS, ["goal"], order=order)
    assert plan.metric.value == pytest.approx(value)
    assert slugs(plan) == expected


@pytest.mark.parametrize(
    ("goals", "know", "hours", "saved", "steps"),
    [
        pytest.param(["mamba"], [], 63.5, 0.0, 5, id="one goal"),
        pytest.param(["mamba", "water"], [], 67.5, 16.0, 7, id="two goals share calculus"),
        pytest.param(["mamba", "mamba"], [], 63.5, 0.0, 5, id="a goal named twice counts once"),
        pytest.param(["mamba", "dynamics"], [], 63.5, 49.0, 5, id="a goal on the way to another"),
        pytest.param(["mamba"], ["dynamics"], 14.5, 0.0, 2, id="what is known implies what it requires"),
        pytest.param(["mamba"], ["water"], 47.5, 0.0, 4, id="knowing what lies elsewhere helps too"),
        pytest.param(["mamba", "water"], ["mamba"], 4.0, 0.0, 2, id="one goal is known"),
        pytest.param(["mamba"], ["mamba"], 0.0, 0.0, 0, id="the goal is known"),
    ],
)
def test_a_plan_holds_what_is_missing_once(
    goals: list[str], know: list[str], hours: float, saved: float, steps: int
) -> None:
    plan = plan_to(MAMBA, goals, know)
    assert (plan.hours, plan.hours_saved, len(plan.steps)) == (hours, saved, steps)


@pytest.mark.parametrize(
    ("goals", "know", "note"),
    [
        (["mamba"], [], ""),
        (["mamba"], ["mamba"], "The goal, Mamba, is known already; there is nothing left to learn for it."),
        (
            ["energy", "calculus"],
            ["water"],
            "All goals are known already (Calculus, Energy); there is nothing left to learn for them.",
        ),
        (["mamba", "energy"], ["energy"], "Known already, so without steps of its own: Energy."),
        (
            ["mamba", "energy", "calculus"],
            ["water"],
            "Known already, so without steps of their own: Calculus, Energy.",
        ),
    ],
    ids=["none", "the only one", "all", "one of them", "two of them"],
)
def test_goals_that_are_known_already_are_named(goals: list[str], know: list[str], note: str) -> None:
    assert plan_to(MAMBA, goals, know).note == note


def test_steps_say_why_they_are_there() -> None:
    plan = plan_to(MAMBA, ["mamba", "water"], ["algebra"])
    told = {each.slug: [reason.text for reason in each.reasons] for each in plan.steps}
    assert told == {
        "calculus": [
            "the goal, Water, requires it directly; 1 other goal needs it too",
            "2 later steps require it: Dynamics, Water",
        ],
        "dynamics": [
            "on the way to the goal, Mamba, by State spaces",
            "1 later step requires it: State spaces",
        ],
        "state-spaces": [
            "the goal, Mamba, requires it directly",
            "step 1 of “The path”: It comes first.",
            "1 later step requires it: Mamba",
        ],
        "mamba": ["this is the goal, Mamba"],
        "energy": ["the goal, Water, requires it directly", "1 later step requires it: Water"],
        "water": ["this is the goal, Water"],
    }
    assert {each.slug: each.serves for each in plan.steps}["calculus"] == ("mamba", "water")


def test_a_long_way_is_told_by_its_first_topics() -> None:
    chain = build(topic("t0"), *(topic(f"t{n}", (f"t{n - 1}",)) for n in range(1, 7)))
    reason = plan_to(chain, ["t6"]).steps[0].reasons[0]
    assert reason.text == "on the way to the goal, T6, by T1, T2, T3 and 2 more"
    assert reason.topics == ("t1", "t2", "t3", "t6")


@pytest.mark.parametrize(
    ("goals", "options", "message"),
    [
        ([], {}, "parameter 'goal' cannot be ''; it takes the slug of a topic"),
        (
            ["mamba"],
            {"order": "best"},
            "'order' cannot be 'best'; it takes one of recall, focus, area, short",
        ),
        (["mamba"], {"hours_per_week": 0.0}, "'hours_per_week' cannot be '0'; it takes hours above 0"),
        (["mamba"], {"hours_per_week": 169.0}, "at most 168"),
        (["mamba"], {"hours_per_week": float("nan")}, "'hours_per_week' cannot be 'nan'"),
        (["mamba"], {"hours_per_week": 1.0, "start": date(9999, 1, 1)}, "would end after the year 9999"),
        (["mamba"], {"hours_per_week": 5e-324, "start": date(2027, 1, 1)}, "would end after the year 9999"),
    ],
    ids=["no goal", "order", "no hours", "too many hours", "nan", "end of the calendar", "no time at all"],
)
def test_what_cannot_be_planned_is_refused(
    goals: list[str], options: dict[str, object], message: str
) -> None:
    with pytest.raises(BadParameter, match=message.replace("(", r"\(")):
        plan_to(MAMBA, goals, **options)


@pytest.mark.parametrize(("goals", "know"), [(["mambo"], []), (["mamba"], ["mambo"])], ids=["goal", "known"])
def test_unknown_topics_are_answered_with_near_ones(goals: list[str], know: list[str]) -> None:
    for ask in (plan_to, critical_path):
        with pytest.raises(NotFound, match="no topic 'mambo'; did you mean mamba"):
            ask(MAMBA, goals, know)
    with pytest.raises(NotFound, match="no topic 'mambo'; did you mean mamba"):
        explain(MAMBA, "algebra", goals, know)


def test_more_goals_than_a_plan_takes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner, "MOST_GOALS", 1)
    with pytest.raises(TooLarge, match="the list of goals is too large: 2, at most 1"):
        plan_to(MAMBA, ["mamba", "water"])


@pytest.mark.parametrize(
    ("hours", "per_week", "expected"),
    [
        pytest.param([7.0, 7.0], 7.0, [(0, 6), (7, 13)], id="a week each"),
        pytest.param([0.5, 0.5, 1.0], 7.0, [(0, 0), (0, 0), (1, 1)], id="two share a day"),
        pytest.param([0.1, 0.2, 0.7, 1.0], 7.0, [(0, 0), (0, 0), (0, 0), (1, 1)], id="noise opens no day"),
        pytest.param([0.0, 3.0], 7.0, [(0, 0), (0, 2)], id="no hours, one day"),
        pytest.param([], 7.0, [], id="nothing"),
    ],
)
def test_days_hold_the_hours(hours: list[float], per_week: float, expected: list[tuple[int, int]]) -> None:
    start = date(2027, 1, 4)
    days = days_of_study(hours, start=start, hours_per_week=per_week)
    assert [((first - start).days, (last - start).days) for first, last in days] == expected


def test_a_start_without_hours_a_week_means_ten_of_them() -> None:
    plan = plan_to(MAMBA, ["mamba"], ["state-spaces"], start=date(2027, 1, 4))
    assert (plan.hours_per_week, plan.steps[0].first_day, plan.steps[0].last_day) == (
        10.0,
        date(2027, 1, 4),
        date(2027, 1, 7),
    )
    assert plan_to(MAMBA, ["mamba"]).hours_per_week is None


@pytest.mark.parametrize(
    ("which", "goals", "know", "needed", "text", "chain"),
    [
        pytest.param(
            "algebra",
            ["mamba"],
            [],
            True,
            "Algebra is a step of the plan, because of Mamba.",
            ["algebra", "dynamics", "state-spaces", "mamba"],
            id="a step",
        ),
        pytest.param(
            "calculus",
            ["mamba", "water"],
            [],
            True,
            "Calculus is a step of the plan, because of Water, Mamba.",
            ["calculus", "water"],
            id="the nearest goal first",
        ),
        pytest.param(
            "mamba",
            ["mamba"],
            [],
            True,
            "Mamba is a step of the plan, because of Mamba.",
            ["mamba"],
            id="a goal",
        ),
        pytest.param(
            "energy",
            ["mamba"],
            [],
            False,
            "Energy is no step of the plan: the goal does not need it.",
            [],
            id="not needed",
        ),
        pytest.param(
            "algebra",
            ["mamba"],
            ["dynamics"],
            False,
            "Algebra is no step of the plan: it counts as known already, for Dynamics requires it.",
            [],
            id="known",
        ),
    ],
)
def test_a_step_is_explained(
    which: str, goals: list[str], know: list[str], needed: bool, text: str, chain: list[str]
) -> None:
    explanation = explain(MAMBA, which, goals, know)
    assert (explanation.needed, explanation.text) == (needed, text)
    assert [link.slug for link in explanation.goals[0].chain] == chain


def test_the_longest_chain_leaves_slack_to_the_rest() -> None:
    path = critical_path(MAMBA)
    assert [each.slug for each in path.chain] == ["algebra", "dynamics", "state-spaces", "mamba"]
    assert (path.hours, path.total_hours) == (47.5, 67.5)
    slack = {each.slug: each.slack for each in path.topics if each.slack}
    assert slack == {"calculus": 8.0, "energy": 43.5, "water": 30.5}


@pytest.mark.parametrize(
    ("graph", "goals", "know", "note"),
    [
        (MAMBA, ["mamba"], ["mamba"], "Known already: Mamba; there is nothing left to learn."),
        (build(), [], [], "There is nothing left to learn."),
    ],
    ids=["a known goal", "no topics"],
)
def test_where_nothing_is_left_no_chain_is_longest(
    graph: PrerequisiteGraph, goals: list[str], know: list[str], note: str
) -> None:
    path = critical_path(graph, goals, know)
    assert (path.chain, path.topics, path.hours, path.note) == ((), (), 0.0, note)


@pytest.mark.parametrize("order", MEASURES)
def test_a_long_chain_is_planned_in_time_linear_in_it(order: str) -> None:
    count = 20_000
    chain = build(topic("t00000"), *(topic(f"t{n:05}", (f"t{n - 1:05}",)) for n in range(1, count)))
    plan = plan_to(chain, [f"t{count - 1:05}"], order=order)
    assert slugs(plan) == sorted(slugs(plan))
