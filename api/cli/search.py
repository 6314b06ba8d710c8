"""``trivium search``: resources by words."""

import click

from api.cli.console import EXIT_NOTHING, as_json, data, links_of, open_data, say_json


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--kind", default="", help="Only this kind: formula, topic, architecture …")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100), help="How many hits.")
@as_json
@data
def search(text: tuple[str, ...], kind: str, limit: int, as_json: bool, data: str) -> None:
    """Search by words: trivium search mixtre of experts.

    The last word may be the beginning of one; misspelt words are corrected.
    """
    knowledge = open_data(data)
    answer = knowledge.search(" ".join(text), kind=kind, limit=limit)
    if as_json:
        from api.wire import search_document

        say_json(search_document(answer, links_of(knowledge)))
    else:
        from api.cli.text.search import search_text

        click.echo(search_text(answer, knowledge.base, lambda match: click.style(match, bold=True)))
    if not answer.hits:
        raise SystemExit(EXIT_NOTHING)
