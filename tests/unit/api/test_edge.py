"""The edge: HEAD, allowed methods, limits on bodies, headers on all answers, and failures of our own."""

import time

import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request
from starlette.responses import Response

from api.app import create_app
from api.settings import MAX_BODY_BYTES, Settings
from kg.services.knowledge import Knowledge
from tests.unit.api.conftest import Problem

PATHS = [
    "/",
    "/health",
    "/ontology",
    "/shapes",
    "/problems",
    "/problems/not-found",
    "/docs",
    "/openapi.json",
    "/sparql?query=ASK{}",
    "/formulas",
    "/formulas/chinchilla-loss",
    "/formulas/chinchilla-loss/evaluate?N=70B&D=1.4T",
    "/formulas/chinchilla-loss/solve?for=D&N=70B&L=2",
    "/topics/mamba/prerequisites",
    "/topics/mamba/unlocks",
    "/learning/next",
    "/describe?iri=topic:mamba",
    "/id/topic/mamba",
    "/concepts/mamba",
    "/nothing",
]


@pytest.mark.parametrize("path", PATHS)
def test_head_answers_as_get_does_without_a_body(client: TestClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert head.status_code == got.status_code
    assert head.content == b""
    assert head.headers == got.headers


@pytest.mark.parametrize("path", PATHS)
def test_the_same_request_gives_the_same_bytes(client: TestClient, path: str) -> None:
    assert client.get(path).content == client.get(path).content


@pytest.mark.parametrize("path", PATHS)
def test_each_answer_names_the_version_of_the_dataset(
    client: TestClient, shipped: Knowledge, path: str
) -> None:
    headers = client.get(path).headers
    assert headers["trivium-dataset-version"] == shipped.version
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/formulas/chinchilla-loss", "GET, HEAD, OPTIONS"),
        ("PUT", "/sparql", "GET, HEAD, POST, OPTIONS"),
        ("PATCH", "/formulas/chinchilla-loss/evaluate", "GET, HEAD, POST, OPTIONS"),
        ("POST", "/formulas/chinchilla-loss/solve", "GET, HEAD, OPTIONS"),
        ("POST", "/health", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_method_that_is_not_taken_is_405_and_says_which_are(
    client: TestClient, problem: Problem, method: str, path: str, allowed: str
) -> None:
    response = client.request(method, path)
    document = problem(response, 405, "method-not-allowed")
    assert response.headers["allow"] == allowed
    assert allowed in document["detail"]


@pytest.mark.parametrize("path", ["/sparql", "/formulas/chinchilla-loss/evaluate", "/nothing/at/all"])
def test_a_body_over_the_limit_is_413(client: TestClient, problem: Problem, path: str) -> None:
    document = problem(client.post(path, content=b"9" * (MAX_BODY_BYTES + 1)), 413, "too-large")
    assert (document["size"], document["limit"]) == (MAX_BODY_BYTES + 1, MAX_BODY_BYTES)


def test_ten_million_digits_cost_next_to_nothing(client: TestClient, problem: Problem) -> None:
    body = b'{"values":{"N":' + b"9" * 10_000_000 + b"}}"
    started = time.process_time()
    response = client.post(
        "/formulas/chinchilla-loss/evaluate", content=body, headers={"content-type": "application/json"}
    )
    assert time.process_time() - started < 1
    problem(response, 413, "too-large")


def test_the_limit_on_bodies_can_be_set(shipped: Knowledge) -> None:
    client = TestClient(create_app(shipped, Settings(max_body=10)))
    headers = {"content-type": "application/sparql-query"}
    assert client.post("/sparql", content="ASK {}    ", headers=headers).status_code == 200
    assert client.post("/sparql", content="ASK {}     ", headers=headers).status_code == 413


@pytest.fixture
def failing(shipped: Knowledge) -> TestClient:
    """A service of which one path fails."""
    app = create_app(shipped)

    async def fail(_: Request) -> Response:
        raise ZeroDivisionError("secret of the house")

    app.add_route("/a/path/that/fails", fail)
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_failure_of_our_own_is_a_problem_without_its_secrets(
    failing: TestClient, shipped: Knowledge, method: str
) -> None:
    response = failing.request(method, "/a/path/that/fails", headers={"accept": "*/*"})
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["trivium-dataset-version"] == shipped.version
    assert "secret" not in response.text
    if method == "GET":
        assert response.json()["type"] == "http://testserver/problems/internal-error"
        assert "next" in response.json()


def test_a_failure_is_raised_to_the_server_which_logs_it(shipped: Knowledge) -> None:
    app = create_app(shipped)

    async def fail(_: Request) -> Response:
        raise ZeroDivisionError

    app.add_route("/a/path/that/fails", fail)
    with pytest.raises(ZeroDivisionError):
        TestClient(app).get("/a/path/that/fails")
