"""Ask by SPARQL."""

import re
from collections.abc import Iterable
from typing import Final

from kg.services.engines import Engines
from kg.store.results import Answer

_NAMES: Final = ("RAND", "NOW", "UUID", "BNODE", "SERVICE", "\\U")
_VOLATILE: Final = re.compile(r"\b(?:RAND|NOW|UUID|STRUUID|BNODE|SERVICE)\b|\\U")


def is_volatile(text: str) -> bool:
    """True where the query may answer differently over the same data: it names a function or another service that does.

    Names in strings and comments count too, and so does any escape, which may spell such a name
    (https://www.w3.org/TR/sparql11-query/#codepointEscape): at worst an answer is computed again.

    >>> is_volatile("SELECT (now() AS ?t) {}"), is_volatile("ASK { ?known a ?class }")
    (True, False)
    """
    text = text.upper()
    # Most queries hold none of them, which is found four times as fast without the pattern.
    return any(name in text for name in _NAMES) and _VOLATILE.search(text) is not None


def run_query(
    engines: Engines, text: str, *, default_graphs: Iterable[str] = (), named_graphs: Iterable[str] = ()
) -> Answer:
    """The answer of a query, evaluated while it is read; the dataset's prefixes need no declaration.

    Read it in the thread that asked: an open answer belongs to it.

    Raises:
        BadSyntax, ForbiddenQuery, TooLarge, BadParameter: see :meth:`kg.store.base.Store.query`.
    """
    return engines.store.query(text, default_graphs=default_graphs, named_graphs=named_graphs)
