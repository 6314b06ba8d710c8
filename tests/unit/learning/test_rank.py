"""What to learn next: the order, the reasons, and the answers to odd questions."""

import pytest

from kg.errors import BadParameter, NotFound
from kg.learning import rank, reach
from kg.learning.graph import PrerequisiteGraph
from kg.learning.rank import next_topics
from kg.model.advice import NextAdvice
from kg.model.learning import Curriculum, PathStep, Topic
from tests.strategies import step, topic


def build(*topics: Topic, steps: tuple[PathStep, ...] = ()) -> PrerequisiteGraph:
    return PrerequisiteGraph.build(Curriculum(topics, steps))


def slugs(advice: NextAdvice) -> list[str]:
    return [each.slug for each in advice.topics]


def texts(advice: NextAdvice, place: int = 0) -> dict[str, str]:
    return {reason.kind: reason.text for reason in advice.topics[place].reasons}


MAMBA = build(
    topic("algebra", hours=24.0),
    topic("calculus", hours=16.0),
    topic("dynamics", ("algebra", "calculus"), hours=9.0),
    topic("state-spaces", ("dynamics",), hours=9.0),
    topic("mamba", ("state-spaces",), hours=5.5),
    topic("energy", hours=3.0),
    topic("water", ("energy",), hours=1.0),
    steps=(step(2, "energy", why="Know what it costs."), step(1, "state-spaces")),
)


@pytest.mark.parametrize(
    ("graph", "goal", "expected"),
    [
        pytest.param(MAMBA, "mamba", ["calculus", "algebra", "energy"], id="the goal beats the path"),
        pytest.param(MAMBA, "", ["energy", "calculus", "algebra"], id="the path beats what builds on it"),
        pytest.param(
            build(topic("a"), topic("b"), topic("c", ("b",))), "", ["b", "a"], id="unlock value beats hours"
        ),
        pytest.param(
            build(topic("a", hours=2.0), topic("b", hours=1.0)), "", ["b", "a"], id="hours beat the slug"
        ),
        pytest.param(build(topic("b"), topic("a")), "", ["a", "b"], id="the slug settles it"),
        pytest.param(
            build(
                topic("a"),
                topic("b"),
                topic("off", ("b",)),
                topic("off2", ("b",)),
                topic("mid", ("a",)),
                topic("goal", ("mid", "b")),
            ),
            "goal",
            ["a", "b"],
            id="only what the goal needs counts",
        ),
        pytest.param(
            build(topic("a"), topic("b"), steps=(step(2, "a"), step(1, "b", path="other"))),
            "",
            ["b", "a"],
            id="the lowest position of all paths",
        ),
    ],
)
def test_ranking_is_lexicographic(graph: PrerequisiteGraph, goal: str, expected: list[str]) -> None:
    advice = next_topics(graph, [], goal=goal)
    assert slugs(advice) == expected
    assert [each.rank for each in advice.topics] == [1, 2, 3][: len(expected)]


def test_reasons_are_given_in_plain_words() -> None:
    advice = next_topics(MAMBA, ["algebra"], goal="mamba")
    assert texts(advice) == {
        "goal": "on the way to the goal, Mamba, by Dynamics, State spaces",
        "unlocks": "3 topics on the way to the goal build on it; it makes ready at once: Dynamics",
        "hours": "about 16 hours of study",
        "ready": "it has no prerequisites",
    }
    assert [(reason.kind, reason.topics) for reason in advice.topics[0].reasons] == [
        ("goal", ("dynamics", "state-spaces", "mamba")),
        ("unlocks", ("dynamics",)),
        ("hours", ()),
        ("ready", ()),
    ]
    assert advice.topics[0].unlocks == ("dynamics",)
    assert texts(advice, 1) == {
        "path": "step 2 of “The path”: Know what it costs.",
        "unlocks": "1 topic builds on it; it makes ready at once: Water",
        "hours": "about 3 hours of study",
        "ready": "it has no prerequisites",
    }


@pytest.mark.parametrize(
    ("know", "goal", "said"),
    [
        (["dynamics"], "mamba", "the goal, Mamba, requires it directly"),
        (["state-spaces"], "mamba", "this is the goal, Mamba, and nothing stands before it any more"),
    ],
    ids=["direct", "itself"],
)
def test_the_goal_reason_says_how_far_it_is(know: list[str], goal: str, said: str) -> None:
    assert texts(next_topics(MAMBA, know, goal=goal))["goal"] == said


def test_prerequisites_that_are_known_are_named() -> None:
    advice = next_topics(MAMBA, ["algebra", "calculus", "energy"])
    assert texts(advice, 0)["ready"] == "all its 2 prerequisites are known: Algebra, Calculus"
    assert texts(advice, 1)["ready"] == "its only prerequisite is known: Energy"


