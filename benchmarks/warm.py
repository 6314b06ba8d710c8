"""CPU of a warm evaluation by REST, beside a bare FastAPI route that returns a constant.

Both apps are called in this process by ASGI (https://asgi.readthedocs.io/en/latest/specs/www.html), without the
socket and the HTTP parser: what those cost is the same for both, and would only hide the difference.
"""

import asyncio
from collections.abc import Callable, MutableMapping
from time import process_time
from typing import Any

from fastapi import FastAPI

from api.app import create_app
from benchmarks.measure import Row, interleave
from kg.services.knowledge import open_knowledge

TARGET = 3.0
CONSTANT = {"value": 1.93}
QUESTIONS = {
    "a law with a constant set": ("/formulas/chinchilla-loss/evaluate", b"N=70B&D=1.4T"),
    "a definition with readings": ("/formulas/training-inference-equivalence/evaluate", b"k_inf=10"),
}
"""What is evaluated: path and query."""
DERIVATION = (
    b"target=environment-emissions-kg&model-parameters=70B&training-tokens=1.4T&training-mfu=40%25"
    b"&energy-pue=1.1&energy-carbon-intensity=0.38&subject=hardware/h100-sxm"
)
"""Five steps, figures of an accelerator among the givens."""
DERIVATION_LIMIT_US = 5_000.0

Message = MutableMapping[str, Any]


def measure_evaluate(rounds: int, calls: int) -> tuple[Row, ...]:
    """CPU of one call, as the mean of ``calls`` in a round."""
    knowledge = open_knowledge()
    knowledge.warm().join()
    app, bare = create_app(knowledge), bare_app()
    rows = []
    for what, (path, query) in QUESTIONS.items():
        assert asyncio.run(call(app, path, query)) == 200
        ours, theirs = interleave(
            cpu_us(app, path, query, calls), cpu_us(bare, "/constant", b"", calls), rounds=rounds
        )
        rows.append(Row(f"warm: {what}", "a bare route", "µs CPU", ours, theirs, target=TARGET))
    assert asyncio.run(call(app, "/derive", DERIVATION)) == 200
    ours, theirs = interleave(
        cpu_us(app, "/derive", DERIVATION, max(1, calls // 10)),
        cpu_us(bare, "/constant", b"", calls),
        rounds=rounds,
    )
    name = "warm: a derivation in five steps"
    return (*rows, Row(name, "a bare route", "µs CPU", ours, theirs, limit=DERIVATION_LIMIT_US))


def bare_app() -> FastAPI:
    """An app with nothing but a constant."""
    app = FastAPI()

    @app.get("/constant")
    async def constant() -> dict[str, float]:
        return CONSTANT

    return app


def cpu_us(app: FastAPI, path: str, query: bytes, calls: int) -> Callable[[], float]:
    """A round of calls, one after the other; microseconds of CPU for each."""

    async def run() -> float:
        start = process_time()
        for _ in range(calls):
            await call(app, path, query)
        return (process_time() - start) / calls * 1e6

    return lambda: asyncio.run(run())


async def call(app: FastAPI, path: str, query: bytes) -> int:
    """GET; the status."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1:8000"), (b"accept", b"*/*"), (b"user-agent", b"benchmarks")],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
    }
    status = 0

    received = False

    async def receive() -> Message:
        nonlocal received
        if received:  # The client stays: nothing more comes from it.
            await asyncio.get_running_loop().create_future()
        received = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)

    await app(scope, receive, send)
    return status
