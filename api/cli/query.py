"""``trivium query``: SPARQL, and its answers as tables."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.cli.console import EXIT_NOTHING, as_json, data, find_format, open_data, write_document
from kg.errors import BadInput

if TYPE_CHECKING:
    from kg.services.knowledge import Knowledge


@click.command()
@click.argument("text", metavar="QUERY")
@click.option(
    "--format",
    "form",
    default="",
    help="json, xml, csv, tsv; turtle, ntriples, jsonld, rdfxml, trig, nquads.",
)
@click.option("--timeout", type=click.FloatRange(0, min_open=True), help="Seconds until it is stopped.")
@as_json
@data
def query(text: str, form: str, as_json: bool, data: str, timeout: float | None) -> None:
    """Ask by SPARQL.

    QUERY is text, a .rq file, or - for standard input; the dataset's prefixes need no declaration.
    """
    from kg.services.sparql import run_query
    from kg.store.results import Boolean

    knowledge = open_data(data)
    if timeout is None:
        answer = run_query(knowledge, read_query_text(text))
    else:
        from kg.services.isolation import run_query_isolated, start_pool

        start_pool(knowledge, size=1)
        answer = run_query_isolated(knowledge, read_query_text(text), timeout_s=timeout)
    if form or as_json:
        write_document(answer.serialize(find_format(form or "json", answer)))
        say_warnings(answer.warnings)
        return
    if isinstance(answer, Boolean):
        click.echo("true" if answer.value else "false")
        return
    rows = list(say_rows(knowledge, answer))
    say_warnings(answer.warnings)
    if not rows:
        click.echo("no solutions", err=True)
        raise SystemExit(EXIT_NOTHING)


def read_query_text(text: str) -> str:
    """The query itself, from an argument, a file or standard input.

    Raises:
        BadInput: the file cannot be read as UTF-8.
    """
    if text == "-":
        return sys.stdin.read()
    if text.endswith(".rq") and "\n" not in text:
        try:
            return Path(text).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(f"{text} cannot be read: {error}; give a query, a .rq file, or -") from error
    return text


def say_rows(knowledge: "Knowledge", answer: Any) -> Iterable[object]:
    """Print solutions as an aligned table, or a graph as Turtle; give what was printed."""
    from api.cli.text.layout import table
    from kg.rdf.formats import TURTLE
    from kg.store.results import Triples

    if isinstance(answer, Triples):
        turtle = answer.serialize(TURTLE).decode()
        click.echo(turtle, nl=False)
        return [turtle] if turtle.strip() else []
    rows = [tuple(show_term(row.get(name), knowledge) for name in answer.variables) for row in answer]
    head = tuple(f"?{name}" for name in answer.variables)
    click.echo("\n".join(table([head, *rows], indent="")))
    return rows


def show_term(term: Any, knowledge: "Knowledge") -> str:
    """A term as a person reads it: an IRI as its CURIE, a double in short, another literal as its text."""
    if term is None:
        return ""
    value: str = getattr(term, "value", None) or str(term)
    if not hasattr(term, "datatype"):
        return knowledge.prefixes.compress(value) if hasattr(term, "value") else value
    if term.datatype.value.endswith("#double"):
        from api.figures import format_number

        return format_number(float(value))
    return " ".join(value.split())


def say_warnings(warnings: Iterable[str]) -> None:
    """Print warnings to standard error."""
    for warning in warnings:
        click.echo(f"Mind: {warning}", err=True)
