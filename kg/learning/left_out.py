"""Why a topic is no step of a plan: known, not needed, beyond the budget, or an option that another one spares."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Final

from kg.learning.closure import closure
from kg.learning.outline import Outline
from kg.learning.reasons import hours_text, names_of
from kg.learning.way import soonest_way
from kg.model.plan import LeftOut

LEFT_OUT_TOLD: Final = 100
"""Topics that a plan tells are left out."""


def left_out(found: Outline) -> tuple[tuple[LeftOut, ...], int]:
    """Topics of the way that are no steps, and options that others spare: the fewest hours more first.

    Of many they are goals and those that can be learnt first; the second is how many there are in all.
    """
    if found.is_whole and not found.graph.choices:
        return (), 0
    kept = _steps(found)
    beyond, spared = _nearest(found), list(_spared_options(found, kept))
    told = [_beyond(found, topic, kept) for topic in beyond[:LEFT_OUT_TOLD]]
    told += [_spared(found, option, owner, kept) for option, owner in spared[: LEFT_OUT_TOLD - len(told)]]
    told.sort(key=lambda each: (each.more_hours, each.slug))
    return tuple(told), len(beyond) + len(spared)


def why_not(found: Outline, topic: int) -> LeftOut | None:
    """Why a topic is no step of the plan; None where it is one."""
    graph, kept = found.graph, _steps(found)
    if topic in kept:
        return None
    if topic in found.state.known:
        return _known(found, topic)
    if topic in found.way.topics:
        return _beyond(found, topic, kept)
    spared = sorted(_spared_options(found, kept))
    for option, owner in spared:
        if option == topic:
            return _spared(found, option, owner, kept)
    for option, owner in spared:
        if topic in soonest_way(graph, [option], found.state.known).topics:
            because = _spared(found, option, owner, kept)
            return _told(
                found, topic, "alternative", f"only {because.label} would need it, and {because.text}"
            )
    text = "the goal does not need it" if len(found.goals) == 1 else "none of the goals needs it"
    return _told(found, topic, "unneeded", text)


def _steps(found: Outline) -> AbstractSet[int]:
    return frozenset(found.syllabus.topics[place] for place in found.kept)


def _nearest(found: Outline) -> list[int]:
    """Topics of the way that are no steps: goals, then each after all that it requires."""
    if found.is_whole:
        return []
    syllabus = found.syllabus
    missing = [syllabus.topics[place] for place in syllabus.order() if place not in found.kept]
    goals = frozenset(found.goals)
    return sorted(missing, key=lambda topic: topic not in goals)


def _beyond(found: Outline, topic: int, kept: AbstractSet[int]) -> LeftOut:
    """A topic of the way that the budget does not allow, or that is not worth its price."""
    graph, frame = found.graph, found.frame
    more = graph.hours(closure(found.way.edges(graph), [topic]) - found.state.known - kept)
    takes = f"with what it requires it takes {hours_text(more)} more"
    left = None if frame.budget_hours is None else frame.budget_hours - graph.hours(kept)
    if left is not None and more > left:
        return _told(
            found, topic, "budget", f"{takes}, and the budget has {hours_text(max(left, 0.0))} left", more
        )
    if frame.price is None:
        return _told(found, topic, "budget", f"{takes}, and would bring no further value", more)
    return _told(found, topic, "price", f"{takes}, which is more than it is worth", more)


def _spared_options(found: Outline, kept: AbstractSet[int]) -> Iterator[tuple[int, int]]:
    """Option and topic, for options of steps that are none themselves; each option once."""
    graph, seen = found.graph, set[int]()
    for owner in sorted(graph.choices.keys() & kept):
        for options in graph.choices[owner]:
            for option in options:
                if option not in found.way.topics | found.state.known | seen:
                    seen.add(option)
                    yield option, owner


def _spared(found: Outline, option: int, owner: int, kept: AbstractSet[int]) -> LeftOut:
    graph, known = found.graph, found.state.known
    enough = [
        each
        for options in graph.choices[owner]
        if option in options
        for each in options
        if each in kept or each in known
    ]
    more = graph.hours(soonest_way(graph, [option], known).topics - kept)
    names = names_of([graph.label_of[each] for each in enough], len(enough))
    is_known = "is known" if enough and enough[0] in known else "is enough"
    text = f"{names} {is_known} for {graph.label_of[owner]}; it would take {hours_text(more)} more"
    return _told(found, option, "alternative", text, more)


def _known(found: Outline, topic: int) -> LeftOut:
    graph, state = found.graph, found.state
    if topic in state.given:
        return _told(found, topic, "known", "it is known already")
    above = [each for each in sorted(state.given) if topic in closure(graph.requires, [each])]
    names = names_of([graph.label_of[each] for each in above], len(above))
    return _told(found, topic, "known", f"it counts as known already, for {names} requires it")


def _told(found: Outline, topic: int, kind: str, text: str, more_hours: float = 0.0) -> LeftOut:
    each = found.graph.topics[topic]
    return LeftOut(each.iri, each.slug, each.label, each.hours, kind, text, more_hours)
