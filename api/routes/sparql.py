"""``/sparql``: the query operation of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/)."""

import re
from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.dependencies import (
    knowledge_of,
    links_of,
    page,
    parse_pairs,
    query_items,
    unknown_parameter,
)
from api.links import Links
from api.negotiation import HTML, JSON, choose, graph_format, solution_format
from api.openapi import TEXT, describe_operation
from api.routes.dataset import DESCRIPTION_OFFERS, describe_service
from api.routing import PlainRoute
from kg.errors import BadParameter, BadSyntax, ForbiddenQuery, TriviumError
from kg.rdf.formats import GRAPH_FORMATS, SOLUTION_FORMATS
from kg.rdf.prefixes import Prefixes
from kg.services import sparql
from kg.store.results import Answer, Boolean, Solutions

router = APIRouter(tags=["sparql"], route_class=PlainRoute)

EXAMPLE: Final = """# The page's architectures with their innovation and status
SELECT ?architecture ?innovation ?status WHERE {
  ?architecture tv:keyInnovation ?innovation .
  ?assessment tv:about ?architecture ; tv:maturity/skos:prefLabel ?status ; dcterms:source source:page .
} ORDER BY ?architecture"""
CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]+")
SHOWN_ROWS: Final = 500
SOLUTION_OFFERS: Final = (*(f.media_type for f in SOLUTION_FORMATS), JSON, "application/xml", HTML)
GRAPH_OFFERS: Final = (*(f.media_type for f in GRAPH_FORMATS), HTML)
GRAPHS: Final = (
    ("default-graph-uri", "IRI of a graph to query as the default graph; repeatable", False),
    ("named-graph-uri", "IRI of a named graph to query; repeatable", False),
)
MEDIA: Final = tuple(dict.fromkeys((*SOLUTION_OFFERS, *GRAPH_OFFERS)))
QUERY: Final = describe_operation(
    ("query", "A SPARQL 1.1 query; the dataset's prefixes need no declaration", True), *GRAPHS, media=MEDIA
)
QUERY_BODY: Final = describe_operation(
    *GRAPHS,
    media=MEDIA,
    body={
        "application/sparql-query": TEXT,
        "application/x-www-form-urlencoded": {
            "type": "object",
            "required": ["query"],
            "properties": {"query": TEXT, **{name: TEXT for name, _, _ in GRAPHS}},
        },
    },
)


@router.get("/sparql", summary="Ask by SPARQL", openapi_extra=QUERY)
async def query(request: Request) -> Response:
    """Solutions as JSON, XML, CSV or TSV; graphs as Turtle, N-Triples, JSON-LD and more; a form for browsers."""
    parameters = query_items(request)
    if not parameters and _wants_page(request):
        return page(request, "sparql.html", title="SPARQL", query=EXAMPLE)
    if not parameters and choose(request.headers.get("accept", ""), DESCRIPTION_OFFERS):
        return await describe_service(request)
    return await _answer(request, parameters)


