"""``/learning/plan``, ``/learning/explain`` and ``/learning/critical-path``."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.dependencies import (
    answer,
    knowledge_of,
    links_of,
    negotiate,
    query_items,
    represent,
    unknown_parameter,
)
from api.negotiation import ANSWER_OFFERS, HTML, JSON
from api.openapi import describe_operation
from api.plan_options import parse_day, parse_hours, split_slugs
from api.routing import PlainRoute
from api.wire_plan import critical_document, explanation_document, plan_document
from kg.errors import BadParameter
from kg.services import plans
from kg.services.plans import PLAN_FORMATS

router = APIRouter(tags=["learning"], route_class=PlainRoute)

OFFERS: Final = (JSON, HTML, *(form.media_type for form in PLAN_FORMATS))
_MEDIA_TYPES: Final = {
    "json": JSON,
    "html": HTML,
    **{form.name: form.media_type for form in PLAN_FORMATS},
    **{form.suffix: form.media_type for form in PLAN_FORMATS},
}
Suffix = Annotated[str, Path(description="`json`, `html`, `md`, `ics` or `mmd`")]
LISTS: Final = ("goal", "know")

_GOAL = ("goal", "Slugs of the topics to reach, comma between or repeated", True)
_KNOW = ("know", "Slugs of known topics, comma between or repeated", False)
_OPTIONS = (
    _GOAL,
    _KNOW,
    ("order", "`recall` (default), `focus`, `area` or `short`: what the order of study keeps small", False),
    ("start", "First day of study, as 2027-01-04; a calendar needs it", False),
    ("hours_per_week", "Hours of study a week (10 where there is a start)", False),
)
_FORMAT = ("format", "`json`, `html`, `markdown`, `ical` or `mermaid`; else by `Accept`", False)
PLAN = describe_operation(*_OPTIONS, _FORMAT, media=OFFERS)
PLAN_BY_SUFFIX = describe_operation(*_OPTIONS, media=OFFERS)
EXPLAIN = describe_operation(
    ("step", "Slug of the topic to explain", True), _GOAL, _KNOW, media=ANSWER_OFFERS
)
CRITICAL = describe_operation(
    ("goal", "Slugs of the topics to reach; none means all topics", False), _KNOW, media=ANSWER_OFFERS
)


@router.get("/learning/plan", summary="A plan to goals", openapi_extra=PLAN)
async def plan(request: Request) -> Response:
    """All that goals still require, each topic once, in an order of study, each step with its reasons."""
    return await run_in_threadpool(_plan, request, "")


@router.get("/learning/plan.{suffix}", summary="A plan as a document", openapi_extra=PLAN_BY_SUFFIX)
async def plan_by_suffix(suffix: Suffix, request: Request) -> Response:
    """The plan as `json`, `html`, `md`, `ics` or `mmd`."""
    if suffix not in _MEDIA_TYPES:
        raise HTTPException(404, f"there is no plan.{suffix[:20]}; suffixes are json, html, md, ics, mmd")
    return await run_in_threadpool(_plan, request, _MEDIA_TYPES[suffix])


@router.get("/learning/explain", summary="Why a step is in a plan", openapi_extra=EXPLAIN)
async def explain(request: Request) -> Response:
    """For each goal the shortest chain of prerequisites that leads from the step to it."""
    lists, options = _parameters(request, ("step",))
    if not options["step"]:
        raise BadParameter("step", "", "the slug of a topic")
    found = await run_in_threadpool(
        plans.explain, knowledge_of(request), options["step"], lists["goal"], lists["know"]
    )
    document = explanation_document(found, links_of(request))
    return answer(request, document, template="explanation.html", title=f"Why {found.step.label}?")


@router.get("/learning/critical-path", summary="The longest chain of prerequisites", openapi_extra=CRITICAL)
async def critical_path(request: Request) -> Response:
    """The chain with the most hours, and for each topic how long it can be put off."""
    lists, _ = _parameters(request, ())
    found = await run_in_threadpool(plans.critical_path, knowledge_of(request), lists["goal"], lists["know"])
    document = critical_document(found, links_of(request))
    return answer(request, document, template="critical.html", title="The longest chain")


def _plan(request: Request, media_type: str) -> Response:
    known = ("order", "start", "hours_per_week")
    lists, options = _parameters(request, known if media_type else (*known, "format"))
    media_type = media_type or _media_type(request, options["format"])
    found = plans.plan(
        knowledge_of(request),
        lists["goal"],
        lists["know"],
        order=options["order"] or "recall",
        start=parse_day("start", options["start"]),
        hours_per_week=parse_hours("hours_per_week", options["hours_per_week"]),
    )
    if media_type not in (JSON, HTML):
        text = plans.write_plan(found, media_type)
        return Response(text, media_type=f"{media_type}; charset=utf-8", headers={"Vary": "Accept"})
    document = plan_document(found, links_of(request))
    return represent(request, media_type, document, template="plan.html", title=f"Plan: {found.title}")


def _media_type(request: Request, name: str) -> str:
    if not name:
        return negotiate(request, OFFERS)
    if name not in _MEDIA_TYPES:
        raise BadParameter("format", name[:40], "one of json, html, markdown, ical, mermaid")
    return _MEDIA_TYPES[name]


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
