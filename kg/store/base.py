"""The store port: what every store can do, whatever holds the quads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from kg.store.results import Answer


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a store offers beyond SPARQL 1.1 Query over a union default graph."""

    functions: bool
    """Extension functions run inside a query."""
    update: bool
    """SPARQL 1.1 Update."""
    fixed: bool
    """The content stays as it was when the store was opened, so that ``version`` names what is answered."""


class Store(Protocol):
    """SPARQL in, serialised answer out.

    All data stands in named graphs; without a dataset in query or request, the default graph is their union.
    """

    @property
    def capabilities(self) -> Capabilities:
        """What this store can do."""

    @property
    def version(self) -> str:
        """A hash: the same content, the same version; where the content is not fixed, of its outline."""

    @property
    def address(self) -> str:
        """Where another process opens the same store (:mod:`kg.store.connect`); empty where only a copy will do."""

    @property
    def size(self) -> int:
        """How many quads the store holds."""

    def add_prefixes(self, prefixes: Mapping[str, str]) -> None:
        """Spare queries the declaration of these prefixes, which also shorten the graphs that leave the store."""

    def query(
        self,
        text: str,
        *,
        default_graphs: Iterable[str] = (),
        named_graphs: Iterable[str] = (),
        base_iri: str | None = None,
    ) -> Answer:
        """The answer of a SPARQL query.

        ``default_graphs`` and ``named_graphs`` are the dataset of the request, which goes before that of the
        query (https://www.w3.org/TR/sparql11-protocol/#dataset).

        Raises:
            BadSyntax: the text is no query.
            ForbiddenQuery: SERVICE, or an update.
            TooLarge: over a limit of :mod:`kg.store.guard`.
            BadParameter: a graph's name is no IRI.
            BadInput: an extension function that the store lacks; at the latest while the answer is read.
            Unavailable: the store does not answer, or cannot run the functions of Trivium; says what can.
        """
