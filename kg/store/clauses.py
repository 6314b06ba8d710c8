"""What a query names: the IRIs it writes, and the dataset that its FROM clauses choose."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from kg.rdf.tokens import Token, scan

_GLUED: Final = re.compile(r"FROM(NAMED)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Written:
    """An IRI as it stands in a query, resolved; ``clause`` is FROM or FROM NAMED where one chooses it."""

    iri: str
    clause: str = ""


def written_iris(text: str, prefixes: Mapping[str, str], base: str | None = None) -> Iterator[Written]:
    """The IRIs of a query in order, in full or by a prefix, those of its prologue left out.

    ``prefixes`` need no declaration. The engine takes ``FROM`` without a space after it (``FROMex:g``): so does this.
    """
    return _Walk(prefixes, base).over(text)


class _Walk:
    """One walk over the tokens: the prologue so far, and the keywords just read."""

    def __init__(self, prefixes: Mapping[str, str], base: str | None) -> None:
        self._spaces = dict(prefixes)
        self._base = base or ""
        self._declares = ""
        self._clause = ""

    def over(self, text: str) -> Iterator[Written]:
        for token in scan(text):
            if token.kind == "word":
                self._word(token.text.upper())
            elif token.kind == "name" and self._declares == "PREFIX":
                self._declares = token.text
            elif token.kind == "name":
                yield self._name(token)
            elif token.kind == "iri":
                yield from self._iri(token.text[1:-1])

    def _word(self, word: str) -> None:
        self._declares = word if word in ("PREFIX", "BASE") else ""
        if _GLUED.fullmatch(word):
            self._clause = "FROM NAMED" if word.endswith("NAMED") else "FROM"
        elif word == "NAMED" and self._clause == "FROM":
            self._clause = "FROM NAMED"
        else:
            self._clause = ""

    def _iri(self, iri: str) -> Iterator[Written]:
        resolved = _resolved(iri, self._base)
        declares, self._declares = self._declares, ""
        if declares == "BASE":
            self._base = resolved
        elif declares:
            self._spaces[declares.removesuffix(":")] = resolved
        else:
            yield self._chosen(resolved)

    def _name(self, token: Token) -> Written:
        prefix, _, local = token.text.partition(":")
        glued = _GLUED.match(prefix)
        if prefix not in self._spaces and glued:
            self._word(glued[0].upper())
            prefix = prefix[glued.end() :]
        return self._chosen(self._spaces.get(prefix, "") + local.replace("\\", ""))

    def _chosen(self, iri: str) -> Written:
        clause, self._clause = self._clause, ""
        return Written(iri, clause)


def _resolved(iri: str, base: str) -> str:
    if not base:
        return iri
    # urljoin drops an empty fragment, which is how many namespaces end.
    return urljoin(base, iri).removesuffix("#") + ("#" if iri.endswith("#") else "")
