"""The service over the shipped dataset, in this process."""

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api import cli
from api.app import create_app
from kg.services import knowledge as opener
from kg.services.knowledge import Knowledge

MEMBERS = {"type", "title", "status", "detail", "instance", "next"}

Problem = Callable[[Response, int, str], dict[str, Any]]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def client(shipped: Knowledge) -> TestClient:
    """Asks the service; a failure of its own is raised, not answered, so that no test takes it for an answer."""
    return TestClient(create_app(shipped), follow_redirects=False)


@pytest.fixture(scope="session")
def problem(client: TestClient) -> Problem:
    """Checks that an answer is a problem document of that status and type; gives the document."""

    def check(response: Response, status: int, name: str) -> dict[str, Any]:
        assert response.status_code == status, response.text[:500]
        assert response.headers["content-type"] == "application/problem+json"
        document: dict[str, Any] = json.loads(response.text, parse_constant=pytest.fail)
        assert set(document) >= MEMBERS
        assert document["status"] == status
        assert document["type"] == f"http://testserver/problems/{name}"
        assert all(isinstance(document[member], str) and document[member] for member in MEMBERS - {"status"})
        assert "Traceback" not in response.text
        assert len(response.content) - len(document["instance"]) < 4_000
        described = client.get(document["type"])
        assert described.status_code == 200
        assert described.json()["title"] == document["title"]
        return document

    return check


@pytest.fixture
def run(
    shipped: Knowledge, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Run:
    """Runs the command in this process over the session's dataset; gives exit code, output and errors."""
    real = opener.open_knowledge
    monkeypatch.setattr(opener, "open_knowledge", lambda source=None: real(source) if source else shipped)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["trivium", *arguments])
        try:
            cli.main()
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0
        output = capfdbinary.readouterr()
        return code, output.out.decode(), output.err.decode()

    return call
