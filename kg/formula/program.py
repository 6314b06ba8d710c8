"""A tree as a Python function over positional names ``v0, v1, …``: no name of a user ever enters the code.

The code is built as a syntax tree out of arithmetic and a fixed table of functions, never as text.
"""

import ast
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Final

from kg.errors import BadInput, TooLarge
from kg.formula.bounds import constant_value
from kg.formula.functions import MAX_TERMS_IN_ALL, BadBounds, real_function, span
from kg.formula.names import FUNCTIONS
from kg.formula.render import render
from kg.formula.tree import Add, Call, Item, Multiply, Name, Negative, Node, Power, Sum, children, names, walk

Value = float | tuple[float, ...]

MAX_OPERATIONS: Final = 40_000_000
"""Operations that the sums of one run may take: terms times what stands in them."""

_POSITIONAL: Final = re.compile(r"[vi][0-9]+")
_BUDGET: Final = "budget"
GLOBALS: Final = {
    "__builtins__": {},
    **{f"f_{name}": real_function(name) for name in FUNCTIONS},
    "f_float": float,
    "f_span": span,
    "f_total": math.fsum,
}
"""What the code of a function sees: the grammar's functions, and nothing else."""
FAILURES: Final = (ValueError, TypeError, ZeroDivisionError, OverflowError)
"""What arithmetic raises where it has no finite real value."""


