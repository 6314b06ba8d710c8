"""The facade: one opened dataset, and everything that can be asked of it."""

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.catalog.dataset import read_base, read_prefixes
from kg.dataset.files import DESCRIPTION, DatasetFiles
from kg.dataset.load import load_dataset, publish_dataset
from kg.errors import BadParameter, Unavailable
from kg.model.iri import Iri
from kg.rdf.prefixes import Prefixes
from kg.services import describe, search, sparql
from kg.services.engines import Engines
from kg.services.formula_handle import FormulaHandle
from kg.services.formulas import find_formula
from kg.services.functions import ELSEWHERE, extension_functions
from kg.services.handles import ExerciseHandle, LearningHandle, TopicHandle
from kg.services.learning import topic_slug
from kg.services.results import QueryResult
from kg.store.base import Store
from kg.store.connect import MEMORY, check_address, connect, file_path, is_address
from kg.store.disk import DiskStore, is_store
from kg.store.embedded import EmbeddedStore
from kg.store.memory import MemoryStore
from kg.store.remote import RemoteStore

if TYPE_CHECKING:
    from kg.model.comparison import Comparison
    from kg.model.description import Description, Entry
    from kg.model.search import SearchAnswer
    from kg.services.derivation_handle import DerivationHandle

KEPT_HANDLES: Final = 1_000
"""Formulas that were asked for by name and are kept, so that the next call begins with the values."""

INSTEAD = (
    "open a folder with a dataset.ttl, a store as file:/path, a SPARQL service as https://host/sparql, "
    "or give nothing for the dataset that comes with the program"
)


class Knowledge(Engines):
    """An opened dataset. Every service takes it; these methods are the short way from Python.

    >>> from kg import open_knowledge
    >>> knowledge = open_knowledge()
    >>> round(knowledge.formula("training-inference-equivalence").evaluate(k_inf=10).value, 2)
    3.98
    """

    def __init__(self, store: Store, *, base: Iri, prefixes: Prefixes) -> None:
        super().__init__(store, base=base, prefixes=prefixes)
        self._handles: dict[str, FormulaHandle] = {}

    def sparql(self, text: str, *, timeout: float | None = None) -> QueryResult:
        """The answer of a SPARQL query, read to its end; the dataset's prefixes need no declaration.

        With a ``timeout``, in seconds, it is evaluated in a process of its own that is stopped then.

        Raises:
            DeadlineExceeded: it took longer than ``timeout``. WorkerFailed: that process ended.
            BadSyntax, ForbiddenQuery, TooLarge, BadParameter: see :meth:`kg.store.base.Store.query`.
        """
        if timeout is None:
            return QueryResult(sparql.run_query(self, text))
        from kg.services.isolation import run_query_isolated

        return QueryResult(run_query_isolated(self, text, timeout_s=timeout))

    def formula(self, reference: str) -> FormulaHandle:
        """A formula, a reading or a complexity by slug, ``kind/slug#part``, CURIE or IRI.

        Raises:
            NotFound: there is none; near names are given. InvalidData: its record is malformed.
        """
        handle = self._handles.get(reference)
        if handle is None:
            handle = FormulaHandle(self, find_formula(self, reference))
            if len(self._handles) < KEPT_HANDLES:
                self._handles[reference] = handle
        return handle

    def topic(self, reference: str) -> TopicHandle:
        """A topic by slug, CURIE or IRI.

        Raises:
            NotFound: there is none; near names are given.
        """
        return TopicHandle(self, topic_slug(self, reference))

    def exercise(self, reference: str) -> ExerciseHandle:
        """An exercise by slug, CURIE or IRI.

        >>> from kg import open_knowledge
        >>> found = open_knowledge().exercise("mathematical").check("10**0.6")
        >>> found.verdict.verdict, found.verdict.how, found.reading.label
        ('equal', 'proved', 'As a factor')

        Raises:
            NotFound: there is none; near names are given.
        """
        return ExerciseHandle(self, reference)

    def derive(
        self,
        target: str,
        givens: Mapping[str, object] | None = None,
        *,
        subject: str | Iterable[str] = (),
        prefer: str | Iterable[str] = (),
        avoid: str | Iterable[str] = (),
        defaults: str = "allow",
        alternatives: int = 0,
        unit: str = "",
    ) -> "DerivationHandle":
        """A quantity derived from givens and subjects by the cheapest way; a formula means its output.

        Raises:
            NoDerivation: nothing known leads there; says which givens would.
            TriviumError: as :func:`kg.services.derivations.derive_quantity`.
        """
        from kg.services.derivation_handle import DerivationHandle
        from kg.services.derivations import derive_quantity

        found = derive_quantity(
            self,
            target,
            givens or {},
            subject=subject,
            prefer=prefer,
            avoid=avoid,
            defaults=defaults,
            alternatives=alternatives,
            unit=unit,
        )
        return DerivationHandle(self, found)

    @property
    def learning(self) -> LearningHandle:
        """What to learn next."""
        return LearningHandle(self)

    def describe(self, reference: str) -> "Description":
        """All that the graph says of a resource, named by slug, ``kind/slug``, CURIE or IRI.

        Raises:
            NotFound: the graph does not know it; near names are given.
        """
        return describe.describe(self, reference)

    def list(self, kind: str) -> tuple["Entry", ...]:
        """All resources of a kind, by IRI.

        Raises:
            NotFound: there is no such kind.
        """
        return describe.list_kind(self, kind)

    def search(self, text: str, kind: str = "", *, limit: int = 10) -> "SearchAnswer":
        """What has all these words, best first; the answer iterates over its hits.

        >>> from kg import open_knowledge
        >>> answer = open_knowledge().search("mixtre of experts")
        >>> answer.corrected, answer.hits[0].label
        ('mixture of experts', 'Mixture of Experts')

        Raises:
            BadParameter: the text is empty, or ``kind`` or ``limit`` is off. TooLarge: the text is too long.
        """
        return search.search(self, text, kind=kind, limit=limit)

    def compare(self, kind: str, items: Iterable[str] = (), properties: Iterable[str] = ()) -> "Comparison":
        """Items of a kind side by side, each value with its sources; what is not known is said.

        >>> from kg import open_knowledge
        >>> mamba, transformer = open_knowledge().compare("architecture", ["mamba", "transformer"]).items
        >>> mamba["stateGrowth"].values[0].value, transformer["stateGrowth"].values[0].value
        ('constant', 'linear')

        Raises:
            NotFound, BadParameter, TooLarge: as :func:`kg.services.compare.compare`.
        """
        from kg.services.compare import compare

        return compare(self, kind, items, properties)

    def __repr__(self) -> str:
        return f"<Knowledge {self.title!r}, {self.size} triples>"

    def _repr_html_(self) -> str:
        counts = ((kind, count) for kind, count in describe.count_kinds(self).items() if count)
        rows = "".join(f"<tr><td>{kind}</td><td>{count}</td></tr>" for kind, count in counts)
        return f"<p><b>{escape(self.title)}</b>, {self.size} triples</p><table>{rows}</table>"


