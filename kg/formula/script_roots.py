"""How a script finds roots again: by the branch of a closed form, in a bracket, or several unknowns together.

What would be written into a script is tried first; a value that a script cannot find to the last digits, because
rounding decides it, stands in it as a number.
"""

import ast
import inspect
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from kg.errors import NotSolvable, TooLarge
from kg.formula.closed import solved_form
from kg.formula.compile import CompiledFormula
from kg.formula.program import NoValue, Program, Value, compile_tree
from kg.formula.roots import near_whole
from kg.formula.tree import Add, Name, Node

BRANCH_TOLERANCE: Final = 1e-9
"""How near, relatively, a branch must come to the value that was taken."""
SAME: Final = 1e-13
"""How near a script must come to the value, relatively."""
DIGITS: Final = (2, 4, 6, 9, 12)
"""Significant digits of where Newton's method begins, fewest first."""

_FAILURES: Final = (NoValue, TooLarge, ArithmeticError, ValueError)


def find_root(relation: Callable[[float], float], low: float, high: float) -> float:
    """Where the relation changes its sign between low and high, to the last digit, by halving."""
    start = relation(low) < 0
    while low < (middle := low + (high - low) / 2) < high:
        if (relation(middle) < 0) == start:
            low = middle
        else:
            high = middle
    return min(low, high, key=lambda x: abs(relation(x)))


def solve_together(relations: Sequence[Callable[..., float]], values: Sequence[float]) -> list[float]:
    """The values near those given at which all relations are zero, by Newton's method with slopes by differences."""
    values, size = list(values), len(relations)
    for _ in range(50):
        rows: list[list[float]] = []
        for relation in relations:
            row = []
            for place, value in enumerate(values):
                step = 1e-6 * abs(value) or 1e-9
                high, low = (
                    relation(*values[:place], value + side, *values[place + 1 :]) for side in (step, -step)
                )
                row.append((high - low) / (2 * step))
            rows.append([*row, -relation(*values)])
        for column in range(size):
            sizes = [max(abs(one) for one in row[:size]) or 1.0 for row in rows]
            weights = [abs(row[column]) / one for row, one in zip(rows, sizes, strict=True)]
            best = max(range(column, size), key=weights.__getitem__)
            if not weights[best]:
                raise ArithmeticError("the relations leave a value open")
            rows[column], rows[best] = rows[best], rows[column]
            for place in range(size):
                if place != column:
                    factor = rows[place][column] / rows[column][column]
                    pairs = zip(rows[place], rows[column], strict=True)
                    rows[place] = [one - factor * two for one, two in pairs]
        changes = [row[size] / row[place] for place, row in enumerate(rows)]
        values = [value + change for value, change in zip(values, changes, strict=True)]
        if all(abs(change) <= 1e-15 * abs(value) for value, change in zip(values, changes, strict=True)):
            break
    return values


def plain_source(function: Callable[..., object]) -> str:
    """The function as a script has it, without annotations."""
    tree = ast.parse(inspect.getsource(function))
    for part in ast.walk(tree):
        if isinstance(part, ast.FunctionDef):
            part.returns = None
        elif isinstance(part, ast.arg):
            part.annotation = None
    return ast.unparse(_WithoutTypes().visit(tree))


class _WithoutTypes(ast.NodeTransformer):
    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """``rows = []`` for ``rows: list[…] = []``."""
        if node.value is None:
            return node
        return ast.copy_location(ast.Assign([node.target], node.value, lineno=node.lineno), node)


def branch_of(
    compiled: CompiledFormula, symbol: str, known: Mapping[str, Value], wanted: float
) -> Node | None:
    """What the symbol equals, where a closed form gives the wanted value for what is known; all in working units."""
    if compiled.output is not None and symbol == compiled.output.symbol:
        return compiled.body
    try:
        form = solved_form(compiled, symbol)
    except NotSolvable:
        return None
    values = [known.get(name) for name in form.symbols]
    for branch, program in zip(form.branches, form.programs, strict=True):
        try:
            value = program.run(values)
        except NoValue:
            continue
        if form.unknown.domain.integer:
            value = near_whole(value)
        if math.isclose(value, wanted, rel_tol=BRANCH_TOLERANCE):
            return branch.value
    return None


def difference_of(compiled: CompiledFormula, symbols: Sequence[str]) -> Program:
    """Output less body, over the symbols."""
    if compiled.output is None:
        raise NotSolvable(compiled.formula.slug, symbols[-1], "it is no relation")
    node = Add(((False, Name(compiled.output.symbol)), (True, compiled.body)))
    return compile_tree(node, symbols)


def bracket_of(
    compiled: CompiledFormula, symbol: str, known: Mapping[str, Value], roots: Sequence[float], wanted: float
) -> tuple[float, float] | None:
    """Round numbers on both sides of the wanted root and of no other, from which it is found; None where it is not."""
    symbols = tuple(name for name in known if name != symbol)
    program = difference_of(compiled, (*symbols, symbol))
    values = [known[name] for name in symbols]
    others = [root for root in roots if not math.isclose(root, wanted, rel_tol=1e-12)]

    def relation(x: float) -> float:
        return program.run([*values, x])

    for low, high in _rounded(wanted):
        if any(low <= other <= high for other in others):
            continue
        try:
            if relation(low) * relation(high) < 0:
                found = find_root(relation, low, high)
                return (low, high) if math.isclose(found, wanted, rel_tol=SAME, abs_tol=1e-300) else None
        except _FAILURES:
            continue
    return None


def starts_of(relations: Sequence[Callable[..., float]], wanted: Sequence[float]) -> list[float] | None:
    """Rounded values from which Newton's method finds those that are wanted; None where it does not."""
    for digits in DIGITS:
        starts = [float(f"{value:.{digits - 1}e}") for value in wanted]
        try:
            found = solve_together(relations, starts)
        except _FAILURES:
            continue
        if all(math.isclose(one, two, rel_tol=SAME) for one, two in zip(found, wanted, strict=True)):
            return starts
    return None


def _rounded(value: float) -> Iterator[tuple[float, float]]:
    """Numbers of one digit, of two … just below and just above the value."""
    if not value:
        yield from ((-size, size) for size in (1.0, 1e-3, 1e-6, 1e-9))
        return
    exponent = math.floor(math.log10(abs(value)))
    for digits in range(13):
        power = digits - exponent
        shifted = value * 10.0**power
        low, high = math.floor(shifted), math.ceil(shifted)
        if low == high:
            low, high = low - 1, high + 1
        yield float(f"{low}e{-power}"), float(f"{high}e{-power}")
