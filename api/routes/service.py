"""The service about itself: home, health, ontology, shapes, problem types and the API reference."""

import json
from difflib import get_close_matches
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.dependencies import (
    answer,
    knowledge_of,
    links_of,
    negotiate,
    page,
    parameters_of,
    represent,
    written,
)
from api.negotiation import ANSWER_OFFERS, HTML, JSON, graph_format, split_suffix
from api.openapi import ProblemName, describe_operation
from api.problems import ALL
from api.routing import PlainRoute
from api.wire import list_document, to_bytes
from kg import __version__
from kg.errors import NotFound
from kg.model.iri import PLURALS
from kg.rdf.formats import GRAPH_FORMATS
from kg.services import describe

router = APIRouter(tags=["service"], route_class=PlainRoute)

SCHEMA_OFFERS: Final = (*(f.media_type for f in GRAPH_FORMATS), JSON, HTML)
ANSWER: Final = describe_operation(media=ANSWER_OFFERS)


@router.get("/", summary="Home", openapi_extra=ANSWER)
async def home(request: Request) -> Response:
    """What there is, and where to begin."""
    parameters_of(request, ())
    knowledge = knowledge_of(request)
    root = links_of(request).root
    counts = await run_in_threadpool(describe.count_kinds, knowledge)
    kinds = [
        {"kind": kind, "plural": PLURALS[kind], "href": f"{root}/{PLURALS[kind]}", "count": count}
        for kind, count in counts.items()
    ]
    document = {"title": knowledge.title, "version": knowledge.version, "kinds": kinds}
    return answer(request, document, template="home.html", title=knowledge.title, kinds=kinds)


@router.get("/health", summary="Is it alive", openapi_extra=describe_operation(media=(JSON,)))
async def health(request: Request) -> Response:
    """Versions and the number of triples; `formulas` is `ready` once the formula engine is loaded."""
    parameters_of(request, ())
    knowledge = knowledge_of(request)
    document = {
        "status": "ok",
        "version": __version__,
        "dataset": knowledge.version,
        "triples": knowledge.size,
        "formulas": "ready" if knowledge.is_warm else "loads on first use",
    }
    return Response(to_bytes(document), media_type=JSON, headers={"Cache-Control": "no-store"})


@router.get("/ontology", summary="The ontology", openapi_extra=describe_operation(media=SCHEMA_OFFERS))
async def ontology(request: Request) -> Response:
    """Classes, properties and vocabularies as RDF, Turtle first; a list as JSON, a table for browsers."""
    return await run_in_threadpool(_ontology, request, _wanted(request, SCHEMA_OFFERS))


@router.get("/ontology.{suffix}", include_in_schema=False)
async def ontology_in(suffix: str, request: Request) -> Response:
    """The same in the form that the suffix names."""
    return await run_in_threadpool(_ontology, request, _wanted(request, SCHEMA_OFFERS, suffix=suffix))


def _ontology(request: Request, media_type: str) -> Response:
    knowledge = knowledge_of(request)
    form = graph_format(media_type)
    if form:
        return written(describe.ontology_graph(knowledge).serialize(form), media_type)
    terms = describe.list_terms(knowledge)
    document = list_document(terms, len(terms), links_of(request))
    return represent(request, media_type, document, template="list.html", title="Ontology")


@router.get("/shapes", summary="The shapes", openapi_extra=describe_operation(media=SCHEMA_OFFERS))
async def shapes(request: Request) -> Response:
    """The SHACL shapes that every dataset passes, as RDF; a list as JSON, Turtle on a page for browsers."""
    return await run_in_threadpool(_shapes, request, _wanted(request, SCHEMA_OFFERS))


@router.get("/shapes.{suffix}", include_in_schema=False)
async def shapes_in(suffix: str, request: Request) -> Response:
    """The same in the form that the suffix names."""
    return await run_in_threadpool(_shapes, request, _wanted(request, SCHEMA_OFFERS, suffix=suffix))


