"""``/expressions/…`` and ``/formulas/{slug}.{tex,mathml,py,js,sql,txt}``: expressions of one's own, and renderings."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.dependencies import knowledge_of, limits_of, parameters_of
from api.negotiation import JSON
from api.openapi import Slug, describe_operation
from api.routes.formulas import read_object
from api.wire import root_document, scan_document, step_documents, to_bytes
from api.wire_algebra import rewritten_document, verdict_document
from kg.errors import BadParameter
from kg.services import algebra, expressions, formulas

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


REWRITTEN = {
    "variables": VARIABLES,
    "for": {"type": "string", "description": "The symbol to go by; may be left out where there is only one"},
}


async def _rewrite(request: Request, how: str) -> Response:
    body = await _read(request, ("for", "variables"))
    found, symbol = await run_in_threadpool(
        algebra.rewrite_expression,
        knowledge_of(request),
        how,
        body["expression"],
        body["for"],
        body["variables"],
        limits=limits_of(request),
    )
    return _answer(rewritten_document(found) | ({"for": symbol} if symbol else {}))


@router.post(
    "/expressions/simplify",
    summary="Simplify an expression",
    openapi_extra=_body({"expression": "(x**2 - 1)/(x - 1)"}, **REWRITTEN),
)
async def simplify_expression(request: Request) -> Response:
    """The shortest form that has the same values, and what must hold beside it."""
    return await _rewrite(request, "simplify")


@router.post(
    "/expressions/expand",
    summary="Multiply an expression out",
    openapi_extra=_body({"expression": "(a + b)**3"}, **REWRITTEN),
)
async def expand_expression(request: Request) -> Response:
    """Products and powers of sums as sums, as far as the domains allow."""
    return await _rewrite(request, "expand")


@router.post(
    "/expressions/differentiate",
    summary="Differentiate an expression",
    openapi_extra=_body({"expression": "A/N**alpha + E", "for": "N"}, **REWRITTEN),
)
async def differentiate_expression(request: Request) -> Response:
    """The derivative by one symbol, and where it does not hold."""
    return await _rewrite(request, "differentiate")


@router.post(
    "/expressions/integrate",
    summary="Integrate an expression",
    openapi_extra=_body({"expression": "x**n", "for": "x"}, **REWRITTEN),
)
async def integrate_expression(request: Request) -> Response:
    """An antiderivative, without its constant, whose derivative was found to be the expression."""
    return await _rewrite(request, "integrate")


@router.post(
    "/expressions/equivalent",
    summary="Are two expressions equal?",
    openapi_extra=_body(
        {"expression": "sqrt(x**2)", "other": "x", "variables": {"x": {"positive": True}}},
        other=TEXT,
        variables=VARIABLES,
    ),
)
async def compare_expressions(request: Request) -> Response:
    """Equal, proved or by test; different, with a point that shows it; or undecided, with the reason."""
    body = await _read(request, ("other", "variables"))
    if not body["other"]:
        raise BadParameter("other", "", "the expression to compare with")
    found = await run_in_threadpool(
        algebra.judge_equivalence,
        knowledge_of(request),
        body["expression"],
        body["other"],
        body["variables"],
        limits=limits_of(request),
    )
    return _answer(verdict_document(found))


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
