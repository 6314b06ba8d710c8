"""Entailments that queries need, materialised once in their own graph by CONSTRUCT rules."""

from collections.abc import Iterable
from typing import Final

from pyoxigraph import NamedNode, Quad

from kg.dataset.files import INFERRED_GRAPH
from kg.errors import InvalidData
from kg.rdf.tokens import scan
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
    total = 0
    for _ in range(MAX_ROUNDS):
        added = sum(_apply(store, rule) for rule in rules)
        if not added:
            return total
        total += added
    raise InvalidData(
        "inference", f"the rules still add triples after {MAX_ROUNDS} rounds", "make them idempotent"
    )


def _apply(store: LoadableStore, rule: Query) -> int:
    answer = store.query(rule.text)
    if not isinstance(answer, Triples):
        raise InvalidData(rule.name, "an inference rule must be a CONSTRUCT query")
    if leaves_out_known(rule.text):
        return store.load_answer(answer, INFERRED_GRAPH)
    fresh = [triple for triple in set(answer) if not store.holds(triple)]
    store.load(Quad(one.subject, one.predicate, one.object, NamedNode(INFERRED_GRAPH)) for one in fresh)
    return len(fresh)


def leaves_out_known(rule: str) -> bool:
    """True where a CONSTRUCT query ends in a filter that drops each triple of its template that stands already.

    >>> leaves_out_known("CONSTRUCT { ?b :of ?a } { ?a :has ?b FILTER NOT EXISTS { ?b :of ?a } }")
    True
    """
    words = [token.text for token in scan(rule)]
    if "{" not in words or "}" not in words or "FROM" in map(str.upper, words):
        return False
    first, last = words.index("{"), words.index("}")
    template = words[first : last + 1]
    # One triple: a filter on several would drop them only where all of them stand.
    single = len(template) == 5
    return single and words[-len(template) - 4 :] == ["FILTER", "NOT", "EXISTS", *template, "}"]
