"""``/compare/{kinds}``: things of one kind side by side, each cell with its source."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.dependencies import (
    knowledge_of,
    links_of,
    negotiate,
    query_items,
    represent,
    unknown_parameter,
    written,
)
from api.negotiation import CSV, MARKDOWN, TABLE_OFFERS, split_suffix
from api.openapi import Kinds, describe_operation
from api.routing import PlainRoute
from api.wire_compare import comparison_document
from kg.services.compare import MOST_ITEMS, MOST_PROPERTIES, compare, write_comparison

router = APIRouter(tags=["resources"], route_class=PlainRoute)

NAMES = ("items", "properties")
PARAMETERS = describe_operation(
    (
        "items",
        f"Slugs of at most {MOST_ITEMS} items, apart by commas; repeatable. Else all of the kind",
        False,
    ),
    (
        "properties",
        f"At most {MOST_PROPERTIES} properties or quantities, apart by commas; repeatable: `keyInnovation`, "
        "`model-parameters`. Else what at least two of the items have",
        False,
    ),
    media=TABLE_OFFERS,
)


@router.get("/compare/{kinds}", summary="Compare resources of a kind", openapi_extra=PARAMETERS)
async def compare_kind(kinds: Kinds, request: Request) -> Response:
    """A table whose cells name their sources, units, dates and methods; what is not known is said.

    `.csv` and `.md` after the kind give CSV and Markdown.
    """
    stem, media_type = split_suffix(kinds, TABLE_OFFERS)
    given: dict[str, list[str]] = {name: [] for name in NAMES}
    for name, value in query_items(request):
        if name not in given:
            raise unknown_parameter(name, value, NAMES)
        given[name] += value.split(",")
    media_type = media_type or negotiate(request, TABLE_OFFERS)
    return await run_in_threadpool(_compare, request, stem, given, media_type)


def _compare(request: Request, kinds: str, given: dict[str, list[str]], media_type: str) -> Response:
    comparison = compare(knowledge_of(request), kinds, given["items"], given["properties"])
    if media_type in (CSV, MARKDOWN):
        return written(write_comparison(comparison, "csv" if media_type == CSV else "markdown"), media_type)
    document = comparison_document(comparison, links_of(request))
    return represent(
        request,
        media_type,
        document,
        template="compare.html",
        title=f"Compare {kinds}",
        items=",".join(filter(None, given["items"])),
        properties=",".join(filter(None, given["properties"])),
        query=request.scope["query_string"].decode(errors="replace"),
        kinds=kinds,
    )
