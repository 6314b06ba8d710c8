"""Laws of knowledge states and learners, in both forms of a graph, against brute force over sets of topics."""

from itertools import pairwise

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.learning.closure import closure
from kg.learning.critical import critical_path
from kg.learning.fringe import inner_fringe, made_ready, outer_fringe
from kg.learning.graph import PrerequisiteGraph
from kg.learning.learner import Learner
from kg.learning.plan import plan_to
from kg.learning.rank import next_for, next_topics
from kg.learning.sweep import learning_order
from kg.model.learning import Curriculum
from tests.graphs import FORMS, build_as, columns_of, oracle
from tests.strategies import curricula, curricula_with_goals, curricula_with_known

forms = st.sampled_from(FORMS)
Sets = dict[int, set[int]]
Known = tuple[Curriculum, frozenset[str]]


def needs(graph: PrerequisiteGraph) -> Sets:
    return {topic: set(needed) for topic, needed in enumerate(graph.requires)}


def is_state(known: set[int], required: Sets) -> bool:
    return all(required[topic] <= known for topic in known)


@settings(max_examples=120, deadline=None)
@given(forms, curricula_with_known())
def test_fringes_are_what_can_be_added_to_a_state_and_taken_from_it(form: str, case: Known) -> None:
    graph = build_as(form, case[0])
    required = needs(graph)
    known = set(closure(graph.requires, map(graph.find, case[1])))
    assert is_state(known, required)
    every = range(len(graph.topics))
    assert list(outer_fringe(graph, known)) == [
        topic for topic in every if topic not in known and is_state(known | {topic}, required)
    ]
    assert list(inner_fringe(graph, known)) == [
        topic for topic in every if topic in known and is_state(known - {topic}, required)
    ]


@settings(max_examples=100, deadline=None)
@given(forms, curricula_with_known())
def test_what_is_ready_for_a_set_with_gaps_has_all_it_requires(form: str, case: Known) -> None:
    graph = build_as(form, case[0])
    required, known = needs(graph), set(map(graph.find, case[1]))
    ready = [topic for topic, needed in required.items() if topic not in known and needed <= known]
    assert list(outer_fringe(graph, known)) == ready
    for topic in ready:
        after = {later for later, needed in required.items() if needed <= known | {topic}} - known
        assert set(made_ready(graph, known, topic)) == after - set(ready)


@settings(max_examples=120, deadline=None)
@given(forms, curricula_with_known(choices=True), st.data())
def test_a_learner_who_learns_and_forgets_is_where_a_new_one_would_be(
    form: str, case: Known, data: st.DataObject
) -> None:
    graph = build_as(form, case[0])
    learner = Learner(graph, map(graph.find, case[1]))
    every = st.sampled_from(range(len(graph.topics)))
    for topic, forgets in data.draw(st.lists(st.tuples(every, st.booleans()), max_size=8)):
        before, was_ready = set(learner.known), set(learner.ready)
        if forgets:
            lost = learner.forget(topic)
            assert set(lost) == before & closure(graph.unlocks, [topic])
            assert learner.known == before - set(lost)
        else:
            opens = learner.opens(topic) if topic in was_ready else ()
            opened = learner.learn(topic)
            assert learner.known == before | closure(graph.requires, [topic])
            assert set(opened) == set(learner.ready) - was_ready
            assert opened == opens or topic not in was_ready
        fresh = Learner(graph, learner.known)
        assert learner == fresh
        assert (learner.ready, learner.last) == (fresh.ready, fresh.last)
        assert learner.best(len(graph.topics)) == fresh.best(len(graph.topics))
        assert closure(graph.requires, learner.state().given) == learner.known


@settings(max_examples=100, deadline=None)
@given(forms, curricula_with_goals())
def test_a_kept_learner_is_advised_as_a_stranger_is(
    form: str, case: tuple[Curriculum, frozenset[str], frozenset[str]]
) -> None:
    curriculum, goals, know = case
    graph = build_as(form, curriculum)
    learner = Learner(graph, map(graph.find, know))
    for goal in ("", *sorted(goals)):
        assert next_for(learner, goal=goal) == next_topics(graph, know, goal=goal)


