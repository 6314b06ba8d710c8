"""The caller's side: which worker is free, who waits, and which request counts as slow.

Of N workers at most N - 1 are given to slow requests, so that one is left for quick ones. A request is slow once it
ran for a while, or its answer is large; where too many are slow already it is stopped before anything of it was
sent, and begins again when there is room.
"""

import json
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector
from socket import recv_fds, socket
from threading import RLock, Thread, current_thread
from typing import Any, Final

from kg.errors import Overloaded, TriviumError, WorkerFailed
from kg.workers.launch import Launch, Launched
from kg.workers.wire import Frames

MOST_WAITING: Final = 64
"""Requests that may wait; one more is refused at once."""
LEAST_WORKERS: Final = 2


class Worker:
    """A worker as its caller sees it."""

    def __init__(self, pid: int, connection: socket, control: socket) -> None:
        connection.setblocking(False)
        self.pid = pid
        self.connection = connection
        self.control = control
        self.frames = Frames()
        self.is_slow = False
        self.is_niced = False
        self.is_gone = False
        self.death: Future[int] = Future()
        """Its exit code once it is buried; minus the signal that ended it."""


Taken = Future[Worker]


class Pool:
    """A fixed number of workers behind a bounded queue; every method may be called from any thread.

    Started with the first request, or by :meth:`start`; ended by :meth:`close`, or with its process.
    ``first`` begins the first zygote, ``again`` one after a death.
    """

    def __init__(self, first: Launch, again: Launch, *, size: int) -> None:
        self.size = max(size, LEAST_WORKERS)
        self._launch = first
        self._again = again
        self._lock = RLock()
        self._thread: Thread | None = None
        self._launched: Launched | None = None
        self._controls: list[socket] = []
        self._pending: dict[socket, tuple[bytearray, deque[int]]] = {}
        self._workers: dict[int, Worker] = {}
        self._idle: list[Worker] = []
        self._waiting: deque[tuple[Taken, bool]] = deque()
        self._slow = 0
        self._wants_warm = False
        self._closed = False

    def start(self) -> None:
        """The zygote is on its way; where it is forked, it is there."""
        with self._lock:
            if self._thread is not None or self._closed:
                return
            launch, self._launch = self._launch, self._again
            early = launch() if launch is not self._again else None
            self._thread = Thread(target=self._keep, args=(early,), name="trivium-workers", daemon=True)
            self._thread.start()

    def warm(self) -> None:
        """A second zygote loads all it can, and takes over once it is ready; a repeated call changes nothing."""
        with self._lock:
            first, self._wants_warm = not self._wants_warm, True
            if first and self._controls:
                self._order({"warm": 1})

    def take(self, *, slow: bool) -> Taken:
        """A worker, once one is free; give it back by :meth:`release`.

        Raises:
            Overloaded: too many wait. WorkerFailed: the pool is closed.
        """
        with self._lock:
            if self._closed:
                raise WorkerFailed("the request", "the workers are closed", "open the dataset again")
            if len(self._waiting) >= MOST_WAITING:
                raise Overloaded(len(self._waiting))
            self.start()
            taken: Taken = Future()
            self._waiting.append((taken, slow))
            self._hand_out()
            return taken

    def give_up(self, taken: Taken) -> None:
        """Nobody waits for this worker any more, or uses it."""
        with self._lock:
            if not taken.cancel() and taken.exception() is None:
                self.release(taken.result(), usable=False)
            self._waiting = deque(entry for entry in self._waiting if entry[0] is not taken)

    def count_as_slow(self, worker: Worker) -> bool:
        """True where there is room for one more slow request; it is then counted until the release."""
        with self._lock:
            if worker.is_slow:
                return True
            if self._slow >= self.size - 1:
                return False
            self._slow += 1
            worker.is_slow = True
            return True

    def release(self, worker: Worker, *, usable: bool) -> None:
        """The worker is free for others, or killed and replaced where it is not ``usable``."""
        with self._lock:
            self._slow -= worker.is_slow
            worker.is_slow = False
            if not usable or worker.is_niced or worker.is_gone or worker.control not in self._controls[-1:]:
                self._discard(worker)
            else:
                self._idle.append(worker)
            self._hand_out()

    def close(self) -> None:
        """All processes are gone; who waits is told."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            thread, launched = self._thread, self._launched
            self._refuse("the workers were closed")
        if launched is not None:
            launched.end()
        if thread is not None and thread is not current_thread():
            thread.join()

    def _hand_out(self) -> None:
        """Give idle workers to who waits, in order of arrival; slow requests only as far as they have room."""
        kept: deque[tuple[Taken, bool]] = deque()
        while self._waiting and self._idle:
            taken, slow = self._waiting.popleft()
            if slow and self._slow >= self.size - 1:
                kept.append((taken, slow))
            elif taken.set_running_or_notify_cancel():
                worker = self._idle.pop()
                if slow:
                    self.count_as_slow(worker)
                taken.set_result(worker)
                self._yield_to_others()
        self._waiting = kept + self._waiting

    def _yield_to_others(self) -> None:
        """Slow requests run with a lower priority as soon as there are others."""
        if self._slow == 0:
            return
        for worker in self._workers.values():
            if worker.is_slow and not worker.is_niced:
                worker.is_niced = True
                self._order({"nice": worker.pid}, worker.control)

    def _discard(self, worker: Worker) -> None:
        worker.connection.close()
        if worker.is_gone:
            return
        worker.is_gone = True
        self._workers.pop(worker.pid, None)
        self._order({"kill": worker.pid}, worker.control)
        self._order({"fork": 1})

    def _order(self, order: dict[str, int], control: socket | None = None) -> None:
        if self._closed or not self._controls:
            return
        with suppress(OSError):  # A zygote that is gone is seen by the thread that listens to it.
            (control or self._controls[-1]).sendall(json.dumps(order).encode() + b"\n")

    # What follows runs in the one thread that listens to the zygotes.

    def _keep(self, launched: Launched | None) -> None:
        while True:
            was_ready = False
            try:
                launched = launched or self._again()
                was_ready = self._listen(launched)
            except (OSError, TriviumError) as error:
                self._refuse(f"they do not start: {error}")
            finally:
                if launched is not None:
                    launched.end()
                    launched.control.close()
                launched = None
            with self._lock:
                if self._closed or not was_ready or not self._waiting:
                    if not was_ready:
                        self._refuse("the worker processes do not start; the log says why")
                    self._thread = None
                    return

    def _listen(self, launched: Launched) -> bool:
        """Take what the zygotes report until the first of them is gone; True if it ever was ready."""
        was_ready = False
        with DefaultSelector() as selector:
            with self._lock:
                self._launched = launched
                if self._closed:
                    return False
            selector.register(launched.control, EVENT_READ)
            while True:
                for key, _ in selector.select():
                    control: Any = key.fileobj
                    lines = self._read(control)
                    if lines is None:
                        selector.unregister(control)
                        self._lose(control)
                        if control is launched.control:
                            for other in list(selector.get_map().values()):
                                other.fileobj.close()  # type: ignore[union-attr]  # sockets, all of them
                            return was_ready
                        control.close()
                        continue
                    for line, descriptor in lines:
                        was_ready = was_ready or "ready" in line
                        self._heard(line, descriptor, control, selector)

    def _read(self, control: socket) -> list[tuple[dict[str, int], int]] | None:
        """Lines that a zygote reports, each with the descriptor that came with it, or -1; None at the end."""
        try:
            data, descriptors, _, _ = recv_fds(control, 65_536, 64)
        except OSError:
            return None
        if not data:
            return None
        buffer, received = self._pending.setdefault(control, (bytearray(), deque()))
        buffer += data
        received.extend(descriptors)
        *lines, rest = bytes(buffer).split(b"\n")
        buffer[:] = rest
        found = [json.loads(line) for line in lines]
        return [(told, received.popleft() if "born" in told or "heir" in told else -1) for told in found]

    def _heard(
        self, told: dict[str, int], descriptor: int, control: socket, selector: DefaultSelector
    ) -> None:
        with self._lock:
            if "heir" in told:
                selector.register(socket(fileno=descriptor), EVENT_READ)
            elif "ready" in told:
                self._take_over(control)
            elif "born" in told:
                worker = Worker(told["born"], socket(fileno=descriptor), control)
                self._workers[worker.pid] = worker
                self.release(worker, usable=True)
            elif "died" in told:
                self._buried(told["died"], told["status"])

    def _take_over(self, control: socket) -> None:
        """The zygote forks from now on; idle workers of the one before it make way."""
        is_first = not self._controls
        self._controls.append(control)
        if is_first:
            self._order({"fork": self.size})
            if self._wants_warm:
                self._order({"warm": 1})
        idle, self._idle = self._idle, []
        for worker in idle:
            self._discard(worker)

    def _buried(self, pid: int, status: int) -> None:
        worker = self._workers.pop(pid, None)
        if worker is None or worker.is_gone:
            return
        worker.is_gone = True
        if worker in self._idle:
            self._idle.remove(worker)
            worker.connection.close()
        worker.death.set_result(status)
        self._order({"fork": 1})

    def _lose(self, control: socket) -> None:
        """The zygote is gone, and its workers with it."""
        with self._lock:
            self._pending.pop(control, None)
            was_first = bool(self._controls) and control is self._controls[0]
            self._controls = [c for c in self._controls if c is not control and not was_first]
            lost = [w for w in self._workers.values() if was_first or w.control is control]
            for worker in lost:
                del self._workers[worker.pid]
                worker.is_gone = True
                if worker in self._idle:
                    self._idle.remove(worker)
                    worker.connection.close()
                worker.death.set_result(-9)
            if self._controls:
                self._order({"fork": len(lost)})

    def _refuse(self, reason: str) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, deque()
            for taken, _ in waiting:
                if taken.set_running_or_notify_cancel():
                    taken.set_exception(WorkerFailed("the request", reason, "ask again"))
