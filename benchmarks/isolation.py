"""What a worker process costs a query, how soon one is replaced, and how normal queries fare beside runaways."""

import asyncio
from collections.abc import Callable
from statistics import quantiles
from threading import Thread
from time import perf_counter
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.app import create_app
from api.dependencies import query_items
from api.negotiation import choose, solution_format
from api.routes.sparql import SOLUTION_OFFERS
from api.routing import PlainRoute
from benchmarks.measure import Row, interleave
from benchmarks.startup import QUESTION
from benchmarks.warm import call
from kg.errors import DeadlineExceeded
from kg.rdf.formats import JSON
from kg.services.isolation import pool_of
from kg.services.knowledge import Knowledge, open_knowledge
from kg.services.sparql import run_query

OVERHEAD, REPLACED_MS, BESIDE_MS = 1.25, 50.0, 100.0
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SHORT = "SELECT ?label { topic:mamba skos:prefLabel ?label }"
RUNAWAYS, DEADLINE_S = 4, 1.0


def measure_isolation(rounds: int, calls: int) -> tuple[Row, ...]:
    """Three rows: a query apart and in place, the answer after a kill, the slowest hundredth beside runaways."""
    knowledge = open_knowledge()
    try:
        return (
            _overhead(knowledge, rounds, calls),
            _after_a_kill(knowledge, rounds),
            _beside_runaways(knowledge, rounds, calls),
        )
    finally:
        pool_of(knowledge).close()


def _overhead(knowledge: Knowledge, rounds: int, calls: int) -> Row:
    apart, here = create_app(knowledge), in_place(knowledge)
    ours, theirs = interleave(wall_us(apart, calls), wall_us(here, calls), rounds=rounds)
    return Row("query in a worker, by HTTP", "in a thread", "µs wall", ours, theirs, target=OVERHEAD)


def in_place(knowledge: Knowledge) -> FastAPI:
    """The same service, but for a route that evaluates in its own process, off the event loop."""

    async def sparql(request: Request) -> Response:
        query = dict(query_items(request))["query"]
        form = solution_format(choose(request.headers.get("accept", ""), SOLUTION_OFFERS) or "")
        body = await run_in_threadpool(lambda: run_query(knowledge, query).serialize(form or JSON))
        return Response(body, media_type=JSON.media_type, headers={"Vary": "Accept"})

    app = create_app(knowledge)
    router = APIRouter(route_class=PlainRoute)
    router.add_api_route("/sparql", sparql)
    app.include_router(router)
    # Before the service's own, which comes second among the rooms: both are found as soon.
    app.router.routes.insert(2, app.router.routes.pop())
    return app


def wall_us(app: FastAPI, calls: int) -> Callable[[], float]:
    """A round of calls, one after the other; microseconds for each."""
    query = f"query={quote(QUESTION)}".encode()

    async def run() -> float:
        assert await call(app, "/sparql", query) == 200
        start = perf_counter()
        for _ in range(calls):
            await call(app, "/sparql", query)
        return (perf_counter() - start) / calls * 1e6

    return lambda: asyncio.run(run())


def _after_a_kill(knowledge: Knowledge, rounds: int) -> Row:
    def killed() -> float:
        _run_away(knowledge, 0.05)
        return _answer_ms(knowledge)

    ours, theirs = interleave(killed, lambda: _answer_ms(knowledge), rounds=rounds)
    return Row("kill and next answer", "an answer", "ms wall", ours, theirs, limit=REPLACED_MS)


def _beside_runaways(knowledge: Knowledge, rounds: int, calls: int) -> Row:
    def slowest() -> float:
        return quantiles([_answer_ms(knowledge) for _ in range(calls)], n=100)[-1]

    def beside() -> float:
        threads = [Thread(target=_run_away, args=(knowledge, DEADLINE_S)) for _ in range(RUNAWAYS)]
        for thread in threads:
            thread.start()
        found = []
        while any(thread.is_alive() for thread in threads):
            found.append(_answer_ms(knowledge))
        return quantiles(found, n=100)[-1]

    ours, theirs = interleave(beside, slowest, rounds=rounds)
    name = f"99 % beside {RUNAWAYS} runaways"
    return Row(name, "alone", "ms wall", ours, theirs, limit=BESIDE_MS)


def _answer_ms(knowledge: Knowledge) -> float:
    start = perf_counter()
    assert len(knowledge.sparql(SHORT, timeout=60)) == 1
    return (perf_counter() - start) * 1e3


def _run_away(knowledge: Knowledge, deadline_s: float) -> None:
    try:
        knowledge.sparql(ENDLESS, timeout=deadline_s)
    except DeadlineExceeded:
        return
    raise AssertionError("it ended by itself")
