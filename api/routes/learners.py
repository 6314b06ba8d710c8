"""``/learners``: what a learner knows, kept under a token that only the learner has."""

import json
from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.dependencies import knowledge_of, links_of, parameters_of
from api.learner import HEADER, learners_of, require_token
from api.negotiation import JSON
from api.openapi import describe_operation
from api.plan_options import parse_day
from api.routes.formulas import read_object
from api.routing import PlainRoute
from api.wire import Document, to_bytes
from api.wire_learner import learner_document
from kg.errors import BadParameter
from kg.model.learner import LearnerState
from kg.services.learner_store import StoredLearner

router = APIRouter(tags=["learners"], route_class=PlainRoute)

PATH: Final = "/learners/me"
_TOPICS: Final = {
    "type": "array",
    "description": "Slugs, or objects with `topic`, `on` (the day) and `evidence`",
    "items": {"anyOf": [{"type": "string"}, {"type": "object"}]},
}
_STATE: Final[dict[str, object]] = {
    JSON: {
        "type": "object",
        "properties": {"topics": _TOPICS},
        "additionalProperties": False,
        "example": {"topics": ["probability-theory", {"topic": "linear-algebra", "on": "2027-01-04"}]},
    }
}
_SLUGS: Final = {"type": "array", "items": {"type": "string"}}
_CHANGE: Final[dict[str, object]] = {
    JSON: {
        "type": "object",
        "properties": {
            "learned": _SLUGS,
            "forgotten": _SLUGS,
            "on": {"type": "string", "description": "The day, as 2027-01-04"},
            "evidence": {"type": "string", "description": "How the learner knows"},
        },
        "additionalProperties": False,
        "example": {"learned": ["linear-algebra"], "on": "2027-01-04", "evidence": "course"},
    }
}
_TOKEN: Final = {
    "name": HEADER,
    "in": "header",
    "required": True,
    "description": "The token that `POST /learners` gave",
    "schema": {"type": "string"},
}


def _described(body: dict[str, object] | None = None) -> dict[str, object]:
    return describe_operation(media=(JSON,), body=body) | {"parameters": [_TOKEN]}


@router.post(
    "/learners",
    summary="Keep what a learner knows",
    status_code=201,
    openapi_extra=describe_operation(media=(JSON,), body=_STATE),
)
async def create_learner(request: Request) -> Response:
    """A token under which the state is kept; it is shown this once, and cannot be found out again."""
    parameters_of(request, ())
    learners = learners_of(request)
    body = await read_object(request) if await request.body() else {}
    token, stored = await run_in_threadpool(learners.create, LearnerState.read(body))
    document = {"token": token, "header": f"{HEADER}: {token}"} | _document(request, stored)
    return _private(document, status=201, location=f"{request.scope['trivium.root']}{PATH}")


@router.get(PATH, summary="What a learner knows", openapi_extra=_described())
async def read_learner(request: Request) -> Response:
    """The topics that the learner named, with dates and evidence."""
    parameters_of(request, ())
    learners, token = learners_of(request), require_token(request)
    stored = await run_in_threadpool(learners.read, token)
    return _private(_document(request, stored))


@router.put(PATH, summary="Replace what a learner knows", openapi_extra=_described(_STATE))
async def replace_learner(request: Request) -> Response:
    """The state of the body in place of the one before."""
    parameters_of(request, ())
    learners, token = learners_of(request), require_token(request)
    state = LearnerState.read(await read_object(request))
    stored = await run_in_threadpool(learners.replace, token, state)
    return _private(_document(request, stored))


@router.patch(PATH, summary="Topics learnt, or taken back", openapi_extra=_described(_CHANGE))
async def change_learner(request: Request) -> Response:
    """The state with topics added, and others taken back with all that builds on them."""
    parameters_of(request, ())
    learners, token = learners_of(request), require_token(request)
    body = await read_object(request)
    lists = {name: _slugs(name, body.pop(name, [])) for name in ("learned", "forgotten")}
    on, evidence = (_text(name, body.pop(name, "")) for name in ("on", "evidence"))
    if body:
        raise BadParameter(
            min(body)[:80], "…", "nothing here: the members are learned, forgotten, on, evidence"
        )
    day = parse_day("on", on)
    stored = await run_in_threadpool(
        lambda: learners.change(
            token, learned=lists["learned"], forgotten=lists["forgotten"], on=day, evidence=evidence
        )
    )
    return _private(_document(request, stored))


@router.delete(PATH, summary="Forget a learner", status_code=204, openapi_extra={"parameters": [_TOKEN]})
async def delete_learner(request: Request) -> Response:
    """Nothing is kept under the token any more."""
    parameters_of(request, ())
    learners, token = learners_of(request), require_token(request)
    await run_in_threadpool(learners.delete, token)
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


def _document(request: Request, stored: StoredLearner) -> Document:
    return learner_document(knowledge_of(request), stored.state, links_of(request), expires=stored.expires)


def _private(document: Document, *, status: int = 200, location: str = "") -> Response:
    headers = {"Cache-Control": "no-store"} | ({"Location": location} if location else {})
    return Response(to_bytes(document), status, headers, JSON)


def _slugs(name: str, value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise BadParameter(name, json.dumps(value)[:40], "a list of slugs")
    return [each for each in value if each.strip()]


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise BadParameter(name, json.dumps(value)[:40], "a text")
    return value
