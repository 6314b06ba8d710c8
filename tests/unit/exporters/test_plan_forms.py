"""Plans as CSV, JSON-LD and SVG: readable by their own parsers, and true to the plan."""

import csv
import io
import itertools
import json
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from hypothesis import given, settings
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, RdfFormat, parse

from kg.exporters.course import plan_jsonld
from kg.exporters.drawing import plan_svg
from kg.exporters.graphml import plan_graphml
from kg.exporters.layers import lay_out
from kg.exporters.table import COLUMNS, plan_csv
from kg.learning.graph import PrerequisiteGraph
from kg.learning.plan import plan_to
from kg.model.learning import Curriculum
from kg.model.plan import Plan
from kg.rdf.turtle import format_turtle, jsonld_to_turtle
from tests.strategies import curricula_with_goals, topic

GRAPH = PrerequisiteGraph.build(
    Curriculum(
        (
            topic("algebra", hours=3.0, area="math"),
            topic("spaces", ("algebra",), hours=1.5),
            topic("mamba", ("algebra", "spaces"), hours=7.0),
        )
    )
)
NASTY = '=A; "B",\r\n<b>&amp;</b> ]]> \x00\x1f'
SVG = "{http://www.w3.org/2000/svg}"


def plan_of(*goals: str, know: tuple[str, ...] = (), start: date | None = None) -> Plan:
    return plan_to(GRAPH, goals, know, start=start, hours_per_week=7.0 if start else None)


def iri(slug: str) -> str:
    return f"https://w3id.org/trivium/id/topic/{slug}"


def test_csv_has_a_row_for_each_step() -> None:
    plan = plan_of("mamba", start=date(2027, 1, 4))
    text = plan_csv(replace(plan, steps=tuple(replace(step, label=NASTY) for step in plan.steps)))
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["position"], row["slug"], row["hours"]) for row in rows] == [
        ("1", "algebra", "3"),
        ("2", "spaces", "1.5"),
        ("3", "mamba", "7"),
    ]
    assert {row["label"] for row in rows} == {NASTY}
    assert rows[2]["requires"] == "algebra spaces"
    assert rows[0]["first_day"] == "2027-01-04"
    assert plan_csv(plan_of("mamba", know=("mamba",))).splitlines() == [",".join(COLUMNS)]


def test_jsonld_is_read_as_a_course_with_its_steps_in_a_list() -> None:
    quads = list(parse(plan_jsonld(plan_of("mamba", start=date(2027, 1, 4))), format=RdfFormat.JSON_LD))
    said = [(quad.subject, quad.predicate.value.rpartition("/")[2], quad.object) for quad in quads]

    def typed(name: str) -> list[object]:
        return [s for s, _, o in said if o == NamedNode(f"https://schema.org/{name}")]

    (course,) = typed("Course")
    assert typed("ItemList") == [course]
    assert [o.value for s, p, o in said if (s, p) == (course, "timeRequired")] == ["PT11H30M"]
    assert len([o for s, p, o in said if (s, p) == (course, "itemListElement")]) == 3
    assert set(typed("LearningResource")) == {NamedNode(iri(name)) for name in ("algebra", "spaces", "mamba")}
    needed = {o for s, p, o in said if (s, p) == (NamedNode(iri("mamba")), "competencyRequired")}
    assert needed == {NamedNode(iri(name)) for name in ("algebra", "spaces")}
    assert len(typed("CourseInstance")) == 1


def test_jsonld_of_nothing_to_learn_says_why() -> None:
    document = json.loads(plan_jsonld(plan_of("mamba", know=("mamba",), start=date(2027, 1, 4))))
    assert document["numberOfItems"] == 0
    assert "is known already" in document["description"]


@pytest.mark.parametrize("label", ["Plain", NASTY, "x" * 300, "Ω" * 40], ids=ascii)
def test_a_drawing_is_sound_whatever_the_labels(label: str) -> None:
    plan = plan_of("mamba")
    plan = replace(plan, steps=tuple(replace(step, label=label) for step in plan.steps))
    root = ET.fromstring(plan_svg(plan))  # noqa: S314
    assert len(root.findall(f"{SVG}g")) == 3
    assert len([p for p in root.findall(f"{SVG}path") if p.get("marker-end")]) == 3
    assert len(root.findall(f".//{SVG}rect[@class='goal']")) == 1
    assert not root.findall(f".//{SVG}script")


def test_a_drawing_of_nothing_says_why() -> None:
    assert "is known already" in plan_svg(plan_of("mamba", know=("mamba",)))


@settings(max_examples=200, deadline=None)
@given(curricula_with_goals())
def test_boxes_stand_below_what_they_require_and_never_overlap(
    case: tuple[Curriculum, frozenset[str], frozenset[str]],
) -> None:
    curriculum, goals, _ = case
    plan = plan_to(PrerequisiteGraph.build(curriculum), goals, ())
    requires = {step.slug: step.requires for step in plan.steps}
    layers = lay_out(requires)
    layer = {name: place[0] for place, name in layers.names.items()}
    assert all(layer[other] < layer[name] for name, needed in requires.items() for other in needed)
    assert all(b[0] == a[0] + 1 for way in layers.ways for a, b in itertools.pairwise(way))
    assert len(layers.ways) == sum(map(len, requires.values()))
    root = ET.fromstring(plan_svg(plan))  # noqa: S314
    boxes = [(float(r.get("x", 0)), float(r.get("y", 0))) for r in root.findall(f"{SVG}g/{SVG}rect")]
    assert len(boxes) == len(set(boxes)) == len(requires)
    assert all(abs(x - a) >= 200 or y != b for x, y in boxes for a, b in boxes if (x, y) != (a, b))
    assert plan_svg(plan) == plan_svg(plan)


def test_turtle_is_the_graph_of_the_json_ld() -> None:
    plan = plan_of("mamba", start=date(2027, 1, 4))
    text = jsonld_to_turtle(plan_jsonld(plan), {"schema": "https://schema.org/"})
    graphs = [Dataset(parse(plan_jsonld(plan), RdfFormat.JSON_LD)), Dataset(parse(text, RdfFormat.TURTLE))]
    for graph in graphs:
        graph.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    assert len(graphs[0]) > 20
    assert graphs[0] == graphs[1]
    assert format_turtle(text, path="plan.ttl") == text


def test_graphml_is_the_plan_to_another_program() -> None:
    plan = plan_of("mamba")
    odd = replace(plan, steps=tuple(replace(step, label=NASTY) for step in plan.steps))
    read: nx.DiGraph[str] = nx.parse_graphml(plan_graphml(odd))
    assert set(read.edges) == {("algebra", "spaces"), ("algebra", "mamba"), ("spaces", "mamba")}
    assert [
        (node, data["position"], data["hours"], data["goal"]) for node, data in read.nodes(data=True)
    ] == [
        ("algebra", 1, 3.0, False),
        ("spaces", 2, 1.5, False),
        ("mamba", 3, 7.0, True),
    ]
    assert read.graph["direction"] == "prerequisite-first"
    assert {data["label"] for _, data in read.nodes(data=True)} == {'=A; "B", <b>&amp;</b> ]]>'}
    assert not nx.parse_graphml(plan_graphml(plan_of("mamba", know=("mamba",)))).nodes
