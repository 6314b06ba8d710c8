"""The dataset as a whole: its VoID description, its SPARQL service's, a dump, and contexts for its JSON."""

import json
from typing import Any, Final

from kg.catalog import resources
from kg.catalog.void import FOAF, SD, service_triples, void_triples
from kg.dataset.files import DATASET_GRAPH
from kg.errors import Unavailable
from kg.rdf.formats import NQUADS, TRIG, Format
from kg.services.engines import Engines
from kg.services.functions import DESCRIPTIONS
from kg.store.results import Triples

DUMP_FORMATS: Final = (TRIG, NQUADS)
MOST_QUADS: Final = 500_000
"""A dataset with more is dumped by nobody over HTTP: its files are the better way."""
RESOURCE_KEYS: Final = {
    "iri": "@id",
    "types": {"@id": "rdf:type"},
    "values": "@nest",
    "links": "@nest",
    "parts": "@included",
    "linkedFrom": "@reverse",
    "value": "@value",
    "datatype": "@type",
    "language": "@language",
    "href": None,
    "label": None,
    "definition": None,
    "graphs": None,
    "statements": None,
    "sources": None,
}
"""What the members of a resource's JSON mean in JSON-LD 1.1; None: nothing, they repeat what is said elsewhere."""


def void_graph(engines: Engines, root: str) -> Triples:
    """The VoID description of the dataset on a service at this root; counted once."""
    own = resources.read_graphs(engines.store, (DATASET_GRAPH,))
    dumps = [f"{root}/dataset.{form.suffix}" for form in DUMP_FORMATS] if engines.size <= MOST_QUADS else []
    triples = void_triples(
        engines.statistics, own, base=engines.base, root=root, prefixes=engines.prefixes, dumps=dumps
    )
    return Triples(triples, prefixes={**engines.prefixes.namespaces, "foaf": FOAF})


def service_graph(engines: Engines, root: str) -> Triples:
    """The SPARQL 1.1 service description of ``{root}/sparql``."""
    functions = DESCRIPTIONS if engines.store.capabilities.functions else {}
    triples = service_triples(engines.statistics, functions, root=root)
    return Triples(triples, prefixes={**engines.prefixes.namespaces, "sd": SD})


def dump(engines: Engines, form: Format) -> bytes:
    """All quads of the dataset, sorted; written once for each format.

    Raises:
        Unavailable: there are more than :data:`MOST_QUADS`.
    """
    if engines.size > MOST_QUADS:
        raise Unavailable(
            f"a dump of {engines.size} quads",
            "copy the dataset's folder, or read it graph by graph by SPARQL",
        )
    return engines.dump(form)


def vocabulary_context(engines: Engines) -> dict[str, Any]:
    """The JSON-LD context of the ontology: the dataset's prefixes, and the type of every property."""
    import ontology

    document: dict[str, Any] = json.loads((ontology.root() / "context.jsonld").read_text("utf-8"))
    return {"@context": document["@context"] | dict(engines.prefixes.namespaces)}


def resource_context(engines: Engines) -> dict[str, Any]:
    """The JSON-LD context under which the JSON of a resource says what the graph says of it."""
    return {"@context": {"@version": 1.1, **engines.prefixes.namespaces, **RESOURCE_KEYS}}