@settings(max_examples=100, deadline=None)
@given(curricula_with_goals())
def test_both_forms_of_a_graph_give_the_same_answers(
    case: tuple[Curriculum, frozenset[str], frozenset[str]],
) -> None:
    curriculum, goals, know = case
    few, many = (build_as(form, curriculum) for form in FORMS)
    assert [tuple(row) for row in many.unlocks] == list(few.unlocks)
    assert (many.roots, list(many.standing)) == (few.roots, list(few.standing))
    assert plan_to(many, goals, know) == plan_to(few, goals, know)
    assert critical_path(many, (), know) == critical_path(few, (), know)
    assert critical_path(many, goals, know) == critical_path(few, goals, know)
    assert next_topics(many, know, limit=12) == next_topics(few, know, limit=12)


@settings(max_examples=100, deadline=None)
@given(curricula_with_goals())
def test_a_graph_of_columns_is_that_of_the_records(
    case: tuple[Curriculum, frozenset[str], frozenset[str]],
) -> None:
    curriculum, goals, know = case
    columns = columns_of(tuple(curriculum.topics))
    assert list(columns) == sorted(curriculum.topics, key=lambda each: each.slug)
    of_records = PrerequisiteGraph.build(curriculum)
    of_columns = PrerequisiteGraph.build(Curriculum(columns, curriculum.steps))
    assert plan_to(of_columns, goals, know) == plan_to(of_records, goals, know)
    assert next_topics(of_columns, know) == next_topics(of_records, know)


@settings(max_examples=100, deadline=None)
@given(forms, curricula())
def test_an_order_holds_each_topic_once_after_all_it_requires(form: str, curriculum: Curriculum) -> None:
    graph = build_as(form, curriculum)
    for order in (graph.order, learning_order(graph.requires, graph.unlocks)):
        place = {topic: number for number, topic in enumerate(order)}
        assert sorted(place) == list(range(len(graph.topics)))
        assert all(place[n] < place[topic] for topic in place for n in graph.requires[topic])


@settings(max_examples=100, deadline=None)
@given(curricula(least=1))
def test_what_builds_on_a_topic_is_counted_as_it_is(curriculum: Curriculum) -> None:
    graph, expected = PrerequisiteGraph.build(curriculum), oracle(tuple(curriculum.topics))
    for goal in range(len(graph.topics)):
        part = graph.reach.towards(goal)
        slug = graph.slug_of[goal]
        assert graph.reach.of(goal) == len(nx.descendants(expected, slug))
        for topic in part.topics:
            within = nx.descendants(expected, graph.slug_of[topic]) & set(graph.slugs(part.topics))
            assert part.reach(topic) == len(within)
            chain = graph.slug_of[topic], *(graph.slug_of[each] for each in part.chain(topic)[1:])
            assert len(chain) - 1 == nx.shortest_path_length(expected, chain[0], slug)
            assert all(expected.has_edge(*pair) for pair in pairwise(chain))


@settings(max_examples=120, deadline=None)
@given(curricula_with_goals())
def test_without_any_one_step_a_plan_does_not_reach_its_goals(
    case: tuple[Curriculum, frozenset[str], frozenset[str]],
) -> None:
    curriculum, goals, know = case
    graph = PrerequisiteGraph.build(curriculum)
    required, wanted = needs(graph), set(map(graph.find, goals))
    plan = plan_to(graph, goals, know)
    state = set(map(graph.find, (*plan.known, *plan.implied, *(step.slug for step in plan.steps))))
    assert is_state(state, required)
    assert wanted <= state
    for step in plan.steps:
        less = state - {graph.find(step.slug)}
        assert not (is_state(less, required) and wanted <= less)
