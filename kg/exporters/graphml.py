"""Plans and prerequisite graphs as GraphML (http://graphml.graphdrawing.org/specification.html).

An edge leads from what is learnt first to what requires it, and a datum of the graph says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from kg.exporters.markup import xml_text
from kg.model.learning import Curriculum
from kg.model.plan import Plan

DIRECTION: Final = "prerequisite-first"
_KEYS: Final = {
    "label": "string",
    "hours": "double",
    "area": "string",
    "definition": "string",
    "position": "int",
    "goal": "boolean",
    "iri": "string",
}
"""Data of a node, by the name and type of its key."""
_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    '  <key id="direction" for="graph" attr.name="direction" attr.type="string"/>',
    *(
        f'  <key id="{name}" for="node" attr.name="{name}" attr.type="{kind}"/>'
        for name, kind in _KEYS.items()
    ),
    '  <graph id="prerequisites" edgedefault="directed">',
    f'    <data key="direction">{DIRECTION}</data>',
)


def curriculum_graphml(curriculum: Curriculum) -> str:
    """All topics and what they require; ends with a line break."""
    nodes = (
        (
            topic.slug,
            {
                "label": topic.label,
                "hours": f"{topic.hours:g}",
                "area": topic.area,
                "definition": topic.scope,
                "iri": topic.iri,
            },
        )
        for topic in curriculum.topics
    )
    return _document(nodes, {topic.slug: topic.requires for topic in curriculum.topics})


def plan_graphml(plan: Plan) -> str:
    """The steps, numbered, and what they require of each other; ends with a line break."""
    goals = {goal.slug for goal in plan.goals}
    nodes = (
        (
            step.slug,
            {
                "label": step.label,
                "hours": f"{step.hours:g}",
                "area": step.area,
                "position": str(step.position),
                "goal": "true" if step.slug in goals else "false",
                "iri": step.iri,
            },
        )
        for step in plan.steps
    )
    return _document(nodes, {step.slug: step.requires for step in plan.steps})


def _document(nodes: Iterable[tuple[str, Mapping[str, str]]], requires: Mapping[str, Sequence[str]]) -> str:
    lines = [*_HEAD, *(line for slug, data in nodes for line in _node(slug, data))]
    lines += (
        f'    <edge source="{xml_text(needed)}" target="{xml_text(slug)}"/>'
        for slug, others in requires.items()
        for needed in others
    )
    return "\n".join([*lines, "  </graph>", "</graphml>"]) + "\n"


def _node(slug: str, data: Mapping[str, str]) -> Iterator[str]:
    yield f'    <node id="{xml_text(slug)}">'
    for name, value in data.items():
        if value:
            yield f'      <data key="{name}">{xml_text(value)}</data>'
    yield "    </node>"
