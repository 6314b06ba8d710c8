"""What the OpenAPI document says of an operation beyond its path: parameters, bodies, media types, problems."""

from collections.abc import Iterable
from typing import Annotated, Any, Final

from fastapi import Path
from fastapi.routing import APIRoute

Slug = Annotated[str, Path(description="Slug of the resource: lower case, with hyphens")]
Kinds = Annotated[str, Path(description="Kind in the plural: `formulas`, `topics`, `architectures` …")]
Kind = Annotated[str, Path(description="Kind in the singular, as in IRIs: `formula`, `topic` …")]
ProblemName = Annotated[str, Path(description="Name at the end of a problem's `type`")]

TEXT: Final = {"type": "string"}
GIVENS: Final = {
    "name": "symbol",
    "in": "query",
    "required": False,
    "style": "form",
    "explode": True,
    "description": (
        "A value for each symbol or quantity slug, under its own name: "
        "`N=70B`, `D=1.4T`, `memory=80 GB`; a series is written `w=0.5,0.3`"
    ),
    "schema": {"type": "object", "additionalProperties": TEXT},
}
"""Parameters whose names are the formula's symbols: an exploded object (https://spec.openapis.org/oas/v3.1.0#style-values)."""

PROBLEM_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    "default": {
        "description": "A problem document (RFC 9457): what was wrong, where, and what to do next",
        "content": {
            "application/problem+json": {
                "schema": {
                    "type": "object",
                    "required": ["type", "title", "status", "detail", "instance", "next"],
                    "properties": {
                        "type": {"type": "string", "format": "uri"},
                        "title": TEXT,
                        "status": {"type": "integer"},
                        "detail": TEXT,
                        "instance": {"type": "string", "format": "uri-reference"},
                        "next": TEXT,
                    },
                }
            }
        },
    }
}


def describe_operation(
    *rows: tuple[str, str, bool],
    media: Iterable[str] = (),
    body: dict[str, object] | None = None,
    givens: bool = False,
) -> dict[str, object]:
    """An operation's part of the OpenAPI document.

    ``rows`` are query parameters that a route reads itself: name, description, required. ``media`` are the types
    of its answer, ``body`` maps media types of its body to schemas, ``givens`` adds the formula's symbols.
    """
    parameters = [
        {"name": name, "in": "query", "required": required, "description": text, "schema": TEXT}
        for name, text, required in rows
    ]
    operation: dict[str, object] = {
        "parameters": [GIVENS, *parameters] if givens else parameters,
        "responses": {"200": {"content": {name: {} for name in media}}},
    }
    if body:
        content = {name: {"schema": schema} for name, schema in body.items()}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def operation_id(route: APIRoute) -> str:
    """The name of the function that answers: no two are alike.

    ``evaluate_body`` becomes ``evaluateBody``.
    """
    first, *others = route.name.split("_")
    return first + "".join(word.capitalize() for word in others)
