"""Resources as the search sees them: label, other names, formulas, and all texts of theirs and of their parts."""

from typing import Final

from pyoxigraph import Literal

from kg.catalog.rows import DEFINITION, PREF_LABEL, ask_rows, text_of
from kg.model.iri import ONTOLOGY, Iri, Name
from kg.model.search import Document
from kg.store.base import Store

ALT_LABEL: Final = "http://www.w3.org/2004/02/skos/core#altLabel"
NAMES: Final = frozenset(
    {ALT_LABEL, *(ONTOLOGY + name for name in ("alternativeSymbol", "arxivId", "doi", "unitText"))}
)
FORMULAS: Final = frozenset({ONTOLOGY + "expression", ONTOLOGY + "symbol"})

RANKS: Final = {"resource": 1, "source": 1, "claim": 1, "observation": 2, "unit": 2}
"""Things come before what is written about them, and before what they are measured in; others have rank 0."""

Said = tuple[str, str, str]
"""A node, a property and a text."""


def read_documents(store: Store, base: str) -> tuple[Document, ...]:
    """All individuals under this base that have a text, by IRI; what their parts say is theirs."""
    by_owner: dict[str, list[Said]] = {}
    for row in ask_rows(store, "searchable", start=Literal(base)):
        node, kind, text = text_of(row, "node"), text_of(row, "property"), text_of(row, "value")
        by_owner.setdefault(node.partition("#")[0], []).append((node, kind, text))
    return tuple(
        _document(Iri(owner), name, said)
        for owner, said in sorted(by_owner.items())
        if (name := Name.parse(Iri(owner), base))
    )


def _document(iri: Iri, name: Name, said: list[Said]) -> Document:
    labels: list[str] = []
    names, formulas = [name.slug], list[str]()
    definitions, texts = list[str](), list[str]()
    for node, kind, text in sorted(said):
        if kind in FORMULAS:
            formulas.append(text)
        elif node != iri:
            texts.append(text)
        elif kind == PREF_LABEL:
            labels.append(text)
        elif kind in NAMES:
            names.append(text)
        else:
            (definitions if kind == DEFINITION else texts).append(text)
    return Document(
        iri=iri,
        kind=name.kind,
        label=labels[0] if labels else name.slug,
        names=tuple(dict.fromkeys((*names, *labels[1:]))),
        formulas=tuple(dict.fromkeys(formulas)),
        definition=" ".join(definitions),
        texts=tuple(dict.fromkeys(texts)),
        rank=RANKS.get(name.kind, 0),
    )
