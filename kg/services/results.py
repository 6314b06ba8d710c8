"""The answer of a query as Python has it: read to its end, so that its warnings are complete."""

import csv
import io
from collections.abc import Iterator
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode

from kg.errors import BadParameter, Unavailable
from kg.rdf.terms import XSD, Term
from kg.store.results import Answer, Boolean, Solutions

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

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

    def to_pandas(self) -> "pd.DataFrame":
        """The rows as a frame of pandas; see :meth:`to_polars` for its columns.

        Raises:
            Unavailable: pandas is not installed. BadParameter: the answer of ASK, which has no rows.
        """
        return _frames("pandas").DataFrame(self._columns())

    def to_polars(self) -> "pl.DataFrame":
        """The rows as a frame of polars.

        A column of numbers or truth values only is one of these, with what is unbound missing; any other holds text.

        Raises:
            Unavailable: polars is not installed. BadParameter: the answer of ASK, which has no rows.
        """
        frame: pl.DataFrame = _frames("polars").DataFrame(self._columns())
        return frame

    def _columns(self) -> dict[str, list[Value | None]]:
        if self._truth is not None:
            raise BadParameter("query", "ASK", "SELECT or CONSTRUCT: a truth value has no rows")
        return {
            name: _one_kind([terms[place] for terms in self._terms])
            for place, name in enumerate(self.variables)
        }

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


def _frames(library: str) -> Any:
    try:
        return import_module(library)
    except ImportError:
        instead = f"install {library}, or trivium-kg[frames]; or take .to_csv()"
        raise Unavailable(f"a frame of {library}", instead) from None


def _one_kind(terms: list[Term | None]) -> list[Value | None]:
    """Values of one type: floats where whole numbers stand beside some; text where types differ otherwise.

    Whole numbers beyond 64 bits are text too, which loses no digit.
    """
    values = [None if term is None else python_value(term) for term in terms]
    kinds = {type(value) for value in values if value is not None}
    fits = all(-(2**63) <= value < 2**63 for value in values if type(value) is int)
    if len(kinds) < 2 and fits:
        return values
    if kinds == {int, float}:
        return [None if value is None else float(value) for value in values]
    return [None if term is None else _text(term) for term in terms]


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
