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
    path = Path(f"/proc/{pid}/task/{pid}/children")
    children = {int(word) for word in path.read_text().split()} if path.exists() else set()
    return children.union(*(descendants(child) for child in children))


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are counted in /proc")
def test_two_hundred_kills_leave_nothing_behind() -> None:
    before = open_files()
    pool = spawned()
    try:
        for _ in range(200):
            asking = call(pool, "spin", deadline_s=0.005)
            with pytest.raises(DeadlineExceeded):
                finish(asking)
        assert ask(pool, "echo")
        left = descendants(os.getpid())
        states = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] for pid in left]
        assert states.count("Z") <= pool.size
        assert len(left) <= 2 * pool.size + 2
        assert len(open_files()) <= len(before) + 2 * pool.size + 6
    finally:
        pool.close()
    assert open_files() == before
    with pytest.raises(WorkerFailed, match="closed"):
        ask(pool, "echo")
