"""``/learning/plan``, ``/learning/explain`` and ``/learning/critical-path``."""

import json
from typing import Annotated, Any, Final, TypedDict

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.dependencies import (
    answer,
    knowledge_of,
    limits_of,
    links_of,
    negotiate,
    parameters_of,
    query_items,
    represent,
    unknown_parameter,
    written,
)
from api.learner import keep_private, known_topics
from api.negotiation import ANSWER_OFFERS, HTML, JSON
from api.openapi import describe_operation
from api.plan_options import parse_day, parse_hours, parse_price, parse_value, split_slugs
from api.routes.formulas import read_object
from api.routing import PlainRoute
from api.wire_plan import critical_document, diagnosis_document, explanation_document, plan_document
from kg.errors import BadParameter
from kg.services import learning, plans
from kg.services.plans import PLAN_FORMATS

router = APIRouter(tags=["learning"], route_class=PlainRoute)

OFFERS: Final = (JSON, HTML, *(form.media_type for form in PLAN_FORMATS))
_MEDIA_TYPES: Final = {
    "json": JSON,
    "html": HTML,
    **{form.name: form.media_type for form in PLAN_FORMATS},
    **{form.suffix: form.media_type for form in PLAN_FORMATS},
}


class _Frame(TypedDict):
    """What bounds a plan but its goals."""

    budget_hours: float | None
    value: str | dict[str, float]
    price: float | None


Suffix = Annotated[
    str, Path(description="`json`, `html`, `md`, `ics`, `mmd`, `jsonld`, `svg`, `csv`, `ttl`, `graphml`")
]
LISTS: Final = ("goal", "know")
FRAME: Final = ("budget_hours", "value", "price")
KNOWN: Final = ("order", "start", "hours_per_week", *FRAME)
NUMBERS: Final = ("hours_per_week", "budget_hours", "price")

