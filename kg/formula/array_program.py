"""A tree as a program over arrays: in blocks that fit the cache, with the answers of the program of single values.

A block that makes an exception (overflow, a zero divisor, a logarithm of nothing, a value out of its domain) is
computed again in the plain order, then in smaller pieces, then point by point: a point fails where the program of
single values fails. Only a product that is within the doubles in one order and not in another may have a value
here and none there.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kg.formula.array_code import OnlyPointwise, plain_code
from kg.formula.array_fast import fast_code
from kg.formula.array_power import Scratch, tables_pay
from kg.formula.array_tape import Array, Extent, Leave, Tables, Tape, extent, lay_out
from kg.formula.program import NoValue, Value, compile_tree
from kg.formula.signs import is_nonnegative, is_positive
from kg.formula.tree import Add, Call, Multiply, Node, Number, names, walk
from kg.model.formula import Domain

BLOCK: Final = 16_384
"""Doubles of a block: a few of them fit a second-level cache."""

MEMORY: Final = 2_000_000
"""Bytes that a run takes beyond its output, at most."""

FEW: Final = 4_096
"""Points up to which only the plain order is taken: their numbers are those of single values to the last digit, but
for what the functions of NumPy and of Python differ in."""

TABLED: Final = 65_536
"""Points from which on a table of powers pays."""

PIECE: Final = 256
"""Points of a block that are tried together before each is tried alone."""


EXCEPTING: Final = frozenset({"abs", "exp", "ln", "log", "max", "min", "sqrt"})
"""Functions that make an exception of the processor wherever they have no finite value."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What an array program is made for: ``varying`` symbols come as arrays, in their own units.

    Values of the other symbols come in working units, as for :class:`kg.formula.program.Program`. ``scales`` lead
    from the unit of a varying symbol to working units; the result is divided by ``output_scale``, held to
    ``output``, then multiplied by ``shown_scale``.
    """

    varying: tuple[str, ...]
    domains: Mapping[str, Domain] = field(default_factory=dict)
    scales: Mapping[str, float] = field(default_factory=dict)
    output: Domain = field(default_factory=Domain)
    output_scale: float = 1.0
    shown_scale: float = 1.0
    by_table: bool = field(default_factory=tables_pay)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The value at each point, 0 where there is none; ``failed`` holds the places of those points, ascending."""

    values: Array
    failed: NDArray[np.int64]


class ArrayProgram:
    """An expression over arrays of values, compiled once; safe to share between threads."""

    def __init__(self, node: Node, symbols: Sequence[str], layout: Layout) -> None:
        """Compiles the node over ``symbols``, whose values :meth:`run` takes in this order."""
        self.symbols = tuple(symbols)
        self.layout = layout
        self.program = compile_tree(node, symbols)
        self.places = tuple(self.symbols.index(name) for name in layout.varying)
        self.domains = tuple(layout.domains.get(name, Domain()) for name in layout.varying)
        self.scales = tuple(layout.scales.get(name, 1.0) for name in layout.varying)
        shown = _shown(node, layout)
        self.tapes = self._lay_out(shown)
        self.is_sure = _is_sure(shown, layout)
        """True where the fast tape gives nothing outside the output's domain unless it makes an exception."""

    def _lay_out(self, node: Node) -> tuple[Tape, ...]:
        """The fast tape and the plain one; none where only single points can be computed."""
        layout = self.layout
        inputs = {name: place for place, name in enumerate(layout.varying)}
        try:
            codes = (
                fast_code(
                    _spread(node, layout), inputs, layout.scales, layout.domains, by_table=layout.by_table
                ),
                plain_code(node, inputs, layout.scales),
            )
        except OnlyPointwise:
            return ()
        return tuple(lay_out(code, self.symbols, len(inputs)) for code in codes)

    def run(
        self,
        values: Sequence[Value | Array | None],
        *,
        most_failed: int | None = None,
        out: Array | None = None,
    ) -> Outcome:
        """The value at each point, in ``out`` where it is given.

        Arrays of one length stand in the places of the varying symbols. Stops, with the places that it has, once
        more than ``most_failed`` points have no value.

        Raises:
            TooLarge: its sums have too many terms, all points together.
        """
        return _Run(self, values, out).outcome(most_failed)

    def value_at(self, fixed: Sequence[Value | None], point: Sequence[float], left: list[int]) -> float:
        """The value at one point by the program of single values.

        Raises:
            NoValue: there is none. TooLarge: as :meth:`run`.
        """
        values = list(fixed)
        for place, value, domain, scale in zip(self.places, point, self.domains, self.scales, strict=True):
            if not math.isfinite(value) or float(value) not in domain:
                raise NoValue
            values[place] = float(value) * scale
        found = self.program.run(values, left) / self.layout.output_scale
        shown = found * self.layout.shown_scale
        if found not in self.layout.output or math.isinf(shown):
            raise NoValue
        return shown


def _shown(node: Node, layout: Layout) -> Node:
    factors = [(False, node)]
    if layout.output_scale != 1.0:
        factors.append((True, Number(Fraction(layout.output_scale))))
    if layout.shown_scale != 1.0:
        factors.append((False, Number(Fraction(layout.shown_scale))))
    return Multiply(tuple(factors)) if len(factors) > 1 else node


def _spread(node: Node, layout: Layout) -> Node:
    """The factors of units within the terms of a sum that have a fixed factor to join; no term may cancel another."""
    if not isinstance(node, Multiply) or not isinstance(node.factors[0][1], Add):
        return node
    total, *units = node.factors
    assert isinstance(total[1], Add)  # noqa: S101 - seen to
    terms = total[1].terms
    if all(not minus and _joins(part, layout) for minus, part in terms):
        return Add(tuple((False, Multiply(((False, part), *units))) for _, part in terms))
    return node


