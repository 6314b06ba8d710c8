"""Answers to exercises judged over HTTP: which reading they answer, how that is known, and what cannot be judged."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from kg.errors import NotCheckable
from kg.services.knowledge import Knowledge


@pytest.fixture(scope="module")
def client(shipped: Knowledge) -> TestClient:
    return TestClient(create_app(shipped))


def check(client: TestClient, slug: str, **body: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post(f"/exercises/{slug}/check", json=body)
    return answer.status_code, answer.json()


FACTOR, ADDITION = "reading-factor", "reading-added"
JUDGED: list[tuple[str | float, str, str, str, float | None]] = [
    ("10**0.6", "equal", "proved", FACTOR, None),
    ("10^(0.3/0.5)", "equal", "proved", FACTOR, None),
    ("k_inf**(beta/alpha)", "equal", "proved", FACTOR, None),
    ("k_train = k_inf^(beta/alpha)", "equal", "proved", FACTOR, None),
    ("exp(beta*log(k_inf)/alpha)", "equal", "proved", FACTOR, None),
    ("k_inf**(beta/alpha) - 1", "equal", "proved", ADDITION, None),
    ("3.98", "equal", "tested", FACTOR, 0.005),
    (3.98, "equal", "tested", FACTOR, 0.005),
    ("3.981", "equal", "tested", FACTOR, 0.0005),
    ("2.98", "equal", "tested", ADDITION, 0.005),
    ("≈ 3.98x", "equal", "tested", FACTOR, 0.005),
    ("2.98-fold", "equal", "tested", ADDITION, 0.005),
    ("398%", "equal", "tested", FACTOR, 0.005),
    ("k_added = 2.98", "equal", "tested", ADDITION, 0.005),
    ("4", "undecided", "tested", FACTOR, None),
    ("3.99", "different", "witness", "", None),
    ("3.9", "different", "witness", "", None),
    ("-3.98", "different", "witness", "", None),
    ("k_train = 2.98", "different", "witness", "", None),
    ("10**(0.5/0.3)", "different", "witness", "", None),
    ("k_inf**(alpha/beta)", "different", "witness", "", None),
    ("10", "different", "witness", "", None),
]


@pytest.mark.parametrize(
    ("answer", "verdict", "how", "reading", "tolerance"), JUDGED, ids=[str(r[0]) for r in JUDGED]
)
def test_an_answer_is_judged(
    client: TestClient, answer: str | float, verdict: str, how: str, reading: str, tolerance: float | None
) -> None:
    status, found = check(client, "mathematical", answer=answer)
    assert status == 200
    assert (found["verdict"], found["how"]) == (verdict, how)
    assert (found["reading"] or {"name": ""})["name"] == reading
    assert found["tolerance"] == (None if tolerance is None else pytest.approx(tolerance))
    assert found["reason"]
    assert ("witness" in found) == (how == "witness")
    assert [one["name"] for one in found["readings"]] == [FACTOR, ADDITION]


def test_a_witness_names_both_values(client: TestClient) -> None:
    _, found = check(client, "mathematical", answer="3.9")
    assert found["witness"] == {"point": {}, "left": "3.9", "right": "3.9810717055349725077"}


@pytest.mark.parametrize("answer", ["0.6", "beta/alpha", "0.3/0.5"])
def test_a_step_on_the_way_is_recognised(client: TestClient, answer: str) -> None:
    _, found = check(client, "mathematical", answer=answer)
    assert (found["verdict"], found["part"]) == ("different", "beta/alpha")


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("conceptual", {"answer": "42"}, 422, "it asks: Tell inference-time scaling"),
    ("research", {"answer": "42"}, 422, "its answer is no expression"),
    ("mathematicl", {"answer": "42"}, 404, "mathematical"),
    ("mathematical", {}, 400, "a number or an expression"),
    ("mathematical", {"answer": " "}, 400, "a number or an expression"),
    ("mathematical", {"answer": True}, 400, "a text or a number"),
    ("mathematical", {"answer": ["3.98"]}, 400, "a text or a number"),
    ("mathematical", {"answer": "3.98", "unit": "x"}, 400, "the one member is answer"),
    ("mathematical", {"answer": "3.98 FLOP"}, 400, "operator is missing"),
    ("mathematical", {"answer": "about four"}, 422, "four"),
    ("mathematical", {"answer": "gamma"}, 422, "alpha, beta, k_inf"),
    ("mathematical", {"answer": "x = 3.98"}, 400, "leave out '='"),
    ("mathematical", {"answer": "1/0"}, 400, "divides by zero"),
    ("mathematical", {"answer": "9**9**9"}, 413, "too large"),
    ("mathematical", {"answer": "__import__('os')"}, 400, ""),
]


@pytest.mark.parametrize(
    ("slug", "body", "status", "reason"), REFUSED, ids=[f"{r[0]} {r[1]}" for r in REFUSED]
)
def test_what_cannot_be_judged_is_a_problem(
    client: TestClient, slug: str, body: dict[str, Any], status: int, reason: str
) -> None:
    found, problem = check(client, slug, **body)
    assert (found, problem["status"]) == (status, status)
    assert reason in problem["detail"]


def test_python_asks_the_same(shipped: Knowledge) -> None:
    exercise = shipped.exercise("mathematical")
    found = exercise.check(2.98)
    assert found.reading is not None
    assert (found.verdict.verdict, found.reading.label) == ("equal", "As an addition")
    assert "Equivalent training compute" in repr(exercise)
    with pytest.raises(NotCheckable):
        shipped.exercise("practical").check("all of them")
