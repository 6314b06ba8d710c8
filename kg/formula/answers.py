"""An answer to an exercise judged against the expressions that its readings expect.

Exact answers are proved or tested, as any two expressions are. A decimal number also counts where it is the
expected value rounded to the digits that it shows; with one digit alone that cannot be told.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from mpmath import nstr

from kg.errors import BadSyntax, UnknownSymbol
from kg.formula.canonical import canonical
from kg.formula.enclosures import NoRealValue, Unclear, enclose, ends
from kg.formula.equivalence import judge
from kg.formula.grammar import read
from kg.formula.names import near_names
from kg.formula.render import number_text, render
from kg.formula.slips import slips
from kg.formula.tree import Name, Node, Number, Relation, children, multiply, names, rebuild, walk
from kg.model.algebra import Verdict
from kg.model.exercise import AnswerVerdict, ExpectedAnswer
from kg.model.formula import Domain

LEAST_DIGITS: Final = 2
"""Significant digits that a rounded answer must show."""

CLOSE: Final = Fraction(1, 20)
"""How far off an answer may be to be called close."""

SHOWN_DIGITS: Final = 20
_LEAD: Final = re.compile(r"\s*(?:≈|~|=|about\s|approximately\s)\s*")
_TIMES: Final = re.compile(r"(?<=[0-9)\s])\s*(?:x|×|times|-?fold)\s*$", re.IGNORECASE)
_PERCENT: Final = re.compile(r"\s*%\s*$")
_DECIMAL: Final = re.compile(r"(?P<sign>[-+]?)(?P<whole>[0-9]*)(?:\.(?P<decimals>[0-9]*))?")
_RANK: Final = {"equal": 0, "undecided": 1, "different": 2}


@dataclass(frozen=True, slots=True)
class _Answer:
    """The answer as it was read: its tree, and by how much it may be off where it is a decimal number."""

    node: Node
    slack: Fraction | None
    digits: int = 0
    symbol: str = ""
    """The left side, where it is ``symbol = …``: then only readings with that symbol count."""


def judge_answer(
    text: str,
    expected: Sequence[ExpectedAnswer],
    givens: Mapping[str, Fraction],
    domains: Mapping[str, Domain],
    *,
    prove: bool = True,
) -> AnswerVerdict:
    """The verdict on an answer, against the readings in their order; the first that it answers counts.

    An answer is an expression, in numbers or in the symbols of the givens; ``3.98x``, ``398 %`` and
    ``k = 3.98`` are read too.

    Raises:
        BadSyntax, TooLarge: it is none of these. UnknownSymbol: a symbol that the exercise does not give.
    """
    answer = _read(text, {one.symbol for one in expected}, givens)
    if answer.symbol:
        expected = [one for one in expected if one.symbol == answer.symbol]
    verdicts = [_against(answer, one, givens, domains, prove=prove) for one in expected]
    best = min(verdicts, key=lambda one: (_RANK[one.verdict], one.how != "proved"))
    if best.verdict == "different":
        part = _part_of(answer, expected, givens)
        return part or replace(best, slip=_slip(answer, expected, givens, domains))
    return best


def _read(text: str, symbols: Collection[str], givens: Mapping[str, Fraction]) -> _Answer:
    text = _LEAD.sub("", text, count=1) if _LEAD.match(text) else text
    times = _TIMES.sub("", text)
    plain = _PERCENT.sub("", times)
    factor = Fraction(1) if plain == times else Fraction(1, 100)
    found, symbol = read(plain), ""
    node = found
    if isinstance(found, Relation):
        if not isinstance(found.left, Name) or found.left.name not in symbols:
            raise BadSyntax("answer", "an expression or a number is expected here", hint="leave out '='")
        node, symbol, plain = found.right, found.left.name, plain.partition("=")[2]
    for name in names(node):
        if name not in givens:
            raise UnknownSymbol(name[:64], tuple(sorted(givens)), near_names(name, givens))
    written = _DECIMAL.fullmatch(plain.strip())
    if written is None:
        return _Answer(node if factor == 1 else multiply(Number(factor), node), None, symbol=symbol)
    sign, whole, decimals = written["sign"], written["whole"], written["decimals"] or ""
    exact = Fraction(f"{sign}{whole or 0}.{decimals or 0}") * factor
    digits = len((whole + decimals).lstrip("0"))
    return _Answer(Number(exact), factor / (2 * 10 ** len(decimals)), digits, symbol)


def _against(
    answer: _Answer,
    expected: ExpectedAnswer,
    givens: Mapping[str, Fraction],
    domains: Mapping[str, Domain],
    *,
    prove: bool,
) -> AnswerVerdict:
    wanted = read(expected.expression)
    general = judge(answer.node, wanted, domains, prove=prove) if names(answer.node) else None
    if general is not None and general.verdict == "equal":
        return _verdict(answer, general, expected, givens)
    node, number = put_in(answer.node, givens), put_in(wanted, givens)
    found = judge(node, number, {}, prove=prove)
    if found.verdict == "different" and answer.slack is not None:
        return _rounded(answer, found, number, expected, givens)
    return _verdict(answer, found, expected, givens)


def _rounded(
    answer: _Answer,
    found: Verdict,
    number: Node,
    expected: ExpectedAnswer,
    givens: Mapping[str, Fraction],
) -> AnswerVerdict:
    low, high = ends(enclose(number, {}))
    slack = answer.slack or Fraction(0)
    least, most = (end for at in (-slack, slack) for end in ends(_number(answer.node) + at)[:1])
    if high < least or low > most:
        return _verdict(answer, found, expected, givens)
    shown = str(nstr((low + high) / 2, 10))
    if answer.digits < LEAST_DIGITS:
        reason = (
            f"{shown} rounded to one digit is {render(answer.node)} too; give at least {LEAST_DIGITS} digits"
        )
        return _verdict(answer, Verdict("undecided", "tested", reason), expected, givens)
    reason = f"it is {shown} rounded to the digits shown, within {float(slack):g}"
    return _verdict(answer, Verdict("equal", "tested", reason), expected, givens, tolerance=float(slack))


def _number(node: Node) -> Fraction:
    return node.value if isinstance(node, Number) else Fraction(0)


def _verdict(
    answer: _Answer,
    found: Verdict,
    expected: ExpectedAnswer,
    givens: Mapping[str, Fraction],
    *,
    tolerance: float | None = None,
) -> AnswerVerdict:
    return AnswerVerdict(
        answer=render(answer.node),
        value=_shown(answer.node, givens),
        verdict=found.verdict,
        how=found.how,
        reason=found.reason,
        reading="" if found.verdict == "different" else expected.name,
        tolerance=tolerance,
        witness=found.witness,
    )


def _shown(node: Node, givens: Mapping[str, Fraction]) -> str:
    try:
        value = enclose(node, givens)
    except (NoRealValue, Unclear):
        return ""
    if isinstance(value, Fraction) and len(text := number_text(value)) <= SHOWN_DIGITS and "/" not in text:
        return text
    low, high = ends(value)
    return str(nstr((low + high) / 2, SHOWN_DIGITS))


def _part_of(
    answer: _Answer, expected: Sequence[ExpectedAnswer], givens: Mapping[str, Fraction]
) -> AnswerVerdict | None:
    """The verdict on what is a step on the way only: a part of an expected expression, with a name of its own."""
    wanted = canonical(put_in(answer.node, givens))
    for one in expected:
        for part in _steps(read(one.expression)):
            if canonical(put_in(part, givens)) == wanted:
                found = judge(
                    put_in(answer.node, givens), put_in(read(one.expression), givens), {}, prove=False
                )
                reason = f"it is {render(part)}, a part of the answer: go on from there"
                verdict = _verdict(answer, found, one, givens)
                return replace(verdict, reason=reason, part=render(part))
    return None


def _slip(
    answer: _Answer,
    expected: Sequence[ExpectedAnswer],
    givens: Mapping[str, Fraction],
    domains: Mapping[str, Domain],
) -> str:
    """What went wrong where the answer is what a common slip gives, or is close; else empty."""
    for one in expected:
        for told, made in slips(read(one.expression)):
            if (
                _against(answer, replace(one, expression=render(made)), givens, domains, prove=False).verdict
                == "equal"
            ):
                return told
    for one in expected if answer.slack is not None else ():
        low, high = ends(enclose(put_in(read(one.expression), givens), {}))
        value = _number(answer.node)
        if all(abs(value - Fraction(float(end))) <= CLOSE * abs(value) for end in (low, high)):
            return f"it is close, within {float(CLOSE):.0%}: compute again, and round at the end only"
    return ""


def _steps(node: Node) -> Iterator[Node]:
    """The parts of an expression that are computed: neither the whole, nor a single name or number."""
    for part in walk(node):
        if part is not node and children(part):
            yield part


def put_in(node: Node, givens: Mapping[str, Fraction]) -> Node:
    """The expression with the given numbers in it."""
    if isinstance(node, Name) and node.name in givens:
        return Number(givens[node.name])
    return rebuild(node, lambda part: put_in(part, givens))
