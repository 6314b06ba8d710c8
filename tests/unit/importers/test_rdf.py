"""Topics from RDF of several vocabularies."""

from pathlib import Path

import pytest

from kg.errors import BadParameter, BadSyntax, InvalidData, TriviumError
from kg.importers.rdf import is_rdf, read_rdf
from kg.model.draft import WrittenGraph

HEAD = """@prefix tv: <https://w3id.org/trivium/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix schema: <https://schema.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix : <https://example.org/t/> .
"""
BROADER = "http://www.w3.org/2004/02/skos/core#broader"
SETS, GROUPS = ':sets a skos:Concept ; skos:prefLabel "Sets"@en .', ":groups a skos:Concept ."


def read(folder: Path, text: str, name: str = "g.ttl", **options: str) -> WrittenGraph:
    path = folder / name
    path.write_text(HEAD + text if name.endswith("ttl") else text, "utf-8")
    return read_rdf(path, **options)


def pairs(graph: WrittenGraph) -> list[tuple[str, str]]:
    return [(pair.topic, pair.prerequisite) for pair in graph.prerequisites]


SAID: list[tuple[str, str, str, dict[str, str]]] = [
    ("ours", "g.ttl", ":groups a tv:Topic ; tv:requires :sets . :sets a tv:Topic .", {}),
    ("Dublin Core", "g.ttl", ":groups dcterms:requires :sets ; rdfs:label 'G' . :sets rdfs:label 'S' .", {}),
    ("Dublin Core, backwards", "g.ttl", f"{SETS} {GROUPS} :sets dcterms:isRequiredBy :groups .", {}),
    (
        "a property that is named",
        "g.ttl",
        f"{SETS} {GROUPS} :groups skos:broader :sets .",
        {"requires": BROADER},
    ),
    (
        *("a property that is named, reversed", "g.ttl", f"{SETS} {GROUPS} :sets skos:broader :groups ."),
        {"requires": BROADER, "direction": "prerequisite-first"},
    ),
    (
        *("N-Triples", "g.nt"),
        "<https://example.org/t/groups> <http://purl.org/dc/terms/requires> <https://example.org/t/sets> .\n"
        '<https://example.org/t/sets> <http://purl.org/dc/terms/title> "S" .\n',
        {},
    ),
    (
        *("a course in JSON-LD", "g.jsonld"),
        '{"@context": {"@vocab": "https://schema.org/"}, "@id": "https://example.org/t/groups", "competencyRequired": '
        '{"@id": "https://example.org/t/sets", "@type": "LearningResource"}}',
        {},
    ),
]


@pytest.mark.parametrize(("name", "text", "options"), [row[1:] for row in SAID], ids=[row[0] for row in SAID])
def test_groups_require_sets_in_any_vocabulary(
    tmp_path: Path, name: str, text: str, options: dict[str, str]
) -> None:
    found = read(tmp_path, text, name, **options)
    assert pairs(found) == [("groups", "sets")]
    assert "sets" in {topic.name for topic in found.topics}


def test_labels_hours_and_reasons_come_along(tmp_path: Path) -> None:
    text = """:groups a tv:Topic ; skos:prefLabel "Gruppen"@de , "Groups"@en ; tv:effortHours 2.5 ; tv:requires :sets ;
      tv:area <https://w3id.org/trivium/vocab/area/math> ; tv:recommends :sets .
    :sets a tv:Topic ; rdfs:label "Sets" ; schema:timeRequired "PT1H30M" .
    :notes a skos:Concept .
    :groups\\#why a tv:Prerequisite ; tv:from :groups ; tv:to :sets ; tv:reason "they are sets"@en ."""
    found = read(tmp_path, text)
    assert [(topic.name, topic.label, topic.hours, topic.area) for topic in found.topics] == [
        ("groups", "Groups", "2.5", "math"),
        ("sets", "Sets", "1.5", ""),
    ]
    assert [pair.reason for pair in found.prerequisites] == ["they are sets"]
    assert [finding.message for finding in found.findings] == [
        "1 statements of tv:recommends are not taken over"
    ]


@pytest.mark.parametrize(
    ("duration", "hours"),
    [("PT90M", "1.5"), ("P1DT6H", "30"), ("P1M", "P1M"), (f"PT{'9' * 5_000}H", "inf")],
    ids=["minutes", "a day and hours", "a month, which has no hours", "no number"],
)
def test_a_duration_is_told_in_hours(tmp_path: Path, duration: str, hours: str) -> None:
    text = f':groups a tv:Topic ; schema:timeRequired "{duration}" ; tv:requires :groups .'
    assert [topic.hours for topic in read(tmp_path, text).topics] == [hours]


def test_iris_that_end_alike_stay_apart(tmp_path: Path) -> None:
    text = """<https://example.org/physics/energy> dcterms:requires <https://example.org/maths/energy> .
    <https://example.org/maths/energy> rdfs:label "E" ."""
    assert pairs(read(tmp_path, text)) == [("physics energy", "maths energy")]


def test_a_folder_is_read_without_what_links_lead_to(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    (inside / "deep").mkdir(parents=True)
    outside.mkdir()
    (inside / "deep" / "a.ttl").write_text(HEAD + ":groups a tv:Topic ; tv:requires :sets .")
    (inside / "b.ttl").write_text(HEAD + ":sets a tv:Topic .")
    (outside / "c.ttl").write_text(HEAD + ":rings a tv:Topic ; tv:requires :groups .")
    (inside / "c.ttl").symlink_to(outside / "c.ttl")
    assert is_rdf(inside)
    assert pairs(read_rdf(inside)) == [("groups", "sets")]


REFUSED: list[tuple[str, str, dict[str, str], type[TriviumError], str]] = [
    ("nothing required", SETS, {}, InvalidData, "says of no topic that it requires another"),
    ("no Turtle", ":a :b", {}, BadSyntax, "g.ttl"),
    ("no IRI", SETS, {"requires": "broader"}, BadParameter, "the IRI of a property"),
    (
        "a direction of nothing",
        SETS,
        {"direction": "prerequisite-first"},
        BadParameter,
        "the property says it",
    ),
    ("no direction", SETS, {"requires": BROADER, "direction": "up"}, BadParameter, "prerequisite-second"),
]


@pytest.mark.parametrize(
    ("text", "options", "kind", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_says_no_order_is_refused(
    tmp_path: Path, text: str, options: dict[str, str], kind: type[TriviumError], words: str
) -> None:
    with pytest.raises(kind) as caught:
        read(tmp_path, text, **options)
    assert words in str(caught.value)
