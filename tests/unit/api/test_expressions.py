"""Expressions of one's own and rendered formulas over HTTP: right within bounds, refused with the reason."""

import time
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.routes.expressions import MEDIA_TYPES
from kg.services.formulas import RENDERED
from kg.services.knowledge import Knowledge
from tests.unit.formula.test_hostile import HOSTILE

LIMIT_S = 8.0
"""What the dearest lawful request may take on a busy machine."""


@pytest.fixture(scope="module")
def client(shipped: Knowledge) -> TestClient:
    return TestClient(create_app(shipped))


def post(client: TestClient, verb: str, **body: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post(f"/expressions/{verb}", json=body)
    return answer.status_code, answer.json()


EVALUATED: list[tuple[dict[str, Any], float]] = [
    (
        {"expression": "A/N**alpha + E", "values": {"A": 406.4, "N": "70B", "alpha": 0.34, "E": 1.69}},
        1.773487,
    ),
    ({"expression": "S + N*E - I/Q", "values": {"S": 1, "N": 2, "E": 3, "I": 4, "Q": 8}}, 6.5),
    ({"expression": "lambda + beta^2", "values": {"λ": 1, "beta": 3}}, 10),
    ({"expression": "y = 2*x", "values": {"x": "1.5k"}}, 3000),
    ({"expression": "Sum(i, 1, n, w[i])", "values": {"n": 2, "w": [0.5, 0.25]}}, 0.75),
    ({"expression": "2**10"}, 1024),
    ({"expression": "x", "values": {"x": 5}, "variables": {"x": {"domain": [1, None], "integer": True}}}, 5),
]


@pytest.mark.parametrize(("body", "value"), EVALUATED, ids=[row[0]["expression"] for row in EVALUATED])
def test_an_expression_is_evaluated(client: TestClient, body: dict[str, Any], value: float) -> None:
    status, answer = post(client, "evaluate", **body)
    assert status == 200
    assert answer["value"] == pytest.approx(value, rel=1e-6)


SOLVED: list[tuple[dict[str, Any], list[float]]] = [
    ({"expression": "x**5 + x - 3", "for": "x"}, [1.1329975658850653]),
    ({"expression": "x**2 - 3*x + 2", "for": "x"}, [1, 2]),
    ({"expression": "a*x**2 = b", "for": "x", "values": {"a": 2, "b": 8}}, [-2, 2]),
    ({"expression": "x**2 = 4", "for": "x", "variables": {"x": {"positive": True}}}, [2]),
    ({"expression": "x**2 = x", "for": "x", "variables": {"x": {"nonnegative": True}}}, [0, 1]),
    ({"expression": "2*x + 3*x = 10", "for": "x"}, [2]),
    ({"expression": "a*x = b", "for": "x"}, []),
]


@pytest.mark.parametrize(("body", "roots"), SOLVED, ids=[row[0]["expression"] for row in SOLVED])
def test_an_expression_is_solved(client: TestClient, body: dict[str, Any], roots: list[float]) -> None:
    status, answer = post(client, "solve", **body)
    assert status == 200, answer
    assert [root["value"] for root in answer["roots"]] == pytest.approx(roots, abs=1e-12)
    assert answer["closedForm"] or answer["search"]["complete"] == "proved"


def test_an_expression_is_rendered(client: TestClient) -> None:
    status, answer = post(client, "render", expression="a / b^2")
    assert status == 200
    assert answer["expression"] == "a/b**2"
    assert answer["latex"] == r"\frac{a}{b^{2}}"
    assert "<mfrac><mi>a</mi><msup>" in answer["mathml"]


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("evaluate", {}, 400, "expression"),
    ("evaluate", {"expression": 1}, 400, "a text"),
    ("evaluate", {"expression": "x", "values": []}, 400, "an object"),
    ("evaluate", {"expression": "x", "more": 1}, 400, "the members are expression, values, variables"),
    ("evaluate", {"expression": "x"}, 422, "no value for x"),
    ("evaluate", {"expression": "x", "values": {"x": 1, "y": 2}}, 422, "'y'"),
    ("evaluate", {"expression": "x", "values": {"x": True}}, 400, "one number"),
    ("evaluate", {"expression": "alpha", "values": {"alpha": 1, "α": 1}}, 400, "given twice"),
    ("evaluate", {"expression": "log(x)", "values": {"x": -1}}, 422, "log(x) with x = -1"),
    ("evaluate", {"expression": "x", "values": {"x": -1}, "variables": {"x": {"positive": True}}}, 422, "(0"),
    ("evaluate", {"expression": "x", "variables": {"x": {"complex": True}}}, 400, "members positive"),
    ("evaluate", {"expression": "x", "variables": {"x": {"domain": [2, 1]}}}, 400, "the lower end first"),
    ("evaluate", {"expression": "x", "variables": {"x": {"domain": "ab"}}}, 400, "two ends"),
    ("evaluate", {"expression": "x", "variables": {"x": {"positive": "yes"}}}, 400, "true or false"),
    ("evaluate", {"expression": "x + y = 2"}, 400, "symbol = expression"),
    ("solve", {"expression": "x"}, 400, "the symbol to solve for"),
    ("solve", {"expression": "x", "for": "y"}, 422, "'y'"),
    ("solve", {"expression": "x + a", "for": "x", "values": {"x": 1}}, 400, "what is asked for"),
    ("solve", {"expression": "x + x**2 = a", "for": "x"}, 422, "no value for a"),
    ("solve", {"expression": "x**2 + 1", "for": "x"}, 422, "-1 >= 0 is needed"),
    ("solve", {"expression": "x**2 + x + 1", "for": "x"}, 422, "stays above zero"),
    ("solve", {"expression": "Sum(i, 1, 2, w[i])", "for": "w"}, 400, "series"),
    ("render", {"expression": "x", "values": {}}, 400, "the members are expression"),
]


