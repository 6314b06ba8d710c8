"""``/formulas/{slug}/evaluate`` and ``/solve``: numbers in, a number out, with everything it rests on."""

import json
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.dependencies import answer, knowledge_of, limits_of, links_of, negotiate, query_items
from api.negotiation import ANSWER_OFFERS, BATCH_OFFERS
from api.openapi import Slug, describe_operation
from api.routing import PlainRoute
from api.tables import table_answer
from api.wire import evaluation_document, solution_document
from api.wire_batch import batch_document
from kg.errors import BadInput, BadParameter, BadSyntax
from kg.services import batches, formulas
from kg.services.uncertainty import evaluate_as_asked

router = APIRouter(tags=["formulas"], route_class=PlainRoute)

TEXTS = ("subject", "fit", "unit", "uncertainty")
WHOLES = ("samples", "seed")
_UNSURE = {"uncertainty", *WHOLES}
MOST_DIGITS = 20
SUBJECT = ("subject", "A resource that the graph knows values of: `model/gpt-3`", False)
FIT = ("fit", "Name of a constant set; the preferred one is data with its reason", False)
UNIT = ("unit", "Unit of the answer", False)
UNDEFINED = (
    "undefined",
    "Points without a value are refused, or masked: `mask` answers null for them, with their count",
    False,
)
UNCERTAINTY = (
    "uncertainty",
    "How sure the answer is: `none`, `linear`, `interval` or `monte-carlo`; values may then carry spreads, as "
    "`70B ± 5B`, `70B ± 5%` or `[60B, 80B]`",
    False,
)
SAMPLES = ("samples", "Draws of `monte-carlo`, at most 1000000; else 10000", False)
SEED = ("seed", "Seed of `monte-carlo`: the same one, the same draws; else 0", False)
EVALUATE = describe_operation(
    SUBJECT, FIT, UNIT, UNCERTAINTY, SAMPLES, SEED, givens=True, media=ANSWER_OFFERS
)
EVALUATE_BODY = describe_operation(
    media=BATCH_OFFERS,
    body={
        "application/json": {
            "type": "object",
            "properties": {
                "values": {
                    "type": "object",
                    "description": "Symbol or quantity slug → number, text such as `70B`, or a series of them; "
                    "a list for a variable that is no series asks for many points",
                    "additionalProperties": True,
                },
                "subject": {"type": "string", "description": SUBJECT[1]},
                "fit": {"type": "string", "description": FIT[1]},
                "unit": {"type": "string", "description": UNIT[1]},
                "undefined": {"type": "string", "enum": ["refuse", "mask"], "description": UNDEFINED[1]},
                "uncertainty": {"type": "string", "description": UNCERTAINTY[1]},
                "samples": {"type": "integer", "description": SAMPLES[1]},
                "seed": {"type": "integer", "description": SEED[1]},
            },
            "additionalProperties": False,
            "example": {"values": {"N": "70B", "D": 1.4e12}},
        }
    },
)
SOLVE = describe_operation(
    ("for", "The symbol to solve for; without values for the others, the closed form alone", True),
    SUBJECT,
    FIT,
    UNIT,
    givens=True,
    media=ANSWER_OFFERS,
)


@router.get("/formulas/{slug}/evaluate", summary="Evaluate a formula", openapi_extra=EVALUATE)
async def evaluate(slug: Slug, request: Request) -> Response:
    """The formula's output with inputs, origins, units, steps, readings, warnings and sources."""
    givens, found = split_query(request, (*TEXTS, *WHOLES))
    options: dict[str, Any] = {name: value for name, value in found.items() if name in TEXTS}
    for name in WHOLES:
        if found.get(name):
            options[name] = _whole(name, found[name])
    return await _evaluate(slug, request, givens, options)


@router.post(
    "/formulas/{slug}/evaluate",
    summary="Evaluate a formula with values in a body",
    openapi_extra=EVALUATE_BODY,
)
async def evaluate_body(slug: Slug, request: Request) -> Response:
    """As GET, with ``{"values": {}, "subject": "", "fit": "", "unit": "", "uncertainty": ""}``.

    A list for a variable that is no series asks for many points at once: the answer then has columns, one for
    each such variable and one for the output, also as CSV, Markdown and Arrow. With an uncertainty it is an
    interval.
    """
    body = await read_object(request)
    values = body.pop("values", {})
    unknown = set(body) - {*TEXTS, "undefined", *WHOLES}
    if unknown:
        members = ", ".join(("values", *TEXTS, "undefined", *WHOLES))
        raise BadParameter(min(unknown), "…", f"nothing here: the members are {members}")
    if not isinstance(values, dict):
        raise BadParameter("values", json.dumps(values)[:40], "an object from symbol to value")
    for name, value in body.items():
        if name not in WHOLES and not isinstance(value, str):
            raise BadParameter(name, json.dumps(value)[:40], "a text")
        if name in WHOLES and type(value) is not int:
            raise BadParameter(name, json.dumps(value)[:40], "a whole number")
    return await _evaluate(slug, request, values, body)


