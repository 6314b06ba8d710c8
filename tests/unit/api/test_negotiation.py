"""Which representation is sent: quality values, suffixes, and 406."""

import pytest
from fastapi.testclient import TestClient

from api.negotiation import choose, split_suffix
from tests.unit.api.conftest import Problem

OFFERS = ("application/json", "text/html", "text/turtle")
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        pytest.param("", "application/json", id="no header takes the first"),
        pytest.param("*/*", "application/json", id="anything takes the first"),
        pytest.param("text/turtle", "text/turtle", id="by name"),
        pytest.param("TEXT/Turtle", "text/turtle", id="case does not matter"),
        pytest.param("text/turtle;q=0.9, application/json;q=0.8", "text/turtle", id="higher quality"),
        pytest.param(
            "text/turtle;q=0.5, application/json;q=0.50", "application/json", id="equals: first offer"
        ),
        pytest.param("text/*", "text/html", id="a range takes the first that fits"),
        pytest.param("text/*, text/html;q=0.1", "text/turtle", id="the closest range counts"),
        pytest.param("*/*, application/json;q=0", "text/html", id="zero refuses"),
        pytest.param(FIREFOX, "text/html", id="a browser"),
        pytest.param("text/turtle; charset=utf-8; q=0.3, image/png", "text/turtle", id="other parameters"),
        pytest.param("nonsense, text/turtle", "text/turtle", id="the malformed is passed over"),
        pytest.param("image/png", None, id="none fits"),
        pytest.param("text/turtle;q=high", None, id="a quality that is no number is none"),
        pytest.param("*/*;q=0", None, id="nothing is wanted"),
    ],
)
def test_the_best_liked_offer_is_chosen(accept: str, expected: str | None) -> None:
    assert choose(accept, OFFERS) == expected


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("mamba.ttl", ("mamba", "text/turtle")),
        ("mamba.json", ("mamba", "application/json")),
        ("mamba.html", ("mamba", "text/html")),
        ("mamba.png", ("mamba.png", "")),
        ("mamba", ("mamba", "")),
        (".ttl", ("", "text/turtle")),
    ],
)
def test_a_suffix_names_a_media_type(slug: str, expected: tuple[str, str]) -> None:
    assert split_suffix(slug) == expected


@pytest.mark.parametrize("path", ["/formulas/chinchilla-loss", "/directions", "/ontology"])
@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        ("json", "application/json"),
        ("html", "text/html"),
        ("ttl", "text/turtle"),
        ("nt", "application/n-triples"),
        ("jsonld", "application/ld+json"),
        ("rdf", "application/rdf+xml"),
        ("trig", "application/trig"),
        ("nq", "application/n-quads"),
    ],
)
def test_suffix_and_header_give_the_same_bytes(
    client: TestClient, path: str, suffix: str, media_type: str
) -> None:
    by_suffix = client.get(f"{path}.{suffix}", headers={"accept": "image/png"})
    by_header = client.get(path, headers={"accept": media_type})
    assert by_suffix.status_code == by_header.status_code == 200
    assert by_suffix.headers["content-type"].partition(";")[0] == media_type
    assert by_suffix.content == by_header.content
    assert by_header.headers["vary"] == "Accept"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/formulas",
        "/formulas/chinchilla-loss",
        "/ontology",
        "/shapes",
        "/problems",
        "/learning/next",
        "/topics/mamba/unlocks",
        "/describe?iri=topic:mamba",
        "/formulas/chinchilla-loss/evaluate?N=70B&D=1.4T",
        "/sparql?query=ASK{}",
    ],
)
def test_what_is_not_offered_is_406_and_says_what_is(client: TestClient, problem: Problem, path: str) -> None:
    document = problem(client.get(path, headers={"accept": "image/png"}), 406, "not-acceptable")
    assert "text/html" in document["detail"]


def test_an_unknown_suffix_is_no_resource(client: TestClient, problem: Problem) -> None:
    problem(client.get("/formulas/chinchilla-loss.png"), 404, "not-found")
    problem(client.get("/ontology.png"), 404, "no-such-path")
