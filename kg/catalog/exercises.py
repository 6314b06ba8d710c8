"""Exercises: what they ask, and the readings of the question that say which answers count."""

from typing import Final

from pyoxigraph import NamedNode

from kg.catalog.rows import PREF_LABEL, Nodes, ask_rows, slug_of, text_of
from kg.errors import NotFound
from kg.model.exercise import Exercise, QuestionReading, StepExercise
from kg.model.iri import Iri
from kg.store.base import Store
from kg.store.results import Row

SCHEMA_ABOUT: Final = "https://schema.org/about"


def list_assessing(store: Store) -> tuple[StepExercise, ...]:
    """The exercises that assess topics, by IRI."""
    found: dict[str, list[Row]] = {}
    for row in ask_rows(store, "assessing"):
        found.setdefault(text_of(row, "exercise"), []).append(row)
    return tuple(
        StepExercise(
            Iri(iri),
            slug_of(iri),
            text_of(rows[0], "label") or slug_of(iri),
            text_of(rows[0], "kind"),
            tuple(sorted({slug_of(text_of(row, "topic")) for row in rows})),
        )
        for iri, rows in sorted(found.items())
    )


def read_exercise(store: Store, iri: Iri) -> Exercise:
    """The exercise with that IRI; its readings with the preferred one first, then the surest.

    Raises:
        NotFound: there is no such exercise. InvalidData: it is malformed; names subject and property.
    """
    nodes = Nodes.of(ask_rows(store, "exercise", exercise=NamedNode(iri)))
    node = nodes[iri]
    if not node.is_a("Exercise"):
        raise NotFound("exercise", iri)
    preferred = node.link("preferredReading")
    readings = sorted(
        (one for one in node.links("hasReading") if nodes[one].text("expression")),
        key=lambda one: (one != preferred, -(nodes[one].number("certainty") or 0.0), one),
    )
    return Exercise(
        iri=iri,
        slug=slug_of(iri),
        label=node.first_text(PREF_LABEL) or slug_of(iri),
        prompt=node.first_text("prompt"),
        kind=node.text("exerciseKind"),
        givens=node.text("givens"),
        formula=node.link("usesFormula"),
        assesses=tuple(sorted(node.links("assesses"))),
        about=tuple(sorted(node.links(SCHEMA_ABOUT))),
        readings=tuple(QuestionReading(one, nodes[one].first_text(PREF_LABEL)) for one in readings),
    )