def _joins(term: Node, layout: Layout) -> bool:
    parts = [part for _, part in term.factors] if isinstance(term, Multiply) else [term]
    has_fixed = any(not set(names(part)) & set(layout.varying) for part in parts)
    return has_fixed and is_nonnegative(term, layout.domains)


def _is_sure(node: Node, layout: Layout) -> bool:
    """True where all values are positive, which is all that the output's domain asks.

    Arithmetic, roots, logarithms and powers that leave the doubles make an exception; of other functions that is
    not sure.
    """
    domain = layout.output
    asks_more = domain.integer or domain.maximum is not None or (domain.minimum or 0.0) > 0
    if asks_more or any(isinstance(part, Call) and part.function not in EXCEPTING for part in walk(node)):
        return False
    return is_positive(node, layout.domains)


class _Way:
    """A tape with its scalars and registers."""

    def __init__(self, tape: Tape, scalars: list[float], *, points: int, is_plain: bool) -> None:
        self.tape = tape
        # NumPy takes an array without dimensions in half the time that it takes a number of Python.
        self.head: list[Any] = [np.array(scalar) for scalar in scalars]
        self.size = BLOCK
        while self.size * 8 * tape.registers > MEMORY:
            self.size //= 2
        self.tables: Tables = {}
        if points >= TABLED and tape.has_tables:
            self.tables = tape.tables(scalars, Scratch(self.size, MEMORY - self.size * 8 * tape.registers))
        self.registers = [np.empty(self.size) for _ in range(tape.registers)]
        self.is_plain = is_plain

    def run(self, views: Sequence[Array], extents: Sequence[Extent], output: Array) -> bool:
        """True where the block was computed."""
        count = len(output)
        places = [*self.head, *views, *(register[:count] for register in self.registers), output]
        try:
            if self.is_plain:
                # A result below the least normal double is one like any other.
                with np.errstate(under="ignore"):
                    self.tape.run(places, extents, self.tables)
            else:
                self.tape.run(places, extents, self.tables)
        except (Leave, FloatingPointError):
            return False
        return True


class _Run:
    """One run: the blocks one after the other, each by the first way that leads through it."""

    def __init__(self, program: ArrayProgram, values: Sequence[Any], out: Array | None = None) -> None:
        self.program = program
        self.arrays = [np.ascontiguousarray(values[place], np.float64) for place in program.places]
        self.fixed: list[Any] = list(values)
        for place in program.places:
            self.fixed[place] = None
        self.count = len(self.arrays[0])
        self.values = np.empty(self.count) if out is None else out
        self.failed: list[int] = []
        self.left = [program.program.terms] * 2
        self.ends = [_ends(domain) for domain in program.domains]
        low, high = _ends(program.layout.output)
        self.output_ends = (low * program.layout.shown_scale, high * program.layout.shown_scale)
        self.ways: list[_Way] = []
        for place, tape in enumerate(program.tapes):
            if place == 0 and self.count <= FEW:
                continue
            scalars = tape.scalars(self.fixed)
            if scalars is not None:
                self.ways.append(_Way(tape, scalars, points=self.count, is_plain=place == 1))

    def outcome(self, most_failed: int | None) -> Outcome:
        size = min((way.size for way in self.ways), default=PIECE)
        with np.errstate(divide="raise", over="raise", invalid="raise", under="raise"):
            for start in range(0, self.count, size):
                self.block(start, min(start + size, self.count))
                if most_failed is not None and len(self.failed) > most_failed:
                    break
        return Outcome(self.values, np.array(self.failed, np.int64))

    def block(self, start: int, stop: int) -> None:
        views = [array[start:stop] for array in self.arrays]
        output = self.values[start:stop]
        extents = [extent(view) for view in views]
        if all(map(_is_inside, views, extents, self.ends, self.program.domains)):
            for way in self.ways:
                is_sure = self.program.is_sure and not way.is_plain
                if way.run(views, extents, output) and (is_sure or self.is_result(output)):
                    return
        if stop - start > PIECE:
            for place in range(start, stop, PIECE):
                self.block(place, min(place + PIECE, stop))
        else:
            for place in range(start, stop):
                self.point(place)

    def is_result(self, output: Array) -> bool:
        found = extent(output)
        if not _is_inside(output, found, self.output_ends, self.program.layout.output):
            return False
        if found[0] <= 0.0 <= found[1]:
            output += 0.0  # No zero has a sign.
        return True

    def point(self, place: int) -> None:
        try:
            self.values[place] = self.program.value_at(
                self.fixed, [array[place] for array in self.arrays], self.left
            )
        except NoValue:
            self.values[place] = 0.0
            self.failed.append(place)


def _ends(domain: Domain) -> Extent:
    return replace(domain, integer=False).ends if domain.integer else domain.ends


def within(array: Array, domain: Domain) -> NDArray[np.bool_]:
    """Which values are in the domain; NaN and infinity are not."""
    low, high = _ends(domain)
    inside = (array >= low) & (array <= high)
    return inside & (np.rint(array) == array) if domain.integer else inside


def _is_inside(block: Array, found: Extent, ends: Extent, domain: Domain) -> bool:
    """True where all of the block is in the domain; no NaN is."""
    if not (ends[0] <= found[0] and found[1] <= ends[1]):
        return False
    return not domain.integer or bool((np.rint(block) == block).all())
