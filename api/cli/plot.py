"""``trivium plot``: a picture of a formula."""

from pathlib import Path

import click

from api.cli.console import as_json, data, open_data, write_document
from api.cli.formulas import fit, parse_assignments, subject, unit


@click.command()
@click.argument("formula")
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@click.option(
    "--kind",
    default="sweep",
    show_default=True,
    type=click.Choice(["sweep", "fits", "sensitivity", "observed"]),
    help="What to show: a curve, a curve for each fit, what each input does, or the curve with observed things.",
)
@click.option("--points", default=200, show_default=True, type=int, help="Points of a curve.")
@click.option(
    "--band",
    default="none",
    show_default=True,
    type=click.Choice(["none", "linear", "interval", "monte-carlo"]),
    help="How uncertainty is propagated to a band.",
)
@subject
@fit
@unit
@click.option(
    "--output",
    "-o",
    default="",
    metavar="FILE",
    help="Where to write: .svg, .png or .json; else to the screen.",
)
@click.option("--format", "form", default="", help="svg, png or vega-lite; else by the name of the file.")
@as_json
@data
def plot(
    formula: str,
    values: tuple[str, ...],
    output: str,
    form: str,
    as_json: bool,
    data: str,
    **options: str | int,
) -> None:
    """Plot FORMULA over one variable, which is given as a range.

    As in: trivium plot chinchilla-loss N=1e8..1e12 D=1.4T -o loss.svg
    """
    from kg.services import pictures, plots

    if as_json or not (form or output):
        form = "vega-lite"
    wanted = pictures.find_plot_format(form or Path(output).suffix.removeprefix("."))
    pictures.check_drawable(wanted)
    knowledge = open_data(data)
    over = [value.partition("=")[2] for value in values if _is_x(value)]
    givens = parse_assignments(value for value in values if not _is_x(value))
    x, given = plots.split_x(knowledge, formula, over)
    if given is not None:
        givens["x"] = given
    found = plots.make_plot(knowledge, formula, givens, x=x, **options)  # type: ignore[arg-type]
    written = pictures.write_plot(found, wanted)
    for note in found.notes:
        click.echo(f"Note: {note}", err=True)
    write_document(written, output)


def _is_x(assignment: str) -> bool:
    name, equals, _ = assignment.partition("=")
    return bool(equals) and name.strip() == "x"
