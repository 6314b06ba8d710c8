"""An opened dataset with its engines: built once, when first needed, from whichever thread."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import copy
from threading import RLock, Thread
from typing import TYPE_CHECKING, Final, TypeVar

from kg.catalog import filters, resources
from kg.errors import TriviumError
from kg.model.iri import ONTOLOGY, Iri
from kg.rdf.formats import Format
from kg.rdf.prefixes import Prefixes
from kg.store.base import Store
from kg.store.results import serialize_quads

if TYPE_CHECKING:
    from kg.catalog.statistics import Statistics
    from kg.formula.compile import CompiledFormula
    from kg.formula.units import UnitTable
    from kg.learning.graph import PrerequisiteGraph
    from kg.model.answer import Observed
    from kg.model.comparison import Saying
    from kg.model.description import Entry
    from kg.model.formula import Formula
    from kg.search.index import SearchIndex

Built = TypeVar("Built")
Key = tuple[str, str]

IN_WORDS: Final = Iri(ONTOLOGY + "statement")
"""What a claim says in words only, which is no property of a thing to compare it by."""
KEPT_FAILURES: Final = 1_000
"""Names that turned out to be no usable formula and are remembered, so that a query asks once."""


class Engines:
    """A store, and what is computed from it. Safe to share between threads; the store does not change.

    The engines are imported when first asked for: a plain SPARQL answer pays for none of them.
    """

    def __init__(self, store: Store, *, base: Iri, prefixes: Prefixes) -> None:
        self.store = store
        self.base = base
        """Base IRI of the dataset's individuals."""
        self.prefixes = prefixes
        self._lock = RLock()
        self._built: dict[Key, object] = {}
        self._failed: dict[Iri, TriviumError] = {}
        self._warm = False

    @property
    def version(self) -> str:
        """Hash of the content: the same content, the same version."""
        return self.store.version

    @property
    def is_fixed(self) -> bool:
        """True where the version names the content; over a store that others change, only its outline."""
        return self.store.capabilities.fixed

    @property
    def size(self) -> int:
        """How many quads the store holds."""
        return self.store.size

    @property
    def title(self) -> str:
        """Title of the dataset."""
        return self._once(("title", ""), lambda: resources.read_title(self.store)) or self.base

    @property
    def is_warm(self) -> bool:
        """True once the formula engine and all formulas are loaded."""
        return self._warm

    @property
    def names(self) -> Mapping[str, Mapping[str, Iri]]:
        """Kind → slug → IRI of all individuals."""
        return self._once(("names", ""), lambda: resources.list_names(self.store, self.base))

    @property
    def aliases(self) -> Mapping[str, tuple[Iri, ...]]:
        """Another name of an individual, spelt as a slug → the individuals that go by it."""
        return self._once(("aliases", ""), self._read_aliases)

    @property
    def replacements(self) -> Mapping[Iri, Iri]:
        """An individual whose name was given up → the one that stands in its place."""
        return self._once(("replacements", ""), lambda: resources.list_replacements(self.store, self.base))

    @property
    def units(self) -> "UnitTable":
        """The units of the dataset."""
        return self._once(("units", ""), self._read_units)

    @property
    def prerequisite_graph(self) -> "PrerequisiteGraph":
        """The topics and what they require.

        Raises:
            CyclicPrerequisites: a topic would come before itself.
            InvalidData: a topic is malformed.
        """
        return self._once(("learning", ""), self._build_graph)

    @property
    def search_index(self) -> "SearchIndex":
        """All texts of the dataset, ready to be searched."""
        return self._once(("search", ""), self._build_index)

    def entries(self, kind: str) -> tuple["Entry", ...]:
        """All resources of a kind, by IRI."""
        return self._once(("kind", kind), lambda: resources.list_kind(self.store, self.base, kind))

    def listed(self, kind: str) -> tuple[Iri, ...]:
        """The IRIs of all resources of a kind, sorted."""
        return self._once(("listed", kind), lambda: tuple(sorted(self.names[kind].values())))

    def filter_index(self, kind: str, by: filters.Filter) -> Mapping[str, tuple[Iri, ...]]:
        """Value of a filter → the resources of the kind that have it, by IRI."""
        return self._once(
            (f"filter {kind}", by.name), lambda: filters.read_filter(self.store, self.base, kind, by)
        )

    def sayings(self, kind: str) -> Mapping[Iri, tuple["Saying", ...]]:
        """All that is said of the individuals of a kind, for those of whom anything is; best first.

        Raises:
            InvalidData: a bound of a statement is no number.
        """
        return self._once(("sayings", kind), lambda: self._read_sayings(kind))

    @property
    def statistics(self) -> "Statistics":
        """The dataset in numbers, counted once."""
        from kg.catalog.statistics import read_statistics

        return self._once(("statistics", ""), lambda: read_statistics(self.store, self.base))

    def dump(self, form: Format) -> bytes:
        """All quads in a format that holds named graphs, written once."""
        return self._once(("dump", form.name), lambda: self._write_quads(form))

    def is_read(self, iri: Iri) -> bool:
        """True where the record of that IRI was asked for before, and is a formula."""
        return ("record", iri) in self._built

    def record(self, iri: Iri) -> "Formula":
        """The record of a formula, of a reading or of a complexity.

        Raises:
            NotFound: there is none of that IRI.
            InvalidData: it is malformed.
        """
        return self._of_formula("record", iri, self._read_record)

    def compiled(self, iri: Iri) -> "CompiledFormula":
        """The compiled formula of that IRI.

        Raises:
            NotFound, InvalidData, InvalidFormula, BadSyntax, WrongDimension: it cannot be used; says why.
        """
        found = self._built.get(("compiled", iri))
        if found is not None:
            return found  # type: ignore[return-value]  # this key holds nothing else
        return self._of_formula("compiled", iri, self._compile)

    def compiled_formulas(self) -> tuple["CompiledFormula", ...]:
        """All formulas that can be used, by IRI, complexities and readings apart; ``trivium check`` names the others.

        Raises:
            InvalidData: the dataset's formulas cannot be read.
        """
        if not self._warm:
            self._load_formulas()
        found = []
        for iri in sorted(self.names["formula"].values()):
            with suppress(TriviumError):
                found.append(self.compiled(iri))
        return tuple(found)

    def observed(self, subject: Iri) -> tuple["Observed", ...]:
        """What is measured of a subject, best first; nothing for a subject that has no observations."""
        known = self._built.get(("observed", subject))
        if known is not None:
            return known  # type: ignore[return-value]  # this key holds nothing else
        from kg.catalog.subjects import observations_of

        found = observations_of(self.store, subject)
        if found:
            self._built[("observed", subject)] = found
        return found

    def warm(self) -> Thread:
        """The running thread that loads the formula engine and all formulas; ``is_warm`` once it is done."""
        thread = Thread(target=self._load_all, name="trivium-warm", daemon=True)
        thread.start()
        return thread

    def _load_all(self) -> None:
        from kg.formula import evaluate, givens, solve  # noqa: F401 - loaded for those who ask next

        # Whoever asks for what cannot be loaded is told then; `trivium check` lists all of it.
        with suppress(TriviumError):
            self._load_formulas()
        self._warm = True

    def _load_formulas(self) -> None:
        from kg.catalog.formulas import FormulaRecords, formula_iris

        records = FormulaRecords.read(self.store, formula_iris(self.store))
        for iri in records.iris:
            try:
                self._built.setdefault(("record", iri), records.build(iri))
                self.compiled(iri)
            except TriviumError as error:
                self._failed[iri] = copy(error)
        _ = self.units

    def once(self, key: Key, build: Callable[[], Built]) -> Built:
        """What ``build`` gave when this key was first asked for."""
        return self._once(key, build)

    def _once(self, key: Key, build: Callable[[], Built]) -> Built:
        found = self._built.get(key)
        if found is None:
            with self._lock:
                found = self._built.get(key)
                if found is None:
                    found = self._built[key] = build()
        return found  # type: ignore[return-value]  # a key is always built by the same function

    def _of_formula(self, what: str, iri: Iri, build: Callable[[Iri], Built]) -> Built:
        failed = self._failed.get(iri)
        if failed is not None:
            raise copy(failed)
        try:
            return self._once((what, iri), lambda: build(iri))
        except TriviumError as error:
            if len(self._failed) < KEPT_FAILURES:
                self._failed[iri] = copy(error)
            raise

    def _read_units(self) -> "UnitTable":
        from kg.catalog.units import read_units
        from kg.formula.units import UnitTable

        return UnitTable(read_units(self.store))

    def _read_aliases(self) -> dict[str, tuple[Iri, ...]]:
        from kg.search.words import name_key

        found: dict[str, set[Iri]] = {}
        for iri, name in resources.list_aliases(self.store, self.base):
            found.setdefault(name_key(name).replace(" ", "-"), set()).add(iri)
        return {slug: tuple(sorted(iris)) for slug, iris in found.items()}

    def _read_sayings(self, kind: str) -> Mapping[Iri, tuple["Saying", ...]]:
        from kg.catalog.comparisons import read_sayings

        found: dict[Iri, list[Saying]] = {}
        for saying in read_sayings(self.store, self.names[kind].values()):
            if saying.property.iri != IN_WORDS:
                found.setdefault(saying.item, []).append(saying)
        return {iri: tuple(sayings) for iri, sayings in found.items()}

    def _write_quads(self, form: Format) -> bytes:
        from kg.catalog.statistics import read_quads

        return serialize_quads(read_quads(self.store), form, self.prefixes.namespaces)

    def _build_graph(self) -> "PrerequisiteGraph":
        from kg.catalog.learning import read_curriculum
        from kg.learning.graph import PrerequisiteGraph

        return PrerequisiteGraph.build(read_curriculum(self.store))

    def _build_index(self) -> "SearchIndex":
        from kg.catalog.documents import read_documents
        from kg.search.index import SearchIndex

        return SearchIndex(read_documents(self.store, self.base))

    def _read_record(self, iri: Iri) -> "Formula":
        from kg.catalog.formulas import read_expression

        return read_expression(self.store, iri)

    def _compile(self, iri: Iri) -> "CompiledFormula":
        from kg.formula.compile import compile_formula

        return compile_formula(self.record(iri))