class NoValue(ArithmeticError):
    """The expression has no finite real value for these numbers; the text says more where there is more."""


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled expression; ``function`` takes the values of ``symbols`` in order."""

    symbols: tuple[str, ...]
    function: Callable[..., float]
    has_sums: bool
    terms: int = MAX_TERMS_IN_ALL
    """Terms that all sums of one run may have; fewer, the longer the expression is."""

    def run(self, values: Sequence[Value | None], left: list[int] | None = None) -> float:
        """The expression's value. Runs that share ``left``, ``[terms, terms]``, share that many terms.

        Raises:
            NoValue: it has none that is finite and real. TooLarge: its sums have too many terms.
        """
        try:
            result = (
                self.function(*values, left or [self.terms, self.terms])
                if self.has_sums
                else self.function(*values)
            )
        except TooLarge:
            raise
        except FAILURES as error:
            raise NoValue(str(error) if isinstance(error, BadBounds) else "") from error
        if type(result) is not float or result - result != 0:
            raise NoValue
        return result + 0.0

    def of_last(self, values: Sequence[Value]) -> Callable[[float], float | None]:
        """The expression as a function of its last symbol, the others being ``values``; None where it has none.

        For expressions without sums.
        """
        function = self.function

        def run(x: float) -> float | None:
            try:
                result = function(*values, x)
            except FAILURES:
                return None
            return result + 0.0 if type(result) is float and result - result == 0 else None

        return run


def compile_tree(node: Node, symbols: Sequence[str]) -> Program:
    """The program of an expression whose variables and series are all among ``symbols``.

    >>> from kg.formula.grammar import read_expression
    >>> compile_tree(read_expression("6*N*D"), ["N", "D"]).run([2.0, 3.0])
    36.0
    """
    positions = {symbol: f"v{place}" for place, symbol in enumerate(symbols)}
    terms = budget_of([node])
    body = Code(positions).expression(node)
    expression = ast.Expression(ast.Lambda(arguments_of(positions, with_budget=terms > 0), body))
    module = compile(ast.fix_missing_locations(expression), "<formula>", "eval")
    code = next(constant for constant in module.co_consts if isinstance(constant, CodeType))
    return Program(tuple(symbols), FunctionType(code, dict(GLOBALS)), terms > 0, terms)


def budget_of(nodes: Sequence[Node]) -> int:
    """Terms that the sums of these expressions may have in one run; 0 where they have no sums."""
    size = sum(1 for node in nodes for _ in walk(node))
    has_sums = any(isinstance(part, Sum) for node in nodes for part in walk(node))
    return min(MAX_TERMS_IN_ALL, max(1, MAX_OPERATIONS // size)) if has_sums else 0


def arguments_of(positions: Mapping[str, str], *, with_budget: bool) -> ast.arguments:
    """The parameters of a function over positional names."""
    parameters = [*positions.values(), *([_BUDGET] if with_budget else [])]
    return ast.arguments([], [ast.arg(name) for name in parameters], None, [], [], None, [])


class Code:
    """Translates a tree; ``positions`` maps symbols, and inside sums their indices, to positional names."""

    def __init__(self, positions: dict[str, str]) -> None:
        self.positions = positions
        self.indices = 0

    def expression(self, node: Node) -> ast.expr:
        """The code of a part."""
        constant = _constant(node)
        if constant is not None:
            return ast.Constant(constant)
        match node:
            case Name(name=name):
                position = self.name(name)
                return position if position.id.startswith("v") else _call("f_float", position)
            case Item(name=name, index=index):
                place = ast.BinOp(self.name(index), ast.Sub(), ast.Constant(1))
                return ast.Subscript(self.name(name), place, ast.Load())
            case Negative(operand=operand):
                return ast.UnaryOp(ast.USub(), self.expression(operand))
            case Power(base=base, exponent=exponent):
                return ast.BinOp(self.expression(base), ast.Pow(), self.expression(exponent))
            case Call(function=function, arguments=arguments):
                return _call(f"f_{function}", *(self.expression(part) for part in arguments))
            case Sum():
                return self.sum(node)
        return self.chain(node)

    def name(self, name: str) -> ast.Name:
        """The positional name of a variable, a series or an index."""
        position = self.positions[name]
        if not _POSITIONAL.fullmatch(position):
            raise ValueError(f"{position!r} is no positional name")
        return ast.Name(position, ast.Load())

    def chain(self, node: Node) -> ast.expr:
        """The code of a sum of terms or a product of factors, from left to right."""
        if isinstance(node, Add):
            (negative, first), *rest = node.terms
            operators: tuple[ast.operator, ast.operator] = (ast.Add(), ast.Sub())
        elif isinstance(node, Multiply):
            (negative, first), *rest = node.factors
            operators = (ast.Mult(), ast.Div())
        else:
            raise TypeError(f"{type(node).__name__} is no expression")
        result = self.expression(first)
        if negative:
            result = ast.UnaryOp(ast.USub(), result)
        for flag, part in rest:
            result = ast.BinOp(result, operators[flag], self.expression(part))
        return result

    def sum(self, node: Sum) -> ast.expr:
        """The code of a sum over an index."""
        low, high = self.expression(node.low), self.expression(node.high)
        position = f"i{self.indices}"
        self.indices += 1
        outside = self.positions
        self.positions = {**outside, node.index: position}
        used = dict.fromkeys(
            part.name for part in walk(node.body) if isinstance(part, Item) and part.index == node.index
        )
        series = ast.Tuple([self.name(name) for name in used], ast.Load())
        terms = ast.GeneratorExp(
            self.expression(node.body),
            [
                ast.comprehension(
                    ast.Name(position, ast.Store()),
                    _call("f_span", ast.Name(_BUDGET, ast.Load()), low, high, series),
                    [],
                    0,
                )
            ],
        )
        self.positions = outside
        return _call("f_total", terms)


def _call(function: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(function, ast.Load()), list(arguments), [])


def _constant(node: Node) -> float | None:
    """The double of a constant part; None where it has variables, or no value (then running it says so)."""
    try:
        value = constant_value(node)
    except BadInput:
        return None
    return None if value is None else float(value)


def explain_failure(node: Node, symbols: Sequence[str], values: Sequence[Value | None]) -> str:
    """Says which innermost part has no finite real value, and for which numbers."""
    if not isinstance(node, Sum):
        for part in children(node):
            if _failure(part, symbols, values) is not None:
                return explain_failure(part, symbols, values)
    text = render(node)
    reason = _failure(node, symbols, values)
    if reason:
        return f"in {text}, {reason}"
    known = {name: value for name, value in zip(symbols, values, strict=True) if isinstance(value, float)}
    shown = ", ".join(f"{name} = {known[name]:.10g}" for name in names(node) if name in known)
    return f"{text}{f' with {shown}' if shown else ''} has no finite real value"


def _failure(node: Node, symbols: Sequence[str], values: Sequence[Value | None]) -> str | None:
    """What the failure has to say; None where there is none."""
    try:
        compile_tree(node, symbols).run(values)
    except NoValue as error:
        return str(error)
    return None
