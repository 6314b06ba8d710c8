"""Errors as problem documents (RFC 9457): the only place that knows which error is which status."""

import dataclasses
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

from api.negotiation import HTML, choose
from api.pages import render_page
from kg import errors
from kg.errors import TriviumError

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
PROBLEM_JSON: Final = "application/problem+json"
RETRY_AFTER_S: Final = "1"


@dataclass(frozen=True, slots=True)
class Problem:
    """A type of problem: ``name`` ends its dereferenceable type IRI, ``next_step`` says what to do about it."""

    name: str
    status: int
    title: str
    next_step: str


PROBLEMS: Final[dict[type[Exception], Problem]] = {
    errors.BadSyntax: Problem(
        "bad-syntax",
        400,
        "The text does not parse",
        "Correct it at the line and column that the answer names.",
    ),
    errors.TooLarge: Problem("too-large", 413, "Over a limit", "Send less; the answer names the limit."),
    errors.BadParameter: Problem(
        "bad-parameter", 400, "A parameter cannot be used", "Give it a value that the answer names."
    ),
    errors.ForbiddenQuery: Problem(
        "forbidden-query",
        403,
        "The query is refused",
        "Ask without SERVICE, LOAD or an update: this service reads its own graph only.",
    ),
    errors.BadInput: Problem("bad-input", 400, "The request is malformed", "Correct what the answer names."),
    errors.NotFound: Problem(
        "not-found", 404, "There is no such resource", "Try one of the near names, or the list."
    ),
    errors.LearnerNotFound: Problem(
        "learner-not-found", 404, "No such learner", "Check the header Trivium-Learner, or begin anew."
    ),
    errors.UnknownSymbol: Problem(
        "unknown-symbol", 422, "The formula has no such symbol", "Use one of the known symbols or quantities."
    ),
    errors.MissingValue: Problem(
        "missing-value", 422, "An input has no value", "Give the values that are named."
    ),
    errors.WrongDimension: Problem(
        "wrong-dimension",
        422,
        "The dimension does not fit",
        "Give the value in a unit of the expected dimension.",
    ),
    errors.OutOfDomain: Problem(
        "out-of-domain", 422, "Outside the domain", "Give values for which the formula is defined."
    ),
    errors.NotSolvable: Problem(
        "not-solvable", 422, "Not solvable", "Give values for the other symbols, or solve for another."
    ),
    errors.NoClosedForm: Problem(
        "no-closed-form", 422, "No closed form", "Simplify the expression, or compute it by number."
    ),
    errors.NoDerivation: Problem(
        "no-derivation",
        422,
        "Nothing known leads there",
        "Give one of the sets of quantities under `missing`.",
    ),
    errors.ContradictingGivens: Problem(
        "contradicting-givens", 422, "The givens contradict each other", "Leave one of the named givens out."
    ),
    errors.InvalidFormula: Problem(
        "invalid-formula", 500, "A formula of the dataset is faulty", "Run `trivium check` on the dataset."
    ),
    errors.FormulaError: Problem(
        "formula", 422, "The formula cannot answer", "Change what the answer names."
    ),
    errors.LearningError: Problem(
        "prerequisites", 422, "The prerequisite graph cannot answer", "Run `trivium check` on the dataset."
    ),
    errors.NotCheckable: Problem(
        "not-checkable", 422, "The answer cannot be checked", "Judge it yourself by what the exercise asks."
    ),
    errors.InvalidData: Problem(
        "invalid-data", 500, "The dataset is faulty", "Run `trivium check` on the dataset."
    ),
    errors.Unavailable: Problem(
        "unavailable", 501, "Not available here", "Use what the answer names instead."
    ),
    errors.DeadlineExceeded: Problem(
        "deadline-exceeded", 503, "Stopped at its deadline", "Ask for less, or give a longer timeout."
    ),
    errors.Overloaded: Problem("overloaded", 503, "Too many requests wait", "Ask again after Retry-After."),
    errors.WorkerFailed: Problem(
        "worker-failed", 500, "The computation could not be finished", "Ask for less, in smaller parts."
    ),
    errors.TriviumError: Problem(
        "error", 500, "The service cannot answer", "Report it with the request you sent."
    ),
}
"""Error class → problem; an error is answered by the nearest class of its own line of descent."""

