"""Each kind of defect, planted in a small dataset, is found with file, line, subject, rule and what to do."""

from pathlib import Path

import pytest

from kg.dataset.files import DatasetFiles
from kg.dataset.report import Finding, Report
from kg.dataset.validate import validate_dataset
from tests.datasets import PREFIXES, TOPICS, write_dataset

HEAD_LINES = PREFIXES.count("\n")
"""A line of a planted file stands below the prefixes."""
TOPIC = """\
<https://stones.example/id/topic/throwing> a tv:Topic ;
    skos:prefLabel "Throwing"@en ;
    skos:definition "How to throw."@en ;
    dcterms:source source:galilei1638 ;
    tv:area area:science ;
    tv:effortBasis basis:estimated ;
    tv:effortHours 1.0 ;
    tv:evidence evidence:estimated .
"""


def without(line: str) -> str:
    assert line in TOPIC
    return TOPIC.replace(line, "")


def instead(old: str, new: str) -> str:
    assert old in TOPIC
    return TOPIC.replace(old, new)


# Name → planted text, line in it, subject, words of rule, message and hint, in this order.
PLANTED: dict[str, tuple[str, int, str, str]] = {
    "missing label": (
        without('    skos:prefLabel "Throwing"@en ;\n'),
        1,
        "topic:throwing",
        "min count of skos:prefLabel Add skos:prefLabel",
    ),
    "two labels": (
        instead('"Throwing"@en', '"Throwing"@en , "Hurling"@en'),
        2,
        "topic:throwing",
        "skos:prefLabel",
    ),
    "missing source": (
        without("    dcterms:source source:galilei1638 ;\n"),
        1,
        "topic:throwing",
        "min count of dcterms:source Add dcterms:source",
    ),
    "wrong datatype": (
        instead("tv:effortHours 1.0", 'tv:effortHours "much"'),
        7,
        "topic:throwing",
        "datatype of tv:effortHours 'much' Write tv:effortHours",
    ),
    "unknown term": (
        instead("tv:effortHours", "tv:efortHours"),
        1,
        "topic:throwing",
        "does not declare tv:efortHours spelling",
    ),
    "dangling link": (
        instead("tv:area area:science", "tv:area area:sience"),
        1,
        "topic:throwing",
        "no file describes area:sience correct the IRI",
    ),
    "triple in two graphs": (
        TOPIC + '<https://stones.example/id/hardware/pisa>\n    skos:definition "It leans."@en .\n',
        10,
        "hardware:pisa",
        "a triple stands in one graph \"It leans.\"@en also stands in towers/towers.ttl:",
    ),
    "blank node": (
        TOPIC + "<https://stones.example/id/topic/falling> a tv:Topic ;\n    tv:requires [ a tv:Topic ] .\n",
        10,
        "topic:falling",
        "no blank nodes tv:requires name it as a part",
    ),
    "prefix bent": (
        "@prefix topic: <https://elsewhere.example/> .\n" + TOPIC,
        1,
        "",
        "one namespace topic: is <https://elsewhere.example/> here",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """All defects at once, each in a file and under a slug of its own: one run of the shapes for all."""
    texts = {}
    for name, (text, *_) in PLANTED.items():
        texts[slug(name)] = text.replace("topic/throwing", f"topic/{slug(name).replace('_', '-')}")
    folder = write_dataset(tmp_path_factory.mktemp("planted"), **texts)
    return validate_dataset(DatasetFiles.at(folder))


def slug(name: str) -> str:
    return name.replace(" ", "_")


def words_of(finding: Finding) -> str:
    return f"{finding.rule} {finding.message} {finding.hint}"


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_defect_is_found_at_its_line(report: Report, name: str) -> None:
    _, line, subject, words = PLANTED[name]
    subject = subject.replace("throwing", slug(name).replace("_", "-"))
    found = [finding for finding in report.findings if finding.file == f"physics/{slug(name)}.ttl"]
    fitting = [
        finding
        for finding in found
        if finding.subject == subject and all(word in words_of(finding) for word in words.split())
    ]
    assert fitting, "\n".join(map(str, found)) or "nothing was found in this file"
    assert line + HEAD_LINES in {finding.line for finding in fitting}, fitting
    assert all(finding.hint for finding in fitting)


def test_findings_are_sorted_and_shown_with_place_subject_rule_and_hint(report: Report) -> None:
    assert list(report.findings) == sorted(set(report.findings))
    shown = next(str(each) for each in report.findings if each.file.endswith("missing_source.ttl"))
    assert shown.startswith(f"physics/missing_source.ttl:{1 + HEAD_LINES}: error: topic:missing-source: ")
    assert not report.conforms
    assert report.skipped == ""


def test_a_sound_dataset_has_no_findings(tmp_path: Path) -> None:
    report = validate_dataset(DatasetFiles.at(write_dataset(tmp_path)))
    assert report.findings == ()
    assert report.conforms
    assert report.counts["files"] > 20
    assert report.counts["shapes"] > 100
    assert report.counts["queries"] >= 15


def test_every_file_that_does_not_parse_is_named_and_the_shapes_wait(tmp_path: Path) -> None:
    folder = write_dataset(
        tmp_path,
        one="<https://x.example/a> a tv:Topic ;\n  tv:area ; .",
        two="exx:a a tv:Topic .",
        three=TOPIC,
    )
    (folder / "towers" / "four.ttl").write_bytes(b"# ok\n# \xff\n")
    report = validate_dataset(DatasetFiles.at(folder))
    found = {finding.file: finding for finding in report.findings}
    assert sorted(found) == ["physics/one.ttl", "physics/two.ttl", "towers/four.ttl"]
    assert found["physics/one.ttl"].line == HEAD_LINES + 2
    assert "prefix exx: is not declared" in found["physics/two.ttl"].message
    assert "@prefix exx: <…> ." in found["physics/two.ttl"].hint
    assert (found["towers/four.ttl"].line, "no UTF-8" in found["towers/four.ttl"].message) == (2, True)
    assert "were not run" in report.skipped
    assert not report.conforms


def test_turtle_that_no_graph_takes_is_named(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path)
    (folder / "more").mkdir()
    (folder / "more" / "topics.ttl").write_text(PREFIXES + TOPICS)
    (folder / "loose.ttl").write_text("")
    report = validate_dataset(DatasetFiles.at(folder))
    assert [finding.file for finding in report.findings] == ["loose.ttl", "more/topics.ttl"]
    assert "tv:graphFolder" in report.findings[0].hint
