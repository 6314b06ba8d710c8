"""``trivium show``: one resource of the graph."""

import click

from api.cli.console import as_json, data, find_format, links_of, open_data, say_json


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
        from api.wire import description_document

        say_json(description_document(description, links_of(knowledge)))
        return
    from api.cli.text.resources import description_text

    click.echo(description_text(description, knowledge.prefixes))
