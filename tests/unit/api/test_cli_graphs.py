"""Graphs in and out, learner files and exercises, from the command line."""

import json
from pathlib import Path

import pytest

from tests.unit.api.conftest import Run

EDGES = "Sets,Groups\nGroups,Rings\nRings,Groups\nSets,Sets\nSets,Rings\n"


def test_an_edge_list_is_plannable_at_once(run: Run, tmp_path: Path) -> None:
    edges, out = tmp_path / "edges.csv", str(tmp_path / "my-graph")
    edges.write_text(EDGES)
    code, output, error = run("import", str(edges), "-o", out)
    assert (code, output) == (2, "")
    assert "if 'Sets' is learnt before 'Groups'" in error
    code, output, error = run("import", str(edges), "-o", out, "--direction", "prerequisite-first")
    assert code == 0
    assert output.splitlines() == [
        f"{out}: 2 topics, 1 prerequisites, 3 hours",
        "3 topics without hours: 1 each",
        f"next: trivium plan TOPIC --data {out}",
    ]
    assert "cycles, each made one topic: 1\n  groups, rings: 2 topics require each other" in error
    assert "topics that would require themselves: 1\n  edges.csv:4: sets" in error
    assert run("check", out)[0] == 0
    code, output, _ = run("plan", "rings", "--data", out)
    assert code == 0
    assert output.startswith("1. Sets (sets), 1 h\n")
    assert "2. Groups, Rings (groups-and-rings), 2 h" in output


def test_the_report_of_an_import_is_json_too(run: Run, tmp_path: Path) -> None:
    edges, out = tmp_path / "edges.csv", tmp_path / "out"
    edges.write_text(EDGES)
    command = ("import", str(edges), "-o", str(out), "--direction", "prerequisite-first", "--json")
    code, output, error = run(*command)
    document = json.loads(output)
    assert (code, error) == (0, "")
    assert (document["format"], document["pairs"], document["topics"], document["prerequisites"]) == (
        "csv",
        5,
        2,
        1,
    )
    assert document["counts"] == {"cycle": 1, "licence": 1, "self": 1}
    assert document["findings"][0]["topics"] == ["groups", "rings"]
    assert sorted(document["files"]) == sorted(str(p.relative_to(out)) for p in out.rglob("*.ttl"))
    code, _, error = run(*command)
    assert code == 2
    assert "--force" in error
    assert run(*command, "--force")[0] == 0


@pytest.mark.parametrize("form", ["csv", "graphml", "turtle"])
def test_an_export_comes_back_as_the_same_graph(run: Run, tmp_path: Path, form: str) -> None:
    path, out = tmp_path / f"topics.{'ttl' if form == 'turtle' else form}", str(tmp_path / "again")
    assert run("export", "--format", form, "-o", str(path)) == (0, "", "")
    assert run("export", "--format", form)[1].encode() == path.read_bytes()
    assert run("import", str(path), "-o", out)[0] == 0
    before = run("plan", "mamba")[1].splitlines()
    # Authored paths and exercises are no part of the prerequisite graph.
    kept = [line for line in before if "What to Learn Next" not in line and "exercise:" not in line]
    assert run("plan", "mamba", "--data", out)[1].splitlines() == kept
    code, _, error = run("export", "-o", str(path))
    assert code == 2
    assert "--force" in error
    assert run("export", "-o", str(path), "--force")[0] == 0


def test_a_graph_has_no_other_format(run: Run, tmp_path: Path) -> None:
    code, output, error = run("export", "--format", "pdf")
    assert (code, output) == (2, "")
    assert "one of csv, graphml, turtle" in error
    assert run("export", "-o", str(tmp_path / "no" / "file"))[0] == 2


def test_a_learner_keeps_a_file(run: Run, tmp_path: Path) -> None:
    me = tmp_path / "me.json"
    code, output, _ = run(
        "learner", str(me), "--learned", "linear-attention,topic:mamba", "--on", "2027-01-04"
    )
    assert (code, output) == (0, "linear-attention  2027-01-04\nmamba  2027-01-04\n2 topics\n")
    assert json.loads(me.read_text()) == {
        "topics": [{"topic": slug, "on": "2027-01-04"} for slug in ("linear-attention", "mamba")]
    }
    assert "is known already" in run("plan", "mamba", "--learner", str(me))[1]
    stated = run("next", "--know", "linear-attention,mamba")[1]
    assert run("next", "--learner", str(me))[1] == stated
    code, output, _ = run("learner", str(me), "--forgotten", "mamba", "--json")
    assert "mamba" not in [each["topic"] for each in json.loads(output)["topics"]]
    assert run("plan", "mamba", "--learner", str(me))[1].startswith("1. Mamba")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["me.json"]
    assert me.stat().st_mode & 0o777 == 0o600


FILES: list[tuple[str, int, str]] = [
    ("", 2, "line 1"),
    ("[]", 2, "a list, as in"),
    ('{"topics": {}}', 2, "a list, as in"),
    ('{"topics": ["mambo"]}', 1, "did you mean mamba"),
    ('{"known": []}', 2, "the members are topics"),
    ("[" * 100_000, 2, "no JSON"),
    ("9" * 5_000, 2, "no JSON"),
    ("\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), 2, "learner file"),
]


@pytest.mark.parametrize(("text", "code", "words"), FILES)
def test_a_file_that_is_no_learner_is_refused(
    run: Run, tmp_path: Path, text: str, code: int, words: str
) -> None:
    me = tmp_path / "me.json"
    me.write_bytes(text.encode("latin-1"))
    for command in (("next",), ("plan", "mamba")):
        status, output, error = run(*command, "--learner", str(me))
        assert (status, output) == (code, ""), error
        assert words in error


def test_a_learner_file_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    for command in (("learner", str(tmp_path / "me.json")), ("next", "--learner", str(tmp_path / "me.json"))):
        code, _, error = run(*command)
        assert code == 1
        assert "there is no file" in error
    code, _, error = run("learner", str(tmp_path / "no" / "me.json"), "--learned", "mamba")
    assert code == 2
    assert "can be written" in error


EXERCISES: list[tuple[tuple[str, ...], int, str]] = [
    ((), 0, "6 hints: --hint 1"),
    (("--hint", "6"), 0, "hint 6 of 6: Put the values in\nk_train = 10**(0.3/0.5)"),
    (("--check", "3.98"), 0, "As a factor"),
    (("--check", "2.98"), 0, "As an addition"),
    (("--check=-3.98",), 1, "the sign is wrong"),
    (("--check", "7", "--json"), 1, '"slip": ""'),
    (("--hint", "2", "--json"), 0, '"next": "/exercises/mathematical/hints?n=3"'),
    (("--json",), 0, '"checkable": true'),
]


@pytest.mark.parametrize(("options", "code", "words"), EXERCISES)
def test_an_exercise_is_shown_hinted_at_and_checked(
    run: Run, options: tuple[str, ...], code: int, words: str
) -> None:
    status, output, _ = run("exercise", "mathematical", *options)
    assert status == code
    assert words in output


def test_a_hint_and_a_check_at_once_are_refused(run: Run) -> None:
    code, _, error = run("exercise", "mathematical", "--hint", "1", "--check", "3")
    assert code == 2
    assert "one at a time" in error
    assert run("exercise", "mathematical", "--hint", "7")[0] == 2
    assert run("exercise", "conceptual", "--check", "3")[0] == 3
