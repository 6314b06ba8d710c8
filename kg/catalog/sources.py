"""Sources: who says so, and where to read it."""

from collections.abc import Iterable, Mapping

from kg.catalog.rows import SOURCE, Node, ask_rows, named, slug_of, text_of
from kg.model.evidence import Evidence, Source
from kg.model.iri import Iri
from kg.store.base import Store


class Sources(dict[Iri, Source]):
    """Sources by IRI; one that the graph does not describe goes by its slug."""

    def __missing__(self, iri: Iri) -> Source:
        return Source(iri, slug_of(iri))

    def of(self, node: Node) -> tuple[Source, ...]:
        """The sources of a node, by IRI."""
        return tuple(self[iri] for iri in node.links(SOURCE))


def read_sources(store: Store, sources: Iterable[Iri]) -> Sources:
    """These sources with label and address."""
    found = Sources()
    for row in ask_rows(store, "sources", source=named(sources)):
        iri = Iri(text_of(row, "source"))
        found.setdefault(iri, Source(iri, text_of(row, "label"), text_of(row, "url")))
    return found


def evidence_of(node: Node, sources: Mapping[Iri, Source] | Sources) -> Evidence:
    """What a node rests on."""
    return Evidence(
        kind=node.term("evidence"),
        verification=node.term("verification"),
        certainty=node.number("certainty"),
        rationale=node.first_text("rationale"),
        sources=tuple(sources[iri] for iri in node.links(SOURCE)),
    )
