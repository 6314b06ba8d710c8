"""Texts that mean harm: each is refused for its reason, at its place, in a bounded time, and nothing runs."""

import os
import time
from pathlib import Path

import pytest

from kg.errors import BadInput, BadSyntax, TooLarge
from kg.formula.givens import parse_givens
from kg.formula.grammar import read
from kg.formula.numbers import parse_number
from kg.formula.units import UnitTable
from kg.model.quantity import ONE

CPU_LIMIT_S = 0.5
"""Ten times what is promised for one text, so that a busy machine does not fail it."""

HOSTILE = [
    ("code", "__import__('os').system('touch canary')", BadSyntax, 1, 1),
    ("code behind a name", "x + __import__('os')", BadSyntax, 1, 5),
    ("lambda", "(lambda: 1)()", BadSyntax, 1, 8),
    ("attribute", "sin.__class__.__mro__[-1]", BadSyntax, 1, 4),
    ("attribute of a number", "(1).real", BadSyntax, 1, 4),
    ("string", "'a'*10**9", BadSyntax, 1, 1),
    ("f-string", 'f"{open(1)}"', BadSyntax, 1, 2),
    ("call of a call", "exp(1)(2)", BadSyntax, 1, 6),
    ("keyword argument", "exp(x=1)", BadSyntax, 1, 6),
    ("star argument", "exp(*x)", BadSyntax, 1, 5),
    ("double star argument", "exp(**x)", BadSyntax, 1, 5),
    ("comprehension", "[x for x in y]", BadSyntax, 1, 1),
    ("set", "{1, 2}", BadSyntax, 1, 1),
    ("condition", "a if b else c", BadSyntax, 1, 3),
    ("comparison", "a < b", BadSyntax, 1, 3),
    ("walrus", "(a := 1)", BadSyntax, 1, 4),
    ("statement", "a; import os", BadSyntax, 1, 2),
    ("comment", "a # b", BadSyntax, 1, 3),
    ("backslash", "a\\\nb", BadSyntax, 1, 2),
    ("null", "a\x00b", BadSyntax, 1, 2),
    ("bell", "a\x07", BadSyntax, 1, 2),
    ("escape", "a\x1b[31m", BadSyntax, 1, 2),
    ("complex number", "1j", BadSyntax, 1, 2),
    ("octal", "0o7", BadSyntax, 1, 2),
    ("binary", "0b1", BadSyntax, 1, 2),
    ("hex", "0xff", BadSyntax, 1, 2),
    ("underscored number", "1_000", BadSyntax, 1, 2),
    ("factorial", "9!", BadSyntax, 1, 2),
    ("gamma of a number", "gamma(10**9)", BadSyntax, 1, 1),
    ("zero width space", "a\u200b+1", BadSyntax, 1, 2),
    ("right-to-left mark", "a\u200f", BadSyntax, 1, 2),
    ("soft hyphen", "a\u00ad", BadSyntax, 1, 2),
    ("Cyrillic letter", "ехр(x)", BadSyntax, 1, 1),
    ("full-width letter", "Ａ + 1", BadSyntax, 1, 1),
    ("full-width digit", "１", BadSyntax, 1, 1),
    ("Arabic digit", "٣", BadSyntax, 1, 1),
    ("mathematical letter", "𝐱 + 1", BadSyntax, 1, 1),
    ("ligature", "ﬁ", BadSyntax, 1, 1),
    ("combining accent", "a\u0301", BadSyntax, 1, 2),
    ("superscript", "x²", BadSyntax, 1, 2),
    ("micro sign", "µ", BadSyntax, 1, 1),
    ("surrogate", "\ud800", BadSyntax, 1, 1),
    ("no-break space", "a\u00a0+ b", BadSyntax, 1, 2),
    ("power tower", "9**9**9", TooLarge, 1, 1),
    ("power tower of small numbers", "2**2**2**2**2**2", TooLarge, 1, 4),
    ("power of a power", "(10**10)**(10**10)", TooLarge, 1, 1),
    ("root of a tower", "sqrt(9**9**9)", TooLarge, 1, 6),
    ("tower in an exponent", "x**9**9**9", TooLarge, 1, 4),
    ("tower behind a name", "x + 9**9**9", TooLarge, 1, 5),
    ("large power of a name", "x**10000", TooLarge, 1, 1),
    ("large inverse power", "(x + y + z)**(-10**6)", TooLarge, 1, 1),
    ("powers that grow in algebra", "((2*x)**1000)**1000", TooLarge, 1, 2),
    ("logarithm in an exponent", "exp(10**9*log(2))", TooLarge, 1, 1),
    ("the same behind a name", "exp(10**9*(log(2*y) + x))", TooLarge, 1, 16),
    ("the same as a power", "10**(10**9*log10(3*x))", TooLarge, 1, 18),
    ("exponent that cancels", "3**(-10**9*pi/pi)", TooLarge, 1, 1),
    ("smallest number", "exp(-1e6)", TooLarge, 1, 1),
    ("product of large numbers", "*".join(["1e300"] * 9), TooLarge, 1, 1),
    ("bits of a rational", "/".join(["3e59"] * 60), TooLarge, 1, 1),
    ("decimal exponent", "1e1000000000", TooLarge, 1, 1),
    ("decimal exponent that overflows itself", "1e" + "9" * 400, TooLarge, 1, 1),
    ("small decimal exponent", "1e-1000", TooLarge, 1, 1),
    ("run of digits", "1" * 61, TooLarge, 1, 1),
    ("run of signs", "-" * 9 + "x", TooLarge, 1, 9),
    ("20 000 signs", "-" * 20_000 + "x", TooLarge, 1, 2001),
    ("10 MB of digits", "1" * 10_000_000, TooLarge, 1, 2001),
    ("10 MB of hex", "0x" + "f" * 10_000_000, TooLarge, 1, 2001),
    ("10 MB of brackets", "(" * 10_000_000, TooLarge, 1, 2001),
    ("10 MB of spaces", " " * 10_000_000, TooLarge, 1, 2001),
    ("lines of spaces", "\n" * 3000, TooLarge, 2001, 1),
    ("100 000 terms", "+".join(["a"] * 100_000), TooLarge, 1, 2001),
    ("deep brackets", "(" * 61 + "x" + ")" * 61, TooLarge, 1, 61),
    ("deep calls", "exp(" * 61 + "x" + ")" * 61, TooLarge, 1, 244),
    ("many powers", "**".join(["a"] * 70), TooLarge, 1, 182),
    ("many terms", "+".join(["a"] * 401), TooLarge, 1, 1),
    ("long name", "a" * 65, TooLarge, 1, 1),
    ("many arguments", f"max({','.join(['a'] * 61)})", BadSyntax, 1, 1),
    ("Unicode bomb", "é" * 1_000_000, TooLarge, 1, 2001),
]


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "error", "line", "column"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE]
)
def test_hostile_text_is_refused_at_its_place(
    text: str, error: type[BadSyntax | TooLarge], line: int, column: int, empty_folder: Path
) -> None:
    started = time.process_time()
    with pytest.raises(error) as caught:
        read(text)
    assert time.process_time() - started < CPU_LIMIT_S
    assert (caught.value.line, caught.value.column) == (line, column)
    assert f"line {line}, column {column}" in str(caught.value)
    assert len(str(caught.value)) < 400
    assert not os.listdir(empty_folder)  # noqa: PTH208


def test_the_largest_lawful_text_is_read_in_time() -> None:
    text = " + ".join(f"a{number}*x**{number}" for number in range(1, 50))
    started = time.process_time()
    read(text)
    assert time.process_time() - started < CPU_LIMIT_S


NO_NUMBERS = [
    "nan",
    "inf",
    "-inf",
    "Infinity",
    "1e999",
    "1" * 10_000_000,
    "9**9",
    "0x10",
    "1;2",
    "",
    " ",
    "e5",
]


@pytest.mark.parametrize("text", NO_NUMBERS, ids=[text[:12] or "nothing" for text in NO_NUMBERS])
def test_what_is_no_finite_number_is_refused(text: str) -> None:
    started = time.process_time()
    with pytest.raises(BadInput):
        parse_number(text, unit=ONE, units=UnitTable())
    assert time.process_time() - started < CPU_LIMIT_S


@pytest.mark.parametrize("text", ["N=" + "[" * 50_000, "a=1;" * 50_000, "=" * 1000, "N" * 90_000, "N=[1,,2]"])
def test_hostile_givens_are_refused(text: str) -> None:
    started = time.process_time()
    with pytest.raises(BadInput):
        parse_givens(text)
    assert time.process_time() - started < CPU_LIMIT_S
