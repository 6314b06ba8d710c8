"""One request to a worker: its answer in pieces, its deadline, and the killing.

The steps are generators that say what they wait for, so that threads and event loops share them; see
:mod:`kg.workers.drive`.
"""

import logging
from collections.abc import Generator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from signal import Signals
from socket import socket
from time import monotonic
from typing import Any, Final, TypeVar

from kg.errors import DeadlineExceeded, TriviumError, WorkerFailed
from kg.workers.limits import Limits
from kg.workers.pool import Pool, Worker
from kg.workers.wire import Header, encode, error_from_json

HEAD_BYTES: Final = 262_144
"""How much of an answer is held back until it is sure that it begins well."""
QUICK_S: Final = 0.05
"""A request that runs for longer is slow."""
_BURIAL_S: Final = 1.0
_LOG: Final = logging.getLogger(__name__)

Got = TypeVar("Got")


@dataclass(frozen=True, slots=True)
class Wait:
    """Until a socket is ready, or a future done; answered by True, or by False at ``until`` (monotonic)."""

    on: "socket | Future[Any]"
    until: float
    to_write: bool = False


Steps = Generator[Wait, bool, Got]


@dataclass(slots=True)
class Head:
    """The answer as far as it is held back: what comes before its bytes, these, and its result at the end."""

    header: Header = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    result: Header | None = None


class Call:
    """A request: first :meth:`head`, then :meth:`more` until it gives None; :meth:`close` in any case.

    ``what`` names it in errors. Its deadline counts from here, waiting included.
    """

    def __init__(
        self, pool: Pool, job: str, payload: Mapping[str, Any], *, limits: Limits, what: str
    ) -> None:
        self.result: Header | None = None
        """What the handler gave at the end."""
        self._pool = pool
        self._limits = limits
        self._what = what
        self._until = monotonic() + limits.deadline_s
        self._worker: Worker | None = None
        header = {
            "job": job,
            "payload": payload,
            "what": what,
            "memory": limits.memory_bytes,
            "output": limits.output_bytes,
        }
        self._frame = encode(header)

    def head(self) -> Steps[Head]:
        """The whole answer, or its first 256 KB.

        Raises:
            DeadlineExceeded, Overloaded, WorkerFailed: it was stopped. TriviumError: what the handler raised.
        """
        head: Head | None = None
        slow = False
        while head is None:
            yield from self._take(slow=slow)
            head = yield from self._attempt()
            slow = True
        return head

    def more(self) -> Steps[bytes | None]:
        """The next piece of a long answer; None after the last. Raises as :meth:`head` does."""
        if self.result is not None:
            return None
        piece = Head()
        yield from self._frame_into(piece, self._until)
        return bytes(piece.body)

    def close(self) -> None:
        """The worker is free again; killed where it had not come to an end."""
        worker, self._worker = self._worker, None
        if worker is not None:
            self._pool.release(worker, usable=False)

    def _take(self, *, slow: bool) -> Steps[None]:
        taken = self._pool.take(slow=slow)
        try:
            if not taken.done() and not (yield Wait(taken, self._until)):
                raise DeadlineExceeded(self._what, self._limits.deadline_s)
            self._worker = taken.result()
        finally:
            if self._worker is None:
                self._pool.give_up(taken)

    def _attempt(self) -> Steps[Head | None]:
        """The head of the answer; None where it is slow, and there is no room for that now."""
        yield from self._ask()
        head = Head()
        assert self._worker is not None  # noqa: S101 - taken just before
        quick = self._until if self._worker.is_slow else min(self._until, monotonic() + QUICK_S)
        while head.result is None and len(head.body) <= HEAD_BYTES:
            if (yield from self._frame_into(head, quick)):
                continue
            if not self._pool.count_as_slow(self._worker):
                self.close()
                return None
            quick = self._until
        if head.result is None and not self._pool.count_as_slow(self._worker):
            self.close()
            return None
        return head

    def _ask(self) -> Steps[None]:
        worker = self._worker
        assert worker is not None  # noqa: S101
        rest = memoryview(self._frame)
        while rest:
            try:
                rest = rest[worker.connection.send(rest) :]
            except BlockingIOError:
                if not (yield Wait(worker.connection, self._until, to_write=True)):
                    self._stop()
            except OSError:
                yield from self._mourn()

    def _frame_into(self, head: Head, until: float) -> Steps[bool]:
        """The next frame is added to the answer; False where there is none by then."""
        worker = self._worker
        assert worker is not None  # noqa: S101
        while (frame := worker.frames.next()) is None:
            if not (yield Wait(worker.connection, until)):
                if until >= self._until:
                    self._stop()
                return False
            try:
                lives = worker.frames.receive(worker.connection)
            except BlockingIOError:
                continue
            except OSError:
                lives = False
            if not lives:
                yield from self._mourn()
        told, body = frame
        head.body += body
        head.header |= told.get("part", {})
        if "error" in told or "end" in told:
            self._worker = None
            self._pool.release(worker, usable=not told.get("spent", False))
            if "error" in told:
                if told["log"]:
                    _LOG.error("%s failed in its worker:\n%s", self._what, told["log"])
                raise error_from_json(told["error"])
            self.result = head.result = told["end"]
        return True

    def _stop(self) -> None:
        self.close()
        raise DeadlineExceeded(self._what, self._limits.deadline_s)

    def _mourn(self) -> Steps[None]:
        """Tell how the worker ended."""
        worker, self._worker = self._worker, None
        assert worker is not None  # noqa: S101
        try:
            yield Wait(worker.death, monotonic() + _BURIAL_S)
        finally:
            self._pool.release(worker, usable=False)
        raise self._obituary(worker)

    def _obituary(self, worker: Worker) -> TriviumError:
        status = worker.death.result() if worker.death.done() else 0
        how = Signals(-status).name if status < 0 else f"exit code {status}"
        memory = f"most likely it needed more than {self._limits.memory_bytes} bytes of memory"
        return WorkerFailed(self._what, f"its worker ended ({how}); {memory}")
