"""The benchmarks run, and tell every figure beside its peer; only ratios count, and here with wide margins."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.measure import Row, interleave
from benchmarks.report import table

ROOT = Path(__file__).parents[2]
SLACK = 2.0
"""A machine that does other things as well must not fail a test."""
ROWS = {
    "serve: start to first SELECT answered": 1.35,
    "trivium --help": None,
    "warm evaluate: a law with a constant set": 3.0,
    "warm evaluate: a definition with readings": 3.0,
    "evaluate in process: by its handle": 1 / 25,
    "evaluate in process: by the engine": 1 / 25,
    "evaluate in process: with texts": None,
    "evaluate in process: all of the answer read": None,
    "roots: x**5 + x - p, all, proved": None,
    "plan: the page's six next topics": None,
    "plan: all topics": None,
    "store on disk: opened, first answer": 0.5,
    "store on disk: look-up": None,
    "query in a worker, by HTTP": 1.25,
    "kill of a query and the next answer": None,
    "99 of 100 queries beside 4 runaways": None,
}
"""Row → what its ratio must not exceed on a quiet machine."""


FIRST_ANSWER = """
import asyncio, sys
from urllib.parse import quote
from api.app import create_app
from benchmarks.startup import QUESTION
from benchmarks.warm import call
from kg import open_knowledge
app = create_app(open_knowledge())
assert asyncio.run(call(app, "/sparql", f"query={quote(QUESTION)}".encode())) == 200
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_every_row_is_there_with_machine_and_peer(document: dict[str, Any]) -> None:
    assert {row["name"]: row["target"] for row in document["rows"]} == ROWS
    assert "CPython" in document["machine"] or "PyPy" in document["machine"]
    for row in document["rows"]:
        assert row["peer"]
        assert len(row["ours"]) == len(row["theirs"]) == document["rounds"]
        assert all(value > 0 for value in (*row["ours"], *row["theirs"]))


def test_ratios_are_within_twice_their_targets(document: dict[str, Any]) -> None:
    for row in document["rows"]:
        if row["target"]:
            assert row["ratio"] <= SLACK * row["target"], row


def test_a_table_tells_ratio_bounds_and_what_it_is_made_of() -> None:
    quick = Row("a start", "a bare one", "ms CPU", (100.0, 130.0, 120.0), (100.0, 100.0, 100.0), target=1.35)
    slow = Row("a help", "nothing", "ms wall", (200.0,), (10.0,), limit=150.0)
    lines = table([quick, slow]).splitlines()
    assert "1.20× (1.00–1.30)  target ≤ 1.35×" in lines[0]
    assert lines[0].endswith("reached")
    assert lines[1] == "    120 (100–130) ms CPU against 100 (100–100) for a bare one"
    assert lines[2].endswith("MISSED")


def test_rounds_interleave_after_one_that_does_not_count() -> None:
    order: list[str] = []

    def round_of(name: str) -> float:
        order.append(name)
        return float(len(order))

    ours, theirs = interleave(lambda: round_of("a"), lambda: round_of("b"), rounds=2)
    assert "".join(order) == "ababab"
    assert (ours, theirs) == ((3.0, 5.0), (4.0, 6.0))


def test_the_first_answer_needs_no_engine() -> None:
    run = subprocess.run(
        [sys.executable, "-c", FIRST_ANSWER], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    heavy = {"sympy", "networkx", "rdflib", "numpy", "scipy", "pyshacl", "mpmath", "jinja2"}
    assert not heavy & set(run.stdout.split())
