"""Plots over HTTP and at the command line: their forms, and what is refused."""

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kg.services.knowledge import Knowledge
from tests.unit.api.conftest import Problem, Run

PLOT = "/formulas/chinchilla-loss/plot"
ASKED = "N=1e8..1e12&D=1.4T&points=20"
VEGA_LITE = "application/vnd.vegalite.v6+json"
BEGINS = {
    **dict.fromkeys((VEGA_LITE, "application/json"), b'{"$schema"'),
    "image/svg+xml": b"<svg ",
    "image/png": b"\x89PNG",
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("path", "accept", "media_type"),
    [
        (f"{PLOT}?{ASKED}", "", "image/svg+xml"),
        (f"{PLOT}?{ASKED}", "*/*", "image/svg+xml"),
        (f"{PLOT}?{ASKED}", BROWSER, "image/svg+xml"),
        (f"{PLOT}?{ASKED}", "image/png", "image/png"),
        (f"{PLOT}?{ASKED}", VEGA_LITE, VEGA_LITE),
        (f"{PLOT}?{ASKED}", "application/json", "application/json"),
        (f"{PLOT}?{ASKED}&format=vega-lite", "image/png", VEGA_LITE),
        (f"{PLOT}?{ASKED}&format=png", "", "image/png"),
        (f"{PLOT}.svg?{ASKED}", "image/png", "image/svg+xml"),
        (f"{PLOT}.png?{ASKED}", "", "image/png"),
        (f"{PLOT}.vl.json?{ASKED}", "", VEGA_LITE),
    ],
)
def test_a_plot_comes_in_the_form_that_was_asked_for(
    client: TestClient, path: str, accept: str, media_type: str
) -> None:
    answer = client.get(path, headers={"accept": accept})
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-type"] == media_type
    assert answer.content.startswith(BEGINS[media_type])
    assert answer.headers["vary"] == "Accept"


def test_the_same_question_gives_the_same_bytes_and_a_tag(client: TestClient, shipped: Knowledge) -> None:
    first, second = (client.get(f"{PLOT}.svg?{ASKED}") for _ in range(2))
    assert first.content == second.content
    assert (
        client.get(f"{PLOT}.svg?{ASKED}", headers={"if-none-match": first.headers["etag"]}).status_code == 304
    )
    here = shipped.formula("chinchilla-loss").plot(N="1e8..1e12", D="1.4T", points=20)
    assert first.text == here.svg()
    assert client.get(f"{PLOT}.vl.json?{ASKED}").json() == here.spec


@pytest.mark.parametrize(
    ("query", "marks"),
    [
        ("kind=fits&D=300B", {"line"}),
        ("kind=fits&D=300B&fit=hoffmann-2022,besiroglu-2024&x=N", {"line"}),
        ("D=300B&x=N&band=linear&fit=besiroglu-2024&points=5", {"line", "area"}),
        ("D=300B&N=10B&kind=sensitivity", {"bar", "text", "rule"}),
    ],
)
def test_kinds_and_bands_by_parameter(client: TestClient, query: str, marks: set[str]) -> None:
    if "kind=fits" in query and "x=" not in query:
        query += "&N=1e8..1e10"
    document = client.get(f"{PLOT}.vl.json?{query}").json()
    assert {layer["mark"]["type"] for layer in document["layer"]} == marks


def test_x_is_a_choice_or_a_symbol(client: TestClient) -> None:
    path = "/formulas/ces-bottleneck/plot.vl.json?x=x&x=1..100&w=0.4&y=1&rho=-1"
    document = client.get(path).json()
    assert document["usermeta"]["inputs"]["x"] == "1..100"
    assert document["encoding"]["x"]["axis"]["title"].endswith(" x")


