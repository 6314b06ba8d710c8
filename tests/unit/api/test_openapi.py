"""The OpenAPI document and the reference page made from it."""

import re
import shlex
from html import unescape
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from api.routes import (
    compare,
    dataset,
    derive,
    exercises,
    expressions,
    formulas,
    learners,
    learning,
    lists,
    plans,
    plots,
    resources,
    search,
    sensitivity,
    service,
    sparql,
    sweeps,
)

HIDDEN = {"/docs", "/favicon.ico", "/ontology.{suffix}", "/shapes.{suffix}"}
"""Routes that are no part of the interface, or forms of one that is."""


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/openapi.json").json()
    return answer


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_the_document_says_what_it_is(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == "Trivium"
    assert document["info"]["version"]
    assert document["info"]["description"]


def test_every_path_that_is_routed_is_documented(operations: dict[str, dict[str, Any]]) -> None:
    routed = {
        f"{method.lower()} {route.path}"
        for room in (
            compare,
            dataset,
            derive,
            exercises,
            expressions,
            formulas,
            learners,
            learning,
            lists,
            plans,
            plots,
            resources,
            search,
            sensitivity,
            service,
            sparql,
            sweeps,
        )
        for route in room.router.routes
        if isinstance(route, APIRoute) and route.path not in HIDDEN
        for method in route.methods
    }
    assert set(operations) == routed


def test_operation_ids_are_unique(operations: dict[str, dict[str, Any]]) -> None:
    identifiers = [operation["operationId"] for operation in operations.values()]
    assert len(identifiers) == len(set(identifiers))
    assert all(re.fullmatch(r"[a-z][A-Za-z]+", name) for name in identifiers)


def test_every_operation_is_described_with_its_parameters(operations: dict[str, dict[str, Any]]) -> None:
    for name, operation in operations.items():
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["tags"], name
        assert set(operation["responses"]) & {"200", "201", "204", "303"}, name
        assert "application/problem+json" in operation["responses"]["default"]["content"], name
        in_path = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"}
        assert in_path == set(re.findall(r"{(\w+)}", name)), name
        for parameter in operation["parameters"]:
            assert parameter["description"], (name, parameter)
            assert parameter["schema"], (name, parameter)
        if name.startswith("post "):
            assert operation["requestBody"]["content"], name


def test_no_operation_promises_what_it_does_not_do(operations: dict[str, dict[str, Any]]) -> None:
    assert not any("422" in operation["responses"] for operation in operations.values())


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(references(value) for value in node.values()))
    return set().union(*(references(value) for value in node)) if isinstance(node, list) else set()


def test_every_reference_of_the_document_resolves(document: dict[str, Any]) -> None:
    for reference in references(document):
        node: Any = document
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]


def test_the_media_types_that_are_promised_are_given(
    client: TestClient, operations: dict[str, dict[str, Any]]
) -> None:
    examples = {
        "get /{kinds}": "/formulas",
        "get /{kinds}/{slug}": "/formulas/chinchilla-loss",
        "get /describe": "/describe?iri=topic:mamba",
        "get /ontology": "/ontology",
        "get /shapes": "/shapes",
        "get /": "/",
        "get /learning/next": "/learning/next",
        "get /problems": "/problems",
        "get /topics/{slug}/unlocks": "/topics/mamba/unlocks",
        "get /derive": "/derive?target=training-compute&model-parameters=1B&training-tokens=1B",
        "get /formulas/{slug}/evaluate": "/formulas/chinchilla-loss/evaluate?N=1B&D=1B",
        "get /formulas/{slug}/sweep": "/formulas/chinchilla-loss/sweep?N=1B..2B&D=1B",
    }
    for name, path in examples.items():
        for media_type in operations[name]["responses"]["200"]["content"]:
            answer = client.get(path, headers={"accept": media_type})
            assert answer.status_code == 200, (path, media_type)
            assert answer.headers["content-type"].partition(";")[0] == media_type


def test_the_reference_page_shows_every_operation(
    client: TestClient, operations: dict[str, dict[str, Any]]
) -> None:
    page = client.get("/docs").text
    for name, operation in operations.items():
        method, _, path = name.partition(" ")
        assert f"<code>{method.upper()} {path}</code>" in page
        assert operation["summary"] in page


def test_the_reference_page_needs_no_network(client: TestClient) -> None:
    page = client.get("/docs").text
    assert not re.search(r"<script|<link|<img|<iframe|@import|url\(|\bsrc=", page, re.IGNORECASE)
    outside = [
        href for href in re.findall(r'href="([^"]+)"', page) if not href.startswith("http://testserver/")
    ]
    assert outside == []


def test_the_examples_of_the_reference_page_answer(client: TestClient) -> None:
    commands = [unescape(text) for text in re.findall(r"<pre>(curl [^<]+)</pre>", client.get("/docs").text)]
    assert len(commands) > 15
    for command in commands:
        words = iter(shlex.split(command)[1:])
        url, how, method, forced = "", {}, "GET", ""
        for word in words:
            if word == "-X":
                forced = next(words)
            elif word == "-H":
                next(words)
            elif word == "--json":
                method, how = (
                    "POST",
                    {"content": next(words), "headers": {"content-type": "application/json"}},
                )
            elif word == "--data-urlencode":
                name, _, value = next(words).partition("=")
                method, how = "POST", {"data": {name: value}}
            elif word == "-L":
                how = {"follow_redirects": True}
            else:
                url = word
        response = client.request(forced or method, url, **how)
        # This service keeps no learners, and says so.
        expected = 501 if "/learners" in command else 200
        assert response.status_code == expected, (command, response.text[:200])
