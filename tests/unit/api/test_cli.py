"""The command line: answers, exit codes, and errors without a traceback."""

import io
import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from api import cli
from tests.datasets import write_dataset
from tests.unit.api.conftest import Run

EXERCISE = ("training-inference-equivalence", "k_inf=10", "alpha=0.5", "beta=0.3")


@pytest.mark.parametrize(
    ("arguments", "code", "output", "error"),
    [
        (("--version",), 0, "trivium, version", ""),
        (("--help",), 0, "Commands:", ""),
        (("eval", *EXERCISE), 0, "k_train = 3.981", ""),
        (("eval", *EXERCISE), 0, "2.981  Training compute on top", ""),
        (("eval", "formula/chinchilla-loss", "N=70B", "D=1.4T"), 0, "L = 1.937 nat/token", ""),
        (
            ("eval", "chinchilla-loss", "N=70B", "D=1.4T", "--fit", "besiroglu-2024"),
            0,
            "Fit besiroglu-2024",
            "",
        ),
        (("sweep", "chinchilla-loss", "N=1e8..1e12:3", "D=1.4T"), 0, "1e10           2.015", ""),
        (
            ("sweep", "chinchilla-loss", "N=1B..2B", "D=1.4T", "--points", "2", "--csv"),
            0,
            "1000000000.0,2.2",
            "",
        ),
        (("sweep", "chinchilla-loss", "N=1B..2B", "D=1.4T", "--json"), 0, '"points": 50', ""),
        (
            ("sweep", "training-time", "MFU=0..1:3", "n=8", "C=1e24", "F=1e15", "--mask"),
            0,
            "1 points have no",
            "",
        ),
        (
            ("sweep", "training-time", "MFU=0..1:3", "n=8", "C=1e24", "F=1e15"),
            2,
            "",
            "at place 0, counted from 0",
        ),
        (("sweep", "chinchilla-loss", "N=1B", "D=1.4T"), 2, "", "one or two axes"),
        (("sweep", "chinchilla-loss", "N=1..2", "D=1", "--csv", "--json"), 2, "", "one of --csv and --json"),
        (("eval", "training-compute-6nd", "--subject", "model/gpt-3"), 0, "C = 3.1", ""),
        (("eval", "automation-potential", "w=0.5,0.3,0.2", "a=0.2,0.6,0.9"), 0, "A_j = 0.46", ""),
        (("eval", "chinchilla-loss", "N=70B", "Q=1"), 2, "", "symbol 'Q' is not in this formula; it has"),
        (("eval", "chinchilla-loss", "N=70 GB", "D=1T"), 2, "", "N"),
        (("eval", "chinchilla-loss", "N=-1", "D=1T"), 2, "", "outside its domain"),
        (("eval", "chinchilla-loss", "N=__import__('os')", "D=1T"), 2, "", "Error:"),
        (("eval", "chinchilla-loss", "N"), 2, "", "NAME=VALUE"),
        (("eval", "chinchilla-loss", "N=1", "N=2"), 2, "", "one value, not several"),
        (("eval", "chinchila-los"), 1, "", "did you mean chinchilla-loss"),
        (("solve", "chinchilla-loss", "D", "L=2.0", "N=70B"), 0, "D = 4.338e11 token", ""),
        (("solve", "chinchilla-loss", "D"), 0, "D = (B/(L - E - A/N**alpha))**(1/beta)", ""),
        (("solve", "automation-potential", "n_j", "w=1,1", "a=1,0", "A_j=0.5"), 0, "By number, proved", ""),
        (("solve", "automation-potential", "w", "a=1,0", "A_j=0.5"), 4, "", "cannot be solved"),
        (("solve", "chinchilla-loss", "X"), 2, "", "symbol 'X'"),
        (("next", "--goal", "mamba", "--limit", "1"), 0, "1. ", ""),
        (("next", "--know", "attention", "--review"), 0, "review: Attention", ""),
        (("next", "--review"), 0, "nothing to review", ""),
        (("next", "--know", "mambo"), 1, "", "did you mean"),
        (("next", "--limit", "0"), 2, "", "Invalid value for '--limit'"),
        (("plan", "mamba", "--know", "linear-attention"), 0, "13 steps, 109 hours", ""),
        (("plan", "mamba,energy-units"), 0, "31 steps, 304 hours", ""),
        (("plan", "mamba", "--know", "mamba"), 0, "is known already; there is nothing left to learn", ""),
        (("plan", "mamba", "--format", "mermaid"), 0, "flowchart TD", ""),
        (
            ("plan", "mamba", "--hours", "40"),
            0,
            "goals reached, plus the part of all their hours that is done: 0.1329, proven to be the best",
            "",
        ),
        (
            ("plan", "mamba", "--hours", "0"),
            0,
            "None of the goals can be reached in 0 hours; the nearest",
            "",
        ),
        (("plan", "mamba", "--value", "mamba:300", "--price", "1"), 0, "is worth its hours", ""),
        (("plan", "mamba", "--hours", "-3"), 2, "", "a number of hours such as 10"),
        (("plan", "mamba", "--price", "1"), 2, "", "what goals are worth, such as mamba:100"),
        (
            ("plan", "mamba", "--format", "md", "--start", "2027-01-04"),
            0,
            "10 hours a week, from 2027-01-04",
            "",
        ),
        (("plan", "mamba", "--format", "ical", "--start", "2027-01-04"), 0, "BEGIN:VCALENDAR\r\nVERSION", ""),
        (("plan", "mamba", "--format", "ical"), 2, "", "a calendar needs it"),
        (("plan", "mamba", "--format", "pdf"), 2, "", "one of markdown, ical, mermaid"),
        (("plan", "mamba", "--start", "tomorrow"), 2, "", "a day written as 2027-01-04"),
        (("plan", "mamba", "--hours-per-week", "many"), 2, "", "a number of hours such as 10"),
        (("plan", "mamba", "--order", "best"), 2, "", "Invalid value for '--order'"),
        (("plan", "mambo"), 1, "", "did you mean mamba?"),
        (("plan",), 2, "", "Missing argument 'GOAL...'"),
        (("show", "architecture/mamba"), 0, "State-space models (Mamba)", ""),
        (("show", "topic:mamba"), 0, "Requires:\n", ""),
        (("show", "architecture/mamba", "--format", "turtle"), 0, "architecture:mamba", ""),
        (("show", "architecture/mambo"), 1, "", "did you mean"),
        (("show", "architecture/mamba", "--format", "csv"), 2, "", "turtle"),
        (
            ("search", "mixtre", "of", "experts", "--limit", "1"),
            0,
            "searched for 'mixture of experts'\narchitecture/moe  Mixture of Experts\n",
            "",
        ),
        (("search", "chinchila", "--kind", "formulas"), 0, "formula/chinchilla-loss", ""),
        (
            ("search", "mamba quaternions"),
            1,
            "nothing has all these words\nnear to it:\n  model/mamba-2-8b ",
            "",
        ),
        (("search", "zzyzx"), 1, "nothing has all these words\n", ""),
        (("search", " "), 2, "", "parameter 'q' cannot be ' '; it takes some words"),
        (("search", "mamba", "--kind", "mammals"), 2, "", "parameter 'kind' cannot be 'mammals'"),
        (("search",), 2, "", "Missing argument 'TEXT...'"),
        (("query", "ASK { topic:mamba a tv:Topic }"), 0, "true", ""),
        (("query", "SELECT ?x { ?x a tv:Nothing }"), 1, "?x", "no solutions"),
        (("query", "SELECT ?l { topic:mamba skos:prefLabel ?l }", "--format", "csv"), 0, "l\r\n", ""),
        (("query", "CONSTRUCT WHERE { topic:mamba a tv:Topic }"), 0, "topic:mamba a tv:Topic", ""),
        (("query", "CONSTRUCT WHERE { topic:mamba a tv:Topic }", "--json"), 0, '"@id"', ""),
        (("query", "ASK { topic:mamba a tv:Topic }", "--format", "turtle"), 2, "", "json, xml, csv, tsv"),
        (("query", "SELECT * {"), 2, "", "line 1, column"),
        (("query", "no-such.rq"), 2, "", "cannot be read"),
        (("query", "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"), 2, "", "SERVICE at line 1"),
        (("query", "INSERT DATA { <a:a> <a:b> <a:c> }"), 2, "", "INSERT"),
        (("nonsense",), 2, "", "No such command"),
        (("check", "no-such-folder"), 3, "", "no-such-folder"),
        (("query", "ASK {}", "--data", "no-such-folder"), 3, "", "no-such-folder"),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, tuple) else None,
)
def test_a_command_answers_and_says_how_it_went(
    run: Run, arguments: tuple[str, ...], code: int, output: str, error: str
) -> None:
    found = run(*arguments)
    assert found[0] == code, found
    assert output in found[1]
    assert error in found[2]
    assert "Traceback" not in found[2]


