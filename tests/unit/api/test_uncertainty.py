"""How sure a number is and what moves it, by HTTP, from the command line and in Python: one answer at every door."""

import csv
import io
import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kg.errors import BadParameter
from kg.model.uncertainty import Method
from kg.services.knowledge import Knowledge
from kg.services.uncertainty import write_sensitivity
from tests.unit.api.conftest import Problem, Run

LOSS = "/formulas/chinchilla-loss"
ASKED = {"N": "70B ± 5B", "D": "1.4T", "fit": "besiroglu-2024"}


def ask(client: TestClient, **parameters: str) -> dict[str, Any]:
    answer = client.get(f"{LOSS}/evaluate", params={**ASKED, **parameters})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


@pytest.mark.parametrize("method", [str(one) for one in Method])
def test_get_post_and_python_give_the_same_figures(
    client: TestClient, shipped: Knowledge, method: str
) -> None:
    got = ask(client, uncertainty=method)["uncertainty"]
    values = {name: ASKED[name] for name in ("N", "D")}
    body = {"values": values, "fit": ASKED["fit"], "uncertainty": method}
    assert client.post(f"{LOSS}/evaluate", json=body).json()["uncertainty"] == got
    found = shipped.formula("chinchilla-loss").evaluate(**ASKED, uncertainty=method)
    assert found.uncertainty is not None
    assert (found.uncertainty.low, found.uncertainty.high) == (got["low"], got["high"])
    assert got["method"] == method
    assert got["unit"] == "nat/token"
    assert got["low"] < found.value < got["high"]
    assert {one["symbol"] for one in got["contributions"]} == {"A", "B", "E", "N", "alpha", "beta"}
    assert ("level" in got) == (method != "interval")


def test_samples_and_seed_choose_the_draws_and_the_same_ones_give_the_same_bytes(client: TestClient) -> None:
    asked = {**ASKED, "uncertainty": "monte-carlo", "samples": "500", "seed": "7"}
    one, two = (client.get(f"{LOSS}/evaluate", params=asked) for _ in range(2))
    assert one.content == two.content
    sure = one.json()["uncertainty"]
    assert (sure["samples"], sure["seed"], sure["outside"]) == (500, 7, 0)
    body = {"values": {"N": ASKED["N"], "D": ASKED["D"]}, "fit": ASKED["fit"], "uncertainty": "monte-carlo"}
    assert (
        client.post(f"{LOSS}/evaluate", json={**body, "samples": 500, "seed": 7}).json()["uncertainty"]
        == sure
    )


def test_an_interval_comes_as_a_text_or_as_a_list(client: TestClient) -> None:
    texts = ask(client, N="[60B, 80B]", uncertainty="interval")
    body = {"values": {"N": [6e10, "80B"], "D": "1.4T"}, "fit": ASKED["fit"], "uncertainty": "interval"}
    assert client.post(f"{LOSS}/evaluate", json=body).json()["uncertainty"] == texts["uncertainty"]
    assert {"standardDeviation", "mean", "samples"}.isdisjoint(texts["uncertainty"])
    (given,) = [one for one in texts["uncertainty"]["contributions"] if one["symbol"] == "N"]
    assert (given["low"], given["high"], given["distribution"]) == (6e10, 8e10, "uniform")


MANY = {"values": {"N": [6e10, 8e10], "D": 1e12}}


def test_a_list_is_an_interval_only_where_an_uncertainty_is_asked_for(
    client: TestClient, problem: Problem
) -> None:
    points = client.post(f"{LOSS}/evaluate", json=MANY).json()
    assert client.post(f"{LOSS}/evaluate", json={**MANY, "uncertainty": "none"}).json() == points
    assert "uncertainty" not in points
    problem(client.post(f"{LOSS}/evaluate", json={**MANY, "seed": 1}), 400, "bad-parameter")
    three = {"values": {"N": [6e10, 7e10, 8e10], "D": 1e12}, "uncertainty": "linear"}
    answer = client.post(f"{LOSS}/evaluate", json=three)
    assert "two ends" in problem(answer, 400, "bad-parameter")["detail"]
    masked = {"values": {"N": "70B ± 5B", "D": 1e12}, "uncertainty": "linear", "undefined": "mask"}
    problem(client.post(f"{LOSS}/evaluate", json=masked), 400, "bad-parameter")