def _shapes(request: Request, media_type: str) -> Response:
    form = graph_format(media_type)
    if media_type == JSON:
        found = describe.list_shapes(knowledge_of(request))
        return Response(
            to_bytes(list_document(found, len(found), links_of(request))),
            media_type=JSON,
            headers={"Vary": "Accept"},
        )
    body = describe.shapes_graph(knowledge_of(request)).serialize(form or GRAPH_FORMATS[0])
    if form:
        return written(body, media_type)
    return page(request, "text.html", title="Shapes", text=body.decode())


def _wanted(request: Request, offers: tuple[str, ...], *, suffix: str = "") -> str:
    """The media type that the suffix names, else the one that the header likes best.

    Raises:
        HTTPException: 404 for a suffix that names none; 406.
    """
    parameters_of(request, ())
    if not suffix:
        return negotiate(request, offers)
    media_type = split_suffix(f"x.{suffix}")[1]
    if media_type not in offers:
        raise HTTPException(404, f"there is no form .{suffix[:20]}; there are {', '.join(offers)}")
    return media_type


@router.get("/problems", summary="Problem types", openapi_extra=ANSWER)
async def problems(request: Request) -> Response:
    """Every type of problem document, with its status and what to do about it."""
    parameters_of(request, ())
    root = links_of(request).root
    items = [
        {"href": f"{root}/problems/{p.name}", "label": f"{p.status} {p.title}", "definition": p.next_step}
        for p in ALL
    ]
    return answer(request, {"total": len(items), "items": items}, template="list.html", title="Problem types")


@router.get("/problems/{name}", summary="A problem type", openapi_extra=ANSWER)
async def problem_type(name: ProblemName, request: Request) -> Response:
    """What the problem means and what to do about it."""
    parameters_of(request, ())
    found = next((problem for problem in ALL if problem.name == name), None)
    if found is None:
        names = [problem.name for problem in ALL]
        raise NotFound("problem type", name[:80], tuple(get_close_matches(name[:80], names)))
    document = {"name": found.name, "status": found.status, "title": found.title, "next": found.next_step}
    return answer(request, document, template="problem_type.html", title=found.title, problem=found)


@router.get("/docs", summary="API reference", include_in_schema=False)
async def reference(request: Request) -> Response:
    """Every operation of the OpenAPI document as a page that needs neither script nor network."""
    root = links_of(request).root
    operations = [
        {
            "name": f"{method.upper()} {path}",
            "summary": operation["summary"],
            "description": operation["description"],
            "parameters": operation.get("parameters", []),
            "bodies": list(operation.get("requestBody", {}).get("content", {})),
            "media": list(operation["responses"].get("200", {}).get("content", {})),
            "example": _example(method, path, operation).replace("ROOT", root),
        }
        for path, methods in request.app.openapi()["paths"].items()
        for method, operation in methods.items()
    ]
    return page(request, "reference.html", title="API reference", operations=operations)


def _example(method: str, path: str, operation: dict[str, Any]) -> str:
    """Arguments of ``curl`` that give an answer; a body is the example of its schema."""
    listed = EXAMPLES.get(f"{method} {path}")
    if listed:
        return listed
    address = f"'ROOT{path}'".replace("{slug}", "chinchilla-loss")
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    example = body.get("schema", {}).get("example")
    return f"--json '{json.dumps(example)}' {address}" if example else address


