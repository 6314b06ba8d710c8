"""``trivium plan``: a plan to goals, to read or to take elsewhere."""

import click

from api.cli.console import (
    as_json,
    data,
    known_topics,
    learner_file,
    links_of,
    open_data,
    say_json,
    write_document,
)


@click.command()
@click.argument("goals", nargs=-1, required=True, metavar="GOAL...")
@click.option("--know", multiple=True, metavar="A,B", help="Slugs of known topics; repeatable.")
@click.option(
    "--order",
    default="recall",
    show_default=True,
    type=click.Choice(["recall", "focus", "area", "short"]),
    help="What the order of study keeps small.",
)
@click.option("--start", default="", metavar="DAY", help="First day of study: 2027-01-04.")
@click.option("--hours-per-week", default="", metavar="HOURS", help="10 where there is a start.")
@click.option(
    "--hours", default="", metavar="HOURS", help="Hours there are: plan what is worth most in them."
)
@click.option(
    "--value",
    default="",
    metavar="RULE",
    help="What counts: goals (default), topics, unlocks, or goals' worth: mamba:100,agent-frameworks:40.",
)
@click.option("--price", default="", metavar="WORTH", help="What an hour costs, in the worth of goals.")
@click.option(
    "--format",
    "form",
    default="",
    help="markdown, ical, mermaid, jsonld, svg, csv, turtle, graphml or json; else text.",
)
@learner_file
@as_json
@data
def plan(
    goals: tuple[str, ...],
    know: tuple[str, ...],
    order: str,
    start: str,
    hours_per_week: str,
    hours: str,
    value: str,
    price: str,
    form: str,
    learner: str,
    as_json: bool,
    data: str,
) -> None:
    """Plan what to learn for one GOAL or several.

    As in: trivium plan mamba --know linear-algebra,python-programming
    """
    from api.plan_options import parse_day, parse_hours, parse_price, parse_value, split_slugs
    from kg.services import plans

    if form and not as_json and form != "json":
        form = plans.find_format(form).name
    knowledge = open_data(data)
    found = plans.plan(
        knowledge,
        split_slugs(goals),
        [*split_slugs(know), *known_topics(knowledge, learner)],
        order=order,
        start=parse_day("start", start),
        hours_per_week=parse_hours("hours-per-week", hours_per_week),
        budget_hours=parse_hours("hours", hours),
        value=parse_value(value),
        price=parse_price("price", price),
    )
    if as_json or form == "json":
        from api.wire_plan import plan_document

        say_json(plan_document(found, links_of(knowledge)))
    elif form:
        # Bytes, so that the line ends of a calendar stay as they are.
        write_document(plans.write_plan(found, form).encode())
    else:
        from api.cli.text.learning import plan_text

        click.echo(plan_text(found))
