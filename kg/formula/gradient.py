"""The partial derivatives of a formula's output by its inputs: one function, compiled once per formula and kept.

The values of a series count as inputs of their own, ``w[1]``, ``w[2]``: sums over them are written out first.
Partials are those of the formula's program, in working units.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from kg.errors import BadInput, NoClosedForm, TooLarge
from kg.formula import tree
from kg.formula.bounds import constant_value
from kg.formula.bundle import Bundle, compile_bundle
from kg.formula.compile import CompiledFormula
from kg.formula.derivative import derivative, kinks
from kg.formula.program import NoValue, Program, Value, compile_tree
from kg.formula.tree import Call, Item, Name, Node, Number, Sum, names, rebuild, walk
from kg.formula.unroll import unrolled

MAX_FLAT: Final = 64
"""Inputs, values of series included, that have a partial each."""

MAX_SIZE: Final = 20_000
"""Parts that all partials of a formula may have together."""

MAX_KEPT: Final = 64
"""Derived things that are kept with one compiled formula."""


@dataclass(frozen=True, slots=True, eq=False)
class Flat:
    """A formula over single numbers: series opened into their values, short sums written out.

    ``places`` has for each of ``symbols`` the input's place in the formula's program, and which value of a series
    it is, -1 for a single number.
    """

    symbols: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    tree: Node
    program: Program
    fixed: Mapping[str, str]
    """Symbol → why nothing can be said of its change."""
    steps: frozenset[str]
    """Symbols that stand where the formula has kinks or steps."""
    kept: dict[object, object]
    """What was derived once: the partials, programs over arrays."""

    def values(self, values: Sequence[Value]) -> list[Value]:
        """The values of the program's symbols, flat."""
        return [
            value[item] if item >= 0 and isinstance(value := values[place], tuple) else values[place]
            for place, item in self.places
        ]

    def run(self, values: Sequence[Value]) -> float | None:
        """The output for flat values; None where it has none."""
        try:
            return self.program.run(values)
        except NoValue:
            return None


@dataclass(frozen=True, slots=True, eq=False)
class Gradient:
    """The partials of a flat formula by its symbols, as trees and as one function of all."""

    trees: tuple[Node | None, ...]
    """None where there is none in one form."""
    bundle: Bundle
    single: dict[int, Program]

    def run(self, values: Sequence[Value]) -> tuple[float | None, ...]:
        """The partials at flat values; None where there is none."""
        try:
            found = self.bundle.run(values)
        except NoValue:
            return tuple(self._alone(place, values) for place in range(len(self.trees)))
        if len(found) == len(self.trees):
            return found
        rest = iter(found)
        return tuple(None if node is None else next(rest) for node in self.trees)

    def _alone(self, place: int, values: Sequence[Value]) -> float | None:
        node = self.trees[place]
        if node is None:
            return None
        program = self.single.get(place)
        if program is None:
            program = self.single[place] = compile_tree(node, self.bundle.symbols)
        try:
            return program.run(values)
        except NoValue:
            return None


def flat_formula(compiled: CompiledFormula, values: Sequence[Value]) -> Flat:
    """The formula over single numbers, for series as long as those of ``values``, the program's inputs in order."""
    symbols = compiled.program.symbols
    bounding = _kept_bounding(compiled)
    key = (
        "flat",
        *(
            len(value) if isinstance(value, tuple) else value if symbol in bounding else 0
            for symbol, value in zip(symbols, values, strict=True)
        ),
    )
    kept = compiled.kept.get(key)
    if isinstance(kept, Flat):
        return kept
    flat = _flatten(compiled, dict(zip(symbols, values, strict=True)), bounding)
    if len(compiled.kept) < MAX_KEPT:
        compiled.kept[key] = flat
    return flat


