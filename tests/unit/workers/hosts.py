"""What the workers of these tests can do."""

import os
import resource
import signal
from collections.abc import Mapping
from typing import Any

from kg.errors import NotFound
from kg.workers.worker import Host, Output


def echo(payload: dict[str, Any], _: Output) -> Mapping[str, Any]:
    return {"payload": payload, "pid": os.getpid()}


def fill(payload: dict[str, Any], output: Output) -> Mapping[str, Any]:
    """So many bytes, and then perhaps without end."""
    output.header = {"kind": "bytes"}
    for _ in range(payload["pieces"]):
        output.write(b"x" * 8192)
    while payload.get("then_spins"):
        pass
    return {"written": payload["pieces"]}


def spin(_: dict[str, Any], __: Output) -> Mapping[str, Any]:
    while True:
        pass


def refuse(_: dict[str, Any], __: Output) -> Mapping[str, Any]:
    raise NotFound("thing", "x", ("y", "z"))


def stumble(_: dict[str, Any], __: Output) -> Mapping[str, Any]:
    raise KeyError("x")


def crash(_: dict[str, Any], __: Output) -> Mapping[str, Any]:
    os.kill(os.getpid(), signal.SIGSEGV)
    return {}


def hoard(payload: dict[str, Any], _: Output) -> Mapping[str, Any]:
    return {"size": len(bytearray(payload["bytes"]))}


def write(payload: dict[str, Any], _: Output) -> Mapping[str, Any]:
    with open(payload["path"], "wb") as file:  # noqa: PTH123 - as plain as it gets
        file.write(b"x")
        file.flush()
    return {}


def limits(_: dict[str, Any], __: Output) -> Mapping[str, Any]:
    return {"core": resource.getrlimit(resource.RLIMIT_CORE)}


def host(_: Mapping[str, Any], body: bytes) -> Host:
    def told(_: dict[str, Any], __: Output) -> Mapping[str, Any]:
        return {"body": body.decode(), "warm": warmed}

    warmed: list[int] = []
    jobs = (echo, fill, spin, refuse, stumble, crash, hoard, write, limits, told)
    return Host({job.__name__: job for job in jobs}, lambda: warmed.append(os.getpid()))
