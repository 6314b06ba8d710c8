"""The service about itself: home, health, ontology, shapes, problem types and the API reference."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.dependencies import answer, knowledge_of, links_of, negotiate, page
from api.negotiation import HTML, JSON, graph_format
from api.problems import ALL
from api.wire import to_bytes
from kg import __version__
from kg.errors import NotFound
from kg.model.iri import PLURALS
from kg.rdf.formats import GRAPH_FORMATS
from kg.services import describe

router = APIRouter(tags=["service"])

GRAPH_OFFERS = tuple(f.media_type for f in GRAPH_FORMATS)


@router.get("/", summary="Home")
async def home(request: Request) -> Response:
    """What there is, and where to begin."""
    knowledge = knowledge_of(request)
    counts = await run_in_threadpool(describe.count_kinds, knowledge)
    kinds = [{"kind": kind, "plural": PLURALS[kind], "count": count} for kind, count in counts.items()]
    document = {"title": knowledge.title, "version": knowledge.version, "kinds": kinds}
    return answer(request, document, template="home.html", title=knowledge.title, kinds=kinds)


@router.get("/health", summary="Is it alive")
async def health(request: Request) -> Response:
    """Versions and the number of triples; ``formulas`` is ``ready`` once the formula engine is loaded."""
    knowledge = knowledge_of(request)
    document = {
        "status": "ok",
        "version": __version__,
        "dataset": knowledge.version,
        "triples": knowledge.size,
        "formulas": "ready" if knowledge.is_warm else "loads on first use",
    }
    return Response(to_bytes(document), media_type=JSON)


@router.get("/ontology", summary="The ontology")
async def ontology(request: Request) -> Response:
    """Classes, properties and vocabularies as RDF; a table for browsers."""
    return await run_in_threadpool(_ontology, request)


def _ontology(request: Request) -> Response:
    knowledge = knowledge_of(request)
    media_type = negotiate(request, (*GRAPH_OFFERS, JSON, HTML))
    form = graph_format(media_type)
    if form:
        return _rdf(describe.ontology_graph(knowledge).serialize(form), media_type)
    terms = describe.list_terms(knowledge)
    links = links_of(request)
    items = [
        {"iri": t.iri, "href": links.href(t.iri), "label": t.label, "definition": t.definition} for t in terms
    ]
    return answer(request, {"total": len(items), "items": items}, template="list.html", title="Ontology")


@router.get("/shapes", summary="The shapes")
async def shapes(request: Request) -> Response:
    """The SHACL shapes that every dataset passes."""
    media_type = negotiate(request, GRAPH_OFFERS)
    form = graph_format(media_type) or GRAPH_FORMATS[0]
    answer_ = await run_in_threadpool(describe.shapes_graph, knowledge_of(request))
    return _rdf(answer_.serialize(form), media_type)


@router.get("/problems", summary="Problem types")
async def problems(request: Request) -> Response:
    """Every type of problem document, with its status and what to do about it."""
    root = links_of(request).root
    items = [
        {"href": f"{root}/problems/{p.name}", "label": f"{p.status} {p.title}", "definition": p.next_step}
        for p in ALL
    ]
    return answer(request, {"total": len(items), "items": items}, template="list.html", title="Problem types")


@router.get("/problems/{name}", summary="A problem type")
async def problem_type(name: str, request: Request) -> Response:
    """What the problem means and what to do about it."""
    found = next((problem for problem in ALL if problem.name == name), None)
    if found is None:
        raise NotFound("problem type", name, tuple(problem.name for problem in ALL))
    document = {"name": found.name, "status": found.status, "title": found.title, "next": found.next_step}
    return answer(request, document, template="problem_type.html", title=found.title, problem=found)


@router.get("/docs", summary="API reference", include_in_schema=False)
async def reference(request: Request) -> Response:
    """Every operation of the OpenAPI document as a page that needs neither script nor network."""
    schema = request.app.openapi()
    operations = [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation.get("summary", ""),
            "description": operation.get("description", ""),
            "parameters": operation.get("parameters", []),
            "example": EXAMPLES.get(path, path if "{" not in path else "") if method == "get" else "",
        }
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    return page("reference.html", title="API reference", operations=operations, root=links_of(request).root)


EXAMPLES = {
    "/sparql": "/sparql?query=SELECT%20*%20%7B%3Fs%20a%20tv:Formula%7D",
    "/formulas/{slug}/evaluate": "'/formulas/chinchilla-loss/evaluate?N=70B&D=1.4T'",
    "/formulas/{slug}/solve": "'/formulas/training-inference-equivalence/solve?for=k_inf&k_train=3.98'",
    "/learning/next": "'/learning/next?goal=mamba&know=transformer-architecture'",
    "/topics/{slug}/prerequisites": "'/topics/mamba/prerequisites?transitive=true'",
    "/topics/{slug}/unlocks": "/topics/mamba/unlocks",
    "/id/{kind}/{slug}": "/id/architecture/mamba",
    "/describe": "/describe?iri=topic:mamba",
    "/{kinds}": "/formulas",
    "/{kinds}/{slug}": "/architectures/mamba.ttl",
    "/problems/{name}": "/problems/unknown-symbol",
}
"""A call that answers, for each path with a parameter in it."""


def _rdf(body: bytes, media_type: str) -> Response:
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    return Response(body, media_type=f"{media_type}{charset}", headers={"Vary": "Accept"})


@router.get("/favicon.ico", include_in_schema=False)
async def favicon() -> Response:
    """There is none, and browsers ask."""
    raise HTTPException(404, "there is no icon")
