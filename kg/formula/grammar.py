"""Text in our grammar → tree. Python's own parser sees a skeleton only, made of tokens checked before.

Names become ``nnn``, numbers ``111``; what they were is read back from the text by their place. So every name
is just a name (``N E I S Q lambda in``), Python converts no number, and nothing of the text is evaluated.
``^`` means ``**``; ``α`` is read as ``alpha``; decimals are exact.
"""

import ast
from collections.abc import Callable, Collection
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from kg.errors import BadSyntax, UnknownSymbol
from kg.formula import tree
from kg.formula.bounds import check_bounds
from kg.formula.names import FUNCTIONS, RESERVED, near_names, plain_name
from kg.formula.tokens import Token, scan, syntax_error
from kg.formula.tree import Add, Call, Item, Multiply, Name, Negative, Node, Number, Pi, Power, Relation, Sum


def read_expression(text: str, known: Collection[str] | None = None) -> Node:
    """The tree of one expression. With ``known``, its names come from that closed list.

    >>> from kg.formula.render import render
    >>> render(read_expression("A / N^α", {"A", "N", "alpha"}))
    'A/N**alpha'

    Raises:
        BadSyntax: not in the grammar, or a constant part has no real value; with line and column.
        TooLarge: over a bound of the grammar; says which and where.
        UnknownSymbol: a name that is not in ``known``.
    """
    found = read(text, known)
    if isinstance(found, Relation):
        raise syntax_error(text, found.at, "one expression is expected here, not a relation", "leave out '='")
    return found


def read_relation(text: str, known: Collection[str] | None = None) -> Relation:
    """The tree of ``lhs = rhs``; raises as ``read_expression`` does."""
    found = read(text, known)
    if not isinstance(found, Relation):
        raise syntax_error(text, len(text), "a relation is expected here", "write lhs = rhs")
    return found


def read(text: str, known: Collection[str] | None = None) -> Node:
    """The tree of an expression, or of a relation where the text has a ``=``; raises as the others do."""
    tokens = scan(text)
    split = next((at for at, token in enumerate(tokens) if token.text == "="), None)
    found: Node
    if split is None:
        found = _read_side(text, tokens)
    else:
        sides = _read_side(text, tokens[:split]), _read_side(text, tokens[split + 1 :])
        found = Relation(*sides, at=tokens[split].at)
    check_bounds(text, found)
    if known is not None:
        _check_names(found, known)
    return found


def _check_names(found: Node, known: Collection[str]) -> None:
    for name in tree.names(found):
        if name not in known:
            raise UnknownSymbol(name, tuple(sorted(known)), near_names(name, known))


