"""Text → tokens in a well-formed order: characters, brackets and sizes are checked here.

Nothing is parsed until all of it holds, so the parser behind meets no surprise (bounds after measurements
with hostile inputs: 10 MB of digits, 20 000 signs, deep brackets, look-alike letters).
"""

import re
import unicodedata
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kg.errors import BadSyntax, TooLarge
from kg.formula.names import FUNCTIONS, GREEK, near_names, plain_name

WHAT: Final = "expression"
MAX_CHARACTERS: Final = 2000
MAX_BRACKETS: Final = 60
MAX_SIGNS: Final = 8
MAX_DIGITS: Final = 60
MAX_EXPONENT: Final = 400
MAX_POWERS: Final = 60
MAX_NAME: Final = 64

_TOKEN: Final = re.compile(
    r"(?P<space>[ \t\r\n]+)"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    rf"|(?P<name>[A-Za-z][A-Za-z0-9_]*|[{''.join(GREEK)}](?:_[A-Za-z0-9_]+)?)"
    r"|(?P<operator>\*\*|[-+*/^(),\[\]=])"
)
_INSTEAD: Final = MappingProxyType(
    {
        "−": "write the sign -",
        "–": "write the sign -",
        "—": "write the sign -",
        "×": "write *",
        "·": "write *",
        "∙": "write *",
        "÷": "write /",
        "√": "write sqrt(x)",
        "²": "write **2",
        "³": "write **3",
        "µ": "write mu",
        "∑": "write Sum(i, 1, n, x[i])",
        ".": "a point stands inside numbers only",
        "_": "a name begins with a letter",
        "{": "use round brackets",
        "}": "use round brackets",
        "%": "write the number, such as 0.4 for 40 %",
        "!": "there is no factorial",
        "<": "a relation is an equality: lhs = rhs",
        ">": "a relation is an equality: lhs = rhs",
        "≤": "a relation is an equality: lhs = rhs",
        "≥": "a relation is an equality: lhs = rhs",
        ":": "the grammar has arithmetic, functions and Sum(i, low, high, body) only",
        "'": "text in quotes has no place here",
        '"': "text in quotes has no place here",
    }
)
_OTHERWISE: Final = "the grammar has names, numbers, + - * / ** ^ ( ) , and w[i]"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: ``kind`` is number, name or operator; ``at`` its offset."""

    kind: str
    text: str
    at: int


def place(text: str, at: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1."""
    line = text.count("\n", 0, at) + 1
    return line, at - (text.rfind("\n", 0, at) + 1) + 1


def syntax_error(text: str, at: int, reason: str, hint: str = "") -> BadSyntax:
    """The error for that place of the text, with a little of what stands there."""
    line, column = place(text, at)
    near = text[at : at + 12].encode("utf-8", "replace").decode("utf-8")
    return BadSyntax(WHAT, reason, line, column, near, hint)


def size_error(text: str, at: int, what: str, *, size: int, limit: int) -> TooLarge:
    """The error for something too large at that place of the text."""
    line, column = place(text, at)
    return TooLarge(what, size, limit, line, column)


def scan(text: str) -> tuple[Token, ...]:
    """The tokens of an expression or of a relation, in an order that is well-formed.

    Raises:
        BadSyntax: a character, a name or an order that the grammar does not have; with line and column.
        TooLarge: over one of the bounds of this module; says which.
    """
    if len(text) > MAX_CHARACTERS:
        what = f"{WHAT}, in characters,"
        raise size_error(text, MAX_CHARACTERS, what, size=len(text), limit=MAX_CHARACTERS)
    tokens = _split(text)
    _check_order(text, tokens)
    return tokens


def _split(text: str) -> tuple[Token, ...]:
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _bad_character(text, at)
        kind = match.lastgroup or ""
        if kind == "number":
            _check_number(text, at, match[0])
        elif kind == "name" and len(match[0]) > MAX_NAME:
            raise size_error(text, at, "name, in characters,", size=len(match[0]), limit=MAX_NAME)
        if kind != "space":
            tokens.append(Token(kind, match[0], at))
        at = match.end()
    return tuple(tokens)


def _bad_character(text: str, at: int) -> BadSyntax:
    character = text[at]
    name = unicodedata.name(character, "")
    shown = repr(character) if character.isprintable() else f"U+{ord(character):04X}"
    described = f" ({name})" if name and not character.isascii() else ""
    return syntax_error(
        text, at, f"{shown}{described} is not in the grammar", _INSTEAD.get(character, _OTHERWISE)
    )


