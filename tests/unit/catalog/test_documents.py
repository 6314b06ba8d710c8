"""Documents of a small dataset: what a resource and its parts say, each in its place."""

from kg.catalog.documents import read_documents
from kg.model.search import Document
from kg.services.knowledge import Knowledge
from tests.datasets import BASE


def document(stones: Knowledge, name: str) -> Document:
    (found,) = [d for d in read_documents(stones.store, stones.base) if d.iri == BASE + name]
    return found


def test_every_labelled_individual_is_a_document_by_iri(stones: Knowledge) -> None:
    iris = [document.iri for document in read_documents(stones.store, stones.base)]
    assert iris == sorted(iris)
    assert set(iris) == {iri for slugs in stones.names.values() for iri in slugs.values()}


def test_a_formula_has_the_expressions_and_symbols_of_its_parts(stones: Knowledge) -> None:
    found = document(stones, "formula/fall-time")
    assert (found.kind, found.label, found.names[0]) == (
        "formula",
        stones.formula("fall-time").record.label,
        "fall-time",
    )
    assert {"t_all = 3*sqrt(2*h/g)", "h", "g", "t_all"} <= set(found.formulas)
    assert "Time with a bounce" in found.texts
    assert found.label not in found.texts


def test_other_names_stand_beside_the_slug(stones: Knowledge) -> None:
    assert document(stones, "unit/metre").names == ("metre", "metres", "m")


def test_things_come_before_what_they_are_measured_in(stones: Knowledge) -> None:
    assert document(stones, "concept/tower").rank < document(stones, "unit/metre").rank
    assert document(stones, "hardware/pisa").definition == "It leans."
