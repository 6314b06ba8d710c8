"""What to look at again: the topics that were learnt last, before the next ones build on them."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from heapq import nsmallest

from kg.learning.graph import PrerequisiteGraph
from kg.learning.reasons import LABELS_SHOWN, names_of
from kg.model.advice import ReviewTopic


def review_topics(
    graph: PrerequisiteGraph, last: AbstractSet[int], following: Sequence[int], *, limit: int
) -> tuple[ReviewTopic, ...]:
    """Of the topics learnt last those first that the ``following`` ones require, the best of these first.

    The others come as most topics require them directly, then by hours and slug.
    """
    needed_by: dict[int, list[int]] = {}
    for later in following:
        for needed in graph.requires[later]:
            needed_by.setdefault(needed, []).append(later)
    rank_of = {later: rank for rank, later in enumerate(following)}
    soon = sorted(
        (topic for topic in needed_by if topic in last),
        key=lambda topic: (rank_of[needed_by[topic][0]], topic),
    )
    if len(soon) < limit:
        others = (topic for topic in last if topic not in needed_by)
        soon += nsmallest(limit - len(soon), others, key=graph.standing.__getitem__)
    return tuple([_review_topic(graph, topic, needed_by.get(topic, ())) for topic in soon[:limit]])


def _review_topic(graph: PrerequisiteGraph, topic: int, needed_by: Sequence[int]) -> ReviewTopic:
    text = "nothing known builds on it yet"
    if needed_by:
        names = names_of([graph.label_of[later] for later in needed_by[:LABELS_SHOWN]], len(needed_by))
        text += f"; {names} {'requires' if len(needed_by) == 1 else 'require'} it"
    slugs = tuple([graph.slug_of[later] for later in needed_by])
    named = graph.iri(topic), graph.slug_of[topic], graph.label_of[topic]
    return ReviewTopic(*named, graph.hours_of[topic], slugs, text)
