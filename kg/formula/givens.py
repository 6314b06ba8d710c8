"""Givens in one line, the syntax of ``tvf:evaluate`` and of worked examples: ``N=70e9; w=[0.5, 0.3]``."""

import re
from typing import Final

from kg.errors import BadParameter, BadSyntax, TooLarge
from kg.formula.names import plain_name
from kg.formula.tokens import place

MAX_TEXT: Final = 100_000
_NAME: Final = re.compile(r"[^\W\d_](?:[\w-]*\w)?")


def parse_givens(text: str) -> dict[str, str | list[str]]:
    """Symbol or quantity slug → its value as text, or the texts of a series, read where units are known.

    >>> parse_givens("N=70e9; w=[0.5, 0.3]")
    {'N': '70e9', 'w': ['0.5', '0.3']}

    Raises:
        BadSyntax: not of the form ``name=value; name=value``; with line and column.
        BadParameter: a name stands twice.
        TooLarge: over 100 000 characters.
    """
    if len(text) > MAX_TEXT:
        raise TooLarge("givens, in characters,", len(text), MAX_TEXT)
    givens: dict[str, str | list[str]] = {}
    at = 0
    for part in text.split(";"):
        if part.strip():
            name, value = _entry(text, part, at)
            if name in givens:
                raise BadParameter(name, part.strip()[:40], "one value; it is given twice")
            givens[name] = value
        at += len(part) + 1
    return givens


def _entry(text: str, part: str, at: int) -> tuple[str, str | list[str]]:
    name, equals, value = part.partition("=")
    start = at + len(name) - len(name.lstrip())
    name, value = name.strip(), value.strip()
    if not equals or not value or "=" in value:
        raise _error(text, start, "a value is given as name=value, and entries are parted by ';'")
    if not _NAME.fullmatch(name):
        raise _error(text, start, f"{name[:24]!r} is no symbol and no quantity")
    if not value.startswith("["):
        return plain_name(name), value
    if not value.endswith("]") or "[" in value[1:]:
        raise _error(text, start, "the list of a series is not closed")
    items = [item.strip() for item in value[1:-1].split(",")]
    if not all(items):
        raise _error(text, start, "a value of the series is missing")
    return plain_name(name), items


def _error(text: str, at: int, reason: str) -> BadSyntax:
    line, column = place(text, at)
    return BadSyntax("givens", reason, line, column, text[at : at + 16], "write N=70e9; w=[0.5, 0.3]")
