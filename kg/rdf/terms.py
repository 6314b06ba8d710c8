"""RDF terms (https://www.w3.org/TR/rdf11-concepts/): the types that the store hands out, and their order."""

from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal | Triple
"""What may be an object or the value of a variable; :class:`Triple` is an RDF 1.2 triple term."""

RDF_TYPE: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_FIRST: Final = (
    RDF_TYPE.value,
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/2004/02/skos/core#definition",
)
XSD_STRING: Final = NamedNode(XSD + "string")


def sort_key(term: Term) -> tuple[int, str]:
    """IRIs before blank nodes before literals, each by N-Triples spelling: the order in which they leave us.

    >>> sorted([Literal("a"), NamedNode("http://b"), NamedNode("http://a")], key=sort_key)[0]
    <NamedNode value=http://a>
    """
    rank = 0 if isinstance(term, NamedNode) else 1 if isinstance(term, BlankNode) else 2
    return (rank, str(term))


def predicate_rank(predicate: str) -> int:
    """Place of a predicate for a reader: type, labels and definition first, all others alike after them."""
    return _FIRST.index(predicate) if predicate in _FIRST else len(_FIRST)


def is_absolute_iri(text: str) -> bool:
    """True where the text is an IRI that can stand in RDF by itself (RFC 3987, with a scheme).

    >>> [is_absolute_iri(text) for text in ("https://w3id.org/trivium/ontology#", "no iri", "a/b")]
    [True, False, False]
    """
    try:
        NamedNode(text)
    except (ValueError, UnicodeEncodeError):
        return False
    return True
