"""The topics before and after a topic, with how far away they are."""

from kg.learning.closure import closure, distances
from kg.learning.graph import PrerequisiteGraph
from kg.learning.links import Neighbours
from kg.model.advice import RelatedTopic, TopicRelations


def prerequisites(graph: PrerequisiteGraph, slug: str, *, transitive: bool = False) -> TopicRelations:
    """What must be learnt before a topic: directly, or at any distance; nearest first, then by slug.

    Raises:
        NotFound: There is no such topic.
    """
    return _related(graph, graph.requires, slug, relation="prerequisites", transitive=transitive)


def unlocks(graph: PrerequisiteGraph, slug: str, *, transitive: bool = False) -> TopicRelations:
    """What builds on a topic: directly, or at any distance; nearest first, then by slug.

    Raises:
        NotFound: There is no such topic.
    """
    return _related(graph, graph.unlocks, slug, relation="unlocks", transitive=transitive)


def _related(
    graph: PrerequisiteGraph, neighbours: Neighbours, slug: str, *, relation: str, transitive: bool
) -> TopicRelations:
    topic = graph.find(slug)
    in_all = closure(neighbours, [topic]) - {topic}
    depth_of = distances(neighbours, topic) if transitive else dict.fromkeys(neighbours[topic], 1)
    found = []
    for number, depth in depth_of.items():
        named = graph.iri(number), graph.slug_of[number], graph.label_of[number]
        found.append(RelatedTopic(*named, graph.hours_of[number], depth))
    return TopicRelations(
        slug, relation, transitive, graph.hours(depth_of), tuple(found), len(in_all), graph.hours(in_all)
    )