EXAMPLES: Final = {
    "get /sparql": "'ROOT/sparql?query=SELECT%20*%20%7B%3Fformula%20a%20tv:Formula%7D'",
    "post /sparql": "'ROOT/sparql' --data-urlencode 'query=SELECT * {?formula a tv:Formula}'",
    "post /exercises/{slug}/check": (
        "--json '{\"answer\": \"10**0.6\"}' 'ROOT/exercises/mathematical/check'"
    ),
    "get /exercises/{slug}/hints": "'ROOT/exercises/mathematical/hints?n=1'",
    "get /learners/me": "-H 'Trivium-Learner: TOKEN' 'ROOT/learners/me'",
    "put /learners/me": (
        "-X PUT -H 'Trivium-Learner: TOKEN' --json '{\"topics\": [\"linear-algebra\"]}' 'ROOT/learners/me'"
    ),
    "patch /learners/me": (
        "-X PATCH -H 'Trivium-Learner: TOKEN' --json '{\"learned\": [\"linear-algebra\"]}' 'ROOT/learners/me'"
    ),
    "delete /learners/me": "-X DELETE -H 'Trivium-Learner: TOKEN' 'ROOT/learners/me'",
    "get /formulas/{slug}/evaluate": "'ROOT/formulas/chinchilla-loss/evaluate?N=70B&D=1.4T'",
    "get /formulas/{slug}/sensitivity": "'ROOT/formulas/chinchilla-loss/sensitivity?N=70B&D=1.4T'",
    "post /formulas/{slug}/evaluate": (
        '--json \'{"values": {"N": "70B", "D": 1.4e12}}\' \'ROOT/formulas/chinchilla-loss/evaluate\''
    ),
    "get /formulas/{slug}/solve": (
        "'ROOT/formulas/training-inference-equivalence/solve?for=k_inf&k_train=3.98'"
    ),
    "get /formulas/{slug}/sweep": "'ROOT/formulas/chinchilla-loss/sweep?N=1e8..1e12:9&D=1.4T'",
    "get /formulas/{slug}/sweep.{suffix}": "'ROOT/formulas/chinchilla-loss/sweep.csv?N=1e8..1e12:9&D=1.4T'",
    "get /derive": "'ROOT/derive?target=training-compute&model-parameters=70B&training-tokens=1.4T'",
    "get /derive.{suffix}": "'ROOT/derive.md?target=tokens-per-parameter&subject=model/gpt-3'",
    "get /formulas/{slug}/plot": "'ROOT/formulas/chinchilla-loss/plot?N=1e8..1e12&D=1.4T'",
    "get /formulas/{slug}/plot.{suffix}": "'ROOT/formulas/chinchilla-loss/plot.png?N=1e8..1e12&D=1.4T'",
    "get /search": "'ROOT/search?q=mixtre+of+experts'",
    "get /topics/{slug}/prerequisites.{suffix}": "'ROOT/topics/mamba/prerequisites.svg'",
    "get /learning/next": "'ROOT/learning/next?goal=mamba&know=transformer-architecture'",
    "get /learning/plan": "'ROOT/learning/plan?goal=mamba&know=transformer-architecture'",
    "get /learning/plan.{suffix}": "'ROOT/learning/plan.md?goal=mamba'",
    "get /learning/explain": "'ROOT/learning/explain?step=linear-algebra&goal=mamba'",
    "get /topics/{slug}/prerequisites": "'ROOT/topics/mamba/prerequisites?transitive=true'",
    "get /topics/{slug}/unlocks": "'ROOT/topics/mamba/unlocks'",
    "get /id/{kind}/{slug}": "-L 'ROOT/id/architecture/mamba'",
    "get /describe": "'ROOT/describe?iri=topic:mamba'",
    "get /compare/{kinds}": "'ROOT/compare/architectures?items=mamba,transformer'",
    "get /{kinds}": "'ROOT/formulas'",
    "get /{kinds}/{slug}": "'ROOT/architectures/mamba.ttl'",
    "get /problems/{name}": "'ROOT/problems/unknown-symbol'",
}
"""Arguments of ``curl`` that give an answer, for each operation that needs more than its path."""


@router.get("/favicon.ico", include_in_schema=False)
async def favicon(request: Request) -> Response:
    """There is none, and browsers ask."""
    raise HTTPException(404, f"there is no icon at {request.scope['path']}")
