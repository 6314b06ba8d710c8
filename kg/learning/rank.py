"""What to learn next: the ready topics in order, each with its reasons in plain words."""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from heapq import nsmallest
from typing import Final

from kg.errors import BadParameter
from kg.learning.fringe import inner_fringe, made_ready, outer_fringe
from kg.learning.graph import PrerequisiteGraph
from kg.learning.learner import Learner
from kg.learning.reach import REACH_COUNTED, GoalPart, Reach
from kg.learning.reasons import reasons_for
from kg.learning.review import review_topics
from kg.learning.state import KnowledgeState, read_state
from kg.learning.way import QUICK, way_to
from kg.model.advice import NextAdvice, ReadyTopic
from kg.model.deferred import deferred

COMPARED: Final = 50
"""Where more topics are ready, those compared by all that builds on them are the ones that most require directly."""


Best = Callable[[int], Sequence[int]]
"""The first so many of the ready topics, by what needs no count."""
Standing = tuple[bool, bool, int, int, float, int]
"""What the place of a ready topic rests on, so that the best sorts first: whether it is off the way to the goal;
whether it is in no authored path, and its lowest position in one; how many topics build on it, negative; hours;
topic."""


def next_topics(
    graph: PrerequisiteGraph,
    know: Iterable[str],
    *,
    goal: str = "",
    limit: int = 5,
    assume: str = "closed",
) -> NextAdvice:
    """The topics that a learner can take up now, best first, and those to review.

    Ranked by: on the way to the goal; position in an authored path; how many topics build on it; fewer hours;
    slug. Where more than 50 are ready, what builds on them is counted for those that most topics require
    directly. A goal that is known already leaves the ranking without a goal, and the note says so.

    Raises:
        BadParameter: ``limit`` is below 1, or ``assume`` is neither closed nor exact.
        NotFound: ``know`` or ``goal`` names something that is no topic.
    """
    _check_limit(limit)
    state = read_state(graph, know, assume=assume)
    ready = frozenset(outer_fringe(graph, state.known))
    last = frozenset(inner_fringe(graph, state.known))

    def best(count: int) -> Sequence[int]:
        return nsmallest(count, ready, key=graph.standing.__getitem__)

    part = _part(graph, graph.reach, state, graph.find(goal)) if goal else None
    opens = partial(made_ready, graph, state.known)
    return _advise(graph, _Place(state, ready, best, opens, last, part), goal, limit)


def next_for(learner: Learner, *, goal: str = "", limit: int = 5) -> NextAdvice:
    """The same for a learner that is kept: nothing is looked for, the ready topics are only ranked.

    Raises:
        BadParameter: ``limit`` is below 1.
        NotFound: ``goal`` is no topic.
    """
    _check_limit(limit)
    graph, state = learner.graph, learner.state()
    part = _part(graph, learner, state, graph.find(goal)) if goal else None
    return _advise(
        graph, _Place(state, learner.ready, learner.best, learner.opens, learner.last, part), goal, limit
    )


def _check_limit(limit: int) -> None:
    if limit < 1:
        raise BadParameter("limit", str(limit), "a whole number from 1 up")


def _part(
    graph: PrerequisiteGraph, parts: Reach | Learner, state: KnowledgeState, goal: int
) -> GoalPart | None:
    """All that leads to a goal, unless it is known already.

    Of choices by the options of the shortest way; of many topics by those that are shortest by themselves.
    """
    if goal in state.known:
        return None
    way = way_to(graph, [goal], state.known, QUICK) if graph.choices else None
    if way is None or not way.picks:
        return parts.towards(goal)
    return Reach(way.edges(graph), way.later(graph), graph.reach.place_of).towards(goal)


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """Where a learner stands."""

    state: KnowledgeState
    ready: AbstractSet[int]
    best: Best
    opens: Callable[[int], tuple[int, ...]]
    """What becomes ready at once when a ready topic is learnt."""
    last: AbstractSet[int]
    part: GoalPart | None
    """The way to the goal, where there is one that is not known."""

    def ranked(self, graph: PrerequisiteGraph, limit: int) -> list[Standing]:
        """The best of the ready topics; beyond those on the way to the goal only where they are too few."""
        most, part = max(limit, COMPARED), self.part
        near = [topic for topic in part.topics if topic in self.ready] if part else []
        if part and not part.counts:
            near = nsmallest(most, near, key=graph.standing.__getitem__)
        found = [_standing(graph, topic, part) for topic in near]
        if len(found) < limit:
            first = self.best(most + len(near))
            aside = [topic for topic in first if topic not in part.topics] if part else first
            found += [_standing(graph, topic, None) for topic in aside[:most]]
        return sorted(found)[:limit]


def _standing(graph: PrerequisiteGraph, topic: int, part: GoalPart | None) -> Standing:
    steps = graph.steps.get(topic)
    reach = part.reach(topic) if part else graph.reach.of(topic)
    return (
        part is None,
        steps is None,
        steps[0].position if steps else 0,
        -reach,
        graph.hours_of[topic],
        topic,
    )


def _advise(graph: PrerequisiteGraph, place: _Place, goal: str, limit: int) -> NextAdvice:
    state, part = place.state, place.part
    standings = place.ranked(graph, limit)
    ahead = [topic for topic in part.topics if topic not in state.known] if part else []
    topics = [
        _ready_topic(graph, place, standing, rank=rank) for rank, standing in enumerate(standings, start=1)
    ]
    return deferred(
        NextAdvice,
        {
            "goal": goal,
            "remaining_hours": graph.hours(ahead) if goal else None,
            "total": len(place.ready),
            "topics": tuple(topics),
            "note": _note(graph, state, goal),
            "review": review_topics(graph, place.last, [standing[-1] for standing in standings], limit=limit),
            "review_total": len(place.last),
        },
        lambda: {
            "known": graph.slugs(state.given),
            "implied": graph.slugs(state.implied),
            "known_hours": graph.hours(state.known),
        },
    )


def _ready_topic(graph: PrerequisiteGraph, place: _Place, standing: Standing, *, rank: int) -> ReadyTopic:
    number, reach = standing[-1], -standing[3]
    opened = place.opens(number)
    reasons = reasons_for(
        graph,
        number,
        way=place.part.chain(number) if place.part and number in place.part.topics else (),
        reach=reach,
        counted_all=reach < REACH_COUNTED,
        opened=opened,
    )
    named = graph.iri(number), graph.slug_of[number], graph.label_of[number]
    return ReadyTopic(*named, graph.hours_of[number], rank, reasons, graph.slugs(opened))


def _note(graph: PrerequisiteGraph, state: KnowledgeState, goal: str) -> str:
    if not graph.topics:
        return "The dataset holds no topics."
    if len(state.known) == len(graph.topics):
        return f"All {len(graph.topics)} topics are known; there is nothing left to learn here."
    target = graph.find(goal) if goal else None
    if target in state.known:
        return f"The goal, {graph.topics[target].label}, is known already; the topics below are ranked without it."
    return ""
