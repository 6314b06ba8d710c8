"""A name that was given up leads to what stands in its place, and is listed nowhere."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from kg.errors import NotFound
from kg.services import describe
from kg.services.knowledge import Knowledge, open_knowledge
from tests.datasets import BASE, write_dataset

TURTLE = f"""
@base <{BASE}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
<concept/tide> a tv:Concept ; skos:prefLabel "Tide"@en .
<concept/old-tide> dcterms:isReplacedBy <concept/tide> ; owl:deprecated true .
<formula/tide-law> dcterms:isReplacedBy <concept/tide> ; owl:deprecated true .
<concept/lost> dcterms:isReplacedBy <concept/nothing> ; owl:deprecated true .
"""


@pytest.fixture
def ocean(tmp_path: Path) -> Knowledge:
    return open_knowledge(write_dataset(tmp_path, replaced=TURTLE))


@pytest.fixture
def client(ocean: Knowledge) -> TestClient:
    return TestClient(create_app(ocean), follow_redirects=False)


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/concepts/old-tide", 301, "/concepts/tide"),
        ("/concepts/old-tide.ttl", 301, "/concepts/tide.ttl"),
        ("/formulas/tide-law", 301, "/concepts/tide"),
        ("/id/concept/old-tide", 303, "/concepts/tide"),
        ("/id/formula/tide-law", 303, "/concepts/tide"),
    ],
)
def test_its_address_redirects(client: TestClient, path: str, status: int, location: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["location"]) == (status, "http://testserver" + location)


@pytest.mark.parametrize("path", ["/concepts/lost", "/formulas/tide-law/evaluate"])
def test_a_replacement_that_is_not_there_or_of_another_kind_is_not_found(
    client: TestClient, path: str
) -> None:
    assert client.get(path).status_code == 404


def test_it_is_listed_nowhere(client: TestClient) -> None:
    listed = {
        item["iri"] for kind in ("concepts", "formulas") for item in client.get(f"/{kind}").json()["items"]
    }
    assert f"{BASE}concept/tide" in listed
    assert not listed & {f"{BASE}concept/old-tide", f"{BASE}formula/tide-law", f"{BASE}concept/lost"}
    assert client.get("/search?q=old-tide").json()["hits"] == []


def test_it_is_described_under_its_new_name(ocean: Knowledge) -> None:
    assert describe.describe(ocean, "concept/old-tide").iri == f"{BASE}concept/tide"
    with pytest.raises(NotFound, match="lost"):
        describe.describe(ocean, "concept/lost")


def test_a_formula_answers_under_the_name_that_it_had(shipped: Knowledge) -> None:
    assert shipped.formula("besiroglu-loss").iri == shipped.formula("chinchilla-loss").iri
