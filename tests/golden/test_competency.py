"""The questions that the shipped graph must answer, each against its golden answer.

Nothing but the served graph is read. ``--update-golden`` writes the answers of today.
"""

from pathlib import Path

import pytest

import ontology
from kg.services.competency import FOLDER, Competency, read_competency
from kg.services.knowledge import Knowledge

QUESTIONS = tuple(read_competency(ontology.root() / FOLDER))
SEED_ITEMS = 137
"""Items that the course page consists of: definitions, table cells, formulas, exercises …"""

PASSAGES = (
    "SELECT ?identifier WHERE { ?passage a tv:Passage ; dcterms:identifier ?identifier } ORDER BY ?identifier"
)


def name(question: Competency) -> str:
    return question.path.relative_to(ontology.root() / FOLDER).with_suffix("").as_posix()


@pytest.mark.parametrize("question", QUESTIONS, ids=name)
def test_a_question_has_its_golden_answer(
    shipped: Knowledge, question: Competency, update_golden: bool
) -> None:
    if update_golden:
        question.golden.write_bytes(question.ask(shipped).encode())
    assert question.difference(shipped) == ""


@pytest.mark.parametrize("question", QUESTIONS, ids=name)
def test_a_question_is_asked_in_plain_words_and_has_an_answer(question: Competency) -> None:
    assert question.query.question.endswith(("?", "."))
    assert len(question.golden.read_text("utf-8").splitlines()) > 1, "an answer without rows answers nothing"


def test_the_graph_holds_every_item_of_the_page(shipped: Knowledge) -> None:
    identifiers = [str(row["identifier"]) for row in shipped.sparql(PASSAGES)]
    assert len(identifiers) == len(set(identifiers)) == SEED_ITEMS


def test_every_item_of_the_page_has_its_question(shipped: Knowledge) -> None:
    asked = {question.path.stem for question in QUESTIONS if question.path.parent.name == "page"}
    identifiers = {str(row["identifier"]).replace(".", "-") for row in shipped.sparql(PASSAGES)}
    assert asked == identifiers


def test_every_item_is_held_by_a_node_that_points_back_to_it(shipped: Knowledge) -> None:
    lost = shipped.sparql(
        """SELECT ?identifier WHERE {
            ?passage a tv:Passage ; dcterms:identifier ?identifier .
            FILTER NOT EXISTS {
                ?passage tv:states ?node . ?node prov:wasDerivedFrom ?passage ; a ?class
            }
        } ORDER BY ?identifier"""
    )
    assert list(lost) == []


def test_every_item_points_to_its_section_and_line(shipped: Knowledge) -> None:
    adrift = shipped.sparql(
        """SELECT ?identifier WHERE {
            ?passage a tv:Passage ; dcterms:identifier ?identifier .
            FILTER NOT EXISTS {
                ?section tv:hasPassage ?passage . ?passage tv:line ?line ; tv:restatement ?words
            }
        } ORDER BY ?identifier"""
    )
    assert list(adrift) == []


def test_a_changed_answer_is_told_with_its_line(shipped: Knowledge, tmp_path: Path) -> None:
    golden = tmp_path / "q.csv"
    golden.write_text("page\r\nhttps://example.org/other\r\n")
    (tmp_path / "q.rq").write_text("# Which pages are there?\nSELECT ?page { ?page a tv:Page }")
    (question,) = read_competency(tmp_path)
    assert "line 2 is 'https://w3id.org/trivium/id/page/future-of-llms'" in question.difference(shipped)
    golden.unlink()
    assert question.difference(shipped) == "there is no q.csv"
