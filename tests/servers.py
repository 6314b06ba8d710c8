"""Servers on loopback for the tests: Oxigraph's own, and this service."""

import socket
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx2
import uvicorn

from api.app import create_app
from kg.services.knowledge import Knowledge


@contextmanager
def oxigraph_server(*, union: bool = True) -> Iterator[str]:
    """An empty `oxigraph serve`, in memory; its root URL. Its default graph is the union of all graphs, or its own."""
    program = Path(sysconfig.get_path("scripts")) / "oxigraph"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [str(program), "serve", "--bind", address, *(["--union-default-graph"] if union else [])]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            assert b"Listening" in line, line
            # What it says later is of no interest, but must not fill the pipe.
            Thread(target=process.stderr.read, daemon=True).start()
            yield f"http://{address}"
        finally:
            process.kill()


def put_quads(url: str, trig: str | bytes, media_type: str = "application/trig") -> None:
    """Load quads into an Oxigraph server."""
    headers = {"Content-Type": media_type}
    httpx2.post(f"{url}/store", content=trig, headers=headers, timeout=60).raise_for_status()


@contextmanager
def served(knowledge: Knowledge) -> Iterator[str]:
    """The service over ``knowledge`` in a thread of this process; its root URL."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(knowledge), log_level="warning", access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
