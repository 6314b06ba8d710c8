"""Entailments that queries need, materialised once in their own graph by CONSTRUCT rules."""

from collections.abc import Iterable
from typing import Final

from pyoxigraph import NamedNode, Quad

from kg.dataset.files import INFERRED_GRAPH
from kg.errors import InvalidData
from kg.store.embedded import LoadableStore
from kg.store.queries import Query
from kg.store.results import Triples

MAX_ROUNDS: Final = 20
"""Rules that still add triples after so many rounds do not come to an end."""


def infer(store: LoadableStore, rules: Iterable[Query]) -> int:
    """Run the rules in order until none adds a triple; give the number added, all in ``graph:inferred``.

    A triple that any graph already holds is not added: a triple stands in one graph.

    Raises:
        InvalidData: a rule is no CONSTRUCT query, or the rules come to no end.
    """
    rules = tuple(rules)
    graph = NamedNode(INFERRED_GRAPH)
    total = 0
    for _ in range(MAX_ROUNDS):
        added = sum(_apply(store, rule, graph) for rule in rules)
        if not added:
            return total
        total += added
    raise InvalidData(
        "inference", f"the rules still add triples after {MAX_ROUNDS} rounds", "make them idempotent"
    )


def _apply(store: LoadableStore, rule: Query, graph: NamedNode) -> int:
    answer = store.query(rule.text)
    if not isinstance(answer, Triples):
        raise InvalidData(rule.name, "an inference rule must be a CONSTRUCT query")
    fresh = [triple for triple in set(answer) if not store.holds(triple)]
    store.load(Quad(triple.subject, triple.predicate, triple.object, graph) for triple in fresh)
    return len(fresh)
