"""The shipped figures of models and accelerators, and the claims, are as many as were collected and hold together."""

import re

import pytest

import ontology
from kg.services.knowledge import Knowledge

Q = "https://w3id.org/trivium/id/quantity/"
CLAIMS_OF_THE_LITERATURE = 76
"""50 estimates and 28 dated claims, without four of the page; two on architectures and systems beside them."""

CORRECTED = [
    ("b200-sxm", "hardware-memory", 1.8e11),
    ("b200-sxm", "hardware-memory-bandwidth", 7.7e12),
    ("trainium2", "hardware-peak-flops", 6.67e14),
    ("trainium2", "hardware-peak-flops-fp8", 1.299e15),
]


def figures(knowledge: Knowledge, kind: str) -> dict[tuple[str, str], list[float]]:
    """Slug and quantity → the values on record."""
    rows = knowledge.sparql(
        f"""SELECT ?about ?quantity ?value WHERE {{
            ?figure a tv:Observation ; tv:about ?about ; tv:ofQuantity ?quantity ; tv:value ?value .
            ?about a {kind}
        }}"""
    )
    found: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        name = (str(row["about"]).rpartition("/")[2], str(row["quantity"]).removeprefix(Q))
        found.setdefault(name, []).append(float(row["value"]))
    return found


def counted(text: str, kind: str) -> list[int]:
    row = re.search(rf"^\| {kind} \|(.+)\|$", text, re.MULTILINE)
    assert row is not None, kind
    return [int(number) for number in re.findall(r"\b\d+\b", row[1].rpartition("|")[0])]


@pytest.mark.parametrize("kind", ["model", "hardware"])
def test_the_counts_are_those_of_the_ontology_page(shipped: Knowledge, kind: str) -> None:
    text = (ontology.root() / "README.md").read_text("utf-8")
    first, second, kept, here = counted(text, f"`{kind}`")
    assert kept == first + second
    assert len(shipped.list(kind)) == here


def test_every_collected_claim_is_there(shipped: Knowledge) -> None:
    rows = shipped.sparql(
        """SELECT ?claim WHERE {
            GRAPH <https://w3id.org/trivium/graph/literature> { ?claim a tv:Claim }
        }"""
    )
    assert len(list(rows)) == CLAIMS_OF_THE_LITERATURE


def test_every_accelerator_has_peak_memory_and_bandwidth(shipped: Knowledge) -> None:
    found = figures(shipped, "tv:Hardware")
    for slug in {name for name, _ in found}:
        for quantity in ("hardware-peak-flops", "hardware-memory", "hardware-memory-bandwidth"):
            assert len(found[slug, quantity]) == 1, (slug, quantity)


def test_a_lower_precision_is_no_slower_and_sparsity_at_most_doubles(shipped: Knowledge) -> None:
    found = figures(shipped, "tv:Hardware")
    for (slug, quantity), (value,) in found.items():
        dense = found[slug, "hardware-peak-flops"][0]
        if quantity == "hardware-peak-flops-fp8":
            assert value >= dense, slug
        if quantity == "hardware-peak-flops-fp4":
            assert value >= found[slug, "hardware-peak-flops-fp8"][0], slug
        if quantity == "hardware-peak-flops-sparse":
            assert dense < value <= 2.001 * dense, slug


def test_fewer_parameters_act_than_there_are(shipped: Knowledge) -> None:
    found = figures(shipped, "tv:Model")
    active = {slug: values for (slug, quantity), values in found.items() if quantity.endswith("-active")}
    assert len(active) >= 35
    assert [
        slug for slug, values in active.items() if max(values) >= min(found[slug, "model-parameters"])
    ] == []


def test_output_is_dearer_than_input(shipped: Knowledge) -> None:
    found = figures(shipped, "tv:Model")
    priced = {slug for slug, quantity in found if quantity == "economics-price-input"}
    assert len(priced) == 21
    for slug in priced:
        assert found[slug, "economics-price-output"] > found[slug, "economics-price-input"], slug


def test_what_a_formula_gives_is_not_written_down(shipped: Knowledge) -> None:
    rows = shipped.sparql("SELECT ?figure WHERE { ?figure a tv:Observation ; tv:method method:computed }")
    assert list(rows) == []


@pytest.mark.parametrize(("slug", "quantity", "value"), CORRECTED)
def test_corrections_are_applied(shipped: Knowledge, slug: str, quantity: str, value: float) -> None:
    assert figures(shipped, "tv:Hardware")[slug, quantity] == [value]
