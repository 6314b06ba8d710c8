"""Server-rendered pages that read without JavaScript; jinja2 is imported with the first of them."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

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


def format_number(value: object) -> str:
    """A number as people read it: four significant digits, powers of ten where they are shorter.

    >>> format_number(3.9810717), format_number(5.88e23), format_number(66), format_number((0.5, 0.3))
    ('3.981', '5.88e23', '66', '0.5, 0.3')
    """
    if isinstance(value, tuple | list):
        return ", ".join(format_number(item) for item in value)
    if not isinstance(value, float | int):
        return str(value)
    return f"{value:.4g}".replace("e+", "e").replace("e0", "e")
