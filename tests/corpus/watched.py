"""Runs the whole corpus in this process under an audit hook; prints what happened as JSON. Started by the tests."""

import ast
import gc
import json
import statistics
import sys
import time
import tracemalloc
from pathlib import Path

from kg.errors import TriviumError
from kg.formula.expressions import evaluate_expression, render_expression
from tests.corpus.answered import ANSWERED
from tests.corpus.refused import REFUSED

PREFIXES = (
    "exec",
    "import",
    "os.",
    "subprocess.",
    "socket.",
    "shutil.",
    "ctypes.",
    "pty.",
    "tempfile.",
    "marshal.",
)
ROWS = [(row.text, dict(row.values)) for row in (*REFUSED, *ANSWERED)]
LAWFUL = " + ".join(f"a{number}*x**{number}" for number in range(1, 50))
events: list[str] = []
sources: set[str] = set()
nodes: set[str] = set()
watching = False


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """Notes whatever reaches beyond the computation."""
    if not watching:
        return
    if event == "compile":
        parsed = arguments[0]
        if isinstance(parsed, ast.AST):
            nodes.update(type(node).__name__ for node in ast.walk(parsed))
        else:
            sources.add(parsed.decode() if isinstance(parsed, bytes) else str(parsed))
    elif event == "open" or event.startswith(PREFIXES):
        events.append(f"{event} {arguments!r}"[:200])


def seconds(text: str, values: dict[str, object]) -> float:
    """Processor time of one expression, evaluated and rendered."""
    started = time.process_time()
    for call in (lambda: evaluate_expression(text, values, {}), lambda: render_expression(text)):
        try:
            call()
        except TriviumError as error:
            str(error)
    return time.process_time() - started


def main() -> None:
    """One round to warm up, three that are watched."""
    global watching  # noqa: PLW0603
    sys.addaudithook(watch)
    for text, values in ROWS:
        seconds(text, values)
    tracemalloc.start()
    watching = True
    kept = []
    for _ in range(3):
        for text, values in ROWS:
            seconds(text, values)
        gc.collect()
        kept.append(tracemalloc.get_traced_memory()[0])
    watching = False
    tracemalloc.stop()
    lawful = statistics.median(seconds(LAWFUL, {}) for _ in range(15))
    dearest = max((min(seconds(text, values) for _ in range(3)), text[:60]) for text, values in ROWS)
    files = [str(path) for path in Path().iterdir()]
    found = {
        "events": events,
        "sources": sorted(sources),
        "nodes": sorted(nodes),
        "kept": kept,
        "files": files,
    }
    sys.stdout.write(json.dumps(found | {"lawful": lawful, "dearest": dearest}))


if __name__ == "__main__":
    main()
