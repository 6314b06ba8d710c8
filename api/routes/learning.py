"""``/learning/next`` and what stands before and after a topic."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.dependencies import (
    answer,
    knowledge_of,
    links_of,
    parameters_of,
    parse_flag,
    parse_whole,
    query_items,
    unknown_parameter,
)
from api.learner import keep_private, known_topics, learners_of, token_of
from api.negotiation import ANSWER_OFFERS
from api.openapi import Slug, describe_operation
from api.routing import PlainRoute
from api.wire import advice_document, relations_document
from kg.errors import BadParameter
from kg.model.advice import NextAdvice
from kg.services import learning
from kg.services.plans import MERMAID, SVG

router = APIRouter(tags=["learning"], route_class=PlainRoute)

NEXT = describe_operation(
    ("know", "Slugs of known topics, comma between or repeated", False),
    ("goal", "Slug of the topic to reach", False),
    ("limit", "How many topics, 1 to 100 (5)", False),
    ("assume", "`closed`: knowing a topic implies its prerequisites; `exact`: it does not", False),
    media=ANSWER_OFFERS,
)
TRANSITIVE = describe_operation(
    ("transitive", "`true`: all; `false`: the direct ones (false)", False), media=ANSWER_OFFERS
)
_DRAWINGS: Final = {form.suffix: form for form in (MERMAID, SVG)}
Drawn = Annotated[str, Path(description="`svg` or `mmd`")]
DRAWN = describe_operation(media=tuple(form.media_type for form in _DRAWINGS.values()))


@router.get("/learning/next", summary="What to learn next", openapi_extra=NEXT)
async def next_topics(request: Request) -> Response:
    """Topics whose prerequisites are all known, ranked, each with its reasons."""
    known: list[str] = []
    options = {"goal": "", "limit": "5", "assume": "closed"}
    seen: set[str] = set()
    for name, value in query_items(request):
        if name == "know":
            known += [slug.strip() for slug in value.split(",") if slug.strip()]
        elif name in seen:
            raise BadParameter(name, value[:40], "one value, not several")
        elif name in options:
            seen.add(name)
            options[name] = value
        else:
            raise unknown_parameter(name, value, ("know", *options))
    advice = await run_in_threadpool(_advise, request, known, options)
    document = advice_document(advice, links_of(request))
    form = {"know": ", ".join(known), "goal": options["goal"]}
    title = "What to learn next"
    return keep_private(request, answer(request, document, template="learning.html", title=title, form=form))


def _advise(request: Request, known: list[str], options: dict[str, str]) -> NextAdvice:
    goal, limit = options["goal"], parse_whole("limit", options["limit"], least=1, most=100)
    token = token_of(request)
    if token and not known and options["assume"] == "closed":
        return learners_of(request).next_topics(token, goal=goal, limit=limit)
    known = known_topics(request, known)
    return learning.next_topics(
        knowledge_of(request), known, goal=goal, limit=limit, assume=options["assume"]
    )


@router.get("/topics/{slug}/prerequisites", summary="What a topic requires", openapi_extra=TRANSITIVE)
async def prerequisites(slug: Slug, request: Request) -> Response:
    """Topics to learn before, nearest first, with their depth; the topic itself excluded."""
    transitive = _transitive(request)
    relations = await run_in_threadpool(
        learning.prerequisites, knowledge_of(request), slug, transitive=transitive
    )
    document = relations_document(relations, links_of(request))
    return answer(request, document, template="learning.html", title=f"Before {slug}", form=None)


@router.get(
    "/topics/{slug}/prerequisites.{suffix}", summary="What a topic requires, drawn", openapi_extra=DRAWN
)
async def draw_prerequisites(slug: Slug, suffix: Drawn, request: Request) -> Response:
    """All that is to be learnt before a topic and the topic itself, as SVG or as a Mermaid flowchart."""
    parameters_of(request, ())
    if suffix not in _DRAWINGS:
        raise HTTPException(404, f"there is no prerequisites.{suffix[:20]}; suffixes are svg and mmd")
    form = _DRAWINGS[suffix]
    text = await run_in_threadpool(learning.draw_prerequisites, knowledge_of(request), slug, form.name)
    charset = "; charset=utf-8" if form.media_type.startswith("text/") else ""
    return Response(text, media_type=f"{form.media_type}{charset}")


@router.get("/topics/{slug}/unlocks", summary="What a topic opens", openapi_extra=TRANSITIVE)
async def unlocks(slug: Slug, request: Request) -> Response:
    """Topics that require this one, nearest first, with their depth; the topic itself excluded."""
    transitive = _transitive(request)
    relations = await run_in_threadpool(learning.unlocks, knowledge_of(request), slug, transitive=transitive)
    document = relations_document(relations, links_of(request))
    return answer(request, document, template="learning.html", title=f"After {slug}", form=None)


def _transitive(request: Request) -> bool:
    return parse_flag("transitive", parameters_of(request, ("transitive",)).get("transitive", "false"))
