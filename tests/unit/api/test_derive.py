"""``/derive`` and ``trivium derive``: every form, and every bad input named with its status and exit code."""

import subprocess
import sys
from typing import Any
from urllib.parse import urlencode

import pyoxigraph
import pytest
from fastapi.testclient import TestClient

from kg.rdf.formats import GRAPH_FORMATS
from kg.services.derivations import MAX_GIVENS
from kg.services.knowledge import Knowledge
from tests.unit.api.conftest import Problem, Run

TARGET = "environment-emissions-kg"
GIVENS = {
    "model-parameters": "70B",
    "training-tokens": "1.4T",
    "hardware-count": "1024",
    "training-mfu": "40%",
    "energy-pue": "1.1",
    "energy-carbon-intensity": "0.38",
}
SUBJECT = "hardware/h100-sxm"
ASKED = {"target": TARGET, "subject": SUBJECT, **GIVENS}
# 6ND over rate and utilisation, times power, overhead and intensity, by hand.
KILOGRAMS = 6 * 70e9 * 1.4e12 / (989.4e12 * 0.4) * 700 / 3.6e6 * 1.1 * 0.38


def link(suffix: str = "", **more: str) -> str:
    return f"/derive{suffix}?{urlencode({**ASKED, **more})}"


@pytest.mark.parametrize(
    ("path", "accept", "media_type", "begin"),
    [
        (link(), "", "application/json", '{"target"'),
        (link(), "*/*", "application/json", '{"target"'),
        (link(), "text/html", "text/html", "<!doctype html>"),
        (link(), "text/markdown", "text/markdown", "# operational emissions"),
        (link(), "text/x-python", "text/x-python", "# A derivation in plain Python"),
        (link(".py"), "", "text/x-python", "# A derivation in plain Python"),
        (link(".md"), "text/html", "text/markdown", "# operational emissions"),
        (link(".html"), "", "text/html", "<!doctype html>"),
        (link(".json"), "text/html", "application/json", '{"target"'),
        (link(format="python"), "text/html", "text/x-python", "# A derivation in plain Python"),
        (link(format="md"), "", "text/markdown", "# operational emissions"),
        *((link(f".{form.suffix}"), "", form.media_type, "") for form in GRAPH_FORMATS),
        *((link(), form.media_type, form.media_type, "") for form in GRAPH_FORMATS),
        ("/derive", "text/html", "text/html", "<!doctype html>"),
    ],
)
def test_an_answer_comes_in_the_form_that_was_asked_for(
    client: TestClient, path: str, accept: str, media_type: str, begin: str
) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.text.startswith(begin)
    assert client.head(path, headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.name)
def test_every_format_of_rdf_holds_the_same_triples(client: TestClient, form: Any) -> None:
    def triples(suffix: str) -> set[str]:
        body = client.get(link(f".{suffix}")).content
        found = pyoxigraph.RdfFormat.from_extension(suffix)
        return {str(quad.triple) for quad in pyoxigraph.parse(body, found)}

    assert triples(form.suffix) == triples("nt") != set()


def test_a_body_a_link_and_one_text_of_givens_ask_the_same(client: TestClient) -> None:
    asked = client.get(link()).json()
    body = {"target": TARGET, "subject": [SUBJECT], "givens": {**GIVENS, "hardware-count": 1024}}
    text = "; ".join(f"{name}={value}" for name, value in GIVENS.items())
    together = f"/derive?{urlencode({'target': TARGET, 'subject': SUBJECT, 'givens': text})}"
    assert client.post("/derive", json=body).json() == asked
    assert client.get(together).json() == asked
    assert asked["value"] == pytest.approx(KILOGRAMS, rel=1e-12)


