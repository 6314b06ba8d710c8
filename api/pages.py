"""Server-rendered pages that read without JavaScript; jinja2 is imported with the first of them."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from api.text import format_number

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
    environment.filters["number"] = format_number
    return environment


def render_page(template: str, **context: object) -> str:
    """The page as HTML, with everything that comes from data escaped."""
    return _environment().get_template(template).render(**context)
