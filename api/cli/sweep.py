"""``trivium sweep``: a formula over a grid of one or two of its variables."""

import click

from api.cli.console import as_json, data, links_of, open_data, say_json
from api.cli.formulas import fit, parse_assignments, subject, unit
from kg.errors import BadParameter


@click.command()
@click.argument("formula")
@click.argument("values", nargs=-1, metavar="[NAME=VALUE|NAME=LOW..HIGH[:POINTS[:log]]]...")
@click.option("--points", default=0, help="Points of an axis that says none of its own; else 50.")
@click.option("--mask", is_flag=True, help="Leave out points without a value, and say how many.")
@click.option("--csv", "as_csv", is_flag=True, help="Answer in CSV.")
@subject
@fit
@unit
@as_json
@data
def sweep(
    formula: str,
    values: tuple[str, ...],
    points: int,
    mask: bool,
    as_csv: bool,
    as_json: bool,
    data: str,
    **options: str,
) -> None:
    """Sweep FORMULA over one or two axes.

    As in: trivium sweep chinchilla-loss N=1e8..1e12 D=1.4T --points 9
    """
    from kg.services.batches import sweep_formula, write_batch

    if as_csv and as_json:
        raise BadParameter("format", "csv and json", "one of --csv and --json")
    knowledge = open_data(data)
    found = sweep_formula(
        knowledge,
        formula,
        parse_assignments(values),
        points=points,
        undefined="mask" if mask else "refuse",
        **options,
        limits=None,
    )
    if as_json:
        from api.wire_batch import sweep_document, with_columns

        links = links_of(knowledge)
        say_json(with_columns(sweep_document(found, links), found.batch, links))
    elif as_csv:
        for piece in write_batch(found.batch, "csv"):
            click.echo(piece, nl=False)
    else:
        from api.cli.text.sweep import sweep_text

        click.echo(sweep_text(found))