def _check_number(text: str, at: int, number: str) -> None:
    mantissa, _, exponent = number.lower().partition("e")
    digits = len(mantissa.replace(".", ""))
    if digits > MAX_DIGITS:
        raise size_error(text, at, "number, in digits,", size=digits, limit=MAX_DIGITS)
    if len(exponent) > 5 or (exponent and abs(int(exponent)) > MAX_EXPONENT):
        size = int(exponent) if len(exponent) < 16 else 10**15
        raise size_error(text, at, "decimal exponent", size=abs(size), limit=MAX_EXPONENT)


class _Order:
    """Reads the tokens once and knows whether a value or an operator must come next."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.value_next = True
        self.signs = 0
        self.powers = 0
        self.brackets: list[tuple[str, int]] = []
        self.relation = False

    def error(self, token: Token, reason: str, hint: str = "") -> BadSyntax:
        return syntax_error(self.text, token.at, reason, hint)

    def value(self, token: Token, before: Token | None) -> None:
        if not self.value_next:
            left = before.text if before else ""
            raise self.error(
                token, f"an operator is missing between {left!r} and {token.text!r}", "write * for a product"
            )
        self.value_next = False
        self.signs = 0

    def open(self, token: Token, before: Token | None) -> None:
        opener = token.text
        if not self.value_next:
            name = before.text if before is not None and before.kind == "name" else ""
            if not name or (opener == "(" and name not in FUNCTIONS and name != "Sum"):
                raise self._no_function(before or token, opener)
            opener = "call" if opener == "(" else "["
        elif opener == "[":
            raise self.error(token, "'[' follows the name of a series only", "write w[i]")
        self.brackets.append((opener, token.at))
        if len(self.brackets) > MAX_BRACKETS:
            raise size_error(
                self.text, token.at, "nesting of brackets", size=len(self.brackets), limit=MAX_BRACKETS
            )
        self.value_next, self.signs = True, 0

    def _no_function(self, before: Token, opener: str) -> BadSyntax:
        if before.kind != "name" or opener == "[":
            return self.error(
                before, f"an operator is missing between {before.text!r} and {opener!r}", "write *"
            )
        near = ", ".join(near_names(before.text, (*FUNCTIONS, "Sum")))
        meant = f"did you mean {near}? " if near else ""
        name = plain_name(before.text)
        return self.error(before, f"there is no function {name!r}", f"{meant}for a product write {name}*(…)")

    def close(self, token: Token) -> None:
        opener = self.brackets[-1][0] if self.brackets else ""
        if not opener or (opener == "[") != (token.text == "]"):
            raise self.error(token, f"{token.text!r} closes nothing that is open here")
        if self.value_next:
            raise self.error(token, f"a value is missing before {token.text!r}")
        self.brackets.pop()
        self.value_next = False

    def operator(self, token: Token) -> None:
        if self.value_next and token.text in "+-":
            self.signs += 1
            if self.signs > MAX_SIGNS:
                raise size_error(self.text, token.at, "run of signs", size=self.signs, limit=MAX_SIGNS)
            return
        if self.value_next:
            raise self.error(token, f"a value is missing before {token.text!r}")
        if token.text == "," and (not self.brackets or self.brackets[-1][0] != "call"):
            raise self.error(
                token, "a comma stands between the arguments of a function only", "decimals take a point"
            )
        if token.text == "=" and (self.brackets or self.relation):
            raise self.error(token, "a relation has one '=', outside brackets", "write lhs = rhs")
        self.relation = self.relation or token.text == "="
        self.powers += token.text in ("**", "^")
        if self.powers > MAX_POWERS:
            raise size_error(self.text, token.at, "number of powers", size=self.powers, limit=MAX_POWERS)
        self.value_next, self.signs = True, 0

    def end(self) -> None:
        if self.value_next:
            raise syntax_error(self.text, len(self.text), "it ends where a value should follow")
        if self.brackets:
            raise syntax_error(self.text, self.brackets[-1][1], "this bracket is never closed")


def _check_order(text: str, tokens: tuple[Token, ...]) -> None:
    order = _Order(text)
    before: Token | None = None
    for token in tokens:
        if token.kind != "operator":
            order.value(token, before)
        elif token.text in "([":
            order.open(token, before)
        elif token.text in ")]":
            order.close(token)
        else:
            order.operator(token)
        before = token
    order.end()
