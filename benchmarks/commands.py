"""Wall time of ``trivium --help``, beside an interpreter that does nothing and a bare click command."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import Row, interleave, wall_ms
from benchmarks.startup import trivium

LIMIT_MS = 150.0
BARE_CLICK = """
import click

cli = click.Group(commands=[click.Command(name) for name in sys_names], help="A bare command.")
cli()
""".replace("sys_names", repr(["serve", "query", "show", "eval", "solve", "next", "check"]))


def measure_help(rounds: int) -> tuple[Row, ...]:
    """The help text's wall time, once beside each peer."""
    with TemporaryDirectory() as folder:
        script = Path(folder) / "bare_click.py"
        script.write_text(BARE_CLICK, "utf-8")
        peers = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "bare click group": [sys.executable, str(script), "--help"],
        }
        return tuple(_beside(peer, command, rounds) for peer, command in peers.items())


def _beside(peer: str, command: list[str], rounds: int) -> Row:
    ours, theirs = interleave(lambda: wall_ms([trivium(), "--help"]), lambda: wall_ms(command), rounds=rounds)
    return Row("trivium --help", peer, "ms wall", ours, theirs, limit=LIMIT_MS)
