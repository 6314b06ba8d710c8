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
@click.option(
    "--uncertainty",
    default="",
    metavar="METHOD",
    help="How sure it is: linear, interval or monte-carlo; values may be 70B±5B, 70B±5% or [60B,80B].",
)
@click.option("--samples", type=int, help="Draws of monte-carlo; else 10000.")
@click.option("--seed", type=int, help="Seed of monte-carlo; else 0.")
@as_json
@data
def evaluate(formula: str, values: tuple[str, ...], as_json: bool, data: str, **options: Any) -> None:
    """Evaluate FORMULA.

    As in: trivium eval chinchilla-loss N=70B D=1.4T
    """
    from kg.services.uncertainty import evaluate_as_asked

    knowledge = open_data(data)
    evaluation = evaluate_as_asked(knowledge, formula, parse_assignments(values), **options)
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


@click.command()
@click.argument("formula")
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@subject
@fit
@unit
@click.option("--format", "form", default="", help="csv or markdown; else a table.")
@as_json
@data
def sensitivity(
    formula: str, values: tuple[str, ...], form: str, as_json: bool, data: str, **options: str
) -> None:
    """What moves the output of FORMULA, the widest swing first.

    As in: trivium sensitivity chinchilla-loss N=70B±5B D=1.4T
    """
    from kg.services.uncertainty import formula_sensitivity, write_sensitivity

    knowledge = open_data(data)
    found = formula_sensitivity(knowledge, formula, parse_assignments(values), **options)
    if as_json:
        from api.wire_uncertainty import sensitivity_document

        say_json(sensitivity_document(found, links_of(knowledge)))
    elif form:
        click.echo(write_sensitivity(found, form), nl=False)
    else:
        from api.cli.text.uncertainty import sensitivity_text

        click.echo(sensitivity_text(found))
