"""SPARQL constraints of SHACL (https://www.w3.org/TR/shacl/#sparql-constraints), each asked once for all focus nodes.

A validator that asks them node by node parses the query each time: with two hundred formulas that was most of
a check. Answers are the same where ``$this`` is bound by the query itself, as ours do.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolution, QuerySolutions, Store, Triple

from kg.rdf.terms import Term

_SH: Final = "http://www.w3.org/ns/shacl#"
COMPONENT: Final = _SH + "SPARQLConstraintComponent"
_SPARQL: Final = NamedNode(_SH + "sparql")
_TARGETS: Final = {
    _SH + "targetClass": "?this a/<http://www.w3.org/2000/01/rdf-schema#subClassOf>* ?target",
    _SH + "targetSubjectsOf": "?this ?target ?object",
}

Result = tuple[str, str, str, str]
"""Focus node, value, message, severity."""


def without_sparql(shapes: Iterable[Triple]) -> list[Triple]:
    """The shapes for a validator that need not know SPARQL."""
    return [triple for triple in shapes if triple.predicate != _SPARQL]


def sparql_results(data: Store, shapes: Iterable[Triple]) -> Iterator[Result]:
    """The results of all SPARQL constraints of the shapes; no blank node is a focus."""
    facts: defaultdict[object, dict[str, list[Term]]] = defaultdict(dict)
    for triple in shapes:
        facts[triple.subject].setdefault(triple.predicate.value, []).append(triple.object)
    for shape in list(facts.values()):
        for constraint in shape.get(_SPARQL.value, ()):
            yield from _constraint(data, shape, facts[constraint])


def _constraint(
    data: Store, shape: dict[str, list[Term]], constraint: dict[str, list[Term]]
) -> Iterator[Result]:
    messages = [*constraint.get(_SH + "message", ()), *shape.get(_SH + "message", ())]
    message = next((text.value for text in messages if isinstance(text, Literal)), "")
    severity = next(
        (str(term.value) for term in shape.get(_SH + "severity", ()) if isinstance(term, NamedNode)), ""
    )
    focuses = set(_focuses(data, shape))
    for select in constraint.get(_SH + "select", ()):
        solutions = data.query(select.value) if isinstance(select, Literal) else ()
        assert isinstance(solutions, QuerySolutions | tuple)  # noqa: S101 - sh:select holds a SELECT
        for row in solutions:
            focus = row["this"]
            if isinstance(focus, NamedNode) and focus in focuses:
                yield focus.value, _text(row, "value"), _filled(message, row), severity.removeprefix(_SH)


def _focuses(data: Store, shape: dict[str, list[Term]]) -> Iterator[Term]:
    for kind, pattern in _TARGETS.items():
        for target in shape.get(kind, ()):
            found = data.query(f"SELECT DISTINCT ?this {{ {pattern.replace('?target', str(target))} }}")
            assert isinstance(found, QuerySolutions)  # noqa: S101 - it is a SELECT
            yield from (row["this"] for row in found)


def _filled(message: str, row: QuerySolution) -> str:
    """The message with the solution's values for ``{?name}`` and ``{$name}``."""
    return re.sub(r"\{[?$](\w+)\}", lambda found: _text(row, found[1]), message)


def _text(row: QuerySolution, name: str) -> str:
    try:
        term = row[name]
    except KeyError:
        return ""
    return "a blank node" if isinstance(term, BlankNode) else str(getattr(term, "value", term or ""))
