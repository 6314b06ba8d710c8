"""The worker's side: take a request, run its handler, answer in pieces; one at a time, until the socket closes."""

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from socket import socket
from typing import Any, Final

from kg.errors import TooLarge, TriviumError, WorkerFailed
from kg.workers.limits import allow_memory, confine
from kg.workers.wire import Frames, Header, encode, error_to_json

PIECE_BYTES: Final = 65_536


class Output:
    """Where a handler writes the bytes of its answer, and what goes before them."""

    def __init__(self, connection: socket, limit: int) -> None:
        self.header: Header = {}
        """Told with the next piece: what the reader must know before the bytes."""
        self.refused: TooLarge | None = None
        """Set once the answer is over its limit, for handlers whose writer hides what it meets."""
        self._connection = connection
        self._limit = limit
        self._size = 0
        self._pending = bytearray()

    def write(self, data: bytes) -> int:
        """Take bytes; they leave in larger pieces.

        Raises:
            TooLarge: the answer is over its limit.
        """
        self._size += len(data)
        if self._size > self._limit:
            self.refused = TooLarge("the answer, in bytes,", self._size, self._limit)
            raise self.refused
        self._pending += data
        if len(self._pending) >= PIECE_BYTES:
            self._send({"part": self.header})
        return len(data)

    def flush(self) -> None:
        """Nothing: pieces leave when they are large enough."""

    def end(self, result: Mapping[str, Any]) -> None:
        """The answer is complete."""
        self._send({"end": dict(result), "part": self.header})

    def fail(self, error: TriviumError, *, spent: bool = False, log: str = "") -> None:
        """The answer ends here; ``spent`` where this worker should not be asked again, ``log`` for its operator."""
        self._pending.clear()
        self._send({"error": error_to_json(error), "spent": spent, "log": log})

    def _send(self, header: Header) -> None:
        frame = encode(header, bytes(self._pending))
        self._pending.clear()
        self._connection.sendall(frame)


Handler = Callable[[dict[str, Any], Output], Mapping[str, Any]]
"""Takes a payload, may write bytes, gives a JSON-able result."""


def _nothing() -> None:
    """There is nothing to load."""


@dataclass(frozen=True, slots=True)
class Host:
    """What the workers of a zygote can do; ``warm`` loads what they would else load one by one."""

    handlers: Mapping[str, Handler]
    warm: Callable[[], None] = field(default=_nothing)


def work(connection: socket, host: Host) -> None:
    """Answer requests until the other side closes."""
    confine()
    frames = Frames()
    memory = 0
    while True:
        frame = frames.next()
        if frame is None:
            if not frames.receive(connection):
                return
            continue
        request, _ = frame
        if request["memory"] != memory:
            memory = request["memory"]
            allow_memory(memory)
        _answer(connection, host, request)


def _answer(connection: socket, host: Host, header: Header) -> None:
    output = Output(connection, header["output"])
    name = header["job"]
    try:
        output.end(host.handlers[name](header["payload"], output))
    except TriviumError as error:
        output.fail(error)
    except MemoryError:
        reason = f"it needed more than {header['memory']} bytes of memory"
        output.fail(WorkerFailed(header["what"], reason), spent=True)
    except Exception as error:  # noqa: BLE001 - a fault of ours: told to the log, and to the caller by its name
        reason = f"{type(error).__name__} in the worker"
        failed = WorkerFailed(header["what"], reason, "report what you asked")
        # A worker that may let no file grow cannot write to a log that is one.
        output.fail(failed, spent=True, log=traceback.format_exc())
