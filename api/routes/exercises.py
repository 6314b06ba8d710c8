"""``/exercises/{slug}``: an answer in, a verdict out with the reading that it answers; and hints, one at a time."""

import json

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.dependencies import answer, knowledge_of, limits_of, links_of, parameters_of, parse_whole
from api.negotiation import ANSWER_OFFERS, JSON
from api.openapi import Slug, describe_operation
from api.routes.formulas import read_object
from api.wire import to_bytes
from api.wire_algebra import answer_document, hint_document
from kg.errors import BadParameter
from kg.services import exercises, hints

MOST_HINTS = 1_000
router = APIRouter(tags=["exercises"])

CHECK = describe_operation(
    media=(JSON,),
    body={
        JSON: {
            "type": "object",
            "required": ["answer"],
            "properties": {
                "answer": {
                    "type": ["string", "number"],
                    "description": "A number or an expression in the symbols of what is given: `3.98`, `10**0.6`",
                }
            },
            "additionalProperties": False,
            "example": {"answer": "10**0.6"},
        }
    },
)


HINTS = describe_operation(("n", "Which hint, from 1 (1)", False), media=ANSWER_OFFERS)


@router.get("/exercises/{slug}/hints", summary="A hint for an exercise", openapi_extra=HINTS)
async def give_hint(slug: Slug, request: Request) -> Response:
    """One step towards an answer, and the address of the next one; the last leaves the arithmetic alone."""
    number = parse_whole("n", parameters_of(request, ("n",)).get("n", "1"), least=1, most=MOST_HINTS)
    exercise, hint, total = await run_in_threadpool(hints.give_hint, knowledge_of(request), slug, number)
    document = hint_document(exercise, hint, number, total, links_of(request))
    return answer(
        request, document, template="hint.html", title=f"{exercise.label}: hint {number} of {total}"
    )


@router.post("/exercises/{slug}/check", summary="Check an answer to an exercise", openapi_extra=CHECK)
async def check_answer(slug: Slug, request: Request) -> Response:
    """Equal, proved or by test; different, with both values; or undecided; and which reading it answers."""
    parameters_of(request, ())
    body = await read_object(request)
    given = body.pop("answer", "")
    if body:
        raise BadParameter(min(body)[:80], "…", "nothing here: the one member is answer")
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise BadParameter("answer", json.dumps(given)[:40], "a text or a number")
    found = await run_in_threadpool(
        exercises.check_answer, knowledge_of(request), slug, str(given), limits=limits_of(request)
    )
    return Response(to_bytes(answer_document(found, links_of(request))), media_type=JSON)
