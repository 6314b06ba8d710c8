"""A planted defect of each kind is named with its file, its subject and the rule that it breaks."""

from pathlib import Path

import pytest

from kg.dataset.report import Finding, Report
from kg.errors import BadSyntax, InvalidData
from kg.services.check import check_dataset
from tests.datasets import write_dataset

VARIABLES = """
<{slug}#t> a tv:Variable ; skos:prefLabel "Time"@en ; tv:symbol "t" ; tv:role role:output ;
    tv:ofQuantity quantity:time ; tv:hasUnit unit:second .
<{slug}#h> a tv:Variable ; skos:prefLabel "Height"@en ; tv:symbol "h" ; tv:role role:input ;
    tv:ofQuantity quantity:height ; tv:hasUnit unit:metre ; tv:minExclusive 0.0e0 .
<{slug}#v> a tv:Variable ; skos:prefLabel "Slowness"@en ; tv:symbol "v" ; tv:role role:input ;
    tv:ofQuantity quantity:time ; tv:hasUnit unit:second .
"""
EXAMPLE = """
<{slug}#example-1> a tv:WorkedExample ; tv:givens "h=2; v=3" ; tv:expected {expected} ;
    tv:relativeTolerance 1.0e-9 ; tv:basis basis:computed-here ; dcterms:source source:galilei1638 ;
    tv:evidence evidence:computed .
"""
HEAD = """
@base <https://stones.example/id/formula/> .
<{slug}> a tv:Formula ; skos:prefLabel "Broken"@en ; skos:definition "It is broken."@en ;
    dcterms:source source:galilei1638 ; tv:evidence evidence:published ; tv:verification verification:unseen ;
    tv:expression "{expression}" ; tv:formulaKind formula-kind:law ;
    tv:hasVariable <{slug}#t> , <{slug}#h> , <{slug}#v> {more} .
"""


def formula(slug: str, expression: str, *, expected: str = "3.0e0", more: str = "") -> str:
    """A formula of its own, whole but for what its expression, example or further properties break."""
    has_example = f"; tv:hasExample <{slug}#example-1> " if expected else ""
    text = HEAD.format(slug=slug, expression=expression, more=has_example + more)
    text += VARIABLES.format(slug=slug)
    return text + (EXAMPLE.format(slug=slug, expected=expected) if expected else "")


READING = """
<reading#reading-1> a tv:Reading ; skos:prefLabel "Otherwise"@en ; dcterms:source source:galilei1638 ;
    tv:evidence evidence:estimated ; tv:certainty 0.5 ; tv:meaning "With another name."@en ;
    tv:expression "t = v*w" .
"""

DEFECTS = {
    "undeclared": formula("undeclared", "t = v*x + 0*h"),
    "unused": formula("unused", "t = v"),
    "syntax": formula("syntax", "t = v*(h + "),
    "dimension": formula("dimension", "t = v + h"),
    "example": formula("example", "t = v + 0*v*h/h", expected="4.0e0"),
    "latex": formula("latex", "t = v + 0*v*h/h", more='; tv:latex "t = 2 v" '),
    "no_example": formula("no-example", "t = v + 0*v*h/h", expected=""),
    "default_set": formula(
        "default-set",
        "t = v + 0*v*h/h",
        more='; tv:defaultConstantSet <default-set#mars> ; tv:rationale "Why not."@en ',
    ),
    "reading": formula("reading", "t = v + 0*v*h/h", more="; tv:hasReading <reading#reading-1> ") + READING,
    "role": formula("role", "t = v + 0*v*h/h").replace(
        'tv:symbol "h" ; tv:role role:input', 'tv:symbol "h" ; tv:role role:guest'
    ),
    "label": '<https://stones.example/id/concept/well> a tv:Concept ; skos:definition "A hole."@en ;\n'
    "    dcterms:source source:galilei1638 ; tv:evidence evidence:estimated .",
    "twice": '<https://stones.example/id/concept/tower> skos:definition "A high building."@en .',
    "number": "<https://stones.example/id/observation/pisa-odd> a tv:Observation ;\n"
    '    skos:prefLabel "Odd"@en ;\n'
    '    tv:about hardware:pisa ; tv:ofQuantity quantity:height ; tv:value "much" ; tv:hasUnit unit:metre ;\n'
    "    tv:method method:reported ; dcterms:source source:galilei1638 ; tv:evidence evidence:published ;\n"
    '    tv:date "1990"^^xsd:gYear ; tv:verification verification:unseen .',
}
CYCLE = ("physics/topics.ttl", "tv:evidence evidence:estimated .\n<roots>", "tv:requires <falling> ;\n"
         "    tv:evidence evidence:estimated .\n<roots>")  # fmt: skip
