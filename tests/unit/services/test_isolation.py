"""Queries and jobs run apart from their caller: only JSON and bytes cross, and errors come back as raised."""

import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from kg.errors import BadSyntax, DeadlineExceeded, WorkerFailed
from kg.learning import few
from kg.learning.selection import Problem
from kg.services import plans
from kg.services.isolation import run_isolated
from kg.services.knowledge import Knowledge
from kg.services.solving import CHEAPEST, MOST_VALUABLE
from kg.workers.limits import DEFAULT_LIMITS, Limits

ROOT = Path(__file__).parents[3]
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
JOBS = """
from kg import open_knowledge
from kg.errors import NotFound
from kg.services import isolation, jobs

def count(engines, payload):
    if payload["kind"] not in engines.names:
        raise NotFound("kind", payload["kind"], ("topic",))
    return {"shown": (payload["kind"],), "count": len(engines.names[payload["kind"]])}

jobs.JOBS["count"] = count
knowledge = open_knowledge()
pool = isolation.start_pool(knowledge)
found = isolation.run_isolated(knowledge, "count", {"kind": "formula"})
assert found == {"shown": ["formula"], "count": len(knowledge.list("formula"))}, found
try:
    isolation.run_isolated(knowledge, "count", {"kind": "formulae"})
except NotFound as error:
    assert (error.name, error.near) == ("formulae", ("topic",)), error
pool.close()
print("all of it")
"""


def test_a_job_runs_in_a_fork_of_a_program_with_one_thread() -> None:
    run = subprocess.run([sys.executable, "-c", JOBS], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("all of it\n", "")


def test_there_is_no_such_job(shipped: Knowledge) -> None:
    with pytest.raises(WorkerFailed, match="KeyError"):
        run_isolated(shipped, "nothing", {})


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?topic ?hours { ?topic tv:effortHours ?hours } ORDER BY ?topic",
        "ASK { topic:mamba a tv:Topic }",
        "DESCRIBE topic:mamba",
        'SELECT (tvf:evaluate("exposure-beta", "E_1=0.2") AS ?b) {}',
    ],
)
def test_a_query_with_a_timeout_answers_as_one_without(shipped: Knowledge, query: str) -> None:
    apart, here = shipped.sparql(query, timeout=60), shipped.sparql(query)
    assert (list(apart), bool(apart), apart.warnings) == (list(here), bool(here), here.warnings)


def test_a_query_is_stopped_at_its_deadline(shipped: Knowledge) -> None:
    with pytest.raises(DeadlineExceeded) as caught:
        shipped.sparql(ENDLESS, timeout=0.3)
    assert caught.value.seconds == 0.3
    assert shipped.sparql("ASK {}", timeout=60)


def test_a_fault_of_a_query_is_told_with_its_place(shipped: Knowledge) -> None:
    with pytest.raises(BadSyntax) as caught:
        shipped.sparql("SELECT *\n{ ?s ?p }", timeout=60)
    assert caught.value.line == 2


def test_selections_are_the_same_in_a_worker_and_here(
    shipped: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(few, "MOST_SETS", 0)
    goals = ["chinchilla-scaling", "mamba", "mixture-of-experts"]
    here = plans.plan(shipped, goals, budget_hours=200)
    apart = plans.plan(shipped, goals, budget_hours=200, limits=DEFAULT_LIMITS)
    assert apart == here
    assert here.proof.status == "optimal"


@pytest.mark.parametrize("job", [CHEAPEST, MOST_VALUABLE])
def test_selections_that_take_too_long_are_stopped(shipped: Knowledge, job: str) -> None:
    count = 4_000
    problem = Problem((1,) * count, (1,) * count, ((),) * count, tuple((t, (0, 1)) for t in range(2, count)))
    payload = {"problem": asdict(problem), "goals": [count - 1], "budget": count // 2}
    with pytest.raises(DeadlineExceeded):
        run_isolated(shipped, job, payload, limits=Limits(deadline_s=0.001))


def test_a_process_that_has_loaded_all_a_worker_needs_can_still_be_forked() -> None:
    code = """
from kg import open_knowledge
from kg.services.worker import load_engines
from kg.workers.launch import has_one_thread
load_engines(open_knowledge())
import sys
print("scipy.optimize" in sys.modules, has_one_thread())
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "True True\n"
