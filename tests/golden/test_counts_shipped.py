"""The shipped graph holds as many things of each kind as the ontology page says, and one of each."""

import re

import pytest

import ontology
from kg.services.knowledge import Knowledge

ROW = re.compile(r"^\| `(\w+)` \| ([\d and]+) \| (\d+) \| (\d+) \|", re.MULTILINE)
ROWS = ROW.findall((ontology.root() / "README.md").read_text("utf-8"))

LABELS = """SELECT ?class ?label (COUNT(DISTINCT ?thing) AS ?things) WHERE {
    VALUES ?class { tv:Concept tv:System tv:Benchmark }
    ?thing skos:prefLabel ?label ; a ?class .
} GROUP BY ?class ?label HAVING (COUNT(DISTINCT ?thing) > 1) ORDER BY ?label"""


def test_the_page_counts_every_kind() -> None:
    counted = {kind for kind, *_ in ROWS}
    assert counted >= {"concept", "architecture", "system", "capability", "benchmark", "model"}


@pytest.mark.parametrize(("kind", "collected", "kept", "here"), ROWS)
def test_the_counts_are_those_of_the_ontology_page(
    shipped: Knowledge, kind: str, collected: str, kept: str, here: str
) -> None:
    assert sum(int(number) for number in re.findall(r"\d+", collected)) >= int(kept)
    assert len(shipped.list(kind)) == int(here)


def test_no_two_concepts_systems_or_benchmarks_share_a_name(shipped: Knowledge) -> None:
    assert [str(row["label"]) for row in shipped.sparql(LABELS)] == []
