"""``/formulas/{slug}/sweep``: a formula over a grid of one or two of its variables, as a table."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.dependencies import knowledge_of, limits_of, links_of, negotiate, parse_whole
from api.negotiation import ARROW, BATCH_OFFERS, SUFFIXES
from api.openapi import Slug, describe_operation
from api.routes.formulas import FIT, SUBJECT, UNDEFINED, UNIT, split_query
from api.routing import PlainRoute
from api.tables import table_answer
from api.wire_batch import sweep_document
from kg.services.batches import sweep_formula

router = APIRouter(tags=["formulas"], route_class=PlainRoute)

MOST_POINTS: Final = 1_000_000
POINTS: Final = (
    "points",
    "Points of an axis that says no number of its own; 50 by default. An axis is a value with two dots: "
    "`N=1e8..1e12`, `N=1e8..1e12:20`, `N=1e8..1e12:20:log`; one or two of them, at most a million points",
    False,
)
SWEEP = describe_operation(POINTS, SUBJECT, FIT, UNIT, UNDEFINED, givens=True, media=BATCH_OFFERS)
SWEEP_BY_SUFFIX = describe_operation(POINTS, SUBJECT, FIT, UNIT, UNDEFINED, givens=True)
Suffix = Annotated[str, Path(description="`json`, `html`, `csv`, `md` or `arrows`")]


@router.get("/formulas/{slug}/sweep", summary="Sweep a formula", openapi_extra=SWEEP)
async def sweep(slug: Slug, request: Request) -> Response:
    """The output at each point of one or two axes, as columns with units; the rest as for an evaluation."""
    return await run_in_threadpool(_sweep, slug, request, negotiate(request, BATCH_OFFERS))


@router.get(
    "/formulas/{slug}/sweep.{suffix}", summary="Sweep a formula, as a document", openapi_extra=SWEEP_BY_SUFFIX
)
async def sweep_by_suffix(slug: Slug, suffix: Suffix, request: Request) -> Response:
    """The sweep in the format that the suffix names."""
    media_type = ARROW if suffix == "arrows" else SUFFIXES.get(suffix, "")
    if media_type not in BATCH_OFFERS:
        raise HTTPException(404, f"there is no sweep.{suffix[:20]}; suffixes are json, html, csv, md, arrows")
    return await run_in_threadpool(_sweep, slug, request, media_type)


def _sweep(slug: str, request: Request, media_type: str) -> Response:
    givens, options = split_query(request, ("points", "subject", "fit", "unit", "undefined"))
    text = options.pop("points", "")
    points = parse_whole("points", text, least=2, most=MOST_POINTS) if text else 0
    options = {name: value for name, value in options.items() if value}
    found = sweep_formula(
        knowledge_of(request), slug, givens, points=points, **options, limits=limits_of(request)
    )
    document = sweep_document(found, links_of(request))
    return table_answer(request, found.batch, document, media_type)
