"""A reference page as text: what a thing is, its facts, its tables in columns that wrap, and what points to it."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from kg.model.description import Link
from kg.model.evidence import Source
from kg.model.iri import Iri
from kg.model.reference import join_pieces

if TYPE_CHECKING:
    from kg.model.reference import Cell, Fact, Reference, Table
    from kg.rdf.prefixes import Prefixes

LEAST: Final = 10
"""No column is made narrower than this to fit the others in."""
GAP: Final = 2


def reference_text(reference: "Reference", prefixes: "Prefixes", *, width: int) -> str:
    """The answer of ``trivium show``, no line wider than ``width`` where its words allow."""
    return "\n".join(_Writer(reference, prefixes, width).lines())


class _Writer:
    def __init__(self, reference: "Reference", prefixes: "Prefixes", width: int) -> None:
        self.page = reference
        self.prefixes = prefixes
        self.width = width
        self.numbers: Mapping[Iri, int] = {s.iri: number for number, s in enumerate(reference.sources, 1)}

    def lines(self) -> list[str]:
        description = self.page.description
        types = ", ".join(link.label or self.prefixes.compress(link.iri) for link in description.types)
        lines = [
            description.label or self.prefixes.compress(description.iri),
            f"{types} · {description.iri}",
        ]
        if description.definition:
            lines += ["", *textwrap.wrap(description.definition, self.width)]
        if self.page.expression:
            lines += ["", f"  {self.page.expression}"]
        lines += self._facts("", self.page.facts)
        for table in self.page.tables:
            lines += self._table(table)
        for part in self.page.parts:
            lines += self._facts(
                f"#{part.description.iri.partition('#')[2]}  {part.description.label}".rstrip(),
                part.facts,
                part.description.definition,
            )
        lines += self._facts("What points to it, and how:", self.page.incoming)
        return [*lines, *self._sources()]

    def _facts(self, title: str, facts: "Sequence[Fact]", definition: str = "") -> list[str]:
        rows = [(fact.name, self._cell(fact.cell)) for fact in facts]
        lines = ["", title] if title and (rows or definition) else []
        lines += textwrap.wrap(definition, self.width, initial_indent="  ", subsequent_indent="  ")
        drawn = draw(rows, self.width)
        return [*lines, *([] if title or not drawn else [""]), *drawn]

    def _table(self, table: "Table") -> list[str]:
        rows = [table.columns, *(tuple(map(self._cell, row)) for row in table.rows)]
        return ["", f"{table.title}:", *draw(rows, self.width, ruled=True)]

    def _sources(self) -> list[str]:
        if not self.page.sources:
            return []
        lines = ["", "Sources:"]
        for number, source in enumerate(self.page.sources, 1):
            head = f"  [{number}] "
            address = f" {source.url}" if source.url else ""
            lines += textwrap.wrap(
                source.label + address,
                self.width,
                initial_indent=head,
                subsequent_indent=" " * len(head),
                break_long_words=False,
                break_on_hyphens=False,
            )
        return lines

    def _cell(self, cell: "Cell") -> str:
        told = join_pieces(self._piece(piece) for piece in cell if not isinstance(piece, Source))
        marks = " ".join(self._piece(piece) for piece in cell if isinstance(piece, Source))
        return f"{told} {marks}".strip()

    def _piece(self, piece: str | Link | Source) -> str:
        if isinstance(piece, Source):
            return f"[{self.numbers[piece.iri]}]"
        return (
            " ".join(piece.split())
            if isinstance(piece, str)
            else piece.label or self.prefixes.compress(piece.iri)
        )


def draw(rows: Sequence[Sequence[str]], width: int, *, ruled: bool = False) -> list[str]:
    """Rows in aligned columns, cells wrapped where the line would be too wide; ``ruled`` underlines the first."""
    if not rows:
        return []
    widths = _fit([max(len(row[at]) for row in rows) for at in range(len(rows[0]))], width - GAP)
    lines: list[str] = []
    for place, row in enumerate(rows):
        wrapped = [
            textwrap.wrap(cell, size, break_on_hyphens=False) or [""]
            for cell, size in zip(row, widths, strict=True)
        ]
        for at in range(max(map(len, wrapped))):
            cells = (
                (cell[at] if at < len(cell) else "").ljust(size)
                for cell, size in zip(wrapped, widths, strict=True)
            )
            lines.append((" " * GAP + (" " * GAP).join(cells)).rstrip())
        if ruled and not place:
            lines.append(" " * GAP + (" " * GAP).join("─" * size for size in widths))
    return lines


def _fit(natural: Sequence[int], width: int) -> list[int]:
    """Widths of columns that go into a line: the widest give way first, down to a least width."""
    widths = list(natural)
    room = width - GAP * (len(widths) - 1)
    while sum(widths) > room:
        widest = max(range(len(widths)), key=widths.__getitem__)
        if widths[widest] <= LEAST:
            break
        widths[widest] -= 1
    return widths
