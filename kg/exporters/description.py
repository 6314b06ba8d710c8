"""Lists and resources as text: CSV (RFC 4180) for tables, Markdown for people (https://spec.commonmark.org)."""

import csv
import io
from collections.abc import Iterable, Mapping

from kg.exporters.markdown import escape_markdown
from kg.model.description import Entry, Link
from kg.model.evidence import Source
from kg.model.iri import Iri
from kg.model.reference import Cell, Fact, Reference, Table, join_pieces


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


def reference_markdown(page: Reference) -> str:
    """A reference page: facts as a list, tables, parts as sections, what points to it, and the sources by number."""
    description = page.description
    lines = [f"# {escape_markdown(description.label or description.iri)}", "", f"<{description.iri}>"]
    types = ", ".join(escape_markdown(link.label) for link in description.types if link.label)
    lines += [f"({types})"] if types else []
    lines += ["", escape_markdown(description.definition)] if description.definition else []
    lines += ["", f"    {page.expression}"] if page.expression else []
    numbers = {source.iri: number for number, source in enumerate(page.sources, 1)}
    lines += _facts(page.facts, numbers)
    for table in page.tables:
        lines += ["", f"## {escape_markdown(table.title)}", "", *_table(table, numbers)]
    for part in page.parts:
        name = part.description.label or part.description.iri.rpartition("#")[2]
        lines += ["", f"## {escape_markdown(name)}"]
        lines += ["", escape_markdown(part.description.definition)] if part.description.definition else []
        lines += _facts(part.facts, numbers)
    if page.incoming:
        lines += ["", "## What points to it", *_facts(page.incoming, numbers)]
    if page.sources:
        lines += ["", "## Sources", ""]
        lines += [f"{number}. {_link(s.label, s.url or s.iri)}" for number, s in enumerate(page.sources, 1)]
    return "\n".join(lines) + "\n"


def _facts(facts: Iterable[Fact], numbers: Mapping[Iri, int]) -> list[str]:
    lines = [f"- **{escape_markdown(fact.name)}**: {_cell(fact.cell, numbers)}" for fact in facts]
    return ["", *lines] if lines else []


def _table(table: Table, numbers: Mapping[Iri, int]) -> list[str]:
    rows = [f"| {' | '.join(_cell(cell, numbers) for cell in row)} |" for row in table.rows]
    return [f"| {' | '.join(table.columns)} |", f"|{' --- |' * len(table.columns)}", *rows]


def _cell(cell: Cell, numbers: Mapping[Iri, int]) -> str:
    told = join_pieces(
        _link(piece.label or piece.iri, piece.iri) if isinstance(piece, Link) else escape_markdown(piece)
        for piece in cell
        if not isinstance(piece, Source)
    )
    marks = " ".join(f"\\[{numbers[piece.iri]}\\]" for piece in cell if isinstance(piece, Source))
    return f"{told} {marks}".strip()


def _link(label: str, address: str) -> str:
    return f"[{escape_markdown(label)}](<{address}>)"
