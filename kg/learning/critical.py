"""The critical path: the chain of prerequisites that holds the most hours, and the slack of all else.

Kelley & Walker, Critical-path planning and scheduling (1959), doi:10.1145/1460299.1460318.
"""

from collections.abc import Iterable
from math import fsum

from kg.learning.graph import PrerequisiteGraph
from kg.learning.links import Neighbours
from kg.learning.outline import read_goals
from kg.learning.reasons import names_of
from kg.learning.schedule import DIGITS
from kg.learning.state import read_state
from kg.learning.syllabus import Syllabus
from kg.learning.way import soonest_way
from kg.model.plan import CriticalPath, TimedTopic


def critical_path(
    graph: PrerequisiteGraph, goals: Iterable[str] = (), know: Iterable[str] = ()
) -> CriticalPath:
    """The longest chain to goals, or of all topics where no goal is given; known topics take no time.

    Its hours are the least a group needs whose members learn different topics at the same time. Of each choice
    of prerequisites it takes the option that can be learnt soonest.

    Raises:
        NotFound: a goal or a known topic that is no topic; near ones are given.
        TooLarge: there are more goals than a plan takes.
    """
    named = tuple(goals)
    wanted = read_goals(graph, named) if named else tuple(range(len(graph.topics)))
    known = read_state(graph, know).known
    syllabus = Syllabus.of(graph, soonest_way(graph, wanted, known))
    timed, chain = _time(graph, syllabus)
    return CriticalPath(
        goals=graph.slugs(wanted) if named else (),
        hours=fsum(syllabus.hours[place] for place in chain),
        total_hours=fsum(syllabus.hours),
        chain=tuple(timed[place] for place in chain),
        topics=tuple(sorted(timed, key=lambda topic: (topic.slack, topic.earliest, topic.slug))),
        note="" if chain else _note(graph, wanted if named else ()),
    )


def _time(graph: PrerequisiteGraph, syllabus: Syllabus) -> tuple[list[TimedTopic], list[int]]:
    """When each topic can and must start, and the longest chain."""
    order = syllabus.order()
    earliest = [0.0] * len(order)
    finish = [0.0] * len(order)
    for place in order:
        earliest[place] = max((finish[needed] for needed in syllabus.requires[place]), default=0.0)
        finish[place] = earliest[place] + syllabus.hours[place]
    tail = [0.0] * len(order)
    """Hours of the longest chain that begins with a topic."""
    for place in reversed(order):
        after = max((tail[later] for later in syllabus.unlocks[place]), default=0.0)
        tail[place] = after + syllabus.hours[place]
    total = max(finish, default=0.0)
    timed = [
        _timed(graph, syllabus.topics[place], earliest[place], total - tail[place])
        for place in range(len(order))
    ]
    return timed, _longest_chain(syllabus.requires, finish)


def _longest_chain(requires: Neighbours, finish: list[float]) -> list[int]:
    """Walks back from what is finished last, always to the prerequisite that is finished last."""
    if not finish:
        return []
    chain = [finish.index(max(finish))]
    while needed := requires[chain[-1]]:
        chain.append(max(needed, key=lambda place: finish[place]))
    return chain[::-1]


def _timed(graph: PrerequisiteGraph, number: int, earliest: float, latest: float) -> TimedTopic:
    topic = graph.topics[number]
    # What differs by the last bits of a sum is no slack; max() also takes away the sign of -0.0.
    slack = max(round(latest - earliest, DIGITS), 0.0)
    earliest = round(earliest, DIGITS)
    return TimedTopic(
        topic.iri, topic.slug, topic.label, topic.hours, earliest, round(earliest + slack, DIGITS), slack
    )


def _note(graph: PrerequisiteGraph, goals: tuple[int, ...]) -> str:
    if not goals:
        return "There is nothing left to learn."
    names = names_of([graph.topics[goal].label for goal in goals], len(goals))
    return f"Known already: {names}; there is nothing left to learn."
