"""Laws of topics that require one of several: plans, fringes and learners, against all knowledge states."""

from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.learning.critical import critical_path
from kg.learning.fringe import made_ready, outer_fringe
from kg.learning.graph import PrerequisiteGraph
from kg.learning.learner import Learner
from kg.learning.outline import Frame
from kg.learning.plan import plan_to
from kg.learning.rank import next_topics
from kg.model.learning import Curriculum, Topic
from kg.model.plan import Plan
from tests.processes import outputs_by_hash_seed
from tests.strategies import curricula, curricula_with_goals

Case = tuple[Curriculum, frozenset[str], frozenset[str]]
CASES = curricula_with_goals(choices=True)


def is_ready(topic: Topic, known: set[str]) -> bool:
    """By the definition: all prerequisites, and of each choice an option."""
    return known.issuperset(topic.requires) and all(
        not known.isdisjoint(choice.options) for choice in topic.requires_one_of
    )


def least_hours(curriculum: Curriculum, goals: frozenset[str], known: set[str]) -> float:
    """Of all sets of topics that can be learnt from what is known and hold the goals, by trying every set."""
    missing = [each for each in curriculum.topics if each.slug not in known]
    every = chain.from_iterable(combinations(missing, size) for size in range(len(missing) + 1))
    fits = (
        sum(each.hours for each in chosen)
        for chosen in every
        if goals <= known | {each.slug for each in chosen}
        and all(is_ready(each, known | {other.slug for other in chosen}) for each in chosen)
    )
    return min(fits)


def assert_can_be_learnt(curriculum: Curriculum, plan: Plan) -> set[str]:
    """Each step in its turn; what is known then."""
    topics = {each.slug: each for each in curriculum.topics}
    known = set(plan.known + plan.implied)
    for step in plan.steps:
        assert step.slug not in known
        assert is_ready(topics[step.slug], known)
        known.add(step.slug)
    return known


@settings(max_examples=100)
@given(curricula_with_goals(choices=True))
def test_a_plan_takes_the_options_of_the_fewest_hours(case: Case) -> None:
    curriculum, goals, know = case
    plan = plan_to(PrerequisiteGraph.build(curriculum), goals, know)
    known = assert_can_be_learnt(curriculum, plan)
    assert goals <= known
    assert (plan.proof.status, plan.proof.bound, plan.proof.gap) == ("optimal", plan.hours, 0.0)
    assert plan.hours == least_hours(curriculum, goals, set(plan.known + plan.implied))
    assert all(step.serves and step.reasons for step in plan.steps)


@settings(max_examples=100)
@given(CASES, st.integers(0, 12), st.sampled_from(["goals", "topics", "unlocks"]))
def test_a_budget_is_kept_and_what_it_leaves_out_is_told(case: Case, budget: int, value: str) -> None:
    curriculum, goals, know = case
    graph = PrerequisiteGraph.build(curriculum)
    plan = plan_to(graph, goals, know, frame=Frame(budget, value))
    whole = plan_to(graph, goals, know)
    known = assert_can_be_learnt(curriculum, plan)
    assert plan.hours <= budget
    assert {goal.slug for goal in plan.goals if goal.reached} == goals & known
    assert plan.proof.value <= plan.proof.bound
    if whole.hours <= budget:
        assert (plan.steps, plan.left_out) == (whole.steps, whole.left_out)
    told = {each.slug: each for each in plan.left_out}
    assert len(told) == plan.left_out_total
    assert not told.keys() & known
    assert goals - known <= told.keys()
    for each in told.values():
        if each.kind == "budget" and "no further value" not in each.text:
            assert plan.hours + each.more_hours > budget


@settings(max_examples=100)
@given(CASES, st.data())
def test_no_goals_within_a_budget_are_worth_more(case: Case, data: st.DataObject) -> None:
    curriculum, goals, know = case
    graph = PrerequisiteGraph.build(curriculum)
    worth = {goal: float(data.draw(st.integers(0, 9))) for goal in sorted(goals)}
    budget = data.draw(st.none() | st.sampled_from([0.0, 1.0, 2.5, 4.0, 8.0]))
    price = data.draw(st.sampled_from([0.5, 1.0]) if budget is None else st.none() | st.just(1.0))
    plan = plan_to(graph, goals, know, frame=Frame(budget, worth, price))
    known = set(plan.known + plan.implied)
    best = max(
        sum(worth[goal] for goal in chosen - known) - (price or 0.0) * hours
        for size in range(len(goals) + 1)
        for chosen in map(frozenset, combinations(sorted(goals), size))
        for hours in [least_hours(curriculum, chosen, known)]
        if budget is None or hours <= budget
    )
    assert (plan.proof.value, plan.proof.status) == (best, "optimal")
    assert_can_be_learnt(curriculum, plan)


