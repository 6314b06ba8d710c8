"""Nothing is left behind: no zombie, no descriptor, no orphan."""

import os
from pathlib import Path

import pytest

from kg.errors import DeadlineExceeded, WorkerFailed
from kg.workers.drive import finish
from tests.processes import descendants, needs_proc, state
from tests.unit.workers.test_pool import ask, call, spawned


def open_files() -> set[str]:
    return {path.name for path in Path("/proc/self/fd").iterdir()}


@needs_proc
def test_two_hundred_kills_leave_nothing_behind() -> None:
    before, others = open_files(), descendants(os.getpid())
    pool = spawned()
    try:
        for _ in range(200):
            asking = call(pool, "spin", deadline_s=0.005)
            with pytest.raises(DeadlineExceeded):
                finish(asking)
        assert ask(pool, "echo")
        left = descendants(os.getpid()) - others
        states = [state(pid) for pid in left]
        assert states.count("Z") <= pool.size
        assert len(left) <= 2 * pool.size + 2
        assert len(open_files()) <= len(before) + 2 * pool.size + 6
    finally:
        pool.close()
    assert open_files() == before
    assert descendants(os.getpid()) <= others
    with pytest.raises(WorkerFailed, match="closed"):
        ask(pool, "echo")
