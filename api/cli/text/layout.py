"""Layout that the texts share: aligned columns, titled sections, warnings."""

from collections.abc import Iterable, Sequence


def table(rows: Iterable[Sequence[str]], *, indent: str = "  ") -> list[str]:
    """Rows with their columns aligned; the last column is not padded."""
    rows = list(rows)
    if not rows:
        return []
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    return [
        (
            indent
            + "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])
        ).rstrip()
        for row in rows
    ]


def section(title: str, lines: list[str]) -> list[str]:
    """The lines under their title, with an empty line before it; nothing without lines."""
    return ["", f"{title}:", *lines] if lines else []


def warning_lines(warnings: tuple[str, ...]) -> list[str]:
    """One line a warning, with an empty line before them."""
    return ["", *(f"Mind: {warning}" for warning in warnings)] if warnings else []
