"""Words of a text as the index has them: lower case, without diacritics, letters and digits only."""

import re
import unicodedata
from typing import Final

WORD: Final = re.compile(r"[^\W_]+")

STOP_WORDS: Final = frozenset(
    {
        "a", "about", "an", "and", "are", "as", "at", "be", "by", "do", "does", "for", "from", "how", "in",
        "is", "it", "of", "on", "or", "that", "the", "to", "what", "when", "which", "why", "with",
    }
)  # fmt: skip
"""Words that say nothing beside others; alone they are searched for as any word."""


def fold(text: str) -> str:
    """The text in lower case and without diacritics.

    >>> fold("Ménard")
    'menard'
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", text.lower())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def split_words(text: str) -> tuple[str, ...]:
    """The words of a text, in their order.

    >>> split_words("k_inf**(beta/alpha)")
    ('k', 'inf', 'beta', 'alpha')
    """
    return tuple(WORD.findall(fold(text)))


def name_key(text: str) -> str:
    """What two spellings of one name share; a name without letters and digits is its own key.

    >>> name_key("Mixture-of-Experts") == name_key("mixture of experts"), name_key(" % ")
    (True, '%')
    """
    return " ".join(split_words(text)) or " ".join(text.lower().split())


def word_forms(word: str) -> tuple[str, ...]:
    """The word, and what may be its singular or plural.

    >>> word_forms("models"), word_forms("capability")
    (('models', 'model'), ('capability', 'capabilitys', 'capabilities'))
    """
    if len(word) < 3 or word.isdecimal():
        return (word,)
    if word.endswith("ies"):
        return (word, word[:-3] + "y", word[:-1])
    if word.endswith("s") and not word.endswith("ss"):
        return (word, word[:-1])
    return (word, word + "s", word[:-1] + "ies") if word.endswith("y") else (word, word + "s")
