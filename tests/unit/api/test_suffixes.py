"""Lists and resources as text: CSV and Markdown, by suffix or by header; and the order of served Turtle."""

import csv
import io

import pytest
from fastapi.testclient import TestClient

from api.negotiation import SUFFIXES
from tests.unit.api.conftest import Problem


def test_a_list_comes_as_csv(client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/formulas.csv").text, newline="")))
    items = client.get("/formulas").json()["items"]
    assert rows == [{name: item[name] for name in ("iri", "label", "definition")} for item in items]


def test_a_list_comes_as_markdown(client: TestClient) -> None:
    lines = client.get("/formulas.md?limit=1000").text.splitlines()
    assert lines[0] == "# Formulas"
    assert len([line for line in lines if line.startswith("- [")]) == client.get("/formulas").json()["total"]


def test_a_resource_comes_as_markdown_with_its_parts(client: TestClient) -> None:
    text = client.get("/formulas/chinchilla-loss.md").text
    assert text.startswith("# Chinchilla loss\n\n<https://w3id.org/trivium/id/formula/chinchilla-loss>\n")
    assert "[Besiroglu et al. 2024, replication](<" in text
    assert "\n    L = E + A/N**alpha + B/D**beta\n" in text
    assert all(f"\n## {title}\n" in text for title in ("Variables", "Fits", "Worked examples", "Sources"))
    assert "\n## What points to it\n" in text


@pytest.mark.parametrize("path", ["/directions", "/formulas/chinchilla-loss"])
def test_every_suffix_gives_its_media_type(client: TestClient, path: str) -> None:
    for suffix, media_type in SUFFIXES.items():
        if (path, suffix) == ("/formulas/chinchilla-loss", "csv"):
            continue
        answer = client.get(f"{path}.{suffix}")
        assert answer.status_code == 200, suffix
        assert answer.headers["content-type"].partition(";")[0] == media_type
        assert answer.content == client.get(path, headers={"accept": media_type}).content


def test_a_resource_is_no_table(client: TestClient, problem: Problem) -> None:
    problem(client.get("/formulas/chinchilla-loss.csv"), 404, "not-found")
    problem(client.get("/formulas/chinchilla-loss", headers={"accept": "text/csv"}), 406, "not-acceptable")


def test_turtle_names_the_owner_first_and_of_each_its_type_and_label(client: TestClient) -> None:
    blocks = client.get("/architectures/mamba.ttl").text.split("\n")
    body = [line.strip() for line in blocks if not line.startswith("@prefix")]
    assert body[0].startswith("architecture:mamba a ")
    assert [line.partition(" ")[0] for line in body[1:4]] == [
        "skos:prefLabel",
        "rdfs:label",
        "skos:definition",
    ]
