"""``/{kinds}``: resources of a kind, page by page, narrowed by words and filters."""

from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.dependencies import (
    kind_of_path,
    knowledge_of,
    links_of,
    negotiate,
    parameters_of,
    parse_whole,
    represent,
    written,
)
from api.negotiation import CSV, HTML, LIST_OFFERS, MARKDOWN, graph_format, split_suffix
from api.openapi import Kinds, describe_operation
from api.routing import PlainRoute
from api.wire import Document, list_document
from kg.model.iri import PLURALS
from kg.model.page import Page
from kg.services import describe, lists
from kg.services.knowledge import Knowledge

router = APIRouter(tags=["resources"], route_class=PlainRoute)

PAGING: Final = ("limit", "cursor", "q")
MOST_CHOICES: Final = 200
"""Values that a field of the page suggests; of more it suggests none."""


def filter_rows() -> list[tuple[str, str, bool]]:
    """Every filter as a parameter of the OpenAPI document, with the kinds that take it."""
    kinds: dict[str, list[str]] = {}
    for kind in PLURALS:
        for by in lists.filters_of(kind):
            kinds.setdefault(by.name, []).append(f"{PLURALS[kind]}: {by.meaning}")
    return [(name, "; ".join(meanings), False) for name, meanings in sorted(kinds.items())]


def add_values(parameters: list[Document], knowledge: Knowledge) -> None:
    """The parameters of the OpenAPI document have the values of this dataset as examples, where those are not many."""
    for parameter in parameters:
        values = {
            value
            for kind in PLURALS
            for by in lists.filters_of(kind)
            if by.name == parameter["name"]
            for value in lists.known_values(knowledge, kind, by)
        }
        if values and len(values) <= MOST_CHOICES:
            parameter["schema"] = {**parameter["schema"], "examples": sorted(values)}


LIST: Final = describe_operation(
    ("limit", f"How many on a page, 1 to {lists.MAX_LIMIT} ({lists.DEFAULT_LIMIT})", False),
    ("cursor", "Slug after which the page begins; the `next` of a page holds it", False),
    ("q", "Only those that have all these words", False),
    *filter_rows(),
    media=LIST_OFFERS,
)


@router.get("/{kinds}", summary="List resources of a kind", openapi_extra=LIST)
async def list_kind(kinds: Kinds, request: Request) -> Response:
    """Resources of the kind by IRI, with definitions; `Link` leads to the first, previous and next page."""
    stem, media_type = split_suffix(kinds, LIST_OFFERS)
    kind = kind_of_path(stem)
    known = (*PAGING, *(by.name for by in lists.filters_of(kind)))
    # A field of a form that was left empty narrows nothing.
    given = {name: value for name, value in parameters_of(request, known).items() if value.strip()}
    media_type = media_type or negotiate(request, LIST_OFFERS)
    return await run_in_threadpool(_list, request, kind, media_type, given)


def _list(request: Request, kind: str, media_type: str, given: dict[str, str]) -> Response:
    knowledge = knowledge_of(request)
    limit = parse_whole("limit", given.get("limit", str(lists.DEFAULT_LIMIT)), least=1, most=lists.MAX_LIMIT)
    filters = {name: value for name, value in given.items() if name not in PAGING}
    cursor, words = given.get("cursor", ""), given.get("q", "")
    found = lists.select_page(knowledge, kind, limit=limit, cursor=cursor, text=words, filters=filters)
    plain = f"/{PLURALS[kind]}"
    path = (
        plain if media_type == HTML else request.scope["path"]
    )  # A suffix stays: it is the form that was asked for.
    around = _around(found, request.scope["trivium.root"] + path, given)
    form = graph_format(media_type)
    if form:
        response = written(lists.page_graph(knowledge, found).serialize(form), media_type)
    elif media_type in (CSV, MARKDOWN):
        entries = lists.read_page(knowledge, found)
        title = PLURALS[kind].capitalize()
        response = written(describe.write_list(entries, media_type, title=title), media_type)
    else:
        response = _represent(request, media_type, found, around=around, given=given)
    response.headers["Link"] = ", ".join(
        f'<{address}>; rel="{relation}"' for relation, address in around.items()
    )
    return response


def _around(found: Page, path: str, given: dict[str, str]) -> dict[str, str]:
    """The pages around this one by their relation (RFC 8288, https://www.iana.org/assignments/link-relations)."""
    cursors = {"first": "", "prev": found.previous, "next": found.next}
    rest = {name: value for name, value in given.items() if name != "cursor"}
    addresses = {}
    for relation, cursor in cursors.items():
        if cursor is not None:
            query = urlencode(rest | ({"cursor": cursor} if cursor else {}))
            addresses[relation] = f"{path}?{query}" if query else path
    return addresses


def _represent(
    request: Request, media_type: str, found: Page, *, around: dict[str, str], given: dict[str, str]
) -> Response:
    knowledge = knowledge_of(request)
    document = list_document(lists.read_page(knowledge, found), found.total, links_of(request))
    document |= {"next": around.get("next")}
    if found.corrected:
        document["corrected"] = found.corrected
    fields = _fields(knowledge, found.kind, given) if media_type == HTML else []
    return represent(
        request,
        media_type,
        document,
        template="kind.html",
        title=PLURALS[found.kind].capitalize(),
        start=found.start,
        around=around,
        fields=fields,
        words=given.get("q", ""),
        path=around["first"].partition("?")[0],
    )


def _fields(knowledge: Knowledge, kind: str, given: dict[str, str]) -> list[Document]:
    """The filters as fields of a form, each with the values that it may take."""
    fields = []
    for by in lists.filters_of(kind):
        values = lists.known_values(knowledge, kind, by)
        if values:
            choices = values if len(values) <= MOST_CHOICES else ()
            fields.append(
                {"name": by.name, "meaning": by.meaning, "value": given.get(by.name, ""), "choices": choices}
            )
    return fields
