"""Servers of one graph as processes: started on a free port, asked over a kept connection, their CPU read."""

import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile
from time import clock_gettime, perf_counter, sleep
from urllib.parse import quote

from benchmarks.measure import PATIENCE_S, PAUSE_S
from benchmarks.startup import free_port, trivium

PROC = Path("/proc")
TICKS_S = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
QUIET_S, QUIET_SHARE = 0.5, 0.02
"""A server has settled when it used less than this share of a core for this long."""
RDFLIB_ENDPOINT = """
import sys

import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint

graph = Dataset(default_union=True)
graph.parse(sys.argv[1], format="nquads")
app = SparqlEndpoint(graph=graph, path="/sparql")
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False)
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A process that answers SPARQL on a port of this machine."""

    pid: int
    port: int
    path: str

    def connect(self) -> HTTPConnection:
        """A connection of one's own, kept until it is closed."""
        return HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)

    def address(self, query: str) -> str:
        """Path and query string that ask it."""
        return f"{self.path}?query={quote(query, safe='')}"


def ask(
    connection: HTTPConnection, address: str, headers: Mapping[str, str], *, status: int = 200
) -> tuple[bytes, str]:
    """The body and the entity tag of a GET.

    Raises:
        RuntimeError: another status came.
    """
    connection.request("GET", address, headers=dict(headers))
    response = connection.getresponse()
    body = response.read()
    if response.status != status:
        raise RuntimeError(f"{response.status} for {address}: {body[:400].decode(errors='replace')}")
    return body, response.headers.get("etag", "")


def why_missing(peer: str) -> str:
    """Why a peer cannot be measured here; empty where it can."""
    if not (PROC / "self" / "stat").is_file():
        return "CPU of another process is read from Linux's /proc"
    if peer == "oxigraph serve":
        return "" if oxigraph().is_file() else "oxigraph is not installed"
    return "" if find_spec("rdflib_endpoint") else "rdflib-endpoint is not installed"


def oxigraph() -> Path:
    """Where the command of the oxigraph package is."""
    return Path(sysconfig.get_path("scripts")) / "oxigraph"


@contextmanager
def started(name: str, quads: Path) -> Iterator[Server]:
    """The server of that name with its graph loaded, warm and idle; it is killed at the end."""
    port = free_port()
    command, path = _command(name, quads, port)
    with TemporaryFile() as errors:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, cwd="/")
        try:
            server = Server(process.pid, port, path)
            _await_answer(process, server)
            if name == "oxigraph serve":
                _load(server, quads)
            _settle(server)
            yield server
        except RuntimeError as error:
            errors.seek(0)
            error.add_note(errors.read()[-2000:].decode(errors="replace"))
            raise
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def _command(name: str, quads: Path, port: int) -> tuple[list[str], str]:
    if name == "trivium serve":
        return [trivium(), "serve", "--port", str(port)], "/sparql"
    if name == "oxigraph serve":
        bind = ["--bind", f"127.0.0.1:{port}", "--union-default-graph"]
        return [str(oxigraph()), "serve", *bind], "/query"
    return [sys.executable, "-c", RDFLIB_ENDPOINT, str(quads), str(port)], "/sparql"


def _await_answer(process: "subprocess.Popen[bytes]", server: Server) -> None:
    deadline = perf_counter() + PATIENCE_S
    while process.poll() is None and perf_counter() < deadline:
        connection = server.connect()
        try:
            ask(connection, server.address("ASK { ?s ?p ?o }"), {"Accept": "application/sparql-results+json"})
        except ConnectionRefusedError:
            sleep(PAUSE_S)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError(f"{process.args!r} did not answer")


def _load(server: Server, quads: Path) -> None:
    connection = server.connect()
    connection.request("POST", "/store", quads.read_bytes(), {"Content-Type": "application/n-quads"})
    status = connection.getresponse().status
    connection.close()
    if status not in (200, 201, 204):
        raise RuntimeError(f"{status} for loading {quads}")


def _settle(server: Server) -> None:
    deadline = perf_counter() + PATIENCE_S
    used = tree_cpu_s(server.pid)
    while perf_counter() < deadline:
        sleep(QUIET_S)
        before, used = used, tree_cpu_s(server.pid)
        if used - before < QUIET_S * QUIET_SHARE:
            return
    raise RuntimeError("the server was never idle")


def tree_cpu_s(root: int) -> float:
    """Seconds of CPU, user and system, of a process and all below it, ended ones that were waited for included."""
    parents = {int(entry.name): _stat(entry) for entry in PROC.iterdir() if entry.name.isdecimal()}
    tree = {root}
    while more := {pid for pid, stat in parents.items() if stat and int(stat[1]) in tree} - tree:
        tree |= more
    return sum(_own_s(pid) + _ended_s(parents.get(pid, [])) for pid in tree)


def _stat(entry: Path) -> list[str]:
    """Fields 3 and on of proc_pid_stat(5); none where the process has gone."""
    try:
        return (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return []


def _own_s(pid: int) -> float:
    """The process's CPU clock, by the number that clock_getcpuclockid(3) gives it: finer than ticks."""
    try:
        return clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def _ended_s(stat: list[str]) -> float:
    return (int(stat[13]) + int(stat[14])) / TICKS_S if stat else 0.0
