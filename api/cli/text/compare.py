"""A comparison as plain text for a terminal: a block for each property, a line for each value."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from api.cli.text.layout import section, table
from kg.model.iri import Iri

if TYPE_CHECKING:
    from kg.model.comparison import CellValue, Comparison


def comparison_text(comparison: "Comparison") -> str:
    """The answer of ``trivium compare``; a number in brackets leads to the list of sources."""
    numbers = {source.iri: number for number, source in enumerate(comparison.sources, 1)}
    lines: list[str] = []
    for column in comparison.columns:
        rows = []
        for item in comparison.items:
            values = item[column.name].values
            shown = [_value(value, numbers) for value in values] or ["not known"]
            rows += [(item.label if not place else "", text) for place, text in enumerate(shown)]
        lines += [*([""] if lines else []), column.label, *table(rows)]
    lines += [*([""] if lines else []), comparison.note] if comparison.note else []
    sources = [
        f"  [{number}] {source.label}" + (f", {source.url}" if source.url else "")
        for number, source in enumerate(comparison.sources, 1)
    ]
    return "\n".join([*lines, *section("Sources", sources)])


def _value(value: "CellValue", numbers: Mapping[Iri, int]) -> str:
    marks = "".join(f" [{numbers[source.iri]}]" for source in value.sources)
    about = f" ({value.circumstances})" if value.circumstances else ""
    return f"{value.text}{about}{marks}"
