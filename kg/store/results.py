"""Answers of a query. Bytes come from the engine's own writers, never through Python rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from threading import get_ident
from typing import TYPE_CHECKING, Any, Final, Protocol

from pyoxigraph import (
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    parse,
    parse_query_results,
    serialize,
)
from pyoxigraph import Triple as RdfTriple

from kg.errors import BadInput, BadParameter, TriviumError, Unavailable
from kg.rdf.formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from kg.rdf.terms import Term, predicate_rank, sort_key
from kg.store.functions import Failures

if TYPE_CHECKING:
    from pyoxigraph import QuerySolution, QuerySolutions

_GRAPH_WRITERS: Final = {
    TURTLE.name: RdfFormat.TURTLE,
    NTRIPLES.name: RdfFormat.N_TRIPLES,
    JSONLD.name: RdfFormat.JSON_LD,
    RDFXML.name: RdfFormat.RDF_XML,
    TRIG.name: RdfFormat.TRIG,
    NQUADS.name: RdfFormat.N_QUADS,
}
_WITH_PREFIXES: Final = frozenset({TURTLE.name, TRIG.name, RDFXML.name})
_FOR_READERS: Final = frozenset({TURTLE.name, TRIG.name})
"""Formats in which type, label and definition come first."""


class Writer(Protocol):
    """Takes bytes, says how many it took."""

    def write(self, data: bytes, /) -> int:
        """Take them."""

    def flush(self) -> None:
        """Pass on what is held."""


Translate = Callable[[Exception], TriviumError]
"""Turns what the engine raises while it evaluates into an error of ``kg.errors``."""


class Row(Mapping[str, Term]):
    """One solution: variable name → term, only the bound ones."""

    __slots__ = ("_names", "_solution")

    def __init__(self, names: tuple[str, ...], solution: "QuerySolution") -> None:
        self._names = names
        self._solution = solution

    def __getitem__(self, name: str) -> Term:
        # By place: pyoxigraph needs five times as long for a name.
        term = self._solution[self._names.index(name)] if name in self._names else None
        if term is None:
            raise KeyError(name)
        return term  # type: ignore[no-any-return]  # pyoxigraph types its rows as Any

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._names if self._solution[name] is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"Row({dict(self)!r})"


class _Answer:
    """What the three kinds of answers share: they are evaluated while they are read."""

    def __init__(self, failures: Failures | None, translate: Translate) -> None:
        self._failures = failures or Failures()
        self._translate = translate
        self._thread = get_ident()

    @property
    def warnings(self) -> tuple[str, ...]:
        """Why calls of extension functions failed; complete once the answer was read to its end."""
        return self._failures.warnings

    def _require_own_thread(self, items: object) -> None:
        """Stop a thread that did not ask: the engine would end the whole process."""
        if get_ident() != self._thread and not isinstance(items, list | tuple):
            raise Unavailable("an open answer in another thread", "read it in the thread that asked")

    def _guarded(self, items: Iterable[Any]) -> Iterator[Any]:
        """The items; whatever the engine raises between them comes out as an error of ``kg.errors``."""
        self._require_own_thread(items)
        iterator = iter(items)
        while True:
            try:
                item = next(iterator)
            except StopIteration:
                return
            except (RuntimeError, OSError, ValueError, SyntaxError) as error:
                raise self._translate(error) from error
            yield item


class Solutions(_Answer):
    """The answer of SELECT: read it once, either row by row or by :meth:`serialize`."""

    def __init__(
        self, solutions: "QuerySolutions", *, failures: Failures | None = None, translate: Translate
    ) -> None:
        super().__init__(failures, translate)
        self._solutions = solutions
        self.variables: tuple[str, ...] = tuple(variable.value for variable in solutions.variables)

    def __iter__(self) -> Iterator[Row]:
        names = self.variables
        return (Row(names, solution) for solution in self._guarded(self._solutions))

    def serialize(self, form: Format) -> bytes:
        """The rows in a SPARQL results format.

        Raises:
            BadParameter: the format holds graphs.
            BadInput: the evaluation failed.
        """
        writer = _result_writer(form)
        self._require_own_thread(self._solutions)
        try:
            return self._solutions.serialize(format=writer) or b""
        except (RuntimeError, OSError, ValueError, SyntaxError) as error:
            raise self._translate(error) from error

    def write(self, output: Writer, form: Format) -> None:
        """As :meth:`serialize`, to an output that takes bytes, as they come."""
        writer = _result_writer(form)
        self._require_own_thread(self._solutions)
        try:
            self._solutions.serialize(output, format=writer)  # type: ignore[arg-type]  # it calls write alone
        except (RuntimeError, OSError, ValueError) as error:
            raise self._translate(error) from error


class Boolean(_Answer):
    """The answer of ASK."""

    def __init__(self, answer: "QueryBoolean", *, failures: Failures | None = None) -> None:
        super().__init__(failures, _as_is)
        self._answer = answer
        self.value: bool = bool(answer)

    def __bool__(self) -> bool:
        return self.value

    def serialize(self, form: Format) -> bytes:
        """``true`` or ``false`` in a SPARQL results format; in CSV and TSV the bare word."""
        return self._answer.serialize(format=_result_writer(form)) or b""

    def write(self, output: Writer, form: Format) -> None:
        """As :meth:`serialize`, to an output."""
        output.write(self.serialize(form))


class Triples(_Answer):
    """The answer of CONSTRUCT or DESCRIBE: read it once, by iteration or by :meth:`serialize`."""

    def __init__(
        self,
        triples: QueryTriples | Iterable[RdfTriple],
        *,
        prefixes: Mapping[str, str] | None = None,
        failures: Failures | None = None,
        translate: Translate | None = None,
    ) -> None:
        super().__init__(failures, translate or _as_is)
        self._triples: Iterable[RdfTriple] = triples
        self._prefixes = dict(prefixes or {})

    def __iter__(self) -> Iterator[RdfTriple]:
        return self._guarded(self._triples)

    def serialize(self, form: Format) -> bytes:
        """The graph, each triple once, sorted, with the prefixes that occur where the format has prefixes.

        Raises:
            BadParameter: the format holds solutions, or cannot hold these triples (JSON-LD and triple terms).
            BadInput: the evaluation failed.
        """
        writer = _GRAPH_WRITERS.get(form.name)
        if writer is None:
            raise BadParameter("format", form.name, f"a graph format here: {', '.join(_GRAPH_WRITERS)}")
        triples = sorted(set(self), key=_reading_key if form.name in _FOR_READERS else _triple_key)
        used = _used_prefixes(triples, self._prefixes) if form.name in _WITH_PREFIXES else None
        try:
            return _sort_prefixes(serialize(triples, format=writer, prefixes=used) or b"", form)
        except ValueError as error:
            raise BadParameter(
                "format", form.name, f"triples that it can hold ({error}); take turtle"
            ) from error

    def as_it_comes(self) -> bytes:
        """The graph as N-Triples, in no order and perhaps with doubles; the engine writes its own answers.

        Raises:
            BadInput: the evaluation failed.
        """
        if not isinstance(self._triples, QueryTriples):
            return serialize(self, format=RdfFormat.N_TRIPLES) or b""
        self._require_own_thread(self._triples)
        try:
            return self._triples.serialize(format=RdfFormat.N_TRIPLES) or b""
        except (RuntimeError, OSError, ValueError, SyntaxError) as error:
            raise self._translate(error) from error

    def write(self, output: Writer, form: Format) -> None:
        """As :meth:`serialize`, to an output: a sorted graph leaves all at once."""
        output.write(self.serialize(form))


Answer = Solutions | Boolean | Triples
"""What a query gives: by its form SELECT, ASK, or CONSTRUCT and DESCRIBE."""


def serialize_quads(quads: Iterable[Quad], form: Format, prefixes: Mapping[str, str]) -> bytes:
    """Quads in TriG or N-Quads: by graph, then as in Turtle, with the prefixes that occur where there are any."""
    quads = sorted(quads, key=lambda quad: (str(quad.graph_name), _reading_key(quad.triple)))
    terms = (quad.triple for quad in quads)
    used = _used_prefixes(terms, prefixes) if form.name in _WITH_PREFIXES else None
    return _sort_prefixes(serialize(quads, format=_GRAPH_WRITERS[form.name], prefixes=used) or b"", form)


def read_answer(
    data: bytes, *, is_graph: bool, prefixes: Mapping[str, str], warnings: Iterable[str] = ()
) -> Answer:
    """The answer that was written as JSON, or as N-Triples where it is a graph."""
    failures = Failures(warnings)
    if is_graph:
        triples = [quad.triple for quad in parse(data, RdfFormat.N_TRIPLES)]
        return Triples(triples, prefixes=prefixes, failures=failures)
    answer = parse_query_results(data, QueryResultsFormat.JSON)
    if isinstance(answer, QueryBoolean):
        return Boolean(answer, failures=failures)
    return Solutions(answer, failures=failures, translate=_as_is)


def _as_is(error: Exception) -> TriviumError:
    return BadInput(f"the triples could not be read: {error}")


def _result_writer(form: Format) -> QueryResultsFormat:
    writer = QueryResultsFormat.from_media_type(form.media_type) if form.holds == "solutions" else None
    if writer is None:
        raise BadParameter("format", form.name, "a result format here: json, xml, csv, tsv")
    return writer


def _triple_key(triple: RdfTriple) -> tuple[tuple[int, str], str, tuple[int, str]]:
    return (sort_key(triple.subject), triple.predicate.value, sort_key(triple.object))


def _reading_key(triple: RdfTriple) -> tuple[int, str, int, str, tuple[int, str]]:
    """As the files are written: an owner before its parts, and of each the type first, then label and definition."""
    subject, name = triple.subject, triple.predicate.value
    text = getattr(subject, "value", str(subject))
    return (sort_key(subject)[0], text, predicate_rank(name), name, sort_key(triple.object))


def _sort_prefixes(data: bytes, form: Format) -> bytes:
    """The document with its prefixes in order; the writers take them from a hash map."""
    if form.name == RDFXML.name:
        start, end = data.find(b"<rdf:RDF"), data.find(b">", data.find(b"<rdf:RDF"))
        tag, *attributes = data[start:end].split(b" ")
        return data[:start] + b" ".join([tag, *sorted(attributes)]) + data[end:]
    if form.name in _WITH_PREFIXES:
        lines = data.split(b"\n")
        length = next(place for place, line in enumerate(lines) if not line.startswith(b"@prefix "))
        return b"\n".join(sorted(lines[:length]) + lines[length:])
    return data


def _used_prefixes(triples: Iterable[RdfTriple], prefixes: Mapping[str, str]) -> dict[str, str]:
    """The prefixes whose namespace begins an IRI of these triples."""
    iris = {
        getattr(term, "datatype", term).value
        for triple in triples
        for term in triple
        if hasattr(term, "value")
    }
    starts = {iri[: max(iri.rfind("#"), iri.rfind("/"), iri.rfind(":")) + 1] for iri in iris}
    return {
        prefix: space
        for prefix, space in prefixes.items()
        if space in starts or any(iri.startswith(space) for iri in iris)
    }