def _read_side(text: str, tokens: tuple[Token, ...]) -> Node:
    skeleton: list[str] = []
    starts: dict[int, Token] = {}
    length = 0
    for token in tokens:
        piece = _skeleton_piece(token)
        starts[length] = token
        skeleton += (piece, " ")
        length += len(piece) + 1
    try:
        parsed = ast.parse("".join(skeleton), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise syntax_error(text, tokens[0].at, "it cannot be read", "write it in simpler parts") from error
    return _Builder(text, starts).build(parsed.body)


def _skeleton_piece(token: Token) -> str:
    if token.kind == "operator":
        return "**" if token.text == "^" else token.text
    return ("n" if token.kind == "name" else "1") * len(token.text)


class _Builder:
    """Builds the tree from the skeleton's syntax tree; ``indices`` are those of the sums around."""

    def __init__(self, text: str, starts: dict[int, Token]) -> None:
        self.text = text
        self.starts = starts
        self.indices: tuple[str, ...] = ()

    def build(self, node: ast.expr) -> Node:
        build = _BUILDERS.get(type(node))
        if build is None:
            raise syntax_error(
                self.text, self.at(node), "this is not in the grammar", "use arithmetic and functions"
            )
        return build(self, node)

    def token(self, node: ast.expr) -> Token:
        return self.starts[node.col_offset]

    def at(self, node: ast.expr) -> int:
        return self.token(node).at

    def error(self, node: ast.expr, reason: str, hint: str = "") -> BadSyntax:
        return syntax_error(self.text, self.at(node), reason, hint)

    def number(self, node: ast.expr) -> Node:
        token = self.token(node)
        return Number(Fraction(token.text), at=token.at)

    def name(self, node: ast.expr) -> Node:
        token = self.token(node)
        name = plain_name(token.text)
        if name == "pi":
            return Pi(at=token.at)
        if name in RESERVED:
            raise self.error(node, f"{name!r} is a function", f"write {name}(…)")
        return Name(name, at=token.at)

    def sign(self, node: ast.expr) -> Node:
        at = self.at(node)
        negative = False
        while isinstance(node, ast.UnaryOp):
            negative ^= isinstance(node.op, ast.USub)
            node = node.operand
        operand = self.build(node)
        return Negative(operand, at=at) if negative and operand != tree.ZERO else operand

    def operation(self, node: ast.expr) -> Node:
        """A chain of the same precedence is read without recursion, so that long sums stay flat."""
        assert isinstance(node, ast.BinOp)  # noqa: S101
        if isinstance(node.op, ast.Pow):
            return Power(self.build(node.left), self.build(node.right), at=self.at(node))
        kinds = (ast.Add, ast.Sub) if isinstance(node.op, ast.Add | ast.Sub) else (ast.Mult, ast.Div)
        chain: list[tuple[bool, ast.expr]] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and isinstance(left.op, kinds):
            chain.append((isinstance(left.op, ast.Sub | ast.Div), left.right))
            left = left.left
        chain.append((False, left))
        parts = [(flag, self.build(part)) for flag, part in reversed(chain)]
        return self._terms(parts, self.at(node)) if ast.Add in kinds else self._factors(parts, self.at(node))

    @staticmethod
    def _terms(parts: list[tuple[bool, Node]], at: int) -> Node:
        terms: list[tuple[bool, Node]] = []
        for subtracted, part in parts:
            if subtracted and isinstance(part, Add):
                terms.append((True, part))
            else:
                terms += [(sign ^ subtracted, term) for sign, term in tree.signed_terms(part)]
        return Add(tuple(terms), at=at)

    @staticmethod
    def _factors(parts: list[tuple[bool, Node]], at: int) -> Node:
        factors: list[tuple[bool, Node]] = []
        for divides, part in parts:
            factors += [(True, part)] if divides else tree.factor_pairs(part)
        return Multiply(tuple(factors), at=at)

    def call(self, node: ast.expr) -> Node:
        assert isinstance(node, ast.Call)  # noqa: S101
        function = plain_name(self.token(node.func).text)
        if function == "Sum":
            return self._sum(node)
        least, most = FUNCTIONS[function]
        if not least <= len(node.args) <= most:
            takes = str(least) if least == most else f"{least} to {most}"
            raise self.error(
                node, f"{function} takes {takes} argument{'s' * (most > 1)}, not {len(node.args)}"
            )
        return Call(function, tuple(self.build(part) for part in node.args), at=self.at(node))

    def _sum(self, node: ast.Call) -> Node:
        hint = "write Sum(i, 1, n, w[i])"
        if len(node.args) != 4 or not isinstance(node.args[0], ast.Name):
            raise self.error(node, "Sum takes an index, two bounds and a body", hint)
        index = plain_name(self.token(node.args[0]).text)
        if index in RESERVED or index in self.indices:
            raise self.error(node.args[0], f"{index!r} cannot be the index here", "use another name")
        low, high = self.build(node.args[1]), self.build(node.args[2])
        outside = self.indices
        self.indices = (*outside, index)
        body = self.build(node.args[3])
        self.indices = outside
        return Sum(index, low, high, body, at=self.at(node))

    def item(self, node: ast.expr) -> Node:
        assert isinstance(node, ast.Subscript)  # noqa: S101
        token = self.token(node.value)
        index = plain_name(self.token(node.slice).text) if isinstance(node.slice, ast.Name) else ""
        if index not in self.indices:
            raise self.error(
                node, "a series is indexed by the index of a sum around it", "write Sum(i, 1, n, w[i])"
            )
        return Item(plain_name(token.text), index, at=token.at)


_BUILDERS: Final = MappingProxyType[type[ast.expr], Callable[[_Builder, ast.expr], Node]](
    {
        ast.Constant: _Builder.number,
        ast.Name: _Builder.name,
        ast.UnaryOp: _Builder.sign,
        ast.BinOp: _Builder.operation,
        ast.Call: _Builder.call,
        ast.Subscript: _Builder.item,
    }
)
