"""What to learn next: the ready topics in order, each with its reasons in plain words."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from kg.errors import BadParameter
from kg.learning.closure import closure
from kg.learning.fringe import made_ready, outer_fringe
from kg.learning.graph import PrerequisiteGraph
from kg.learning.links import Neighbours
from kg.learning.reasons import reasons_for
from kg.learning.state import KnowledgeState, read_state
from kg.model.advice import NextAdvice, ReadyTopic

REACH_COUNTED: Final = 1_000
"""Topics that build on one are counted up to here: it bounds the cost of ranking one topic."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the place of a ready topic rests on."""

    topic: int
    on_the_way: bool
    position: int | None
    """Lowest position in an authored path."""
    reach: int
    """Topics not yet known that build on it; where it is on the way to the goal, only those on the way."""
    hours: float

    @property
    def key(self) -> tuple[bool, bool, int, int, float, int]:
        """Sorts the best first: goal, authored path, unlock value, hours, slug."""
        return (
            not self.on_the_way,
            self.position is None,
            self.position or 0,
            -self.reach,
            self.hours,
            self.topic,
        )


def next_topics(
    graph: PrerequisiteGraph,
    know: Iterable[str],
    *,
    goal: str = "",
    limit: int = 5,
    assume: str = "closed",
) -> NextAdvice:
    """The topics that a learner can take up now, best first.

    Ranked by: on the way to the goal; position in an authored path; how many topics build on it; fewer hours;
    slug. A goal that is known already leaves the ranking without a goal, and the note says so.

    Raises:
        BadParameter: ``limit`` is below 1, or ``assume`` is neither closed nor exact.
        NotFound: ``know`` or ``goal`` names something that is no topic.
    """
    if limit < 1:
        raise BadParameter("limit", str(limit), "a whole number from 1 up")
    state = read_state(graph, know, assume=assume)
    target = graph.find(goal) if goal else None
    ahead = _ahead(graph, state, target)
    ready = outer_fringe(graph, state.known)
    standings = _ranked(graph, state.known, ahead, ready)
    return NextAdvice(
        known=graph.slugs(state.given),
        implied=graph.slugs(state.implied),
        known_hours=graph.hours(state.known),
        goal=goal,
        remaining_hours=None if target is None else graph.hours(ahead),
        total=len(ready),
        topics=tuple(
            _ready_topic(graph, state, standing, rank=rank, goal=target)
            for rank, standing in enumerate(standings[:limit], start=1)
        ),
        note=_note(graph, state, target),
    )


def _ahead(graph: PrerequisiteGraph, state: KnowledgeState, goal: int | None) -> frozenset[int]:
    """Topics still to learn for the goal, itself included; none without a goal, or where it is known."""
    if goal is None or goal in state.known:
        return frozenset()
    return closure(graph.requires, [goal]) - state.known


def _ranked(
    graph: PrerequisiteGraph, known: AbstractSet[int], ahead: AbstractSet[int], ready: Iterable[int]
) -> list[Standing]:
    towards_goal = _towards(graph, ahead)
    standings = (_standing(graph, known, towards_goal, topic) for topic in ready)
    return sorted(standings, key=lambda standing: standing.key)


def _standing(
    graph: PrerequisiteGraph,
    known: AbstractSet[int],
    towards_goal: Mapping[int, Sequence[int]],
    topic: int,
) -> Standing:
    steps = graph.steps.get(topic, ())
    on_the_way = topic in towards_goal
    return Standing(
        topic=topic,
        on_the_way=on_the_way,
        position=steps[0].position if steps else None,
        reach=count_reach(towards_goal if on_the_way else graph.unlocks, known, topic),
        hours=graph.topics[topic].hours,
    )


def _towards(graph: PrerequisiteGraph, ahead: AbstractSet[int]) -> Mapping[int, Sequence[int]]:
    """For each topic ahead those ahead that require it: the part of the graph that leads to the goal.

    Made from what is required, so its cost does not grow with all that the rest of the graph builds on it.
    """
    later_of: dict[int, list[int]] = {topic: [] for topic in ahead}
    for topic in ahead:
        for needed in graph.requires[topic]:
            if needed in later_of:
                later_of[needed].append(topic)
    return later_of


def count_reach(
    unlocks: Neighbours | Mapping[int, Sequence[int]], known: AbstractSet[int], topic: int
) -> int:
    """How many topics not yet known build on this one, at most ``REACH_COUNTED``; itself not counted."""
    reached = {topic}
    level = [topic]
    for near in level:
        later = [each for each in unlocks[near] if each not in reached and each not in known]
        reached.update(later)
        level.extend(later)
        if len(reached) > REACH_COUNTED:
            return REACH_COUNTED
    return len(reached) - 1


def _ready_topic(
    graph: PrerequisiteGraph, state: KnowledgeState, standing: Standing, *, rank: int, goal: int | None
) -> ReadyTopic:
    topic = graph.topics[standing.topic]
    opened = made_ready(graph, state.known, standing.topic)
    return ReadyTopic(
        iri=topic.iri,
        slug=topic.slug,
        label=topic.label,
        hours=topic.hours,
        rank=rank,
        reasons=reasons_for(
            graph,
            standing.topic,
            goal=goal if standing.on_the_way else None,
            reach=standing.reach,
            counted_all=standing.reach < REACH_COUNTED,
            opened=opened,
        ),
        unlocks=graph.slugs(opened),
    )


def _note(graph: PrerequisiteGraph, state: KnowledgeState, goal: int | None) -> str:
    if not graph.topics:
        return "The dataset holds no topics."
    if len(state.known) == len(graph.topics):
        return f"All {len(graph.topics)} topics are known; there is nothing left to learn here."
    if goal is not None and goal in state.known:
        return (
            f"The goal, {graph.topics[goal].label}, is known already; the topics below are ranked without it."
        )
    return ""