def test_a_failing_function_is_told_on_standard_error(run: Run) -> None:
    code, output, error = run(
        "query", 'SELECT (tvf:evaluate(formula:chinchilla-loss, "N=70B; Q=1") AS ?l) {}'
    )
    assert (code, output.split()) == (0, ["?l"])
    assert "symbol 'Q' is not in this formula" in error


@pytest.mark.parametrize(
    ("arguments", "member", "value"),
    [
        (("eval", *EXERCISE), "value", pytest.approx(10**0.6)),
        (("solve", "training-inference-equivalence", "k_inf", "k_train=3.98"), "for", "k_inf"),
        (("next", "--know", "mamba", "--goal", "mamba"), "goal", "mamba"),
        (("search", "mixtre of experts"), "corrected", "mixture of experts"),
        (("show", "topic/mamba"), "label", "Mamba and selective state spaces"),
    ],
    ids=["eval", "solve", "next", "search", "show"],
)
def test_json_is_the_document_of_the_service(
    run: Run, arguments: tuple[str, ...], member: str, value: object
) -> None:
    _, output, _ = run(*arguments, "--json")
    assert json.loads(output)[member] == value


def test_a_query_comes_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("ASK { topic:mamba a tv:Topic }"))
    assert run("query", "-")[:2] == (0, "true\n")


