"""Folders of concepts as Metacademy keeps them: references by either spelling, blocks, hours, links not followed."""

from pathlib import Path

import pytest

from kg.errors import InvalidData
from kg.importers.metacademy import is_metacademy, read_metacademy
from kg.services.imports import import_graph

FILES = {
    "concepts/ANNOTATED_EXAMPLE/dependencies.txt": "tag: bayes_rule\n",
    "concepts/bayes_rule/dependencies.txt": "tag: conditional-probability\n",
    "concepts/bayes_rule/title.txt": "Bayes' rule\n",
    "concepts/bayes_rule/summary.txt": "# a comment\nTurns one conditional\nprobability into another.\n",
    "concepts/conditional_probability/dependencies.txt": "",
    "concepts/naive_bayes/dependencies.txt": (
        "# what it needs\ntag: bayes-rule\nreason: it is where the name comes from: Bayes\n\n\n"
        "tag: conditional_probability\nshortcut: 1\nreason:\ntag: naive-bayes\ntag: bayes_rule\ntag: entropy\n"
    ),
    "time_estimates/concepts.txt": "bayes_rule 1.5\nnaive_bayes 2.25\nnobody 9\n",
}


def folder_of(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def test_concepts_and_their_dependencies_are_read(tmp_path: Path) -> None:
    found = read_metacademy(folder_of(tmp_path, FILES))
    assert [(topic.name, topic.label, topic.hours) for topic in found.topics] == [
        ("bayes_rule", "Bayes' rule", "1.5"),
        ("conditional_probability", "", ""),
        ("naive_bayes", "", "2.25"),
    ]
    assert found.topics[0].definition == "Turns one conditional probability into another."
    assert [(pair.topic, pair.prerequisite) for pair in found.prerequisites] == [
        ("bayes_rule", "conditional-probability"),
        *(
            ("naive_bayes", tag)
            for tag in ("bayes-rule", "conditional_probability", "naive-bayes", "bayes_rule", "entropy")
        ),
    ]
    assert found.prerequisites[1].reason == "it is where the name comes from: Bayes"
    assert [(finding.kind, finding.place) for finding in found.findings] == [
        ("shortcut", "naive_bayes/dependencies.txt:6")
    ]


@pytest.mark.parametrize("inner", ["", "concepts"])
def test_everything_that_is_repaired_or_left_out_is_told(tmp_path: Path, inner: str) -> None:
    found = import_graph(folder_of(tmp_path, FILES) / inner)
    report = found.report
    assert (report.form, report.pairs, report.topics, report.prerequisites) == ("metacademy", 6, 3, 3)
    assert (report.usual_hours, report.without_hours, report.hours) == (1.88, 1, 1.5 + 2.25 + 1.88)
    assert report.counts == {
        "implied": 1,
        "licence": 1,
        "repeated": 1,
        "self": 1,
        "shortcut": 1,
        "spelling": 3,
        "unknown": 1,
    }
    edges = [(each.topic, each.prerequisite) for each in found.draft.prerequisites]
    assert edges == [
        ("bayes-rule", "conditional-probability"),
        ("naive-bayes", "bayes-rule"),
        ("naive-bayes", "conditional-probability"),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("reason: first\n", 1),
        ("tag: a\nbecause\n", 2),
        ("tag: a\n\nwhy: b\n", 3),
        ("shortcut: 1\ntag: a\n", 1),
    ],
)
def test_a_line_that_is_none_of_the_format_is_refused(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(InvalidData, match=rf"odd/dependencies\.txt:{line}: "):
        read_metacademy(folder_of(tmp_path, {"odd/dependencies.txt": text}))


def test_links_to_elsewhere_are_not_followed(tmp_path: Path) -> None:
    outside = folder_of(tmp_path / "outside", {"secret/dependencies.txt": "tag: a\n", "key": "private"})
    inside = folder_of(tmp_path / "inside", {"a/dependencies.txt": ""})
    (inside / "b").symlink_to(outside / "secret")
    (inside / "a" / "title.txt").symlink_to(outside / "key")
    found = read_metacademy(inside)
    assert [(topic.name, topic.label) for topic in found.topics] == [("a", "")]
    assert not found.prerequisites


@pytest.mark.parametrize("link", ["time_estimates", "time_estimates/concepts.txt"])
def test_hours_behind_a_link_are_not_read(tmp_path: Path, link: str) -> None:
    files = {"a/dependencies.txt": "", "time_estimates/concepts.txt": "a 4.0\n"}
    inside = folder_of(tmp_path / "inside", files)
    assert [topic.hours for topic in read_metacademy(inside).topics] == ["4.0"]
    (inside / link).rename(tmp_path / "elsewhere")
    (inside / link).symlink_to(tmp_path / "elsewhere")
    assert [topic.hours for topic in read_metacademy(inside).topics] == [""]


def test_a_folder_of_something_else_is_none(tmp_path: Path) -> None:
    assert not is_metacademy(tmp_path)
    with pytest.raises(InvalidData, match="no folder with dependencies"):
        read_metacademy(tmp_path)