@pytest.mark.parametrize("none", ["none", ""])
def test_without_a_method_the_answer_is_as_it_was(client: TestClient, none: str) -> None:
    plain = client.get(f"{LOSS}/evaluate?N=70B&D=1.4T")
    assert client.get(f"{LOSS}/evaluate?N=70B&D=1.4T&uncertainty={none}").content == plain.content
    assert "uncertainty" not in plain.json()


REFUSED = [
    ({"uncertainty": "gauss"}, 400, "bad-parameter", "linear"),
    ({"uncertainty": "linear", "samples": "10"}, 400, "bad-parameter", "monte-carlo"),
    ({"seed": "1"}, 400, "bad-parameter", "monte-carlo"),
    ({"uncertainty": "monte-carlo", "samples": "many"}, 400, "bad-parameter", "whole number"),
    ({"uncertainty": "monte-carlo", "samples": "1"}, 400, "bad-parameter", "from 2"),
    ({"uncertainty": "monte-carlo", "samples": "1000001"}, 413, "too-large", "1000000"),
    ({"uncertainty": "monte-carlo", "seed": "9" * 19}, 400, "bad-parameter", "from 0"),
    ({"uncertainty": "monte-carlo", "seed": "9" * 5000}, 400, "bad-parameter", "whole number"),
    ({"uncertainty": "linear", "fit": "hoffmann-2022", "N": "70B"}, 400, "bad-parameter", "besiroglu-2024"),
    ({"uncertainty": "linear", "N": "70B ± 5GB"}, 422, "wrong-dimension", "spread of N"),
    ({"uncertainty": "linear", "N": "[80B, 60B]"}, 400, "bad-parameter", "low end"),
    ({"uncertainty": "linear", "N": "[-1, 60B]"}, 422, "out-of-domain", "N = -1"),
    ({}, 400, "bad-syntax", "uncertainty=linear"),
]


@pytest.mark.parametrize(
    ("parameters", "status", "name", "says"), REFUSED, ids=[str(row[0])[:60] for row in REFUSED]
)
def test_what_cannot_be_asked_is_a_problem_that_says_what_can(
    client: TestClient, problem: Problem, parameters: dict[str, str], status: int, name: str, says: str
) -> None:
    answer = client.get(f"{LOSS}/evaluate", params={**ASKED, **parameters})
    assert says in problem(answer, status, name)["detail"]


@pytest.mark.parametrize(
    "member", [{"samples": "10"}, {"seed": 1.5}, {"uncertainty": 1}, {"draws": 10}, {"seed": True}]
)
def test_a_body_with_another_member_is_refused(
    client: TestClient, problem: Problem, member: dict[str, Any]
) -> None:
    problem(
        client.post(f"{LOSS}/evaluate", json={"values": {"N": 1, "D": 1}, **member}), 400, "bad-parameter"
    )


def test_an_unsure_request_does_not_wait_for_other_forms(client: TestClient) -> None:
    page = client.get(
        f"{LOSS}/evaluate", params={**ASKED, "uncertainty": "linear"}, headers={"accept": "text/html"}
    )
    assert "<h2>Uncertainty</h2>" in page.text
    assert "standard error of the fit besiroglu-2024" in page.text


# Sensitivity


def test_sensitivity_as_json_tells_partials_elasticities_and_swings(client: TestClient) -> None:
    document = client.get(f"{LOSS}/sensitivity", params=ASKED).json()
    assert document["symbol"] == "L"
    assert document["formula"]["href"].endswith(LOSS)
    swings = [row["swing"] for row in document["inputs"]]
    assert swings == sorted(swings, reverse=True)
    rows = {row["symbol"]: row for row in document["inputs"]}
    assert rows["E"]["elasticity"] == pytest.approx(1.8172 / document["value"])
    assert rows["N"]["basis"] == "standard deviation given"
    assert rows["D"]["basis"] == "±10 %, assumed"
    assert rows["N"]["quantity"]["href"].endswith("/quantities/model-parameters")
    assert rows["A"]["partialUnit"] == "(nat/token)/(nat*parameter^alpha/token)"


