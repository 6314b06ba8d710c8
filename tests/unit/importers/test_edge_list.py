"""Edge lists of several hands: which column comes first, what a third one means, and what is no table."""

from pathlib import Path

import pytest

from kg.errors import BadParameter, InvalidData, NotFound, TooLarge, TriviumError
from kg.importers import source
from kg.importers.edge_list import read_edge_list
from kg.model.draft import WrittenGraph

FIRST, SECOND = "prerequisite-first", "prerequisite-second"


def read(folder: Path, data: str | bytes, **options: object) -> WrittenGraph:
    path = folder / "edges.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_edge_list(path, **options)  # type: ignore[arg-type]


def pairs(graph: WrittenGraph) -> list[tuple[str, str]]:
    """Topic and prerequisite, as they were read."""
    return [(pair.topic, pair.prerequisite) for pair in graph.prerequisites]


LEARNT: list[tuple[str, str | bytes, str]] = [
    ("no header, first", "sets,groups\n", FIRST),
    ("no header, second", "groups,sets\n", SECOND),
    ("neutral header, first", "source,target\nsets,groups\n", FIRST),
    ("neutral header, second", "From;To\ngroups;sets\n", SECOND),
    ("header says it", "topic,prerequisite\ngroups,sets\n", ""),
    ("header says it the other way", "Prerequisite\tConcept\nsets\tgroups\n", ""),
    ("header and flag agree", "prerequisite,topic\nsets,groups\n", FIRST),
    ("byte order mark", b"\xef\xbb\xbftopic,prerequisite\r\ngroups,sets\r\n", ""),
    ("UTF-16", "topic,prerequisite\ngroups,sets\n".encode("utf-16"), ""),
    ("quotes and lines in a field", 'topic,prerequisite\n"groups","  sets\n "\n', ""),
    ("empty lines", "\n\ntopic,prerequisite\n\ngroups,sets\n,\n\n", ""),
    ("judged", "sets,groups,1\ngroups,sets,0\n", FIRST),
    ("judged in words", "from,to,label\nsets,groups,yes\ngroups,sets,No\n", FIRST),
    ("bar between", "sets|groups\n", FIRST),
]


@pytest.mark.parametrize(("data", "direction"), [row[1:] for row in LEARNT], ids=[row[0] for row in LEARNT])
def test_groups_require_sets_however_the_table_says_it(
    tmp_path: Path, data: str | bytes, direction: str
) -> None:
    assert pairs(read(tmp_path, data, direction=direction)) == [("groups", "sets")]


REFUSED: list[tuple[str, str | bytes, str, type[TriviumError], str]] = [
    ("no direction", "sets,groups\n", "", BadParameter, "if 'sets' is learnt before 'groups'"),
    ("no such direction", "sets,groups\n", "forwards", BadParameter, "prerequisite-second"),
    ("against the header", "topic,prerequisite\ngroups,sets\n", FIRST, BadParameter, "prerequisite-second"),
    ("empty", "", FIRST, InvalidData, "holds no pairs"),
    ("blank", " \n,\n", FIRST, InvalidData, "holds no pairs"),
    ("one column", "sets\ngroups\n", FIRST, InvalidData, "edges.csv:1: has one column"),
    ("no topic", "topic,prerequisite\n,sets\n", "", InvalidData, "edges.csv:2: has no topic"),
    ("odd third column", "a,b,c\nsets,groups,because\n", FIRST, InvalidData, "name the columns"),
    (
        "odd judgement",
        "from,to,label\nsets,groups,perhaps\n",
        FIRST,
        InvalidData,
        "edges.csv:2: the judgement",
    ),
    ("odd confidence", "from,to,score\nsets,groups,nan\n", FIRST, InvalidData, "edges.csv:2: the confidence"),
    ("open quote", 'topic,prerequisite\n"groups,sets\n', "", InvalidData, "is no CSV"),
    (
        "Latin-1",
        "topic,prerequisite\ngroups,naïf\n".encode("latin-1"),
        "",
        InvalidData,
        "save the file as UTF-8",
    ),
    ("long name", "topic,prerequisite\ngroups," + "s" * 10_001, "", TooLarge, "a text at edges.csv:2"),
    ("endless field", "topic,prerequisite\ngroups," + "s" * 200_000, "", InvalidData, "field larger"),
]


@pytest.mark.parametrize(
    ("data", "direction", "kind", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_is_no_edge_list_is_refused_with_its_line(
    tmp_path: Path, data: str | bytes, direction: str, kind: type[TriviumError], words: str
) -> None:
    with pytest.raises(kind) as caught:
        read(tmp_path, data, direction=direction)
    assert words in str(caught.value)


def test_the_direction_is_asked_by_the_first_pair_that_counts(tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("1,Sets\n2,Groups\n3,Rings\n")
    with pytest.raises(BadParameter, match="if 'Groups' is learnt before 'Rings'"):
        read(tmp_path, "1,2,0\n2,3,1\n", names=names)


def test_numbers_get_the_names_of_their_table(tmp_path: Path) -> None:
    names = tmp_path / "names.tsv"
    names.write_text("1|Sets|https://example.org\n2|Groups\n")
    found = read(tmp_path, "1,2\n2,7\n", direction=FIRST, names=names)
    assert pairs(found) == [("Groups", "Sets"), ("7", "Groups")]


def test_pairs_that_are_judged_or_unsure_are_counted(tmp_path: Path) -> None:
    found = read(tmp_path, "a,b,0.9\na,c,0.2\nb,c,0.1\n", direction=FIRST, least=0.5)
    assert pairs(found) == [("b", "a")]
    assert [finding.message for finding in found.findings] == ["2 pairs are less sure than 0.5"]
    assert {topic.name for topic in found.topics} == {"b"}


def test_a_row_without_a_prerequisite_is_a_topic(tmp_path: Path) -> None:
    found = read(tmp_path, "topic,prerequisite,name,hours\nsets,,Set theory,2.5\ngroups,sets,,3\n")
    assert pairs(found) == [("groups", "sets")]
    assert [(topic.name, topic.label, topic.hours) for topic in found.topics] == [
        ("sets", "Set theory", "2.5"),
        ("groups", "", "3"),
    ]


def test_rows_that_disagree_on_a_topic_are_told_and_the_first_counts(tmp_path: Path) -> None:
    found = read(tmp_path, "topic,prerequisite,hours\nrings,groups,2\nrings,sets,3\n")
    assert [finding.kind for finding in found.findings] == ["contradiction"]
    assert "'3' here and '2' before" in found.findings[0].message
    assert [topic.hours for topic in found.topics if topic.name == "rings"] == ["2"]


def test_a_table_over_a_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MOST_PREREQUISITES", 1)
    with pytest.raises(TooLarge, match="number of prerequisites"):
        read(tmp_path, "a,b\nb,c\n", direction=FIRST)
    monkeypatch.setattr(source, "MOST_BYTES", 3)
    with pytest.raises(TooLarge, match="in bytes"):
        read(tmp_path, "a,b\n", direction=FIRST)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_edge_list(tmp_path / "missing.csv", direction=FIRST)
    with pytest.raises(InvalidData, match="no regular file"):
        read_edge_list(tmp_path, direction=FIRST)