def test_a_query_comes_from_a_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "question.rq"
    path.write_text("ASK { topic:mamba a tv:Topic }", "utf-8")
    assert run("query", str(path))[:2] == (0, "true\n")


def test_every_command_and_option_has_help() -> None:
    for name in cli.COMMANDS:
        command = cli.find_command(name)
        assert command.help, name
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.name not in {
                "host",
                "port",
                "limit",
                "assume",
            }:
                assert parameter.help, (name, parameter.name)


def test_the_installed_command_runs_as_a_process() -> None:
    command = [Path(sys.executable).parent / "trivium", "query", "ASK { topic:mamba a tv:Topic }"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    assert (done.returncode, done.stdout, done.stderr) == (0, "true\n", "")


def test_a_start_imports_no_command() -> None:
    code = "import sys\nimport api.cli\nprint(*sorted(m for m in sys.modules if m.startswith('api.cli.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="/")
    assert done.stdout.split() == ["api.cli.console"]


def test_the_package_runs_as_a_module(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "api.cli", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("trivium, version")


def test_advice_on_prerequisites_is_counted_and_keeps_the_exit_code(run: Run, tmp_path: Path) -> None:
    alone = """topic:alone a tv:Topic ; skos:prefLabel "Alone"@en ; skos:definition "By itself."@en ;
        tv:effortHours 4.0 ; tv:effortBasis basis:estimated ; tv:area area:math ;
        dcterms:source source:galilei1638 ; tv:evidence evidence:estimated ."""
    folder = str(write_dataset(tmp_path, alone=alone))
    code, output, error = run("check", folder)
    assert (code, error) == (0, "notes that need no change: 1; --json tells them\n"), output
    assert output.startswith("clean: ")
    code, output, _ = run("check", folder, "--json")
    (finding,) = json.loads(output)["findings"]
    assert (code, finding["severity"], finding["subject"]) == (0, "note", "topic:alone")
