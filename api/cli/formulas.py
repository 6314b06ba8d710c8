"""``trivium eval`` and ``trivium solve``: formulas with numbers in them."""

from collections.abc import Callable, Iterable
from typing import Any

import click

from api.cli.console import as_json, data, links_of, open_data, say_json
from kg.errors import BadParameter

Command = Callable[..., Any]
subject = click.option(
    "--subject", default="", help="Take values from what the graph knows of it: model/gpt-3."
)
fit = click.option("--fit", default="", help="The constant set to use; else the preferred one.")
unit = click.option("--unit", default="", help="Unit of the answer.")


def parse_assignments(assignments: Iterable[str]) -> dict[str, object]:
    """``N=70B`` and the like as givens.

    Raises:
        BadParameter: one has no ``=``, or a name comes twice.
    """
    givens: dict[str, object] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals or not name.strip():
            raise BadParameter("value", assignment, "NAME=VALUE, as in N=70B or w=0.5,0.3")
        if name.strip() in givens:
            raise BadParameter(name.strip(), value, "one value, not several")
        givens[name.strip()] = value.strip()
    return givens


@click.command("eval")
@click.argument("formula")
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@subject
@fit
@unit
@as_json
@data
def evaluate(formula: str, values: tuple[str, ...], as_json: bool, data: str, **options: str) -> None:
    """Evaluate FORMULA.

    As in: trivium eval chinchilla-loss N=70B D=1.4T
    """
    from kg.services.formulas import evaluate_formula

    knowledge = open_data(data)
    evaluation = evaluate_formula(knowledge, formula, parse_assignments(values), **options)
    if as_json:
        from api.wire import evaluation_document

        say_json(evaluation_document(evaluation, links_of(knowledge)))
        return
    from api.cli.text.formulas import evaluation_text

    click.echo(evaluation_text(evaluation))


@click.command()
@click.argument("formula")
@click.argument("symbol")
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@subject
@fit
@unit
@as_json
@data
def solve(
    formula: str, symbol: str, values: tuple[str, ...], as_json: bool, data: str, **options: str
) -> None:
    """Solve FORMULA for one of its symbols.

    As in: trivium solve chinchilla-loss D L=2.0 N=70B
    """
    from kg.services.formulas import solve_formula

    knowledge = open_data(data)
    solution = solve_formula(knowledge, formula, symbol, parse_assignments(values), **options)
    if as_json:
        from api.wire import solution_document

        say_json(solution_document(solution, links_of(knowledge)))
        return
    from api.cli.text.formulas import solution_text

    click.echo(solution_text(solution))