def test_each_step_can_be_followed_to_where_it_comes_from(client: TestClient) -> None:
    document = client.get(link(alternatives="2")).json()
    assert document["unit"] == "kgCO2e"
    assert document["target"]["iri"].endswith(f"/quantity/{TARGET}")
    assert document["plan"]
    for number, step in enumerate(document["plan"], 1):
        assert step["step"] == number
        assert client.get(step["formula"]["href"]).status_code == 200
        assert step["substituted"]
        assert step["unit"]
        assert step["sources"]
        for value in step["inputs"]:
            assert value["origin"] in ("given", "subject", "default", "fit", "derived")
            assert (value["origin"] == "derived") == ("step" in value)
            assert value.get("step", 0) < number
            assert value["origin"] == "given" or "source" in value or "step" in value
    assert document["value"] == document["plan"][-1]["value"]
    origins = {value["quantity"]["iri"].rpartition("/")[2]: value["origin"] for value in document["inputs"]}
    assert origins["hardware-power"] == "subject"
    assert origins["training-mfu"] == "given"


def test_a_formula_means_its_output(client: TestClient) -> None:
    assert client.get(link(target="operational-emissions")).json() == client.get(link()).json()


def test_the_page_leads_to_the_other_forms(client: TestClient) -> None:
    page = client.get(link(), headers={"Accept": "text/html"}).text
    assert f'href="http://testserver/derive.py?{urlencode(ASKED)}"'.replace("&", "&amp;") in page
    assert 'id="step-1"' in page


MANY = {f"a{number}": "1" for number in range(MAX_GIVENS + 1)}
BAD: dict[str, tuple[dict[str, str], int, str, int, str]] = {
    "an unknown target": (
        {"target": "environment-emisions"},
        404,
        "not-found",
        1,
        "did you mean environment-emissions-",
    ),
    "a target of another kind": ({"target": "topic/mamba"}, 404, "not-found", 1, "topic/mamba"),
    "a target that no formula has": ({"target": "data-epochs"}, 404, "not-found", 1, "data-epochs"),
    "a series that is too long": (
        {"moe-expert-load": ",".join(["1"] * 10_002)},
        413,
        "too-large",
        2,
        "series",
    ),
    "an unknown given": ({"model-paramters": "7B"}, 404, "not-found", 1, "did you mean model-parameters"),
    "an unknown subject": ({"subject": "model/gtp-3"}, 404, "not-found", 1, "did you mean gpt-3"),
    "an unknown formula to prefer": (
        {"prefer": "training-compute-5nd"},
        404,
        "not-found",
        1,
        "training-compute-6nd",
    ),
    "an unknown formula to avoid": ({"avoid": "nothing-like-it"}, 404, "not-found", 1, "nothing-like-it"),
    "a unit of another dimension": ({"training-tokens": "1400 GB"}, 422, "wrong-dimension", 2, "byte"),
    "a unit of the answer of another dimension": ({"unit": "FLOP"}, 422, "wrong-dimension", 2, "flop"),
    "no unit at all": ({"unit": "furlong"}, 400, "bad-parameter", 2, "furlong"),
    "no number": ({"training-tokens": "many"}, 400, "bad-syntax", 2, "training-tokens is no number"),
    "a value outside the domain": ({"model-parameters": "-1"}, 422, "out-of-domain", 2, "domain"),
    "no such way with defaults": ({"defaults": "no"}, 400, "bad-parameter", 2, "allow or forbid"),
    "too many alternatives": ({"alternatives": "11"}, 400, "bad-parameter", 2, "from 0 to 10"),
    "alternatives that are no number": ({"alternatives": "x"}, 400, "bad-parameter", 2, "alternatives"),
    "an unknown format": ({"format": "pdf"}, 400, "bad-parameter", 2, "one of"),
    "too many givens": (MANY, 413, "too-large", 2, f"at most {MAX_GIVENS}"),
    "givens that contradict each other": (
        {"training-time": "1 h", "training-accelerator-hours": "1 h"},
        422,
        "contradicting-givens",
        2,
        "contradict",
    ),
    "the target itself is given": ({TARGET: "1e6"}, 400, "bad-parameter", 2, "asked for"),
}
"""What is asked beside the good question → status, problem, exit code, and what the answer says."""


@pytest.mark.parametrize("case", BAD.values(), ids=BAD)
def test_a_bad_question_is_refused_by_http_for_its_reason(
    client: TestClient, problem: Problem, case: tuple[dict[str, str], int, str, int, str]
) -> None:
    more, status, name, _, said = case
    assert said in problem(client.get(link(**more)), status, name)["detail"]


