"""Topics that require one of several: small cases, what is told of them, and choices that contradict themselves."""

import pytest

from kg.errors import CyclicPrerequisites, InvalidData
from kg.learning.critical import critical_path
from kg.learning.diagnosis import diagnose
from kg.learning.explain import explain
from kg.learning.graph import PrerequisiteGraph
from kg.learning.plan import plan_to
from kg.learning.rank import next_topics
from kg.model.learning import Curriculum, Topic
from tests.strategies import topic


def build(*topics: Topic) -> PrerequisiteGraph:
    return PrerequisiteGraph.build(Curriculum(topics))


KNOTS = (
    topic("overhand", hours=0.5),
    topic("figure-eight", ("overhand",), hours=1.0),
    topic("bowline", hours=2.0),
    topic("cleat", hours=1.0),
    topic("mooring", ("cleat",), hours=3.0, one_of=(("bowline", "figure-eight"),)),
    topic("towing", hours=4.0, one_of=(("bowline", "splice"),)),
    topic("splice", hours=5.0),
)
GRAPH = build(*KNOTS)


@pytest.mark.parametrize(
    ("goals", "know", "steps"),
    [
        pytest.param(["mooring"], [], {"cleat", "figure-eight", "mooring", "overhand"}, id="the shorter one"),
        pytest.param(
            ["mooring", "towing"],
            [],
            {"bowline", "cleat", "mooring", "towing"},
            id="the one that goals share",
        ),
        pytest.param(["mooring"], ["bowline"], {"cleat", "mooring"}, id="one that is known"),
        pytest.param(
            ["mooring"], ["overhand"], {"cleat", "figure-eight", "mooring"}, id="half of one is known"
        ),
        pytest.param(["mooring", "bowline"], [], {"bowline", "cleat", "mooring"}, id="one that is a goal"),
        pytest.param(["towing"], ["mooring"], {"bowline", "towing"}, id="knowing a topic implies no option"),
    ],
)
def test_a_plan_takes_the_option_that_makes_it_shortest(
    goals: list[str], know: list[str], steps: set[str]
) -> None:
    plan = plan_to(GRAPH, goals, know)
    assert {step.slug for step in plan.steps} == steps
    assert plan.proof.status == "optimal"


def test_a_plan_tells_which_options_it_takes_and_which_it_spares() -> None:
    plan = plan_to(GRAPH, ["mooring"])
    told = {step.slug: [reason.text for reason in step.reasons] for step in plan.steps}
    assert told["figure-eight"] == [
        "the goal, Mooring, requires it or another of its options",
        "1 later step requires it: Mooring",
        "Mooring requires one of several, and takes this instead of Bowline",
    ]
    assert plan.steps[-1].requires == ("cleat", "figure-eight")
    assert [(each.slug, each.kind, each.text, each.more_hours) for each in plan.left_out] == [
        ("bowline", "alternative", "Figure eight is enough for Mooring; it would take 2 hours more", 2.0)
    ]
    known = plan_to(GRAPH, ["towing"], ["bowline"]).left_out[0]
    assert known.text == "Bowline is known for Towing; it would take 5 hours more"


@pytest.mark.parametrize(
    ("step", "know", "text", "kind"),
    [
        (
            "bowline",
            [],
            "Bowline is no step of the plan: Figure eight is enough for Mooring; it would take 2 hours more.",
            "alternative",
        ),
        (
            "overhand",
            ["bowline"],
            "Overhand is no step of the plan: only Figure eight would need it, and Bowline is known for Mooring;"
            " it would take 1.5 hours more.",
            "alternative",
        ),
        ("splice", [], "Splice is no step of the plan: the goal does not need it.", "unneeded"),
        ("cleat", ["cleat"], "Cleat is no step of the plan: it is known already.", "known"),
        ("overhand", [], "Overhand is a step of the plan, because of Mooring.", None),
    ],
)
def test_why_not_that_is_answered(step: str, know: list[str], text: str, kind: str | None) -> None:
    explanation = explain(GRAPH, step, ["mooring"], know)
    assert explanation.text == text
    assert (explanation.left_out.kind if explanation.left_out else None) == kind
    assert explanation.needed == (kind is None)


def test_a_chain_by_an_option_says_so() -> None:
    chain = explain(GRAPH, "overhand", ["mooring"]).goals[0]
    assert chain.text == (
        "Figure eight requires Overhand; Mooring requires Figure eight, or another of its options"
    )


