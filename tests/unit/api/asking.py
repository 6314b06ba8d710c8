"""Asking ``/sparql`` and reading what comes back."""

from fastapi.testclient import TestClient
from httpx2 import Response

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
SELECT = "SELECT ?label { formula:chinchilla-loss skos:prefLabel ?label }"
ASK = "ASK { formula:chinchilla-loss a tv:Formula }"
CONSTRUCT = "CONSTRUCT WHERE { formula:chinchilla-loss skos:prefLabel ?label }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
LABEL = "Chinchilla loss"


def ask(client: TestClient, query: str, accept: str = JSON, **more: str | list[str]) -> Response:
    """The answer to a query by GET; further parameters are written with underscores."""
    parameters = {"query": query, **{name.replace("_", "-"): value for name, value in more.items()}}
    return client.get("/sparql", params=parameters, headers={"accept": accept})


def bindings(response: Response) -> list[dict[str, str]]:
    """The values of each row, by variable."""
    assert response.status_code == 200, response.text
    rows = response.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows]


def count(response: Response) -> int:
    """The one number of an answer to ``COUNT``."""
    return int(bindings(response)[0]["n"])
