"""``trivium next``: what to learn next."""

import click

from api.cli.console import (
    EXIT_NOTHING,
    as_json,
    data,
    known_topics,
    learner_file,
    links_of,
    open_data,
    say_json,
)


@click.command("next")
@click.option("--know", multiple=True, metavar="A,B", help="Slugs of known topics; repeatable.")
@click.option("--goal", default="", help="Slug of the topic to reach.")
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 100))
@click.option("--assume", default="closed", show_default=True, type=click.Choice(["closed", "exact"]))
@click.option("--review", is_flag=True, help="Name what to look at again as well.")
@learner_file
@as_json
@data
def next_topics(
    know: tuple[str, ...],
    goal: str,
    limit: int,
    assume: str,
    review: bool,
    learner: str,
    as_json: bool,
    data: str,
) -> None:
    """Say what to learn next, and why."""
    from api.plan_options import split_slugs
    from kg.services import learning

    knowledge = open_data(data)
    known = [*known_topics(knowledge, learner), *split_slugs(know)]
    advice = learning.next_topics(knowledge, known, goal=goal, limit=limit, assume=assume)
    if as_json:
        from api.wire import advice_document

        say_json(advice_document(advice, links_of(knowledge)))
    else:
        from api.cli.text.learning import advice_text

        click.echo(advice_text(advice, review=review))
    if not advice.topics:
        raise SystemExit(EXIT_NOTHING)
