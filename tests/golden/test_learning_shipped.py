"""The shipped topics: what the page recommends, to someone who is ready for it."""

from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest

import ontology
from kg.learning.closure import closure
from kg.learning.critical import critical_path
from kg.learning.graph import PrerequisiteGraph
from kg.learning.order import MEASURES
from kg.learning.outline import Frame
from kg.learning.plan import plan_to
from kg.learning.rank import next_topics
from kg.learning.related import prerequisites
from kg.model.iri import Iri
from kg.model.learning import Curriculum, PathStep, Topic
from kg.services.knowledge import Knowledge

PAGE_ORDER = [
    "state-space-models",
    "mixture-of-experts",
    "agent-frameworks",
    "environmental-impact",
    "llm-interpretability",
    "chinchilla-scaling",
]

TOPICS = """
PREFIX tv: <https://w3id.org/trivium/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?topic ?label ?hours (GROUP_CONCAT(COALESCE(STR(?needed), "")) AS ?requires) WHERE {
  ?topic a tv:Topic ; skos:prefLabel ?label ; tv:effortHours ?hours .
  OPTIONAL { ?topic tv:requires ?needed }
} GROUP BY ?topic ?label ?hours
"""

STEPS = """
PREFIX tv: <https://w3id.org/trivium/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?path ?pathLabel ?position ?topic ?label ?why WHERE {
  ?path tv:hasStep ?step ; skos:prefLabel ?pathLabel .
  ?step tv:position ?position ; tv:item ?topic ; skos:prefLabel ?label ; tv:why ?why .
}
"""


def rows(store: ox.Store, query: str) -> Iterator[dict[str, str]]:
    solutions = store.query(query)
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        yield {name: getattr(solution[name], "value", "") for name in names}


def slug(iri: str) -> str:
    return iri.rsplit("/", 1)[1]


@pytest.fixture(scope="module")
def curriculum() -> Curriculum:
    data = Path(ontology.root()) / "data"
    store = ox.Store()
    for path in [*sorted((data / "topics").glob("*.ttl")), data / "page" / "next-steps.ttl"]:
        store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    topics = tuple(
        Topic(
            Iri(row["topic"]),
            slug(row["topic"]),
            row["label"],
            float(row["hours"]),
            requires=tuple(sorted(map(slug, row["requires"].split()))),
        )
        for row in rows(store, TOPICS)
    )
    steps = tuple(
        PathStep(
            Iri(row["path"]),
            row["pathLabel"],
            int(row["position"]),
            slug(row["topic"]),
            row["label"],
            row["why"],
        )
        for row in rows(store, STEPS)
    )
    return Curriculum(topics, steps)


@pytest.fixture(scope="module")
def graph(curriculum: Curriculum) -> PrerequisiteGraph:
    return PrerequisiteGraph.build(curriculum)


def test_the_130_topics_form_a_graph_with_one_capstone(graph: PrerequisiteGraph) -> None:
    assert len(graph.topics) == 130
    assert graph.slugs(graph.roots) == (
        "energy-units",
        "linear-algebra",
        "multivariable-calculus",
        "probability-theory",
        "python-programming",
    )
    assert [topic.slug for topic, later in zip(graph.topics, graph.unlocks, strict=True) if not later] == [
        "future-of-llms"
    ]
    assert len(prerequisites(graph, "future-of-llms", transitive=True).topics) == 129


def test_whoever_knows_the_66_prerequisites_gets_the_pages_six_topics_in_its_order(
    graph: PrerequisiteGraph,
) -> None:
    six = frozenset(map(graph.find, PAGE_ORDER))
    know = graph.slugs(closure(graph.requires, six) - six)
    assert len(know) == 66
    advice = next_topics(graph, know, limit=6)
    assert [topic.slug for topic in advice.topics] == PAGE_ORDER
    assert advice.implied == ()
    assert advice.topics[0].reasons[0].kind == "path"
    assert "step 1 of “What to Learn Next”" in advice.topics[0].reasons[0].text


def test_the_direct_prerequisites_of_the_six_imply_the_rest(graph: PrerequisiteGraph) -> None:
    six = frozenset(map(graph.find, PAGE_ORDER))
    direct = graph.slugs(frozenset(needed for topic in six for needed in graph.requires[topic]) - six)
    advice = next_topics(graph, direct, limit=6)
    assert [topic.slug for topic in advice.topics] == PAGE_ORDER
    assert len(advice.known) + len(advice.implied) == 66


def test_the_six_topics_merged_take_535_hours_instead_of_1685(graph: PrerequisiteGraph) -> None:
    plan = plan_to(graph, PAGE_ORDER)
    assert (len(plan.steps), plan.hours, plan.hours_one_by_one, plan.hours_saved) == (72, 535, 1685, 1150)
    assert {goal.slug: (goal.steps, goal.hours) for goal in plan.goals} == {
        "agent-frameworks": (48, 393),
        "chinchilla-scaling": (27, 268),
        "environmental-impact": (35, 310),
        "llm-interpretability": (32, 293),
        "mixture-of-experts": (23, 243),
        "state-space-models": (14, 178),
    }


