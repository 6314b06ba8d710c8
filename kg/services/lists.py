"""Lists by pages: the resources of a kind, narrowed by words and by filters, in the order of their IRIs."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from kg.catalog import resources
from kg.catalog.filters import FILTERS, Filter, read_scheme
from kg.errors import BadParameter, NotFound
from kg.model.iri import VOCABULARY, Iri, Name
from kg.model.page import Page
from kg.services.engines import Engines
from kg.services.references import NAME_LENGTH, NEAR, find_resource
from kg.store.results import Triples

if TYPE_CHECKING:
    from kg.model.description import Entry

DEFAULT_LIMIT: Final = 100
MAX_LIMIT: Final = 1_000
KEPT_ENTRIES: Final = 1_000
"""A kind of so many resources is read once and kept whole: a query a page takes twice the time of all else."""
_NO_FILTERS: Final[Mapping[str, str]] = {}


def select_page(
    engines: Engines,
    kind: str,
    *,
    limit: int = DEFAULT_LIMIT,
    cursor: str = "",
    text: str = "",
    filters: Mapping[str, str] = _NO_FILTERS,
) -> Page:
    """The resources of a kind after the cursor: those that have all words of the text and the value of each filter.

    No query is asked for it once the filters in use have been read.

    Raises:
        BadParameter: the cursor is no slug of the kind, or the kind has no such filter.
        NotFound: no such value; near ones are given.
        TooLarge: the text is too long.
    """
    chosen, corrected = engines.listed(kind), ""
    for name, value in filters.items():
        chosen = _both(chosen, _having(engines, kind, name, value))
    if text:
        found, corrected = engines.search_index.find(text, kind=kind)
        chosen = _both(chosen, found)
    start = bisect_right(chosen, _after(engines, kind, cursor)) if cursor else 0
    end = start + limit
    before = start - limit
    return Page(
        kind=kind,
        iris=chosen[start:end],
        start=start,
        total=len(chosen),
        previous=None if start == 0 else _slug(engines, chosen[before - 1]) if before > 0 else "",
        next=_slug(engines, chosen[end - 1]) if end < len(chosen) else None,
        corrected=corrected,
    )


def read_page(engines: Engines, page: Page) -> tuple["Entry", ...]:
    """The resources of a page with label and definition: from the short list that is kept, else in one query."""
    if len(engines.listed(page.kind)) <= KEPT_ENTRIES:
        entries = {entry.iri: entry for entry in engines.entries(page.kind)}
        return tuple(entries[iri] for iri in page.iris)
    return resources.read_entries(engines.store, page.iris)


def page_graph(engines: Engines, page: Page) -> Triples:
    """The resources of a page as a graph: type, label and definition of each, in one query."""
    graph = resources.read_entries_graph(engines.store, page.iris)
    return Triples(graph, prefixes=engines.prefixes.namespaces)


def filters_of(kind: str) -> tuple[Filter, ...]:
    """By what lists of the kind can be narrowed."""
    return FILTERS.get(kind, ())


def known_values(engines: Engines, kind: str, by: Filter) -> tuple[str, ...]:
    """The values of a filter that some resource of the kind has, as people type them."""
    values = engines.filter_index(kind, by)
    if by.takes == "resource":
        return tuple(sorted(_typed(engines, value, by.of) for value in values))
    return tuple(sorted(_last(value) if by.takes == "term" else value for value in values))


def _having(engines: Engines, kind: str, name: str, value: str) -> tuple[Iri, ...]:
    by = next((found for found in filters_of(kind) if found.name == name), None)
    if by is None:
        known = ", ".join(found.name for found in filters_of(kind)) or "none"
        raise BadParameter(name[:NAME_LENGTH], value[:NAME_LENGTH], f"nothing here: the filters are {known}")
    index = engines.filter_index(kind, by)
    if by.takes == "resource":
        return index.get(find_resource(engines, value, kind=by.of), ())
    if by.takes == "term":
        terms = {_last(term): _last(term) for term in read_scheme(engines.store, by.of)}
        term = _choose(_last(value).rpartition(":")[2], terms, by.of.replace("-", " "))
        return index.get(f"{VOCABULARY}{by.of}/{term}", ())
    return index[_choose(value.casefold(), {known.casefold(): known for known in index}, name)]


def _choose(wanted: str, known: Mapping[str, str], what: str) -> str:
    found = known.get(wanted)
    if found is None:
        near = get_close_matches(wanted[:NAME_LENGTH], known, n=NEAR)
        raise NotFound(what, wanted[:NAME_LENGTH], tuple(known[name] for name in near))
    return found


def _both(ordered: tuple[Iri, ...], others: Iterable[Iri]) -> tuple[Iri, ...]:
    wanted = frozenset(others)
    return tuple(iri for iri in ordered if iri in wanted)


def _after(engines: Engines, kind: str, cursor: str) -> Iri:
    iri = engines.names[kind].get(cursor)
    if iri is None:
        raise BadParameter(
            "cursor", cursor[:NAME_LENGTH], f"the slug of a {kind}, as the link to the next page has it"
        )
    return iri


def _slug(engines: Engines, iri: Iri) -> str:
    name = Name.parse(iri, engines.base)
    return name.slug if name else ""


def _typed(engines: Engines, iri: str, kind: str) -> str:
    """A resource as it is named to this filter: by slug where its kind goes without saying."""
    tail = iri.removeprefix(engines.base)
    return tail.removeprefix(f"{kind}/") if kind else tail


def _last(iri: str) -> str:
    """The term of a vocabulary by its slug."""
    return iri.rpartition("/")[2]
