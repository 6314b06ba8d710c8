"""``trivium export``: the prerequisite graph for other programs."""

from pathlib import Path

import click

from api.cli.console import data, open_data, write_document
from kg.errors import BadParameter


@click.command("export")
@click.option(
    "--format", "form", default="csv", show_default=True, help="csv (an edge list), graphml or turtle."
)
@click.option("-o", "--output", default="-", metavar="FILE", help="A new file; else standard output.")
@click.option("--force", is_flag=True, help="Replace the file.")
@data
def export_graph(form: str, output: str, force: bool, data: str) -> None:
    """Write all topics and what they require.

    As in: trivium export --format graphml -o topics.graphml
    """
    from kg.services.exports import write_graph

    if output != "-" and Path(output).exists() and not force:
        raise BadParameter("output", output, "the name of a new file; --force replaces one")
    write_document(write_graph(open_data(data), form).encode(), output)
