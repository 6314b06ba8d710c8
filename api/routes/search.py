"""``/search``: resources by words."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.dependencies import (
    knowledge_of,
    links_of,
    negotiate,
    page,
    parameters_of,
    parse_whole,
)
from api.negotiation import ANSWER_OFFERS, HTML, JSON
from api.openapi import describe_operation
from api.wire import Document, search_document, to_bytes
from kg.model.iri import PLURALS
from kg.services.search import MAX_HITS, search

router = APIRouter(tags=["resources"])

PARAMETERS = describe_operation(
    ("q", "What to search for: words, the beginning of one, a formula, a symbol", True),
    ("kind", "Only this kind: `formula`, `topic` …", False),
    ("limit", f"How many hits, 1 to {MAX_HITS} (10)", False),
    media=ANSWER_OFFERS,
)


@router.get("/search", summary="Search", openapi_extra=PARAMETERS)
async def search_resources(request: Request) -> Response:
    """Typed hits, best first, matches marked; misspelt words are corrected, and the answer says so."""
    given = parameters_of(request, ("q", "kind", "limit"))
    media_type = negotiate(request, ANSWER_OFFERS)
    limit = parse_whole("limit", given.get("limit", "10"), least=1, most=MAX_HITS)
    text, kind = given.get("q", ""), given.get("kind", "")
    if media_type == HTML and not text.strip():
        return _page(request, None, kind)
    answer = await run_in_threadpool(search, knowledge_of(request), text, kind=kind, limit=limit)
    document = search_document(answer, links_of(request))
    if media_type == HTML:
        return _page(request, document, answer.kind)
    return Response(to_bytes(document), media_type=JSON, headers={"Vary": "Accept"})


def _page(request: Request, document: Document | None, kind: str) -> Response:
    names = knowledge_of(request).names
    kinds = [name for name in PLURALS if names[name] or name == kind]
    return page(request, "search.html", title="Search", document=document, kind=kind, kinds=kinds)
