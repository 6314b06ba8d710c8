"""Programs run in fresh processes, and what Linux tells of processes that run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/task").exists(),
    reason="the children and states of processes are read from Linux's /proc, a folder that other systems lack; that "
    "calls end at their deadline, or when nobody wants them, and the next one is answered, is tested there by "
    "tests/unit/workers/test_pool.py",
)


def descendants(pid: int) -> set[int]:
    """Children of whichever of its threads, and theirs."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = {int(word) for path in tasks for word in path.read_text().split()}
    return children.union(*(descendants(child) for child in children))


def state(pid: int) -> str:
    """The letter of proc(5): R for running, Z for a zombie; empty where there is no such process any more."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def outputs_by_hash_seed(code: str) -> set[str]:
    """What the program prints under several seeds of Python's string hash: one text where none matters."""
    return {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
