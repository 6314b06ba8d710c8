"""``trivium learner``: what a learner knows, in a file that the learner keeps."""

from pathlib import Path

import click

from api.cli.console import as_json, data, open_data, say_json


@click.command()
@click.argument("file")
@click.option(
    "--learned", multiple=True, metavar="A,B", help="Slugs of topics that are known now; repeatable."
)
@click.option("--forgotten", multiple=True, metavar="A,B", help="Taken back, with all that builds on them.")
@click.option("--on", default="", metavar="DAY", help="When: 2027-01-04.")
@click.option("--evidence", default="", metavar="TEXT", help="How you know, such as: course, exercise.")
@as_json
@data
def learner(
    file: str,
    learned: tuple[str, ...],
    forgotten: tuple[str, ...],
    on: str,
    evidence: str,
    as_json: bool,
    data: str,
) -> None:
    """Show or change what FILE says that you know; the first --learned makes it.

    As in: trivium learner me.json --learned linear-algebra --on 2027-01-04
    """
    from api.plan_options import parse_day, split_slugs
    from kg.model.learner import LearnerState
    from kg.services import learners

    changes = bool(learned or forgotten)
    is_new = changes and not Path(file).exists()
    state = LearnerState() if is_new else learners.read_learner(file)
    knowledge = open_data(data)
    if changes:
        state = learners.change_state(
            knowledge,
            state,
            learned=split_slugs(learned),
            forgotten=split_slugs(forgotten),
            on=parse_day("on", on),
            evidence=evidence,
        )
        learners.write_learner(file, state)
    unknown = learners.unknown_topics(knowledge, state)
    if as_json:
        say_json({**state.document(), "unknown": list(unknown)})
        return
    for each in state.topics:
        told = [
            each.topic,
            *([each.on.isoformat()] if each.on else []),
            *([each.evidence] if each.evidence else []),
        ]
        click.echo("  ".join(told))
    if unknown:
        click.echo(f"not topics of this dataset: {', '.join(unknown)}", err=True)
    click.echo("1 topic" if len(state.topics) == 1 else f"{len(state.topics)} topics")
