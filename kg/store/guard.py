"""What a query may not do, decided on its tokens before the engine sees it.

The engine calls out for SERVICE as soon as it is handed the query, and its parser overflows the stack on deep
nesting; so both are refused here. Its grammar also takes keywords without a space after them
(``SERVICESILENT<x>{}``, ``SERVICEex:x{}``, measured with pyoxigraph 0.5.13), hence the care with glued words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from kg.errors import BadSyntax, ForbiddenQuery, TooLarge
from kg.rdf.tokens import Token, place, scan

MAX_CHARACTERS: Final = 100_000
MAX_DEPTH: Final = 100
"""Open brackets at a time; the engine's parser dies of 5 000."""
MAX_TOKENS: Final = 3_000
"""Tokens outside ``VALUES`` data; the engine's parser dies of chains of 10 000 operators."""

UPDATE_KEYWORDS: Final = frozenset(
    {"LOAD", "INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD"},
)
_READ_ONLY: Final = "queries only read; use SELECT, ASK, CONSTRUCT or DESCRIBE"
_NO_CALLS: Final = "queries stay within this store; ask the other service from your own program"
_OPERANDS: Final = frozenset({"iri", "name", "variable", "string", "tag", "number", "word", "blank"})
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(slots=True)
class Facts:
    """What the tokens of a query tell: its prologue and whether it chooses its own dataset."""

    prefixes: set[str] = field(default_factory=set)
    has_base: bool = False
    has_dataset: bool = False


def check_query(text: str, *, allow_service: bool = False) -> None:
    """Refuse what must not reach the engine; a text that passes may still be bad syntax.

    Raises:
        ForbiddenQuery: SERVICE (unless allowed) or a keyword of Update, outside strings, comments and names.
        TooLarge: the text, its nesting or its number of tokens is over the limit.
        BadSyntax: a string without end, a lone surrogate, or ``<`` that can be read in two ways.
    """
    inspect_query(text, allow_service=allow_service)


def inspect_query(text: str, *, allow_service: bool = False) -> Facts:
    """As :func:`check_query`; gives what was seen on the way."""
    if len(text) > MAX_CHARACTERS:
        raise TooLarge("the query, in characters,", len(text), MAX_CHARACTERS)
    _refuse_surrogates(text)
    facts = _Inspection(text, allow_service).run()
    if "\\u" in text or "\\U" in text:
        _check_unescaped(text, allow_service)
    return facts


