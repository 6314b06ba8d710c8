"""The answer of a query as Python has it: read to its end, so that its warnings are complete."""

import csv
import io
from collections.abc import Iterator
from html import escape
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.rdf.terms import XSD, Term
from kg.store.results import Answer, Boolean, Solutions

Value = str | int | float | bool
SHOWN_ROWS: Final = 100
_INTEGERS: Final = frozenset(
    XSD + name for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger")
)
_FLOATS: Final = frozenset(XSD + name for name in ("double", "float", "decimal"))


class QueryResult:
    """Rows of an answer, each variable → value: numbers and truth values as such, all else as text.

    ASK gives no rows and counts as its truth value; a graph gives rows of subject, predicate and object.
    """

    def __init__(self, answer: Answer) -> None:
        self.variables: tuple[str, ...] = ()
        self._terms: list[tuple[Term | None, ...]] = []
        self._truth: bool | None = None
        if isinstance(answer, Boolean):
            self._truth = bool(answer)
        elif isinstance(answer, Solutions):
            self.variables = answer.variables
            self._terms = [tuple(row.get(name) for name in self.variables) for row in answer]
        else:
            self.variables = ("subject", "predicate", "object")
            triples = sorted(
                {(t.subject, t.predicate, t.object) for t in answer}, key=lambda t: tuple(map(str, t))
            )
            self._terms = list(triples)
        self.warnings: tuple[str, ...] = answer.warnings
        """Why calls of extension functions failed, which left their variables unbound."""

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return map(self._row, self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    def __bool__(self) -> bool:
        return bool(self._terms) if self._truth is None else self._truth

    def __getitem__(self, index: int) -> dict[str, Value]:
        return self._row(self._terms[index])

    def _row(self, terms: tuple[Term | None, ...]) -> dict[str, Value]:
        pairs = zip(self.variables, terms, strict=True)
        return {name: python_value(term) for name, term in pairs if term is not None}

    def to_csv(self) -> str:
        """The rows as SPARQL 1.1 CSV (https://www.w3.org/TR/sparql11-results-csv-tsv/); ASK as one word."""
        if self._truth is not None:
            return "true" if self._truth else "false"
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(self.variables)
        writer.writerows([_text(term) for term in terms] for terms in self._terms)
        return text.getvalue()

    def __repr__(self) -> str:
        if self._truth is not None:
            return f"QueryResult({self._truth})"
        return f"QueryResult({len(self._terms)} rows of {', '.join(self.variables)})"

    def _repr_html_(self) -> str:
        if self._truth is not None:
            return f"<p>{str(self._truth).lower()}</p>"
        head = "".join(f"<th>{escape(name)}</th>" for name in self.variables)
        rows = "".join(
            f"<tr>{''.join(f'<td>{escape(_text(term))}</td>' for term in terms)}</tr>"
            for terms in self._terms[:SHOWN_ROWS]
        )
        more = len(self._terms) - SHOWN_ROWS
        note = f"<p>… and {more} rows more</p>" if more > 0 else ""
        warnings = "".join(f"<p>{escape(warning)}</p>" for warning in self.warnings)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{note}{warnings}"


def python_value(term: Term) -> Value:
    """A number or truth value where the literal is one; else the IRI or the text."""
    if isinstance(term, Literal):
        datatype = term.datatype.value
        try:
            if datatype in _INTEGERS:
                return int(term.value)
            if datatype in _FLOATS:
                return float(term.value)
        except ValueError:
            return term.value
        if datatype == XSD + "boolean":
            return term.value in {"true", "1"}
    return _text(term)


def _text(term: Term | None) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, Literal | NamedNode) else str(term)
