"""Formulas at many points: arrays, lists, sweeps; large ones in a worker where the door asks for it."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from kg.errors import BadParameter
from kg.model.iri import Iri
from kg.services.engines import Engines
from kg.services.formulas import Givens, ask, find_formula, with_notes
from kg.workers.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.formula.array_program import Outcome
    from kg.formula.batch_work import Work
    from kg.formula.compile import CompiledFormula
    from kg.model.batch import Batch, RootBatch, Sweep
    from kg.workers.worker import Output

SMALL: Final = 200_000
"""Points times operations that are computed at once, not in a worker: a few milliseconds."""

_PLAIN: Final = frozenset({float, int, str, list, tuple})

ARRAYS: Final = "arrays"
"""Name of the workers' handler."""


def evaluate_batch(
    engines: Engines,
    reference: str,
    givens: Givens,
    *,
    subject: str = "",
    fit: str = "",
    unit: str = "",
    undefined: str = "refuse",
    limits: Limits | None = None,
) -> "Batch":
    """The output of a formula for arrays or lists of values; with ``limits``, large work is done in a worker.

    Raises:
        NotFound: no such formula, subject or fit. Otherwise as :func:`kg.formula.batch.evaluate_many`.
    """
    from kg.formula.batch import evaluate_many

    compiled, observed, notes = ask(engines, reference, subject)
    batch = evaluate_many(
        compiled,
        givens,
        observed=observed,
        fit=fit,
        unit=unit,
        undefined=undefined,
        units=engines.units,
        run=_runner(engines, compiled, limits),
    )
    return with_notes(batch, notes)


def sweep_formula(
    engines: Engines,
    reference: str,
    givens: Givens,
    *,
    points: int = 0,
    subject: str = "",
    fit: str = "",
    unit: str = "",
    undefined: str = "refuse",
    limits: Limits | None = None,
) -> "Sweep":
    """The output of a formula over one or two axes; with ``limits``, large work is done in a worker.

    Raises:
        NotFound: no such formula, subject or fit. Otherwise as :func:`kg.formula.sweep.sweep`.
    """
    from kg.formula.sweep import POINTS, sweep

    compiled, observed, notes = ask(engines, reference, subject)
    found = sweep(
        compiled,
        givens,
        observed=observed,
        fit=fit,
        unit=unit,
        undefined=undefined,
        points=points or POINTS,
        units=engines.units,
        run=_runner(engines, compiled, limits),
    )
    return replace(found, batch=with_notes(found.batch, notes))


def solve_batch(
    engines: Engines,
    reference: str,
    symbol: str,
    givens: Givens,
    *,
    which: str = "only",
    subject: str = "",
    fit: str = "",
    unit: str = "",
    undefined: str = "refuse",
) -> "RootBatch":
    """A formula solved for one of its symbols, for arrays or lists of values of others.

    Raises:
        NotFound: no such formula, subject or fit. Otherwise as :func:`kg.formula.solve_batch.solve_many`.
    """
    from kg.formula.solve_batch import solve_many

    compiled, observed, notes = ask(engines, reference, subject)
    found = solve_many(
        compiled,
        symbol,
        givens,
        which=which,
        observed=observed,
        fit=fit,
        unit=unit,
        undefined=undefined,
        units=engines.units,
    )
    return with_notes(found, notes)


def write_batch(batch: "Batch", form: str) -> "Iterator[bytes]":
    """The batch as ``csv``, ``markdown`` or ``arrow``, in pieces.

    Raises:
        BadParameter: no such format. Unavailable: Arrow without its library.
    """
    from kg.exporters.batches import batch_arrow, batch_csv, batch_markdown

    if form == "arrow":
        return iter((batch_arrow(batch),))
    writers = {"csv": batch_csv, "markdown": batch_markdown}
    if form not in writers:
        raise BadParameter("format", form[:40], f"{', '.join(writers)} or arrow")
    return (piece.encode() for piece in writers[form](batch))


def holds_array(givens: Givens) -> bool:
    """True where an array of NumPy, or what converts to one, is among the values."""
    # A loop: a single evaluation passes here, and a generator would take longer than all else of this.
    for given in givens.values():  # noqa: SIM110
        if type(given) not in _PLAIN and _is_array(given):
            return True
    return False


def _is_array(given: object) -> bool:
    from kg.formula.numbers import is_array

    return is_array(given)


def asks_for_many(engines: Engines, reference: str, givens: Givens, *, fit: str = "") -> bool:
    """True where a list stands for a variable that is no series: its values are one point each.

    Raises:
        NotFound: no such formula or fit.
    """
    if not any(isinstance(given, list | tuple) for given in givens.values()):
        return False
    from kg.formula.plan import find_variable, plan_for

    plan = plan_for(engines.compiled(find_formula(engines, reference)), fit)
    lists = (find_variable(plan, name) for name, given in givens.items() if isinstance(given, list | tuple))
    return any(variable is not None and not variable.indexed_by for variable in lists)


def _runner(
    engines: Engines, compiled: "CompiledFormula", limits: Limits | None
) -> "Callable[[Work], Outcome]":
    def run(work: "Work") -> "Outcome":
        from kg.formula.batch_work import run_work

        if limits is None or work.size(compiled) <= SMALL:
            return run_work(compiled, work)
        return _run_in_worker(engines, compiled.formula.iri, work, limits)

    return run


def _run_in_worker(engines: Engines, iri: Iri, work: "Work", limits: Limits) -> "Outcome":
    """The outcome, computed in a worker: values cross as bytes, NaN where there is none.

    Raises:
        DeadlineExceeded, Overloaded, WorkerFailed: it was stopped. TooLarge: too many terms of sums.
    """
    import numpy as np

    from kg.formula.array_program import Outcome
    from kg.services.isolation import call_handler

    payload = {
        "formula": iri,
        "varying": work.varying,
        "arrays": [(array.shape, base64.b64encode(array.tobytes()).decode()) for array in work.arrays],
        "fixed": work.fixed,
        "shape": work.shape,
        "shown_scale": work.shown_scale,
        "most_failed": work.most_failed,
    }
    body = call_handler(engines, ARRAYS, payload, what="the batch", limits=limits)
    values = np.frombuffer(body, "<f8").astype(np.float64)
    failed = np.flatnonzero(np.isnan(values))
    values[failed] = 0.0
    return Outcome(values, failed)


def compute_arrays(engines: Engines, payload: dict[str, Any], output: "Output") -> Mapping[str, Any]:
    """The worker's side: the values at all points as little-endian doubles."""
    import numpy as np

    from kg.formula.batch_work import Work, run_work

    arrays = tuple(
        np.frombuffer(base64.b64decode(text), "<f8").reshape(shape) for shape, text in payload["arrays"]
    )
    fixed = tuple(tuple(value) if isinstance(value, list) else value for value in payload["fixed"])
    work = Work(
        tuple(payload["varying"]),
        arrays,
        fixed,
        tuple(payload["shape"]),
        payload["shown_scale"],
        payload["most_failed"],
    )
    found = run_work(engines.compiled(payload["formula"]), work)
    found.values[found.failed] = np.nan
    output.write(found.values.astype("<f8").tobytes())
    return {}
