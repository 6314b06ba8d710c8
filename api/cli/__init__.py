"""The command line: ``trivium``. A command's module is imported when the command is, so that a start is quick."""

import sys
from importlib import import_module
from typing import Final

import click

from api.cli.console import EXIT_DATA, EXIT_DEADLINE, EXIT_NO_WAY, EXIT_NOTHING, EXIT_USAGE
from kg import __version__
from kg.errors import (
    BadInput,
    DeadlineExceeded,
    FormulaError,
    InvalidData,
    InvalidFormula,
    NoDerivation,
    NotFound,
    NotSolvable,
    Overloaded,
    TriviumError,
)

# Where each command lives; a new one is a line here and a function there.
COMMANDS: Final = {
    "check": "api.cli.check:check",
    "compare": "api.cli.compare:compare",
    "derive": "api.cli.derive:derive",
    "eval": "api.cli.formulas:evaluate",
    "exercise": "api.cli.exercise:exercise",
    "export": "api.cli.exports:export_graph",
    "import": "api.cli.imports:import_graph",
    "learner": "api.cli.learner:learner",
    "next": "api.cli.next:next_topics",
    "plan": "api.cli.plan:plan",
    "plot": "api.cli.plot:plot",
    "query": "api.cli.query:query",
    "search": "api.cli.search:search",
    "sensitivity": "api.cli.formulas:sensitivity",
    "serve": "api.cli.serve:serve",
    "show": "api.cli.show:show",
    "solve": "api.cli.formulas:solve",
    "sweep": "api.cli.sweep:sweep",
}
LAST_WORDS: Final = (
    """Exit codes: 0 ok, 1 nothing found, 2 usage, 3 invalid data, 4 no way to the answer, 5 deadline."""
)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """The names of all commands, sorted."""
        return sorted(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        return find_command(cmd_name) if cmd_name in COMMANDS else None


def find_command(name: str) -> click.Command:
    """The command of that name, its module imported."""
    module, _, function = COMMANDS[name].partition(":")
    command: click.Command = getattr(import_module(module), function)
    return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]}, epilog=LAST_WORDS)
@click.version_option(__version__, prog_name="trivium")
def cli() -> None:
    """Trivium: a computable knowledge graph. Ask it, evaluate its formulas, see what to learn next."""


def exit_code(error: TriviumError) -> int:
    """The exit code that says what the caller can do."""
    if isinstance(error, NotFound):
        return EXIT_NOTHING
    if isinstance(error, DeadlineExceeded | Overloaded):
        return EXIT_DEADLINE
    if isinstance(error, NotSolvable | NoDerivation):
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
