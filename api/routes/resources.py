"""``/{kinds}/{slug}``, ``/id/…`` and ``/describe``: what the graph says of its resources."""

from difflib import get_close_matches
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.dependencies import (
    kind_of_path,
    knowledge_of,
    links_of,
    negotiate,
    page,
    parameters_of,
    written,
)
from api.links import Links
from api.negotiation import HTML, JSON, MARKDOWN, RESOURCE_OFFERS, graph_format, split_suffix
from api.openapi import Kind, Kinds, Slug, describe_operation
from api.routes.dataset import context_link
from api.routing import PlainRoute
from api.wire import Document, to_bytes
from api.wire_describe import description_document
from kg.errors import BadParameter, NotFound, TriviumError
from kg.model.iri import PLURALS, Iri, Name
from kg.services import describe, formulas
from kg.services.knowledge import Knowledge

if TYPE_CHECKING:
    from kg.model.description import Description

router = APIRouter(tags=["resources"], route_class=PlainRoute)


@router.get("/id/{kind}/{slug}", summary="Dereference an IRI", status_code=303)
async def dereference(kind: Kind, slug: Slug, request: Request) -> Response:
    """303 to the page that answers for the resource (https://www.w3.org/TR/cooluris/)."""
    if kind not in PLURALS:
        raise NotFound("kind", kind[:80], tuple(get_close_matches(kind[:80], PLURALS)))
    knowledge = knowledge_of(request)
    return RedirectResponse(links_of(request).href(describe.require_resource(knowledge, kind, slug)), 303)


@router.get(
    "/describe",
    summary="Describe any IRI",
    openapi_extra=describe_operation(
        ("iri", "An IRI or a CURIE of the dataset", True), media=RESOURCE_OFFERS
    ),
)
async def describe_iri(request: Request) -> Response:
    """What the graph says of an IRI: its own pages are not needed for it."""
    iri = parameters_of(request, ("iri",)).get("iri", "")
    if not iri:
        raise BadParameter("iri", "", "an IRI or a CURIE of the dataset")
    media_type = negotiate(request, RESOURCE_OFFERS)
    return await run_in_threadpool(_describe, request, iri, media_type)


@router.get(
    "/{kinds}/{slug}", summary="Look a resource up", openapi_extra=describe_operation(media=RESOURCE_OFFERS)
)
async def look_up(kinds: Kinds, slug: Slug, request: Request) -> Response:
    """All of it in one answer: values, links with labels, parts, evidence, and what points to it."""
    kind = kind_of_path(kinds)
    stem, media_type = split_suffix(slug, RESOURCE_OFFERS)
    parameters_of(request, ())
    media_type = media_type or negotiate(request, RESOURCE_OFFERS)
    suffix = slug.removeprefix(stem)
    return await run_in_threadpool(_look_up, request, kind, stem, media_type=media_type, suffix=suffix)


def _look_up(request: Request, kind: str, slug: str, *, media_type: str, suffix: str) -> Response:
    knowledge = knowledge_of(request)
    moved = describe.find_moved(knowledge, kind, slug)
    if moved:
        return RedirectResponse(links_of(request).href(moved) + suffix, 301)
    return _describe(request, describe.require_resource(knowledge, kind, slug), media_type)


def _describe(request: Request, reference: str, media_type: str) -> Response:
    knowledge = knowledge_of(request)
    links = links_of(request)
    form = graph_format(media_type)
    if form:
        return written(describe.describe_graph(knowledge, reference).serialize(form), media_type)
    description = describe.describe(knowledge, reference)
    if media_type == MARKDOWN:
        return written(describe.write_description(description), media_type)
    document = description_document(description, links)
    if media_type == HTML:
        return _page(request, knowledge, description, document)
    response = Response(to_bytes(document), media_type=JSON, headers={"Vary": "Accept"})
    response.headers["Link"] = context_link(links.root)
    return response


def _page(request: Request, knowledge: Knowledge, description: "Description", document: Document) -> Response:
    links = links_of(request)
    reference = describe.lay_out(description)
    return page(
        request,
        "resource.html",
        title=description.label or description.iri,
        document=document,
        page=reference,
        links=links,
        numbers={source.iri: number for number, source in enumerate(reference.sources, 1)},
        form=_form(knowledge, description.iri, document),
        topic=document["href"] if description.iri.startswith(f"{knowledge.base}topic/") else "",
        self_href=_page_href(knowledge, links, description.iri),
    )


def _page_href(knowledge: Knowledge, links: Links, iri: Iri) -> str:
    """Address to which suffixes can be added; empty for what has no page of its own."""
    return links.href(iri).partition("#")[0] if Name.parse(iri, knowledge.base) else ""


def _form(knowledge: Knowledge, iri: Iri, document: Document) -> Document | None:
    """Fields of the evaluation form, for a formula."""
    if not iri.startswith(f"{knowledge.base}formula/") or "#" in iri:
        return None
    record = knowledge.formula(iri).record
    fields = [
        {
            "symbol": v.symbol,
            "label": v.label,
            "unit": v.unit.symbol,
            "default": "" if v.default is None else v.default,
        }
        for v in record.variables
        if v.role == "input"
    ]
    return {
        "action": f"{document['href']}/evaluate",
        "fields": fields,
        "mathml": _mathml(knowledge, iri),
        "renderings": formulas.RENDERED,
        "self": document["href"],
    }


def _mathml(knowledge: Knowledge, iri: Iri) -> str:
    """The formula in MathML; nothing where its record is faulty, which its page may still show."""
    try:
        return formulas.render_formula(knowledge, iri, "mathml")
    except TriviumError:
        return ""
