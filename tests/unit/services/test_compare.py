"""Things side by side: every value with its source, what is missing said, nothing invented."""

import csv
import io

import pytest

from kg.errors import BadParameter, NotFound, TooLarge, TriviumError
from kg.model.comparison import Comparison
from kg.services.compare import MOST_ITEMS, MOST_PROPERTIES, compare, write_comparison
from kg.services.knowledge import Knowledge

BASE = "https://w3id.org/trivium/id/"


def texts(comparison: Comparison, item: str, column: str) -> list[tuple[str, str, list[str]]]:
    """Text, circumstances and slugs of the sources of each value in a cell."""
    found = next(each for each in comparison.items if each.iri == BASE + item)
    return [
        (value.text, value.circumstances, [source.iri.rpartition("/")[2] for source in value.sources])
        for value in found[column].values
    ]


CELLS = [
    (
        "architecture",
        "architecture/mamba",
        "keyInnovation",
        [("Linear-time sequence modeling", "", ["page"])],
    ),
    (
        "architecture",
        "architecture/mamba",
        "maturity",
        [
            ("production ready", "2026, estimated", ["waleffe2024"]),
            ("production ready", "stated", ["page"]),
        ],
    ),
    ("architecture", "architecture/hyena", "recurrentDecode", [("no", "published", ["poli2023"])]),
    (
        "model",
        "model/gpt-3",
        "training-compute",
        [
            ("3.14e23 FLOP", "reported, 2020-05, published", ["brown2020"]),
            ("3.14e23 FLOP", "third-party, 2025-05, published", ["epoch-notable-models"]),
        ],
    ),
    (
        "model",
        "model/gopher",
        "training-compute",
        [
            ("6.31e23 FLOP", "third-party, 2025-05, published", ["epoch-notable-models"]),
            ("5.76e23 FLOP", "third-party, 2022-03, published", ["hoffmann2022"]),
        ],
    ),
    (
        "model",
        "model/gpt-3",
        "model-parameters",
        [("1.75e11 parameter", "reported, 2020-05, published", ["brown2020"])],
    ),
    ("model", "model/gpt-3", "released", [("2020-05", "published", ["brown2020"])]),
    (
        "formula",
        "formula/chinchilla-optimal-parameters",
        "hasConstantSet",
        [
            (
                "Besiroglu et al. 2024, replication: A = 482.01, B = 2085.43, alpha = 0.3478, beta = 0.3658",
                "published",
                ["besiroglu2024"],
            ),
            (
                "Hoffmann et al. 2022, more places: A = 406.4, B = 410.7, alpha = 0.3392, beta = 0.2849",
                "published",
                ["hoffmann2022"],
            ),
            (
                "Hoffmann et al. 2022, as printed: A = 406.4, B = 410.7, alpha = 0.34, beta = 0.28",
                "published",
                ["hoffmann2022"],
            ),
        ],
    ),
]


@pytest.mark.parametrize(("kind", "item", "column", "expected"), CELLS, ids=[f"{c[1]} {c[2]}" for c in CELLS])
def test_a_cell_holds_all_that_is_said_best_first(
    shipped: Knowledge, kind: str, item: str, column: str, expected: list[tuple[str, str, list[str]]]
) -> None:
    assert texts(compare(shipped, kind, [item], [column]), item, column) == expected


def test_every_observation_of_a_model_stands_in_its_cell(shipped: Knowledge) -> None:
    """Against a plain query over the observations."""
    rows = shipped.sparql(
        "SELECT ?observation ?model ?quantity ?value { ?observation tv:about ?model ;"
        " tv:ofQuantity ?quantity ; tv:value ?value . ?model a tv:Model }"
    )
    comparison = shipped.compare("models")
    columns = {column.name: column.iri for column in comparison.columns if column.is_quantity}
    wanted = {
        (row["model"], row["quantity"], row["observation"], row["value"])
        for row in rows
        if row["quantity"] in columns.values()
    }
    found = {
        (item.iri, columns[name], value.statement, value.value)
        for item in comparison.items
        for name, cell in item.cells.items()
        if name in columns
        for value in cell.values
        if value.value is not None
    }
    assert len(wanted) > 300
    assert found == wanted


def test_every_value_of_the_shipped_graph_names_a_source(shipped: Knowledge) -> None:
    for kind in ("architecture", "model", "formula", "capability", "system"):
        for item in shipped.compare(kind).items:
            for name, cell in item.cells.items():
                assert all(value.sources for value in cell.values), (item.iri, name)


def test_a_cell_has_values_or_says_that_nothing_is_known(shipped: Knowledge) -> None:
    comparison = shipped.compare("models", [], ["model-parameters-active", "model-parameters"])
    empty = [item for item in comparison.items if not item["model-parameters-active"].values]
    assert empty
    for item in empty:
        reason = item["model-parameters-active"].missing
        assert item.label in reason
        assert "active" in reason
    assert all(
        bool(cell.values) != bool(cell.missing) for item in comparison.items for cell in item.cells.values()
    )