def test_a_topic_is_ready_with_one_option_of_each_choice() -> None:
    ready = {each.slug: each for each in next_topics(GRAPH, ["bowline"], limit=9).topics}
    assert set(ready) == {"cleat", "overhand", "splice", "towing"}
    assert ready["cleat"].unlocks == ("mooring",)
    assert ready["towing"].reasons[-1].text == "of Bowline, Splice one is known"
    assert next_topics(GRAPH, [], goal="mooring", limit=1).remaining_hours == 5.5


def test_the_longest_chain_takes_the_option_that_is_through_first() -> None:
    assert [each.slug for each in critical_path(GRAPH, ["mooring"]).chain] == [
        "overhand",
        "figure-eight",
        "mooring",
    ]


def test_an_option_that_requires_its_own_topic_is_passed_over() -> None:
    topics = (
        topic("a"),
        topic("goal", one_of=(("a", "late"),)),
        topic("late", ("goal",), hours=0.1),
        topic("own", one_of=(("a", "own"),)),
    )
    graph = build(*topics)
    assert [graph.slugs(pair) for pair in graph.passed_over] == [("goal", "late"), ("own", "own")]
    assert [step.slug for step in plan_to(graph, ["goal", "own"]).steps] == ["a", "goal", "own"]
    found = [(each.severity, each.topic, each.topics) for each in diagnose(Curriculum(topics)).findings]
    assert ("warning", "goal", ("late",)) in found
    assert ("warning", "own", ("own",)) in found


CONTRADICTIONS = [
    pytest.param(
        (topic("a", one_of=(("b", "c"),)), topic("b", ("a",)), topic("c", ("b",))),
        InvalidData,
        "topic a: takes one of b, c, and none of them can come before it",
        ("error", "a", ()),
        id="no option can come before",
    ),
    pytest.param(
        (topic("a", one_of=(("b", "c"),)), topic("b", one_of=(("a", "c"),)), topic("c")),
        CyclicPrerequisites,
        "prerequisites form a cycle: a → b → a",
        ("error", "a", ("a", "b", "a")),
        id="options in a circle",
    ),
    pytest.param(
        (
            topic("a", one_of=(("b", "c"), ("d", "e"))),
            *(topic(x) for x in "bc"),
            topic("d", ("a",)),
            topic("e", ("a",)),
        ),
        InvalidData,
        "topic a: takes one of d, e, and none of them can come before it",
        ("error", "a", ()),
        id="one of two choices",
    ),
    pytest.param(
        (topic("algebra"), topic("goal", one_of=(("algebr", "algebra"),))),
        InvalidData,
        "topic goal: requires 'algebr', which is no topic; did you mean algebra?",
        ("error", "goal", ("algebr",)),
        id="an option that is no topic",
    ),
    pytest.param(
        (topic("goal", one_of=((),)),),
        InvalidData,
        "topic goal: has a choice without options; name two topics or more",
        ("error", "goal", ()),
        id="no options",
    ),
]


@pytest.mark.parametrize(("topics", "error", "message", "finding"), CONTRADICTIONS)
def test_choices_that_cannot_be_met_are_refused_and_named(
    topics: tuple[Topic, ...], error: type[Exception], message: str, finding: tuple[str, str, tuple[str, ...]]
) -> None:
    with pytest.raises(error) as refused:
        build(*topics)
    assert message in str(refused.value)
    found = [(each.severity, each.topic, each.topics) for each in diagnose(Curriculum(topics)).findings]
    assert finding in found


@pytest.mark.parametrize(
    ("topics", "finding"),
    [
        (
            (topic("a"), topic("b", hours=1.0), topic("goal", ("a",), one_of=(("a", "b"),))),
            ("note", "goal", ("a",)),
        ),
        ((topic("a"), topic("goal", one_of=(("a",),))), ("warning", "goal", ("a",))),
    ],
    ids=["nothing to choose", "one option"],
)
def test_choices_that_say_nothing_are_noted_and_planned(
    topics: tuple[Topic, ...], finding: tuple[str, str, tuple[str, ...]]
) -> None:
    diagnosis = diagnose(Curriculum(topics))
    assert [(each.severity, each.topic, each.topics) for each in diagnosis.findings] == [finding]
    assert diagnosis.conforms
    assert [step.slug for step in plan_to(build(*topics), ["goal"]).steps] == ["a", "goal"]


def test_sound_choices_have_no_findings() -> None:
    assert [each for each in diagnose(Curriculum(KNOTS)).findings if each.severity != "note"] == []
