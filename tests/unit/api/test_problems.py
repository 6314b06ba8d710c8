"""Errors as problem documents (RFC 9457): each class, each status, and nothing that cannot be sent."""

import json
from collections.abc import Iterator
from html import unescape

import pytest
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException

from api.problems import ALL, PLAIN, PROBLEMS, problem_document, problem_of
from kg import errors
from kg.errors import TriviumError
from tests.unit.api.conftest import MEMBERS, Problem

EXAMPLES: list[tuple[TriviumError, int, str]] = [
    (errors.BadSyntax("SPARQL", "expected {", 2, 7), 400, "bad-syntax"),
    (errors.TooLarge("the body", 2, 1), 413, "too-large"),
    (errors.BadParameter("limit", "x", "a whole number"), 400, "bad-parameter"),
    (errors.ForbiddenQuery("SERVICE", 1, 2, "no calls"), 403, "forbidden-query"),
    (errors.BadInput("malformed"), 400, "bad-input"),
    (errors.NotFound("formula", "x", ("y",)), 404, "not-found"),
    (errors.UnknownSymbol("x", ("y",)), 422, "unknown-symbol"),
    (errors.MissingValue("f", ("x",)), 422, "missing-value"),
    (errors.WrongDimension("N", "byte", "parameter"), 422, "wrong-dimension"),
    (errors.OutOfDomain("N", "-1", "(0, ∞)"), 422, "out-of-domain"),
    (errors.NotSolvable("f", "x", "it stands twice"), 422, "not-solvable"),
    (errors.NoClosedForm("integral", "sin(x)/x", "x", "none was found"), 422, "no-closed-form"),
    (errors.NoDerivation("cost", (("hours", "price"),), {"hours": "h"}, ("energy",)), 422, "no-derivation"),
    (errors.ContradictingGivens("ratio", ("a", "b"), "r", "1", "2"), 422, "contradicting-givens"),
    (errors.InvalidFormula("f", "no output"), 500, "invalid-formula"),
    (errors.FormulaError("cannot"), 422, "formula"),
    (errors.CyclicPrerequisites(("a", "b", "a")), 422, "prerequisites"),
    (errors.LearningError("cannot"), 422, "prerequisites"),
    (errors.NotCheckable("research", "its answer is no expression", "Draft it."), 422, "not-checkable"),
    (errors.InvalidData("a.ttl:3", "no label"), 500, "invalid-data"),
    (errors.Unavailable("update", "use another store"), 501, "unavailable"),
    (errors.DeadlineExceeded("the query", 0.5), 503, "deadline-exceeded"),
    (errors.LearnerNotFound(), 404, "learner-not-found"),
    (errors.Overloaded(64), 503, "overloaded"),
    (errors.WorkerFailed("the query", "SIGABRT"), 500, "worker-failed"),
    (errors.TriviumError("cannot"), 500, "error"),
]


def descendants(kind: type[TriviumError]) -> Iterator[type[TriviumError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from descendants(child)


def test_every_error_of_the_tree_has_an_example_here() -> None:
    ours = {kind for kind in descendants(TriviumError) if kind.__module__ == errors.__name__}
    assert ours == {type(error) for error, _, _ in EXAMPLES}


@pytest.mark.parametrize(("error", "status", "name"), EXAMPLES, ids=lambda value: type(value).__name__)
def test_each_error_is_answered_by_its_problem(error: TriviumError, status: int, name: str) -> None:
    document = problem_document(error, instance="/x", root="http://host")
    assert list(document)[:6] == ["type", "title", "status", "detail", "instance", "next"]
    assert document["type"] == f"http://host/problems/{name}"
    assert document["status"] == status
    assert document["detail"] == str(error)
    json.dumps(document, allow_nan=False)


def test_a_problem_carries_the_fields_of_its_error() -> None:
    error = errors.BadSyntax("SPARQL", "expected {", 2, 7)
    document = problem_document(error, instance="/x", root="")
    assert (document["line"], document["column"]) == (2, 7)
    near = problem_document(errors.NotFound("formula", "x", ("y",)), instance="/x", root="")
    assert near["near"] == ("y",)


def test_an_error_that_nobody_foresaw_tells_nothing_of_itself() -> None:
    document = problem_document(KeyError("password"), instance="/x", root="")
    assert document["status"] == 500
    assert "password" not in str(document)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 409, 415, 429, 503])
def test_every_status_has_a_problem(status: int) -> None:
    found = problem_of(HTTPException(status))
    assert found.status == status
    assert found.title
    assert found.next_step
    assert found.name in {known.name for known in ALL}


def test_names_and_statuses_of_problem_types_are_their_own() -> None:
    names = [found.name for found in ALL]
    assert len(names) == len(set(names))
    assert {*PROBLEMS.values(), *PLAIN.values()} == set(ALL)


