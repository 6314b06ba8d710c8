"""What the engine says of a query that it cannot read or evaluate, said so that its author can mend it.

The engine reports the furthest place it came to and the rules it tried there, which rarely name the fault.
"""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

from kg.errors import BadInput, BadSyntax, TriviumError
from kg.rdf.tokens import Token, place, position, scan
from kg.store.guard import Facts

_PLACE: Final = re.compile(r"error at (\d+):(\d+): expected (.*)", re.DOTALL)
_SENTENCES: Final = {
    "The SELECT contains a variable that is unbound": (
        "SELECT names a variable that the query does not give",
        "with GROUP BY, name only grouped variables and aggregates",
    ),
    "Duplicated variable name in SELECT": ("SELECT names one variable twice", "rename one of them with AS"),
}
_UNKNOWN_FUNCTION: Final = re.compile(r"custom function <(.*?)> is not supported")


def explain_syntax(
    error: SyntaxError, text: str, facts: Facts, *, prefixes: Mapping[str, str], has_base: bool
) -> BadSyntax:
    """The fault of a query that the engine refuses to parse; ``prefixes`` need no declaration."""
    unknown = _undeclared_prefix(text, {*prefixes, *facts.prefixes})
    if unknown is not None:
        return _unknown_prefix(unknown, text, prefixes)
    relative = None if has_base or facts.has_base else _relative_iri(text)
    if relative is not None:
        line, column = place(text, relative.start)
        hint = "write the IRI in full, or begin the query with BASE <…>"
        return BadSyntax("SPARQL", "a relative IRI has no base", line, column, text=relative.text, hint=hint)
    return _unexpected(str(error), text)


def _unexpected(message: str, text: str) -> BadSyntax:
    match = _PLACE.match(message)
    if match is None:
        return BadSyntax("SPARQL", message or "the query cannot be read")
    line, column = int(match[1]), int(match[2])
    for sentence, (reason, hint) in _SENTENCES.items():
        if sentence in match[3]:
            return BadSyntax("SPARQL", reason, line, column, hint=hint)
    tokens = list(scan(text))
    bracket = _odd_bracket(tokens)
    if bracket is not None and bracket.text in "})]":
        return BadSyntax("SPARQL", f"{bracket.text!r} closes nothing", *place(text, bracket.start))
    start = position(text, line, column)
    token = next((token for token in tokens if token.start + len(token.text) > start), None)
    hint = ""
    if bracket is not None:
        opened = place(text, bracket.start)
        hint = f"{bracket.text!r} of line {opened[0]}, column {opened[1]} is never closed"
    if token is None and (bracket is not None or not tokens):
        return BadSyntax("SPARQL", "the query ends too early", line, column, hint=hint)
    # The engine may come past the last bracket before it gives up: then that one was not expected.
    token = token or tokens[-1]
    return BadSyntax("SPARQL", f"unexpected {token.text[:40]!r}", *place(text, token.start), hint=hint)


def _odd_bracket(tokens: list[Token]) -> Token | None:
    """The first bracket that closes nothing, else the last one that is never closed."""
    partner = {"}": "{", ")": "(", "]": "["}
    stack: list[Token] = []
    for token in tokens:
        if token.text in partner.values():
            stack.append(token)
        elif token.text in partner and (not stack or stack.pop().text != partner[token.text]):
            return token
    return stack[-1] if stack else None


def _undeclared_prefix(text: str, known: set[str]) -> Token | None:
    before = ""
    for token in scan(text):
        if token.kind == "name" and before != "PREFIX" and token.text.partition(":")[0] not in known:
            return token
        before = token.text.upper()
    return None


def _unknown_prefix(token: Token, text: str, prefixes: Mapping[str, str]) -> BadSyntax:
    prefix = token.text.partition(":")[0]
    near = get_close_matches(prefix, prefixes, n=3)
    meant = f"did you mean {' or '.join(f'{name}:' for name in near)}? Else " if near else ""
    line, column = place(text, token.start)
    hint = f"{meant}declare it with PREFIX {prefix}: <…>"
    return BadSyntax(
        "SPARQL", f"prefix {prefix}: is not declared", line, column, text=token.text[:80], hint=hint
    )


def _relative_iri(text: str) -> Token | None:
    return next(
        (
            token
            for token in scan(text)
            if token.kind == "iri" and not re.match(r"<[A-Za-z][A-Za-z0-9+.-]*:", token.text)
        ),
        None,
    )


def explain_evaluation(error: Exception, functions: Iterable[str]) -> TriviumError:
    """What the engine raised while it evaluated, as an error that names the cause."""
    match = _UNKNOWN_FUNCTION.search(str(error))
    if match is None:
        return BadInput(f"the query could not be evaluated: {error}")
    known = sorted(functions)
    near = get_close_matches(match[1], known, n=1)
    hint = (
        f"did you mean <{near[0]}>?"
        if near
        else f"there are {', '.join(f'<{iri}>' for iri in known) or 'none'}"
    )
    return BadInput(f"there is no function <{match[1]}> in this store; {hint}")
