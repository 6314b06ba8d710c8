"""Why a step is there, by the shortest chain of prerequisites from it to each goal; or why it is not."""

from collections.abc import Iterable

from kg.learning.closure import closure
from kg.learning.graph import PrerequisiteGraph
from kg.learning.left_out import why_not
from kg.learning.outline import OPEN, Frame, Outline, outline
from kg.learning.reasons import names_of, shortest_chain
from kg.learning.way import HERE, Solver
from kg.model.plan import ChainLink, Explanation, GoalChain, LeftOut


def explain(
    graph: PrerequisiteGraph,
    step: str,
    goals: Iterable[str],
    know: Iterable[str] = (),
    frame: Frame = OPEN,
    solver: Solver = HERE,
) -> Explanation:
    """Why goals need a topic, or that they do not; within a frame, why the plan has no room for it.

    A goal that is known already needs nothing any more. Of several shortest chains it is the first by slug.

    Raises:
        BadParameter: there is no goal, or a budget, value or price that is none.
        NotFound: the step, a goal or a known topic is no topic; near ones are given.
        TooLarge: there are more goals than a plan takes.
    """
    topic = graph.find(step)
    found = outline(graph, goals, know, frame, solver)
    missing = why_not(found, topic)
    chains = sorted(
        (_chain(found, topic, goal) for goal in found.goals),
        key=lambda each: (not each.chain, len(each.chain), each.goal),
    )
    if topic in found.state.known:
        chains = [GoalChain(each.goal, (), f"{_label(graph, topic)} is known already") for each in chains]
    needed = [each for each in chains if each.chain]
    return Explanation(
        step=_link(graph, topic),
        known=topic in found.state.known,
        needed=missing is None,
        goals=tuple(chains),
        text=_text(graph, topic, needed, missing),
        left_out=missing,
    )


def _chain(found: Outline, topic: int, goal: int) -> GoalChain:
    graph, edges = found.graph, found.way.edges(found.graph)
    target = graph.topics[goal]
    if goal in found.state.known:
        return GoalChain(target.slug, (), f"the goal, {target.label}, is known already")
    if topic not in closure(edges, [goal]):
        return GoalChain(target.slug, (), f"the goal, {target.label}, does not require it")
    chain = shortest_chain(edges, topic, goal)
    if len(chain) == 1:
        text = f"{_label(graph, topic)} is the goal itself"
    else:
        text = "; ".join(_link_text(graph, later, chain[place]) for place, later in enumerate(chain[1:]))
    return GoalChain(target.slug, tuple(_link(graph, number) for number in chain), text)


def _link_text(graph: PrerequisiteGraph, later: int, needed: int) -> str:
    text = f"{_label(graph, later)} requires {_label(graph, needed)}"
    if needed in graph.requires[later]:
        return text
    return f"{text}, or another of its options"


def _text(graph: PrerequisiteGraph, topic: int, needed: list[GoalChain], missing: LeftOut | None) -> str:
    label = _label(graph, topic)
    if missing is None:
        names = names_of([_label(graph, graph.find(found.goal)) for found in needed], len(needed))
        return f"{label} is a step of the plan, because of {names}."
    return f"{label} is no step of the plan: {missing.text}."


def _label(graph: PrerequisiteGraph, topic: int) -> str:
    return graph.topics[topic].label


def _link(graph: PrerequisiteGraph, number: int) -> ChainLink:
    topic = graph.topics[number]
    return ChainLink(topic.iri, topic.slug, topic.label, topic.hours)
