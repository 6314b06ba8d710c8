"""``/sparql`` under load and abuse, on a served port: a deadline, a full queue, a client that leaves, long answers."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from kg.workers.pool import MOST_WAITING
from tests.processes import descendants, needs_proc, state
from tests.unit.api.asking import ask
from tests.unit.api.conftest import Problem

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
EVERYTHING = "SELECT * { GRAPH ?g { ?s ?p ?o } }"
FLOOD = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[subprocess.Popen[str], str]]:
    environment = {**os.environ, "TRIVIUM_DEADLINE_S": "4", "TRIVIUM_WORKERS": "3"}
    command = [sys.executable, "-c", "from api.cli import main; main()", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.search(r"http://(\S+)", line)
        assert found, line + process.stderr.read()
        yield process, found[1]
        if process.poll() is None:
            process.send_signal(signal.SIGINT)


def get(host: str, query: str, **more: str) -> tuple[int, dict[str, str], bytes]:
    with closing(HTTPConnection(host, timeout=60)) as connection:
        connection.request("GET", f"/sparql?{urlencode({'query': query, **more})}")
        response: HTTPResponse = connection.getresponse()
        return (
            response.status,
            {name.lower(): value for name, value in response.headers.items()},
            response.read(),
        )


def test_a_query_over_its_time_is_a_problem_that_says_when_to_ask_again(
    client: TestClient, problem: Problem
) -> None:
    response = ask(client, ENDLESS, timeout="0.2")
    document = problem(response, 503, "deadline-exceeded")
    assert document["seconds"] == 0.2
    assert int(response.headers["retry-after"]) > 0


@pytest.mark.parametrize("timeout", ["0", "-1", "x", "1e9", "nan", "", "1s"])
def test_a_timeout_is_a_number_of_seconds(client: TestClient, problem: Problem, timeout: str) -> None:
    problem(ask(client, "ASK {}", timeout=timeout), 400, "bad-parameter")


def test_a_page_has_a_deadline_too(client: TestClient) -> None:
    response = ask(client, ENDLESS, "text/html", timeout="0.2")
    assert response.status_code == 503
    assert "deadline" in response.text


def test_runaways_end_at_the_deadline_while_normal_queries_are_answered(
    server: tuple[subprocess.Popen[str], str],
) -> None:
    _, host = server
    done: list[str] = []

    def runaway() -> int:
        status = get(host, ENDLESS)[0]
        done.append("runaway")
        return status

    with ThreadPoolExecutor(4) as threads:
        slow = [threads.submit(runaway) for _ in range(4)]
        for _ in range(40):
            assert get(host, "SELECT ?l { topic:mamba skos:prefLabel ?l }")[0] == 200
        done.append("normal")
        assert [one.result() for one in slow] == [503] * 4
    assert done[0] == "normal"


def test_requests_beyond_the_queue_are_refused_at_once_and_the_service_answers_afterwards(
    server: tuple[subprocess.Popen[str], str],
) -> None:
    _, host = server
    many = MOST_WAITING + 20
    with ThreadPoolExecutor(many) as threads:
        answers = list(threads.map(lambda _: get(host, ENDLESS, timeout="3"), range(many)))
    assert {status for status, _, _ in answers} == {503}
    assert all(int(headers["retry-after"]) > 0 for _, headers, _ in answers)
    kinds = [json.loads(body)["type"].rpartition("/")[2] for _, _, body in answers]
    assert set(kinds) == {"deadline-exceeded", "overloaded"}
    assert get(host, "SELECT ?l { topic:mamba skos:prefLabel ?l }")[0] == 200


def test_a_long_answer_is_whole(server: tuple[subprocess.Popen[str], str]) -> None:
    status, headers, body = get(server[1], EVERYTHING)
    assert (status, headers.get("transfer-encoding")) == (200, "chunked")
    assert len(json.loads(body)["results"]["bindings"]) > 10_000


def test_an_answer_that_is_cut_does_not_look_whole(server: tuple[subprocess.Popen[str], str]) -> None:
    with pytest.raises((IncompleteRead, ConnectionError)):
        get(server[1], FLOOD, timeout="1.5")


@needs_proc
def test_a_client_that_leaves_takes_its_query_along(server: tuple[subprocess.Popen[str], str]) -> None:
    """Its worker is gone while a query that was asked before it, with the same deadline, still runs."""
    process, host = server

    def busy() -> set[int]:
        return {pid for pid in descendants(process.pid) if state(pid) == "R"}

    def ask_endless(connection: HTTPConnection, known: set[int]) -> int:
        connection.request("GET", f"/sparql?{urlencode({'query': ENDLESS})}")
        while not (running := busy() - known):
            pass
        return running.pop()

    with closing(HTTPConnection(host, timeout=60)) as staying:
        first = ask_endless(staying, set())
        with closing(HTTPConnection(host, timeout=60)) as leaving:
            second = ask_endless(leaving, {first})
        while state(second) not in ("", "Z"):
            pass
        assert state(first) not in ("", "Z")
    assert get(host, "ASK {}")[0] == 200


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_the_service(number: signal.Signals) -> None:
    command = [sys.executable, "-c", "from api.cli import main; main()", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        host = process.stderr.readline().partition("http://")[2].split()[0]
        assert get(host, "ASK {}")[0] == 200
        started = descendants(process.pid)
        assert started
        process.send_signal(number)
        process.wait(timeout=60)
        process.stderr.read()
    while any(state(pid) not in ("", "Z") for pid in started):
        pass
