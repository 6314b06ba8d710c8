"""What one request may use, and how the kernel holds a worker to it."""

import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from math import ceil
from pathlib import Path
from typing import Final

_GRACE_S: Final = 2
"""CPU seconds beyond its deadline after which the kernel ends a worker that nobody killed."""
_PAGES: Final = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds until a request is stopped, waiting included; bytes of memory it may add; bytes of its answer."""

    deadline_s: float = 10.0
    memory_bytes: int = 1_000_000_000
    output_bytes: int = 100_000_000


def confine() -> None:
    """This process dumps no core and lets no file grow."""
    for what in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(what, (0, 0))


def allow(memory_bytes: int, seconds: float) -> None:
    """This process may add that much memory, and use that much CPU from now on, before the kernel ends it.

    Memory is counted in address space, from what is mapped already, where the system tells that (Linux).
    """
    if _PAGES.exists():
        mapped = int(_PAGES.read_text().split()[0]) * resource.getpagesize()
        _lower(resource.RLIMIT_AS, mapped + memory_bytes)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, ceil(usage.ru_utime + usage.ru_stime + seconds) + _GRACE_S)


def _lower(what: int, value: int) -> None:
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


@cache
def death_signal() -> Callable[[], object]:
    """Asks the kernel to kill this process when its parent is gone, where it can (Linux, prctl(2)).

    Made once in the parent: importing what it needs in every child would take longer than the fork.
    """
    if sys.platform != "linux":
        return lambda: None
    import ctypes

    set_death_signal, kill = 1, 9  # PR_SET_PDEATHSIG, SIGKILL
    return partial(ctypes.CDLL(None).prctl, set_death_signal, kill, 0, 0, 0)
