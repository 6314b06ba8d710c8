"""The same prerequisite graph in both forms that its edges can have, and random ones of any size."""

import random
from array import array

import networkx as nx
import pytest

from kg.learning import links, sweep
from kg.learning.graph import PrerequisiteGraph
from kg.model.learning import Curriculum, Topic, TopicColumns
from tests.strategies import topic

FORMS = ("tuples", "arrays")
"""Edges in tuples, as few topics have them; and in arrays, walked level by level, as many have them."""


def build_as(form: str, curriculum: Curriculum) -> PrerequisiteGraph:
    """The graph of a curriculum, however few its topics, in a form."""
    with pytest.MonkeyPatch.context() as patch:
        if form == "arrays":
            patch.setattr(links, "FEW_TOPICS", -1)
            patch.setattr(sweep, "WIDE", 2)
        return PrerequisiteGraph.build(curriculum)


def columns_of(topics: tuple[Topic, ...]) -> TopicColumns:
    """The same topics by columns; they have one base IRI."""
    rows = sorted(topics, key=lambda each: each.slug)
    place = {each.slug: number for number, each in enumerate(rows)}
    starts, needed = array("i", [0]), array("i")
    for each in rows:
        needed.extend(sorted({place[slug] for slug in each.requires}))
        starts.append(len(needed))
    return TopicColumns(
        slugs=[each.slug for each in rows],
        hours=[each.hours for each in rows],
        starts=starts,
        needed=needed,
        labels=[each.label for each in rows],
        areas=[each.area for each in rows],
        base=rows[0].iri.removesuffix(rows[0].slug) if rows else "",
    )


def random_topics(count: int, *, seed: int, most: int = 5) -> tuple[Topic, ...]:
    """Topics that require up to ``most`` earlier ones, near ones more often; slugs in another order than they."""
    chance = random.Random(seed)  # noqa: S311 - the same topics for a seed, no secret
    slugs = [f"t{number:04}" for number in chance.sample(range(10_000), count)]
    topics = []
    for place, slug in enumerate(slugs):
        near = slugs[max(0, place - 40) : place]
        needed = chance.sample(near, min(len(near), chance.randint(0, most)))
        topics.append(topic(slug, tuple(needed), hours=chance.choice([0.5, 1.0, 2.0, 7.0])))
    return tuple(topics)


def oracle(topics: tuple[Topic, ...]) -> "nx.DiGraph[str]":
    """An edge goes from a prerequisite to the topic that requires it."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(each.slug for each in topics)
    graph.add_edges_from((needed, each.slug) for each in topics for needed in each.requires)
    return graph
