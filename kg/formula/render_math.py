"""Tree → LaTeX and presentation MathML (https://www.w3.org/TR/mathml-core/), both from one walk over the tree.

Quotients stand as fractions, powers as superscripts, ``k_inf`` with a subscript, ``alpha`` as its letter.
"""

from collections.abc import Sequence
from fractions import Fraction
from html import escape
from typing import Final, Protocol

from kg.formula.names import GREEK
from kg.formula.render import number_text
from kg.formula.tree import (
    Add,
    Call,
    Item,
    Multiply,
    Name,
    Negative,
    Node,
    Number,
    Pi,
    Power,
    Relation,
    Sum,
    children,
)

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(1, 6)
_LETTERS: Final = {name: letter for letter, name in GREEK.items()} | {"pi": "π"}


class Writer(Protocol):
    """The words of one notation; each gives a piece of text out of others."""

    def number(self, value: Fraction) -> str: ...  # noqa: D102
    def letter(self, name: str) -> str: ...  # noqa: D102
    def row(self, pieces: Sequence[str]) -> str: ...  # noqa: D102
    def operator(self, sign: str) -> str: ...  # noqa: D102
    def bracketed(self, inner: str) -> str: ...  # noqa: D102
    def fraction(self, above: str, below: str) -> str: ...  # noqa: D102
    def power(self, base: str, exponent: str) -> str: ...  # noqa: D102
    def subscript(self, base: str, below: str) -> str: ...  # noqa: D102
    def root(self, degree: int, inner: str) -> str: ...  # noqa: D102
    def bars(self, left: str, inner: str, right: str) -> str: ...  # noqa: D102
    def function(self, name: str, base: str, arguments: Sequence[str]) -> str: ...  # noqa: D102
    def total(self, index: str, low: str, high: str, body: str) -> str: ...  # noqa: D102


def render_latex(node: Node) -> str:
    r"""The expression or relation in LaTeX.

    >>> from kg.formula.grammar import read
    >>> render_latex(read("L = E + A/N**alpha"))
    'L = E + \\frac{A}{N^{\\alpha}}'
    """
    return _Printer(_Latex()).whole(node)


def render_mathml(node: Node) -> str:
    """The expression or relation as a ``math`` element.

    >>> from kg.formula.grammar import read
    >>> "<mfrac><mi>A</mi><mi>N</mi></mfrac>" in render_mathml(read("A/N"))
    True
    """
    inner = _Printer(_MathMl()).whole(node)
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mrow>{inner}</mrow></math>'


