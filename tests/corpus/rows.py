"""A row of what is refused: the text, the error, what its message names, and the values given with it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from kg.errors import BadSyntax, TooLarge, TriviumError


class Refused(NamedTuple):
    """One row; ``names`` must stand in the message."""

    text: str
    error: type[TriviumError]
    names: str
    values: Mapping[str, Any] = MappingProxyType({})


def syntax(*rows: tuple[str, str]) -> list[Refused]:
    """Rows that are not in the grammar."""
    return [Refused(text, BadSyntax, names) for text, names in rows]


def large(*rows: tuple[str, str]) -> list[Refused]:
    """Rows that are over a bound."""
    return [Refused(text, TooLarge, names) for text, names in rows]
