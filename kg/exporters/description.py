"""Lists and resources as text: CSV (RFC 4180) for tables, Markdown for people (https://spec.commonmark.org)."""

import csv
import io
from collections.abc import Iterable
from typing import Final

from kg.exporters.markdown import escape_markdown
from kg.model.description import Description, Entry, Link, Property

SHOWN_ELSEWHERE: Final = frozenset({"skos:prefLabel", "rdfs:label", "skos:definition", "rdf:type"})
HASHES: Final = "######"


def entries_csv(entries: Iterable[Entry]) -> str:
    """A line for each resource: IRI, label, definition."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("iri", "label", "definition"))
    writer.writerows((entry.iri, entry.label, entry.definition) for entry in entries)
    return text.getvalue()


def entries_markdown(entries: Iterable[Entry], title: str) -> str:
    """A list with a link for each resource; ends with a line break."""
    lines = [f"# {escape_markdown(title)}", ""]
    for entry in entries:
        definition = f": {escape_markdown(entry.definition)}" if entry.definition else ""
        lines.append(f"- [{escape_markdown(entry.label)}](<{entry.iri}>){definition}")
    return "\n".join(lines) + "\n"


def description_markdown(description: Description) -> str:
    """A resource with all that is said of it, its parts as sections, and what points to it."""
    lines = _section(description, 1)
    for part in description.parts:
        lines += ["", *_section(part, 2)]
    if description.incoming:
        lines += ["", "## What points to it", ""]
        lines += [f"- {_links(property_.links)}: {_name(property_)}" for property_ in description.incoming]
    return "\n".join(lines) + "\n"


def _section(description: Description, level: int) -> list[str]:
    name = description.label or description.iri.rpartition("#")[2]
    lines = [f"{HASHES[:level]} {escape_markdown(name)}", "", f"<{description.iri}>"]
    types = ", ".join(escape_markdown(link.label) for link in description.types if link.label)
    lines += [f"({types})"] if types else []
    lines += ["", escape_markdown(description.definition)] if description.definition else []
    rows = [
        f"- **{_name(property_)}**: {_objects(property_)}"
        for property_ in description.properties
        if property_.name not in SHOWN_ELSEWHERE
    ]
    return [*lines, "", *rows] if rows else lines


def _name(property_: Property) -> str:
    return escape_markdown(property_.label or property_.name)


def _objects(property_: Property) -> str:
    values = ", ".join(escape_markdown(value.text) for value in property_.values)
    return "; ".join(filter(None, (values, _links(property_.links))))


def _links(links: Iterable[Link]) -> str:
    return ", ".join(f"[{escape_markdown(link.label or link.iri)}](<{link.iri}>)" for link in links)
