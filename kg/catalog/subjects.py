"""What is measured of a subject: observations, best first."""

from pyoxigraph import NamedNode

from kg.catalog.rows import ask_rows, number_of, slug_of, text_of
from kg.catalog.sources import read_sources
from kg.errors import InvalidData
from kg.model.answer import Observed
from kg.model.iri import Iri
from kg.store.base import Store


def observations_of(store: Store, iri: Iri) -> tuple[Observed, ...]:
    """The observations of a subject by quantity; within one: reported, third-party, computed, newest first.

    Raises:
        InvalidData: an observation has no unit, or its value is no number.
    """
    rows: dict[Iri, tuple[Iri, float, Iri, str, str]] = {}
    spreads: dict[Iri, tuple[float | None, ...]] = {}
    sources: dict[Iri, list[Iri]] = {}
    for row in ask_rows(store, "observations", subject=NamedNode(iri)):
        observation = Iri(text_of(row, "observation"))
        if "unit" not in row:
            raise InvalidData(observation, "has no tv:hasUnit", "name the unit of its value")
        rows[observation] = (
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
            sources.setdefault(observation, []).append(Iri(text_of(row, "source")))
    known = read_sources(store, {iri for cited in sources.values() for iri in cited}) if sources else {}
    return tuple(
        Observed(
            *row,
            observation,
            tuple(known[iri] for iri in dict.fromkeys(sources.get(observation, ()))),
            *spreads[observation],
        )
        for observation, row in rows.items()
    )
