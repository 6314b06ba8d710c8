"""Exact tokens of SPARQL and Turtle text, without parsing it.

The two grammars share them (https://www.w3.org/TR/sparql11-query/#sparqlGrammar, https://www.w3.org/TR/turtle/).
Knows where strings, comments, IRIs and names begin and end, so that a word inside one is never a keyword.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from kg.errors import BadSyntax
from kg.rdf.lexical import IRIREF, name_patterns

_EXPONENT: Final = r"[eE][+-]?[0-9]+"


class Token(NamedTuple):
    """A token: its kind (the name of a group above), text and place in characters from 0."""

    kind: str
    text: str
    start: int


@cache
def _tokens(ascii_only: bool) -> re.Pattern[str]:
    """The first alternative that matches at a place is the token. Possessive quantifiers: no backtracking."""
    names = name_patterns(ascii_only=ascii_only)
    return re.compile(
        rf"""
          (?P<space>[ \t\r\n]++) | (?P<comment>\#[^\r\n]*+)
        | (?P<string>
              \"\"\"(?:"{{0,2}}(?:[^"\\]|\\.))*+\"\"\" | \'\'\'(?:'{{0,2}}(?:[^'\\]|\\.))*+\'\'\'
            | "(?!\"\")(?:[^"\\\n\r]|\\.)*+" | '(?!'')(?:[^'\\\n\r]|\\.)*+')
        | (?P<iri>{IRIREF})
        | (?P<blank>_:[{names.pn_chars_u_class}0-9](?:[{names.pn_chars_class}]|\.+(?=[{names.pn_chars_class}]))*+)
        | (?P<name>(?:{names.pn_prefix})?:(?:{names.pn_local})?)
        | (?P<variable>[?$][{names.varname_class}]++)
        | (?P<tag>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?)
        | (?P<number>[0-9]++\.[0-9]*+{_EXPONENT}|\.?[0-9]++{_EXPONENT}|[0-9]*+\.[0-9]++|[0-9]++)
        | (?P<word>[A-Za-z_][A-Za-z_0-9]*+)
        | (?P<sign><<\(|\)>>|<<|>>|\{{\||\|\}}|\^\^|&&|\|\||!=|<=|>=|.)
        """,
        re.VERBOSE | re.DOTALL,
    )


def scan(text: str, *, what: str = "SPARQL", comments: bool = False) -> Iterator[Token]:
    """The tokens in order, without white space; ``comments`` are tokens only where they are asked for.

    >>> [token.text for token in scan("ASK { ?s :p 'SERVICE' } # LOAD")]
    ['ASK', '{', '?s', ':p', "'SERVICE'", '}']

    Raises:
        BadSyntax: a string that never ends.
    """
    for match in _tokens(text.isascii()).finditer(text):
        kind = match.lastgroup or "sign"
        if kind == "space" or (kind == "comment" and not comments):
            continue
        found = match.group()
        if kind == "sign" and found in "\"'":
            line, column = place(text, match.start())
            hint = f"close it with {found}"
            raise BadSyntax(what, "a string begins here and never ends", line, column, hint=hint)
        yield Token(kind, found, match.start())


def place(text: str, start: int) -> tuple[int, int]:
    """Line and column, from 1, of a character counted from 0; a line ends at CR, LF or both."""
    before = re.sub(r"\r\n|\r", "\n", text[:start])
    return before.count("\n") + 1, start - max(text.rfind("\n", 0, start), text.rfind("\r", 0, start))


def position(text: str, line: int, column: int) -> int:
    """The character, counted from 0, at a line and column from 1; the end where the text is shorter."""
    start = 0
    for _ in range(line - 1):
        found = text.find("\n", start)
        if found < 0:
            return len(text)
        start = found + 1
    return min(start + column - 1, len(text))
