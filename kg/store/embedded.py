"""Quads of pyoxigraph behind the port, whether they stand in memory or on disk."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode, Quad, QueryBoolean, QuerySolutions, RdfFormat, Triple, parse
from pyoxigraph import Store as Quads

from kg.errors import BadParameter
from kg.rdf.faults import turtle_fault
from kg.store.base import Capabilities
from kg.store.diagnosis import explain_evaluation, explain_syntax
from kg.store.functions import ExtensionFunction, Failures, watch
from kg.store.guard import inspect_query
from kg.store.results import Answer, Boolean, Solutions, Triples

BULK_BYTES: Final = 1_000_000
"""From this size on a file is loaded in bulk, which has a start-up cost: 0.3 ms of CPU for each call."""
NO_FUNCTIONS: Final[Mapping[str, ExtensionFunction]] = MappingProxyType({})
NO_PREFIXES: Final[Mapping[str, str]] = MappingProxyType({})


class EmbeddedStore(ABC):
    """Quads in this process. Every query passes :mod:`kg.store.guard`; there is no other door.

    ``prefixes`` need no declaration in a query and shorten the graphs that leave the store.
    """

    def __init__(
        self,
        functions: Mapping[str, ExtensionFunction] = NO_FUNCTIONS,
        *,
        prefixes: Mapping[str, str] = NO_PREFIXES,
        version: str = "",
    ) -> None:
        self._functions = dict(functions)
        self._prefixes = dict(prefixes)
        self._version = version

    @property
    @abstractmethod
    def quads(self) -> Quads:
        """The quads as this process may read them."""

    @property
    def capabilities(self) -> Capabilities:
        """Extension functions, no update, a content that its version names."""
        return Capabilities(functions=True, update=False, fixed=True)

    @property
    def version(self) -> str:
        """The version given at the start, else a hash over the sorted quads (blank nodes by label)."""
        if not self._version:
            lines = sorted(str(quad) for quad in self.quads)
            self._version = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        return self._version

    @property
    def address(self) -> str:
        """Empty: what stands in memory is copied."""
        return ""

    @property
    def size(self) -> int:
        """How many quads the store holds."""
        return len(self.quads)

    def add_functions(self, functions: Mapping[str, ExtensionFunction]) -> None:
        """Make functions callable from queries, beside those given at the start."""
        self._functions.update(functions)

    def add_prefixes(self, prefixes: Mapping[str, str]) -> None:
        """Spare queries the declaration of these prefixes."""
        self._prefixes.update(prefixes)

    def query(
        self,
        text: str,
        *,
        default_graphs: Iterable[str] = (),
        named_graphs: Iterable[str] = (),
        base_iri: str | None = None,
    ) -> Answer:
        """The answer of a SPARQL query; see :class:`kg.store.base.Store`."""
        facts = inspect_query(text)
        defaults, named = graph_names(default_graphs), graph_names(named_graphs)
        chosen = bool(defaults or named)
        failures = Failures()
        translate = partial(explain_evaluation, functions=tuple(self._functions))
        quads = self.quads
        try:
            answer = quads.query(
                text,
                base_iri=base_iri,
                prefixes=self._prefixes,
                # A dataset of the request goes before that of the query, and either before the union.
                use_default_graph_as_union=not (chosen or facts.has_dataset),
                default_graph=list(defaults) if chosen else None,
                named_graphs=list(named) if chosen else None,
                custom_functions=watch(self._functions, failures),
            )
        except SyntaxError as error:
            has_base = base_iri is not None
            raise explain_syntax(error, text, facts, prefixes=self._prefixes, has_base=has_base) from error
        except (RuntimeError, OSError, ValueError) as error:
            raise translate(error) from error
        if isinstance(answer, QuerySolutions):
            return Solutions(answer, failures=failures, translate=translate)
        if isinstance(answer, QueryBoolean):
            return Boolean(answer, failures=failures)
        return Triples(answer, prefixes=self._prefixes, failures=failures, translate=translate)


class LoadableStore(EmbeddedStore):
    """A store that is being filled; once it is served nothing is added any more."""

    def __init__(
        self,
        quads: Quads,
        functions: Mapping[str, ExtensionFunction] = NO_FUNCTIONS,
        *,
        prefixes: Mapping[str, str] = NO_PREFIXES,
        version: str = "",
    ) -> None:
        super().__init__(functions, prefixes=prefixes, version=version)
        self._quads = quads

    @property
    def quads(self) -> Quads:
        """The quads so far."""
        return self._quads

    def load(self, quads: Iterable[Quad]) -> None:
        """Add quads; each should stand in a named graph, since the default graph is the union of those."""
        self._quads.bulk_extend(quads)

    def load_turtle(self, data: bytes, graph: str, *, path: str = "") -> None:
        """Add a Turtle document to a named graph.

        Raises:
            BadSyntax: the document is no Turtle; ``path`` is named.
        """
        try:
            load = self._quads.load if len(data) < BULK_BYTES else self._quads.bulk_load
            load(data, RdfFormat.TURTLE, to_graph=NamedNode(graph))
        except SyntaxError as error:
            raise turtle_fault(error, path) from error

    def load_answer(self, answer: Triples, graph: str) -> int:
        """Add the answer of a query to a named graph; give the number of its triples. Blank nodes stay the same."""
        data = answer.as_it_comes()
        if b"_:" in data:
            # Read from a document they would be others.
            name = NamedNode(graph)
            triples = (quad.triple for quad in parse(data, RdfFormat.N_TRIPLES))
            self.load(Quad(one.subject, one.predicate, one.object, name) for one in triples)
        elif data:
            # The engine wrote it: it need not be checked.
            self._quads.load(data, RdfFormat.N_TRIPLES, to_graph=NamedNode(graph), lenient=True)
        return len(set(data.splitlines()))

    def load_quads(self, data: bytes) -> None:
        """Add N-Quads, as :meth:`dump` writes them."""
        self._quads.bulk_load(data, RdfFormat.N_QUADS)

    def dump(self) -> bytes:
        """All quads as N-Quads."""
        return self._quads.dump(format=RdfFormat.N_QUADS) or b""

    def holds(self, triple: Triple) -> bool:
        """True where any graph holds the triple."""
        found = self._quads.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return next(iter(found), None) is not None


def graph_names(iris: Iterable[str]) -> tuple[NamedNode, ...]:
    """The names of graphs as terms.

    Raises:
        BadParameter: one is no IRI.
    """
    names = []
    for iri in iris:
        try:
            names.append(NamedNode(iri))
        except ValueError as error:
            raise BadParameter("graph", iri, "an absolute IRI") from error
    return tuple(names)