def test_merged_hours_are_those_that_a_query_sums(shipped: Knowledge) -> None:
    goals = " ".join(f"topic:{slug}" for slug in PAGE_ORDER)
    query = f"""SELECT (COUNT(*) AS ?steps) (SUM(?h) AS ?hours) {{
      {{ SELECT DISTINCT ?topic {{ VALUES ?goal {{ {goals} }} ?goal tv:requires* ?topic }} }}
      ?topic tv:effortHours ?h }}"""
    plan = shipped.learning.plan(PAGE_ORDER)
    assert shipped.sparql(query)[0] == {"steps": len(plan.steps), "hours": plan.hours}


@pytest.mark.parametrize(
    ("budget", "reached", "steps"),
    [
        (40, [], ["linear-algebra", "multivariable-calculus"]),
        (178, ["state-space-models"], None),
        (250, ["mixture-of-experts"], None),
        (535, sorted(PAGE_ORDER), None),
        (0, [], []),
    ],
)
def test_the_best_part_of_the_six_topics_within_hours(
    graph: PrerequisiteGraph, budget: float, reached: list[str], steps: list[str] | None
) -> None:
    plan = plan_to(graph, PAGE_ORDER, frame=Frame(budget))
    assert plan.hours <= budget
    assert [goal.slug for goal in plan.goals if goal.reached] == reached
    assert steps is None or sorted(step.slug for step in plan.steps) == steps
    assert (plan.proof.status, plan.proof.gap) == ("optimal", 0.0)
    done = sum(step.hours * len(step.serves) for step in plan.steps)
    assert plan.proof.value == plan.proof.bound == pytest.approx(len(reached) + done / 1685)
    assert len(plan.steps) + plan.left_out_total == 72


@pytest.mark.parametrize("value", ["goals", "topics", "unlocks"])
def test_no_40_hours_of_the_six_topics_are_worth_more(curriculum: Curriculum, value: str) -> None:
    """All sets of topics that can be learnt in 40 hours, one by one."""
    topics = {topic.slug: topic for topic in curriculum.topics}
    needed_by = nx.DiGraph((needed, topic.slug) for topic in curriculum.topics for needed in topic.requires)
    way = set(PAGE_ORDER).union(*(nx.ancestors(needed_by, goal) for goal in PAGE_ORDER))
    part = needed_by.subgraph(way)
    worth = {slug: len(nx.descendants(part, slug)) + 1 for slug in way}
    serves = {slug: len(({slug} | nx.descendants(part, slug)) & set(PAGE_ORDER)) for slug in way}
    seen: set[frozenset[str]] = {frozenset()}
    for known in (level := [frozenset[str]()]):
        left = 40 - sum(topics[slug].hours for slug in known)
        ready = (s for s in way - known if known.issuperset(topics[s].requires) and topics[s].hours <= left)
        fresh = {known | {slug} for slug in ready} - seen
        seen |= fresh
        level += fresh
    rules = {
        "goals": lambda known: sum(topics[slug].hours * serves[slug] for slug in known) / 1685,
        "topics": len,
        "unlocks": lambda known: sum(worth[slug] for slug in known),
    }
    plan = plan_to(PrerequisiteGraph.build(curriculum), PAGE_ORDER, frame=Frame(40, value))
    assert plan.proof.value == pytest.approx(max(map(rules[value], seen)))
    assert frozenset(step.slug for step in plan.steps) in seen


@pytest.mark.parametrize(
    ("goal", "hours"),
    [
        ("state-space-models", 81),
        ("mixture-of-experts", 109),
        ("agent-frameworks", 143),
        ("environmental-impact", 124),
        ("llm-interpretability", 129),
        ("chinchilla-scaling", 123),
        ("future-of-llms", 152),
    ],
)
def test_the_longest_chain_to_a_goal_takes(graph: PrerequisiteGraph, goal: str, hours: float) -> None:
    assert critical_path(graph, [goal]).hours == hours


@pytest.mark.parametrize(
    ("order", "value"), [("recall", 4103), ("focus", 32), ("area", 17), ("short", 472.2)]
)
def test_an_order_of_all_topics_measures(shipped: Knowledge, order: str, value: float) -> None:
    metric = shipped.learning.plan(["future-of-llms"], order=order).metric
    assert metric.name == MEASURES[order].name
    assert metric.value == pytest.approx(value, abs=0.05)


def test_no_prerequisite_is_implied_by_another(graph: PrerequisiteGraph) -> None:
    for topic, needed in zip(graph.topics, graph.requires, strict=True):
        further = closure(graph.requires, [deeper for near in needed for deeper in graph.requires[near]])
        assert not further & set(needed), f"{topic.slug} names a prerequisite of a prerequisite"
