"""``trivium derive``: a quantity from givens, through whatever formulas lead there."""

import click

from api.cli.console import as_json, data, links_of, open_data, say_json, write_document


@click.command()
@click.argument("target")
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@click.option(
    "--subject",
    multiple=True,
    metavar="A,B",
    help="Take figures from what the graph knows of these: model/gpt-3,hardware/h100-sxm; repeatable.",
)
@click.option("--prefer", multiple=True, metavar="A,B", help="Formulas to prefer; repeatable.")
@click.option("--avoid", multiple=True, metavar="A,B", help="Formulas to leave out; repeatable.")
@click.option("--no-defaults", is_flag=True, help="Use no default of a formula.")
@click.option(
    "--alternatives",
    default=0,
    show_default=True,
    metavar="N",
    help="How many other ways to tell, 0 to 10.",
)
@click.option("--unit", default="", help="Unit of the answer.")
@click.option(
    "--format",
    "form",
    default="",
    help="markdown, python, json, turtle or another format of RDF; else text.",
)
@as_json
@data
def derive(
    target: str,
    values: tuple[str, ...],
    no_defaults: bool,
    form: str,
    as_json: bool,
    data: str,
    **options: object,
) -> None:
    """Derive TARGET, a quantity, or a formula, which means its output.

    As in: trivium derive training-time model-parameters=70B training-tokens=1.4T hardware-count=1024
    training-mfu=40% --subject hardware/h100-sxm --unit day
    """
    from api.cli.formulas import parse_assignments
    from kg.services import derivations

    as_json = as_json or form == "json"
    form = "" if as_json or form == "text" else form
    if form:
        form = derivations.find_format(form).name
    knowledge = open_data(data)
    defaults = "forbid" if no_defaults else "allow"
    givens = parse_assignments(values)
    found = derivations.derive_quantity(knowledge, target, givens, defaults=defaults, **options)  # type: ignore[arg-type]
    if as_json:
        from api.wire_derive import derivation_document

        say_json(derivation_document(found, links_of(knowledge)))
    elif form:
        write_document(derivations.write_derivation(knowledge, found, form))
    else:
        from api.cli.text.derivation import derivation_text

        click.echo(derivation_text(found))
