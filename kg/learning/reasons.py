"""Why a topic stands where it does, in plain words."""

from collections.abc import Sequence

from kg.learning.graph import PrerequisiteGraph
from kg.learning.links import Neighbours
from kg.model.advice import Reason
from kg.model.quick import quick

_reason = quick(Reason)

LABELS_SHOWN = 3
"""Topics that a sentence names before it counts the rest."""


def reasons_for(
    graph: PrerequisiteGraph,
    topic: int,
    *,
    way: Sequence[int],
    reach: int,
    counted_all: bool,
    opened: Sequence[int],
) -> tuple[Reason, ...]:
    """The reasons for a ready topic, in the order in which they rank it; that it is ready comes last.

    ``way`` leads from the topic to the goal, both included, and is empty where it leads to none; ``reach``
    counts the topics that build on it, or is a lower bound; ``opened`` are those that become ready at once.
    """
    found = [_goal_reason(graph, way)] if way else []
    found.extend(path_reasons(graph, topic))
    if reach:
        found.append(_unlock_reason(graph, reach, counted_all, opened, towards_goal=bool(way)))
    found.append(_reason("hours", f"about {hours_text(graph.hours_of[topic])} of study"))
    found.append(_ready_reason(graph, topic))
    return tuple(found)


def shortest_chain(requires: Neighbours, topic: int, goal: int) -> tuple[int, ...]:
    """A shortest way up from ``topic`` to ``goal``, both included; of several the first by slug.

    ``goal`` must require the topic at some distance, or be it.
    """
    before: dict[int, int] = {goal: goal}
    level = [goal]
    for later in level:
        if later == topic:
            break
        for needed in requires[later]:
            if needed not in before:
                before[needed] = later
                level.append(needed)
    chain = [topic]
    while chain[-1] != goal:
        chain.append(before[chain[-1]])
    return tuple(chain)


def _goal_reason(graph: PrerequisiteGraph, way: Sequence[int]) -> Reason:
    label = graph.label_of[way[-1]]
    chain = way[1:]
    if not chain:
        text = f"this is the goal, {label}, and nothing stands before it any more"
    elif len(chain) == 1:
        is_option = way[0] not in graph.requires[chain[0]]
        text = f"the goal, {label}, requires it{' or another of its options' if is_option else ' directly'}"
    else:
        text = f"on the way to the goal, {label}, by {_names(graph, chain[:-1])}"
    return _reason("goal", text, tuple(map(graph.slug_of.__getitem__, chain)))


def path_reasons(graph: PrerequisiteGraph, topic: int) -> list[Reason]:
    """What authored paths say of the topic."""
    return [
        _reason("path", f"step {step.position} of “{step.path_label}”{f': {step.why}' if step.why else ''}")
        for step in graph.steps.get(topic, ())
    ]


def _unlock_reason(
    graph: PrerequisiteGraph, reach: int, counted_all: bool, opened: Sequence[int], *, towards_goal: bool
) -> Reason:
    count = f"{reach:,}" if counted_all else f"at least {reach:,}"
    scope = " on the way to the goal" if towards_goal else ""
    text = f"{count} topic{scope} builds on it" if reach == 1 else f"{count} topics{scope} build on it"
    if opened:
        text += f"; it makes ready at once: {_names(graph, opened)}"
    return _reason("unlocks", text, graph.slugs(opened))


def _ready_reason(graph: PrerequisiteGraph, topic: int) -> Reason:
    needed = graph.requires[topic]
    choices = graph.choices.get(topic, ())
    if not needed:
        text = "" if choices else "it has no prerequisites"
    elif len(needed) == 1:
        text = f"its only prerequisite is known: {_names(graph, needed)}"
    else:
        text = f"all its {len(needed)} prerequisites are known: {_names(graph, needed)}"
    met = [f"of {_names(graph, options)} one is known" for options in choices]
    return _reason("ready", "; ".join(filter(None, (text, *met))), graph.slugs(needed))


def names_of(labels: Sequence[str], count: int) -> str:
    """Labels, the first few of them: ``A, B, C and 2 more``. ``count`` is how many there are in all."""
    shown = ", ".join(labels[:LABELS_SHOWN])
    more = count - LABELS_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _names(graph: PrerequisiteGraph, topics: Sequence[int]) -> str:
    return names_of([graph.label_of[number] for number in topics[:LABELS_SHOWN]], len(topics))


def hours_text(hours: float) -> str:
    """Hours with their word: ``1 hour``, ``2.5 hours``."""
    return f"{hours:g} hour" if hours == 1 else f"{hours:g} hours"
