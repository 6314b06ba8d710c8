"""The ten lines of the ontology page are a formula: added to quantities and sources they are sound, and compute."""

import shutil
from pathlib import Path

import pytest

import ontology
from kg.dataset.report import Report
from kg.rdf.turtle import format_turtle
from kg.services.check import check_dataset
from kg.services.knowledge import open_knowledge

LINES = 10


def ten_lines() -> str:
    """The block under "Add a formula", as it stands."""
    text = (ontology.root() / "README.md").read_text("utf-8")
    return text.split("## Add a formula", 1)[1].split("```turtle\n", 1)[1].split("```", 1)[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Quantities, units and sources of the shipped dataset, with an empty folder of formulas."""
    data = ontology.root() / "data"
    for part in ("quantities", "sources"):
        shutil.copytree(data / part, tmp_path / part)
    shutil.copy(data / "dataset.ttl", tmp_path)
    for part in ("page", "reconstructed", "literature", "observations", "topics"):
        (tmp_path / part).mkdir()
    return tmp_path


def checked(folder: Path, lines: str) -> Report:
    head = (ontology.root() / "data/literature/formulas-serving.ttl").read_text("utf-8").split("\n<", 1)[0]
    text = format_turtle(f"{head}\n{lines}", path="formulas.ttl")
    (folder / "literature/formulas.ttl").write_text(text, "utf-8")
    return check_dataset(folder)


def test_a_formula_is_added_in_ten_lines(folder: Path) -> None:
    lines = ten_lines()
    assert len(lines.strip().splitlines()) <= LINES
    report = checked(folder, lines)
    assert [finding for finding in report.findings if "literature" in finding.file] == []
    assert report.counts["formulas"] == report.counts["examples"] == 1
    formula = open_knowledge(folder).formula("tokens-per-stay")
    assert formula.evaluate(v="2 token/s", t="30 min").value == 3600


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tv:expected 3.6e6", "tv:expected 3.7e6", "is expected"),
        ('"n = v*t"', '"n = v + t"', "dimension"),
        ('"n = v*t"', '"n = v*q"', "without declaring"),
        ("tv:role role:output", "tv:role role:input", "role:output"),
    ],
)
def test_an_edit_that_breaks_it_is_told(folder: Path, old: str, new: str, said: str) -> None:
    findings = checked(folder, ten_lines().replace(old, new)).findings
    assert any(said in f"{finding.message} {finding.hint}" for finding in findings), findings
