"""Tree → one expression of Python, JavaScript or SQL, fully bracketed, so that no precedence can differ."""

import keyword
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kg.errors import Unavailable
from kg.formula import tree
from kg.formula.tree import Add, Call, Item, Multiply, Name, Negative, Node, Number, Pi, Power, Sum, children

_JS_WORDS: Final = frozenset(
    [
        "arguments",
        "await",
        "break",
        "case",
        "catch",
        "class",
        "const",
        "continue",
        "debugger",
        "default",
        "delete",
        "do",
        "else",
        "enum",
        "eval",
        "export",
        "extends",
        "false",
        "finally",
        "for",
        "function",
        "if",
        "implements",
        "import",
        "in",
        "instanceof",
        "interface",
        "let",
        "new",
        "null",
        "package",
        "private",
        "protected",
        "public",
        "return",
        "static",
        "super",
        "switch",
        "this",
        "throw",
        "true",
        "try",
        "typeof",
        "undefined",
        "var",
        "void",
        "while",
        "with",
        "yield",
        "Math",
        "NaN",
        "Infinity",
        "total",
    ]
)
_PYTHON_WORDS: Final = frozenset(
    {*keyword.kwlist, "math", "NormalDist", "range", "float", "max", "min", "abs"}
)


@dataclass(frozen=True, slots=True)
class Language:
    """How one language writes numbers, names, powers, sums and functions."""

    name: str
    functions: Mapping[str, str]
    pi: str
    words: Collection[str]
    """Names that a variable cannot have."""
    number: Callable[[float], str] = repr
    power: str = "({} ** {})"
    item: str = ""
    total: str = ""
    lower: str = ""


_MATH: Final = (
    "acos",
    "asin",
    "atan",
    "cbrt",
    "cos",
    "cosh",
    "exp",
    "log10",
    "log2",
    "sin",
    "sinh",
    "sqrt",
    "tan",
    "tanh",
)

PYTHON: Final = Language(
    "Python",
    MappingProxyType(
        {name: f"math.{name}" for name in (*_MATH, "ceil", "erf", "floor")}
        | {"abs": "abs", "max": "max", "min": "min", "ln": "math.log", "log": "math.log"}
        | {"sign": "math.copysign"}
    ),
    "math.pi",
    _PYTHON_WORDS,
    item="{name}[{index} - 1]",
    total="math.fsum({body} for {index} in range(int({low}), int({high}) + 1))",
)
JAVASCRIPT: Final = Language(
    "JavaScript",
    MappingProxyType(
        {name: f"Math.{name}" for name in (*_MATH, "abs", "ceil", "floor", "max", "min", "sign")}
        | {"ln": "Math.log", "log": "Math.log"}
    ),
    "Math.PI",
    _JS_WORDS,
    power="Math.pow({}, {})",
    item="{name}[{index} - 1]",
    total="total({low}, {high}, ({index}) => {body})",
)
SQL: Final = Language(
    "SQL",
    MappingProxyType(
        {
            name: name.upper()
            for name in ("abs", "acos", "asin", "atan", "cos", "exp", "floor", "sign", "sin", "sqrt", "tan")
        }
        | {"ceil": "CEILING", "ln": "LN", "log": "LN", "max": "GREATEST", "min": "LEAST", "log10": "LOG10"}
    ),
    "3.141592653589793e0",
    frozenset(),
    number=lambda value: text if "e" in (text := repr(value)) else f"{text}e0",
    power="POWER({}, {})",
)


def safe_names(symbols: Iterable[str], language: Language) -> dict[str, str]:
    """Symbol → the name that it has in the language: ``lambda_`` for ``lambda``, quoted in SQL."""
    chosen: dict[str, str] = {}
    for symbol in symbols:
        name = symbol
        while name in language.words or name in chosen.values():
            name += "_"
        chosen[symbol] = f'"{name}"' if language is SQL else name
    return chosen


def render_code(node: Node, language: Language, names: Mapping[str, str]) -> str:
    """The expression in the language; ``names`` are those of its symbols.

    >>> from kg.formula.grammar import read_expression
    >>> render_code(read_expression("A/N**2"), PYTHON, {"A": "A", "N": "N"})
    '(A / (N ** 2.0))'

    Raises:
        Unavailable: the language has no word for a part of it.
    """
    return _Coder(language, dict(names)).text(node)


class _Coder:
    def __init__(self, language: Language, names: dict[str, str]) -> None:
        self.language = language
        self.names = names

    def text(self, node: Node) -> str:
        match node:
            case Number(value=value):
                text = self.language.number(float(value))
                return f"({text})" if value < 0 else text
            case Pi():
                return self.language.pi
            case Name(name=name):
                return self.names[name]
            case Negative() | Add() | Multiply():
                return self.arithmetic(node)
            case Power(base=base, exponent=exponent):
                return self.language.power.format(self.text(base), self.text(exponent))
            case Call():
                return self.call(node)
            case Item(name=name, index=index) if self.language.item:
                return self.language.item.format(name=self.names[name], index=self.names[index])
            case Sum() if self.language.total:
                return self.sum(node)
        raise Unavailable(f"a sum over a series in {self.language.name}", "take Python, JavaScript or LaTeX")

    def arithmetic(self, node: Node) -> str:
        if isinstance(node, Negative):
            return f"(-{self.text(node.operand)})"
        if isinstance(node, Add):
            return self.chain(node.terms, " + ", " - ", "-")
        return self.chain(tree.factor_pairs(node), " * ", " / ", "1.0 / ")

    def chain(self, pairs: Iterable[tuple[bool, Node]], plain: str, other: str, head: str) -> str:
        pieces: list[str] = []
        for flag, part in pairs:
            sign = (other if flag else plain) if pieces else (head if flag else "")
            pieces.append(f"{sign}{self.text(part)}")
        return f"({''.join(pieces)})"

    def sum(self, node: Sum) -> str:
        low, high = self.text(node.low), self.text(node.high)
        outside = self.names
        self.names = {**outside, node.index: next(iter(safe_names([node.index], self.language).values()))}
        index, body = self.names[node.index], self.text(node.body)
        self.names = outside
        return self.language.total.format(low=low, high=high, index=index, body=body)

    def call(self, node: Call) -> str:
        parts = [self.text(part) for part in children(node)]
        function = node.function
        if function in ("log", "ln") and len(parts) == 2:
            word = self.language.functions["log"]
            return f"({word}({parts[0]}) / {word}({parts[1]}))"
        if self.language is SQL and function == "log2":
            return f"(LN({parts[0]}) / LN({self.language.number(2.0)}))"
        if self.language is SQL and function == "cbrt":
            size = self.language.power.format(f"ABS({parts[0]})", "(1e0 / 3e0)")
            return f"(SIGN({parts[0]}) * {size})"
        if self.language is PYTHON and function == "sign":
            return f"float(({parts[0]} > 0) - ({parts[0]} < 0))"
        if self.language is PYTHON and function == "erfinv":
            # The quantile of a normal distribution of variance one half (https://dlmf.nist.gov/7.17#E1).
            return f"NormalDist(sigma=math.sqrt(0.5)).inv_cdf((1.0 + {parts[0]}) / 2.0)"
        word = self.language.functions.get(function, "")
        if not word:
            raise Unavailable(f"{function} in {self.language.name}", "take Python or LaTeX")
        return f"{word}({', '.join(parts)})"
