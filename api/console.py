"""What the commands share: how they open a dataset, print a document, and name their common options."""

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from kg.services.knowledge import Knowledge

as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
data = click.option(
    "--data",
    metavar="DIR",
    default="",
    envvar="TRIVIUM_DATA",
    help="A folder with a dataset.ttl; else the shipped one.",
)


def open_data(folder: str) -> "Knowledge":
    """The dataset of the folder, or the shipped one."""
    from kg.services.knowledge import open_knowledge

    return open_knowledge(folder or None)


def say_json(document: object) -> None:
    """Print a JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))


def links_of(knowledge: "Knowledge") -> Any:
    """Addresses as paths from the root of a service."""
    from api.links import Links

    return Links(knowledge.base, "")
