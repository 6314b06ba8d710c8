"""Formulas at many points from Python and over workers: which path is taken, and that both give the same."""

import sys

import nanoarrow
import numpy as np
import pytest

from kg.errors import BadParameter, DeadlineExceeded, NotFound, OutOfDomain, Unavailable
from kg.model.answer import Evaluation, Solution
from kg.model.batch import Batch, RootBatch, Sweep
from kg.services import batches
from kg.services.batches import asks_for_many, evaluate_batch, holds_array, sweep_formula
from kg.services.knowledge import Knowledge
from kg.workers.limits import Limits

N = np.array([1e9, 7e10])


class Column:
    """What converts to an array as the columns of other libraries do."""

    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        return N


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (N, True),
        (Column(), True),
        (np.float64(7e10), False),
        (7e10, False),
        ("70B", False),
        ([0.5, 0.3], False),
    ],
    ids=["array", "column", "a number of NumPy", "number", "text", "list"],
)
def test_only_arrays_ask_a_handle_for_many_points(shipped: Knowledge, given: object, expected: bool) -> None:
    assert holds_array({"N": given}) is expected
    if not isinstance(given, list):
        found = shipped.formula("chinchilla-loss").evaluate({"N": given}, D=1.4e12)
        assert isinstance(found, Batch if expected else Evaluation)


def test_a_handle_takes_arrays_where_it_takes_numbers(shipped: Knowledge) -> None:
    handle = shipped.formula("chinchilla-loss")
    found = handle.evaluate(N=N, subject="model/chinchilla", fit="hoffmann-2022", unit="nat/Mtoken")
    assert isinstance(found, Batch)
    assert (found.unit, found.value.shape) == ("nat/Mtoken", (2,))
    assert {str(entry.origin) for entry in found.inputs} == {"subject", "fit"}
    masked = handle.evaluate(N=np.array([1e9, -1.0]), D=1e12, undefined="mask")
    assert isinstance(masked, Batch) and masked.undefined == 1
    roots = handle.solve("D", L=np.array([2.0, 2.2]), N="70B")
    assert isinstance(roots, RootBatch)
    assert handle.evaluate(N=7e10, D=float(roots.value[0])).value == pytest.approx(2.0)
    assert isinstance(handle.solve("D", L=2.0, N="70B"), Solution)
    swept = handle.sweep({"N": "1e8..1e12:5"}, D=1e12)
    assert isinstance(swept, Sweep) and len(swept.batch) == 5


def test_a_batch_is_written_in_the_formats_that_there_are(shipped: Knowledge) -> None:
    found = evaluate_batch(shipped, "chinchilla-loss", {"N": N, "D": 1e12})
    text = b"".join(batches.write_batch(found, "csv"))
    assert text.startswith(b"N (parameter),L (nat/token)\r\n1000000000.0,")
    assert b"".join(batches.write_batch(found, "markdown")).count(b"\n") == 4
    with pytest.raises(BadParameter, match="csv, markdown or arrow"):
        batches.write_batch(found, "npz")


def test_an_arrow_stream_has_units_and_nulls(shipped: Knowledge) -> None:
    found = sweep_formula(
        shipped, "training-time", {"MFU": "0..1:11", "n": 8, "C": 1e24, "F": 1e15}, undefined="mask"
    ).batch
    (stream,) = batches.write_batch(found, "arrow")
    read = nanoarrow.ArrayStream.from_readable(stream).read_all()
    assert [(field.name, dict(field.metadata)) for field in read.schema.fields] == [
        ("MFU", {b"unit": b"1"}),
        ("t", {b"unit": b"s"}),
    ]
    rows = [(row["MFU"], row["t"]) for row in read.to_pylist()]
    assert rows == list(zip(found.columns[0].values.tolist(), found.value.tolist(), strict=True))
    assert rows[0][1] is None


def test_without_its_library_arrow_is_not_available(
    shipped: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "nanoarrow", None)
    found = evaluate_batch(shipped, "chinchilla-loss", {"N": N, "D": 1e12})
    with pytest.raises(Unavailable, match=r"trivium-kg\[arrow\]"):
        batches.write_batch(found, "arrow")


def test_one_value_is_neither_masked_nor_chosen(shipped: Knowledge) -> None:
    handle = shipped.formula("chinchilla-loss")
    with pytest.raises(BadParameter, match="undefined"):
        handle.evaluate(N=1e9, D=1e12, undefined="mask")
    for options in ({"undefined": "mask"}, {"which": "least"}):
        with pytest.raises(BadParameter, match="an array"):
            handle.solve("D", L=2.0, N=1e9, **options)
    with pytest.raises(BadParameter, match="one number"):
        handle.evaluate(N=np.array(1e9), D=1e12)
    with pytest.raises(NotFound):
        handle.evaluate(N=N, D=1e12, subject="model/none")


def test_a_subject_of_whom_nothing_is_known_is_told(shipped: Knowledge) -> None:
    found = evaluate_batch(shipped, "chinchilla-loss", {"N": N, "D": 1e12}, subject="topic/mamba")
    assert "no figures are known of topic:mamba" in found.warnings


@pytest.mark.parametrize(
    ("formula", "givens", "expected"),
    [
        ("chinchilla-loss", {"N": [1e9, 7e10], "D": 1e12}, True),
        ("chinchilla-loss", {"model-parameters": [1e9], "D": 1e12}, True),
        ("chinchilla-loss", {"N": 1e9, "D": 1e12}, False),
        ("chinchilla-loss", {"M": [1e9]}, False),
        ("automation-potential", {"w": [0.5, 0.5], "a": [0.1, 0.2]}, False),
        ("automation-potential", {"w": [0.5, 0.5], "a": [0.1, 0.2], "n_j": [2, 2]}, True),
    ],
)
def test_a_list_asks_for_many_points_where_no_series_is_meant(
    shipped: Knowledge, formula: str, givens: dict[str, object], expected: bool
) -> None:
    assert asks_for_many(shipped, formula, givens) is expected


def test_a_worker_gives_what_this_process_gives(shipped: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "SMALL", 0)
    cases = [
        ("chinchilla-loss", {"N": "1e8..1e12:30", "D": "1T..9T:20"}, "refuse"),
        ("training-time", {"MFU": "0..1:11", "n": "[8, 64]", "C": 1e24, "F": 1e15}, "mask"),
        ("automation-potential", {"n_j": [3, 3], "w": [0.5, 0.3, 0.2], "a": [0.2, 0.6, 0.9]}, "refuse"),
    ]
    for formula, givens, undefined in cases:
        here = sweep_formula(shipped, formula, givens, undefined=undefined).batch
        there = sweep_formula(shipped, formula, givens, undefined=undefined, limits=Limits()).batch
        assert np.ma.allequal(here.value, there.value)
        assert (here.undefined, here.reason) == (there.undefined, there.reason)
    with pytest.raises(OutOfDomain, match=r"at place \[0, 0\]"):
        sweep_formula(shipped, "training-time", cases[1][1], limits=Limits())


def test_long_work_is_stopped_at_its_deadline(shipped: Knowledge) -> None:
    series = [0.001] * 1000
    givens = {"w": series, "a": series, "n_j": np.full(3_900, 1000.0)}
    with pytest.raises(DeadlineExceeded):
        evaluate_batch(shipped, "automation-potential", givens, limits=Limits(deadline_s=0.05))
