"""The facade: one opened dataset, and everything that can be asked of it."""

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.dataset.files import DatasetFiles
from kg.dataset.load import load_dataset
from kg.errors import Unavailable
from kg.model.iri import Iri
from kg.rdf.prefixes import Prefixes
from kg.services import describe, search, sparql
from kg.services.engines import Engines
from kg.services.formulas import find_formula
from kg.services.functions import extension_functions
from kg.services.handles import FormulaHandle, LearningHandle, TopicHandle
from kg.services.learning import topic_slug
from kg.services.results import QueryResult
from kg.store.base import Store

if TYPE_CHECKING:
    from kg.model.description import Description, Entry
    from kg.model.search import SearchAnswer

KEPT_HANDLES: Final = 1_000
"""Formulas that were asked for by name and are kept, so that the next call begins with the values."""

INSTEAD = "open a folder with a dataset.ttl, or give nothing for the dataset that comes with the program"


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

    def sparql(self, text: str) -> QueryResult:
        """The answer of a SPARQL query, read to its end; the dataset's prefixes need no declaration.

        Raises:
            BadSyntax, ForbiddenQuery, TooLarge, BadParameter: see :meth:`kg.store.base.Store.query`.
        """
        return QueryResult(sparql.run_query(self, text))

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

    def __repr__(self) -> str:
        return f"<Knowledge {self.title!r}, {self.size} triples>"

    def _repr_html_(self) -> str:
        counts = ((kind, count) for kind, count in describe.count_kinds(self).items() if count)
        rows = "".join(f"<tr><td>{kind}</td><td>{count}</td></tr>" for kind, count in counts)
        return f"<p><b>{escape(self.title)}</b>, {self.size} triples</p><table>{rows}</table>"


def open_knowledge(source: str | Path | None = None) -> Knowledge:
    """The dataset of a folder, or the one that comes with the program, in memory.

    Raises:
        Unavailable: the source is neither.
        InvalidData, BadSyntax: the folder is no dataset; says what is off, and in which file.
    """
    if source is None:
        return open_files(DatasetFiles.shipped())
    if str(source) and Path(source).is_dir():
        return open_files(DatasetFiles.at(Path(source)))
    raise Unavailable(f"a dataset at {str(source)[:200]!r}", INSTEAD)


def open_files(files: DatasetFiles) -> Knowledge:
    """The dataset of these files, in memory, with the functions that its queries may call.

    Raises:
        BadSyntax: a file is no Turtle; names file, line and column.
    """
    store = load_dataset(files)
    knowledge = Knowledge(store, base=files.base, prefixes=files.prefixes)
    store.add_functions(extension_functions(knowledge))
    return knowledge
