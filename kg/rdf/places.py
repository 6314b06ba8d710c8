"""On which line a Turtle document says something: where each subject and each of its properties is written.

The parser hands out triples without their place, so the tokens are walked here; the text must parse.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from kg.rdf.terms import RDF_TYPE
from kg.rdf.tokens import Token, scan

_OPENING: Final = frozenset({"[", "("})
_CLOSING: Final = frozenset({"]", ")"})
_DIRECTIVE: Final = {"base": 2, "prefix": 3}
"""How many tokens a SPARQL-style directive has."""
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_NUMERIC_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True, slots=True)
class Place:
    """A property of a subject as written: their IRIs (of a blank subject ``[]``) and the line."""

    subject: str
    predicate: str
    line: int


def property_places(text: str) -> tuple[Place, ...]:
    r"""Every property of every subject at the top level of a Turtle document, in the order of the text.

    What stands inside ``[ … ]`` belongs to the line of the property that leads there.

    >>> property_places("@prefix ex: <http://e/> .\nex:a a ex:B ;\n  ex:p 1 .")[1]
    Place(subject='http://e/a', predicate='http://e/p', line=3)
    """
    return tuple(_Walk(text).places())


def triples_start(text: str) -> int:
    """Where, in characters from 0, the first triple of a document begins; its end where there is none."""
    statements = (statement[0] for statement in _Walk(text).statements())
    return next((first.start for first in statements if not _is_directive(first)), len(text))


def _is_directive(first: Token) -> bool:
    return first.kind in ("tag", "word") and first.text.lower().removeprefix("@") in _DIRECTIVE


class _Walk:
    def __init__(self, text: str) -> None:
        self._text = text
        self._base = ""
        self._prefixes: dict[str, str] = {}
        self._line = 1
        self._counted = 0

    def places(self) -> Iterator[Place]:
        for statement in self.statements():
            if _is_directive(statement[0]):
                self._declare(statement)
            else:
                yield from self._properties(statement)

    def statements(self) -> Iterator[list[Token]]:
        """Tokens up to each full stop outside brackets; SPARQL-style directives have none."""
        statement: list[Token] = []
        depth = 0
        for token in scan(self._text, what="Turtle"):
            if token.kind == "sign" and token.text == "." and depth == 0:
                if statement:
                    yield statement
                statement = []
                continue
            if token.kind == "sign":
                depth += (token.text in _OPENING) - (token.text in _CLOSING)
            statement.append(token)
            head = statement[0]
            length = _DIRECTIVE.get(head.text.lower()) if head.kind == "word" else 0
            if token.kind == "iri" and len(statement) == length:
                yield statement
                statement = []
        if statement:
            yield statement

    def _declare(self, statement: list[Token]) -> None:
        if statement[0].text.lower().endswith("base"):
            self._base = self._iri(statement[1])
        elif len(statement) > 2:
            self._prefixes[statement[1].text.removesuffix(":")] = self._iri(statement[2])

    def _properties(self, statement: list[Token]) -> Iterator[Place]:
        subject, rest = self._subject(statement)
        depth = 0
        expected = True
        for token in rest:
            if token.kind == "sign":
                if expected and token.text not in (";", "]", ")"):
                    expected = False
                depth += (token.text in _OPENING) - (token.text in _CLOSING)
                expected = expected or (token.text == ";" and depth == 0)
            elif expected and depth == 0:
                yield Place(subject, self._iri(token), self._line_of(token))
                expected = False

    def _subject(self, statement: list[Token]) -> tuple[str, list[Token]]:
        first = statement[0]
        if first.text not in _OPENING:
            return self._iri(first), statement[1:]
        depth = 0
        for number, token in enumerate(statement):
            if token.kind == "sign":
                depth += (token.text in _OPENING) - (token.text in _CLOSING)
            if depth == 0:
                return "[]", statement[number + 1 :] or statement[1:number]
        return "[]", []

    def _iri(self, token: Token) -> str:
        if token.kind == "iri":
            written = _NUMERIC_ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), token.text[1:-1])
            # urljoin drops an empty fragment, which a namespace may end with.
            if not self._base or _SCHEME.match(written):
                return written
            return urljoin(self._base, written).rstrip("#") + "#" * written.endswith("#")
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            return self._prefixes.get(prefix, prefix + ":") + re.sub(r"\\(.)", r"\1", local)
        return RDF_TYPE.value if token.text == "a" else token.text

    def _line_of(self, token: Token) -> int:
        """Tokens come in order, so that lines are counted once through the text."""
        self._line += self._text.count("\n", self._counted, token.start)
        self._counted = token.start
        return self._line
