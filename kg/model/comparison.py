"""Several things side by side: what is said of each, property by property, and by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from kg.model.description import Link
from kg.model.evidence import Source
from kg.model.iri import Iri


@dataclass(frozen=True, slots=True)
class CellValue:
    """One thing that is said: a number, a truth value, a text, or a resource (``iri``, its label in ``value``).

    ``low`` and ``high`` bound a number, which may itself be missing. ``method`` (reported, third-party, computed),
    ``evidence`` and ``verification`` are slugs of their vocabularies; ``statement`` is the node that says it, where
    it is no plain triple. ``detail`` is what a linked part holds: an expression, or the constants of a fit.
    """

    value: float | bool | str | None
    iri: Iri | None = None
    detail: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    method: str = ""
    date: str = ""
    evidence: str = ""
    verification: str = ""
    statement: Iri | None = None
    sources: tuple[Source, ...] = ()

    @property
    def text(self) -> str:
        """The value as people read it: four significant digits, the bounds, the unit, and what a part holds."""
        number = "" if self.value is None else _written(self.value)
        if self.low is not None or self.high is not None:
            bounds = f"{_end(self.low)} to {_end(self.high)}"
            number = f"{number} ({bounds})" if number else bounds
        number += f" {self.unit}" if self.unit not in ("", "1") else ""
        return f"{number}: {self.detail}" if self.detail and self.detail != number else number

    @property
    def circumstances(self) -> str:
        """How and when the value came about: method, date, evidence."""
        return ", ".join(filter(None, (self.method, self.date, self.evidence)))


@dataclass(frozen=True, slots=True)
class Cell:
    """All that is said of one item for one property, best first; where nothing is, ``missing`` says so."""

    values: tuple[CellValue, ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A property or a measured quantity; ``name`` is what people ask for it by."""

    iri: Iri
    name: str
    label: str
    is_quantity: bool = False


@dataclass(frozen=True, slots=True)
class ComparedItem:
    """One item: column name → cell, in the order of the columns."""

    iri: Iri
    label: str
    cells: Mapping[str, Cell]

    def __getitem__(self, column: str) -> Cell:
        return self.cells[column]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Items of a kind against properties.

    ``total`` counts the items that were asked for; ``note`` says what is left out, or how items were chosen.
    """

    kind: str
    columns: tuple[Column, ...]
    items: tuple[ComparedItem, ...]
    total: int
    note: str = ""

    @property
    def sources(self) -> tuple[Source, ...]:
        """All sources, each once, in the order in which a reader meets them: property by property."""
        cells = (item[column.name] for column in self.columns for item in self.items)
        found = {source.iri: source for cell in cells for value in cell.values for source in value.sources}
        return tuple(found.values())

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(item.label)}</th>" for item in self.items)
        rows = "".join(
            f"<tr><th>{escape(column.label)}</th>"
            + "".join(f"<td>{_cell_html(item[column.name])}</td>" for item in self.items)
            + "</tr>"
            for column in self.columns
        )
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        return f"<table><thead><tr><th></th>{head}</tr></thead><tbody>{rows}</tbody></table>{note}"


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing that the graph says of an item, with the property as a link."""

    item: Iri
    property: Link
    is_quantity: bool
    value: CellValue


def _written(value: float | bool | str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    digits, _, power = f"{value:.4g}".partition("e")
    return f"{digits}e{int(power)}" if power else digits


def _end(bound: float | None) -> str:
    return "?" if bound is None else _written(bound)


def _cell_html(cell: Cell) -> str:
    if not cell.values:
        return "<i>not known</i>"
    return "<br>".join(
        escape(value.text) + f" <small>{escape('; '.join(source.label for source in value.sources))}</small>"
        for value in cell.values
    )