@pytest.mark.parametrize(
    ("verb", "body", "status", "reason"), REFUSED, ids=[f"{row[0]} {row[1]}"[:60] for row in REFUSED]
)
def test_what_cannot_be_answered_is_a_problem(
    client: TestClient, verb: str, body: dict[str, Any], status: int, reason: str
) -> None:
    found, problem = post(client, verb, **body)
    assert (found, problem["status"]) == (status, status)
    assert reason in problem["detail"]


@pytest.mark.parametrize("text", [row[1] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_hostile_expressions_are_refused_at_every_door(
    client: TestClient, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = text.encode("utf-8", "replace").decode()
    for verb in ("evaluate", "solve", "render"):
        started = time.process_time()
        status, problem = post(client, verb, expression=text, **({"for": "x"} if verb == "solve" else {}))
        assert status in (400, 413), problem
        assert time.process_time() - started < LIMIT_S
    assert not list(tmp_path.iterdir())


DEAR = [
    "Sum(i, 1, 1000000, Sum(j, 1, 1000000, i*j)) + x",
    "Sum(i, 1, x, Sum(j, 1, 1000000, i*j)) - 7",
    "+".join(f"sin({n}*x)" for n in range(1, 60)),
    "+".join("x**x" for _ in range(60)) + " - 9",
    "*".join(f"(x - {n})" for n in range(1, 60)),
    "max(" + ", ".join(f"cos({n}*x)" for n in range(1, 50)) + ") - 2",
    "exp(exp(exp(exp(x)))) - x",
    "Sum(i, 1, 1000000, 1/i)*x + x**3 - 5",
]


@pytest.mark.parametrize("text", DEAR, ids=range(len(DEAR)))
@pytest.mark.parametrize("whole", [False, True], ids=["real", "whole"])
def test_dear_expressions_end_in_time(client: TestClient, text: str, whole: bool) -> None:
    started = time.process_time()
    described = {"x": {"integer": True, "positive": True}} if whole else {}
    status, _ = post(client, "solve", expression=text, **{"for": "x"}, variables=described)
    assert status in (200, 413, 422)
    assert time.process_time() - started < LIMIT_S


@pytest.mark.parametrize("suffix", RENDERED)
def test_a_formula_comes_in_other_languages(client: TestClient, suffix: str) -> None:
    answer = client.get(f"/formulas/chinchilla-loss.{suffix}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == MEDIA_TYPES[suffix]
    assert client.get(f"/formulas/chinchila-loss.{suffix}").status_code == 404
    assert "N" in answer.text


def test_pages_of_a_formula_show_it_in_mathml(client: TestClient) -> None:
    for path in ("", "/evaluate?N=70B&D=1.4T", "/solve?for=D&N=70B&L=2"):
        page = client.get(f"/formulas/chinchilla-loss{path}", headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert page.text.count("<math ") == 1
