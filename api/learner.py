"""The learner of a request: the token in ``Trivium-Learner``, never in a URL, and what is kept under it.

An address ends up in logs, histories and links that are passed on; a header does not.
"""

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response

from kg.errors import BadParameter, Unavailable

if TYPE_CHECKING:
    from kg.services.learners import Learners

HEADER: Final = "Trivium-Learner"
INSTEAD: Final = "name what is known in know=, keep it in a file, or serve with TRIVIUM_LEARNERS=FOLDER"


def learners_of(request: Request) -> "Learners":
    """The learners that this service keeps.

    Raises:
        Unavailable: it keeps none.
    """
    learners: Learners | None = request.app.state.learners
    if learners is None:
        raise Unavailable("keeping what a learner knows", INSTEAD)
    return learners


def token_of(request: Request) -> str:
    """The token that the request gives; empty where it gives none."""
    return request.headers.get(HEADER, "").strip()


def require_token(request: Request) -> str:
    """The token that the request gives.

    Raises:
        BadParameter: it gives none.
    """
    token = token_of(request)
    if not token:
        raise BadParameter(HEADER, "", "the token that POST /learners gave, as a header of the request")
    return token


def known_topics(request: Request, know: list[str]) -> list[str]:
    """The topics that the request names, and those of its learner.

    Raises:
        Unavailable: this service keeps no learners. NotFound: nothing is kept under the token.
    """
    token = token_of(request)
    return [*know, *learners_of(request).known(token)] if token else know


def keep_private(request: Request, response: Response) -> Response:
    """The answer to a learner is stored by no cache (RFC 9111, 5.2.2.5)."""
    if token_of(request):
        response.headers["Cache-Control"] = "no-store"
    return response