def test_without_properties_those_are_compared_that_two_items_share(shipped: Knowledge) -> None:
    comparison = shipped.compare("architecture", ["mamba", "transformer"])
    names = [column.name for column in comparison.columns]
    assert names[:5] == ["keyInnovation", "maturity", "parallelTraining", "recurrentDecode", "stateGrowth"]
    assert all(sum(bool(item[name].values) for item in comparison.items) == 2 for name in names)
    assert [item.iri for item in comparison.items] == [
        f"{BASE}architecture/{s}" for s in ("mamba", "transformer")
    ]
    assert len(shipped.compare("formula", ["chinchilla-loss"]).columns) > 6


def test_without_items_all_are_compared_that_have_a_property(shipped: Knowledge) -> None:
    comparison = shipped.compare("formulas", [], ["hasConstantSet"])
    assert {item.iri.rpartition("/")[2] for item in comparison.items} >= {
        "chinchilla-loss",
        "board-games-tradeoff",
    }
    assert all(item["hasConstantSet"].values for item in comparison.items)
    assert comparison.total == len(comparison.items) < len(shipped.list("formula"))


def test_a_long_list_is_cut_and_says_so(shipped: Knowledge) -> None:
    comparison = shipped.compare("topics", [], ["effortHours"])
    assert len(comparison.items) == MOST_ITEMS < comparison.total == 130
    assert str(comparison.total) in comparison.note


@pytest.mark.parametrize(
    "name",
    [
        "keyInnovation",
        "tv:keyInnovation",
        "key-innovation",
        "key innovation",
        "https://w3id.org/trivium/ontology#keyInnovation",
    ],
)
def test_a_property_can_be_named_in_several_ways(shipped: Knowledge, name: str) -> None:
    comparison = shipped.compare("architecture", ["mamba"], [name, name])
    assert [column.name for column in comparison.columns] == ["keyInnovation"]


REFUSED = [
    (("model", ["gpt-33"]), NotFound, "gpt-3"),
    (("architecture", ["topic:mamba"]), NotFound, "topic/mamba"),
    (("architecture", ["tv:Formula"]), NotFound, "architecture 'tv:Formula'"),
    (("formula", ["formula/chinchilla-loss#N"]), NotFound, "formula/chinchilla-loss#N"),
    (("modle",), NotFound, "model"),
    (("model", ["gpt-3"], ["trainingcomputes"]), BadParameter, "training-compute"),
    (("model", ["gpt-3"], ["zzz"]), BadParameter, "developer"),
    (("model", ["gpt-3"] * (MOST_ITEMS + 1)), TooLarge, str(MOST_ITEMS)),
    (("model", [], ["released"] * (MOST_PROPERTIES + 1)), TooLarge, str(MOST_PROPERTIES)),
]


@pytest.mark.parametrize(("arguments", "error", "says"), REFUSED, ids=[str(row[0])[:40] for row in REFUSED])
def test_what_cannot_be_compared_is_refused_with_what_comes_near(
    shipped: Knowledge, arguments: tuple[object, ...], error: type[TriviumError], says: str
) -> None:
    with pytest.raises(error) as caught:
        shipped.compare(*arguments)
    assert says in str(caught.value)


def test_a_property_of_a_kind_without_individuals_is_refused(stones: Knowledge) -> None:
    with pytest.raises(BadParameter, match="benchmarks: nothing"):
        stones.compare("benchmark", [], ["value"])


def test_a_kind_without_individuals_gives_an_empty_table_that_says_why(stones: Knowledge) -> None:
    comparison = stones.compare("benchmark")
    assert (comparison.items, comparison.columns, comparison.total) == ((), (), 0)
    assert comparison.note


def test_csv_reads_back_with_a_line_for_each_value(shipped: Knowledge) -> None:
    comparison = shipped.compare("models")
    rows = list(csv.DictReader(io.StringIO(write_comparison(comparison, "csv"), newline="")))
    read = {
        (
            row["item"],
            row["property"],
            row["statement"],
            row["value"],
            row["unit"],
            row["sources"],
            row["missing"],
        )
        for row in rows
    }
    columns = {column.name: column.iri for column in comparison.columns}
    wanted = set()
    for item in comparison.items:
        for name, cell in item.cells.items():
            wanted |= {
                (
                    item.iri,
                    columns[name],
                    value.statement or "",
                    "" if value.value is None else str(value.value),
                    value.unit,
                    " ".join(source.iri for source in value.sources),
                    "",
                )
                for value in cell.values
            }
            wanted |= {(item.iri, columns[name], "", "", "", "", cell.missing)} if cell.missing else set()
    assert read == wanted
    assert len(rows) == len(wanted)


def test_markdown_numbers_the_sources_that_it_lists(shipped: Knowledge) -> None:
    comparison = shipped.compare("model", ["gpt-3", "glam"])
    lines = write_comparison(comparison, "markdown").splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in table} == {len(comparison.items) + 2}
    assert len(table) == len(comparison.columns) + 2
    listed = [line for line in lines if line.partition(". ")[0].isdecimal()]
    assert len(listed) == len(comparison.sources)


def test_no_other_form_is_written(shipped: Knowledge) -> None:
    with pytest.raises(BadParameter, match="csv or markdown"):
        write_comparison(shipped.compare("model", ["gpt-3"]), "xlsx")


def test_a_notebook_shows_a_table_without_markup_of_the_data(stones: Knowledge) -> None:
    shown = stones.compare("formula")._repr_html_()
    assert shown.startswith("<table>")
    assert "Time of a fall" in shown
    assert "Earth: g = 9.8" in shown
