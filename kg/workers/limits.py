"""What one request may use, and how the kernel holds a worker to it."""

import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Final

_PAGES: Final = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds until a request is stopped, waiting included; bytes of memory it may add; bytes of its answer."""

    deadline_s: float = 10.0
    memory_bytes: int = 1_000_000_000
    output_bytes: int = 100_000_000


DEFAULT_LIMITS: Final = Limits()


def confine() -> None:
    """This process dumps no core and lets no file grow."""
    for what in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(what, (0, 0))


def allow_memory(more_bytes: int) -> None:
    """This process may map that much memory beyond what is mapped now, where the system tells that (Linux)."""
    if _PAGES.exists():
        mapped = int(_PAGES.read_text().split()[0]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        most = mapped + more_bytes
        resource.setrlimit(
            resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard)
        )


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
