"""``/sparql``: the query operation of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/)."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.answers import LongAnswer, begin
from api.dependencies import (
    knowledge_of,
    limits_of,
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
from kg.errors import BadParameter, BadSyntax, ForbiddenQuery
from kg.rdf.formats import GRAPH_FORMATS, SOLUTION_FORMATS, Format
from kg.rdf.prefixes import Prefixes
from kg.services import isolation, sparql
from kg.workers.call import Call, Head
from kg.workers.wire import Header

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
CLIENT_LEFT: Final = 499
"""What a log would show of a client that did not wait; nobody gets it."""
SECONDS: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")
PARAMETERS: Final = (
    ("default-graph-uri", "IRI of a graph to query as the default graph; repeatable", False),
    ("named-graph-uri", "IRI of a named graph to query; repeatable", False),
    ("timeout", "Seconds until the query is stopped; at most those of the service's setting", False),
)
MEDIA: Final = tuple(dict.fromkeys((*SOLUTION_OFFERS, *GRAPH_OFFERS)))
QUERY: Final = describe_operation(
    ("query", "A SPARQL 1.1 query; the dataset's prefixes need no declaration", True),
    *PARAMETERS,
    media=MEDIA,
)
QUERY_BODY: Final = describe_operation(
    *PARAMETERS,
    media=MEDIA,
    body={
        "application/sparql-query": TEXT,
        "application/x-www-form-urlencoded": {
            "type": "object",
            "required": ["query"],
            "properties": {"query": TEXT, **{name: TEXT for name, _, _ in PARAMETERS}},
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
    return await _respond(request, queries[0], found)


def _refuse_unknown(found: dict[str, list[str]]) -> None:
    known = ("query", *(name for name, _, _ in PARAMETERS))
    for name in found:
        if name not in known:
            raise unknown_parameter(name, found[name][0], known)


async def _respond(request: Request, text: str, found: dict[str, list[str]]) -> Response:
    """Ask a worker, in the formats that the request likes best; it knows which kind of answer there is."""
    limits = limits_of(request)
    accept = request.headers.get("accept", "")
    chosen = {"solutions": choose(accept, SOLUTION_OFFERS), "graph": choose(accept, GRAPH_OFFERS)}
    call = isolation.query_call(
        knowledge_of(request),
        text,
        solutions=_wanted(chosen["solutions"], solution_format),
        graph=_wanted(chosen["graph"], graph_format),
        default_graphs=found.get("default-graph-uri", ()),
        named_graphs=found.get("named-graph-uri", ()),
        rows=SHOWN_ROWS,
        limits=replace(limits, deadline_s=_timeout(found, limits.deadline_s)),
    )
    head = await begin(request, call)
    if head is None:
        return Response(status_code=CLIENT_LEFT)
    response = _response(request, text, call, head, chosen[head.header["kind"]])
    if sparql.is_volatile(text):
        response.headers["Cache-Control"] = "no-store"
    return response


def _wanted(media_type: str | None, find: Callable[[str], Format | None]) -> Format | str | None:
    if media_type is None:
        return None
    return "rows" if media_type == HTML else find(media_type)


def _timeout(found: dict[str, list[str]], most: float) -> float:
    """Seconds that the request gives itself, at most those of the setting.

    Raises:
        BadParameter: it is no number above 0, or comes twice.
    """
    given = found.get("timeout", [])
    if not given:
        return most
    text = given[0]
    if len(given) > 1 or not SECONDS.fullmatch(text) or float(text) <= 0:
        raise BadParameter("timeout", ", ".join(given)[:40], "one number of seconds above 0")
    return min(float(text), most)


def _response(request: Request, text: str, call: Call, head: Head, media_type: str | None) -> Response:
    if media_type is None:
        offers = SOLUTION_OFFERS if head.header["kind"] == "solutions" else GRAPH_OFFERS
        raise HTTPException(
            406, f"none of the accepted media types can hold this answer; there are {', '.join(offers)}"
        )
    if media_type == HTML and head.result is not None:
        return _page(request, text, head.result)
    told = head.header if head.result is None else head.result
    headers = {"Vary": "Accept", **_warning_header(told.get("warnings", ()))}
    media_type = _with_charset(media_type)
    if head.result is None:
        return LongAnswer(call, head, media_type=media_type, headers=headers)
    return Response(bytes(head.body), media_type=media_type, headers=headers)


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _warning_header(warnings: Iterable[str]) -> dict[str, str]:
    """``Trivium-Warning``: why calls of our functions failed, in the characters that a header takes.

    What is not printable ASCII stands as an escape of Python (RFC 9110, 5.5 allows no control characters).
    """
    text = " | ".join(warnings)
    plain = CONTROLS.sub(" ", text.encode("ascii", "backslashreplace").decode()).strip()
    return {"Trivium-Warning": plain} if plain else {}


def _page(request: Request, text: str, result: Header) -> Response:
    """The answer below the form that asked."""
    links, prefixes = links_of(request), knowledge_of(request).prefixes
    if "rows" not in result:
        return page(request, "sparql.html", title="SPARQL", query=text, text=result["text"])
    rows = [[_cell(cell, links, prefixes) for cell in row] for row in result["rows"]]
    return page(
        request,
        "sparql.html",
        title="SPARQL",
        query=text,
        columns=result["columns"],
        rows=rows,
        more=result["more"],
        warnings=result["warnings"],
    )


def _cell(cell: dict[str, str], links: Links, prefixes: Prefixes) -> dict[str, str]:
    """A term as a person reads it: an IRI as its CURIE with a link, anything else as its text."""
    if not cell["iri"]:
        return {"text": cell["text"], "href": ""}
    return {"text": prefixes.compress(cell["iri"]), "href": links.href(cell["iri"])}


def _wants_page(request: Request) -> bool:
    return choose(request.headers.get("accept", ""), ("application/json", HTML)) == HTML


def _decode(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise BadSyntax("request body", f"byte {error.start} is no UTF-8") from error
