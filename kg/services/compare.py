"""Things of one kind side by side: a cell says what is known, by whom, or that nothing is."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from kg.errors import BadParameter, NotFound, TooLarge
from kg.model.comparison import Cell, Column, ComparedItem, Comparison, Saying
from kg.model.iri import ONTOLOGY, PLURALS, Iri
from kg.services.engines import Engines
from kg.services.references import find_resource, kind_of, near_names

if TYPE_CHECKING:
    from kg.rdf.prefixes import Prefixes

MOST_ITEMS: Final = 100
MOST_PROPERTIES: Final = 50
SHARED_BY: Final = 2
"""Without a choice of properties, those are compared that at least so many items have."""
NEAR: Final = 3
NAME_LENGTH: Final = 80
MATURITY: Final = ONTOLOGY + "maturity"
FORMS: Final = ("csv", "markdown")


def compare(
    engines: Engines, kind: str, items: Iterable[str] = (), properties: Iterable[str] = ()
) -> Comparison:
    """Items of a kind (singular or plural) against properties, each value with its sources.

    Without items: all of the kind that have one of the properties, the first :data:`MOST_ITEMS` by IRI. Without
    properties: those that at least two of the items have, of a single item all. A property is named by its CURIE,
    or without its prefix: ``keyInnovation``, ``key-innovation``, ``model-parameters``.

    Raises:
        NotFound: no such kind or item; near names are given.
        BadParameter: a property that nothing of this kind has; near names are given.
        TooLarge: over :data:`MOST_ITEMS` or :data:`MOST_PROPERTIES`.
    """
    kind = kind_of(kind)
    wanted = _bounded("items", items, MOST_ITEMS)
    names = _bounded("properties", properties, MOST_PROPERTIES)
    iris = tuple(dict.fromkeys(_find_item(engines, kind, reference) for reference in wanted))
    known = engines.sayings(kind)
    columns = _columns(known, engines.prefixes)
    chosen = (
        tuple(dict.fromkeys(_find_column(name, columns, engines.prefixes, kind) for name in names))
        if names
        else _shared(columns, known, iris)
    )
    asked = iris or _having(known, chosen)
    shown = asked[:MOST_ITEMS]
    return Comparison(
        kind=kind,
        columns=chosen,
        items=tuple(_item(engines, kind, iri, chosen, known.get(iri, ())) for iri in shown),
        total=len(asked),
        note=_note(kind, len(asked), len(shown), bool(iris), chosen),
    )


def write_comparison(comparison: Comparison, form: str) -> str:
    """The comparison as ``csv`` (a line for each value) or ``markdown`` (a table, then the sources).

    Raises:
        BadParameter: no such form.
    """
    from kg.exporters.comparison import comparison_csv, comparison_markdown

    if form not in FORMS:
        raise BadParameter("format", form[:40], " or ".join(FORMS))
    return comparison_csv(comparison) if form == "csv" else comparison_markdown(comparison)


def _bounded(what: str, given: Iterable[str], most: int) -> tuple[str, ...]:
    if isinstance(given, str):
        given = given.split(",")
    texts = tuple(text.strip() for text in given if text.strip())
    if len(texts) > most:
        raise TooLarge(f"the number of {what}", len(texts), most)
    return texts


def _find_item(engines: Engines, kind: str, reference: str) -> Iri:
    iri = find_resource(engines, reference, kind=kind)
    if iri not in engines.names[kind].values():
        raise NotFound(kind, reference[:NAME_LENGTH], near_names(engines, reference, kind))
    return iri


def _columns(known: Mapping[Iri, tuple[Saying, ...]], prefixes: "Prefixes") -> tuple[Column, ...]:
    """Every property of the kind: measured and judged ones first, then texts, then links; by how many have it."""
    found: dict[Iri, list[Saying]] = {}
    for sayings in known.values():
        for saying in sayings:
            found.setdefault(saying.property.iri, []).append(saying)

    def order(iri: Iri) -> tuple[int, int, Iri]:
        return _rank(found[iri][0]), -len({saying.item for saying in found[iri]}), iri

    return tuple(
        Column(iri, _short_name(iri, prefixes), _label(found[iri][0], prefixes), found[iri][0].is_quantity)
        for iri in sorted(found, key=order)
    )


def _rank(saying: Saying) -> int:
    """Quantities, then texts and judgements, then links to other things."""
    if saying.is_quantity:
        return 0
    return 1 if saying.value.iri is None or saying.property.iri == MATURITY else 2


def _label(saying: Saying, prefixes: "Prefixes") -> str:
    return saying.property.label or prefixes.compress(saying.property.iri)


def _short_name(iri: Iri, prefixes: "Prefixes") -> str:
    """``keyInnovation``, ``model-parameters``, ``skos:broader``: without the prefixes of terms and quantities."""
    return prefixes.compress(iri).removeprefix("tv:").removeprefix("quantity:")


def _find_column(name: str, columns: tuple[Column, ...], prefixes: "Prefixes", kind: str) -> Column:
    wanted = _folded(name)
    for column in columns:
        if name in (column.name, column.iri, prefixes.compress(column.iri)):
            return column
    for column in columns:
        if wanted in (_folded(column.name), _folded(column.label)):
            return column
    names = {_folded(column.name): column.name for column in columns}
    near = [names[text] for text in get_close_matches(wanted[:NAME_LENGTH], names, n=NEAR)]
    shown = f"did you mean {', '.join(near)}" if near else ", ".join(sorted(names.values())) or "nothing"
    raise BadParameter("properties", name[:NAME_LENGTH], f"what is said of {PLURALS[kind]}: {shown}")


def _folded(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


def _shared(
    columns: tuple[Column, ...], known: Mapping[Iri, tuple[Saying, ...]], iris: tuple[Iri, ...]
) -> tuple[Column, ...]:
    compared = iris or tuple(known)
    least = min(SHARED_BY, len(compared))
    having = [{saying.property.iri for saying in known.get(iri, ())} for iri in compared]
    shared = [column for column in columns if sum(column.iri in each for each in having) >= least]
    return tuple(shared[:MOST_PROPERTIES])


def _having(known: Mapping[Iri, tuple[Saying, ...]], columns: tuple[Column, ...]) -> tuple[Iri, ...]:
    wanted = {column.iri for column in columns}
    return tuple(sorted(iri for iri in known if any(saying.property.iri in wanted for saying in known[iri])))


def _item(
    engines: Engines, kind: str, iri: Iri, columns: tuple[Column, ...], sayings: tuple[Saying, ...]
) -> ComparedItem:
    label = next((entry.label for entry in engines.entries(kind) if entry.iri == iri), iri)
    cells = {}
    for column in columns:
        values = tuple(saying.value for saying in sayings if saying.property.iri == column.iri)
        missing = "" if values else f"the graph says nothing of the {column.label} of {label}"
        cells[column.name] = Cell(values, missing)
    return ComparedItem(iri, label, cells)


def _note(kind: str, total: int, shown: int, is_chosen: bool, columns: tuple[Column, ...]) -> str:
    if not columns:
        return f"these {PLURALS[kind]} have no property in common; name the properties to compare"
    if shown < total:
        return f"the first {shown} of {total} {PLURALS[kind]}; name items to choose among them"
    return "" if is_chosen else f"all {PLURALS[kind]} that have one of these properties"
