"""Silence for C libraries that write to standard output: HiGHS tells now and then of a solution that it repairs."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

_LOCK: Final = Lock()


@contextmanager
def quiet() -> Iterator[None]:
    """What C writes to ``stdout`` goes nowhere; Python's own output, and that of other processes, is untouched.

    Where the C library has no variable of that name (macOS, Windows), nothing is changed.
    """
    libc = ctypes.CDLL(None) if os.name == "posix" else None
    with _LOCK:
        try:
            stream = ctypes.c_void_p.in_dll(libc, "stdout") if libc else None
        except ValueError:
            stream = None
        if libc is None or stream is None:
            yield
            return
        libc.fopen.restype = ctypes.c_void_p
        before = stream.value
        sink = libc.fopen(os.devnull.encode(), b"w")
        if not sink:
            yield
            return
        stream.value = sink
        try:
            yield
        finally:
            stream.value = before
            libc.fclose(ctypes.c_void_p(sink))