def test_sensitivity_as_csv_holds_the_numbers_in_full(client: TestClient) -> None:
    answer = client.get(f"{LOSS}/sensitivity", params=ASKED, headers={"accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    document = client.get(f"{LOSS}/sensitivity", params=ASKED).json()
    assert [float(row["swing"]) for row in rows] == [row["swing"] for row in document["inputs"]]
    assert [row["symbol"] for row in rows] == [row["symbol"] for row in document["inputs"]]
    assert rows[0]["output_unit"] == "nat/token"


def test_sensitivity_as_markdown_and_as_a_page_is_a_table(client: TestClient) -> None:
    text = client.get(f"{LOSS}/sensitivity", params=ASKED, headers={"accept": "text/markdown"}).text
    assert text.startswith("# Sensitivity of Chinchilla loss\n")
    assert text.count("\n| ") == 2 + 7
    page = client.get(f"{LOSS}/sensitivity", params=ASKED, headers={"accept": "text/html"}).text
    assert page.count('<th scope="row">') == 7
    assert page.count("<meter") == 7


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        (f"{LOSS}/sensitivity?N=70B", 422, "missing-value"),
        (f"{LOSS}/sensitivity?N=70B&D=1T&x=1", 422, "unknown-symbol"),
        (f"{LOSS}/sensitivity?N=70B&D=1T&uncertainty=linear", 422, "unknown-symbol"),
        ("/formulas/chinchila-loss/sensitivity?N=70B", 404, "not-found"),
    ],
)
def test_a_sensitivity_without_its_inputs_is_a_problem(
    client: TestClient, problem: Problem, path: str, status: int, name: str
) -> None:
    problem(client.get(path), status, name)


def test_a_zero_output_and_a_series_make_no_number_that_json_cannot_say(client: TestClient) -> None:
    answer = client.get("/formulas/automation-potential/sensitivity?n_j=2&w=0.5,0.3&a=0,0")
    assert answer.status_code == 200
    assert {row["symbol"] for row in answer.json()["inputs"]} == {"n_j", "w[1]", "w[2]", "a[1]", "a[2]"}


# Command line and Python


LAW = ("chinchilla-loss", "N=70B±5B", "D=1.4T", "--fit", "besiroglu-2024")
COMMANDS = [
    (("eval", *LAW, "--uncertainty", "linear"), 0, "linear: ± 0.0833", ""),
    (("eval", *LAW, "--uncertainty", "interval"), 0, "interval: within 1.79", ""),
    (
        ("eval", *LAW, "--uncertainty", "monte-carlo", "--samples", "50", "--seed", "2"),
        0,
        "50 draws, seed 2",
        "",
    ),
    (("eval", *LAW, "--uncertainty", "guess"), 2, "", "monte-carlo"),
    (("eval", *LAW, "--seed", "1"), 2, "", "monte-carlo"),
    (("eval", *LAW), 2, "", "uncertainty=linear"),
    (("sensitivity", *LAW), 0, "What moves it:", ""),
    (("sensitivity", *LAW, "--format", "csv"), 0, "symbol,label,value", ""),
    (("sensitivity", *LAW, "--format", "markdown"), 0, "# Sensitivity of Chinchilla loss", ""),
    (("sensitivity", *LAW, "--format", "pdf"), 2, "", "csv, markdown"),
]


@pytest.mark.parametrize(("arguments", "code", "output", "error"), COMMANDS)
def test_the_command_line_answers(
    run: Run, arguments: tuple[str, ...], code: int, output: str, error: str
) -> None:
    found, printed, told = run(*arguments)
    assert found == code, told
    assert output in printed
    assert error in told


def test_json_of_the_command_line_is_that_of_the_service(run: Run, client: TestClient) -> None:
    _, printed, _ = run("eval", *LAW, "--uncertainty", "linear", "--json")
    assert json.loads(printed)["uncertainty"] == ask(client, uncertainty="linear")["uncertainty"]
    _, printed, _ = run("sensitivity", *LAW, "--json")
    theirs = client.get(f"{LOSS}/sensitivity", params=ASKED).json()["inputs"]
    assert [row["swing"] for row in json.loads(printed)["inputs"]] == [row["swing"] for row in theirs]


def test_arrays_and_uncertainty_are_not_asked_for_at_once(shipped: Knowledge) -> None:
    import numpy as np

    with pytest.raises(BadParameter, match="arrays"):
        shipped.formula("chinchilla-loss").evaluate(N=np.array([1e9, 2e9]), D=1e12, uncertainty="linear")


def test_a_sensitivity_is_written_in_two_forms_and_no_other(shipped: Knowledge) -> None:
    found = shipped.formula("training-compute-6nd").sensitivity(N=7e10, D="1T")
    assert write_sensitivity(found, "csv").count("\r\n") == 4
    with pytest.raises(BadParameter, match="csv, markdown"):
        write_sensitivity(found, "html")
