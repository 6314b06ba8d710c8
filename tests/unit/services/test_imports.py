"""Imported graphs as datasets: sound by their shapes, plannable at once, and the same after export and import."""

from pathlib import Path

import pytest

from kg.errors import BadParameter, InvalidData, NotFound, TriviumError
from kg.importers.draft import slug_of
from kg.services.check import check_dataset
from kg.services.exports import write_graph
from kg.services.imports import import_graph, write_folder
from kg.services.knowledge import Knowledge, open_knowledge

CYCLIC = """source,target,label
Machine translation,BLEU,1
BLEU,ROUGE,1
ROUGE,BLEU,1
Probability,Machine translation,1
BLEU,Evaluation,1
ROUGE,Probability,0
"""
REVERSED = (
    "Physical_quantity,Number\nVelocity,Physical_quantity\nVelocity,Number\nVelocity,Position_(vector)\n"
)


def brought_in(folder: Path, name: str, text: str, **options: object) -> Knowledge:
    path = folder / name
    path.write_text(text, "utf-8")
    found = import_graph(path, **options)  # type: ignore[arg-type]
    write_folder(found.files, folder / "out")
    return open_knowledge(folder / "out")


def test_a_graph_with_a_cycle_is_sound_and_plannable_by_the_names_of_its_members(tmp_path: Path) -> None:
    knowledge = brought_in(tmp_path, "pairs.csv", CYCLIC, direction="prerequisite-first")
    report = check_dataset(tmp_path / "out")
    assert report.conforms, report.findings
    for goal in ("bleu", "rouge", "bleu-and-rouge"):
        plan = knowledge.learning.plan([goal])
        assert [step.slug for step in plan.steps] == ["probability", "machine-translation", "bleu-and-rouge"]
        assert plan.steps[-1].label == "BLEU, ROUGE"
        assert plan.hours == 4.0


def test_the_second_column_may_be_the_prerequisite(tmp_path: Path) -> None:
    knowledge = brought_in(tmp_path, "physics.preqs", REVERSED, form="csv", direction="prerequisite-second")
    assert check_dataset(tmp_path / "out").conforms
    plan = knowledge.learning.plan(["velocity"])
    assert {step.label for step in plan.steps} == {
        "Number",
        "Physical quantity",
        "Position (vector)",
        "Velocity",
    }
    assert plan.steps[-1].slug == "velocity"


def test_areas_reasons_and_odd_texts_are_sound_as_well(tmp_path: Path) -> None:
    text = (
        "topic,prerequisite,name,hours,area,reason,confidence\n"
        '"微积分",sets,"A ""quoted"" \\ name",2,Pure maths,"because ""so"" \\n",0.9\nrings,sets,,,math,,0.25\n'
    )
    knowledge = brought_in(
        tmp_path, "odd.csv", text, title='My "graph"', licence="https://example.org/licence"
    )
    assert check_dataset(tmp_path / "out").conforms
    assert knowledge.title == 'My "graph"'
    topics = {topic.record.label: topic.record for topic in map(knowledge.topic, ("rings", "sets"))}
    assert topics["rings"].area == "math"
    plan = knowledge.learning.plan([slug_of("微积分")])
    assert [step.label for step in plan.steps] == ["sets", 'A "quoted" \\ name']


@pytest.mark.parametrize("form", ["csv", "graphml", "turtle"])
def test_the_shipped_topics_plan_alike_after_export_and_import(
    tmp_path: Path, shipped: Knowledge, form: str
) -> None:
    suffix = {"csv": "csv", "graphml": "graphml", "turtle": "ttl"}[form]
    again = brought_in(tmp_path, f"topics.{suffix}", write_graph(shipped, form), base=shipped.base)
    goals = ["mamba", "mixture-of-experts", "ai-governance"]
    for order in ("recall", "focus", "area", "short"):
        before = shipped.learning.plan(goals, ["linear-algebra"], order=order)
        after = again.learning.plan(goals, ["linear-algebra"], order=order)
        assert [(s.iri, s.label, s.hours, s.area, s.requires, s.serves) for s in after.steps] == [
            (s.iri, s.label, s.hours, s.area, s.requires, s.serves) for s in before.steps
        ]
        assert (after.hours, after.hours_saved, after.metric) == (
            before.hours,
            before.hours_saved,
            before.metric,
        )
    assert len(again.list("topic")) == len(shipped.list("topic"))


@pytest.mark.parametrize("form", ["csv", "graphml", "turtle"])
def test_an_export_is_the_same_after_a_round(tmp_path: Path, form: str) -> None:
    suffix = {"turtle": "ttl"}.get(form, form)
    first = brought_in(
        tmp_path, "pairs.csv", CYCLIC, direction="prerequisite-first", base="https://example.org/g/id/"
    )
    text = write_graph(first, form)
    inner = tmp_path / "again"
    inner.mkdir()
    second = brought_in(inner, f"pairs.{suffix}", text, base="https://example.org/g/id/")
    again = write_graph(second, form)
    if form == "turtle":  # Hours of a knot are estimated at first, and stated once they are written.
        text = text.replace("basis:estimated", "basis:stated-in-source")
    assert again == text


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text(CYCLIC)
    first, second = (import_graph(path, direction="prerequisite-first").files for _ in range(2))
    assert first == second


