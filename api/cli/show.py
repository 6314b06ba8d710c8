"""``trivium show``: one resource of the graph."""

from shutil import get_terminal_size
from typing import Final

import click

from api.cli.console import as_json, data, find_format, links_of, open_data, say_json

WIDEST: Final = 110
"""Longer lines are hard to read."""


@click.command()
@click.argument("resource")
@click.option("--format", "form", default="", help="turtle, ntriples, jsonld, rdfxml, trig, nquads.")
@as_json
@data
def show(resource: str, form: str, as_json: bool, data: str) -> None:
    """Show RESOURCE: trivium show architecture/mamba.

    RESOURCE is kind/slug, a CURIE such as topic:mamba, or an IRI.
    """
    from kg.services import describe

    knowledge = open_data(data)
    if form:
        graph = describe.describe_graph(knowledge, resource)
        click.echo(graph.serialize(find_format(form, graph)), nl=False)
        return
    description = describe.describe(knowledge, resource)
    if as_json:
        from api.wire_describe import description_document

        say_json(description_document(description, links_of(knowledge)))
        return
    from api.cli.text.resources import reference_text

    page = describe.lay_out(description)
    click.echo(reference_text(page, knowledge.prefixes, width=min(get_terminal_size().columns, WIDEST)))
