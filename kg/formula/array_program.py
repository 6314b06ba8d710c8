"""A tree as a program over arrays: in blocks that fit the cache, with the answers of the program of single values.

A block that makes an exception (overflow, a zero divisor, a logarithm of nothing, a value out of its domain) is
computed again in the plain order, then in smaller pieces, then point by point: a point fails here exactly where
the program of single values fails.
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
from kg.formula.array_tape import Array, Extent, Leave, Tape, extent, lay_out
from kg.formula.program import NoValue, Value, compile_tree
from kg.formula.tree import Multiply, Node, Number
from kg.model.formula import Domain

BLOCK: Final = 16_384
"""Doubles of a block: a few of them fit a second-level cache."""

MEMORY: Final = 2_000_000
"""Bytes that a run takes beyond its output, at most."""

PIECE: Final = 256
"""Points of a block that are tried together before each is tried alone."""


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
        self.tapes = self._lay_out(_shown(node, layout))

    def _lay_out(self, node: Node) -> tuple[Tape, ...]:
        """The fast tape and the plain one; none where only single points can be computed."""
        layout = self.layout
        inputs = {name: place for place, name in enumerate(layout.varying)}
        try:
            codes = (
                fast_code(node, inputs, layout.scales, layout.domains),
                plain_code(node, inputs, layout.scales),
            )
        except OnlyPointwise:
            return ()
        return tuple(lay_out(code, self.symbols, len(inputs)) for code in codes)

    def run(self, values: Sequence[Value | Array | None], *, most_failed: int | None = None) -> Outcome:
        """The value at each point; arrays of one length stand in the places of the varying symbols.

        Stops, with the places that it has, once more than ``most_failed`` points have no value.

        Raises:
            TooLarge: its sums have too many terms, all points together.
        """
        return _Run(self, values).outcome(most_failed)

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
        if found not in self.layout.output:
            raise NoValue
        return found * self.layout.shown_scale


def _shown(node: Node, layout: Layout) -> Node:
    factors = [(False, node)]
    if layout.output_scale != 1.0:
        factors.append((True, Number(Fraction(layout.output_scale))))
    if layout.shown_scale != 1.0:
        factors.append((False, Number(Fraction(layout.shown_scale))))
    return Multiply(tuple(factors)) if len(factors) > 1 else node


class _Way:
    """A tape with its scalars and registers."""

    def __init__(self, tape: Tape, scalars: list[float], *, is_plain: bool) -> None:
        self.tape = tape
        self.head: list[Any] = list(scalars)
        self.size = BLOCK
        while self.size * 8 * tape.registers > MEMORY:
            self.size //= 2
        self.registers = [np.empty(self.size) for _ in range(tape.registers)]
        # A result below the least normal double is one like any other in the plain order.
        self.state = {"under": "ignore"} if is_plain else {}

    def run(self, views: Sequence[Array], extents: Sequence[Extent], output: Array) -> bool:
        """True where the block was computed."""
        count = len(output)
        places = [*self.head, *views, *(register[:count] for register in self.registers), output]
        try:
            with np.errstate(**self.state):  # type: ignore[arg-type]  # a mode by name
                self.tape.run(places, extents)
        except (Leave, FloatingPointError):
            return False
        return True


class _Run:
    """One run: the blocks one after the other, each by the first way that leads through it."""

    def __init__(self, program: ArrayProgram, values: Sequence[Any]) -> None:
        self.program = program
        self.arrays = [np.ascontiguousarray(values[place], np.float64) for place in program.places]
        self.fixed: list[Any] = list(values)
        for place in program.places:
            self.fixed[place] = None
        self.count = len(self.arrays[0])
        self.values = np.empty(self.count)
        self.failed: list[int] = []
        self.left = [program.program.terms] * 2
        self.ends = [_ends(domain) for domain in program.domains]
        low, high = _ends(program.layout.output)
        self.output_ends = (low * program.layout.shown_scale, high * program.layout.shown_scale)
        self.ways: list[_Way] = []
        for place, tape in enumerate(program.tapes):
            scalars = tape.scalars(self.fixed)
            if scalars is not None:
                self.ways.append(_Way(tape, scalars, is_plain=place == 1))

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
                if way.run(views, extents, output) and self.is_result(output):
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


def _is_inside(block: Array, found: Extent, ends: Extent, domain: Domain) -> bool:
    """True where all of the block is in the domain; no NaN is."""
    if not (ends[0] <= found[0] and found[1] <= ends[1]):
        return False
    return not domain.integer or bool((np.rint(block) == block).all())
