"""``/expressions/…`` and ``/formulas/{slug}.{tex,mathml,py,js,sql,txt}``: expressions of one's own, and renderings."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.dependencies import knowledge_of, parameters_of
from api.negotiation import JSON
from api.openapi import Slug, describe_operation
from api.routes.formulas import read_object
from api.wire import root_document, scan_document, step_documents, to_bytes
from kg.errors import BadParameter
from kg.services import expressions, formulas

router = APIRouter(tags=["expressions"])

MEDIA_TYPES = {
    "tex": "application/x-tex",
    "mathml": "application/mathml+xml",
    "py": "text/x-python",
    "js": "text/javascript",
    "sql": "application/sql",
    "txt": "text/plain",
}
"""Suffix → media type of a rendered formula."""

TEXT = {"type": "string", "description": "In the grammar of docs/reference/grammar.md"}
VALUES = {
    "type": "object",
    "description": "Symbol → number, text such as `70B`, or a series of them",
    "additionalProperties": True,
}
VARIABLES = {
    "type": "object",
    "description": "Symbol → what is known of it; names that are not listed are real",
    "additionalProperties": {
        "type": "object",
        "properties": {
            "positive": {"type": "boolean"},
            "nonnegative": {"type": "boolean"},
            "integer": {"type": "boolean"},
            "domain": {"type": "array", "items": {"type": ["number", "null"]}, "minItems": 2, "maxItems": 2},
        },
        "additionalProperties": False,
    },
}


def _body(example: dict[str, object], **properties: object) -> dict[str, object]:
    schema = {
        "type": "object",
        "required": ["expression"],
        "properties": {"expression": TEXT, **properties},
        "additionalProperties": False,
        "example": example,
    }
    return describe_operation(media=(JSON,), body={JSON: schema})


EVALUATE = _body(
    {"expression": "A/N**alpha + E", "values": {"A": 406.4, "N": "70B", "alpha": 0.34, "E": 1.69}},
    values=VALUES,
    variables=VARIABLES,
)
SOLVE = _body(
    {"expression": "x**5 + x - 3", "for": "x"},
    values=VALUES,
    variables=VARIABLES,
    **{"for": {"type": "string", "description": "The symbol to solve for"}},
)
RENDER = _body({"expression": "A/N**alpha + E"})


@router.post("/expressions/evaluate", summary="Evaluate an expression", openapi_extra=EVALUATE)
async def evaluate_expression(request: Request) -> Response:
    """The number of an expression, or of what a lone symbol equals, for the values in the body."""
    body = await _read(request, ("values", "variables"))
    found = await run_in_threadpool(
        expressions.evaluate_expression, body["expression"], body["values"], body["variables"]
    )
    document = {"expression": found.expression, "value": found.value}
    return _answer(document | ({"symbol": found.symbol} if found.symbol else {}))


@router.post("/expressions/solve", summary="Solve an expression for one of its symbols", openapi_extra=SOLVE)
async def solve_expression(request: Request) -> Response:
    """All real roots with method and residual; an expression without ``=`` is taken to be zero."""
    body = await _read(request, ("for", "values", "variables"))
    if not body["for"]:
        raise BadParameter("for", "", "the symbol to solve for")
    found = await run_in_threadpool(
        expressions.solve_expression, body["expression"], body["for"], body["values"], body["variables"]
    )
    return _answer(
        {
            "expression": found.expression,
            "for": found.symbol,
            "closedForm": found.closed_form,
            "roots": [root_document(root) for root in found.roots],
            "search": scan_document(found.search),
            "steps": step_documents(found.steps),
        }
    )


@router.post("/expressions/render", summary="Render an expression", openapi_extra=RENDER)
async def render_expression(request: Request) -> Response:
    """The expression as text in its shortest form, as LaTeX and as MathML."""
    body = await _read(request, ())
    found = await run_in_threadpool(expressions.render_expression, body["expression"])
    return _answer({"expression": found.expression, "latex": found.latex, "mathml": found.mathml})


async def _read(request: Request, members: tuple[str, ...]) -> dict[str, Any]:
    """The body's members, each of its type; those that may be left out are empty."""
    parameters_of(request, ())
    body = await read_object(request)
    unknown = set(body) - {"expression", *members}
    if unknown:
        known = ", ".join(("expression", *members))
        raise BadParameter(min(unknown)[:80], "…", f"nothing here: the members are {known}")
    for name in ("expression", *members):
        kind: type = dict if name in ("values", "variables") else str
        if not isinstance(body.setdefault(name, kind()), kind):
            what = "an object" if kind is dict else "a text"
            raise BadParameter(name, json.dumps(body[name])[:40], what)
    if not body["expression"]:
        raise BadParameter("expression", "", "a text such as A/N**alpha + E")
    return body


def _answer(document: dict[str, Any]) -> Response:
    return Response(to_bytes(document), media_type=JSON)


def _renderer(suffix: str, media_type: str) -> Callable[[str, Request], Awaitable[Response]]:
    """The route of one suffix; in the OpenAPI document each has a path of its own."""

    async def render(slug: Slug, request: Request) -> Response:
        parameters_of(request, ())
        text = await run_in_threadpool(formulas.render_formula, knowledge_of(request), slug, suffix)
        charset = "; charset=utf-8" if media_type.startswith("text/") else ""
        return Response(text, media_type=f"{media_type}{charset}")

    render.__doc__ = f"The formula as {media_type}; its symbols are in the units that the text names."
    return render


for _suffix, _media_type in MEDIA_TYPES.items():
    router.add_api_route(
        f"/formulas/{{slug}}.{_suffix}",
        _renderer(_suffix, _media_type),
        methods=["GET"],
        name=f"render_{_suffix}",
        summary=f"A formula as .{_suffix}",
        openapi_extra=describe_operation(media=(_media_type,)),
    )