@router.post("/sparql", summary="Ask by SPARQL with a body", openapi_extra=QUERY_BODY)
async def query_body(request: Request) -> Response:
    """A form, or the query itself as ``application/sparql-query``."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    parameters = query_items(request)
    if media_type == "application/sparql-query":
        return await _answer(request, [*parameters, ("query", _decode(body))])
    if media_type == "application/x-www-form-urlencoded":
        return await _answer(request, [*parameters, *parse_pairs(body, "form")])
    if media_type == "application/sparql-update":
        raise ForbiddenQuery("an update", 1, 1, "this service is read-only")
    raise HTTPException(
        415,
        f"a body of {media_type or 'no media type'} is not taken; send application/sparql-query or "
        "application/x-www-form-urlencoded",
    )


async def _answer(request: Request, parameters: list[tuple[str, str]]) -> Response:
    found: dict[str, list[str]] = {}
    for name, value in parameters:
        found.setdefault(name, []).append(value)
    if "update" in found:
        raise ForbiddenQuery("an update", 1, 1, "this service is read-only")
    queries = found.get("query", [])
    if len(queries) != 1:
        raise BadParameter("query", f"{len(queries)} values", "exactly one SPARQL query")
    _refuse_unknown(found)
    return await run_in_threadpool(
        _respond,
        request,
        queries[0],
        tuple(found.get("default-graph-uri", ())),
        tuple(found.get("named-graph-uri", ())),
    )


def _refuse_unknown(found: dict[str, list[str]]) -> None:
    known = ("query", "default-graph-uri", "named-graph-uri")
    for name in found:
        if name not in known:
            raise unknown_parameter(name, found[name][0], known)


def _respond(
    request: Request, text: str, default_graphs: tuple[str, ...], named_graphs: tuple[str, ...]
) -> Response:
    """Evaluate and serialise: all of it off the event loop, in one thread."""
    try:
        response = _evaluate(request, text, default_graphs, named_graphs)
        if sparql.is_volatile(text):
            response.headers["Cache-Control"] = "no-store"
        return response
    except (TriviumError, HTTPException) as error:
        # A traceback holds the open answer, which must not be freed by another thread.
        error.__context__ = None
        raise error.with_traceback(None) from None


def _evaluate(
    request: Request, text: str, default_graphs: tuple[str, ...], named_graphs: tuple[str, ...]
) -> Response:
    knowledge = knowledge_of(request)
    answer = sparql.run_query(knowledge, text, default_graphs=default_graphs, named_graphs=named_graphs)
    media_type = _choose(request, answer)
    if media_type == HTML:
        return _page(request, text, answer)
    form = (
        solution_format(media_type) if isinstance(answer, Solutions | Boolean) else graph_format(media_type)
    )
    if form is None:
        raise HTTPException(406, f"{media_type} cannot hold this answer")
    body = answer.serialize(form)
    headers = {"Vary": "Accept", **_warning_header(answer)}
    return Response(body, media_type=_with_charset(media_type), headers=headers)


def _choose(request: Request, answer: Answer) -> str:
    offers = SOLUTION_OFFERS if isinstance(answer, Solutions | Boolean) else GRAPH_OFFERS
    chosen = choose(request.headers.get("accept", ""), offers)
    if chosen is None:
        raise HTTPException(
            406, f"none of the accepted media types can hold this answer; there are {', '.join(offers)}"
        )
    return chosen


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _warning_header(answer: Answer) -> dict[str, str]:
    """``Trivium-Warning``: why calls of our functions failed, in the characters that a header takes.

    What is not printable ASCII stands as an escape of Python (RFC 9110, 5.5 allows no control characters).
    """
    if not answer.warnings:
        return {}
    text = " | ".join(answer.warnings)
    plain = CONTROLS.sub(" ", text.encode("ascii", "backslashreplace").decode())
    return {"Trivium-Warning": plain.strip()}


def _page(request: Request, text: str, answer: Answer) -> Response:
    """The answer below the form that asked."""
    if not isinstance(answer, Solutions):
        shown = (
            str(answer.value) if isinstance(answer, Boolean) else answer.serialize(GRAPH_FORMATS[0]).decode()
        )
        return page(request, "sparql.html", title="SPARQL", query=text, text=shown)
    links = links_of(request)
    rows: list[list[dict[str, str]]] = []
    more = False
    for row in answer:
        if len(rows) == SHOWN_ROWS:
            more = True
            break
        rows.append(
            [_cell(row.get(name), links, knowledge_of(request).prefixes) for name in answer.variables]
        )
    return page(
        request,
        "sparql.html",
        title="SPARQL",
        query=text,
        columns=answer.variables,
        rows=rows,
        more=more,
        warnings=answer.warnings,
    )


def _cell(term: object, links: Links, prefixes: Prefixes) -> dict[str, str]:
    """A term as a person reads it: an IRI as its CURIE with a link, anything else as its text."""
    text = "" if term is None else str(getattr(term, "value", term))
    if type(term).__name__ != "NamedNode":
        return {"text": text, "href": ""}
    return {"text": prefixes.compress(text), "href": links.href(text)}


def _wants_page(request: Request) -> bool:
    return choose(request.headers.get("accept", ""), ("application/json", HTML)) == HTML


def _decode(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise BadSyntax("request body", f"byte {error.start} is no UTF-8") from error
