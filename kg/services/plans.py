"""Plans to goals, why a step is there, the longest chain, and plans as documents."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.errors import BadParameter
from kg.services.engines import Engines
from kg.services.learning import topic_slug
from kg.services.solving import solver_of
from kg.workers.limits import Limits

if TYPE_CHECKING:
    from datetime import date

    from kg.learning.outline import Frame
    from kg.learning.value import Value
    from kg.model.exercise import StepExercise
    from kg.model.plan import CriticalPath, Explanation, Plan


@dataclass(frozen=True, slots=True)
class PlanFormat:
    """A document that a plan can be written as. ``suffix`` has no dot."""

    name: str
    media_type: str
    suffix: str


MARKDOWN: Final = PlanFormat("markdown", "text/markdown", "md")
ICAL: Final = PlanFormat("ical", "text/calendar", "ics")
MERMAID: Final = PlanFormat("mermaid", "text/vnd.mermaid", "mmd")
JSONLD: Final = PlanFormat("jsonld", "application/ld+json", "jsonld")
SVG: Final = PlanFormat("svg", "image/svg+xml", "svg")
CSV: Final = PlanFormat("csv", "text/csv", "csv")
TURTLE: Final = PlanFormat("turtle", "text/turtle", "ttl")
GRAPHML: Final = PlanFormat("graphml", "application/graphml+xml", "graphml")
PLAN_FORMATS: Final = (MARKDOWN, ICAL, MERMAID, JSONLD, SVG, CSV, TURTLE, GRAPHML)
"""RFC 7763, RFC 5545, the type that is registered for Mermaid, JSON-LD 1.1, SVG 2, RFC 4180, Turtle, and GraphML,
which has no registered type."""


def plan(
    engines: Engines,
    goals: Iterable[str],
    know: Iterable[str] = (),
    *,
    order: str = "recall",
    hours_per_week: float | None = None,
    start: "date | None" = None,
    budget_hours: float | None = None,
    value: "Value" = "goals",
    price: float | None = None,
    limits: Limits | None = None,
) -> "Plan":
    """All that goals still require, in an order of study; topics by slug, CURIE or IRI.

    With a budget of hours, or a price of an hour, it is the part of the best value: ``goals`` reached and hours
    towards them, ``topics`` learnt, what they ``unlocks``, or what each goal is worth. With limits what is hard
    to find is looked for in a worker.

    Raises:
        NotFound: a topic that the dataset lacks; near ones are given.
        BadParameter: no goal, no such order, days that no calendar has, or a budget, value or price that is none.
        TooLarge: more goals than a plan takes.
        CyclicPrerequisites, InvalidData: the dataset's prerequisites are off.
        DeadlineExceeded, Overloaded, WorkerFailed: of a worker, where limits are given.
    """
    from kg.learning.plan import plan_to

    found = plan_to(
        engines.prerequisite_graph,
        _slugs(engines, goals),
        _slugs(engines, know),
        order=order,
        hours_per_week=hours_per_week,
        start=start,
        frame=_frame(engines, budget_hours, value, price),
        solver=solver_of(engines, limits),
    )
    return with_exercises(engines, found)


def with_exercises(engines: Engines, plan: "Plan") -> "Plan":
    """The plan, its steps with the exercises that assess them; each stands once, at the last step it assesses."""
    from dataclasses import replace

    from kg.catalog.exercises import list_assessing

    exercises = engines.once(("exercises", "of topics"), lambda: list_assessing(engines.store))
    position = {step.slug: step.position for step in plan.steps}
    at: dict[int, list[StepExercise]] = {}
    for exercise in exercises:
        last = max((position.get(topic, 0) for topic in exercise.topics), default=0)
        at.setdefault(last, []).append(exercise)
    if not at.keys() - {0}:
        return plan
    steps = (
        replace(step, exercises=tuple(at[step.position])) if step.position in at else step
        for step in plan.steps
    )
    return replace(plan, steps=tuple(steps))


def explain(
    engines: Engines,
    step: str,
    goals: Iterable[str],
    know: Iterable[str] = (),
    *,
    budget_hours: float | None = None,
    value: "Value" = "goals",
    price: float | None = None,
    limits: Limits | None = None,
) -> "Explanation":
    """Why a topic is a step of the plan to goals, by the shortest chain to each of them; or why it is none.

    Raises:
        NotFound: a topic that the dataset lacks; near ones are given.
        BadParameter: no goal, or a budget, value or price that is none. TooLarge: more goals than a plan takes.
        DeadlineExceeded, Overloaded, WorkerFailed: of a worker, where limits are given.
    """
    from kg.learning.explain import explain as explain_step

    return explain_step(
        engines.prerequisite_graph,
        topic_slug(engines, step),
        _slugs(engines, goals),
        _slugs(engines, know),
        _frame(engines, budget_hours, value, price),
        solver_of(engines, limits),
    )


def hours_to(engines: Engines, goal: str, know: Iterable[str] = ()) -> float:
    """Hours of study still ahead of a topic, itself included; of each choice by its shortest option.

    Raises:
        NotFound: a topic that the dataset lacks; near ones are given.
    """
    from kg.learning.state import state_of
    from kg.learning.way import way_to

    graph = engines.prerequisite_graph
    state = state_of(graph, [graph.find(topic_slug(engines, topic)) for topic in know])
    return graph.hours(way_to(graph, [graph.find(topic_slug(engines, goal))], state.known).topics)


def critical_path(engines: Engines, goals: Iterable[str] = (), know: Iterable[str] = ()) -> "CriticalPath":
    """The chain of prerequisites with the most hours, to goals or among all topics.

    Raises:
        NotFound: a topic that the dataset lacks; near ones are given. TooLarge: too many goals.
    """
    from kg.learning.critical import critical_path as longest_chain

    return longest_chain(engines.prerequisite_graph, _slugs(engines, goals), _slugs(engines, know))


def find_format(name: str) -> PlanFormat:
    """The format of that name, suffix or media type.

    Raises:
        BadParameter: there is none.
    """
    for candidate in PLAN_FORMATS:
        if name in (candidate.name, candidate.suffix, candidate.media_type):
            return candidate
    raise BadParameter("format", name[:40], f"one of {', '.join(f.name for f in PLAN_FORMATS)}")


def write_plan(plan: "Plan", form: str) -> str:
    """The plan as a document, by the name of one of :data:`PLAN_FORMATS`; Turtle is the graph of the JSON-LD.

    Raises:
        BadParameter: there is no such format, or a calendar is asked for and the plan has no start.
    """
    from kg.exporters import course, drawing, graphml, icalendar, markdown, mermaid, table
    from kg.rdf.turtle import jsonld_to_turtle

    writers: dict[PlanFormat, Callable[[Plan], str]] = {
        MARKDOWN: markdown.plan_markdown,
        ICAL: icalendar.plan_calendar,
        MERMAID: mermaid.plan_mermaid,
        JSONLD: course.plan_jsonld,
        SVG: drawing.plan_svg,
        CSV: table.plan_csv,
        TURTLE: lambda plan: jsonld_to_turtle(course.plan_jsonld(plan), {"schema": course.SCHEMA}),
        GRAPHML: graphml.plan_graphml,
    }
    return writers[find_format(form)](plan)


def _frame(engines: Engines, budget_hours: float | None, value: "Value", price: float | None) -> "Frame":
    from kg.learning.outline import Frame

    if not isinstance(value, str):
        value = {topic_slug(engines, topic): worth for topic, worth in value.items()}
    return Frame(budget_hours, value, price)


def _slugs(engines: Engines, topics: Iterable[str]) -> list[str]:
    # A text is one list of slugs, not a sequence of letters.
    parts = topics.split(",") if isinstance(topics, str) else topics
    return [topic_slug(engines, part) for part in parts if part.strip()]
