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


SLIPS: list[tuple[str | float, str]] = [
    ("k_inf**(alpha/beta)", "alpha and beta are exchanged"),
    ("10**(0.5/0.3)", "alpha and beta are exchanged"),
    (46.4, "alpha and beta are exchanged"),
    ("-3.98", "the sign is wrong"),
    ("k_inf**(-beta/alpha)", "it is upside down"),
    (0.2512, "it is upside down"),
    (39.8, "it is 10 times too large"),
    ("0.0398", "it is 100 times too small"),
    ("29.8", "it is 10 times too large"),
    ("3.9", "it is close, within 5%: compute again, and round at the end only"),
    ("2.9", "it is close, within 5%: compute again, and round at the end only"),
    ("7", ""),
    ("k_inf**alpha", ""),
]


@pytest.mark.parametrize(("answer", "slip"), SLIPS, ids=[str(row[0]) for row in SLIPS])
def test_a_common_slip_is_told(client: TestClient, answer: str | float, slip: str) -> None:
    _, found = check(client, "mathematical", answer=answer)
    assert (found["verdict"], found["slip"]) == ("different", slip)


def test_hints_come_one_at_a_time_and_stop_before_the_answer(client: TestClient) -> None:
    address, told = "/exercises/mathematical/hints?n=1", []
    while address:
        document = client.get(address).json()
        told.append(document)
        address = document["next"]
    assert [document["n"] for document in told] == list(range(1, told[0]["total"] + 1))
    assert told[0]["resource"]["href"] == "http://testserver/formulas/training-inference-equivalence"
    assert [document["relation"] for document in told][-2:] == [
        "k_train = k_inf**(beta/alpha)",
        "k_train = 10**(0.3/0.5)",
    ]
    assert not any(answer in str(told) for answer in ("3.98", "2.98"))
    assert "As a factor; As an addition" in str(told)


def test_an_exercise_in_words_hints_at_what_it_is_about(client: TestClient) -> None:
    told = [client.get(f"/exercises/conceptual/hints?n={n}").json() for n in (1, 2, 3, 4)]
    assert [document["resource"]["iri"].rpartition("/id/")[2] for document in told] == [
        "topic/chinchilla-scaling",
        "topic/test-time-compute",
        "concept/test-time-compute",
        "concept/training-time-scaling",
    ]
    assert told[-1]["next"] is None


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("mathematical/hints?n=0", 400, "from 1"),
        ("mathematical/hints?n=7", 400, "from 1 to 6"),
        ("mathematical/hints?n=x", 400, "whole number"),
        ("mathematical/hints?m=1", 400, "the parameters are n"),
        ("mathematica/hints", 404, "mathematical"),
    ],
)
def test_a_hint_that_there_is_not_is_refused(
    client: TestClient, address: str, status: int, words: str
) -> None:
    answer = client.get(f"/exercises/{address}")
    assert answer.status_code == status
    assert words in answer.json()["detail"]


def test_a_plan_names_each_exercise_at_the_last_topic_that_it_assesses(client: TestClient) -> None:
    plan = client.get("/learning/plan?goal=reasoning-models,chinchilla-scaling").json()
    position = {step["slug"]: step["position"] for step in plan["steps"]}
    named = {each["slug"]: step for step in plan["steps"] for each in step["exercises"]}
    assert named.keys() >= {"conceptual", "mathematical", "practical"}
    for slug, step in named.items():
        exercise = next(each for each in step["exercises"] if each["slug"] == slug)
        assert step["position"] == max(position.get(topic, 0) for topic in exercise["topics"])
        assert client.get(exercise["href"]).status_code == 200
    for form in ("md", "jsonld", "ttl", "csv", "html"):
        text = client.get(f"/learning/plan.{form}?goal=reasoning-models,chinchilla-scaling").text
        assert ("Equivalent training compute" in text) or (form == "csv" and "mathematical" in text), form
    known = client.get("/learning/plan?goal=mamba").json()
    assert not any(step["exercises"] for step in known["steps"] if step["slug"] == "mamba")