def _refuse_surrogates(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        line, column = place(text, error.start)
        raise BadSyntax("SPARQL", "half of a surrogate pair is no character", line, column) from error


def _check_unescaped(text: str, allow_service: bool) -> None:
    r"""Stores that resolve ``\u`` escapes before they parse (SPARQL 1.1 §19.2) must not be led astray either."""

    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"

    plain = _ESCAPE.sub(character, text)
    try:
        _Inspection(plain, allow_service).run()
    except BadSyntax:
        return  # Read that way it is no query, so that nothing would be evaluated.


class _Inspection:
    """One walk over the tokens."""

    def __init__(self, text: str, allow_service: bool) -> None:
        self._text = text
        self._allow_service = allow_service
        self._facts = Facts()
        self._open: list[str] = []
        self._counted = 0
        self._values = _ValuesData()

    def run(self) -> Facts:
        """The facts.

        Raises:
            ForbiddenQuery, TooLarge, BadSyntax: as :func:`check_query`.
        """
        before = Token("start", "", 0)
        for token, after in _pairs(scan(self._text)):
            self._nest(token)
            if not self._values.takes(token):
                self._count(token)
                self._inspect(token, before, after)
            before = token
        return self._facts

    def _inspect(self, token: Token, before: Token, after: Token) -> None:
        if token.kind == "word":
            self._word(token)
        elif token.kind == "name":
            self._name(token, before, after)
        elif token.kind == "iri":
            self._iri(token, before)

    def _word(self, token: Token) -> None:
        word = token.text.upper()
        # No other keyword or function of SPARQL has SERVICE within it: a word that does is glued to others.
        if "SERVICE" in word and not self._allow_service:
            self._forbid("SERVICE", token, _NO_CALLS)
        if word in UPDATE_KEYWORDS:
            self._forbid(word, token, _READ_ONLY)
        if word.startswith("FROM"):
            self._facts.has_dataset = True
        if word == "BASE":
            self._facts.has_base = True

    def _name(self, token: Token, before: Token, after: Token) -> None:
        prefix = token.text.partition(":")[0]
        opener = before.text.upper() if before.kind == "word" else ""
        if opener == "PREFIX":
            self._facts.prefixes.add(prefix)
        elif prefix.upper().startswith("FROM") and not self._open:
            # ``FROMex:g`` is a dataset clause to the engine.
            self._facts.has_dataset = True
        elif "SERVICE" in prefix.upper() and after.text == "{" and not self._allow_service:
            # ``SERVICEex:x {`` is a SERVICE clause to the engine; after these keywords it can only be a name.
            if opener in ("GRAPH", "FROM", "NAMED"):
                return
            self._forbid("SERVICE", token, f"{_NO_CALLS}; if {prefix}: is your prefix, give it another name")

    def _iri(self, token: Token, before: Token) -> None:
        """Refuse ``(?a <'x> …``: as an IRI and as less-than it hides different text from what follows."""
        within = token.text[1:-1]
        if "(" not in self._open or not (before.kind in _OPERANDS or before.text == ")"):
            return
        if re.search(r"['#()]", within) and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", within):
            line, column = place(self._text, token.start)
            raise BadSyntax(
                "SPARQL",
                "'<' can be read as less-than or as the start of an IRI",
                line,
                column,
                text=token.text,
                hint="put a space after less-than, or write the IRI in full",
            )

    def _nest(self, token: Token) -> None:
        if token.kind != "sign":
            return
        if token.text in ("{", "(", "[", "{|", "<<("):
            self._open.append(token.text)
            if len(self._open) > MAX_DEPTH:
                raise TooLarge(
                    "the nesting of the query", len(self._open), MAX_DEPTH, *place(self._text, token.start)
                )
        elif token.text in ("}", ")", "]", "|}", ")>>") and self._open:
            self._open.pop()

    def _count(self, token: Token) -> None:
        self._counted += 1
        if self._counted > MAX_TOKENS:
            where = place(self._text, token.start)
            raise TooLarge("the query, in tokens outside VALUES,", self._counted, MAX_TOKENS, *where)

    def _forbid(self, keyword: str, token: Token, reason: str) -> None:
        raise ForbiddenQuery(keyword, *place(self._text, token.start), reason)


class _ValuesData:
    """Tells the terms between the braces of ``VALUES ?x { … }``: data, of which there may be much."""

    __slots__ = ("_state",)

    def __init__(self) -> None:
        self._state = ""

    def takes(self, token: Token) -> bool:
        """True where the token is one of the data."""
        if self._state == "data":
            inside = _is_data(token)
            self._state = "data" if inside else ""
            return inside
        if token.kind == "word" and token.text.upper() == "VALUES":
            self._state = "head"
        elif self._state == "head":
            if token.text == "{":
                self._state = "data"
            elif token.kind != "variable" and token.text not in ("(", ")"):
                self._state = ""
        return False


def _is_data(token: Token) -> bool:
    if token.kind == "word":
        return token.text.upper() in ("UNDEF", "TRUE", "FALSE")
    if token.kind == "sign":
        return token.text in ("(", ")", "<<(", ")>>", "^^", "+", "-")
    return token.kind != "variable"


def _pairs(tokens: Iterator[Token]) -> Iterator[tuple[Token, Token]]:
    """Each token with the one after it."""
    end = Token("end", "", 0)
    current = next(tokens, None)
    while current is not None:
        following = next(tokens, None)
        yield current, following or end
        current = following
