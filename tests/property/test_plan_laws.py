"""Laws of plans, held against brute force over all sets of topics, and of chains, against networkx."""

from datetime import date, timedelta
from itertools import pairwise

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.exporters.icalendar import LINE_OCTETS, escape, fold
from kg.learning.critical import critical_path
from kg.learning.explain import explain
from kg.learning.graph import PrerequisiteGraph
from kg.learning.order import MEASURES, study_order
from kg.learning.plan import plan_to
from kg.learning.schedule import days_of_study
from kg.learning.syllabus import Syllabus
from kg.learning.way import way_to
from kg.model.learning import Curriculum
from kg.model.plan import Plan
from tests.processes import outputs_by_hash_seed
from tests.strategies import curricula_with_goals

ORDERS = st.sampled_from(sorted(MEASURES))
Case = tuple[Curriculum, frozenset[str], frozenset[str]]


def oracle(curriculum: Curriculum) -> "nx.DiGraph[str]":
    """An edge goes from a prerequisite to the topic that requires it."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(each.slug for each in curriculum.topics)
    graph.add_edges_from((needed, each.slug) for each in curriculum.topics for needed in each.requires)
    return graph


def down(graph: "nx.DiGraph[str]", slugs: frozenset[str]) -> set[str]:
    return set(slugs).union(*(nx.ancestors(graph, slug) for slug in slugs))


def least_hours(curriculum: Curriculum, goals: frozenset[str], known: set[str]) -> float:
    """Hours of the cheapest of all knowledge states that hold goals and what is known; by trying every set."""
    topics = curriculum.topics
    bit = {each.slug: 1 << place for place, each in enumerate(topics)}
    must = sum(bit[slug] for slug in goals | known)
    needs = [(bit[each.slug], sum(bit[slug] for slug in each.requires)) for each in topics]
    cost = [0.0 if each.slug in known else each.hours for each in topics]
    states = (
        chosen
        for chosen in range(1 << len(topics))
        if chosen & must == must and all(chosen & needed == needed for own, needed in needs if chosen & own)
    )
    return min(sum(hours for place, hours in enumerate(cost) if chosen >> place & 1) for chosen in states)


@settings(max_examples=1_000, deadline=None)
@given(curricula_with_goals(), ORDERS)
def test_no_set_of_topics_that_reaches_the_goals_costs_less_than_the_plan(case: Case, order: str) -> None:
    curriculum, goals, know = case
    plan = plan_to(PrerequisiteGraph.build(curriculum), goals, know, order=order)
    assert plan.hours == least_hours(curriculum, goals, down(oracle(curriculum), know))
    alone = sum(least_hours(curriculum, frozenset({goal}), set(plan.known + plan.implied)) for goal in goals)
    assert plan.hours_one_by_one == alone
    assert plan.hours_saved >= 0


@settings(max_examples=300, deadline=None)
@given(curricula_with_goals(), ORDERS)
def test_every_prefix_of_a_plan_is_a_knowledge_state_and_the_whole_holds_the_goals(
    case: Case, order: str
) -> None:
    curriculum, goals, know = case
    needs = {each.slug: set(each.requires) for each in curriculum.topics}
    plan = plan_to(PrerequisiteGraph.build(curriculum), goals, know, order=order)
    state, hours = set(plan.known + plan.implied), 0.0
    assert all(needs[slug] <= state for slug in state)
    for position, step in enumerate(plan.steps, start=1):
        assert (step.position, step.hours_before) == (position, hours)
        assert step.slug not in state
        assert needs[step.slug] <= state
        assert set(step.requires) == needs[step.slug] - set(plan.known + plan.implied)
        state.add(step.slug)
        hours += step.hours
    assert goals <= state
    assert bool(plan.note) == any(goal.known for goal in plan.goals)


@settings(deadline=None)
@given(curricula_with_goals(), ORDERS)
def test_a_step_serves_the_goals_that_are_lost_without_it(case: Case, order: str) -> None:
    curriculum, goals, know = case
    expected = oracle(curriculum)
    plan = plan_to(PrerequisiteGraph.build(curriculum), goals, know, order=order)
    for step in plan.steps:
        served = {goal for goal in goals if step.slug in down(expected, frozenset({goal}))}
        assert set(step.serves) == served
        assert step.serves == tuple(sorted(served)) != ()
        nearest = step.reasons[0].topics[-1]
        reach = {goal: nx.shortest_path_length(expected, step.slug, goal) for goal in served}
        assert reach[nearest] == min(reach.values())


def measure(plan: Plan) -> float:
    """The value of an order by the definition of its measure."""
    steps = plan.steps
    place_of = {step.slug: step.position for step in steps}
    match plan.metric.order:
        case "recall":
            return sum(step.position - place_of[needed] for step in steps for needed in step.requires)
        case "focus":
            last = {needed: step.position for step in steps for needed in step.requires}
            return max(
                (sum(place_of[s] <= at < last[s] for s in last) for at in place_of.values()), default=0
            )
        case "area":
            return sum(first.area != second.area for first, second in pairwise(steps))
    return sum(step.hours_before + step.hours for step in steps) / max(len(steps), 1)


@settings(deadline=None)
@given(curricula_with_goals())
def test_no_order_measures_better_than_the_one_that_is_meant_for_it(case: Case) -> None:
    curriculum, goals, know = case
    graph = PrerequisiteGraph.build(curriculum)
    plans = {order: plan_to(graph, goals, know, order=order) for order in MEASURES}
    known = frozenset(map(graph.find, plans["recall"].known + plans["recall"].implied))
    syllabus = Syllabus.of(graph, way_to(graph, map(graph.find, goals), known))
    for order, plan in plans.items():
        assert abs(plan.metric.value - measure(plan)) < 1e-9
        others = (study_order(syllabus, other)[0] for other in MEASURES)
        assert all(plan.metric.value <= MEASURES[order].of(syllabus, other) for other in others)


@settings(deadline=None)
@given(curricula_with_goals(), st.data())
def test_a_chain_is_a_shortest_path_of_networkx(case: Case, data: st.DataObject) -> None:
    curriculum, goals, know = case
    step = data.draw(st.sampled_from(sorted(each.slug for each in curriculum.topics)))
    expected = oracle(curriculum)
    known = down(expected, know)
    explanation = explain(PrerequisiteGraph.build(curriculum), step, goals, know)
    assert explanation.known == (step in known)
    assert {found.goal for found in explanation.goals} == goals
    for found in explanation.goals:
        chain = [link.slug for link in found.chain]
        if step in known or found.goal in known or not nx.has_path(expected, step, found.goal):
            assert chain == []
            continue
        assert (chain[0], chain[-1]) == (step, found.goal)
        assert all(expected.has_edge(first, second) for first, second in pairwise(chain))
        assert len(chain) - 1 == nx.shortest_path_length(expected, step, found.goal)
        assert not known & set(chain)
    assert explanation.needed == any(found.chain for found in explanation.goals)


def longest(graph: "nx.DiGraph[str]", topics: set[str], hours: dict[str, float]) -> float:
    """An edge weighs in networkx, so it carries the hours of its end, and a start before all topics begins."""
    weighted: nx.DiGraph[str] = nx.DiGraph()
    weighted.add_weighted_edges_from(("", slug, hours[slug]) for slug in topics)
    weighted.add_weighted_edges_from((a, b, hours[b]) for a, b in graph.edges if a in topics and b in topics)
    return float(nx.dag_longest_path_length(weighted)) if topics else 0.0


@settings(max_examples=300, deadline=None)
@given(curricula_with_goals())
def test_the_longest_chain_and_the_slack_are_those_of_networkx(case: Case) -> None:
    curriculum, goals, know = case
    expected = oracle(curriculum)
    ahead = down(expected, goals) - down(expected, know)
    hours = {each.slug: each.hours for each in curriculum.topics}
    path = critical_path(PrerequisiteGraph.build(curriculum), goals, know)
    assert path.hours == longest(expected, ahead, hours) == sum(each.hours for each in path.chain)
    assert {each.slug for each in path.topics} == ahead
    assert path.total_hours == sum(hours[slug] for slug in ahead)
    assert all(expected.has_edge(a.slug, b.slug) and a.slack == b.slack == 0 for a, b in pairwise(path.chain))
    for each in path.topics:
        put_off = hours | {each.slug: each.hours + each.slack}
        too_late = hours | {each.slug: each.hours + each.slack + 1}
        assert longest(expected, ahead, put_off) == path.hours
        assert longest(expected, ahead, too_late) == path.hours + 1
        assert each.latest == each.earliest + each.slack


@given(
    st.lists(st.sampled_from([0.0, 0.1, 0.5, 1.0, 2.5, 40.0]), max_size=30),
    st.sampled_from([0.5, 3.0, 7.0, 10.0, 168.0]),
)
def test_days_follow_each_other_and_hold_the_hours(hours: list[float], per_week: float) -> None:
    start = date(2027, 1, 4)
    days = days_of_study(hours, start=start, hours_per_week=per_week)
    assert all(first <= last for first, last in days)
    assert all(before[0] <= after[0] <= before[1] + timedelta(days=1) for before, after in pairwise(days))
    if days:
        assert days[0][0] == start
        needed = sum(hours) * 7 / per_week
        spent = (max(last for _, last in days) - start).days + 1
        assert needed - 1e-6 <= spent < needed + 2


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_a_folded_line_is_short_and_unfolds_to_itself(text: str) -> None:
    line = f"SUMMARY:{escape(text)}"
    folded = list(fold(line))
    assert all(len(piece.encode()) <= LINE_OCTETS for piece in folded)
    assert all(piece.startswith(" ") for piece in folded[1:])
    assert folded[0] + "".join(piece[1:] for piece in folded[1:]) == line
    assert "\n" not in line
    assert "\r" not in line


SAME_BYTES = """
import random
from datetime import date
from kg.exporters.icalendar import plan_calendar
from kg.learning.critical import critical_path
from kg.learning.explain import explain
from kg.learning.graph import PrerequisiteGraph
from kg.learning.plan import plan_to
from kg.model.learning import Curriculum
from tests.strategies import topic
chance = random.Random(7)
slugs = [f"{chance.choice('abcdefgh')}{number}" for number in range(60)]
topics = [
    topic(slug, tuple(chance.sample(slugs[:place], min(place, 2))), area=chance.choice("xyz"))
    for place, slug in enumerate(slugs)
]
graph = PrerequisiteGraph.build(Curriculum(tuple(topics)))
goals = set(slugs[-6:])
for order in ("recall", "focus", "area", "short"):
    plan = plan_to(graph, goals, set(slugs[:4]), order=order, start=date(2027, 1, 4))
    print(plan, plan_calendar(plan))
print(explain(graph, slugs[9], goals), critical_path(graph, goals))
"""


def test_the_same_plan_has_the_same_bytes_whatever_the_hash_seed() -> None:
    assert len(outputs_by_hash_seed(SAME_BYTES)) == 1
