"""``/formulas/{slug}/sweep`` and evaluations at many points: each form, long answers, and what is refused."""

import csv
import io
from typing import Any

import nanoarrow
import numpy as np
import pytest
from fastapi.testclient import TestClient

from api import tables
from tests.unit.api.conftest import Problem

SWEEP = "/formulas/chinchilla-loss/sweep"
EVALUATE = "/formulas/chinchilla-loss/evaluate"
TWO = f"{SWEEP}?N=1e8..1e12:3&D=[1T,2T]"


def loss(n: Any, d: Any) -> Any:
    """Hoffmann et al. 2022, approach 3."""
    return 1.69 + 406.4 / n**0.34 + 410.7 / d**0.28


N, D = np.repeat([1e8, 1e10, 1e12], 2), np.tile([1e12, 2e12], 3)


def test_a_sweep_answers_in_columns_with_all_that_they_rest_on(client: TestClient) -> None:
    answer = client.get(TWO).json()
    assert answer["formula"]["href"] == "http://testserver/formulas/chinchilla-loss"
    assert (answer["points"], answer["undefined"], answer["unit"]) == (6, 0, "nat/token")
    assert [(a["symbol"], a["scale"], a["points"], a["from"], a["to"]) for a in answer["axes"]] == [
        ("N", "log", 3, 1e8, 1e12),
        ("D", "list", 2, 1e12, 2e12),
    ]
    first, second, last = answer["columns"]
    assert (first["symbol"], first["unit"], second["symbol"], last["symbol"]) == ("N", "parameter", "D", "L")
    assert first["quantity"]["href"] == "http://testserver/quantities/model-parameters"
    np.testing.assert_allclose(last["values"], loss(N, D), rtol=1e-14)
    assert {entry["symbol"] for entry in answer["inputs"]} == {"E", "A", "alpha", "B", "beta"}
    assert answer["fit"] == "hoffmann-2022"
    assert answer["sources"]
    assert any("points have N" in text for text in answer["warnings"])


def test_a_sweep_is_a_table_too(client: TestClient) -> None:
    rows = list(csv.reader(io.StringIO(client.get(TWO.replace("sweep?", "sweep.csv?")).text)))
    assert rows[0] == ["N (parameter)", "D (token)", "L (nat/token)"]
    found = np.array(rows[1:], float)
    np.testing.assert_allclose(found, np.column_stack([N, D, loss(N, D)]), rtol=1e-14)
    by_header = client.get(TWO, headers={"accept": "text/csv"})
    assert by_header.headers["content-type"] == "text/csv; charset=utf-8"
    assert list(csv.reader(io.StringIO(by_header.text))) == rows
    lines = client.get(TWO.replace("sweep?", "sweep.md?")).text.splitlines()
    assert lines[:3] == [
        "| N (parameter) | D (token) | L (nat/token) |",
        "| ---: | ---: | ---: |",
        f"| 1e+08 | 1e+12 | {loss(1e8, 1e12):.6g} |",
    ]
    stream = client.get(TWO.replace("sweep?", "sweep.arrows?"))
    assert stream.headers["content-type"] == "application/vnd.apache.arrow.stream"
    read = nanoarrow.ArrayStream.from_readable(stream.content).read_all().to_pylist()
    np.testing.assert_allclose([list(row.values()) for row in read], found, rtol=0)
    page = client.get(TWO, headers={"accept": "text/html"}).text
    assert "at 6 points" in page
    assert f"<td>{loss(1e8, 1e12):.4g}</td>" in page


def test_a_page_shows_the_first_rows_and_says_so(client: TestClient) -> None:
    page = client.get(f"{SWEEP}.html?N=1e8..1e12:500&D=1T").text
    assert page.count("<tr>") < 220
    assert "The first 200" in page