OPTIONS: list[tuple[str, dict[str, object], type[TriviumError], str]] = [
    ("g.csv", {"form": "xml"}, BadParameter, "one of csv, metacademy"),
    ("g.odd", {}, BadParameter, "the name g.odd does not tell"),
    ("none.csv", {}, NotFound, "none.csv"),
    (
        "g.csv",
        {"direction": "prerequisite-first", "requires": "http://x.y/z"},
        BadParameter,
        "it is for turtle",
    ),
    ("g.ttl", {"names": "n.csv"}, BadParameter, "it is for csv"),
    ("g.ttl", {"least": 0.5}, BadParameter, "it is for csv"),
    ("g.csv", {"direction": "prerequisite-first", "least": 1.5}, BadParameter, "a number from 0 to 1"),
    (
        "g.csv",
        {"direction": "prerequisite-first", "base": "https://example.org/x"},
        BadParameter,
        "ends with / or #",
    ),
    ("g.csv", {"direction": "prerequisite-first", "base": "my graph/"}, BadParameter, "an absolute IRI"),
    ("g.csv", {"direction": "prerequisite-first", "licence": "MIT"}, BadParameter, "an absolute IRI"),
    ("g.csv", {"direction": "prerequisite-first", "hours": -2.0}, BadParameter, "above 0"),
    (".", {}, BadParameter, "does not tell"),
    (".", {"form": "csv"}, InvalidData, "no folder of the format csv"),
]


@pytest.mark.parametrize(("name", "options", "kind", "words"), OPTIONS)
def test_options_that_are_off_are_refused(
    tmp_path: Path, name: str, options: dict[str, object], kind: type[TriviumError], words: str
) -> None:
    for each in ("g.csv", "g.odd"):
        (tmp_path / each).write_text(CYCLIC)
    folder = tmp_path / "empty"
    folder.mkdir()
    if name == "g.ttl":
        (tmp_path / name).write_text("<a:b> <a:c> <a:d> .")
    path = folder if name == "." else tmp_path / name
    with pytest.raises(kind) as caught:
        import_graph(path, **options)  # type: ignore[arg-type]
    assert words in str(caught.value)


def test_nothing_is_written_over_or_outside(tmp_path: Path) -> None:
    files = {"dataset.ttl": "new", "topics/topics.ttl": "new"}
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "topics.ttl").write_text("theirs")
    full = tmp_path / "full"
    full.mkdir()
    (full / "notes.txt").write_text("mine")
    with pytest.raises(BadParameter, match="--force"):
        write_folder(files, full)
    assert sorted(path.name for path in full.iterdir()) == ["notes.txt"]
    write_folder(files, full, force=True)
    assert sorted(path.name for path in full.rglob("*")) == [
        "dataset.ttl",
        "notes.txt",
        "topics",
        "topics.ttl",
    ]

    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / "topics").symlink_to(outside)
    with pytest.raises(BadParameter, match="not a link"):
        write_folder(files, linked, force=True)
    (linked / "topics").unlink()
    (linked / "dataset.ttl").unlink()
    (linked / "dataset.ttl").symlink_to(outside / "topics.ttl")
    write_folder(files, linked, force=True)
    assert (outside / "topics.ttl").read_text() == "theirs"
    assert (linked / "dataset.ttl").read_text() == "new"

    for odd in (full / "notes.txt", tmp_path / "away"):
        if not odd.exists():
            odd.symlink_to(outside)
        with pytest.raises(BadParameter, match="a folder, or the name of a new one"):
            write_folder(files, odd, force=True)


def test_alternatives_are_never_lost_without_a_word(tmp_path: Path) -> None:
    brought_in(
        tmp_path, "pairs.csv", CYCLIC, direction="prerequisite-first", base="https://example.org/g/id/"
    )
    (tmp_path / "out" / "topics" / "choices.ttl").write_text(
        """@base <https://example.org/g/id/topic/> .
        @prefix tv: <https://w3id.org/trivium/ontology#> .
        <machine-translation> tv:requiresOneOf <machine-translation#one> .
        <machine-translation#one> a tv:Alternatives ; tv:option <probability> , <evaluation> ; tv:reason "either"@en ."""
    )
    knowledge = open_knowledge(tmp_path / "out")
    for form in ("csv", "graphml"):
        with pytest.raises(BadParameter, match="machine-translation has alternatives"):
            write_graph(knowledge, form)
    path = tmp_path / "topics.ttl"
    path.write_text(write_graph(knowledge, "turtle"), "utf-8")
    assert "tv:option topic:evaluation , topic:probability" in path.read_text("utf-8")
    findings = import_graph(path).report.findings
    assert "1 statements of tv:requiresOneOf are not taken over" in [found.message for found in findings]
