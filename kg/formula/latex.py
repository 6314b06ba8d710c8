r"""LaTeX as authors write formulas → our tree: fractions, roots, powers, subscripts, sums, functions.

A small reader of our own over a closed list of commands: nothing is expanded or evaluated, and every name must be
a symbol of the formula. ``N_{\mathrm{par}}`` is ``N_par``, ``\hat{E}`` is ``E_hat``, ``w_i`` under a sum over
``i`` is ``w[i]``; a product needs no sign. What could be read in two ways is refused.
"""

from collections.abc import Collection
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from kg.errors import BadSyntax, TooLarge
from kg.formula import tree
from kg.formula.bounds import check_bounds
from kg.formula.latex_tokens import WHAT, Piece, scan_latex
from kg.formula.names import FUNCTIONS, GREEK
from kg.formula.tokens import MAX_BRACKETS
from kg.formula.tree import Call, Item, Multiply, Name, Negative, Node, Number, Pi, Power, Relation, Sum

_VARIANTS: Final = MappingProxyType(
    {"varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "varrho": "rho", "varsigma": "sigma"}
)
_LETTERS: Final = frozenset(GREEK.values()) | {"ell"}
_UPRIGHT: Final = frozenset(
    ("mathrm", "text", "textrm", "mathit", "mathsf", "mathbf", "mathtt", "operatorname")
)
_ACCENTS: Final = MappingProxyType(
    {"hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde"}
)
_FRACTIONS: Final = frozenset(("frac", "dfrac", "tfrac"))
_TIMES: Final = frozenset(("cdot", "times"))
_CALLS: Final = MappingProxyType(
    {name: name for name in ("exp", "ln", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "min", "max")}
    | {"arcsin": "asin", "arccos": "acos", "arctan": "atan", "sgn": "sign", "sign": "sign"}
    | {name: name for name in ("abs", "ceil", "erf", "erfinv", "floor")}
)
_PAIRS: Final = MappingProxyType(
    {
        "(": ")",
        "[": "]",
        r"\{": r"\}",
        "|": "|",
        r"\lvert": r"\rvert",
        r"\lfloor": r"\rfloor",
        r"\lceil": r"\rceil",
    }
)
_FENCED: Final = MappingProxyType({"|": "abs", r"\lvert": "abs", r"\lfloor": "floor", r"\lceil": "ceil"})
_ENDS: Final = frozenset(
    (")", "]", "}", r"\}", r"\rvert", r"\rfloor", r"\rceil", r"\right", "=", "+", "-", ",", "")
)


def read_latex(text: str, symbols: Collection[str]) -> Node:
    r"""The tree of an expression, or of a relation where there is one ``=``.

    >>> from kg.formula.render import render
    >>> render(read_latex(r"L = E + \frac{A}{N^{\alpha}}", {"L", "E", "A", "N", "alpha"}))
    'L = E + A/N**alpha'

    Raises:
        BadSyntax: it is not in the subset, is ambiguous, or names no symbol of the formula; with its column.
        TooLarge: over a bound of the grammar.
    """
    reader = _Reader(text, symbols)
    found: Node = reader.sum()
    if reader.take("="):
        found = Relation(found, reader.sum())
    if reader.next.text:
        raise reader.error("this cannot stand here")
    check_bounds(text, found)
    return found


class _Reader:
    """Recursive descent over the pieces; ``indices`` are those of the sums around."""

    def __init__(self, text: str, symbols: Collection[str]) -> None:
        self.text = text
        self.symbols = symbols
        self.pieces = scan_latex(text)
        self.place = 0
        self.depth = 0
        self.bars = 0
        self.indices: tuple[str, ...] = ()

    @property
    def next(self) -> Piece:
        return self.pieces[self.place]

    def take(self, *texts: str) -> str:
        """The next piece, where it is one of these."""
        found = self.next.text
        if found and found in texts:
            self.place += 1
            return found
        return ""

    def need(self, text: str) -> None:
        if not self.take(text):
            raise self.error(f"{text!r} is expected here")

    def error(self, reason: str, hint: str = "") -> BadSyntax:
        at = self.next.at
        return BadSyntax(WHAT, reason, 1, at + 1, self.text[at : at + 12], hint)

    def sum(self) -> Node:
        self.depth += 1
        if self.depth > MAX_BRACKETS:
            raise TooLarge("LaTeX, in nested parts,", self.depth, MAX_BRACKETS)
        terms: list[tuple[bool, Node]] = []
        negative = self.take("+", "-") == "-"
        terms.append((negative, self.product()))
        while sign := self.take("+", "-"):
            terms.append((sign == "-", self.product()))
        self.depth -= 1
        if len(terms) > 1:
            return tree.Add(tuple(terms))
        return Negative(terms[0][1]) if negative else terms[0][1]

    def product(self) -> Node:
        factors: list[tuple[bool, Node]] = [(False, self.factor())]
        while self.next.text not in _ENDS and not self._closes_bars():
            inverse = bool(self.take("/"))
            if not inverse:
                self.take("*", r"\cdot", r"\times")
            factors.append((inverse, self.factor()))
        return factors[0][1] if len(factors) == 1 else Multiply(tuple(factors))

    def _closes_bars(self) -> bool:
        return self.next.text == "|" and self.bars > 0

    def factor(self) -> Node:
        """An atom with its power."""
        if self.take("-"):
            return Negative(self.factor())
        base, at = self.atom(), self.place
        if base == Name("e") and "e" not in self.symbols:
            if not self.take("^"):
                self.place = at - 1
                raise self.error("'e' is no symbol of the formula", "write e^{…} or \\exp")
            return Call("exp", (self.group(),))
        if self.take("^"):
            base = self.power(base)
        if self.next.text == "^":
            raise self.error("two powers follow each other", "write braces around the first")
        return base

    def power(self, base: Node) -> Node:
        if self.take("*", r"\ast", r"\star"):
            return self.starred(base)
        if self.next.text == "{" and self.pieces[self.place + 1].text in ("*", r"\ast", r"\star"):
            self.place += 2
            self.need("}")
            return self.starred(base)
        return Power(base, self.group())

    def starred(self, base: Node) -> Node:
        for ending in ("star", "opt"):
            if isinstance(base, Name) and f"{base.name}_{ending}" in self.symbols:
                return Name(f"{base.name}_{ending}")
        raise self.error("a star here is no power")

    def group(self, *, digit: bool = False) -> Node:
        """What one command or script takes: a group in braces, or a single piece; of digits the first alone."""
        if self.take("{"):
            inner = self.sum()
            self.need("}")
            return inner
        if digit and self.next.kind == "number" and self.next.text.isdigit():
            text, at = self.next.text, self.next.at
            self.pieces[self.place : self.place + 1] = [
                Piece(one, "number", at + place) for place, one in enumerate((text[:1], text[1:])) if one
            ]
        if self.next.kind == "number" and len(self.next.text) > 1:
            # TeX takes one digit alone: 2^10 is 2 to the 1, then 0.
            raise self.error("several digits need braces here", "write {10}")
        return self.atom(scripts=False)

    def atom(self, *, scripts: bool = True) -> Node:
        piece = self.next
        if piece.kind == "number":
            self.place += 1
            return Number(Fraction(piece.text.replace("{,}", "")))
        if piece.text == "{":
            return self.braced(scripts=scripts)
        if piece.text in _PAIRS or piece.text == r"\left":
            return self.fenced()
        if piece.kind == "command" and (found := self.command(piece.text[1:])) is not None:
            return found
        return self.named(scripts=scripts)

    def braced(self, *, scripts: bool) -> Node:
        self.need("{")
        inner = self.sum()
        self.need("}")
        if scripts and self.next.text == "_" and isinstance(inner, Name):
            self.place += 1
            return self.with_subscript(inner.name, self.script())
        return inner

    def fenced(self) -> Node:
        sized = bool(self.take(r"\left"))
        opening = self.take(*_PAIRS)
        if not opening:
            raise self.error("a bracket is expected here")
        outside, self.bars = self.bars, self.bars + 1 if opening == "|" else 0
        inner = self.sum()
        self.bars = outside
        if sized:
            self.need(r"\right")
        self.need(_PAIRS[opening])
        function = _FENCED.get(opening)
        return Call(function, (inner,)) if function else inner

    def command(self, name: str) -> Node | None:
        """What a command stands for; None where it begins a name."""
        if name in _FRACTIONS:
            self.place += 1
            above = self.group(digit=True)
            return Multiply(((False, above), (True, self.group(digit=True))))
        if name == "sqrt":
            return self.root()
        if name == "sum":
            return self.total()
        if name == "pi" and "pi" not in self.symbols:
            self.place += 1
            return Pi()
        function = _CALLS.get(name)
        if function is None and name == "operatorname":
            function = self.operator_name()
        elif function is not None:
            self.place += 1
        return None if function is None else self.call(function)

    def operator_name(self) -> str | None:
        at = self.place
        self.place += 1
        name = self.word()
        function = _CALLS.get(name)
        if function is None or name in self.symbols:
            self.place = at
            return None
        return function

    def root(self) -> Node:
        self.place += 1
        degree: Node | None = None
        if self.take("["):
            degree = self.sum()
            self.need("]")
        inner = self.group()
        if degree is None or degree == Number(Fraction(2)):
            return Call("sqrt", (inner,))
        if degree == Number(Fraction(3)):
            return Call("cbrt", (inner,))
        return Power(inner, tree.reciprocal(degree))

    def total(self) -> Node:
        self.place += 1
        self.need("_")
        self.need("{")
        index = self.word_or_letter()
        self.need("=")
        low = self.sum()
        self.need("}")
        self.need("^")
        high = self.group()
        if index in self.indices:
            raise self.error(f"{index!r} runs in the sum around already")
        outside, self.indices = self.indices, (*self.indices, index)
        body = self.product()
        self.indices = outside
        return Sum(index, low, high, body)

    def call(self, function: str) -> Node:
        if self.take("^"):
            raise self.error(
                f"a power on {function} can be read in two ways", "write brackets around the whole"
            )
        base = self.group() if function == "log" and self.take("_") else None
        if function in ("min", "max"):
            return Call(function, self.parts())
        if self.next.text in (r"\left", *_PAIRS, "{"):
            argument = self.braced(scripts=False) if self.next.text == "{" else self.fenced()
        else:
            argument = self.factor()
            if self.next.text not in _ENDS | {"/", "*", *(f"\\{name}" for name in _TIMES)}:
                raise self.error(f"what {function} is of can be read in two ways", "write brackets around it")
        if base is not None:
            return Call("log", (argument, base))
        return Call(function, (argument,))

    def parts(self) -> tuple[Node, ...]:
        sized = bool(self.take(r"\left"))
        opening = self.take("(", r"\{", "[")
        if not opening:
            raise self.error("a list in brackets is expected here")
        parts = [self.sum()]
        while self.take(","):
            parts.append(self.sum())
        if sized:
            self.need(r"\right")
        self.need(_PAIRS[opening])
        least, most = FUNCTIONS["min"]
        if not least <= len(parts) <= most:
            raise self.error(f"a minimum or maximum is of {least} to {most} parts")
        return tuple(parts)

    def named(self, *, scripts: bool) -> Node:
        name, at = self.head(), self.place
        if scripts and self.take("_"):
            return self.with_subscript(name, self.script())
        if name == "e" or name in self.symbols or name in self.indices:
            return Name(name)
        self.place = at - 1
        raise self.error(f"{name!r} is no symbol of the formula")

    def head(self) -> str:
        """A letter, a run of letters that is a symbol, a Greek letter, or a word in upright letters."""
        piece = self.next
        if piece.kind == "letter":
            return self.letters()
        name = piece.text[1:] if piece.kind == "command" else ""
        name = _VARIANTS.get(name, name)
        if name in _LETTERS:
            self.place += 1
            return name
        if name in _ACCENTS:
            self.place += 1
            self.need("{")
            inner = self.head()
            self.need("}")
            return f"{inner}_{_ACCENTS[name]}"
        if name in _UPRIGHT:
            self.place += 1
            return self.word()
        raise self.error(
            "this is not read here", "fractions, roots, powers, subscripts, sums and functions are"
        )

    def letters(self) -> str:
        """The longest run of letters that is a symbol, else the first letter alone."""
        end = self.place
        while self.pieces[end].kind == "letter":
            end += 1
        for stop in range(end, self.place + 1, -1):
            run = "".join(piece.text for piece in self.pieces[self.place : stop])
            is_head = any(symbol == run or symbol.startswith(f"{run}_") for symbol in self.symbols)
            if is_head and len(run) > 1:
                self.place = stop
                return run
        self.place += 1
        return self.pieces[self.place - 1].text

    def word(self) -> str:
        """The plain text in braces; an escaped underscore is one."""
        self.need("{")
        words: list[str] = []
        while self.next.kind in ("letter", "number") or self.next.text in (r"\_", "_"):
            words.append(self.next.text.lstrip("\\"))
            self.place += 1
        self.need("}")
        return "".join(words)

    def word_or_letter(self) -> str:
        return self.head()

    def script(self) -> list[str]:
        """The parts of a subscript between its commas, as text."""
        if not self.take("{"):
            return [self.script_part()]
        parts = [""]
        while not self.take("}"):
            if self.take(","):
                parts.append("")
            else:
                parts[-1] += self.script_part()
        return parts

    def script_part(self) -> str:
        if self.next.kind in ("number", "letter"):
            self.place += 1
            return self.pieces[self.place - 1].text
        return self.head()

    def with_subscript(self, head: str, parts: list[str]) -> Node:
        *before, last = parts
        whole = "_".join((head, *parts))
        for name in (whole, f"{head}_{''.join(parts)}", f"{head}{last}" if not before else whole):
            if name in self.symbols:
                return Name(name)
        series = "_".join((head, *before))
        if last in self.indices and series in self.symbols:
            return Item(series, last)
        self.place -= 1
        raise self.error(f"{whole!r} is no symbol of the formula")
