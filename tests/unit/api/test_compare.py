"""``/compare``: the table in its forms, and what it refuses."""

import csv
import io
import json

import pytest
from fastapi.testclient import TestClient

from tests.unit.api.conftest import Problem

TWO = "/compare/architectures?items=mamba,transformer"


def test_json_holds_a_cell_for_each_item_and_column(client: TestClient) -> None:
    document = client.get(TWO).json()
    names = [column["name"] for column in document["columns"]]
    assert [item["label"] for item in document["items"]] == [
        "State-space models (Mamba)",
        "Transformer (full attention)",
    ]
    for item in document["items"]:
        assert list(item["cells"]) == names
        assert all(cell["values"] for cell in item["cells"].values())
    value = document["items"][0]["cells"]["maturity"]["values"][0]
    assert value["value"] == "production ready"
    assert value["evidence"] == "estimated"
    assert value["statement"]["iri"].endswith("architecture/mamba#maturity-2026")
    assert [source["iri"].rpartition("/")[2] for source in value["sources"]] == ["waleffe2024"]


def test_items_may_be_repeated_parameters(client: TestClient) -> None:
    assert (
        client.get("/compare/architectures?items=mamba&items=transformer").content == client.get(TWO).content
    )


def test_a_missing_value_says_so(client: TestClient) -> None:
    document = client.get("/compare/models?items=gpt-3&properties=model-parameters-active").json()
    cell = document["items"][0]["cells"]["model-parameters-active"]
    assert cell["values"] == []
    assert "GPT-3" in cell["missing"]


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [("json", "application/json"), ("csv", "text/csv"), ("md", "text/markdown"), ("html", "text/html")],
)
def test_a_suffix_gives_what_accept_gives(client: TestClient, suffix: str, media_type: str) -> None:
    by_suffix = client.get(f"/compare/models.{suffix}?items=gpt-3", headers={"accept": "image/png"})
    by_header = client.get("/compare/models?items=gpt-3", headers={"accept": media_type})
    assert by_suffix.status_code == by_header.status_code == 200
    assert by_suffix.headers["content-type"].partition(";")[0] == media_type
    assert by_suffix.content == by_header.content


def test_csv_has_the_values_of_json(client: TestClient) -> None:
    document = client.get("/compare/models").json()
    rows = csv.DictReader(io.StringIO(client.get("/compare/models.csv").text, newline=""))
    wanted = [
        (item["iri"], "" if value["value"] is None else str(value["value"]))
        for item in document["items"]
        for cell in item["cells"].values()
        for value in cell["values"]
    ]
    assert [(row["item"], row["value"]) for row in rows if not row["missing"]] == wanted


def test_the_page_shows_values_with_numbered_sources(client: TestClient) -> None:
    page = client.get(TWO, headers={"accept": "text/html"}).text
    assert "Linear-time sequence modeling" in page
    assert 'id="source-1"' in page
    assert "compare/architectures.csv?items=mamba,transformer" in page


def test_the_page_lists_items_down_where_there_are_many(client: TestClient) -> None:
    page = client.get("/compare/models?properties=training-compute", headers={"accept": "text/html"}).text
    assert (
        page.count('<th scope="row">')
        == client.get("/compare/models?properties=training-compute").json()["total"]
    )


@pytest.mark.parametrize(
    ("path", "status", "name", "says"),
    [
        ("/compare/models?items=gpt-33", 404, "not-found", "gpt-3"),
        ("/compare/modles", 404, "not-found", "model"),
        ("/compare/models?items=gpt-3&properties=compte", 400, "bad-parameter", "training-compute"),
        ("/compare/models?rows=gpt-3", 400, "bad-parameter", "items"),
        ("/compare/models?items=" + ",".join(["gpt-3"] * 101), 413, "too-large", "100"),
        ("/compare/models.ttl", 404, "not-found", "kind"),
    ],
)
def test_what_cannot_be_compared_is_a_problem(
    client: TestClient, problem: Problem, path: str, status: int, name: str, says: str
) -> None:
    assert says in json.dumps(problem(client.get(path), status, name))
