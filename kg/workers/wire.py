"""What crosses the sockets: frames of a small JSON header and bytes; never pickles."""

import json
import struct
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from socket import socket
from typing import Any, Final

from kg import errors
from kg.errors import TriviumError

_SIZES: Final = struct.Struct("!II")
_RECEIVED: Final = 65_536
_TO_JSON: Final = json.JSONEncoder(separators=(",", ":")).encode
Header = dict[str, Any]


def encode(header: Mapping[str, Any], body: bytes = b"") -> bytes:
    """A frame: the lengths of header and body, then both."""
    head = _TO_JSON(header).encode()
    return b"".join((_SIZES.pack(len(head), len(body)), head, body))


class Frames:
    """Frames out of whatever pieces the socket gives."""

    __slots__ = ("_buffer", "_received")

    def __init__(self) -> None:
        self._buffer = bytearray()
        # Kept: a large block for each call makes malloc(3) merge the small ones that the engine takes next.
        self._received = memoryview(bytearray(_RECEIVED))

    def receive(self, connection: socket) -> bool:
        """Take what the socket has; False at its end. Raises what ``recv_into`` raises."""
        size = connection.recv_into(self._received)
        self._buffer += self._received[:size]
        return size > 0

    def next(self) -> tuple[Header, bytes] | None:
        """The next frame that is complete."""
        if len(self._buffer) < _SIZES.size:
            return None
        head, body = _SIZES.unpack_from(self._buffer)
        middle = _SIZES.size + head
        if len(self._buffer) < middle + body:
            return None
        header = json.loads(self._buffer[_SIZES.size : middle])
        data = bytes(self._buffer[middle : middle + body])
        del self._buffer[: middle + body]
        return header, data


def error_to_json(error: TriviumError) -> Header:
    """Class and fields of an error of ``kg.errors``; of any other, its text."""
    kind = type(error)
    if getattr(errors, kind.__name__, None) is not kind:
        return {"class": "TriviumError", "args": [str(error)], "fields": {}}
    told: Header = {}
    if is_dataclass(error):
        told = {f.name: getattr(error, f.name) for f in fields(error)}
    return {"class": kind.__name__, "args": [] if told else list(map(str, error.args)), "fields": told}


def error_from_json(told: Header) -> TriviumError:
    """The error again; its lists are tuples, as in the classes of ``kg.errors``."""
    kind = getattr(errors, told["class"])
    values = {name: tuple(v) if isinstance(v, list) else v for name, v in told["fields"].items()}
    error: TriviumError = kind(*told["args"], **values)
    return error
