"""What is off in a curriculum: cycles, gaps, edges that say nothing new, hours that cannot be. It never raises."""

from collections.abc import Iterator, Mapping
from math import isfinite
from statistics import median
from typing import Final

from kg.learning.choice_findings import choice_findings
from kg.learning.diagnose import find_cycle
from kg.model.diagnosis import Diagnosis, TopicFinding
from kg.model.learning import Curriculum

ODD_HOURS: Final = 10
"""A topic of so many times the median hours, or as many times fewer, is told."""

_RANK: Final = {"error": 0, "warning": 1, "note": 2}
_NO_CYCLE: Final = "prerequisites form no cycle"
Requires = Mapping[str, tuple[str, ...]]


def diagnose(curriculum: Curriculum) -> Diagnosis:
    """Every finding, errors first, then by rule and topic; also for a curriculum that no graph can be built of.

    Edges that others imply are those outside the transitive reduction (Aho, Garey, Ullman 1972,
    doi:10.1137/0201008); they are told where prerequisites form no cycle, for otherwise it is not unique.
    """
    requires = {topic.slug: topic.requires for topic in curriculum.topics}
    known = {slug: tuple(n for n in needed if n in requires) for slug, needed in requires.items()}
    cycles = tuple(_cycles(known))
    findings = [
        *_names(curriculum, requires),
        *_hours(curriculum),
        *_paths(curriculum, requires),
        *_loose(requires, _options(curriculum)),
        *cycles,
        *(_blocked(known, cycles) if cycles else _implied(known)),
        *choice_findings(curriculum, acyclic=not cycles),
    ]
    findings.sort(key=lambda found: (_RANK[found.severity], found.rule, found.topic, found.topics))
    return Diagnosis(tuple(findings), len(curriculum.topics), sum(map(len, requires.values())))


def _names(curriculum: Curriculum, requires: Requires) -> Iterator[TopicFinding]:
    slugs = [topic.slug for topic in curriculum.topics]
    for slug in sorted(
        {slug for slug in slugs if slugs.count(slug) > 1} if len(slugs) > len(requires) else ()
    ):
        yield TopicFinding(
            "error", "a topic stands once", slug, "it stands several times", "keep one of them"
        )
    for slug, needed in requires.items():
        for other in needed:
            if other not in requires:
                yield TopicFinding(
                    "error",
                    "a prerequisite is a topic",
                    slug,
                    f"it requires {other}, which is no topic",
                    "add that topic, or drop the prerequisite",
                    (other,),
                )


def _hours(curriculum: Curriculum) -> Iterator[TopicFinding]:
    said = [t.hours for t in curriculum.topics if isfinite(t.hours) and t.hours > 0]
    middle = median(said) if said else 0.0
    for topic in curriculum.topics:
        hours = topic.hours
        if not isfinite(hours) or hours < 0:
            yield TopicFinding(
                "error", "hours are a number", topic.slug, f"it has {hours} hours", "give a number from 0 up"
            )
        elif hours == 0:
            yield TopicFinding(
                "warning", "a topic takes hours", topic.slug, "it has none", "estimate its hours of study"
            )
        elif not middle / ODD_HOURS <= hours <= middle * ODD_HOURS:
            message = f"it takes {hours:g} hours, where half of all topics take {middle:g} or less"
            yield TopicFinding(
                "note", "hours are alike", topic.slug, message, "split or merge it, or leave it"
            )


def _paths(curriculum: Curriculum, requires: Requires) -> Iterator[TopicFinding]:
    for step in curriculum.steps:
        if step.topic not in requires:
            message = (
                f"step {step.position} of {step.path_label or step.path} leads to it, and it is no topic"
            )
            yield TopicFinding(
                "error", "a step of a path is a topic", step.topic, message, "add it, or drop the step"
            )


def _options(curriculum: Curriculum) -> set[str]:
    """Topics that have a choice, and those that are options of one."""
    found: set[str] = set()
    for topic in curriculum.topics:
        for choice in topic.requires_one_of:
            found.update((topic.slug, *choice.options))
    return found


def _loose(requires: Requires, in_choices: set[str]) -> Iterator[TopicFinding]:
    needed = {other for others in requires.values() for other in others} | in_choices
    for slug, others in requires.items():
        if not others and slug not in needed and len(requires) > 1:
            message = "it requires nothing and unlocks nothing"
            yield TopicFinding(
                "note", "a topic is connected", slug, message, "say what it requires, or what requires it"
            )


def _cycles(requires: Requires) -> Iterator[TopicFinding]:
    """A shortest cycle of each knot of topics that require each other."""
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from((slug, other) for slug, others in requires.items() for other in others)
    for knot in nx.strongly_connected_components(graph):
        within = {slug: tuple(n for n in requires[slug] if n in knot) for slug in knot}
        cycle = find_cycle(within)
        if cycle:
            hint = "remove one of these edges, or make it tv:recommends"
            yield TopicFinding("error", _NO_CYCLE, cycle[0], " → ".join(cycle), hint, cycle)


def _blocked(requires: Requires, cycles: tuple[TopicFinding, ...]) -> Iterator[TopicFinding]:
    """Topics that no order of study reaches, because a cycle stands before them."""
    knotted = {slug for found in cycles for slug in found.topics}
    learnt: set[str] = set()
    while ready := {s for s, needed in requires.items() if s not in learnt and learnt.issuperset(needed)}:
        learnt |= ready
    for slug in requires.keys() - learnt - knotted:
        hint = "break the cycle"
        yield TopicFinding("warning", "a topic can be reached", slug, "a cycle stands before it", hint)


def _implied(requires: Requires) -> Iterator[TopicFinding]:
    """Edges that the other prerequisites of the same topic imply, with the way around."""
    behind = _closures(requires)
    for slug, needed in requires.items():
        for other in needed:
            through = sorted(n for n in needed if n != other and other in behind[n])
            if through:
                way = (slug, through[0], other)
                message = f"it requires {other} through {through[0]} already"
                hint = "drop the edge, unless it is worth saying"
                yield TopicFinding("note", "a prerequisite says something new", slug, message, hint, way)


def _closures(requires: Requires) -> dict[str, frozenset[str]]:
    """All that each topic requires, itself excluded; there are no cycles."""
    from graphlib import TopologicalSorter

    found: dict[str, frozenset[str]] = {}
    for slug in TopologicalSorter(requires).static_order():
        found[slug] = frozenset(requires[slug]).union(*(found[other] for other in requires[slug]))
    return found
