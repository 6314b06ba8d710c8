"""CPU and wall time of a query over HTTP, beside other servers of the same triples.

CPU is that of the server's whole process tree for each request; the client's is not in it. One connection is kept
through a round. Before anything is timed, the answers are compared.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from pyoxigraph import RdfFormat, parse

from benchmarks.measure import Row, interleave
from benchmarks.servers import Server, ask, started, tree_cpu_s, why_missing
from benchmarks.startup import dump_service

PEERS = ("oxigraph serve", "rdflib-endpoint")
ROUND_S, LEAST_CALLS = 0.4, 3
JSON = {"Accept": "application/sparql-results+json"}
TURTLE = {"Accept": "text/turtle"}
LIMIT = 1500
PREFIXES = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX tv: <https://w3id.org/trivium/ontology#>
PREFIX topic: <https://w3id.org/trivium/id/topic/>
"""
QUERIES = {
    "look-up": "SELECT ?p ?o { topic:chinchilla-scaling ?p ?o }",
    "join": "SELECT ?label ?need { ?topic tv:area ?area ; tv:requires ?other ; skos:prefLabel ?label . "
    "?other tv:area ?area ; skos:prefLabel ?need . topic:mamba tv:area ?area }",
    "path": "SELECT ?topic { topic:future-of-llms tv:requires+ ?topic }",
    "CONSTRUCT": "CONSTRUCT { ?topic skos:prefLabel ?label ; tv:requires ?other } "
    "WHERE { ?topic skos:prefLabel ?label ; tv:requires ?other . topic:mamba tv:area ?area . ?topic tv:area ?area }",
    "1,500 rows": f"SELECT ?thing ?label {{ ?thing skos:prefLabel ?label }} LIMIT {LIMIT}",
}
UNCHANGED = "look-up, 304"

Round = Callable[[], tuple[float, float]]


def measure_queries(rounds: int, calls: int) -> Iterator[Row]:
    """CPU and wall time of each query beside each peer; a peer that is not installed is named as missing."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        quads = Path(folder) / "quads.nq"
        dump_service(quads)
        ours = None
        for peer in PEERS:
            if missing := why_missing(peer):
                yield from (row for what in (*QUERIES, UNCHANGED) for row in _missing(what, peer, missing))
                continue
            ours = ours or stack.enter_context(started("trivium serve", quads))
            with started(peer, quads) as theirs:
                for query in QUERIES.values():
                    compare(ours, theirs, PREFIXES + query)
                for what, query in QUERIES.items():
                    yield from _rows(
                        what, peer, _round(ours, query, calls), _round(theirs, query, calls), rounds
                    )
                query = QUERIES["look-up"]
                unchanged = _round(ours, query, calls, unchanged=True)
                yield from _rows(UNCHANGED, peer, unchanged, _round(theirs, query, calls), rounds)


def compare(ours: Server, theirs: Server, query: str) -> None:
    """Both servers give the same answer; where a LIMIT leaves a choice, to the query without it.

    Raises:
        RuntimeError: they do not, or the answer is empty or shorter than its LIMIT.
    """
    whole = query.removesuffix(f" LIMIT {LIMIT}")
    mine, others = answer(ours, whole), answer(theirs, whole)
    if not mine or mine != others:
        raise RuntimeError(f"{len(mine)} and {len(others)} rows that differ for {query}")
    if whole != query and {len(answer(server, query)) for server in (ours, theirs)} != {LIMIT}:
        raise RuntimeError(f"not {LIMIT} rows for {query}")


def answer(server: Server, query: str) -> list[str]:
    """Its rows, or its triples, as sorted text that does not depend on the server."""
    connection = server.connect()
    try:
        body, _ = ask(connection, server.address(query), accept(query))
    finally:
        connection.close()
    return read_graph(body) if "CONSTRUCT" in query else read_rows(body)


def accept(query: str) -> Mapping[str, str]:
    """The header that asks for the format that all servers write."""
    return TURTLE if "CONSTRUCT" in query else JSON


def read_rows(body: bytes) -> list[str]:
    """Rows of SPARQL JSON results: each term with value, type, language and datatype, in the order of variables."""
    rows = json.loads(body)["results"]["bindings"]
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def read_graph(body: bytes) -> list[str]:
    """Triples of a Turtle document, each once."""
    return sorted({str(quad) for quad in parse(body, format=RdfFormat.TURTLE)})


def _round(server: Server, query: str, calls: int, *, unchanged: bool = False) -> Round:
    """Microseconds of CPU and of wall time for each request of a round that takes about ``ROUND_S``."""
    address, headers, status = server.address(PREFIXES + query), dict(accept(query)), 200
    connection = server.connect()
    _, tag = ask(connection, address, headers)
    if unchanged:
        headers["If-None-Match"], status = tag, 304
    start = perf_counter()
    ask(connection, address, headers, status=status)
    count = max(LEAST_CALLS, min(calls, int(ROUND_S / (perf_counter() - start))))
    connection.close()

    def run() -> tuple[float, float]:
        connection = server.connect()
        ask(connection, address, headers, status=status)
        cpu, start = tree_cpu_s(server.pid), perf_counter()
        for _ in range(count):
            ask(connection, address, headers, status=status)
        wall, cpu = perf_counter() - start, tree_cpu_s(server.pid) - cpu
        connection.close()
        return cpu / count * 1e6, wall / count * 1e6

    return run


def _rows(what: str, peer: str, ours: Round, theirs: Round, rounds: int) -> Iterator[Row]:
    mine, others = interleave(ours, theirs, rounds=rounds)
    for unit, place in (("µs CPU", 0), ("µs wall", 1)):
        figures = (tuple(pair[place] for pair in pairs) for pairs in (mine, others))
        yield Row(f"query: {what}", peer, unit, *figures)


def _missing(what: str, peer: str, why: str) -> Iterator[Row]:
    for unit in ("µs CPU", "µs wall"):
        yield Row(f"query: {what}", peer, unit, missing=why)