PLAIN: Final = {
    404: Problem(
        "no-such-path", 404, "There is nothing at this path", "See /docs for the paths that answer."
    ),
    405: Problem(
        "method-not-allowed", 405, "The path does not take this method", "Use one of the allowed methods."
    ),
    406: Problem(
        "not-acceptable", 406, "No such representation", "Ask for one of the media types that are named."
    ),
    415: Problem(
        "unsupported-media-type", 415, "The body's media type is not taken", "Send one that is named."
    ),
    500: Problem(
        "internal-error", 500, "The service failed", "It is our fault; report the request you sent."
    ),
}
ALL: Final = tuple(sorted({*PROBLEMS.values(), *PLAIN.values()}, key=lambda problem: problem.name))


def problem_of(error: Exception) -> Problem:
    """The problem type that answers an error."""
    if isinstance(error, HTTPException):
        status = HTTPStatus(error.status_code)
        kind = PROBLEMS[errors.BadInput if status < HTTPStatus.INTERNAL_SERVER_ERROR else TriviumError]
        return PLAIN.get(status) or dataclasses.replace(kind, status=int(status), title=status.phrase)
    return next((PROBLEMS[c] for c in type(error).__mro__ if c in PROBLEMS), PLAIN[500])


def problem_document(error: Exception, *, instance: str, root: str) -> dict[str, object]:
    """The document: the standard members, the error's own fields, and what to do next."""
    problem = problem_of(error)
    if isinstance(error, TriviumError):
        detail = str(error)
    else:
        detail = error.detail if isinstance(error, HTTPException) else problem.title
    fields: dict[str, object] = (
        dataclasses.asdict(error) if dataclasses.is_dataclass(error) and not isinstance(error, type) else {}
    )
    members: dict[str, object] = {
        "type": f"{root}/problems/{problem.name}",
        "title": problem.title,
        "status": problem.status,
        "detail": detail,
        "instance": instance,
        "next": problem.next_step,
    }
    told = {name: value for name, value in fields.items() if value not in ("", (), None)}
    if not told.get("line"):  # Places count from 1; an error that knows none has 0.
        told = {name: value for name, value in told.items() if name not in ("line", "column")}
    return members | {name: value for name, value in told.items() if name not in members}


def problem_response(error: Exception, scope: Scope) -> Response:
    """The document as JSON, or as a page for browsers."""
    request = Request(scope)
    document = problem_document(error, instance=quote(scope["path"]), root=scope["trivium.root"])
    status = problem_of(error).status
    headers = dict(getattr(error, "headers", None) or {})
    if document["detail"] == HTTPStatus.NOT_FOUND.phrase:
        document["detail"] = f"there is nothing at {scope['path']}"
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(allowed_methods(scope))
        document["detail"] = f"{scope['path']} does not take {scope['method']}; it takes {headers['Allow']}"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = RETRY_AFTER_S
    if choose(request.headers.get("accept", ""), (PROBLEM_JSON, "application/json", HTML)) == HTML:
        page = render_page(
            "problem.html", root=scope["trivium.root"], title=document["title"], problem=document
        )
        return Response(page.encode(errors="replace"), status, {**headers, "Vary": "Accept"}, HTML)
    # JSON may name half a surrogate pair, and an error repeats what was sent; UTF-8 has no place for it.
    body = json.dumps(document, ensure_ascii=False, default=str, allow_nan=False).encode(
        errors="backslashreplace"
    )
    return Response(body, status, {**headers, "Vary": "Accept"}, PROBLEM_JSON)


def allowed_methods(scope: Scope) -> tuple[str, ...]:
    """The methods that the path of the request takes, over all routes that match it; none where none does."""

    def is_taken(method: str) -> bool:
        asked = {**scope, "method": method}
        return any(route.matches(asked)[0] is Match.FULL for route in scope["app"].routes)

    taken = tuple(method for method in METHODS if is_taken("GET" if method == "HEAD" else method))
    return (*taken, "OPTIONS") if taken else ()


async def handle_error(request: Request, error: Exception) -> Response:
    """Exception handler of the app."""
    return problem_response(error, request.scope)


async def send_problem(error: Exception, scope: Scope, send: Send) -> None:
    """Answer from outside the app's handlers."""

    async def nothing() -> dict[str, object]:
        return {"type": "http.disconnect"}

    receive: Receive = nothing
    await problem_response(error, scope)(scope, receive, send)