@pytest.mark.parametrize("case", BAD.values(), ids=BAD)
def test_a_bad_question_is_refused_by_the_command_for_the_same_reason(
    run: Run,
    case: tuple[dict[str, str], int, str, int, str],
) -> None:
    more, _, _, code, said = case
    asked = {**ASKED, **more}
    target, defaults = asked.pop("target"), asked.pop("defaults", "")
    words = [
        f"--{name}={asked.pop(name)}"
        for name in ("subject", "prefer", "avoid", "alternatives", "unit", "format")
        if name in asked
    ]
    if defaults:
        words.append(f"--defaults={defaults}")
        said = "No such option"
    if more.get("alternatives") == "x":
        said = "Invalid value"
    found, output, error = run(
        "derive", target, *(f"{name}={value}" for name, value in asked.items()), *words
    )
    assert (found, output) == (code, "")
    assert said in error
    assert "Traceback" not in error


PLAUSIBLE = {
    "hardware-count": "8",
    "training-mfu": "0.4",
    "hardware-achieved-flops": "3e15",
    "training-accelerator-hours": "1e6",
    "energy-carbon-intensity": "0.38",
    "energy-facility-kwh": "1e6",
    "energy-it-kwh": "1e6",
    "energy-pue": "1.1",
    "energy-breakeven-queries": "1e9",
    "energy-per-query-wh": "0.3",
}


@pytest.mark.parametrize("target", ["training-time", TARGET])
def test_what_is_missing_is_named_and_giving_it_leads_on(
    client: TestClient, problem: Problem, target: str
) -> None:
    asked = {"target": target, "model-parameters": "70B", "training-tokens": "1.4T", "subject": SUBJECT}
    document = problem(client.get(f"/derive?{urlencode(asked)}"), 422, "no-derivation")
    assert document["missing"]
    for names in document["missing"]:
        given = {name: PLAUSIBLE.get(name, "1") for name in names}
        assert client.get(f"/derive?{urlencode({**asked, **given})}").status_code == 200, names


def test_without_a_way_the_command_ends_with_four_and_names_what_is_missing(run: Run) -> None:
    code, output, error = run("derive", "energy-facility-kwh", "energy-pue=1.1")
    assert (code, output) == (4, "")
    assert "give " in error
    assert "energy-it-kwh [kWh]" in error


def test_outside_the_range_of_a_fit_is_a_warning(client: TestClient) -> None:
    asked = {"target": "chinchilla-loss", "model-parameters": "70B", "training-tokens": "1.4T"}
    answer = client.get(f"/derive?{urlencode(asked)}")
    assert answer.status_code == 200
    assert any("range" in warning for warning in answer.json()["warnings"])


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ({"targt": TARGET}, 400, "bad-parameter"),
        ({"target": TARGET, "givens": ["70B"]}, 400, "bad-parameter"),
        ({"target": 7}, 400, "bad-parameter"),
        ({"target": TARGET, "subject": [7]}, 400, "bad-parameter"),
        ({"target": TARGET, "alternatives": "many"}, 400, "bad-parameter"),
        ({"target": TARGET, "alternatives": True}, 400, "bad-parameter"),
        ({"target": TARGET, "givens": {"model-parameters": {}}}, 400, "bad-parameter"),
        ({"target": TARGET, "givens": {"model-parameters": True}}, 400, "bad-parameter"),
        ({"target": ""}, 400, "bad-parameter"),
        ({}, 400, "bad-parameter"),
        ([], 400, "bad-syntax"),
    ],
)
def test_a_body_is_refused_for_its_reason(
    client: TestClient, problem: Problem, body: object, status: int, name: str
) -> None:
    problem(client.post("/derive", json=body), status, name)


def test_other_bodies_and_forms_are_refused(client: TestClient, problem: Problem) -> None:
    problem(
        client.post("/derive", content=b"x", headers={"content-type": "text/plain"}),
        415,
        "unsupported-media-type",
    )
    problem(client.get(link(".pdf")), 404, "no-such-path")
    problem(client.get(link(), headers={"Accept": "image/png"}), 406, "not-acceptable")
    problem(client.get(f"{link()}&hardware-count=8"), 400, "bad-parameter")
    both = f"{link()}&{urlencode({'givens': 'hardware-count=8'})}"
    assert "given twice" in problem(client.get(both), 400, "bad-parameter")["detail"]


