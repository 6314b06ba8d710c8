"""``/exercises/{slug}/check``: an answer in, a verdict out, with the reading of the question that it answers."""

import json

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.dependencies import knowledge_of, limits_of, links_of, parameters_of
from api.negotiation import JSON
from api.openapi import Slug, describe_operation
from api.routes.formulas import read_object
from api.wire import to_bytes
from api.wire_algebra import answer_document
from kg.errors import BadParameter
from kg.services import exercises

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


@router.post("/exercises/{slug}/check", summary="Check an answer to an exercise", openapi_extra=CHECK)
async def check_answer(slug: Slug, request: Request) -> Response:
    """Equal, proved or by test; different, with both values; or undecided; and which reading it answers."""
    parameters_of(request, ())
    body = await read_object(request)
    answer = body.pop("answer", "")
    if body:
        raise BadParameter(min(body)[:80], "…", "nothing here: the one member is answer")
    if isinstance(answer, bool) or not isinstance(answer, str | int | float):
        raise BadParameter("answer", json.dumps(answer)[:40], "a text or a number")
    found = await run_in_threadpool(
        exercises.check_answer, knowledge_of(request), slug, str(answer), limits=limits_of(request)
    )
    return Response(to_bytes(answer_document(found, links_of(request))), media_type=JSON)
