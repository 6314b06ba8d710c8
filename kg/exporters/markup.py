"""Text as XML takes it."""

import re
from html import escape
from typing import Final

_FORBIDDEN: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text on one line with nothing in it that XML forbids or reads as markup.

    >>> xml_text('a & "b" < c')
    'a &amp; &quot;b&quot; &lt; c'
    """
    return escape(" ".join(_FORBIDDEN.sub("", text).split()))
