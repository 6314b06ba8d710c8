"""What every route needs: the opened knowledge, links to this host, and an answer in the form that was asked for."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.links import Links
from api.negotiation import HTML, JSON, choose
from api.pages import render_page
from api.settings import Settings
from api.wire import Document, to_bytes
from kg.errors import BadParameter, BadSyntax, TooLarge
from kg.model.iri import SINGULARS
from kg.services.knowledge import Knowledge
from kg.workers.limits import Limits

MOST_PAIRS: Final = 1_000


def knowledge_of(request: Request) -> Knowledge:
    """The knowledge that the app was made for."""
    knowledge: Knowledge = request.app.state.knowledge
    return knowledge


def limits_of(request: Request) -> Limits:
    """What a request may use of a worker."""
    settings: Settings = request.app.state.settings
    return settings.limits


def links_of(request: Request) -> Links:
    """Addresses on the host that the request names, or under the configured base URL."""
    return Links(knowledge_of(request).base, request.scope["trivium.root"])


def written(body: bytes | str, media_type: str) -> Response:
    """A document that is already written; of texts the charset is told."""
    if isinstance(body, str):
        body = body.encode(errors="replace")
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    return Response(body, media_type=f"{media_type}{charset}", headers={"Vary": "Accept"})


def query_items(request: Request) -> list[tuple[str, str]]:
    """The query parameters in order, as :func:`parse_pairs` reads them."""
    return parse_pairs(request.scope["query_string"], "query string")


def parse_pairs(data: bytes, what: str) -> list[tuple[str, str]]:
    """Names and values of ``application/x-www-form-urlencoded`` text, in order.

    Raises:
        BadSyntax: it is no UTF-8.
        TooLarge: more than :data:`MOST_PAIRS`.
    """
    if data.count(b"&") >= MOST_PAIRS:
        raise TooLarge(f"the number of parameters of the {what}", data.count(b"&") + 1, MOST_PAIRS)
    try:
        return parse_qsl(data.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise BadSyntax(what, f"{error.object[error.start : error.end]!r} is no UTF-8") from error


def negotiate(request: Request, offers: tuple[str, ...]) -> str:
    """The media type to answer in.

    Raises:
        HTTPException: 406, naming the offers.
    """
    chosen = choose(request.headers.get("accept", ""), offers)
    if chosen is None:
        raise HTTPException(
            406, f"none of the accepted media types is offered; there are {', '.join(offers)}"
        )
    return chosen


def answer(request: Request, document: Document, *, template: str, title: str, **context: object) -> Response:
    """The document as JSON, or as the page that shows it."""
    return represent(
        request, negotiate(request, (JSON, HTML)), document, template=template, title=title, **context
    )


def represent(
    request: Request, media_type: str, document: Document, *, template: str, title: str, **context: object
) -> Response:
    """The document in a media type that is already chosen: JSON or HTML."""
    if media_type == HTML:
        return page(request, template, title=title, document=document, **context)
    return Response(to_bytes(document), media_type=JSON, headers={"Vary": "Accept"})


def page(request: Request, template: str, **context: object) -> Response:
    """A rendered page; its links begin with the root of this service."""
    html = render_page(template, root=request.scope["trivium.root"], **context)
    return Response(html.encode(errors="replace"), media_type=HTML, headers={"Vary": "Accept"})


def kind_of_path(plural: str) -> str:
    """The kind that a segment of the path names in the plural.

    Raises:
        HTTPException: 404, naming the kinds.
    """
    if plural not in SINGULARS:
        raise HTTPException(404, f"there is no path /{plural}; kinds are {', '.join(SINGULARS)}")
    return SINGULARS[plural]


def parameters_of(request: Request, known: tuple[str, ...]) -> dict[str, str]:
    """Query parameters by name.

    Raises:
        BadParameter: one that the path does not take, or one that is given twice.
    """
    found: dict[str, str] = {}
    for name, value in query_items(request):
        if name not in known:
            raise unknown_parameter(name, value, known)
        if name in found:
            raise BadParameter(name, value[:40], "one value, not several")
        found[name] = value
    return found


def unknown_parameter(name: str, value: str, known: Iterable[str]) -> BadParameter:
    """The refusal of a parameter that the path does not take."""
    return BadParameter(
        name[:80], value[:40], f"nothing here: the parameters are {', '.join(known) or 'none'}"
    )


def parse_whole(name: str, text: str, *, least: int, most: int) -> int:
    """A whole number between two bounds.

    Raises:
        BadParameter: it is not.
    """
    if not text.isascii() or not text.isdecimal() or len(text) > 9 or not least <= int(text) <= most:
        raise BadParameter(name, text[:40], f"a whole number from {least} to {most}")
    return int(text)


def parse_flag(name: str, text: str) -> bool:
    """``true`` or ``false``.

    Raises:
        BadParameter: it is neither.
    """
    if text not in ("true", "false"):
        raise BadParameter(name, text[:40], "true or false")
    return text == "true"