class _Printer:
    def __init__(self, writer: Writer) -> None:
        self.write = writer

    def whole(self, node: Node) -> str:
        if isinstance(node, Relation):
            return self.write.row([self.whole(node.left), self.write.operator("="), self.whole(node.right)])
        return self.text(node)[0]

    def text(self, node: Node) -> tuple[str, int]:
        """The piece and how tightly it binds."""
        write = self.write
        match node:
            case Number() | Pi() | Name() | Item():
                return self.leaf(node)
            case Negative(operand=operand):
                return write.row([write.operator("-"), self.within(operand, _POWER)]), _SIGN
            case Add(terms=terms):
                return self.sum(terms), _SUM
            case Multiply(factors=factors):
                return self.product(factors)
            case Power(base=base, exponent=exponent):
                return write.power(self.within(base, _ATOM), self.whole(exponent)), _POWER
            case Call():
                return self.call(node)
            case Sum(index=index, low=low, high=high, body=body):
                inner = self.within(body, _PRODUCT)
                return write.total(self.name(index), self.whole(low), self.whole(high), inner), _PRODUCT
        raise TypeError(f"{type(node).__name__} is no expression")

    def leaf(self, node: Number | Pi | Name | Item) -> tuple[str, int]:
        match node:
            case Number(value=value):
                text = number_text(value)
                binding = _PRODUCT if "/" in text else _SIGN if "e" in text or value < 0 else _ATOM
                return self.write.number(value), binding
            case Name(name=name):
                return self.name(name), _ATOM
            case Item(name=name, index=index):
                return self.write.subscript(self.name(name), self.name(index)), _ATOM
        return self.write.letter("pi"), _ATOM

    def name(self, name: str) -> str:
        head, _, tail = name.partition("_")
        if not head or not tail:
            return self.write.letter(name)
        return self.write.subscript(self.write.letter(head), self.write.letter(tail))

    def within(self, node: Node, least: int) -> str:
        text, binding = self.text(node)
        return text if binding >= least else self.write.bracketed(text)

    def sum(self, terms: Sequence[tuple[bool, Node]]) -> str:
        pieces: list[str] = []
        for place, (subtracted, part) in enumerate(terms):
            if place or subtracted:
                pieces.append(self.write.operator("-" if subtracted else "+"))
            pieces.append(self.within(part, _PRODUCT))
        return self.write.row(pieces)

    def product(self, factors: Sequence[tuple[bool, Node]]) -> tuple[str, int]:
        above = [part for inverse, part in factors if not inverse]
        below = [part for inverse, part in factors if inverse]
        if not below:
            return self.times(above), _PRODUCT
        return self.write.fraction(self.times(above), self.times(below)), _PRODUCT

    def times(self, parts: Sequence[Node]) -> str:
        if len(parts) == 1:
            return self.whole(parts[0])
        pieces = [self.within(parts[0], _SIGN)]
        for part in parts[1:]:
            sign = "×" if isinstance(part, Number) else "·"
            pieces += [self.write.operator(sign), self.within(part, _POWER)]
        return self.write.row(pieces)

    def call(self, node: Call) -> tuple[str, int]:
        write, arguments = self.write, [self.whole(part) for part in children(node)]
        match node.function:
            case "sqrt":
                return write.root(2, arguments[0]), _ATOM
            case "cbrt":
                return write.root(3, arguments[0]), _ATOM
            case "abs":
                return write.bars("|", arguments[0], "|"), _ATOM
            case "floor":
                return write.bars("⌊", arguments[0], "⌋"), _ATOM
            case "ceil":
                return write.bars("⌈", arguments[0], "⌉"), _ATOM
            case "log" | "ln" if len(arguments) == 2:
                return write.function("log", arguments[1], arguments[:1]), _POWER
            case "log2" | "log10":
                base = write.number(Fraction(node.function.removeprefix("log")))
                return write.function("log", base, arguments), _POWER
            case "exp":
                return write.power(write.letter("e"), arguments[0]), _POWER
        name = "ln" if node.function == "log" else node.function
        return write.function(name, "", arguments), _POWER


_COMMANDS: Final = {
    "·": r"\cdot",
    "×": r"\times",
    "⌊": r"\lfloor",
    "⌋": r"\rfloor",
    "⌈": r"\lceil",
    "⌉": r"\rceil",
}
_OPERATORS: Final = frozenset(("ln", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "min", "max"))
_ARCS: Final = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "sign": "sgn"}


