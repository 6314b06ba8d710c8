"""Queries of qc/ find planted defects and nothing else; rules of inference/ add what follows, once."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, QuerySolutions, QueryTriples, RdfFormat, Store, Triple

import ontology

ROOT = ontology.root()
HERE = Path(__file__).parent
GRAPH = "https://w3id.org/trivium/graph/"
INFERRED = NamedNode(GRAPH + "inferred")
PREFIXES = """
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    PREFIX tv: <https://w3id.org/trivium/ontology#>
    PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
    BASE <https://example.org/>
"""


def _store(*, schema: bool = True) -> Store:
    store = Store()
    for folder in ("schema", "vocab") if schema else ():
        for path in sorted(ROOT.glob(f"{folder}/*.ttl")):
            store.load(path=path, format=RdfFormat.TURTLE, to_graph=NamedNode(GRAPH + folder))
    return store


@pytest.fixture(scope="module")
def planted() -> Store:
    store = _store()
    store.load(path=HERE / "planted.trig", format=RdfFormat.TRIG)
    return store


@pytest.fixture(scope="module")
def clean() -> Store:
    store = _store()
    store.load(
        path=HERE / "clean.ttl", format=RdfFormat.TURTLE, to_graph=NamedNode("https://example.org/graph/all")
    )
    return store


def _defects(store: Store, path: Path) -> list[tuple[str, str]]:
    rows = store.query(path.read_text(encoding="utf-8"), use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    assert [variable.value for variable in rows.variables] == ["subject", "detail"]
    return sorted((row["subject"].value, row["detail"].value) for row in rows)


QC = sorted(ROOT.glob("qc/*.rq"))


@pytest.mark.parametrize("path", QC, ids=lambda path: path.stem)
def test_a_planted_defect_is_found_with_a_detail(planted: Store, path: Path) -> None:
    found = dict(_defects(planted, path))
    assert found.get(f"https://example.org/id/concept/{path.stem}")


@pytest.mark.parametrize("path", QC, ids=lambda path: path.stem)
def test_well_formed_data_has_no_defect(clean: Store, path: Path) -> None:
    assert _defects(clean, path) == []


def _construct(store: Store, rule: str) -> set[Triple]:
    text = (ROOT / "inference" / f"{rule}.rq").read_text(encoding="utf-8")
    triples = store.query(text, use_default_graph_as_union=True)
    assert isinstance(triples, QueryTriples)
    return set(triples)


def _with(turtle: str, *, schema: bool = False) -> Store:
    store = _store(schema=schema)
    data = PREFIXES + turtle
    store.load(input=data, format=RdfFormat.TURTLE, to_graph=NamedNode(GRAPH + "page"))
    return store


RULES = {
    "labels": ('<a> skos:prefLabel "A"@en .', '<a> rdfs:label "A"@en .'),
    "labels stand once": ('<a> skos:prefLabel "A"@en ; rdfs:label "A"@en .', ""),
    "relations": (
        "<r> a tv:Relation ; tv:about <a> ; tv:property tv:enables ; tv:object <b> . "
        "<s> a tv:Relation ; tv:about <a> ; tv:property tv:enables ; tv:object <b> .",
        "<a> tv:enables <b> .",
    ),
    "relations stand once": (
        "<r> a tv:Relation ; tv:about <a> ; tv:property tv:enables ; tv:object <b> . <a> tv:enables <b> .",
        "",
    ),
    "dates of a year": (
        '<a> tv:released "2025"^^xsd:gYear .',
        '<a> tv:earliest "2025-01-01"^^xsd:date ; tv:latest "2025-12-31"^^xsd:date .',
    ),
    "dates of a short month": (
        '<a> tv:date "2025-04"^^xsd:gYearMonth .',
        '<a> tv:earliest "2025-04-01"^^xsd:date ; tv:latest "2025-04-30"^^xsd:date .',
    ),
    "dates of a common February": (
        '<a> tv:date "2023-02"^^xsd:gYearMonth .',
        '<a> tv:earliest "2023-02-01"^^xsd:date ; tv:latest "2023-02-28"^^xsd:date .',
    ),
    "dates of a leap February": (
        '<a> tv:date "2024-02"^^xsd:gYearMonth .',
        '<a> tv:earliest "2024-02-01"^^xsd:date ; tv:latest "2024-02-29"^^xsd:date .',
    ),
    "dates of a century": (
        '<a> tv:date "1900-02"^^xsd:gYearMonth . <b> tv:date "2000-02"^^xsd:gYearMonth .',
        '<a> tv:earliest "1900-02-01"^^xsd:date ; tv:latest "1900-02-28"^^xsd:date . '
        '<b> tv:earliest "2000-02-01"^^xsd:date ; tv:latest "2000-02-29"^^xsd:date .',
    ),
    "dates of a day": (
        '<a> tv:released "2025-01-31"^^xsd:date .',
        '<a> tv:earliest "2025-01-31"^^xsd:date ; tv:latest "2025-01-31"^^xsd:date .',
    ),
    "dates leave authored ones": ('<a> tv:date "2028"^^xsd:gYear ; tv:earliest "2026-01-01"^^xsd:date .', ""),
}
"""Rule, with a note → what is said, and exactly what follows."""


@pytest.mark.parametrize("case", RULES)
def test_a_rule_adds_exactly_what_follows(case: str) -> None:
    said, follows = RULES[case]
    expected = {quad.triple for quad in _with(follows).quads_for_pattern(None, None, None, None)}
    assert _construct(_with(said), case.partition(" ")[0]) == expected


def test_types_are_all_superclasses_own_and_aligned() -> None:
    store = _with("<a> a tv:Model . <b> a tv:Architecture .", schema=True)
    expected = _with(
        "<a> a tv:System . <b> a tv:Concept , skos:Concept , <https://schema.org/DefinedTerm> .",
    )
    assert _construct(store, "types") == {
        quad.triple for quad in expected.quads_for_pattern(None, None, None, None)
    }


def test_a_second_run_over_the_shipped_data_adds_nothing() -> None:
    store = _store()
    for path in sorted(ROOT.glob("data/*/*.ttl")):
        store.load(path=path, format=RdfFormat.TURTLE, to_graph=NamedNode(GRAPH + path.parent.name))
    rules = sorted(path.stem for path in ROOT.glob("inference/*.rq"))
    first: set[Triple] = set()
    for rule in rules:
        first |= _construct(store, rule)
    store.extend(Quad(triple.subject, triple.predicate, triple.object, INFERRED) for triple in first)
    second: set[Triple] = set()
    for rule in rules:
        second |= _construct(store, rule)
    assert first and not second - first
