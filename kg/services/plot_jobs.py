"""The job that draws: a specification in, a picture out."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from kg.services.engines import Engines


def _draw(_: Engines, payload: dict[str, Any]) -> dict[str, Any]:
    from kg.exporters.pictures import draw_png, draw_svg

    spec = payload["spec"]
    drawn = draw_png(spec) if payload["form"] == "png" else draw_svg(spec).encode()
    return {"picture": b64encode(drawn).decode()}


DRAWING: Final[Mapping[str, Callable[[Engines, dict[str, Any]], dict[str, Any]]]] = MappingProxyType(
    {"draw-plot": _draw}
)
"""The job of drawing, by name."""