_GOAL = ("goal", "Slugs of the topics to reach, comma between or repeated", True)
_KNOW = ("know", "Slugs of known topics, comma between or repeated", False)
_FRAME = (
    ("budget_hours", "Hours of study that there are: the plan holds what is worth most within them", False),
    (
        "value",
        "`goals` (default), `topics`, `unlocks`, or what goals are worth, as `mamba:100,agent-frameworks:40`",
        False,
    ),
    ("price", "What an hour costs, in what goals are worth: the plan holds what is worth its hours", False),
)
_OPTIONS = (
    _GOAL,
    _KNOW,
    ("order", "`recall` (default), `focus`, `area` or `short`: what the order of study keeps small", False),
    ("start", "First day of study, as 2027-01-04; a calendar needs it", False),
    ("hours_per_week", "Hours of study a week (10 where there is a start)", False),
    *_FRAME,
)
_FORMAT = (
    "format",
    "`json`, `html`, `markdown`, `ical`, `mermaid`, `jsonld`, `svg`, `csv`, `turtle` or `graphml`; else by `Accept`",
    False,
)
PLAN = describe_operation(*_OPTIONS, _FORMAT, media=OFFERS)
PLAN_BY_SUFFIX = describe_operation(*_OPTIONS, media=OFFERS)
_SLUGS = {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_MEMBERS = {name: {"type": "string", "description": text} for name, text, _ in (*_OPTIONS[2:], _FORMAT)}
PLAN_BODY = describe_operation(
    media=OFFERS,
    body={
        JSON: {
            "type": "object",
            "required": ["goal"],
            "properties": {
                **{name: {**_SLUGS, "description": text} for name, text, _ in (_GOAL, _KNOW)},
                **_MEMBERS,
                **{
                    name: {"type": ["number", "string"], "description": text}
                    for name, text, _ in _OPTIONS
                    if name in NUMBERS
                },
            },
            "additionalProperties": False,
            "example": {"goal": ["mamba"], "know": ["linear-attention"], "order": "focus"},
        }
    },
)
DIAGNOSE = describe_operation(media=ANSWER_OFFERS)
EXPLAIN = describe_operation(
    ("step", "Slug of the topic to explain", True), _GOAL, _KNOW, *_FRAME, media=ANSWER_OFFERS
)
CRITICAL = describe_operation(
    ("goal", "Slugs of the topics to reach; none means all topics", False), _KNOW, media=ANSWER_OFFERS
)


@router.get("/learning/plan", summary="A plan to goals", openapi_extra=PLAN)
async def plan(request: Request) -> Response:
    """All that goals still require, each topic once, in an order of study, each step with its reasons."""
    return await run_in_threadpool(_plan, request, "")


@router.post("/learning/plan", summary="A plan to goals, asked for by a document", openapi_extra=PLAN_BODY)
async def plan_by_body(request: Request) -> Response:
    """The plan that a JSON body asks for; its members are the parameters of the GET."""
    parameters_of(request, ())
    lists, options = _members(await read_object(request))
    media_type = _media_type(request, options["format"])
    return await run_in_threadpool(_write, request, media_type, lists, options)


@router.get("/learning/diagnose", summary="What is off in the prerequisites", openapi_extra=DIAGNOSE)
async def diagnose(request: Request) -> Response:
    """Cycles, gaps, prerequisites that others imply, odd hours: errors first, then advice."""
    parameters_of(request, ())
    document = diagnosis_document(await run_in_threadpool(learning.diagnose, knowledge_of(request)))
    return answer(request, document, template="diagnosis.html", title="What is off in the prerequisites")


@router.get("/learning/plan.{suffix}", summary="A plan as a document", openapi_extra=PLAN_BY_SUFFIX)
async def plan_by_suffix(suffix: Suffix, request: Request) -> Response:
    """The plan in the format that the suffix names."""
    if suffix not in _MEDIA_TYPES:
        raise HTTPException(
            404,
            f"there is no plan.{suffix[:20]}; suffixes are json, html, "
            f"{', '.join(form.suffix for form in PLAN_FORMATS)}",
        )
    return await run_in_threadpool(_plan, request, _MEDIA_TYPES[suffix])


@router.get("/learning/explain", summary="Why a step is in a plan", openapi_extra=EXPLAIN)
async def explain(request: Request) -> Response:
    """For each goal the shortest chain of prerequisites that leads to it; or why the topic is no step."""
    lists, options = _parameters(request, ("step", *FRAME))
    if not options["step"]:
        raise BadParameter("step", "", "the slug of a topic")
    found = await run_in_threadpool(
        lambda: plans.explain(
            knowledge_of(request),
            options["step"],
            lists["goal"],
            known_topics(request, lists["know"]),
            limits=limits_of(request),
            **_frame(options),
        )
    )
    document = explanation_document(found, links_of(request))
    title = f"Why {found.step.label}?"
    return keep_private(request, answer(request, document, template="explanation.html", title=title))


@router.get("/learning/critical-path", summary="The longest chain of prerequisites", openapi_extra=CRITICAL)
async def critical_path(request: Request) -> Response:
    """The chain with the most hours, and for each topic how long it can be put off."""
    lists, _ = _parameters(request, ())
    found = await run_in_threadpool(
        lambda: plans.critical_path(
            knowledge_of(request), lists["goal"], known_topics(request, lists["know"])
        )
    )
    document = critical_document(found, links_of(request))
    title = "The longest chain"
    return keep_private(request, answer(request, document, template="critical.html", title=title))


def _plan(request: Request, media_type: str) -> Response:
    lists, options = _parameters(request, KNOWN if media_type else (*KNOWN, "format"))
    return _write(request, media_type or _media_type(request, options["format"]), lists, options)


def _write(
    request: Request, media_type: str, lists: dict[str, list[str]], options: dict[str, str]
) -> Response:
    """The plan for goals and options in a media type."""
    found = plans.plan(
        knowledge_of(request),
        lists["goal"],
        known_topics(request, lists["know"]),
        order=options["order"] or "recall",
        start=parse_day("start", options["start"]),
        hours_per_week=parse_hours("hours_per_week", options["hours_per_week"]),
        limits=limits_of(request),
        **_frame(options),
    )
    if media_type not in (JSON, HTML):
        return keep_private(request, written(plans.write_plan(found, media_type), media_type))
    document = plan_document(found, links_of(request))
    title = f"Plan: {found.title}"
    return keep_private(request, represent(request, media_type, document, template="plan.html", title=title))


def _frame(options: dict[str, str]) -> _Frame:
    return {
        "budget_hours": parse_hours("budget_hours", options["budget_hours"]),
        "value": parse_value(options["value"]),
        "price": parse_price("price", options["price"]),
    }


def _media_type(request: Request, name: str) -> str:
    if not name:
        return negotiate(request, OFFERS)
    if name not in _MEDIA_TYPES:
        raise BadParameter(
            "format", name[:40], f"one of json, html, {', '.join(form.name for form in PLAN_FORMATS)}"
        )
    return _MEDIA_TYPES[name]


def _members(body: dict[str, Any]) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The same as parameters from the members of a body.

    Raises:
        BadParameter: a member that there is not, or one of another type.
    """
    known = (*LISTS, *KNOWN, "format")
    lists: dict[str, list[str]] = {name: [] for name in LISTS}
    options = dict.fromkeys((*KNOWN, "format"), "")
    for name, value in body.items():
        if name not in known:
            raise unknown_parameter(name, json.dumps(value), known)
        if name in lists:
            texts = value if isinstance(value, list) else [value]
            if not all(isinstance(text, str) for text in texts):
                raise BadParameter(name, json.dumps(value)[:40], "a slug, or a list of slugs")
            lists[name] = split_slugs(tuple(texts))
        elif isinstance(value, str) or (
            name in NUMBERS and isinstance(value, int | float) and not isinstance(value, bool)
        ):
            options[name] = str(value).strip()
        elif value is not None:
            raise BadParameter(name, json.dumps(value)[:40], "a text")
    return lists, options


def _parameters(request: Request, known: tuple[str, ...]) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Slugs of ``goal`` and ``know``, and the options, empty where they are not given.

    Raises:
        BadParameter: one that the path does not take, or an option that is given twice.
    """
    lists: dict[str, list[str]] = {name: [] for name in LISTS}
    options: dict[str, str] = {}
    for name, value in query_items(request):
        if name in lists:
            lists[name] += split_slugs((value,))
        elif name not in known:
            raise unknown_parameter(name, value, (*LISTS, *known))
        elif name in options:
            raise BadParameter(name, value[:40], "one value, not several")
        else:
            options[name] = value.strip()
    return lists, {name: options.get(name, "") for name in known}
