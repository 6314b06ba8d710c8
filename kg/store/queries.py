"""``.rq`` files with parameters: ``VALUES ?name { UNDEF }`` takes terms, so the file also runs by itself.

The one binder: no query text is put together anywhere else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from kg.errors import BadParameter
from kg.rdf.terms import sort_key
from kg.rdf.tokens import scan

Constant = NamedNode | Literal
"""What may stand in VALUES: SPARQL has no blank nodes there."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query text; ``name`` is that of its file, ``question`` its first comment."""

    name: str
    text: str

    @property
    def question(self) -> str:
        """The question in plain words: the comment of the first line."""
        first = self.text.partition("\n")[0]
        return first.removeprefix("#").strip() if first.startswith("#") else ""


@cache
def read_query(package_path: str) -> Query:
    """The query of a file inside a package: ``"kg.catalog/queries/formula.rq"``; read once.

    Raises:
        FileNotFoundError: no such file in the package.
    """
    package, _, path = package_path.partition("/")
    # importlib.resources would bring temporary files and archives along, 6 ms of every start.
    folder = import_module(package).__path__[0]
    return Query(path, Path(folder, path).read_text("utf-8"))


def read_query_file(path: Path) -> Query:
    """The query of a file on disk."""
    return Query(path.name, path.read_text("utf-8"))


def bind(query: Query, **terms: Constant | Iterable[Constant]) -> str:
    """The query's text with ``UNDEF`` of each named ``VALUES ?name { UNDEF }`` replaced by the term or terms.

    A parameter may stand in several places: in each branch of a union, say, so that none is read in full.
    Several terms are alternatives, sorted; no term at all asks for nothing.

    Raises:
        BadParameter: the query has no such parameter.
    """
    places = _parameters(query.text)
    known = sorted({name for _, name in places})
    for name in terms:
        if name not in known:
            raise BadParameter(
                name, query.name, f"one of the query's parameters: {', '.join(known) or 'none'}"
            )
    written = {name: " ".join(map(str, _sorted(given))) for name, given in terms.items()}
    text = query.text
    for start, name in reversed(places):
        if name in written:
            text = text[:start] + written[name] + text[start + len("UNDEF") :]
    return text


def _sorted(given: Constant | Iterable[Constant]) -> list[Constant]:
    return [given] if isinstance(given, NamedNode | Literal) else sorted(given, key=sort_key)


def _parameters(text: str) -> list[tuple[int, str]]:
    """Where the ``UNDEF`` of each parameter begins, with its name, in the order of the text."""
    tokens = list(scan(text))
    return [
        (undef.start, name.text[1:])
        for values, name, brace, undef, end in zip(
            tokens, tokens[1:], tokens[2:], tokens[3:], tokens[4:], strict=False
        )
        if values.text.upper() == "VALUES"
        and (brace.text, undef.text.upper(), end.text) == ("{", "UNDEF", "}")
    ]
