"""What the graph says of one resource as a JSON document."""

from typing import TYPE_CHECKING

from api.links import Links
from api.wire import Document, reference, source_documents
from api.wire_compare import value_document

if TYPE_CHECKING:
    from kg.model.description import Description, Link, Property, Statement, Value


def description_document(description: "Description", links: Links) -> Document:
    """A resource with its properties by CURIE: literals under ``values``, resources under ``links``.

    ``statements`` are the figures, claims, assessments and relations about it, each with value, method, date and
    sources; ``sources`` are all that it and its parts cite. A part has neither.
    """
    document = _described(description, links)
    document["statements"] = [_statement(statement, links) for statement in description.statements]
    return document | {"sources": source_documents(description.sources, links)}


def _described(description: "Description", links: Links) -> Document:
    return reference(description.iri, description.label, links) | {
        "definition": description.definition,
        "types": [_link(link, links) for link in description.types],
        "values": {p.name: [_value(v) for v in p.values] for p in description.properties if p.values},
        "links": {p.name: [_link(v, links) for v in p.links] for p in description.properties if p.links},
        "graphs": sorted({graph for p in description.properties for graph in p.graphs}),
        "parts": [_described(part, links) for part in description.parts],
        "linkedFrom": _incoming(description.incoming, links),
    }


def _statement(statement: "Statement", links: Links) -> Document:
    saying = statement.saying
    value = value_document(saying.value, links)
    value.pop("statement", None)
    document = reference(statement.iri, statement.label, links) | {
        "kind": statement.kind,
        "property": reference(saying.property.iri, saying.property.label, links),
        "said": {name: value.pop(name) for name in ("value", "text", "iri", "href") if name in value},
    }
    told = {"statement": statement.text, "conditions": list(statement.conditions)}
    return document | {name: text for name, text in told.items() if text} | value


def _incoming(properties: tuple["Property", ...], links: Links) -> Document:
    return {p.name: [_link(v, links) for v in p.links] for p in properties}


def _link(link: "Link", links: Links) -> Document:
    document = reference(link.iri, link.label, links)
    return document | {"definition": link.definition} if link.definition else document


def _value(value: "Value") -> Document:
    document: Document = {"value": value.text}
    if value.language:
        return document | {"language": value.language}
    return document | {"datatype": value.datatype}
