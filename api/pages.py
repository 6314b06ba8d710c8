"""Server-rendered pages that read without JavaScript; jinja2 is imported with the first of them."""

import html
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from api.figures import format_number
from kg.model.evidence import Source

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": format_number,
        "unit": lambda unit: "" if unit in ("", "1") else f" {unit}",
        "words": as_words,
        "short": lambda iri: iri.rpartition("#")[2] if "#" in iri else iri,
        "slug": lambda href: href.rpartition("/")[2],
        "marked": mark_code,
    }
    environment.tests["source"] = lambda piece: isinstance(piece, Source)
    return environment


def as_words(name: str) -> str:
    """A property's CURIE as words.

    >>> as_words("tv:hasConstantSet")
    'has constant set'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.rpartition(":")[2]).lower()


def mark_code(text: str) -> str:
    """Escaped text with what stands between backticks as code.

    >>> print(mark_code("``a<b`` or `c`"))
    <code>a&lt;b</code> or <code>c</code>
    """
    from markupsafe import Markup

    return Markup(re.sub(r"(`+)(.+?)\1", r"<code>\2</code>", html.escape(text)))  # noqa: S704 - escaped before


def render_page(template: str, **context: object) -> str:
    """The page as HTML, with everything that comes from data escaped."""
    return _environment().get_template(template).render(**context)
