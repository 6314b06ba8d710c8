"""LaTeX as pieces: numbers, commands, letters and signs; what only spaces is left out."""

import re
from dataclasses import dataclass
from typing import Final

from kg.errors import BadSyntax, TooLarge
from kg.formula.tokens import MAX_CHARACTERS

WHAT: Final = "LaTeX"
_TOKEN: Final = re.compile(
    r"(?P<space>\s+|\\[,;:!> ]|\\q?quad\b|~|\\(?:big|Big|bigg|Bigg)[lrm]?(?![A-Za-z])|\\(?:displaystyle|textstyle)\b|&)"
    r"|(?P<number>[0-9]+(?:\{,\}[0-9]{3})*(?:\.[0-9]+)?)"
    r"|(?P<command>\\(?:[A-Za-z]+|[{}|_%$#&]))"
    r"|(?P<letter>[A-Za-z])"
    r"|(?P<sign>[-+*/^_=(){}\[\]|,])"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One of them, with its kind and its place in the text; the last is empty."""

    text: str
    kind: str
    at: int


def scan_latex(text: str) -> list[Piece]:
    """The pieces of the text, with an empty one at the end.

    Raises:
        BadSyntax: a character that has no place in a formula. TooLarge: the text is too long.
    """
    if len(text) > MAX_CHARACTERS:
        raise TooLarge("LaTeX, in characters,", len(text), MAX_CHARACTERS)
    pieces: list[Piece] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadSyntax(WHAT, f"{text[at]!r} is not read", 1, at + 1, text[at : at + 12])
        if match.lastgroup != "space":
            pieces.append(Piece(match.group(), match.lastgroup or "", at))
        at = match.end()
    pieces.append(Piece("", "end", len(text)))
    return pieces
