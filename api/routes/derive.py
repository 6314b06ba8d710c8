"""``/derive``: a quantity from givens, through whatever formulas lead there, each step with unit and source."""

import json
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.dependencies import (
    knowledge_of,
    links_of,
    negotiate,
    page,
    parameters_of,
    parse_whole,
    query_items,
    represent,
    unknown_parameter,
    written,
)
from api.negotiation import HTML, JSON
from api.openapi import describe_operation
from api.routes.formulas import read_object
from api.routing import PlainRoute
from api.wire_derive import derivation_document
from kg.errors import BadParameter
from kg.services import derivations
from kg.services.derivations import DEFAULTS, DERIVATION_FORMATS, MAX_ALTERNATIVES

router = APIRouter(tags=["formulas"], route_class=PlainRoute)

OFFERS: Final = (JSON, HTML, *(form.media_type for form in DERIVATION_FORMATS))
_MEDIA_TYPES: Final = {
    "json": JSON,
    "html": HTML,
    **{form.name: form.media_type for form in DERIVATION_FORMATS},
    **{form.suffix: form.media_type for form in DERIVATION_FORMATS},
}
_NAMES: Final = ", ".join(("json", "html", *(form.name for form in DERIVATION_FORMATS)))
_SUFFIXES: Final = ", ".join(("json", "html", *(form.suffix for form in DERIVATION_FORMATS)))
Suffix = Annotated[str, Path(description=f"One of {_SUFFIXES}")]
LISTS: Final = ("subject", "prefer", "avoid")
OPTIONS: Final = ("target", "givens", "defaults", "alternatives", "unit")
SHOWN: Final = (("md", "Markdown"), ("py", "Python script"), ("ttl", "PROV-O in Turtle"), ("json", "JSON"))