def test_every_problem_type_can_be_looked_up(client: TestClient) -> None:
    listed = client.get("/problems").json()
    assert listed["total"] == len(ALL)
    for item in listed["items"]:
        answer = client.get(item["href"])
        assert answer.status_code == 200
        assert set(answer.json()) == {"name", "status", "title", "next"}
        page = client.get(item["href"], headers={"accept": "text/html"})
        assert answer.json()["title"] in unescape(page.text)


CASES = [
    pytest.param("/nothing", 404, "no-such-path", id="no such path"),
    pytest.param("/nothing/at/all/here", 404, "no-such-path", id="a deep path"),
    pytest.param("/formulas/", 404, "no-such-path", id="a slash at the end"),
    pytest.param("/favicon.ico", 404, "no-such-path", id="no icon"),
    pytest.param("/formulas/chinchila-loss", 404, "not-found", id="a slug with a slip"),
    pytest.param("/formulas/chinchila-loss/evaluate", 404, "not-found", id="evaluate a slip"),
    pytest.param("/formulas/" + "x" * 30_000, 404, "not-found", id="a long slug"),
    pytest.param("/formulas/%00%ff%0a", 404, "not-found", id="bytes that are no slug"),
    pytest.param("/formulas/..%2f..%2fetc%2fpasswd", 404, "no-such-path", id="a way out"),
    pytest.param("/id/nothing/x", 404, "not-found", id="an unknown kind"),
    pytest.param("/id/" + "x" * 30_000 + "/x", 404, "not-found", id="a long kind"),
    pytest.param("/id/topic/nothing-of-it", 404, "not-found", id="an unknown individual"),
    pytest.param("/problems/nothing", 404, "not-found", id="an unknown problem type"),
    pytest.param("/describe", 400, "bad-parameter", id="describe nothing"),
    pytest.param("/describe?iri=", 400, "bad-parameter", id="describe an empty text"),
    pytest.param("/describe?iri=zzz:x", 400, "bad-parameter", id="an unknown prefix"),
    pytest.param("/describe?iri=http://a%20b", 400, "bad-parameter", id="no IRI"),
    pytest.param("/describe?iri=https://nobody.example/", 404, "not-found", id="an unknown IRI"),
    pytest.param("/describe?iri=topic:mamba&iri=topic:mamba", 400, "bad-parameter", id="given twice"),
    pytest.param("/formulas?page=2", 400, "bad-parameter", id="list: unknown parameter"),
    pytest.param("/formulas/chinchilla-loss?x=1", 400, "bad-parameter", id="look up: unknown parameter"),
    pytest.param("/health?x=1", 400, "bad-parameter", id="health: unknown parameter"),
    pytest.param("/?x=1", 400, "bad-parameter", id="home: unknown parameter"),
    pytest.param("/ontology?x=1", 400, "bad-parameter", id="ontology: unknown parameter"),
    pytest.param("/shapes?suffix=ttl", 400, "bad-parameter", id="shapes: unknown parameter"),
    pytest.param("/learning/next?x=1", 400, "bad-parameter", id="next: unknown parameter"),
    pytest.param("/topics/mamba/unlocks?x=1", 400, "bad-parameter", id="unlocks: unknown parameter"),
    pytest.param("/sparql?query=ASK{}&x=1", 400, "bad-parameter", id="sparql: unknown parameter"),
    pytest.param("/describe?iri=%ff", 400, "bad-syntax", id="no UTF-8"),
    pytest.param("/learning/next?" + "know=mamba&" * 1_001, 413, "too-large", id="too many parameters"),
]


@pytest.mark.parametrize(("path", "status", "name"), CASES)
def test_what_cannot_be_answered_is_a_problem(
    client: TestClient, problem: Problem, path: str, status: int, name: str
) -> None:
    problem(client.get(path), status, name)


def test_a_place_is_told_only_where_it_is_known() -> None:
    somewhere = problem_document(errors.TooLarge("the nesting", 2, 1, 3, 4), instance="/x", root="")
    nowhere = problem_document(errors.TooLarge("the body", 2, 1), instance="/x", root="")
    assert (somewhere["line"], somewhere["column"]) == (3, 4)
    assert not {"line", "column"} & set(nowhere)


def test_near_names_are_given(client: TestClient, problem: Problem) -> None:
    document = problem(client.get("/formulas/chinchila-loss"), 404, "not-found")
    assert "chinchilla-loss" in document["near"]
    assert "chinchilla-loss" in document["detail"]


def test_a_browser_gets_the_problem_as_a_page(client: TestClient) -> None:
    response = client.get("/formulas/<b>chinchila-loss", headers={"accept": "text/html,*/*;q=0.8"})
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert "What to do" in response.text
    assert "<b>" not in response.text


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/turtle", "image/png", "", "text/csv"])
def test_programs_get_a_problem_document_whatever_they_accept(client: TestClient, accept: str) -> None:
    response = client.get("/nothing", headers={"accept": accept})
    assert response.headers["content-type"] == "application/problem+json"
    assert set(response.json()) >= MEMBERS