def _whole(name: str, text: str) -> int:
    """The number; how great it may be is for the service to say."""
    if not text.isascii() or not text.isdecimal() or len(text) > MOST_DIGITS:
        raise BadParameter(name, text[:40], "a whole number")
    return int(text)


async def _evaluate(slug: str, request: Request, givens: dict[str, Any], options: dict[str, Any]) -> Response:
    knowledge = knowledge_of(request)
    if options.get("uncertainty") in ("", "none"):
        options.pop("uncertainty")
    # With an uncertainty, a list is an interval; without one, it is many points.
    if "uncertainty" not in options and any(isinstance(given, list) for given in givens.values()):
        batch = await run_in_threadpool(_batch, slug, request, givens, options)
        if batch is not None:
            return batch
    if "undefined" in options:
        raise BadParameter("undefined", options["undefined"][:40], "nothing here: one value is never masked")
    if options.keys() & _UNSURE:
        evaluation = await run_in_threadpool(evaluate_as_asked, knowledge, slug, givens, **options)
    elif knowledge.is_warm:
        evaluation = formulas.evaluate_formula(knowledge, slug, givens, **options)
    else:
        evaluation = await run_in_threadpool(formulas.evaluate_formula, knowledge, slug, givens, **options)
    document = evaluation_document(evaluation, links_of(request))
    mathml = partial(formulas.render_formula, knowledge, evaluation.formula, "mathml")
    return answer(request, document, template="evaluation.html", title=evaluation.label, mathml=mathml)


def _batch(slug: str, request: Request, givens: dict[str, Any], options: dict[str, Any]) -> Response | None:
    """The answer at each point of the lists; None where all lists are series, and there is one point."""
    knowledge = knowledge_of(request)
    if not batches.asks_for_many(knowledge, slug, givens, fit=options.get("fit", "")):
        return None
    for name in WHOLES:
        if name in options:
            raise BadParameter(name, str(options[name])[:40], "nothing, unless uncertainty=monte-carlo")
    batch = batches.evaluate_batch(knowledge, slug, givens, **options, limits=limits_of(request))
    links = links_of(request)
    return table_answer(request, batch, batch_document(batch, links), negotiate(request, BATCH_OFFERS))


@router.get("/formulas/{slug}/solve", summary="Solve a formula for one of its symbols", openapi_extra=SOLVE)
async def solve(slug: Slug, request: Request) -> Response:
    """Roots with method, conditions and residual; the closed form and its steps."""
    givens, options = split_query(request, ("for", "subject", "fit", "unit"))
    unknown = options.pop("for", "")
    if not unknown:
        raise BadParameter("for", "", "the symbol to solve for")
    knowledge = knowledge_of(request)
    solution = await run_in_threadpool(formulas.solve_formula, knowledge, slug, unknown, givens, **options)
    document = solution_document(solution, links_of(request))
    mathml = partial(formulas.render_formula, knowledge, solution.formula, "mathml")
    return answer(request, document, template="evaluation.html", title=solution.label, mathml=mathml)


def split_query(request: Request, names: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, str]]:
    """Query parameters as givens and options; a field of a form that was left empty is no value.

    Raises:
        BadParameter: a name that comes twice.
    """
    givens: dict[str, Any] = {}
    options: dict[str, str] = {}
    for name, value in query_items(request):
        target = options if name in names else givens
        if name in target:
            raise BadParameter(name[:80], value[:40], "one value; a series is written 0.5,0.3")
        target[name] = value
    givens = {name: value for name, value in givens.items() if value.strip()}
    return givens, options


async def read_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object.

    Raises:
        HTTPException: 415 for another media type.
        BadSyntax, BadInput: it is no JSON, or no object.
    """
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise HTTPException(415, f"a body of {media_type} is not taken; send application/json")
    try:
        body = json.loads(await request.body(), parse_constant=_refuse_constant, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise BadSyntax("JSON body", error.msg, error.lineno, error.colno) from error
    except BadInput:
        raise
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise BadInput("JSON body: it is not UTF-8, or nested or numbered beyond bounds") from error
    if not isinstance(body, dict):
        raise BadSyntax("JSON body", "it must be an object", hint='send {"values": {…}}')
    return body


def _refuse_constant(name: str) -> float:
    raise BadInput(f"JSON body: {name} is no JSON; give finite numbers")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise BadInput(f"JSON body: the member {name[:80]!r} comes twice; give each name once")
        found[name] = value
    return found