class _Latex:
    def number(self, value: Fraction) -> str:
        text = number_text(value)
        if "/" in text:
            above, _, below = text.partition("/")
            return self.fraction(above, below)
        digits, _, power = text.partition("e")
        return f"{digits} \\times 10^{{{power}}}" if power else digits

    def letter(self, name: str) -> str:
        if name in _LETTERS:
            return "o" if name == "omicron" else f"\\{name}"
        escaped = name.replace("_", r"\_")
        return escaped if len(name) == 1 or name.isdigit() else f"\\mathrm{{{escaped}}}"

    def row(self, pieces: Sequence[str]) -> str:
        if len(pieces) == 2 and pieces[0] == "-":
            return f"-{pieces[1]}"
        return " ".join(pieces)

    def operator(self, sign: str) -> str:
        return _COMMANDS.get(sign, sign)

    def bracketed(self, inner: str) -> str:
        return f"\\left({inner}\\right)"

    def fraction(self, above: str, below: str) -> str:
        return f"\\frac{{{above}}}{{{below}}}"

    def power(self, base: str, exponent: str) -> str:
        return f"{{{base}}}^{{{exponent}}}" if "^" in base else f"{base}^{{{exponent}}}"

    def subscript(self, base: str, below: str) -> str:
        return f"{{{base}}}_{{{below}}}" if "_" in base else f"{base}_{{{below}}}"

    def root(self, degree: int, inner: str) -> str:
        return f"\\sqrt{{{inner}}}" if degree == 2 else f"\\sqrt[{degree}]{{{inner}}}"

    def bars(self, left: str, inner: str, right: str) -> str:
        return f"\\left{_COMMANDS.get(left, left)} {inner} \\right{_COMMANDS.get(right, right)}"

    def function(self, name: str, base: str, arguments: Sequence[str]) -> str:
        word = _ARCS.get(name, name)
        command = f"\\{word}" if name in _OPERATORS or word.startswith("arc") else f"\\operatorname{{{word}}}"
        below = f"_{{{base}}}" if base else ""
        return f"{command}{below}\\left({', '.join(arguments)}\\right)"

    def total(self, index: str, low: str, high: str, body: str) -> str:
        return f"\\sum_{{{index}={low}}}^{{{high}}} {body}"


class _MathMl:
    def number(self, value: Fraction) -> str:
        text = number_text(value)
        if "/" in text:
            above, _, below = text.partition("/")
            return self.fraction(self._digits(above), self._digits(below))
        digits, _, power = text.partition("e")
        if not power:
            return self._digits(digits)
        ten = self.power("<mn>10</mn>", self._digits(power))
        return self.row([self._digits(digits), self.operator("×"), ten])

    def _digits(self, text: str) -> str:
        if text.startswith("-"):
            return f"<mrow><mo>−</mo><mn>{text[1:]}</mn></mrow>"
        return f"<mn>{text}</mn>"

    def letter(self, name: str) -> str:
        return f"<mn>{name}</mn>" if name.isdigit() else f"<mi>{escape(_LETTERS.get(name, name))}</mi>"

    def row(self, pieces: Sequence[str]) -> str:
        return f"<mrow>{''.join(pieces)}</mrow>" if len(pieces) > 1 else "".join(pieces)

    def operator(self, sign: str) -> str:
        return f"<mo>{'−' if sign == '-' else sign}</mo>"

    def bracketed(self, inner: str) -> str:
        return f"<mrow><mo>(</mo>{inner}<mo>)</mo></mrow>"

    def fraction(self, above: str, below: str) -> str:
        return f"<mfrac>{above}{below}</mfrac>"

    def power(self, base: str, exponent: str) -> str:
        return f"<msup>{base}{exponent}</msup>"

    def subscript(self, base: str, below: str) -> str:
        return f"<msub>{base}{below}</msub>"

    def root(self, degree: int, inner: str) -> str:
        return f"<msqrt>{inner}</msqrt>" if degree == 2 else f"<mroot>{inner}<mn>{degree}</mn></mroot>"

    def bars(self, left: str, inner: str, right: str) -> str:
        return f"<mrow><mo>{left}</mo>{inner}<mo>{right}</mo></mrow>"

    def function(self, name: str, base: str, arguments: Sequence[str]) -> str:
        word = f"<mi>{_ARCS.get(name, name)}</mi>"
        word = self.subscript(word, base) if base else word
        return f"<mrow>{word}<mo>&#x2061;</mo>{self.bracketed('<mo>,</mo>'.join(arguments))}</mrow>"

    def total(self, index: str, low: str, high: str, body: str) -> str:
        start = f"<mrow>{index}<mo>=</mo>{low}</mrow>"
        return f"<mrow><munderover><mo>∑</mo>{start}{high}</munderover>{body}</mrow>"
