"""The dataset for machines: VoID, a dump, the description of the SPARQL service, and contexts for its JSON."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.dependencies import knowledge_of, links_of, negotiate, parameters_of, written
from api.negotiation import graph_format
from api.openapi import describe_operation
from api.routing import PlainRoute
from api.wire import to_bytes
from kg.rdf.formats import GRAPH_FORMATS, JSONLD
from kg.services import dataset
from kg.store.results import Triples

router = APIRouter(tags=["service"], route_class=PlainRoute)

DESCRIPTION_OFFERS: Final = tuple(form.media_type for form in GRAPH_FORMATS)
DUMPS: Final = {f"dataset.{form.suffix}": form for form in dataset.DUMP_FORMATS}
RESOURCE_CONTEXT: Final = "/contexts/resource.jsonld"
CONTEXT: Final = describe_operation(media=(JSONLD.media_type,))


@router.get("/.well-known/void", summary="VoID", openapi_extra=describe_operation(media=DESCRIPTION_OFFERS))
async def void(request: Request) -> Response:
    """What the dataset is and how much it holds, as RDF (https://www.w3.org/TR/void/), Turtle first."""
    parameters_of(request, ())
    media_type = negotiate(request, DESCRIPTION_OFFERS)
    knowledge, root = knowledge_of(request), links_of(request).root
    return await run_in_threadpool(lambda: _write(dataset.void_graph(knowledge, root), media_type))


async def describe_service(request: Request) -> Response:
    """The SPARQL 1.1 service description, for ``/sparql`` without a query."""
    media_type = negotiate(request, DESCRIPTION_OFFERS)
    knowledge, root = knowledge_of(request), links_of(request).root
    return await run_in_threadpool(lambda: _write(dataset.service_graph(knowledge, root), media_type))


@router.get(
    "/dataset.trig", summary="Dump in TriG", openapi_extra=describe_operation(media=("application/trig",))
)
async def dump_trig(request: Request) -> Response:
    """All named graphs of the dataset in one document."""
    return await _dump(request)


@router.get(
    "/dataset.nq", summary="Dump in N-Quads", openapi_extra=describe_operation(media=("application/n-quads",))
)
async def dump_nquads(request: Request) -> Response:
    """All named graphs of the dataset, a line for each quad."""
    return await _dump(request)


@router.get("/context.jsonld", summary="JSON-LD context of the ontology", openapi_extra=CONTEXT)
async def context(request: Request) -> Response:
    """Prefixes, and the type of every property: for JSON-LD that people write."""
    parameters_of(request, ())
    return _context(dataset.vocabulary_context(knowledge_of(request)))


@router.get(RESOURCE_CONTEXT, summary="JSON-LD context of resources", openapi_extra=CONTEXT)
async def context_of_resources(request: Request) -> Response:
    """What makes the JSON of a resource JSON-LD; their `Link` header names it."""
    parameters_of(request, ())
    return _context(dataset.resource_context(knowledge_of(request)))


def context_link(root: str) -> str:
    """Value of the ``Link`` header (https://www.w3.org/TR/json-ld11/#interpreting-json-as-json-ld)."""
    return (
        f'<{root}{RESOURCE_CONTEXT}>; rel="http://www.w3.org/ns/json-ld#context"; type="{JSONLD.media_type}"'
    )


def _context(document: dict[str, object]) -> Response:
    return Response(to_bytes(document), media_type=JSONLD.media_type)


def _write(graph: Triples, media_type: str) -> Response:
    form = graph_format(media_type)
    if form is None:
        raise HTTPException(406, f"{media_type} holds no graph")
    return written(graph.serialize(form), media_type)


async def _dump(request: Request) -> Response:
    parameters_of(request, ())
    form = DUMPS[request.scope["path"].rpartition("/")[2]]
    body = await run_in_threadpool(dataset.dump, knowledge_of(request), form)
    return Response(body, media_type=form.media_type)
