"""``trivium compare``: things of one kind side by side."""

import click

from api.cli.console import EXIT_NOTHING, as_json, data, links_of, open_data, say_json


@click.command()
@click.argument("kind")
@click.argument("items", nargs=-1)
@click.option(
    "--properties", multiple=True, metavar="A,B", help="What to compare; else what two items share."
)
@click.option("--format", "form", default="", help="csv or markdown; else a table.")
@as_json
@data
def compare(
    kind: str, items: tuple[str, ...], properties: tuple[str, ...], form: str, as_json: bool, data: str
) -> None:
    """Compare ITEMS of a KIND: trivium compare architectures mamba transformer.

    Without items all of the kind are compared. Each value names its sources.
    """
    from kg.services.compare import write_comparison

    knowledge = open_data(data)
    names = [name for given in properties for name in given.split(",")]
    comparison = knowledge.compare(kind, [item for given in items for item in given.split(",")], names)
    if as_json:
        from api.wire_compare import comparison_document

        say_json(comparison_document(comparison, links_of(knowledge)))
    elif form:
        click.echo(write_comparison(comparison, form), nl=False)
    else:
        from api.cli.text.compare import comparison_text

        click.echo(comparison_text(comparison))
    if not comparison.items or not comparison.columns:
        raise SystemExit(EXIT_NOTHING)
