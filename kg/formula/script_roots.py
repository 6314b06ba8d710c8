"""What a script needs to find a root: the branch of a closed form, or a bracket, and the functions to go on from it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from kg.errors import NotSolvable
from kg.formula.closed import solved_form
from kg.formula.compile import CompiledFormula
from kg.formula.program import NoValue, Value, compile_tree
from kg.formula.roots import near_whole
from kg.formula.tree import Add, Name, Node

BRANCH_TOLERANCE: Final = 1e-9
"""How near, relatively, a branch must come to the value that was taken."""

FIND_ROOT: Final = '''

def find_root(relation, low, high):
    """Where the relation changes its sign between low and high, to the last digit, by halving."""
    start = relation(low) < 0
    while low < (middle := low + (high - low) / 2) < high:
        if (relation(middle) < 0) == start:
            low = middle
        else:
            high = middle
    return min(low, high, key=lambda x: abs(relation(x)))
'''
SOLVE_TOGETHER: Final = '''

def solve_together(relations, values):
    """The values at which all relations are zero, near those given, by Newton's method with slopes by differences."""
    for _ in range(50):
        rows = []
        for relation in relations:
            row = []
            for place, value in enumerate(values):
                step = 1e-6 * abs(value) or 1e-9
                ends = [[*values[:place], value + side, *values[place + 1:]] for side in (step, -step)]
                row.append((relation(*ends[0]) - relation(*ends[1])) / (2 * step))
            rows.append([*row, -relation(*values)])
        size = len(rows)
        for column in range(size):
            sizes = [max(abs(one) for one in row[:size]) for row in rows]
            best = max(range(column, size), key=lambda place: abs(rows[place][column]) / sizes[place])
            rows[column], rows[best] = rows[best], rows[column]
            for place in range(size):
                if place != column:
                    factor = rows[place][column] / rows[column][column]
                    rows[place] = [one - factor * two for one, two in zip(rows[place], rows[column])]
        changes = [row[size] / row[place] for place, row in enumerate(rows)]
        values = [value + change for value, change in zip(values, changes)]
        if all(abs(change) <= 1e-15 * abs(value) for value, change in zip(values, changes)):
            break
    return values
'''


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


def bracket_of(
    compiled: CompiledFormula, symbol: str, known: Mapping[str, Value], roots: Sequence[float], wanted: float
) -> tuple[float, float] | None:
    """Round numbers on both sides of the wanted root and of no other; None where the relation changes no sign there."""
    if compiled.output is None:
        return None
    symbols = tuple(name for name in known if name != symbol)
    difference = Add(((False, Name(compiled.output.symbol)), (True, compiled.body)))
    program = compile_tree(difference, (*symbols, symbol))
    values = [known[name] for name in symbols]
    others = [root for root in roots if not math.isclose(root, wanted, rel_tol=1e-12)]
    for low, high in _rounded(wanted):
        if any(low <= other <= high for other in others):
            continue
        try:
            ends = program.run([*values, low]), program.run([*values, high])
        except NoValue:
            continue
        if ends[0] * ends[1] < 0:
            return low, high
    return None


def _rounded(value: float) -> Iterator[tuple[float, float]]:
    """Numbers of one digit, of two … just below and just above the value."""
    if not value:
        yield from ((-size, size) for size in (1.0, 1e-3, 1e-6, 1e-9))
        return
    exponent = math.floor(math.log10(abs(value)))
    for digits in range(13):
        power = digits - exponent
        scaled = value * 10.0**power
        low, high = math.floor(scaled), math.ceil(scaled)
        if low == high:
            low, high = low - 1, high + 1
        yield float(f"{low}e{-power}"), float(f"{high}e{-power}")


def two_digits(value: float) -> float:
    """The value with two significant digits, where Newton's method may begin."""
    return float(f"{value:.1e}")
