"""Character classes of Turtle and SPARQL names, as sources of regular expressions.

Both grammars share them: https://www.w3.org/TR/sparql11-query/#rPN_CHARS_BASE and https://www.w3.org/TR/turtle/#sec-grammar-grammar.
ASCII text has patterns of its own, with the same meaning there: the full ones take ten times as long to compile.
"""

import re
from functools import cache
from typing import Final, NamedTuple

_LETTERS: Final = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
"""Letters beyond ASCII."""
_MARKS: Final = "\u00b7\u0300-\u036f\u203f-\u2040"
"""What may follow a letter, beyond ASCII."""
_PLX: Final = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
IRIREF: Final = r'<(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>'


class NamePatterns(NamedTuple):
    """Insides of ``[…]`` classes, and the patterns of a name's halves."""

    pn_chars_u_class: str
    pn_chars_class: str
    varname_class: str
    pn_prefix: str
    pn_local: str


def name_patterns(*, ascii_only: bool) -> NamePatterns:
    """The patterns for any text, or those for text that is known to be ASCII."""
    letters, marks = ("", "") if ascii_only else (_LETTERS, _MARKS)
    base = f"A-Za-z{letters}"
    start = f"{base}_"
    varname = f"{start}0-9{marks}"
    chars = f"{varname}-"
    return NamePatterns(
        start,
        chars,
        varname,
        # The bound keeps a long text without a colon from being walked again at each of its places.
        rf"[{base}](?:[{chars}]|\.+(?=[{chars}])){{0,200}}+",
        rf"(?:[{start}:0-9]|{_PLX})(?:[{chars}:]|{_PLX}|\.+(?=[{chars}:%\\]))*+",
    )


@cache
def _plain_local(ascii_only: bool) -> re.Pattern[str]:
    names = name_patterns(ascii_only=ascii_only)
    chars = names.pn_chars_class
    return re.compile(rf"(?:[{names.pn_chars_u_class}0-9](?:[{chars}]|\.+(?=[{chars}]))*+)?")


def is_plain_local(text: str) -> bool:
    r"""True where the text can follow ``prefix:`` in Turtle and SPARQL without an escape; the empty text can.

    >>> [is_plain_local(text) for text in ("mamba", "gpt-3", "", "x#N", "a/b", "trailing.")]
    [True, True, True, False, False, False]
    """
    return _plain_local(text.isascii()).fullmatch(text) is not None
