"""``/formulas/{slug}/sensitivity``: what the output of a formula does when an input moves."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.dependencies import knowledge_of, links_of, negotiate, represent, written
from api.negotiation import CSV, MARKDOWN, TABLE_OFFERS
from api.openapi import Slug, describe_operation
from api.routes.formulas import FIT, SUBJECT, UNIT, split_query
from api.routing import PlainRoute
from api.wire_uncertainty import sensitivity_document
from kg.services.uncertainty import formula_sensitivity, write_sensitivity

router = APIRouter(tags=["formulas"], route_class=PlainRoute)

OPTIONS = describe_operation(SUBJECT, FIT, UNIT, givens=True, media=TABLE_OFFERS)


@router.get("/formulas/{slug}/sensitivity", summary="See what moves a formula", openapi_extra=OPTIONS)
async def sensitivity(slug: Slug, request: Request) -> Response:
    """Partial, elasticity and swing for each input, the widest swing first; JSON, HTML, CSV or Markdown.

    A value may carry a spread, as `70B ± 5B` or `[60B, 80B]`; without one it is varied by a tenth to each side.
    """
    givens, options = split_query(request, ("subject", "fit", "unit"))
    media_type = negotiate(request, TABLE_OFFERS)
    return await run_in_threadpool(_sensitivity, request, slug, givens, options, media_type)


def _sensitivity(
    request: Request, slug: str, givens: dict[str, Any], options: dict[str, str], media_type: str
) -> Response:
    found = formula_sensitivity(knowledge_of(request), slug, givens, **options)
    if media_type in (CSV, MARKDOWN):
        return written(write_sensitivity(found, "csv" if media_type == CSV else "markdown"), media_type)
    document = sensitivity_document(found, links_of(request))
    title = f"Sensitivity: {found.label}"
    return represent(request, media_type, document, template="sensitivity.html", title=title)
