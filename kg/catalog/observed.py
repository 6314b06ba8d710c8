"""The things that quantities are known of, and what is measured of each; best first."""

from collections.abc import Iterable
from dataclasses import dataclass

from kg.catalog.rows import ask_rows, named, number_of, slug_of, text_of
from kg.catalog.sources import read_sources
from kg.errors import InvalidData
from kg.model.answer import Observed
from kg.model.iri import Iri
from kg.store.base import Store


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing and what is measured of it, by quantity the best first."""

    iri: Iri
    label: str
    observed: tuple[Observed, ...]


def things_with(store: Store, quantities: Iterable[Iri]) -> tuple[Thing, ...]:
    """The things, by IRI, of which some of these quantities are known, with those observations.

    Raises:
        InvalidData: an observation has no unit, or its value is no number.
    """
    rows = ask_rows(store, "observed", quantity=named(sorted(set(quantities))))
    known = read_sources(store, {Iri(text_of(row, "source")) for row in rows if "source" in row})
    found: dict[tuple[Iri, str], dict[Iri, Observed]] = {}
    for row in rows:
        observation = Iri(text_of(row, "observation"))
        if "unit" not in row:
            raise InvalidData(observation, "has no tv:hasUnit", "name the unit of its value")
        of_thing = found.setdefault((Iri(text_of(row, "thing")), text_of(row, "label")), {})
        before = of_thing.get(observation)
        cited = (known[Iri(text_of(row, "source"))],) if "source" in row else ()
        of_thing[observation] = Observed(
            Iri(text_of(row, "quantity")),
            number_of(row["value"], observation, "value"),
            Iri(text_of(row, "unit")),
            slug_of(text_of(row, "method")),
            text_of(row, "date"),
            observation,
            (*before.sources, *cited) if before else cited,
        )
    return tuple(Thing(iri, label, tuple(of_thing.values())) for (iri, label), of_thing in found.items())
