"""The command line: ``trivium``. Each command imports what it needs when it runs, so that ``--help`` is quick."""

import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.cli_plan import plan
from api.cli_search import search
from api.console import as_json, data, links_of, open_data, say_json
from kg import __version__
from kg.errors import (
    BadInput,
    BadParameter,
    FormulaError,
    InvalidData,
    InvalidFormula,
    NotFound,
    NotSolvable,
    TriviumError,
)

if TYPE_CHECKING:
    from socket import socket

    from kg.services.knowledge import Knowledge

EXIT_NOTHING, EXIT_USAGE, EXIT_DATA, EXIT_NO_WAY = 1, 2, 3, 4
LOOPBACK = ("127.0.0.1", "localhost", "::1")
LAST_WORDS = """Exit codes: 0 ok, 1 nothing found, 2 usage, 3 invalid data, 4 no way to the answer."""

Command = Callable[..., Any]
subject = click.option(
    "--subject", default="", help="Take values from what the graph knows of it: model/gpt-3."
)
fit = click.option("--fit", default="", help="The constant set to use; else the preferred one.")
unit = click.option("--unit", default="", help="Unit of the answer.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=LAST_WORDS)
@click.version_option(__version__, prog_name="trivium")
def cli() -> None:
    """Trivium: a computable knowledge graph. Ask it, evaluate its formulas, see what to learn next."""


@cli.command()
@data
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
def serve(data: str, host: str, port: int) -> None:
    """Answer over HTTP, read-only."""
    import gc

    gc.disable()  # All that a start loads is kept; looking for garbage in it takes a fifth of its time.
    import uvicorn

    from api.app import create_app
    from api.settings import Settings

    settings = Settings.from_environment()
    if host not in LOOPBACK:
        click.echo("Mind: queries have no deadline yet; serve on a loopback address only.", err=True)
    app = create_app(open_data(data), settings)
    gc.freeze()
    gc.enable()
    listening = listen(host, port)
    address = f"[{host}]" if ":" in host else host
    port = listening.getsockname()[1]
    click.echo(f"Trivium {__version__} answers on http://{address}:{port} (Ctrl-C ends it)", err=True)
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


def listen(host: str, port: int) -> "socket":
    """A socket that listens there; port 0 takes a free one.

    Raises:
        BadParameter: the address is taken, or is none of this machine.
    """
    from socket import AF_INET, AF_INET6, create_server

    try:
        return create_server((host, port), family=AF_INET6 if ":" in host else AF_INET, backlog=2048)
    except OSError as error:
        expected = "a free address of this machine; --port 0 takes a free port"
        raise BadParameter("address", f"{host}:{port}", expected) from error


@cli.command()
@click.argument("text", metavar="QUERY")
@click.option(
    "--format",
    "form",
    default="",
    help="json, xml, csv, tsv; turtle, ntriples, jsonld, rdfxml, trig, nquads.",
)
@as_json
@data
def query(text: str, form: str, as_json: bool, data: str) -> None:
    """Ask by SPARQL.

    QUERY is text, a .rq file, or - for standard input; the dataset's prefixes need no declaration.
    """
    from kg.services.sparql import run_query
    from kg.store.results import Boolean

    knowledge = open_data(data)
    answer = run_query(knowledge, read_query_text(text))
    if form or as_json:
        sys.stdout.buffer.write(answer.serialize(find_format(form or "json", answer)))
        sys.stdout.buffer.flush()
        say_warnings(answer.warnings)
        return
    if isinstance(answer, Boolean):
        click.echo("true" if answer.value else "false")
        return
    rows = list(say_rows(knowledge, answer))
    say_warnings(answer.warnings)
    if not rows:
        click.echo("no solutions", err=True)
        raise SystemExit(EXIT_NOTHING)


def read_query_text(text: str) -> str:
    """The query itself, from an argument, a file or standard input.

    Raises:
        BadInput: the file cannot be read as UTF-8.
    """
    if text == "-":
        return sys.stdin.read()
    if text.endswith(".rq") and "\n" not in text:
        try:
            return Path(text).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(f"{text} cannot be read: {error}; give a query, a .rq file, or -") from error
    return text


def find_format(name: str, answer: object) -> Any:
    """The result or graph format of that name; ``json`` of a graph is JSON-LD.

    Raises:
        BadParameter: there is none that can hold the answer.
    """
    from kg.rdf.formats import GRAPH_FORMATS, SOLUTION_FORMATS
    from kg.store.results import Triples

    formats = GRAPH_FORMATS if isinstance(answer, Triples) else SOLUTION_FORMATS
    wanted = "jsonld" if name == "json" and formats is GRAPH_FORMATS else name
    for candidate in formats:
        if wanted in (candidate.name, candidate.suffix):
            return candidate
    raise BadParameter("format", name, f"for this answer {', '.join(f.name for f in formats)}")


def say_rows(knowledge: "Knowledge", answer: Any) -> Iterable[object]:
    """Print solutions as an aligned table, or a graph as Turtle; give what was printed."""
    from api.text import table
    from kg.rdf.formats import TURTLE
    from kg.store.results import Triples

    if isinstance(answer, Triples):
        turtle = answer.serialize(TURTLE).decode()
        click.echo(turtle, nl=False)
        return [turtle] if turtle.strip() else []
    rows = [tuple(show_term(row.get(name), knowledge) for name in answer.variables) for row in answer]
    head = tuple(f"?{name}" for name in answer.variables)
    click.echo("\n".join(table([head, *rows], indent="")))
    return rows


def show_term(term: Any, knowledge: "Knowledge") -> str:
    """A term as a person reads it: an IRI as its CURIE, a double in short, another literal as its text."""
    if term is None:
        return ""
    value: str = getattr(term, "value", None) or str(term)
    if not hasattr(term, "datatype"):
        return knowledge.prefixes.compress(value) if hasattr(term, "value") else value
    if term.datatype.value.endswith("#double"):
        from api.text import format_number

        return format_number(float(value))
    return " ".join(value.split())


def say_warnings(warnings: Iterable[str]) -> None:
    """Print warnings to standard error."""
    for warning in warnings:
        click.echo(f"Mind: {warning}", err=True)


@cli.command()
@click.argument("resource")
@click.option("--format", "form", default="", help="turtle, ntriples, jsonld, rdfxml, trig, nquads.")
@as_json
@data
def show(resource: str, form: str, as_json: bool, data: str) -> None:
    """Show RESOURCE: trivium show architecture/mamba.

    RESOURCE is kind/slug, a CURIE such as topic:mamba, or an IRI.
    """
    from kg.services import describe

    knowledge = open_data(data)
    if form:
        graph = describe.describe_graph(knowledge, resource)
        click.echo(graph.serialize(find_format(form, graph)), nl=False)
        return
    description = describe.describe(knowledge, resource)
    if as_json:
        from api.wire import description_document

        say_json(description_document(description, links_of(knowledge)))
        return
    from api.text import description_text

    click.echo(description_text(description, knowledge.prefixes))


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


@cli.command("eval")
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
    from api.text import evaluation_text

    click.echo(evaluation_text(evaluation))


@cli.command()
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
    from api.text import solution_text

    click.echo(solution_text(solution))


@cli.command("next")
@click.option("--know", multiple=True, metavar="A,B", help="Slugs of known topics; repeatable.")
@click.option("--goal", default="", help="Slug of the topic to reach.")
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 100))
@click.option("--assume", default="closed", show_default=True, type=click.Choice(["closed", "exact"]))
@as_json
@data
def next_topics(know: tuple[str, ...], goal: str, limit: int, assume: str, as_json: bool, data: str) -> None:
    """Say what to learn next, and why."""
    from kg.services import learning

    knowledge = open_data(data)
    known = [slug.strip() for slugs in know for slug in slugs.split(",") if slug.strip()]
    advice = learning.next_topics(knowledge, known, goal=goal, limit=limit, assume=assume)
    if as_json:
        from api.wire import advice_document

        say_json(advice_document(advice, links_of(knowledge)))
    else:
        from api.text import advice_text

        click.echo(advice_text(advice))
    if not advice.topics:
        raise SystemExit(EXIT_NOTHING)


