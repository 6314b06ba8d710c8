"""What the commands share: exit codes, common options, how they open a dataset and print a document."""

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from kg.errors import BadParameter

if TYPE_CHECKING:
    from kg.services.knowledge import Knowledge

EXIT_NOTHING, EXIT_USAGE, EXIT_DATA, EXIT_NO_WAY, EXIT_DEADLINE = 1, 2, 3, 4, 5

as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
data = click.option(
    "--data",
    metavar="DIR",
    default="",
    envvar="TRIVIUM_DATA",
    help="A folder with a dataset.ttl, file:/path of a store, or the URL of a SPARQL service; else the shipped one.",
)

learner_file = click.option("--learner", default="", metavar="FILE", help="A file of what you know.")


def known_topics(knowledge: "Knowledge", learner: str) -> tuple[str, ...]:
    """The topics of a learner's file, which the dataset must have; none without a file."""
    if not learner:
        return ()
    from kg.services.learners import read_learner, resolve_state

    return resolve_state(knowledge, read_learner(learner)).slugs


def open_data(source: str) -> "Knowledge":
    """The dataset of a folder, a store or a SPARQL service, or the shipped one."""
    from kg.services.knowledge import open_knowledge

    return open_knowledge(source or None)


def say_json(document: object) -> None:
    """Print a JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))


def write_document(document: bytes, output: str = "") -> None:
    """Write a document to a file; to standard output where none, or ``-``, is named.

    Raises:
        BadParameter: the file cannot be written.
    """
    if output in ("", "-"):
        sys.stdout.buffer.write(document)
        sys.stdout.buffer.flush()
        return
    from pathlib import Path

    try:
        Path(output).write_bytes(document)
    except OSError as error:
        raise BadParameter("output", output, f"a file that can be written: {error.strerror}") from error


def links_of(knowledge: "Knowledge") -> Any:
    """Addresses as paths from the root of a service."""
    from api.links import Links

    return Links(knowledge.base, "")


def find_format(name: str, answer: object) -> Any:
    """The result or graph format of that name; ``json`` of a graph is JSON-LD.

    Raises:
        BadParameter: there is none that can hold the answer.
    """
    from kg.rdf.formats import GRAPH_FORMATS, SOLUTION_FORMATS
    from kg.store.results import Triples

    formats = GRAPH_FORMATS if isinstance(answer, Triples) else SOLUTION_FORMATS
    wanted = "jsonld" if name == "json" and formats is GRAPH_FORMATS else name
    for candidate in formats:
        if wanted in (candidate.name, candidate.suffix):
            return candidate
    raise BadParameter("format", name, f"for this answer {', '.join(f.name for f in formats)}")