_TARGET = ("target", "A quantity, or a formula, which means its output: `environment-emissions-kg`", True)
_ROWS = (
    ("subject", "Resources whose figures are used, comma between: `model/gpt-3, hardware/h100-sxm`", False),
    ("prefer", "Formulas to prefer, comma between or repeated", False),
    ("avoid", "Formulas to leave out, comma between or repeated", False),
    ("defaults", "`allow` (default) or `forbid`: whether defaults of formulas may be used", False),
    ("alternatives", f"How many other ways are told, 0 to {MAX_ALTERNATIVES} (0)", False),
    ("unit", "Unit of the answer", False),
)
_GIVENS = ("givens", "All givens in one text, `model-parameters=70B; training-tokens=1.4T`", False)
_FORMAT = ("format", f"One of {_NAMES}; else by `Accept`", False)
DERIVE = describe_operation(_TARGET, *_ROWS, _GIVENS, _FORMAT, givens=True, media=OFFERS)
DERIVE_BY_SUFFIX = describe_operation(_TARGET, *_ROWS, _GIVENS, givens=True, media=OFFERS)
_TEXTS = {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
DERIVE_BODY = describe_operation(
    media=OFFERS,
    body={
        JSON: {
            "type": "object",
            "required": ["target"],
            "properties": {
                "target": {"type": "string", "description": _TARGET[1]},
                "givens": {
                    "type": "object",
                    "description": "Quantity → number, text such as `70B`, or a series of them",
                    "additionalProperties": True,
                },
                **{name: {**_TEXTS, "description": text} for name, text, _ in _ROWS[:3]},
                "defaults": {"type": "string", "enum": list(DEFAULTS), "description": _ROWS[3][1]},
                "alternatives": {"type": "integer", "minimum": 0, "maximum": MAX_ALTERNATIVES},
                "unit": {"type": "string", "description": _ROWS[5][1]},
                "format": {"type": "string", "description": _FORMAT[1]},
            },
            "additionalProperties": False,
            "example": {
                "target": "training-time",
                "givens": {
                    "model-parameters": "70B",
                    "training-tokens": 1.4e12,
                    "hardware-count": 1024,
                    "training-mfu": "40%",
                },
                "subject": "hardware/h100-sxm",
                "unit": "day",
            },
        }
    },
)


@router.get("/derive", summary="Derive a quantity", openapi_extra=DERIVE)
async def derive(request: Request) -> Response:
    """The value with its plan, step by step: formula, substitution, unit, conditions and sources."""
    asked = _parameters(request, with_format=True)
    media_type = _media_type(request, asked.pop("format", ""))
    if media_type == HTML and not asked.get("target"):
        return page(request, "derive.html", title="Derive a quantity")
    return await run_in_threadpool(_derive, request, media_type, asked)


@router.get("/derive.{suffix}", summary="A derivation as a document", openapi_extra=DERIVE_BY_SUFFIX)
async def derive_by_suffix(suffix: Suffix, request: Request) -> Response:
    """The derivation in the format that the suffix names."""
    if suffix not in _MEDIA_TYPES:
        raise HTTPException(404, f"there is no derive.{suffix[:20]}; suffixes are {_SUFFIXES}")
    asked = _parameters(request, with_format=False)
    return await run_in_threadpool(_derive, request, _MEDIA_TYPES[suffix], asked)


@router.post("/derive", summary="Derive a quantity, asked for by a document", openapi_extra=DERIVE_BODY)
async def derive_by_body(request: Request) -> Response:
    """The derivation that a JSON body asks for; its members are the parameters of the GET."""
    parameters_of(request, ())
    asked = _members(await read_object(request))
    media_type = _media_type(request, asked.pop("format", ""))
    return await run_in_threadpool(_derive, request, media_type, asked)


def _derive(request: Request, media_type: str, asked: dict[str, Any]) -> Response:
    knowledge = knowledge_of(request)
    found = derivations.derive_quantity(knowledge, asked.pop("target", ""), asked.pop("givens", {}), **asked)
    if media_type not in (JSON, HTML):
        return written(derivations.write_derivation(knowledge, found, media_type), media_type)
    document = derivation_document(found, links_of(request))
    query = request.url.query if request.method == "GET" else ""
    return represent(
        request, media_type, document, template="derivation.html", title=found.label, query=query, forms=SHOWN
    )


def _media_type(request: Request, name: str) -> str:
    if not name:
        return negotiate(request, OFFERS)
    if name not in _MEDIA_TYPES:
        raise BadParameter("format", name[:40], f"one of {_NAMES}")
    return _MEDIA_TYPES[name]


def _parameters(request: Request, *, with_format: bool) -> dict[str, Any]:
    """Arguments of :func:`kg.services.derivations.derive_quantity`, and the format, from the query string.

    Raises:
        BadParameter: a given or an option that comes twice.
    """
    options: dict[str, Any] = {}
    givens: dict[str, str] = {}
    single = (*OPTIONS, "format") if with_format else OPTIONS
    for name, value in query_items(request):
        if name in LISTS:
            options.setdefault(name, []).append(value)
            continue
        into = options if name in single else givens
        if name in into:
            raise BadParameter(name[:80], value[:40], "one value; a series is written 0.5,0.3")
        into[name] = value.strip()
    told = {name: value for name, value in options.items() if value}
    if "alternatives" in told:
        told["alternatives"] = parse_whole(
            "alternatives", told["alternatives"], least=0, most=MAX_ALTERNATIVES
        )
    told["givens"] = derivations.join_givens(
        told.get("givens", ""), {name: value for name, value in givens.items() if value}
    )
    return told


def _members(body: dict[str, Any]) -> dict[str, Any]:
    """The same from the members of a body.

    Raises:
        BadParameter: a member that there is not, or one of another type.
    """
    known = (*OPTIONS, *LISTS, "format")
    asked: dict[str, Any] = {}
    for name, value in body.items():
        if name not in known:
            raise unknown_parameter(name, json.dumps(value), known)
        if name in LISTS and isinstance(value, list):
            is_fitting, takes = all(isinstance(text, str) for text in value), "a text, or a list of texts"
        elif name == "givens":
            is_fitting, takes = isinstance(value, dict), "an object from quantity to value"
        else:  # Whether a number of alternatives is one, the service says.
            is_fitting, takes = name == "alternatives" or isinstance(value, str), "a text"
        if not is_fitting and value is not None:
            raise BadParameter(name, json.dumps(value)[:40], takes)
        if value not in ("", None):
            asked[name] = value
    return asked
