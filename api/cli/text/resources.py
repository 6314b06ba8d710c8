"""A description as text: what it is, what is said of it, its parts, and what points to it."""

from typing import TYPE_CHECKING

from api.cli.text.layout import section, table

if TYPE_CHECKING:
    from kg.model.description import Description, Property
    from kg.rdf.prefixes import Prefixes

SHOWN_ELSEWHERE = frozenset({"skos:prefLabel", "rdfs:label", "skos:definition", "rdf:type"})


def description_text(description: "Description", prefixes: "Prefixes") -> str:
    """The answer of ``trivium show``: what it is, what is said of it, its parts, and what points to it."""
    types = ", ".join(link.label or prefixes.compress(link.iri) for link in description.types)
    lines = [description.label or prefixes.compress(description.iri), f"{types} · {description.iri}"]
    if description.definition:
        lines += ["", description.definition]
    lines += ["", *_properties(description.properties, prefixes)]
    for part in description.parts:
        lines += ["", f"#{part.iri.partition('#')[2]}  {part.label}".rstrip()]
        lines += _properties(part.properties, prefixes)
    rows = [(f"{p.name} of", _links(p, prefixes)) for p in description.incoming]
    lines += section("What points to it", table(rows))
    return "\n".join(lines)


def _properties(properties: tuple["Property", ...], prefixes: "Prefixes") -> list[str]:
    rows = []
    for prop in properties:
        if prop.name in SHOWN_ELSEWHERE:
            continue
        values = ", ".join(value.text for value in prop.values)
        rows.append((prop.name, " · ".join(filter(None, (values, _links(prop, prefixes))))))
    return table(rows)


def _links(prop: "Property", prefixes: "Prefixes") -> str:
    return ", ".join(link.label or prefixes.compress(link.iri) for link in prop.links)