@cli.command()
@click.argument("folder", required=False, default="")
@as_json
@data
def check(folder: str, as_json: bool, data: str) -> None:
    """Validate the dataset in FOLDER, or in --data, or the shipped one.

    Turtle, shapes, one graph a triple, formulas with their examples, prerequisites, competency questions.
    """
    from kg.services.check import check_dataset

    report = check_dataset(folder or data or None)
    counts = ", ".join(f"{number} {what}" for what, number in report.counts.items())
    if as_json:
        from dataclasses import asdict

        say_json(
            {
                "conforms": report.conforms,
                "counts": dict(report.counts),
                "skipped": report.skipped,
                "findings": [asdict(finding) for finding in report.findings],
            }
        )
    else:
        for finding in report.findings:
            click.echo(str(finding))
        if report.skipped:
            click.echo(f"not checked: {report.skipped}")
        number = len(report.findings)
        verdict = "clean" if report.conforms else f"{number} finding{'s' if number != 1 else ''}"
        click.echo(f"{verdict}: {counts}")
    if not report.conforms:
        raise SystemExit(EXIT_DATA)


cli.add_command(search)
cli.add_command(plan)


def exit_code(error: TriviumError) -> int:
    """The exit code that says what the caller can do."""
    if isinstance(error, NotFound):
        return EXIT_NOTHING
    if isinstance(error, NotSolvable):
        return EXIT_NO_WAY
    if isinstance(error, InvalidData | InvalidFormula):
        return EXIT_DATA
    return EXIT_USAGE if isinstance(error, BadInput | FormulaError) else EXIT_DATA


def main() -> None:
    """Entry point of ``trivium``: errors go to standard error as one sentence, never as a traceback."""
    try:
        cli.main(prog_name="trivium", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except TriviumError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(exit_code(error))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