WORDS = (TARGET, *(f"{name}={value}" for name, value in GIVENS.items()), "--subject", SUBJECT)


@pytest.mark.parametrize(
    ("more", "begin", "said"),
    [
        ((), "  ", "operational emissions = 1.208e5 kgCO2e"),
        (("--unit", "tCO2e"), "  ", f"operational emissions = {KILOGRAMS / 1000:.4g} tCO2e"),
        (("--format", "markdown"), "# operational emissions", "## Steps"),
        (("--format", "md"), "# operational emissions", "## Steps"),
        (("--format", "turtle"), "@prefix", "prov:wasGeneratedBy"),
        (("--format", "python"), "# A derivation", "print("),
        (("--format", "json"), "{", '"plan"'),
        (("--json",), "{", '"plan"'),
    ],
)
def test_the_command_writes_each_form(run: Run, more: tuple[str, ...], begin: str, said: str) -> None:
    code, output, error = run("derive", *WORDS, *more)
    assert (code, error) == (0, "")
    assert output.startswith(begin)
    assert said in output


def test_a_note_tells_each_step_with_number_unit_and_source(run: Run) -> None:
    _, output, _ = run("derive", *WORDS)
    first = output.partition("1. ")[2].splitlines()
    assert first[0] == "training compute = 5.88e23 FLOP"
    assert "[" in first[1]
    assert first[2].strip().startswith("C = k*N*D = 6*")


def test_a_query_derives_by_subject_by_values_and_by_both(shipped: Knowledge) -> None:
    text = "; ".join(f"{name}={value}" for name, value in GIVENS.items())
    rows = shipped.sparql(
        f"""SELECT ?both ?values ?subject ?none {{
            BIND(tvf:derive(quantity:{TARGET}, hardware:h100-sxm, "{text}") AS ?both)
            BIND(tvf:derive("{TARGET}", "{text}; hardware-peak-flops=989.4e12; hardware-power=700") AS ?values)
            BIND(tvf:derive(quantity:training-tokens-per-parameter, model:gpt-3) AS ?subject)
            BIND(tvf:derive(quantity:training-time, model:gpt-3) AS ?none)
        }}"""
    )
    assert rows[0]["both"] == pytest.approx(KILOGRAMS, rel=1e-12)
    assert rows[0]["values"] == pytest.approx(KILOGRAMS, rel=1e-12)
    assert rows[0]["subject"] == pytest.approx(300 / 175, rel=1e-12)
    assert "none" not in rows[0]
    assert any("derive" in warning and "hardware-count" in warning for warning in rows.warnings)


@pytest.mark.parametrize("call", ["", "7, 8", '"nonsense", "a=1"', "quantity:training-time"])
def test_a_call_that_cannot_be_is_a_warning(shipped: Knowledge, call: str) -> None:
    rows = shipped.sparql(f"SELECT ?x {{ BIND(tvf:derive({call}) AS ?x) }}")
    assert list(rows) == [{}]
    assert rows.warnings


def test_python_holds_the_number_the_steps_and_the_documents(shipped: Knowledge) -> None:
    found = shipped.derive(TARGET, GIVENS, subject=SUBJECT, unit="tCO2e")
    assert found.value == pytest.approx(KILOGRAMS / 1000, rel=1e-12)
    assert found.unit == "tCO2e"
    assert [step.number for step in found.steps] == list(range(1, len(found.steps) + 1))
    assert found.to_markdown().startswith("# operational emissions")
    assert "prov:wasDerivedFrom" in found.to_turtle()
    script = subprocess.run(
        [sys.executable, "-I", "-c", found.to_python()], capture_output=True, text=True, check=True
    )
    assert float(script.stdout) == pytest.approx(found.value, rel=1e-12)
    assert "<table>" in found._repr_html_()
    assert "\\begin{aligned}" in found._repr_latex_()
    assert repr(found).startswith("<derivation operational emissions = 120.7")