def open_knowledge(source: str | Path | None = None) -> Knowledge:
    """The dataset that ``source`` names; nothing names the one that comes with the program.

    A folder of Turtle with its ``dataset.ttl`` is loaded into memory; a store on disk, as ``file:/path`` or as a
    path, is opened read-only; the ``https:`` URL of a SPARQL service is asked each time.

    Raises:
        Unavailable: the source is none of these, or does not answer; says what to do.
        InvalidData, BadSyntax: what is there is no dataset; says what is off, and in which file.
        BadParameter: an address that cannot be one.
    """
    if source is None or source == MEMORY:
        return open_files(DatasetFiles.shipped())
    if isinstance(source, str) and is_address(source):
        return _open_store(source)
    folder = Path(source)
    if str(source) and folder.is_dir():
        is_dataset = (folder / DESCRIPTION).is_file() or not is_store(folder)
        return open_files(DatasetFiles.at(folder)) if is_dataset else _over(DiskStore(folder))
    raise Unavailable(f"a dataset at {str(source)[:200]!r}", INSTEAD)


def open_files(files: DatasetFiles) -> Knowledge:
    """The dataset of these files, in memory, with the functions that its queries may call.

    Raises:
        BadSyntax: a file is no Turtle; names file, line and column.
    """
    return _with_functions(load_dataset(files), base=files.base, prefixes=files.prefixes)


def serve_store(address: str, data: str | Path | None = None) -> Knowledge:
    """The knowledge that a service answers from, at an address of :mod:`kg.store.connect`.

    ``memory:`` loads the dataset ``data`` (a source of :func:`open_knowledge`). A store on disk is first brought up to
    the Turtle folder ``data``, or the shipped dataset, where it holds another version. Another SPARQL service is asked
    as it is.

    Raises:
        BadParameter: the address is none, or ``data`` does not go with it. TriviumError: as :func:`open_knowledge`.
    """
    if address == MEMORY:
        return open_knowledge(data or None)
    folder = file_path(check_address(address))
    if folder:
        publish_dataset(DatasetFiles.at(Path(data)) if data else DatasetFiles.shipped(), folder)
    elif data:
        raise BadParameter("data", str(data)[:200], "nothing beside a SPARQL service, which has its own data")
    return _open_store(address)


def _open_store(address: str) -> Knowledge:
    return _over(connect(address, elsewhere=ELSEWHERE))


def _over(store: EmbeddedStore | RemoteStore) -> Knowledge:
    """The dataset within a store, whose base and prefixes stand in the store itself."""
    base = read_base(store)
    prefixes = read_prefixes(store, base)
    store.add_prefixes(prefixes.namespaces)
    return _with_functions(store, base=base, prefixes=prefixes)


def _with_functions(store: EmbeddedStore | RemoteStore, *, base: Iri, prefixes: Prefixes) -> Knowledge:
    knowledge = Knowledge(store, base=base, prefixes=prefixes)
    if isinstance(store, EmbeddedStore):
        store.add_functions(extension_functions(knowledge))
    return knowledge


def open_snapshot(quads: bytes, *, base: Iri, prefixes: Prefixes, version: str) -> Knowledge:
    """The dataset of N-Quads that were written from an opened one."""
    store = MemoryStore(prefixes=prefixes.namespaces, version=version)
    store.load_quads(quads)
    return _with_functions(store, base=base, prefixes=prefixes)
