"""The prerequisite graph of a dataset as a document for elsewhere."""

from typing import Final

from kg.errors import BadParameter
from kg.services.engines import Engines

GRAPH_FORMS: Final = ("csv", "graphml", "turtle")


def write_graph(engines: Engines, form: str) -> str:
    """All topics with hours, areas and prerequisites: ``csv`` (an edge list), ``graphml`` or ``turtle``.

    Each of them comes back by :func:`kg.services.imports.import_graph` as the same graph; the
    alternatives that Turtle has are told there, and not taken over.

    Raises:
        BadParameter: there is no such format, or it cannot say that a topic has alternatives.
        InvalidData: a topic is malformed.
    """
    from kg.catalog.learning import curriculum_triples, read_curriculum
    from kg.exporters import edge_list, graphml
    from kg.rdf.formats import TURTLE
    from kg.rdf.turtle import format_turtle
    from kg.store.results import Triples

    if form in ("turtle", "ttl"):
        triples = Triples(curriculum_triples(engines.store), prefixes=engines.prefixes.namespaces)
        return format_turtle(triples.serialize(TURTLE), path="topics.ttl")
    if form not in GRAPH_FORMS:
        raise BadParameter("format", form[:40], f"one of {', '.join(GRAPH_FORMS)}")
    curriculum = read_curriculum(engines.store)
    choosing = next((topic.slug for topic in curriculum.topics if topic.requires_one_of), "")
    if choosing:
        raise BadParameter(
            "format", form, f"turtle here: {choosing} has alternatives, which a plain edge cannot say"
        )
    return edge_list.curriculum_csv(curriculum) if form == "csv" else graphml.curriculum_graphml(curriculum)