@pytest.mark.parametrize(
    ("query", "status", "name"),
    [
        ("D=1", 400, "bad-parameter"),
        ("N=1..2", 422, "missing-value"),
        ("N=2..1&D=1", 400, "bad-parameter"),
        ("N=-1..1&D=1", 422, "out-of-domain"),
        ("N=a..b&D=1", 400, "bad-syntax"),
        ("N=1..2&D=1&x=Q", 400, "bad-parameter"),
        ("N=1..2&D=1&x=N&x=D", 400, "bad-parameter"),
        ("N=1..2&N=1..2&D=1", 400, "bad-parameter"),
        ("N=1..2&D=1&q=1", 422, "unknown-symbol"),
        ("N=1..2&D=1&points=5000", 413, "too-large"),
        ("N=1..2&D=1&points=99999999999", 400, "bad-parameter"),
        ("N=1..2&D=1&points=many", 400, "bad-parameter"),
        ("N=1..2&D=1&kind=pie", 400, "bad-parameter"),
        ("N=1..2&D=1&band=wide", 400, "bad-parameter"),
        ("N=1..2&D=1&format=gif", 400, "bad-parameter"),
        ("N=1..2&D=1&fit=nobody", 404, "not-found"),
    ],
)
def test_a_bad_question_is_a_problem(
    client: TestClient, problem: Problem, query: str, status: int, name: str
) -> None:
    problem(client.get(f"{PLOT}?{query}"), status, name)
    if "format" not in query:
        problem(client.get(f"{PLOT}.vl.json?{query}"), status, name)


def test_other_forms_are_refused(client: TestClient, problem: Problem) -> None:
    problem(client.get(f"{PLOT}?{ASKED}", headers={"accept": "text/csv"}), 406, "not-acceptable")
    problem(client.get(f"{PLOT}.gif?{ASKED}"), 404, "no-such-path")
    problem(client.get(f"{PLOT}.json?{ASKED}"), 404, "no-such-path")
    problem(client.get("/formulas/nothing/plot.vl.json?N=1..2"), 404, "not-found")


def test_without_the_package_there_is_the_specification(
    client: TestClient, problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.exporters.pictures.find_spec", lambda _: None)
    told = problem(client.get(f"{PLOT}.svg?{ASKED}"), 501, "unavailable")
    assert "trivium-kg[plots]" in told["detail"]
    assert client.get(f"{PLOT}.vl.json?{ASKED}").status_code == 200


@pytest.mark.parametrize(
    ("name", "begin"), [("a.svg", b"<svg "), ("a.png", b"\x89PNG"), ("a.json", b'{"$schema"')]
)
def test_the_command_writes_a_file(run: Run, tmp_path: Path, name: str, begin: bytes) -> None:
    target = tmp_path / name
    code, output, error = run(
        "plot", "chinchilla-loss", "N=1e8..1e12", "D=1.4T", "--points", "9", "-o", str(target)
    )
    assert (code, output) == (0, "")
    assert error.startswith("Note: D = 1.4e12 token is above the range")
    assert target.read_bytes().startswith(begin)


def test_the_command_prints_the_specification_or_a_picture(run: Run) -> None:
    arguments = ("plot", "ces-bottleneck", "x=x", "x=1..100", "w=0.4", "y=1", "rho=-1")
    for option in ((), ("--json",), ("--format", "vega-lite")):
        code, output, _ = run(*arguments, *option)
        assert code == 0
        assert json.loads(output)["usermeta"]["inputs"]["x"] == "1..100"
    for options in (("--format", "svg"), ("--format", "svg", "-o", "-")):
        assert run(*arguments, *options)[1].startswith("<svg ")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("N=1..2", "D=1", "-o", "a.gif"), 2, "one of svg, png, vega-lite"),
        (("N=1..2", "D=1", "-o", "none/a.svg"), 2, "a file that can be written: No such file"),
        (("N=1..2", "D=1", "x=5"), 2, "the symbol to plot over"),
        (("D=1",), 2, "the symbol to plot over"),
        (("N=1..2",), 2, "no value for D"),
        (("N=1..2", "D=1", "--fit", "nobody"), 1, "fit of chinchilla-loss"),
    ],
)
def test_the_command_refuses_with_the_reason(
    run: Run, arguments: tuple[str, ...], code: int, said: str
) -> None:
    exit_code, output, error = run("plot", "chinchilla-loss", *arguments)
    assert (exit_code, output) == (code, "")
    assert said in error
