"""What others say of one resource, statement by statement: its figures, claims, assessments and relations."""

from dataclasses import replace
from itertools import groupby

from pyoxigraph import NamedNode

from kg.catalog.comparisons import read_sayings
from kg.catalog.rows import ask_rows, slug_of, text_of
from kg.model.comparison import Saying
from kg.model.description import Statement
from kg.model.iri import Iri
from kg.store.base import Store
from kg.store.results import Row


def read_statements(store: Store, iri: Iri) -> tuple[Statement, ...]:
    """All statements about a resource, by property; of one property the best first.

    Four queries, whatever the number of statements; one where there are none.

    Raises:
        InvalidData: a bound of a statement is no number.
    """
    rows = ask_rows(store, "statements", item=NamedNode(iri))
    told = {Iri(key): list(group) for key, group in groupby(rows, key=lambda row: text_of(row, "statement"))}
    if not told:
        return ()
    found = read_sayings(store, (iri,))
    return tuple(
        _statement(told[saying.value.statement], saying) for saying in found if saying.value.statement in told
    )


def _statement(rows: list[Row], saying: Saying) -> Statement:
    first = rows[0]
    text = text_of(first, "text")
    conditions = dict.fromkeys(text_of(row, "condition") for row in rows if "condition" in row)
    if saying.value.value == text:
        saying = replace(saying, value=replace(saying.value, value=None))
    return Statement(
        iri=Iri(text_of(first, "statement")),
        label=text_of(first, "label"),
        kind=slug_of(text_of(first, "class")),
        saying=saying,
        text=text,
        conditions=tuple(conditions),
    )
