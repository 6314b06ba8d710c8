"""A Vega-Lite specification as SVG or PNG, by vl-convert-python: no browser, no network.

It runs V8 in this process, which takes most of a second at first, and holds Python's global lock while it draws.
"""

import re
from importlib.util import find_spec
from typing import Any, Final

from kg.errors import Unavailable
from kg.exporters.markup import xml_text

VERSION: Final = "6.4"
"""Of Vega-Lite; vl-convert-python brings it along."""
PIXELS: Final = 2.0
"""Pixels of a PNG for each of the specification."""

_NAMED: Final = re.compile(r'(?<=\bid=")clip\d+(?=")')


def require_pictures() -> None:
    """Returns where pictures can be drawn.

    Raises:
        Unavailable: vl-convert-python is not installed; says how to install it, and what there is without it.
    """
    if find_spec("vl_convert") is None:
        raise Unavailable(
            "drawing a plot as SVG or PNG",
            "install trivium-kg[plots], or take the Vega-Lite specification, which any Vega viewer draws",
        )


def draw_svg(spec: dict[str, Any]) -> str:
    """The specification as SVG; the same one gives the same text.

    Raises:
        Unavailable: vl-convert-python is not installed.
    """
    require_pictures()
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(spec, vl_version=VERSION, allowed_base_urls=[])
    return _labelled(_numbered(drawn), str(spec.get("description", ""))) + "\n"


def draw_png(spec: dict[str, Any]) -> bytes:
    """The specification as PNG; the same one gives the same bytes on one machine.

    Raises:
        Unavailable: vl-convert-python is not installed.
    """
    require_pictures()
    import vl_convert

    drawn: bytes = vl_convert.vegalite_to_png(spec, vl_version=VERSION, scale=PIXELS, allowed_base_urls=[])
    return drawn


def _numbered(svg: str) -> str:
    """Clip paths numbered from 1: Vega counts on from one drawing to the next."""
    for number, name in enumerate(dict.fromkeys(_NAMED.findall(svg)), 1):
        svg = re.sub(rf'(?<=\bid="){name}(?=")|(?<=url\(#){name}(?=\))', f"part{number}", svg)
    return svg


def _labelled(svg: str, description: str) -> str:
    """The drawing as one image with what it shows in words (https://www.w3.org/TR/svg-aam-1.0/)."""
    return svg.replace("<svg ", f'<svg role="img" aria-label="{xml_text(description)}" ', 1)
