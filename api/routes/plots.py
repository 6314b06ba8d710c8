"""``/formulas/{slug}/plot``: a picture of a formula, or the specification that draws it."""

from collections.abc import Iterable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.dependencies import knowledge_of, limits_of, negotiate, parse_whole, query_items, written
from api.negotiation import JSON
from api.openapi import Slug, describe_operation
from api.routes.formulas import FIT, SUBJECT, UNIT
from api.routing import PlainRoute
from kg.errors import BadParameter
from kg.services import pictures, plots
from kg.services.plot_question import FEWEST_POINTS, MOST_POINTS

router = APIRouter(tags=["formulas"], route_class=PlainRoute)

MEDIA_TYPES: Final = (*(form.media_type for form in pictures.PLOT_FORMATS), JSON)
OPTIONS: Final = ("kind", "points", "band", "subject", "fit", "unit", "format")
Suffix = Annotated[str, Path(description="`svg`, `png` or `vl.json`")]
_ROWS = (
    (
        "x",
        "The symbol or quantity slug to plot over; else the one that is given as a range, `N=1e8..1e12`",
        False,
    ),
    ("kind", "`sweep` (default), `fits`, `sensitivity` or `observed`", False),
    (
        "points",
        f"Points of a curve, from {FEWEST_POINTS} to {MOST_POINTS}; {plots.POINTS} by default",
        False,
    ),
    (
        "band",
        "`linear`, `interval` or `monte-carlo`: how uncertainty is propagated to a band; `none` by default",
        False,
    ),
    SUBJECT,
    (FIT[0], f"{FIT[1]}; with `kind=fits`, names with commas between: those alone", False),
    UNIT,
)
_FORMAT = ("format", "`svg`, `png` or `vega-lite`; else by `Accept`", False)
PLOT = describe_operation(*_ROWS, _FORMAT, givens=True, media=MEDIA_TYPES)
PLOT_BY_SUFFIX = describe_operation(*_ROWS, givens=True, media=MEDIA_TYPES[:-1])


@router.get("/formulas/{slug}/plot", summary="Plot a formula", openapi_extra=PLOT)
async def plot(slug: Slug, request: Request) -> Response:
    """The output over one variable: as SVG, as PNG, or as the Vega-Lite specification of it."""
    givens, options, over = _split(request, OPTIONS)
    name = options.pop("format", "")
    media_type = pictures.find_plot_format(name).media_type if name else negotiate(request, MEDIA_TYPES)
    return await run_in_threadpool(_answer, request, slug, media_type, givens, options, over)


@router.get("/formulas/{slug}/plot.{suffix}", summary="A plot as a file", openapi_extra=PLOT_BY_SUFFIX)
async def plot_by_suffix(slug: Slug, suffix: Suffix, request: Request) -> Response:
    """The plot in the format that the suffix names."""
    known = {form.suffix: form.media_type for form in pictures.PLOT_FORMATS}
    if suffix not in known:
        raise HTTPException(404, f"there is no plot.{suffix[:20]}; suffixes are {', '.join(known)}")
    givens, options, over = _split(request, OPTIONS[:-1])
    return await run_in_threadpool(_answer, request, slug, known[suffix], givens, options, over)


def _split(request: Request, names: Iterable[str]) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    """Query parameters as givens, options and values of ``x``, which names a variable or gives it a value.

    Raises:
        BadParameter: another name that comes twice.
    """
    givens: dict[str, Any] = {}
    options: dict[str, str] = {}
    over: list[str] = []
    for name, value in query_items(request):
        target = options if name in names else givens
        if name == "x":
            over += [value] if value.strip() else []
        elif name in target:
            raise BadParameter(name[:80], value[:40], "one value; a series is written 0.5,0.3")
        elif value.strip():
            target[name] = value
    return givens, options, over


def _answer(
    request: Request,
    slug: str,
    media_type: str,
    givens: dict[str, Any],
    options: dict[str, Any],
    over: list[str],
) -> Response:
    form = pictures.find_plot_format(media_type)
    pictures.check_drawable(form)
    knowledge = knowledge_of(request)
    x, given = plots.split_x(knowledge, slug, over)
    if given is not None:
        givens["x"] = given
    if "points" in options:
        options["points"] = parse_whole("points", options["points"], least=0, most=999_999_999)
    found = plots.make_plot(knowledge, slug, givens, x=x, **options)
    return written(pictures.write_plot_apart(knowledge, found, form, limits=limits_of(request)), media_type)
