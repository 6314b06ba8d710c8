"""Text or tree ⇄ sympy, imported here alone. Symbols come from one closed table; no text is evaluated.

``Symbol('N') != Symbol('N', positive=True)``: one table per formula keeps both from meeting.
"""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

import sympy

from kg.errors import BadSyntax
from kg.formula import tree
from kg.formula.grammar import read_expression, read_relation
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
    Sum,
)
from kg.model.formula import Domain

Expression = Any
"""A sympy expression; sympy carries no types."""


class SymbolTable:
    """The closed table of one formula: name → symbol, with what the variable's domain says of it."""

    def __init__(self, domains: Mapping[str, Domain]) -> None:
        """Holds a real symbol for each name; positive, nonnegative or integer where its domain says so."""
        self.symbols = {name: sympy.Symbol(name, **_assumptions(domain)) for name, domain in domains.items()}
        self.series = {name: sympy.IndexedBase(symbol) for name, symbol in self.symbols.items()}

    def index(self, name: str) -> Expression:
        """The symbol that runs in a sum."""
        return sympy.Symbol(name, integer=True)


def _assumptions(domain: Domain) -> dict[str, bool]:
    found = {"real": True}
    if domain.is_positive:
        found["positive"] = True
    elif domain.is_nonnegative:
        found["nonnegative"] = True
    if domain.integer:
        found["integer"] = True
    return found


def parse_expression(text: str, domains: Mapping[str, Domain]) -> Expression:
    """The sympy expression of a text whose names are those of ``domains``.

    >>> parse_expression("6*N*D", {"N": Domain(), "D": Domain()})
    6*D*N

    Raises:
        BadSyntax, TooLarge, UnknownSymbol: as ``kg.formula.grammar.read_expression``.
    """
    return to_sympy(read_expression(text, domains.keys()), SymbolTable(domains))


def parse_relation(text: str, domains: Mapping[str, Domain]) -> Expression:
    """The sympy equation of ``lhs = rhs``; raises as ``parse_expression`` does."""
    relation = read_relation(text, domains.keys())
    table = SymbolTable(domains)
    return sympy.Eq(to_sympy(relation.left, table), to_sympy(relation.right, table), evaluate=False)


def to_sympy(node: Node, table: SymbolTable) -> Expression:
    """The sympy expression of a tree; its bounds were checked when it was read."""
    return _Writer(table).write(node)


def from_sympy(expression: Expression) -> Node:
    """The tree of a sympy expression, so that ``render`` writes it in our grammar.

    Raises:
        BadSyntax: the grammar has no word for a part of it.
    """
    return _read(expression)


class _Writer:
    def __init__(self, table: SymbolTable) -> None:
        self.table = table
        self.indices: dict[str, Expression] = {}

    def write(self, node: Node) -> Expression:
        match node:
            case Number(value=value):
                return sympy.Rational(value.numerator, value.denominator)
            case Pi():
                return sympy.pi
            case Name(name=name):
                return self.indices.get(name) or self.table.symbols[name]
            case Item(name=name, index=index):
                return sympy.Indexed(self.table.series[name], self.indices[index])
            case Negative(operand=operand):
                return -self.write(operand)
            case Power(base=base, exponent=exponent):
                return sympy.Pow(self.write(base), self.write(exponent))
            case Call(function=function, arguments=arguments):
                return _apply(_WRITTEN[function], [self.write(part) for part in arguments])
            case Sum():
                return self.sum(node)
        return self.chain(node)

    def chain(self, node: Node) -> Expression:
        if isinstance(node, Add):
            return sympy.Add(*(-self.write(part) if sign else self.write(part) for sign, part in node.terms))
        if isinstance(node, Multiply):
            return sympy.Mul(
                *(1 / self.write(part) if inverse else self.write(part) for inverse, part in node.factors)
            )
        raise TypeError(f"{type(node).__name__} is no expression")

    def sum(self, node: Sum) -> Expression:
        low, high = self.write(node.low), self.write(node.high)
        index = self.table.index(node.index)
        outside = self.indices
        self.indices = {**outside, node.index: index}
        body = self.write(node.body)
        self.indices = outside
        return sympy.Sum(body, (index, low, high))


def _apply(function: Any, arguments: list[Expression]) -> Expression:
    """The function's value; left standing where sympy stumbles, as over ``asin(sin(10**300))``."""
    try:
        return function(*arguments)
    except (TypeError, AttributeError):
        return function(*arguments, evaluate=False)


def _cbrt(argument: Expression) -> Expression:
    """The real cube root, for negative numbers too; sympy's own is complex there."""
    third = sympy.Rational(1, 3)
    if argument.is_nonnegative:
        return argument**third
    return sympy.sign(argument) * sympy.Abs(argument) ** third