def _flatten(compiled: CompiledFormula, values: Mapping[str, Value], bounding: Mapping[str, None]) -> Flat:
    lengths = {name: len(value) for name, value in values.items() if isinstance(value, tuple)}
    opens = sum(lengths.values()) + len(values) - len(lengths) <= MAX_FLAT
    node = opened(compiled.body, values) if lengths and opens else compiled.body
    closed = {part.name for part in walk(node) if isinstance(part, Item)}
    fixed = dict.fromkeys(bounding, "a whole number that bounds a sum has no change in small")
    fixed |= dict.fromkeys(closed, f"it is a series of more than {MAX_FLAT} values")
    symbols: list[str] = []
    places: list[tuple[int, int]] = []
    for place, name in enumerate(compiled.program.symbols):
        is_open = name in lengths and name not in closed
        for item in range(lengths[name]) if is_open else (-1,):
            symbols.append(item_symbol(name, item + 1) if is_open else name)
            places.append((place, item))
    steps = frozenset(symbol for symbol in names(node) if kinks(node, symbol))
    return Flat(tuple(symbols), tuple(places), node, compile_tree(node, symbols), fixed, steps, {})


def item_symbol(name: str, place: int) -> str:
    """How a value of a series is named: ``w[1]``."""
    return f"{name}[{place}]"


def _kept_bounding(compiled: CompiledFormula) -> dict[str, None]:
    found = compiled.kept.get("bounding")
    if found is None:
        found = compiled.kept["bounding"] = _bounding(compiled.body)
    return found  # type: ignore[return-value]  # this key holds nothing else


def _bounding(node: Node) -> dict[str, None]:
    """Names that bound a sum."""
    sums = [part for part in walk(node) if isinstance(part, Sum)]
    return dict.fromkeys(name for one in sums for end in (one.low, one.high) for name in names(end))


def opened(node: Node, values: Mapping[str, Value]) -> Node:
    """The tree with its sums as their terms, where their bounds are known and not far apart."""
    if not isinstance(node, Sum):
        return rebuild(node, lambda part: opened(part, values))
    low, high = (_number(_put(end, values)) for end in (node.low, node.high))
    written = unrolled(
        Sum(node.index, low, high, node.body),
        values,
        lambda part: part,
        lambda name, place: Name(item_symbol(name, place)),
    )
    return node if isinstance(written, Sum) else rebuild(written, lambda part: opened(part, values))


def _put(node: Node, values: Mapping[str, Value]) -> Node:
    value = values.get(node.name) if isinstance(node, Name) else None
    if isinstance(value, float):
        return Number(Fraction(value))
    return rebuild(node, lambda part: _put(part, values))


def _number(node: Node) -> Node:
    """The node as one number, where it is one."""
    try:
        value = constant_value(node)
    except BadInput:
        value = None
    return node if value is None else Number(Fraction(value))


def gradient_of(flat: Flat) -> Gradient:
    """The partials of a flat formula, derived once."""
    kept = flat.kept.get("gradient")
    if isinstance(kept, Gradient):
        return kept
    smooth = _without_extremes(flat.tree)
    trees: list[Node | None] = []
    size = 0
    for symbol in flat.symbols:
        try:
            found = None if symbol in flat.fixed else derivative(smooth, symbol)
        except NoClosedForm:
            found = None
        size += 0 if found is None else sum(1 for _ in walk(found))
        if size > MAX_SIZE:
            raise TooLarge("partial derivatives, in terms and operations,", size, MAX_SIZE)
        trees.append(found)
    bundle = compile_bundle([node for node in trees if node is not None], flat.symbols)
    gradient = Gradient(tuple(trees), bundle, {})
    flat.kept["gradient"] = gradient
    return gradient


def _without_extremes(node: Node) -> Node:
    """The same with ``max(a, b)`` as ``(a + b + |a - b|)/2``, whose derivative is that of the greater one."""
    node = rebuild(node, _without_extremes)
    if not isinstance(node, Call) or node.function not in ("min", "max"):
        return node
    result, *others = node.arguments
    for other in others:
        apart = Call("abs", (tree.add(result, tree.negate(other)),))
        apart_signed: Node = tree.negate(apart) if node.function == "min" else apart
        result = tree.divide(tree.add(result, other, apart_signed), Number(Fraction(2)))
    return result