def test_long_answers_come_in_pieces_and_are_the_same(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{SWEEP}?N=1e8..1e12:251&D=1T..2T:50"
    whole = client.get(address)
    monkeypatch.setattr(tables, "SHORT", 100_000)
    assert "content-length" not in whole.headers
    short = client.get(address)
    assert "content-length" in short.headers
    assert whole.json() == short.json()
    assert len(client.get(address.replace("sweep?", "sweep.csv?")).text.splitlines()) == 12_551


def test_points_without_a_value_are_refused_or_masked(client: TestClient, problem: Problem) -> None:
    address = "/formulas/training-time/sweep?MFU=0..1:3&n=8&C=1e24&F=1e15"
    refused = problem(client.get(address), 422, "out-of-domain")
    assert "at place 0, counted from 0" in refused["detail"]
    masked = client.get(f"{address}&undefined=mask").json()
    assert masked["undefined"] == 1
    assert masked["columns"][1]["values"][0] is None
    assert masked["columns"][1]["values"][1] > 0
    assert masked["reason"].startswith("MFU = 0 is outside")
    lines = client.get(f"{address}&undefined=mask".replace("sweep?", "sweep.csv?")).text.splitlines()
    assert lines[1] == "0.0,"
    assert "no value" in client.get(f"{address}&undefined=mask".replace("sweep?", "sweep.html?")).text


@pytest.mark.parametrize(
    ("query", "status", "name"),
    [
        ("N=1e9&D=1T", 400, "bad-parameter"),
        ("N=1..2&D=1..2&A=1..2", 400, "bad-parameter"),
        ("N=1e9..1e8&D=1T", 400, "bad-parameter"),
        ("N=1..2&D=1T&points=1", 400, "bad-parameter"),
        ("N=1..2&D=1T&points=many", 400, "bad-parameter"),
        ("N=1..2&N=1..3&D=1T", 400, "bad-parameter"),
        ("N=1..2&D=1T&undefined=drop", 400, "bad-parameter"),
        ("N=1..2:3:4:5&D=1T", 400, "bad-parameter"),
        ("N=1..2:1000&D=1..2:1001", 413, "too-large"),
        ("N=1GB..2GB&D=1T", 422, "wrong-dimension"),
        ("M=1..2&D=1T", 422, "unknown-symbol"),
        ("N=1..2", 422, "missing-value"),
        ("N=1..2&D=1T&subject=model/none", 404, "not-found"),
    ],
)
def test_what_is_no_sweep_is_a_problem(
    client: TestClient, problem: Problem, query: str, status: int, name: str
) -> None:
    problem(client.get(f"{SWEEP}?{query}"), status, name)


def test_there_are_no_other_suffixes(client: TestClient, problem: Problem) -> None:
    refused = problem(client.get(f"{SWEEP}.ttl?N=1..2&D=1"), 404, "no-such-path")
    assert "json, html, csv, md, arrows" in refused["detail"]


def test_many_points_are_one_post(client: TestClient) -> None:
    body = {"values": {"N": ["70B", 1e9], "D": 1.4e12}, "fit": "hoffmann-2022"}
    answer = client.post(EVALUATE, json=body).json()
    assert answer["points"] == 2
    column, value = answer["columns"]
    assert column["values"] == [7e10, 1e9]
    np.testing.assert_allclose(value["values"], loss(np.array([7e10, 1e9]), 1.4e12), rtol=1e-14)
    table = client.post(EVALUATE, json=body, headers={"accept": "text/csv"}).text
    assert table.splitlines()[0] == "N (parameter),L (nat/token)"
    masked = client.post(EVALUATE, json={"values": {"N": [-1, 1e9], "D": 1e12}, "undefined": "mask"}).json()
    assert (masked["undefined"], masked["columns"][1]["values"][0]) == (1, None)


def test_a_list_for_a_series_is_one_point(client: TestClient) -> None:
    body = {"values": {"w": [0.5, 0.3, 0.2], "a": [0.2, 0.6, 0.9]}}
    answer = client.post("/formulas/automation-potential/evaluate", json=body).json()
    assert answer["value"] == pytest.approx(0.46)
    many = {"values": {**body["values"], "n_j": [3, 3]}}
    assert client.post("/formulas/automation-potential/evaluate", json=many).json()["points"] == 2


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ({"values": {"N": [1e9, -1], "D": 1e12}}, 422, "out-of-domain"),
        ({"values": {"N": [1e9, 1e9], "D": [1e12] * 3}}, 400, "bad-parameter"),
        ({"values": {"N": [[1e9]], "D": 1e12}}, 400, "bad-parameter"),
        ({"values": {"N": [], "D": 1e12}}, 400, "bad-parameter"),
        ({"values": {"N": [None], "D": 1e12}}, 400, "bad-parameter"),
        ({"values": {"N": [True], "D": 1e12}}, 400, "bad-parameter"),
        ({"values": {"N": ["many"], "D": 1e12}}, 400, "bad-syntax"),
        ({"values": {"M": [1e9], "D": 1e12}}, 422, "unknown-symbol"),
        ({"values": {"N": 1e9, "D": 1e12}, "undefined": "mask"}, 400, "bad-parameter"),
        ({"values": {"N": [1e9], "D": 1e12}, "undefined": "drop"}, 400, "bad-parameter"),
    ],
    ids=str,
)
def test_what_cannot_be_computed_is_a_problem(
    client: TestClient, problem: Problem, body: dict[str, Any], status: int, name: str
) -> None:
    problem(client.post(EVALUATE, json=body), status, name)