@given(curricula(choices=True, most=7))
def test_the_fringe_is_that_of_the_definition(curriculum: Curriculum) -> None:
    graph = PrerequisiteGraph.build(curriculum)
    numbers = range(len(graph.topics))
    for known in map(set, chain.from_iterable(combinations(numbers, size) for size in range(len(numbers)))):
        names = set(graph.slugs(known))
        ready = {n for n in numbers if n not in known and is_ready(graph.topics[n], names)}
        assert set(outer_fringe(graph, known)) == ready
        for topic in ready:
            after = set(outer_fringe(graph, known | {topic}))
            assert set(made_ready(graph, known, topic)) == after - ready


@given(curricula(choices=True, least=1), st.data())
def test_a_learner_who_is_kept_knows_what_one_from_scratch_knows(
    curriculum: Curriculum, data: st.DataObject
) -> None:
    graph = PrerequisiteGraph.build(curriculum)
    topics = st.sampled_from(range(len(graph.topics)))
    learner = Learner(graph, data.draw(st.sets(topics, max_size=2)))
    for topic, is_learnt in data.draw(st.lists(st.tuples(topics, st.booleans()), max_size=8)):
        before = set(learner.ready)
        opened = learner.learn(topic) if is_learnt else learner.forget(topic)
        assert set(learner.ready) == set(outer_fringe(graph, learner.known))
        assert learner.best(99) == sorted(learner.ready, key=graph.standing.__getitem__)
        if is_learnt:
            assert set(opened) == learner.ready - before


@settings(max_examples=100)
@given(CASES)
def test_following_the_advice_reaches_the_goal_in_the_hours_of_its_plan(case: Case) -> None:
    curriculum, goals, know = case
    graph, goal = PrerequisiteGraph.build(curriculum), min(goals)
    plan = plan_to(graph, [goal], know)
    known, hours = set(know), 0.0
    advice = next_topics(graph, known, goal=goal, limit=1)
    assert advice.remaining_hours == plan.hours
    while advice.remaining_hours:
        (first,) = advice.topics
        assert first.reasons[0].kind == "goal"
        known.add(first.slug)
        hours += first.hours
        advice = next_topics(graph, known, goal=goal, limit=1)
    assert hours == plan.hours


@given(CASES)
def test_the_longest_chain_is_the_shortest_that_options_allow(case: Case) -> None:
    curriculum, goals, know = case
    graph = PrerequisiteGraph.build(curriculum)
    path = critical_path(graph, goals, know)
    known = set(plan_to(graph, goals, know).known + plan_to(graph, goals, know).implied)
    through: dict[str, float] = dict.fromkeys(known, 0.0)
    topics = {each.slug: each for each in curriculum.topics}
    for number in graph.order:
        each = topics[graph.slug_of[number]]
        if each.slug not in known:
            waits = [through[needed] for needed in each.requires]
            waits += [min(through[option] for option in choice.options) for choice in each.requires_one_of]
            through[each.slug] = max(waits, default=0.0) + each.hours
    assert path.hours == max(through[goal] for goal in goals)
    for timed in path.topics:
        assert timed.earliest + timed.hours == through[timed.slug]


SAME_BYTES = """
import random
from kg.learning.graph import PrerequisiteGraph
from kg.learning.outline import Frame
from kg.learning.plan import plan_to
from kg.model.learning import Curriculum
from tests.strategies import topic
chance = random.Random(11)
slugs = [f"{chance.choice('abcdefgh')}{number}" for number in range(60)]
topics = [
    topic(
        slug,
        tuple(chance.sample(slugs[:place], min(place, 2))),
        hours=chance.choice([1.0, 2.0, 3.0]),
        one_of=(tuple(chance.sample(slugs[:place], 3)),) if place > 8 and place % 3 == 0 else (),
    )
    for place, slug in enumerate(slugs)
]
graph = PrerequisiteGraph.build(Curriculum(tuple(topics)))
goals = set(slugs[-5:])
print(plan_to(graph, goals, set(slugs[:2])))
for frame in (Frame(20), Frame(30, "topics"), Frame(25, "unlocks"), Frame(None, dict.fromkeys(goals, 9.0), 0.5)):
    print(plan_to(graph, goals, frame=frame))
"""


def test_the_same_question_has_the_same_bytes_whatever_the_hash_seed() -> None:
    assert len(outputs_by_hash_seed(SAME_BYTES)) == 1
