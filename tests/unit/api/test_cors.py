"""Cross-origin requests: any page may read, and OPTIONS tells what each path takes."""

import re

import pytest
from fastapi.testclient import TestClient

from api.cors import EXPOSED
from tests.unit.api.conftest import Problem

ORIGIN = {"origin": "https://notebook.example"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/formulas", 200),
        ("HEAD", "/formulas", 200),
        ("GET", "/formulas/nothing", 404),
        ("GET", "/concepts/mamba", 301),
        ("DELETE", "/formulas", 405),
        ("POST", "/sparql", 415),
        ("OPTIONS", "/sparql", 204),
    ],
)
@pytest.mark.parametrize("headers", [ORIGIN, {}], ids=["cross-origin", "plain"])
def test_any_origin_may_read_every_answer(
    client: TestClient, method: str, path: str, status: int, headers: dict[str, str]
) -> None:
    response = client.request(method, path, headers=headers)
    assert response.status_code == status
    assert response.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in response.headers
    assert response.headers["access-control-expose-headers"] == ", ".join(EXPOSED)


def test_a_304_may_be_read_too(client: TestClient) -> None:
    response = client.get("/formulas", headers={**ORIGIN, "if-none-match": "*"})
    assert response.status_code == 304
    assert response.headers["access-control-allow-origin"] == "*"


def test_every_path_tells_its_methods(client: TestClient) -> None:
    """OPTIONS, and the 405 to a method that is not taken, name what the OpenAPI document has."""
    for path, operations in client.get("/openapi.json").json()["paths"].items():
        address = re.sub(r"{\w+}", "formulas", path)
        taken = {method.upper() for method in operations} | ({"HEAD"} if "get" in operations else set())
        response = client.options(address)
        assert (response.status_code, response.content) == (204, b""), path
        allowed = set(response.headers["allow"].split(", "))
        assert allowed >= taken | {"OPTIONS"}, path
        refused = client.request(min({"DELETE", "POST"} - allowed), address)
        assert refused.status_code == 405, path
        assert refused.headers["allow"] == response.headers["allow"]


def test_a_preflight_is_granted_for_what_the_path_takes(client: TestClient) -> None:
    asked = {
        **ORIGIN,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type, if-none-match",
    }
    response = client.options("/formulas/chinchilla-loss/evaluate", headers=asked)
    assert response.headers["access-control-allow-methods"] == "GET, HEAD, POST"
    assert response.headers["access-control-allow-headers"] == "*"
    assert int(response.headers["access-control-max-age"]) > 0
    assert client.options("/health", headers=asked).headers["access-control-allow-methods"] == "GET, HEAD"


def test_a_path_that_is_none_has_no_methods(client: TestClient, problem: Problem) -> None:
    problem(client.options("/nothing/at/all/here"), 404, "no-such-path")
