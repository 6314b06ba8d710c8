"""Every page renders for a browser, and an answer that no format can hold leaves nothing open behind."""

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from kg.services.knowledge import Knowledge

PATHS = (
    "/",
    "/docs",
    "/formulas",
    "/formulas/chinchilla-loss",
    "/formulas/chinchilla-loss/evaluate?N=70B&D=1.4T",
    "/formulas/chinchilla-loss/solve?for=D",
    "/formulas/chinchilla-loss/solve?for=D&L=2.0&N=70B&unit=token",
    "/learning/next",
    "/learning/next?goal=mamba&know=mamba",
    "/ontology",
    "/problems",
    "/problems/not-found",
    "/sparql",
    "/topics/mamba/prerequisites?transitive=true",
    "/topics/mamba/unlocks",
)


@pytest.fixture(scope="module")
def client(shipped: Knowledge) -> TestClient:
    return TestClient(create_app(shipped))


@pytest.mark.parametrize("path", PATHS)
def test_a_page_renders_for_a_browser(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert answer.text.rstrip().endswith("</html>")


def test_advice_for_a_known_goal_says_so(client: TestClient) -> None:
    assert client.get("/learning/next?goal=mamba&know=mamba").json()["note"]


def test_a_graph_that_no_accepted_format_can_hold_is_let_go_of(client: TestClient) -> None:
    """An open graph that another thread frees is an error of the engine, which pytest would show."""
    query = {"query": "CONSTRUCT WHERE { ?s a tv:Page }"}
    answer = client.get("/sparql", params=query, headers={"Accept": "text/csv"})
    assert answer.status_code == 406