def _logarithm(argument: Expression, base: Expression | None = None) -> Expression:
    return sympy.log(argument) if base is None else sympy.log(argument) / sympy.log(base)


_WRITTEN: Final = MappingProxyType(
    {
        "abs": sympy.Abs,
        "acos": sympy.acos,
        "asin": sympy.asin,
        "atan": sympy.atan,
        "cbrt": _cbrt,
        "ceil": sympy.ceiling,
        "cos": sympy.cos,
        "cosh": sympy.cosh,
        "erf": sympy.erf,
        "erfinv": sympy.erfinv,
        "exp": sympy.exp,
        "floor": sympy.floor,
        "ln": sympy.log,
        "log": _logarithm,
        "log10": lambda argument: _logarithm(argument, sympy.Integer(10)),
        "log2": lambda argument: _logarithm(argument, sympy.Integer(2)),
        # Comparing symbolic arguments pairwise can take seconds; their order is canonical all the same.
        "max": lambda *arguments: sympy.Max(*arguments, evaluate=False),
        "min": lambda *arguments: sympy.Min(*arguments, evaluate=False),
        "sign": sympy.sign,
        "sin": sympy.sin,
        "sinh": sympy.sinh,
        "sqrt": sympy.sqrt,
        "tan": sympy.tan,
        "tanh": sympy.tanh,
    }
)
_READ: Final = MappingProxyType(
    {
        sympy.Abs: "abs",
        sympy.acos: "acos",
        sympy.asin: "asin",
        sympy.atan: "atan",
        sympy.ceiling: "ceil",
        sympy.cos: "cos",
        sympy.cosh: "cosh",
        sympy.erf: "erf",
        sympy.erfinv: "erfinv",
        sympy.exp: "exp",
        sympy.floor: "floor",
        sympy.log: "log",
        sympy.Max: "max",
        sympy.Min: "min",
        sympy.sign: "sign",
        sympy.sin: "sin",
        sympy.sinh: "sinh",
        sympy.tan: "tan",
        sympy.tanh: "tanh",
    }
)


def _read(expression: Expression) -> Node:
    if expression.is_Rational:
        return _read_number(Fraction(int(expression.p), int(expression.q)))
    if expression is sympy.pi:
        return Pi()
    if expression.is_Symbol:
        return Name(expression.name)
    if expression.is_Add:
        return tree.add(*(_read(term) for term in expression.as_ordered_terms()))
    if expression.is_Mul:
        return _read_product(expression)
    return _read_function(expression)


def _read_number(value: Fraction) -> Node:
    if value < 0:
        return Negative(_read_number(-value))
    if _ends(value.denominator):
        return Number(value)
    return tree.divide(Number(Fraction(value.numerator)), Number(Fraction(value.denominator)))


def _ends(denominator: int) -> bool:
    """True where the decimal ends, so that the grammar can write it as one number."""
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return denominator == 1


def _read_product(expression: Expression) -> Node:
    coefficient, rest = expression.as_coeff_Mul()
    above = _read_number(Fraction(abs(int(coefficient.p)), int(coefficient.q)))
    below: list[Node] = []
    for factor in rest.as_ordered_factors():
        # (1/10)**x stays a power: turned over it would be another expression to sympy.
        if factor.is_Pow and factor.exp.could_extract_minus_sign() and not factor.base.is_number:
            below.append(_read(sympy.Pow(factor.base, -factor.exp)))
        else:
            above = tree.multiply(above, _read(factor))
    product = tree.divide(above, tree.multiply(*below)) if below else above
    return _negative(product) if coefficient < 0 else product


def _negative(product: Node) -> Node:
    """The sign stands with the first factor: ``-a*b``."""
    if not isinstance(product, Multiply):
        return Negative(product)
    (_, first), *rest = product.factors
    return Multiply(((False, Negative(first)), *rest))


def _read_function(expression: Expression) -> Node:
    if isinstance(expression, sympy.Indexed):
        return Item(str(expression.base.label), str(expression.indices[0]))
    if isinstance(expression, sympy.Sum):
        body = _read(expression.function)
        for index, low, high in expression.limits:
            body = Sum(index.name, _read(low), _read(high), body)
        return body
    if expression is sympy.E:
        return Call("exp", (tree.ONE,))
    if expression.is_Pow and not isinstance(expression, sympy.exp):
        if expression.exp == sympy.Rational(1, 2):
            return Call("sqrt", (_read(expression.base),))
        return Power(_read(expression.base), _read(expression.exp))
    name = _READ.get(expression.func)
    if name is None:
        raise BadSyntax("expression", f"the grammar has no word for {expression.func.__name__}")
    return Call(name, tuple(_read(argument) for argument in expression.args))
