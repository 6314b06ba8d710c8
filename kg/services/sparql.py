"""Ask by SPARQL."""

from collections.abc import Iterable

from kg.services.engines import Engines
from kg.store.results import Answer


def run_query(
    engines: Engines, text: str, *, default_graphs: Iterable[str] = (), named_graphs: Iterable[str] = ()
) -> Answer:
    """The answer of a query, evaluated while it is read; the dataset's prefixes need no declaration.

    Read it in the thread that asked: an open answer belongs to it.

    Raises:
        BadSyntax, ForbiddenQuery, TooLarge, BadParameter: see :meth:`kg.store.base.Store.query`.
    """
    return engines.store.query(text, default_graphs=default_graphs, named_graphs=named_graphs)
