"""What is measured of a subject, and of which subjects quantities are measured: observations, best first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.catalog.rows import ask_rows, named, number_of, slug_of, text_of
from kg.catalog.sources import read_sources
from kg.errors import InvalidData
from kg.model.answer import Observed
from kg.model.iri import Iri
from kg.store.base import Store
from kg.store.results import Row


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing and what is measured of it, by quantity the best first."""

    iri: Iri
    label: str
    observed: tuple[Observed, ...]


def observations_of(store: Store, iri: Iri) -> tuple[Observed, ...]:
    """The observations of a subject by quantity; within one: reported, third-party, computed, newest first.

    Raises:
        InvalidData: an observation has no unit, or its value is no number.
    """
    return tuple(_read(store, ask_rows(store, "observations", subject=NamedNode(iri))).values())


def subjects_with(store: Store, quantities: Iterable[Iri]) -> tuple[Subject, ...]:
    """The subjects, by IRI, of which some of these quantities are known, with those observations.

    Raises:
        InvalidData: an observation has no unit, or its value is no number.
    """
    rows = ask_rows(store, "observed", quantity=named(sorted(set(quantities))))
    known = _read(store, rows)
    found: dict[tuple[Iri, str], dict[Iri, None]] = {}
    for row in rows:
        of_subject = found.setdefault((Iri(text_of(row, "subject")), text_of(row, "label")), {})
        of_subject[Iri(text_of(row, "observation"))] = None
    return tuple(
        Subject(iri, label, tuple(known[observation] for observation in observations))
        for (iri, label), observations in found.items()
    )


def _read(store: Store, rows: Iterable[Row]) -> Mapping[Iri, Observed]:
    """The observations of rows in their order, each once with all its sources."""
    found: dict[Iri, tuple[Iri, float, Iri, str, str]] = {}
    spreads: dict[Iri, tuple[float | None, ...]] = {}
    sources: dict[Iri, dict[Iri, None]] = {}
    for row in rows:
        observation = Iri(text_of(row, "observation"))
        if "unit" not in row:
            raise InvalidData(observation, "has no tv:hasUnit", "name the unit of its value")
        found[observation] = (
            Iri(text_of(row, "quantity")),
            number_of(row["value"], observation, "value"),
            Iri(text_of(row, "unit")),
            slug_of(text_of(row, "method")),
            text_of(row, "date"),
        )
        spreads[observation] = tuple(
            number_of(row[name], observation, name) if name in row else None
            for name in ("low", "high", "level", "error")
        )
        if "source" in row:
            sources.setdefault(observation, {})[Iri(text_of(row, "source"))] = None
    known = read_sources(store, {iri for cited in sources.values() for iri in cited}) if sources else {}
    return {
        observation: Observed(
            *row,
            observation,
            tuple(known[iri] for iri in sources.get(observation, ())),
            *spreads[observation],
        )
        for observation, row in found.items()
    }
