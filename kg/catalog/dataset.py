"""What a store says of the dataset within it: the base IRI of its individuals, and its prefixes."""

from kg.catalog.rows import ask_rows, text_of
from kg.errors import InvalidData
from kg.model.iri import DEFAULT_BASE, Iri
from kg.rdf.prefixes import Prefixes
from kg.store.base import Store
from kg.store.queries import read_query


def read_base(store: Store) -> Iri:
    """The base IRI of the dataset's individuals.

    Raises:
        InvalidData: the store holds no dataset, or several.
    """
    bases = sorted({text_of(row, "base") for row in ask_rows(store, "base")})
    if len(bases) == 1:
        return Iri(bases[0])
    if bases:
        raise InvalidData("the store", f"it holds several datasets: {', '.join(bases)}", "keep one in it")
    if store.query(read_query("kg.catalog/queries/base-somewhere.rq").text):
        hint = "make the default graph of the service the union of its named graphs"
        raise InvalidData("the store", "the dataset stands in named graphs that queries do not see", hint)
    raise InvalidData(
        "the store", "no dataset in it gives its tv:baseIri", "load one, its dataset.ttl included"
    )


def read_prefixes(store: Store, base: Iri) -> Prefixes:
    """The prefix table, with those of kinds under the dataset's own base.

    Raises:
        InvalidData: the store holds none, or it declares a prefix twice.
    """
    rows = ask_rows(store, "prefixes")
    table = {text_of(row, "prefix"): text_of(row, "namespace") for row in rows}
    if not table or len(table) != len(rows):
        reason = "it has no prefix table" if not table else "its prefix table declares one prefix twice"
        raise InvalidData("the store", reason, "load the shipped prefixes.ttl with the dataset")
    return Prefixes(table).rebased(DEFAULT_BASE, base)
