"""From what people type to what FTS5 is asked; only words pass, each in quotes, so no text is ever its syntax."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Final

from kg.errors import BadParameter, TooLarge
from kg.search.suggest import Vocabulary
from kg.search.words import STOP_WORDS, name_key, split_words, word_forms

MAX_CHARACTERS: Final = 500
MAX_WORDS: Final = 64
LEAST_PREFIX: Final = 2
"""Letters from which the last word is taken for the beginning of longer ones."""


def clean_query(text: str) -> str:
    """The text on one line, as it is echoed: what UTF-8 cannot say is replaced.

    Raises:
        TooLarge: it has more characters or words than a search takes.
        BadParameter: it is empty.
    """
    if len(text) > MAX_CHARACTERS:
        raise TooLarge("the search text", len(text), MAX_CHARACTERS)
    words = text.replace("\0", " ").encode("utf-8", "replace").decode().split()
    if not words:
        raise BadParameter("q", text, "some words to search for")
    return " ".join(words)


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must occur: any of the forms, or what begins with the last of them."""

    forms: tuple[str, ...]
    is_prefix: bool = False

    @property
    def match(self) -> str:
        """The term for FTS5."""
        quoted = [f'"{form}"' for form in self.forms]
        if self.is_prefix:
            quoted[0] += " *"
        return f"({' OR '.join(quoted)})"


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is asked of the index: all words, a term for each that tells something, and those words alone.

    ``corrected`` is empty where the words are those that were typed.
    """

    words: tuple[str, ...]
    terms: tuple[Term, ...]
    telling: tuple[str, ...] = ()
    corrected: str = ""

    @classmethod
    def read(cls, text: str, vocabulary: Vocabulary, *, names: Container[str] = ()) -> "SearchQuery":
        """The query of a text, unknown words replaced by those that were probably meant, unless it is a name.

        Raises:
            TooLarge: it has too many words.
        """
        typed = split_words(text)
        if len(typed) > MAX_WORDS:
            raise TooLarge("the number of words in the search text", len(typed), MAX_WORDS)
        words = typed if name_key(text) in names else _corrected(typed, vocabulary)
        telling = tuple(word for word in words if word not in STOP_WORDS) or words
        terms = tuple(_term(word, vocabulary, is_last=word == words[-1]) for word in dict.fromkeys(telling))
        return cls(words, terms, telling, " ".join(words) if words != typed else "")

    @property
    def all(self) -> str:
        """Every term must occur."""
        return " AND ".join(term.match for term in self.terms)

    @property
    def any(self) -> str:
        """One term must occur."""
        return " OR ".join(term.match for term in self.terms)

    def with_near(self, vocabulary: Vocabulary) -> "SearchQuery":
        """The same query with each word that occurs nowhere replaced by those that look most like it."""
        terms = (near for term in self.terms for near in _near(term, vocabulary))
        return SearchQuery(self.words, tuple(terms))

    @property
    def phrase(self) -> str:
        """The words must follow each other."""
        prefix = " *" if self.terms and self.terms[-1].is_prefix and self.words[-1] not in STOP_WORDS else ""
        return f'"{" ".join(self.words)}"{prefix}'


def _near(term: Term, vocabulary: Vocabulary) -> tuple[Term, ...]:
    word = term.forms[0]
    if any(form in vocabulary for form in term.forms) or (term.is_prefix and vocabulary.has_prefix(word)):
        return (term,)
    return tuple(Term((near,)) for near in vocabulary.near(word))


def _corrected(typed: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    return tuple(word for original in typed for word in (_replace(original, vocabulary) or (original,)))


def _replace(word: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """What is probably meant by a word that is neither known nor the beginning of one."""
    if vocabulary.has_prefix(word) or any(form in vocabulary for form in word_forms(word)):
        return ()
    return vocabulary.correct(word)


def _term(word: str, vocabulary: Vocabulary, *, is_last: bool) -> Term:
    known = tuple(form for form in word_forms(word) if form in vocabulary and form != word)
    is_prefix = (is_last and len(word) >= LEAST_PREFIX) or (word not in vocabulary and not known)
    return Term((word, *known), is_prefix)
