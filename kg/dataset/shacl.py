"""SHACL validation by pySHACL (https://www.w3.org/TR/shacl/); it and rdflib are imported here only, late."""

import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Quad, RdfFormat, Store, Triple, serialize

from kg.dataset.sparql_constraints import COMPONENT, sparql_results, without_sparql

_SH: Final = "http://www.w3.org/ns/shacl#"


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """A validation result: IRIs of focus node, path and component, the value as text, the message."""

    focus: str
    path: str
    component: str
    value: str
    message: str
    severity: str

    @property
    def constraint(self) -> str:
        """The constraint component in words: ``MinCountConstraintComponent`` → ``min count``."""
        name = self.component.rpartition("#")[2].removesuffix("ConstraintComponent")
        return " ".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)).lower()


def violations(data: Iterable[Triple], shapes: Iterable[Triple]) -> tuple[Violation, ...]:
    """The results of validating data, schema included, against shapes; sorted, each once."""
    data, shapes = list(data), list(shapes)
    return tuple(sorted({*by_sparql(data, shapes), *by_shape(data, without_sparql(shapes))}))


def by_sparql(data: list[Triple], shapes: list[Triple]) -> Iterator[Violation]:
    """The results of the SPARQL constraints."""
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in data)
    for focus, value, message, severity in sparql_results(store, shapes):
        yield Violation(focus, "", COMPONENT, value or focus, message, severity or "Violation")


def by_shape(data: list[Triple], shapes: list[Triple]) -> set[Violation]:
    """The results that pySHACL finds, node by node."""
    with warnings.catch_warnings():
        # rdflib and pySHACL use parts of rdflib that it has deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        import pyshacl
        import rdflib

        graphs = []
        for triples in (data, shapes):
            lines = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
            graphs.append(rdflib.Graph().parse(data=lines, format="nt"))
        _, report, _ = pyshacl.validate(graphs[0], shacl_graph=graphs[1], inplace=True)
        return set(_results(report, rdflib.URIRef(_SH + "result")))


def _results(report: Any, result: Any) -> Iterable[Violation]:
    from rdflib import BNode, URIRef

    for node in report.objects(None, result):
        if isinstance(report.value(node, URIRef(_SH + "focusNode")), BNode):
            continue  # It has no name to be found by, and is a finding by itself.

        def text(name: str, subject: Any = node) -> str:
            items = report.objects(subject, URIRef(_SH + name))
            found = sorted("a blank node" if isinstance(item, BNode) else str(item) for item in items)
            return found[0] if found else ""

        yield Violation(
            focus=text("focusNode"),
            path=text("resultPath"),
            component=text("sourceConstraintComponent"),
            value=text("value"),
            message=text("resultMessage"),
            severity=text("resultSeverity").removeprefix(_SH),
        )