def test_long_lists_of_names_are_cut_and_counted() -> None:
    graph = build(topic("a"), *(topic(f"b{number}", ("a",)) for number in range(5)))
    assert texts(next_topics(graph, []))["unlocks"].endswith("it makes ready at once: B0, B1, B2 and 2 more")


def test_hours_known_and_remaining_add_up() -> None:
    advice = next_topics(MAMBA, ["dynamics"], goal="mamba")
    assert (advice.known, advice.implied) == (("dynamics",), ("algebra", "calculus"))
    assert advice.known_hours == 49.0
    assert advice.remaining_hours == 14.5
    assert next_topics(MAMBA, ["dynamics"]).remaining_hours is None


def test_the_limit_cuts_and_the_total_stays() -> None:
    advice = next_topics(MAMBA, [], limit=1)
    assert (slugs(advice), advice.total) == (["energy"], 3)
    assert len(next_topics(MAMBA, [], limit=1000).topics) == 3


def test_an_exact_state_first_fills_its_gaps() -> None:
    advice = next_topics(MAMBA, ["state-spaces"], goal="mamba", assume="exact")
    assert advice.implied == ()
    assert slugs(advice) == ["calculus", "algebra", "mamba", "energy"]
    assert advice.remaining_hours == 24.0 + 16.0 + 9.0 + 5.5


@pytest.mark.parametrize("assume", ["closed", "exact"])
def test_a_goal_that_is_known_is_said_to_be(assume: str) -> None:
    advice = next_topics(MAMBA, ["mamba"], goal="mamba", assume=assume)
    assert "The goal, Mamba, is known already" in advice.note
    assert advice.remaining_hours == 0.0
    assert "goal" not in {reason.kind for each in advice.topics for reason in each.reasons}
    assert advice.topics


def test_when_all_is_known_the_answer_says_so() -> None:
    advice = next_topics(MAMBA, ["mamba", "water"], goal="mamba")
    assert (advice.topics, advice.total) == ((), 0)
    assert advice.note == "All 7 topics are known; there is nothing left to learn here."


def test_no_topics_at_all_is_said() -> None:
    assert next_topics(build(), []).note == "The dataset holds no topics."


def test_reach_is_counted_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (rank, reach):
        monkeypatch.setattr(module, "REACH_COUNTED", 3)
    graph = build(topic("a"), *(topic(f"b{number}", ("a",)) for number in range(5)))
    assert texts(next_topics(graph, []))["unlocks"].startswith("at least 3 topics build on it")


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(limit: int) -> None:
    with pytest.raises(BadParameter, match=f"'limit' cannot be '{limit}'; it takes a whole number from 1 up"):
        next_topics(MAMBA, [], limit=limit)


@pytest.mark.parametrize(("know", "goal"), [(["mambo"], ""), ([], "mambo")], ids=["in know", "as goal"])
def test_unknown_topics_are_answered_with_near_ones(know: list[str], goal: str) -> None:
    with pytest.raises(NotFound, match="no topic 'mambo'; did you mean mamba"):
        next_topics(MAMBA, know, goal=goal)


def test_another_assumption_is_refused_before_anything_else() -> None:
    with pytest.raises(BadParameter, match="'assume' cannot be 'maybe'"):
        next_topics(MAMBA, ["algebra"], assume="maybe")


def reviewed(advice: NextAdvice) -> dict[str, str]:
    return {each.slug: each.text for each in advice.review}


def test_to_review_is_what_nothing_known_requires_those_first_that_come_up() -> None:
    advice = next_topics(MAMBA, ["dynamics", "energy"], goal="mamba")
    assert reviewed(advice) == {
        "dynamics": "nothing known builds on it yet; State spaces requires it",
        "energy": "nothing known builds on it yet; Water requires it",
    }
    assert [each.needed_by for each in advice.review] == [("state-spaces",), ("water",)]
    alone = next_topics(MAMBA, ["dynamics", "energy"], goal="mamba", limit=1)
    assert (list(reviewed(alone)), alone.review_total) == (["dynamics"], 2)
    assert next_topics(MAMBA, []).review == ()


def test_where_nothing_comes_up_for_it_the_most_required_is_reviewed_first() -> None:
    graph = build(
        topic("a"),
        topic("b"),
        topic("c", ("b", "z")),
        topic("d", ("b", "z")),
        topic("y"),
        topic("z", ("y",)),
    )
    advice = next_topics(graph, ["a", "b"])
    assert [each.slug for each in advice.topics] == ["y"]
    assert reviewed(advice) == dict.fromkeys(["b", "a"], "nothing known builds on it yet")
