"""Units and quantities as the graph holds them."""

from collections.abc import Iterable, Mapping

from kg.catalog.rows import PREF_LABEL, Node, Nodes, ask_rows, named, slug_of, text_of
from kg.errors import BadSyntax, InvalidData
from kg.model.iri import Iri
from kg.model.quantity import Dimension, Quantity, Unit
from kg.store.base import Store


def read_units(store: Store) -> tuple[Unit, ...]:
    """All units, by slug.

    Raises:
        InvalidData: a unit lacks its symbol or dimension; names unit and property.
    """
    nodes = Nodes.of(ask_rows(store, "units"))
    return tuple(sorted(map(_unit, nodes.values()), key=lambda unit: unit.slug))


def read_quantities(
    store: Store, quantities: Iterable[Iri], units: Mapping[Iri, Unit]
) -> dict[Iri, Quantity]:
    """These quantities with their canonical units; one that has none is left out.

    Raises:
        InvalidData: a canonical unit is not described.
    """
    found: dict[Iri, Quantity] = {}
    for row in ask_rows(store, "quantities", quantity=named(quantities)):
        iri, unit = Iri(text_of(row, "quantity")), Iri(text_of(row, "unit"))
        if unit not in units:
            raise InvalidData(iri, f"tv:canonicalUnit is {unit}, which is no unit of the dataset")
        slug = slug_of(iri)
        found.setdefault(iri, Quantity(iri, slug, text_of(row, "label") or slug, units[unit]))
    return found


def _unit(node: Node) -> Unit:
    text = node.require_text("dimension")
    try:
        dimension = Dimension.parse(text)
    except BadSyntax as error:
        raise InvalidData(node.iri, f"tv:dimension {text!r}: {error.reason}", error.hint) from error
    factor = node.number("factor")
    slug = slug_of(node.iri)
    return Unit(
        node.iri,
        slug,
        node.first_text(PREF_LABEL) or slug,
        node.require_text("unitText"),
        dimension,
        1.0 if factor is None else factor,
        tuple(term.value for term in node.all("alternativeSymbol") if hasattr(term, "value")),
    )
