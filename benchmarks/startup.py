"""CPU from the start of ``trivium serve`` to its first answer, beside a bare stack with as much in it."""

import socket
import sys
import sysconfig
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from benchmarks.measure import PATIENCE_S, Row, cpu_ms_until, interleave

TARGET = 1.35
QUESTION = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX tv: <https://w3id.org/trivium/ontology#>
SELECT ?topic ?label WHERE { ?topic a tv:Topic ; skos:prefLabel ?label } ORDER BY ?topic LIMIT 20"""

EVERYTHING = "SELECT * { GRAPH ?g { ?s ?p ?o } }"
BARE = """
import sys

import fastapi
import pyoxigraph
import uvicorn
from starlette.responses import Response

quads, port, routes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
store = pyoxigraph.Store()
store.bulk_load(path=quads, format=pyoxigraph.RdfFormat.N_QUADS)
app = fastapi.FastAPI()


@app.get("/sparql")
async def sparql(query: str):
    answer = store.query(query, use_default_graph_as_union=True)
    return Response(answer.serialize(format=pyoxigraph.QueryResultsFormat.JSON))


async def nothing():
    return None


for number in range(routes - 1):
    app.get(f"/empty/{number}")(nothing)
uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)
"""


def measure_startup(rounds: int) -> Row:
    """CPU of both, from the start of the process to the first SELECT answered over HTTP."""
    with TemporaryDirectory() as folder:
        quads, script = Path(folder) / "quads.nq", Path(folder) / "bare.py"
        script.write_text(BARE, "utf-8")
        routes = dump_service(quads)
        answers: dict[str, bytes] = {}

        def ours() -> float:
            port = free_port()
            return cpu_ms_until(
                [trivium(), "serve", "--port", str(port)], first_answer(port, answers, "ours")
            )

        def bare() -> float:
            port = free_port()
            command = [sys.executable, str(script), str(quads), str(port), str(routes)]
            return cpu_ms_until(command, first_answer(port, answers, "bare"))

        mine, theirs = interleave(ours, bare, rounds=rounds)
    assert answers["ours"] == answers["bare"], "both must answer the same"
    return Row("serve: start to first SELECT", "a bare stack", "ms CPU", mine, theirs, target=TARGET)


def trivium() -> str:
    """Path of the installed command."""
    return str(Path(sysconfig.get_path("scripts")) / "trivium")


def dump_service(path: Path) -> int:
    """Write all quads of the served graph as N-Quads; give the number of routes of the service."""
    from api.app import create_app
    from kg.services.knowledge import open_knowledge
    from kg.services.sparql import run_query
    from kg.store.results import Solutions

    knowledge = open_knowledge()
    answer = run_query(knowledge, EVERYTHING)
    assert isinstance(answer, Solutions)
    with path.open("w", encoding="utf-8") as file:
        for row in answer:
            file.write(f"{row['s']} {row['p']} {row['o']} {row['g']} .\n")
    paths = create_app(knowledge).openapi()["paths"]
    return sum(len(methods) for methods in paths.values())


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def first_answer(port: int, answers: dict[str, bytes], name: str) -> Callable[[], bool]:
    """Says whether the service on that port has answered the question, and keeps the answer."""

    def ask() -> bool:
        try:
            answers[name] = fetch(port)
        except ConnectionRefusedError:
            return False
        return True

    return ask


def fetch(port: int) -> bytes:
    """The answer of the service to the question, as JSON."""
    headers = {"Accept": "application/sparql-results+json"}
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        connection.request("GET", f"/sparql?query={quote(QUESTION)}", headers=headers)
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    assert response.status == 200, body.decode(errors="replace")
    return body
