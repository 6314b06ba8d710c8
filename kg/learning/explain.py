"""Why a step is there: for each goal the shortest chain of prerequisites that leads from the step to it."""

from collections.abc import Iterable

from kg.learning.closure import closure
from kg.learning.graph import PrerequisiteGraph
from kg.learning.plan import read_goals
from kg.learning.reasons import names_of, shortest_chain
from kg.learning.state import read_state
from kg.model.plan import ChainLink, Explanation, GoalChain


def explain(
    graph: PrerequisiteGraph, step: str, goals: Iterable[str], know: Iterable[str] = ()
) -> Explanation:
    """Why goals need a topic, or that they do not.

    A goal that is known already needs nothing any more. Of several shortest chains it is the first by slug.

    Raises:
        BadParameter: there is no goal.
        NotFound: the step, a goal or a known topic is no topic; near ones are given.
        TooLarge: there are more goals than a plan takes.
    """
    topic = graph.find(step)
    wanted = read_goals(graph, goals)
    known = read_state(graph, know).known
    chains = sorted(
        (_chain(graph, topic, goal, is_known=goal in known) for goal in wanted),
        key=lambda found: (not found.chain, len(found.chain), found.goal),
    )
    if topic in known:
        chains = [GoalChain(found.goal, (), f"{_label(graph, topic)} is known already") for found in chains]
    needed = [found for found in chains if found.chain]
    return Explanation(
        step=_link(graph, topic),
        known=topic in known,
        needed=bool(needed),
        goals=tuple(chains),
        text=_text(graph, topic, needed, len(chains), is_known=topic in known),
    )


def _chain(graph: PrerequisiteGraph, topic: int, goal: int, *, is_known: bool) -> GoalChain:
    target = graph.topics[goal]
    if is_known:
        return GoalChain(target.slug, (), f"the goal, {target.label}, is known already")
    if topic not in closure(graph.requires, [goal]):
        return GoalChain(target.slug, (), f"the goal, {target.label}, does not require it")
    chain = shortest_chain(graph, topic, goal)
    labels = [_label(graph, number) for number in chain]
    if len(chain) == 1:
        text = f"{labels[0]} is the goal itself"
    else:
        text = "; ".join(f"{later} requires {labels[place]}" for place, later in enumerate(labels[1:]))
    return GoalChain(target.slug, tuple(_link(graph, number) for number in chain), text)


def _text(
    graph: PrerequisiteGraph, topic: int, needed: list[GoalChain], goals: int, *, is_known: bool
) -> str:
    label = _label(graph, topic)
    if is_known:
        return f"{label} is known already, so it is no step of the plan."
    if not needed:
        return f"{label} is no step of the plan: {'the goal does' if goals == 1 else 'the goals do'} not need it."
    names = names_of([_label(graph, graph.find(found.goal)) for found in needed], len(needed))
    return f"{label} is a step of the plan, because of {names}."


def _label(graph: PrerequisiteGraph, topic: int) -> str:
    return graph.topics[topic].label


def _link(graph: PrerequisiteGraph, number: int) -> ChainLink:
    topic = graph.topics[number]
    return ChainLink(topic.iri, topic.slug, topic.label, topic.hours)
