"""How much there is of what: counts over the whole dataset, and all of its quads."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from pyoxigraph import Literal, Quad

from kg.catalog.rows import ask_rows, text_of
from kg.errors import InvalidData
from kg.model.iri import Iri
from kg.store.base import Store
from kg.store.results import Row


@dataclass(frozen=True, slots=True)
class Counts:
    """Triples with their distinct subjects and objects."""

    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """The dataset in numbers. ``entities`` are its individuals, ``links`` those that lead to other datasets.

    ``parts`` are the resources that ``dataset.ttl`` describes, by the named graph that each is.
    """

    dataset: Iri
    total: Counts
    entities: int
    graphs: Mapping[Iri, int]
    classes: Mapping[Iri, int]
    properties: Mapping[Iri, Counts]
    parts: Mapping[Iri, Iri]
    links: Mapping[tuple[Iri, str], int]


def read_statistics(store: Store, base: str) -> Statistics:
    """Counts of the union of all named graphs, in six queries.

    Raises:
        InvalidData: nothing says which resource is the dataset.
    """
    parts = ask_rows(store, "dataset")
    if not parts:
        raise InvalidData("dataset.ttl", "no resource has tv:baseIri", "describe the dataset")
    total = ask_rows(store, "total-counts", start=Literal(base))[0]
    links = Counter(
        (_iri(row, "property"), _origin(text_of(row, "object")))
        for row in ask_rows(store, "outward-links", start=Literal(base))
    )
    return Statistics(
        dataset=_iri(parts[0], "dataset"),
        total=_counts(total),
        entities=_number(total, "entities"),
        graphs={_iri(row, "graph"): _number(row, "triples") for row in ask_rows(store, "graph-counts")},
        classes={_iri(row, "class"): _number(row, "entities") for row in ask_rows(store, "class-counts")},
        properties={_iri(row, "property"): _counts(row) for row in ask_rows(store, "property-counts")},
        parts={_iri(row, "graph"): _iri(row, "part") for row in parts if "part" in row},
        links=dict(sorted(links.items())),
    )


def read_quads(store: Store) -> tuple[Quad, ...]:
    """All that stands in named graphs."""
    return tuple(
        Quad(row["subject"], row["property"], row["object"], row["graph"])  # type: ignore[arg-type]  # what the store holds fits
        for row in ask_rows(store, "quads")
    )


def _origin(iri: str) -> str:
    parts = urlsplit(iri)
    return f"{parts.scheme}://{parts.netloc}/"


def _counts(row: Row) -> Counts:
    return Counts(_number(row, "triples"), _number(row, "subjects"), _number(row, "objects"))


def _iri(row: Row, name: str) -> Iri:
    return Iri(text_of(row, name))


def _number(row: Row, name: str) -> int:
    return int(text_of(row, name))
