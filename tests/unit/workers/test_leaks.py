"""Nothing is left behind: no zombie, no descriptor, no orphan."""

import os
from pathlib import Path

import pytest

from kg.errors import DeadlineExceeded, WorkerFailed
from kg.workers.drive import finish
from tests.unit.workers.test_pool import ask, call, spawned


def open_files() -> set[str]:
    return {path.name for path in Path("/proc/self/fd").iterdir()}


def descendants(pid: int) -> set[int]:
    """Children of whichever of its threads, and theirs."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = {int(word) for path in tasks for word in path.read_text().split()}
    return children.union(*(descendants(child) for child in children))


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are counted in /proc")
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
        states = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] for pid in left]
        assert states.count("Z") <= pool.size
        assert len(left) <= 2 * pool.size + 2
        assert len(open_files()) <= len(before) + 2 * pool.size + 6
    finally:
        pool.close()
    assert open_files() == before
    assert descendants(os.getpid()) <= others
    with pytest.raises(WorkerFailed, match="closed"):
        ask(pool, "echo")
