"""A description laid out: each thing once, statements with their value, conditions and sources."""

import re

import pytest

from api.cli.text.resources import draw, reference_text
from kg.model.reference import Reference, Table
from kg.services import describe
from kg.services.knowledge import Knowledge


def page_of(knowledge: Knowledge, name: str) -> Reference:
    return describe.lay_out(describe.describe(knowledge, name))


def table_of(page: Reference, title: str) -> Table:
    (found,) = (table for table in page.tables if table.title == title)
    return found


def rows_of(page: Reference, title: str, *columns: str) -> list[tuple[str, ...]]:
    table = table_of(page, title)
    places = [table.columns.index(column) for column in columns]
    return [
        tuple(
            ", ".join(piece if isinstance(piece, str) else piece.label for piece in row[at]) for at in places
        )
        for row in table.rows
    ]


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("formula/chinchilla-loss", ["Variables", "Fits", "Worked examples"]),
        ("model/gpt-3", ["Figures"]),
        ("architecture/mamba", ["Costs", "Standing", "Relations"]),
        ("topic/mamba", ["Requires", "Covers"]),
        ("concept/data-exhaustion", ["Claims", "Relations"]),
        ("concept/hybrid-transformer-ssm", ["Components", "Claims", "Relations"]),
    ],
)
def test_a_page_has_the_tables_of_its_kind(shipped: Knowledge, name: str, titles: list[str]) -> None:
    assert [table.title for table in page_of(shipped, name).tables] == titles


def test_the_figures_of_a_model_are_reported_before_others(shipped: Knowledge) -> None:
    found = rows_of(page_of(shipped, "model/gpt-3"), "Figures", "figure", "value", "how", "source")
    compute = [(value, how) for figure, value, how, _ in found if figure.startswith("training compute")]
    assert compute == [("3.14e23 FLOP", "reported"), ("3.14e23 FLOP", "third-party")]
    assert all(source for *_, source in found)


def test_a_fit_shows_its_values_with_errors_and_the_default_comes_first(shipped: Knowledge) -> None:
    found = rows_of(page_of(shipped, "formula/chinchilla-loss"), "Fits", "fit", "values", "valid for")
    assert found[0][0] == "Hoffmann et al. 2022, as printed (used unless another is named)"
    assert "alpha = 0.3478 ± 0.02" in found[-1][1]
    assert found[0][2] == "D 5e9 to 5e11; N 7e7 to 1.6e10"


def test_a_prerequisite_says_why(shipped: Knowledge) -> None:
    found = dict(rows_of(page_of(shipped, "topic/mamba"), "Requires", "topic", "why, or what it is"))
    assert found["Linear attention"].startswith("Mamba-2 is best understood")


def test_what_a_table_shows_is_no_part_and_nothing_points_twice(shipped: Knowledge) -> None:
    for name in ("formula/chinchilla-loss", "model/gpt-3", "architecture/mamba", "topic/mamba"):
        page = page_of(shipped, name)
        assert page.parts == ()
        assert not {"about", "object", "to", "from"} & {fact.name for fact in page.incoming}


def test_sources_are_numbered_as_a_reader_meets_them(shipped: Knowledge) -> None:
    page = page_of(shipped, "model/gpt-3")
    text = reference_text(page, shipped.prefixes, width=100)
    head, _, sources = text.partition("\nSources:\n")
    marks = [int(mark) for mark in re.findall(r"\[(\d+)\]", head)]
    assert list(dict.fromkeys(marks)) == list(range(1, len(page.sources) + 1))
    assert sources.count("https://") == len(page.sources)


@pytest.mark.parametrize("width", [80, 110])
@pytest.mark.parametrize(
    "name", ["formula/chinchilla-loss", "benchmark/arc-agi-3", "topic/mamba", "architecture/jamba"]
)
def test_no_line_is_wider_than_the_terminal(shipped: Knowledge, name: str, width: int) -> None:
    lines = reference_text(page_of(shipped, name), shipped.prefixes, width=width).splitlines()
    assert [line for line in lines if len(line) > width and " · " not in line] == []


def test_columns_wrap_and_keep_every_word() -> None:
    rows = [("name", "text"), ("a", "one two three four five six seven eight nine ten")]
    drawn = draw(rows, 30)
    assert max(map(len, drawn)) <= 30
    assert " ".join(" ".join(drawn).split()) == "name text a " + rows[1][1]


def test_the_pages_of_all_kinds_can_be_laid_out(shipped: Knowledge) -> None:
    for kind, names in shipped.names.items():
        for iri in sorted(names.values())[:2]:
            page = page_of(shipped, iri)
            assert page.description.label, kind
            assert describe.write_description(page.description).startswith("# ")
