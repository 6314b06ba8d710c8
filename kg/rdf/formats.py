"""The one table of result and graph formats: name, media type, suffix. ``kg.store.results`` writes them."""

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Format:
    """A serialisation. ``suffix`` has no dot; ``holds`` says what it can carry."""

    name: str
    media_type: str
    suffix: str
    holds: Literal["solutions", "graph"]
    local: str
    """End of its IRI among the file formats of W3C (https://www.w3.org/ns/formats/)."""
    boolean: bool = False
    """True where the format's specification has a place for the answer of ASK."""

    @property
    def iri(self) -> str:
        """The format as a resource."""
        return f"http://www.w3.org/ns/formats/{self.local}"


JSON: Final = Format(
    "json", "application/sparql-results+json", "json", "solutions", "SPARQL_Results_JSON", boolean=True
)
XML: Final = Format(
    "xml", "application/sparql-results+xml", "xml", "solutions", "SPARQL_Results_XML", boolean=True
)
CSV: Final = Format("csv", "text/csv", "csv", "solutions", "SPARQL_Results_CSV")
TSV: Final = Format("tsv", "text/tab-separated-values", "tsv", "solutions", "SPARQL_Results_TSV")

TURTLE: Final = Format("turtle", "text/turtle", "ttl", "graph", "Turtle")
NTRIPLES: Final = Format("ntriples", "application/n-triples", "nt", "graph", "N-Triples")
JSONLD: Final = Format("jsonld", "application/ld+json", "jsonld", "graph", "JSON-LD")
RDFXML: Final = Format("rdfxml", "application/rdf+xml", "rdf", "graph", "RDF_XML")
TRIG: Final = Format("trig", "application/trig", "trig", "graph", "TriG")
NQUADS: Final = Format("nquads", "application/n-quads", "nq", "graph", "N-Quads")

SOLUTION_FORMATS: Final = (JSON, XML, CSV, TSV)
"""For SELECT and ASK, the preferred one first (https://www.w3.org/TR/sparql11-overview/#sec-formats)."""

GRAPH_FORMATS: Final = (TURTLE, NTRIPLES, JSONLD, RDFXML, TRIG, NQUADS)
"""For CONSTRUCT, DESCRIBE and resources, the preferred one first."""


def by_media_type(media_type: str, offers: tuple[Format, ...]) -> Format | None:
    """The offered format with this media type; parameters and case do not matter.

    >>> by_media_type("Text/Turtle; charset=utf-8", GRAPH_FORMATS).name
    'turtle'
    """
    wanted = media_type.partition(";")[0].strip().lower()
    return next((offer for offer in offers if offer.media_type == wanted), None)


def by_suffix(suffix: str, offers: tuple[Format, ...]) -> Format | None:
    """The offered format with this suffix, written with or without its dot.

    >>> by_suffix(".ttl", GRAPH_FORMATS).media_type
    'text/turtle'
    """
    wanted = suffix.removeprefix(".").lower()
    return next((offer for offer in offers if offer.suffix == wanted), None)
