"""What a worker process can do with a dataset: answer a query, run a job."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from kg.model.iri import Iri
from kg.rdf.formats import GRAPH_FORMATS, SOLUTION_FORMATS
from kg.rdf.prefixes import Prefixes
from kg.services.algebra_jobs import rehearse
from kg.services.batches import ARRAYS, compute_arrays
from kg.services.engines import Engines
from kg.services.jobs import JOBS
from kg.services.solving import load_solver
from kg.services.sparql import run_query
from kg.store.results import Answer, Boolean, Solutions, Triples
from kg.workers.worker import Host, Output

QUERY: Final = "query"
JOB: Final = "job"
BOOT: Final = "kg.services.worker:boot"
_FORMATS: Final = {form.name: form for form in (*SOLUTION_FORMATS, *GRAPH_FORMATS)}


def host_of(engines: Engines) -> Host:
    """The host of workers over these engines."""
    handlers = {
        QUERY: partial(answer_query, engines),
        JOB: partial(run_job, engines),
        ARRAYS: partial(compute_arrays, engines),
    }
    return Host(handlers, partial(load_engines, engines))


def boot(header: Mapping[str, Any], body: bytes) -> Host:
    """The host over a store at an address, or over a snapshot, in a fresh interpreter.

    See :func:`kg.services.isolation.pool_of`.
    """
    from kg.services.knowledge import open_knowledge, open_snapshot

    if "address" in header:
        return host_of(open_knowledge(header["address"]))
    prefixes = Prefixes(header["prefixes"])
    return host_of(
        open_snapshot(body, base=Iri(header["base"]), prefixes=prefixes, version=header["version"])
    )


def load_engines(engines: Engines) -> None:
    """The formula engine and computer algebra are loaded, with all formulas, and have run once; the solver too."""
    engines.warm().join()
    rehearse(engines)
    load_solver()


def run_job(engines: Engines, payload: dict[str, Any], _: Output) -> Mapping[str, Any]:
    """The result of a job of :mod:`kg.services.jobs`."""
    return JOBS[payload["job"]](engines, payload["payload"])


def answer_query(engines: Engines, payload: dict[str, Any], output: Output) -> Mapping[str, Any]:
    """The answer of a query in the format wanted for its kind; ``rows`` of it where that is ``"rows"``.

    The kind is told before the bytes. Where no format is wanted for it, nothing else is.
    """
    answer = run_query(
        engines, payload["query"], default_graphs=payload["default"], named_graphs=payload["named"]
    )
    kind = "graph" if isinstance(answer, Triples) else "solutions"
    output.header = {"kind": kind}
    form = payload[kind]
    if form is None:
        return {}
    if form == "rows":
        return _rows(answer, payload["rows"]) | {"warnings": answer.warnings}
    try:
        answer.write(_Watched(output, answer), _FORMATS[form])
    finally:
        if output.refused is not None:
            raise output.refused
    return {"warnings": answer.warnings}


class _Watched:
    """Tells the warnings so far with each piece: a long answer is not known to its end."""

    __slots__ = ("_answer", "_output", "flush")

    def __init__(self, output: Output, answer: Answer) -> None:
        self._output = output
        self._answer = answer
        self.flush = output.flush

    def write(self, data: bytes) -> int:
        self._output.header["warnings"] = self._answer.warnings
        return self._output.write(data)


def _rows(answer: Answer, most: int) -> dict[str, Any]:
    """The answer for a page: the first rows as IRI and text, or a graph or truth value as text."""
    if isinstance(answer, Boolean):
        return {"text": str(answer.value)}
    if isinstance(answer, Triples):
        return {"text": answer.serialize(GRAPH_FORMATS[0]).decode()}
    assert isinstance(answer, Solutions)  # noqa: S101 - the third and last kind
    rows: list[list[dict[str, str]]] = []
    for row in answer:
        if len(rows) == most:
            return {"columns": answer.variables, "rows": rows, "more": True}
        rows.append([_cell(row.get(name)) for name in answer.variables])
    return {"columns": answer.variables, "rows": rows, "more": False}


def _cell(term: object) -> dict[str, str]:
    text = "" if term is None else str(getattr(term, "value", term))
    return {"text": text, "iri": text if type(term).__name__ == "NamedNode" else ""}
