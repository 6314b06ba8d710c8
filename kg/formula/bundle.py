"""Several expressions over the same symbols as one Python function: what they share is computed once."""

import ast
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import CodeType, FunctionType

from kg.errors import TooLarge
from kg.formula.program import FAILURES, GLOBALS, Code, NoValue, Value, arguments_of, budget_of
from kg.formula.tree import Item, Name, Node, Number, Pi, Sum, children

Outcome = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Compiled expressions; ``function`` takes the values of ``symbols`` in order and gives a tuple of floats."""

    symbols: tuple[str, ...]
    function: Callable[..., Outcome]
    terms: int
    """Terms that all sums of one run may have; 0 where there are no sums."""

    def run(self, values: Sequence[Value]) -> Outcome:
        """The value of each expression.

        Raises:
            NoValue: one of them has none that is finite and real, or all together exceed the doubles.
            TooLarge: a sum has too many terms.
        """
        try:
            found = self.function(*values, [self.terms, self.terms]) if self.terms else self.function(*values)
            total = sum(found, 0.0)
        except TooLarge:
            raise
        except FAILURES as error:
            raise NoValue from error
        # What is not finite or not real makes the sum so; a sum of finite ones that overflows is rare enough.
        if type(total) is not float or total - total != 0:
            raise NoValue
        return found


def compile_bundle(nodes: Sequence[Node], symbols: Sequence[str]) -> Bundle:
    """The function of expressions whose variables and series are all among ``symbols``.

    >>> from kg.formula.grammar import read_expression
    >>> compile_bundle([read_expression("x**2"), read_expression("x**2 + y")], ["x", "y"]).run([3.0, 1.0])
    (9.0, 10.0)
    """
    positions = {symbol: f"v{place}" for place, symbol in enumerate(symbols)}
    terms = budget_of(nodes)
    code = _SharingCode(positions, nodes)
    results = [code.expression(node) for node in nodes]
    body: list[ast.stmt] = [*code.lines, ast.Return(ast.Tuple(results, ast.Load()))]
    arguments = arguments_of(positions, with_budget=terms > 0)
    function = ast.FunctionDef(name="bundle", args=arguments, body=body, decorator_list=[])
    module = compile(ast.fix_missing_locations(ast.Module([function], [])), "<formula>", "exec")
    found = next(constant for constant in module.co_consts if isinstance(constant, CodeType))
    return Bundle(tuple(symbols), FunctionType(found, dict(GLOBALS)), terms)


class _SharingCode(Code):
    """Translates trees; a part that stands more than once, outside sums, gets a line of its own."""

    def __init__(self, positions: dict[str, str], nodes: Sequence[Node]) -> None:
        super().__init__(positions)
        self.lines: list[ast.stmt] = []
        self.named: dict[Node, str] = {}
        self.inside = 0
        counts: Counter[Node] = Counter()
        for node in nodes:
            _count(node, counts)
        self.shared = {node for node, count in counts.items() if count > 1}

    def expression(self, node: Node) -> ast.expr:
        if self.inside or node not in self.shared:
            return super().expression(node)
        known = self.named.get(node)
        if known is None:
            value = super().expression(node)
            if isinstance(value, ast.Constant):
                return value
            known = self.named[node] = f"t{len(self.named)}"
            self.lines.append(ast.Assign([ast.Name(known, ast.Store())], value))
        return ast.Name(known, ast.Load())

    def sum(self, node: Sum) -> ast.expr:
        self.inside += 1
        result = super().sum(node)
        self.inside -= 1
        return result


def _count(node: Node, counts: "Counter[Node]") -> None:
    """Counts the parts that take work; the parts of one that was met before stand in it, and only there."""
    if isinstance(node, Name | Number | Item | Pi):
        return
    counts[node] += 1
    if counts[node] == 1 and not isinstance(node, Sum):
        for part in children(node):
            _count(part, counts)
