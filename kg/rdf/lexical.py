"""Character classes of Turtle and SPARQL names, as sources of regular expressions.

Both grammars share them: https://www.w3.org/TR/sparql11-query/#rPN_CHARS_BASE and https://www.w3.org/TR/turtle/#sec-grammar-grammar.
Each is the inside of a ``[…]`` class or a whole pattern; names say which.
"""

import re
from typing import Final

PN_CHARS_BASE_CLASS: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
PN_CHARS_U_CLASS: Final = PN_CHARS_BASE_CLASS + "_"
PN_CHARS_CLASS: Final = PN_CHARS_U_CLASS + "0-9\u00b7\u0300-\u036f\u203f-\u2040-"
VARNAME_CLASS: Final = PN_CHARS_U_CLASS + "0-9\u00b7\u0300-\u036f\u203f-\u2040"

# The bound keeps a long text without a colon from being walked again at each of its places.
PN_PREFIX: Final = rf"[{PN_CHARS_BASE_CLASS}](?:[{PN_CHARS_CLASS}]|\.+(?=[{PN_CHARS_CLASS}])){{0,200}}+"
_PLX: Final = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
PN_LOCAL: Final = (
    rf"(?:[{PN_CHARS_U_CLASS}:0-9]|{_PLX})"
    rf"(?:[{PN_CHARS_CLASS}:]|{_PLX}|\.+(?=[{PN_CHARS_CLASS}:%\\]))*+"
)
IRIREF: Final = r'<(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>'

_PLAIN_LOCAL: Final = re.compile(
    rf"(?:[{PN_CHARS_U_CLASS}0-9](?:[{PN_CHARS_CLASS}]|\.+(?=[{PN_CHARS_CLASS}]))*+)?"
)


def is_plain_local(text: str) -> bool:
    r"""True where the text can follow ``prefix:`` in Turtle and SPARQL without an escape; the empty text can.

    >>> [is_plain_local(text) for text in ("mamba", "gpt-3", "", "x#N", "a/b", "trailing.")]
    [True, True, True, False, False, False]
    """
    return _PLAIN_LOCAL.fullmatch(text) is not None
