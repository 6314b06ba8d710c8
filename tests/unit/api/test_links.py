"""From IRIs of the dataset to addresses on this service."""

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.links import Links
from api.settings import Settings
from kg.model.iri import DEFAULT_BASE
from kg.services.knowledge import Knowledge

LINKS = Links(DEFAULT_BASE, "http://host")


@pytest.mark.parametrize(
    ("iri", "href"),
    [
        (DEFAULT_BASE + "formula/chinchilla-loss", "/formulas/chinchilla-loss"),
        (DEFAULT_BASE + "formula/chinchilla-loss#N", "/formulas/chinchilla-loss#N"),
        (DEFAULT_BASE + "hardware/h100", "/hardware/h100"),
        (DEFAULT_BASE + "capability/tool-use", "/capabilities/tool-use"),
        (DEFAULT_BASE + "nothing/of-the-kind", f"/describe?iri={DEFAULT_BASE}nothing/of-the-kind"),
        (
            "https://w3id.org/trivium/ontology#Formula",
            "/describe?iri=https://w3id.org/trivium/ontology%23Formula",
        ),
        ("https://example.org/a?b=c&d", "/describe?iri=https://example.org/a%3Fb%3Dc%26d"),
    ],
)
def test_an_iri_has_an_address_on_this_service(iri: str, href: str) -> None:
    assert LINKS.href(iri) == "http://host" + href


def test_links_begin_with_the_host_of_the_request(client: TestClient) -> None:
    answer = client.get("/topics/mamba", headers={"host": "kg.example:8080"}).json()
    assert answer["iri"] == DEFAULT_BASE + "topic/mamba"
    assert answer["href"] == "http://kg.example:8080/topics/mamba"


def test_the_base_url_of_the_settings_goes_before_the_host(shipped: Knowledge) -> None:
    root = "https://kg.example/trivium"
    client = TestClient(create_app(shipped, Settings(base_url=root + "/")), follow_redirects=False)
    assert client.get("/topics/mamba").json()["href"] == f"{root}/topics/mamba"
    assert client.get("/id/topic/mamba").headers["location"] == f"{root}/topics/mamba"
    assert client.get("/nothing").json()["type"] == f"{root}/problems/no-such-path"
    assert f'href="{root}/formulas"' in client.get("/", headers={"accept": "text/html"}).text


@pytest.mark.parametrize("host", ["a b", "<script>", "[", "host:port", "x/../y", "a@b", "host:123456"])
def test_a_host_that_is_none_is_refused(client: TestClient, host: str) -> None:
    response = client.get("/topics/mamba", headers={"host": host})
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "/problems/bad-parameter"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000", "kg.example"])
def test_names_and_addresses_are_hosts(client: TestClient, host: str) -> None:
    assert client.get("/health", headers={"host": host}).status_code == 200
