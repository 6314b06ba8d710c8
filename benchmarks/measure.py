"""Measuring: processes and their CPU, rounds that interleave, rows of figures."""

import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, sleep
from typing import TypeVar

PATIENCE_S = 60.0
PAUSE_S = 0.01

Figure = TypeVar("Figure")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside its peer: what each round gave for both, in ``unit``.

    ``target`` bounds the ratio, ``limit`` the figure itself; 0 where there is none. ``missing`` says why nothing
    was measured.
    """

    name: str
    peer: str
    unit: str
    ours: tuple[float, ...] = ()
    theirs: tuple[float, ...] = ()
    target: float = 0.0
    limit: float = 0.0
    missing: str = ""

    @property
    def ratios(self) -> tuple[float, ...]:
        """Ours over theirs, round by round: what slows the machine for a while slows both."""
        return tuple(a / b for a, b in zip(self.ours, self.theirs, strict=True))

    @property
    def ratio(self) -> float:
        """The median of the ratios."""
        return median(self.ratios)

    @property
    def reached(self) -> bool:
        """True where ratio and figure are within their bounds."""
        within = not self.target or self.ratio <= self.target
        return within and (not self.limit or median(self.ours) <= self.limit)


def interleave(
    first: Callable[[], Figure], second: Callable[[], Figure], *, rounds: int
) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    """What both gave in each round, A B A B, after one round that is not counted: it fills caches."""
    first()
    second()
    pairs = [(first(), second()) for _ in range(rounds)]
    return tuple(a for a, _ in pairs), tuple(b for _, b in pairs)


def wall_ms(command: Sequence[str]) -> float:
    """Milliseconds from starting the command to its end; its output is dropped.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    start = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
    return (perf_counter() - start) * 1e3


def cpu_ms_until(command: Sequence[str], done: Callable[[], bool]) -> float:
    """Milliseconds of CPU, user and system, that the command used until ``done`` says so; then it is killed.

    Children that it has waited for count as well.

    Raises:
        RuntimeError: it ended by itself, or went on for too long; with what it wrote to standard error.
    """
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/")
    deadline = perf_counter() + PATIENCE_S
    try:
        while not done():
            if process.poll() is not None or perf_counter() > deadline:
                process.kill()
                raise RuntimeError(process.communicate()[1].decode(errors="replace"))
            sleep(PAUSE_S)
    finally:
        process.kill()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.stderr:
        process.stderr.close()
    return (usage.ru_utime + usage.ru_stime) * 1e3