QUESTION = "# How many topics are there?\nSELECT (COUNT(?topic) AS ?count) WHERE { ?topic a tv:Topic }\n"
EXPECTED = [
    ("physics/undeclared.ttl", "formula:undeclared", "an expression and its variables fit", "x without decl"),
    (
        "physics/unused.ttl",
        "formula:unused",
        "an expression and its variables fit",
        "h, which its",
    ),
    ("physics/syntax.ttl", "formula:syntax", "an expression is written in the grammar", "column"),
    ("physics/dimension.ttl", "formula:dimension", "dimensions agree", "metre"),
    (
        "physics/example.ttl",
        "formula:example#example-1",
        "a worked example gives its number",
        "4 is",
    ),
    (
        "physics/latex.ttl",
        "formula:latex",
        "an author's LaTeX is proved equal",
        "t = 2 v beside t = v + 0*v*h/h",
    ),
    ("physics/no_example.ttl", "formula:no-example", "shape: min count of tv:hasExample", ""),
    ("physics/default_set.ttl", "formula:default-set", "tv:defaultConstantSet", ""),
    ("physics/reading.ttl", "formula:reading#reading-1", "a reading's expression fits", "w without decl"),
    ("physics/role.ttl", "formula:role#h", "a record holds what is read from it", "no tv:role"),
    ("physics/label.ttl", "concept:well", "shape: min count of skos:prefLabel", ""),
    ("physics/twice.ttl", "concept:tower", "a triple stands in one graph", "towers/towers.ttl"),
    ("physics/number.ttl", "observation:pisa-odd", "tv:value", "much"),
    ("physics/topics.ttl", "topic:counting", "prerequisites form no cycle", "counting → falling → roots → c"),
    ("competency/topics.rq", "", "a competency question has its golden answer", "expected '4'"),
    ("competency/new.rq", "", "a competency question has its golden answer", "there is no new.csv"),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report of a dataset with every defect of the table."""
    folder = write_dataset(tmp_path_factory.mktemp("broken"), CYCLE, **DEFECTS)
    (folder / "competency").mkdir()
    (folder / "competency" / "topics.rq").write_text(QUESTION)
    (folder / "competency" / "topics.csv").write_text("count\n4\n")
    (folder / "competency" / "new.rq").write_text(QUESTION)
    return check_dataset(folder)


@pytest.mark.parametrize(("file", "subject", "rule", "words"), EXPECTED, ids=[row[0] for row in EXPECTED])
def test_a_planted_defect_is_named(report: Report, file: str, subject: str, rule: str, words: str) -> None:
    found = [
        finding
        for finding in report.findings
        if (finding.file, finding.subject) == (file, subject) and rule in finding.rule
    ]
    assert found, "\n".join(map(str, report.findings))
    assert any(words in finding.message for finding in found)
    assert all(finding.line > 0 for finding in found)
    assert all(finding.severity == "error" for finding in found)


def test_a_finding_points_to_the_line_of_the_property(report: Report) -> None:
    syntax = next(finding for finding in report.findings if finding.file == "physics/syntax.ttl")
    assert isinstance(syntax, Finding)
    assert syntax.line > 25, "below the prefixes, where the expression stands"
    assert not report.conforms


def test_one_broken_record_hides_no_other(report: Report) -> None:
    broken = {finding.file for finding in report.findings}
    assert {file for file, *_ in EXPECTED} <= broken


def test_findings_come_sorted_and_once(report: Report) -> None:
    assert list(report.findings) == sorted(set(report.findings))


def test_a_sound_dataset_has_no_findings_and_counts_what_was_looked_at(tmp_path: Path) -> None:
    report = check_dataset(write_dataset(tmp_path))
    assert report.findings == ()
    assert report.conforms
    assert (report.counts["formulas"], report.counts["examples"], report.counts["topics"]) == (2, 1, 3)


def test_a_unit_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    change = ("physics/quantities.ttl", '"metre/second^2"', '"metre/second^two"')
    report = check_dataset(write_dataset(tmp_path, change))
    assert any(
        finding.subject == "unit:acceleration" and "metre/second^two" in finding.message
        for finding in report.findings
    )


def test_a_file_that_does_not_parse_is_named_with_its_line_and_the_rest_said_to_wait(tmp_path: Path) -> None:
    report = check_dataset(write_dataset(tmp_path, broken="<a> a tv:Concept ;\n  skos:prefLabel ; ."))
    (finding,) = report.findings
    assert (finding.file, finding.rule) == ("physics/broken.ttl", "Turtle syntax")
    assert finding.line >= 25, "below the prefixes"
    assert "formulas and prerequisites" in report.skipped
    assert not report.conforms


def test_a_folder_that_is_no_dataset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidData, match=r"there is no dataset\.ttl"):
        check_dataset(tmp_path)
    (tmp_path / "dataset.ttl").write_text("<a> <b>")
    with pytest.raises(BadSyntax, match=r"dataset\.ttl"):
        check_dataset(str(tmp_path))


def test_the_shipped_dataset_is_sound() -> None:
    report = check_dataset()
    assert report.findings == (), "\n".join(map(str, report.findings))
    assert report.conforms
    assert report.counts["questions"] >= 137
