"""Run queries and jobs where they can be stopped: in a worker process over the same dataset."""

import os
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any
from weakref import finalize, ref

from kg.errors import Unavailable
from kg.rdf.formats import JSON, NTRIPLES, Format
from kg.services.engines import Engines
from kg.services.worker import BOOT, JOB, QUERY, host_of
from kg.store.memory import MemoryStore
from kg.store.results import Answer, read_answer
from kg.workers.call import Call
from kg.workers.drive import finish
from kg.workers.launch import Launch, Launched, fork_zygote, has_one_thread, spawn_zygote
from kg.workers.limits import DEFAULT_LIMITS, Limits
from kg.workers.pool import Pool


def default_size() -> int:
    """A worker for each core, and one that is kept for quick requests."""
    return (os.cpu_count() or 1) + 1


def pool_of(engines: Engines) -> Pool:
    """The workers of a dataset; begun with the first request, ended with the program or the dataset."""
    launch = spawner(engines)
    return engines.once(("pool", ""), lambda: _make_pool(engines, launch, launch, default_size()))


def start_pool(engines: Engines, *, size: int = 0) -> Pool:
    """The workers of a dataset, forked from this process, which must have one thread yet; else as on demand.

    So a program that serves need not load the dataset twice.
    """
    again = spawner(engines)
    first = partial(fork_zygote, host_of(engines)) if has_one_thread() else again
    pool = engines.once(("pool", ""), lambda: _make_pool(engines, first, again, size or default_size()))
    pool.start()
    return pool


def _make_pool(engines: Engines, first: Launch, again: Launch, size: int) -> Pool:
    pool = Pool(first, again, size=size)
    finalize(engines, pool.close)
    return pool


def spawner(engines: Engines) -> Launch:
    """Begins a fresh interpreter that opens the same store, or loads a copy of one in memory.

    Raises:
        Unavailable: the store can be neither opened nor copied, when the zygote is begun.
    """
    opened = ref(engines)  # The workers must not keep the dataset alive: they end with it.

    def spawn() -> Launched:
        known = opened()
        if known is None:
            raise Unavailable("a worker over a dataset that was closed", "open it again")
        if known.store.address:
            return spawn_zygote(BOOT, {"address": known.store.address}, b"")
        if not isinstance(known.store, MemoryStore):
            raise Unavailable("a worker over this store", "give no timeout, or open the dataset in memory")
        header = {
            "base": known.base,
            "prefixes": dict(known.prefixes.namespaces),
            "version": known.version,
        }
        return spawn_zygote(BOOT, header, known.store.dump())

    return spawn


def run_isolated(
    engines: Engines, job: str, payload: dict[str, Any], *, limits: Limits = DEFAULT_LIMITS
) -> dict[str, Any]:
    """What the job makes of the payload; both cross a process boundary as JSON, so lists come back for tuples.

    Raises:
        DeadlineExceeded: it took longer than ``limits`` say. Overloaded: too many wait.
        WorkerFailed: its process ended, or there is no such job. TriviumError: what the job raised.
    """
    what = job.replace("-", " ")
    return finish(Call(pool_of(engines), JOB, {"job": job, "payload": payload}, limits=limits, what=what))[2]


def call_handler(
    engines: Engines, handler: str, payload: dict[str, Any], *, what: str, limits: Limits = DEFAULT_LIMITS
) -> bytes:
    """The bytes that a handler of the workers writes; ``what`` names the request in errors.

    Raises:
        DeadlineExceeded, Overloaded, WorkerFailed, TriviumError: as :func:`run_isolated`.
    """
    return bytes(finish(Call(pool_of(engines), handler, payload, limits=limits, what=what))[1])


def query_call(
    engines: Engines,
    text: str,
    *,
    solutions: Format | str | None,
    graph: Format | str | None,
    default_graphs: Iterable[str] = (),
    named_graphs: Iterable[str] = (),
    rows: int = 0,
    limits: Limits = DEFAULT_LIMITS,
) -> Call:
    """A query on its way to a worker; see :func:`kg.services.worker.answer_query` for what comes back."""
    payload = {
        "query": text,
        "default": list(default_graphs),
        "named": list(named_graphs),
        "solutions": solutions.name if isinstance(solutions, Format) else solutions,
        "graph": graph.name if isinstance(graph, Format) else graph,
        "rows": rows,
    }
    return Call(pool_of(engines), QUERY, payload, limits=limits, what="the query")


def run_query_isolated(engines: Engines, text: str, *, timeout_s: float) -> Answer:
    """The answer of a query that is stopped at its deadline.

    Raises:
        DeadlineExceeded: after ``timeout_s``. Overloaded, WorkerFailed: see :func:`run_isolated`.
        BadSyntax, ForbiddenQuery, TooLarge, BadParameter: see :meth:`kg.store.base.Store.query`.
    """
    limits = replace(DEFAULT_LIMITS, deadline_s=timeout_s)
    told, body, result = finish(query_call(engines, text, solutions=JSON, graph=NTRIPLES, limits=limits))
    return read_answer(
        body,
        is_graph=told["kind"] == "graph",
        prefixes=engines.prefixes.namespaces,
        warnings=result["warnings"],
    )
