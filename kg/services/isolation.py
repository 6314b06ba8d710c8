"""Run a job of :mod:`kg.services.jobs` where it can be stopped."""

import json
from time import monotonic
from typing import Any

from kg.errors import DeadlineExceeded
from kg.services.engines import Engines
from kg.services.jobs import JOBS


def run_isolated(
    engines: Engines, job: str, payload: dict[str, Any], *, deadline_s: float | None = None
) -> dict[str, Any]:
    """What the job makes of the payload; both cross a process boundary as JSON, so lists come back for tuples.

    Raises:
        KeyError: there is no job of that name.
        DeadlineExceeded: it took longer than ``deadline_s``. Overloaded: too many wait.
        WorkerFailed: its process ended. TriviumError: whatever the job raised, with its fields.
    """
    start = monotonic()
    answer: dict[str, Any] = json.loads(json.dumps(JOBS[job](engines, json.loads(json.dumps(payload)))))
    if deadline_s is not None and monotonic() - start > deadline_s:
        raise DeadlineExceeded(f"the job {job}", deadline_s)
    return answer
