"""Algebra over HTTP: forms that are checked, verdicts with their grounds, and a bounded end for everything."""

from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from kg.formula.grammar import read
from kg.formula.render import render
from kg.services.isolation import pool_of
from kg.services.knowledge import Knowledge
from kg.workers.limits import Limits
from tests.unit.formula.test_hostile import HOSTILE

VERBS = ("simplify", "expand", "differentiate", "integrate", "equivalent")


@pytest.fixture(scope="module")
def client(shipped: Knowledge) -> TestClient:
    return TestClient(create_app(shipped))


def post(client: TestClient, verb: str, **body: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post(f"/expressions/{verb}", json=body)
    return answer.status_code, answer.json()


@pytest.fixture(scope="module")
def hurried(shipped: Knowledge) -> TestClient:
    """A service with a short deadline, whose workers have loaded what algebra needs."""
    client = TestClient(create_app(shipped, Settings(limits=Limits(deadline_s=0.3))))
    pool_of(shipped).warm()
    assert any(post(client, "simplify", expression="x + x")[0] == 200 for _ in range(120))
    return client


REWRITTEN: list[tuple[str, dict[str, Any], str, list[str]]] = [
    ("simplify", {"expression": "(x^2 - 1)/(x - 1)"}, "x + 1", ["x - 1 != 0"]),
    ("expand", {"expression": "(a + b)**2"}, "a**2 + 2*a*b + b**2", []),
    ("differentiate", {"expression": "x**2"}, "2*x", []),
    ("differentiate", {"expression": "a*β**2", "for": "β"}, "2*a*beta", []),
    ("integrate", {"expression": "1/x", "for": "x"}, "log(abs(x))", ["x != 0"]),
    ("integrate", {"expression": "1/x", "variables": {"x": {"positive": True}}}, "log(x)", []),
]


@pytest.mark.parametrize(
    ("verb", "body", "form", "conditions"), REWRITTEN, ids=[f"{r[0]} {r[1]}" for r in REWRITTEN]
)
def test_an_expression_is_rewritten(
    client: TestClient, verb: str, body: dict[str, Any], form: str, conditions: list[str]
) -> None:
    status, found = post(client, verb, **body)
    assert status == 200, found
    assert (found["expression"], found["conditions"]) == (form, conditions)
    assert render(read(found["expression"])) == found["expression"]
    assert found["how"]
    assert found["latex"]
    assert found["mathml"].startswith("<math ")


def test_two_expressions_are_judged(client: TestClient) -> None:
    _, same = post(client, "equivalent", expression="(a + b)**2", other="a**2 + 2*a*b + b**2")
    assert (same["verdict"], same["how"]) == ("equal", "proved")
    _, other = post(client, "equivalent", expression="x/x", other="1")
    assert (other["verdict"], other["how"]) == ("different", "witness")
    assert other["witness"] == {"point": {"x": "0"}, "left": None, "right": "1"}
    positive = {"x": {"positive": True}}
    _, known = post(client, "equivalent", expression="sqrt(x**2)", other="x", variables=positive)
    assert (known["verdict"], known["how"]) == ("equal", "proved")


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("integrate", {"expression": "sin(x)/x"}, 422, "no word for Si"),
    ("integrate", {"expression": "exp(x**x)"}, 422, "does not prove that there is none"),
    ("differentiate", {"expression": "max(x, 1)"}, 422, "kink"),
    ("differentiate", {"expression": "a*x"}, 400, "the symbol to differentiate by: a, x"),
    ("simplify", {"expression": "x", "for": "y"}, 422, "'y'"),
    ("simplify", {"expression": "y = x"}, 400, "not a relation"),
    ("simplify", {"expression": "x", "variables": {"y": {}}}, 422, "'y'"),
    ("simplify", {"expression": "x", "values": {}}, 400, "the members are expression, for, variables"),
    ("expand", {"expression": "(a + b + c + d)**12"}, 413, "expanded form"),
    ("equivalent", {"expression": "x"}, 400, "the expression to compare with"),
    ("equivalent", {"expression": "x", "other": "x +"}, 400, "ends"),
    ("equivalent", {"expression": "x", "other": "y", "variables": {"z": {}}}, 422, "'z'"),
]


@pytest.mark.parametrize(
    ("verb", "body", "status", "reason"), REFUSED, ids=[f"{r[0]} {r[1]}"[:60] for r in REFUSED]
)
def test_what_has_no_answer_is_a_problem(
    client: TestClient, verb: str, body: dict[str, Any], status: int, reason: str
) -> None:
    found, problem = post(client, verb, **body)
    assert (found, problem["status"]) == (status, status), problem
    assert reason in problem["detail"]


@pytest.mark.parametrize("text", [row[1] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_hostile_expressions_reach_no_algebra(
    client: TestClient, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = text.encode("utf-8", "replace").decode()
    for verb in VERBS:
        others = {"other": "x"} if verb == "equivalent" else {"for": "x"}
        assert post(client, verb, expression=text, **others)[0] in (400, 413)
        if verb == "equivalent":
            assert post(client, verb, expression="x", other=text)[0] in (400, 413)
    assert not list(tmp_path.iterdir())


DEAR = {
    "an exponential of a power tower": "exp(x**x)",
    "a power tower": "x**x**x",
    "a tower of four": "x**x**x**x",
    "nested sums": "Sum(i, 1, 40, Sum(j, 1, 40, Sum(k, 1, 40, x**(i*j*k))))",
    "a long sum of sines": " + ".join(f"sin({n}*x)*cos({n + 1}*x)" for n in range(1, 60)),
    "sines within sines": "sin(" * 30 + "x" + ")" * 30,
    "a maximum of many": "max(" + ", ".join(f"x**{n} - {n}*x" for n in range(1, 40)) + ")",
    "a big power of a sum": "(x + y + z + 1)**60",
    "a big power of a number": "x*7**99999",
    "roots within roots": "sqrt(x + " * 20 + "x" + ")" * 20,
    "a product of many sums": "*".join(f"(x + {n})" for n in range(1, 60)),
    "fractions within fractions": "1/(1 + x/" * 20 + "x" + ")" * 20,
}
"""Lawful expressions that cost much."""


@pytest.mark.parametrize("text", DEAR.values(), ids=DEAR)
def test_dear_expressions_come_to_an_end(client: TestClient, hurried: TestClient, text: str) -> None:
    begun = perf_counter()
    for verb in VERBS:
        others = {"other": f"({text}) + x - sin(x)"} if verb == "equivalent" else {}
        by = {"for": "x"} if verb in ("differentiate", "integrate") else {}
        status, found = post(hurried, verb, expression=text, **others, **by)
        assert status in (200, 413, 422, 503), (verb, found)
        assert found.get("seconds", 0.3) == 0.3 or verb == "equivalent", found
    assert perf_counter() - begun < 20
    assert post(client, "expand", expression="(x + 1)**2")[0] == 200


@pytest.mark.parametrize("verb", VERBS)
def test_the_deadline_of_the_service_holds_for_algebra(shipped: Knowledge, verb: str) -> None:
    at_once = TestClient(create_app(shipped, Settings(limits=Limits(deadline_s=0.0001))))
    answer = at_once.post(
        f"/expressions/{verb}",
        json={"expression": "x**2", **({"other": "x"} if verb == "equivalent" else {})},
    )
    assert (answer.status_code, answer.json()["seconds"]) == (503, 0.0001)
    assert int(answer.headers["retry-after"]) > 0
