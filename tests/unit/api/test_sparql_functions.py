"""``/sparql``: formulas inside a query, and the header that says why a call failed."""

import pytest
from fastapi.testclient import TestClient

from tests.unit.api.asking import JSON, XML, ask, bindings
from tests.unit.api.conftest import Problem

EVALUATE = "SELECT ?v {{ BIND(tvf:evaluate({}) AS ?v) }}"


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        # 10 ** (0.3 / 0.5), by hand.
        ('formula:training-inference-equivalence, "k_inf=10; alpha=0.5; beta=0.3"', 10**0.6),
        ('"training-inference-equivalence", "k_inf=10"', 10**0.6),
        # 1.69 + 406.4 / N**0.34 + 410.7 / D**0.28 (Hoffmann et al. 2022).
        (
            'formula:chinchilla-loss, "N=70e9; D=1.4e12"',
            1.69 + 406.4 / 70e9**0.34 + 410.7 / 1.4e12**0.28,
        ),
        (
            "formula:chinchilla-loss, model:chinchilla",
            1.69 + 406.4 / 70e9**0.34 + 410.7 / 1.4e12**0.28,
        ),
        (
            'formula:chinchilla-loss, model:chinchilla, "D=1e12"',
            1.69 + 406.4 / 70e9**0.34 + 410.7 / 1e12**0.28,
        ),
    ],
)
def test_a_query_evaluates_a_formula(client: TestClient, arguments: str, value: float) -> None:
    response = ask(client, EVALUATE.format(arguments))
    assert float(bindings(response)[0]["v"]) == pytest.approx(value, rel=1e-12)
    assert "trivium-warning" not in response.headers


def test_a_query_evaluates_a_formula_for_each_row(client: TestClient) -> None:
    query = """SELECT ?n ?loss {
        VALUES ?n { 1e9 1e10 1e11 }
        BIND(tvf:evaluate(formula:chinchilla-loss, CONCAT("D=1e12; N=", STR(?n))) AS ?loss)
    } ORDER BY ?n"""
    rows = bindings(ask(client, query))
    assert len(rows) == 3
    for row in rows:
        expected = 1.69 + 406.4 / float(row["n"]) ** 0.34 + 410.7 / 1e12**0.28
        assert float(row["loss"]) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ('formula:nothing, "N=1"', "nothing"),
        ('formula:chinchilla-loss, "Q=1"', "'Q'"),
        ('formula:chinchilla-loss, "N=70B"', "D"),
        ('formula:chinchilla-loss, "N=-1; D=1"', "domain"),
        ("formula:chinchilla-loss, \"N=__import__('os')\"", "__import__"),
        ('formula:chinchilla-loss, "N=1\\u0000\\r\\nX-Evil: 1; D=1"', "number"),
        ("formula:chinchilla-loss, topic:nothing", "nothing"),
        ("", "tvf:evaluate"),
    ],
)
@pytest.mark.parametrize("accept", [JSON, XML, "text/csv"])
def test_a_call_that_fails_leaves_no_value_and_says_why_in_a_header(
    client: TestClient, arguments: str, reason: str, accept: str
) -> None:
    response = ask(client, EVALUATE.format(arguments), accept)
    assert response.status_code == 200
    warning = response.headers["trivium-warning"]
    assert reason in warning
    assert warning.isascii()
    assert warning.isprintable()
    assert "x-evil" not in response.headers
    if accept == JSON:
        assert bindings(response) == [{}]


def test_many_failures_are_counted_and_ten_are_told(client: TestClient) -> None:
    rows = " ".join(f'"Q{number}=1"' for number in range(1, 51))
    query = f"SELECT ?v {{ VALUES ?g {{ {rows} }} BIND(tvf:evaluate(formula:chinchilla-loss, ?g) AS ?v) }}"
    response = ask(client, query)
    assert len(bindings(response)) == 50
    warning = response.headers["trivium-warning"]
    assert warning.count(" | ") == 10
    assert "50 calls failed in all" in warning
    assert len(warning) < 8_000


def test_warnings_stand_on_the_page_too(client: TestClient) -> None:
    page = ask(client, EVALUATE.format('formula:chinchilla-loss, "Q=1"'), "text/html")
    assert "&#39;Q&#39;" in page.text


def test_a_function_that_nobody_offers_is_a_problem(client: TestClient, problem: Problem) -> None:
    document = problem(ask(client, "SELECT (tvf:nothing(1) AS ?x) {}"), 400, "bad-input")
    assert "nothing" in document["detail"]
