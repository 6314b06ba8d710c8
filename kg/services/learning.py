"""What to learn next, and what stands before and after a topic."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kg.model.iri import Name
from kg.services.engines import Engines
from kg.services.references import find_resource

if TYPE_CHECKING:
    from kg.model.advice import NextAdvice, TopicRelations
    from kg.model.diagnosis import Diagnosis


def next_topics(
    engines: Engines, know: Iterable[str], *, goal: str = "", limit: int = 5, assume: str = "closed"
) -> "NextAdvice":
    """The topics that are ready to learn, ranked, each with its reasons; topics by slug, CURIE or IRI.

    Raises:
        NotFound: a topic that the dataset lacks; near ones are given.
        BadParameter: ``limit`` or ``assume`` is off.
        CyclicPrerequisites, InvalidData: the dataset's prerequisites are off.
    """
    from kg.learning.rank import next_topics as rank_topics

    # A text is one list of slugs, not a sequence of letters.
    known = [part for part in know.split(",") if part.strip()] if isinstance(know, str) else know
    return rank_topics(
        engines.prerequisite_graph,
        [topic_slug(engines, topic) for topic in known],
        goal=topic_slug(engines, goal) if goal else "",
        limit=limit,
        assume=assume,
    )


def diagnose(engines: Engines) -> "Diagnosis":
    """What is off in the prerequisites of the dataset, also where no plan can be made.

    Raises:
        InvalidData: a topic is malformed.
    """
    from kg.catalog.learning import read_curriculum
    from kg.learning.diagnosis import diagnose as diagnose_curriculum

    return diagnose_curriculum(read_curriculum(engines.store))


def prerequisites(engines: Engines, topic: str, *, transitive: bool = False) -> "TopicRelations":
    """What must be learnt before a topic, nearest first.

    Raises:
        NotFound: there is no such topic; near ones are given.
    """
    from kg.learning import related

    return related.prerequisites(
        engines.prerequisite_graph, topic_slug(engines, topic), transitive=transitive
    )


def draw_prerequisites(engines: Engines, topic: str, form: str) -> str:
    """All that a topic requires and the topic itself, as ``svg`` or ``mermaid``; numbered in an order of study.

    Raises:
        NotFound: there is no such topic; near ones are given.
    """
    from kg.learning.plan import plan_to
    from kg.services.plans import write_plan

    return write_plan(plan_to(engines.prerequisite_graph, [topic_slug(engines, topic)]), form)


def unlocks(engines: Engines, topic: str, *, transitive: bool = False) -> "TopicRelations":
    """What builds on a topic, nearest first.

    Raises:
        NotFound: there is no such topic; near ones are given.
    """
    from kg.learning import related

    return related.unlocks(engines.prerequisite_graph, topic_slug(engines, topic), transitive=transitive)


def topic_slug(engines: Engines, reference: str) -> str:
    """The slug of a topic, however it is named.

    Raises:
        NotFound: there is no such topic; near ones are given, and other kinds that have the slug.
    """
    name = Name.parse(find_resource(engines, reference.strip(), kind="topic"), engines.base)
    return name.slug if name else reference
