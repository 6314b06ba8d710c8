"""NumPy steps with their registers laid out: each in place, each register used again once its value is spent."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kg.formula.array_code import Code, Guard, Ref, Step
from kg.formula.array_power import MAX_LOG, PowerTable, Scratch, scaled_power
from kg.formula.program import NoValue, Program, Value, compile_tree

SAFE: Final = (1e-150, 1e150)
"""Where the size of factors that were gathered must lie: beyond, their order could matter."""

Tables = Mapping[tuple[int, ...], PowerTable]
OUTPUT: Final = -1
"""Place of the output: the last."""

Array = NDArray[np.float64]
Extent = tuple[float, float]
"""Least and greatest value."""


class Leave(Exception):
    """This tape cannot compute the block."""


@dataclass(frozen=True, slots=True)
class _Check:
    """A guard, over places."""

    place: int
    factor: int
    most: float
    log: bool


@dataclass(frozen=True, slots=True)
class Tape:
    """Steps over one list of places: scalars, then inputs, then registers, then the output."""

    steps: tuple[tuple[Any, tuple[int, ...]] | _Check, ...]
    """A function with the places of its operands and, at the end, of its result."""
    programs: tuple[Program, ...]
    gathered: frozenset[int]
    inputs: int
    registers: int

    def scalars(self, values: Sequence[Value | None]) -> list[Any] | None:
        """The scalars; None where one has no value, or a gathered one is out of all proportion."""
        found: list[Any] = []
        for place, program in enumerate(self.programs):
            try:
                value = program.run(values)
            except NoValue:
                return None
            if place in self.gathered and not SAFE[0] < abs(value) < SAFE[1]:
                return None
            found.append(value)
        return found

    def tables(self, scalars: Sequence[float], scratch: Scratch) -> Tables:
        """A table for each power that can be taken by one, by the places of its exponent and factor."""
        return {
            step[1][1:3]: PowerTable(scalars[step[1][1]], scalars[step[1][2]], scratch)
            for step in self.steps
            if not isinstance(step, _Check) and step[0] is scaled_power
        }

    @property
    def has_tables(self) -> bool:
        """True where powers can be taken by table."""
        return any(not isinstance(step, _Check) and step[0] is scaled_power for step in self.steps)

    def run(self, places: list[Any], extents: Sequence[Extent], tables: Tables) -> None:
        """Computes one block; ``extents`` are those of the inputs.

        Raises:
            Leave: a guard does not hold. FloatingPointError: a step made an exception.
        """
        for step in self.steps:
            if isinstance(step, _Check):
                self._check(step, places, extents)
            elif step[0] is scaled_power:
                self._power(step[1], places, extents, tables)
            else:
                step[0](*[places[place] for place in step[1]])

    def _power(
        self, at: tuple[int, ...], places: list[Any], extents: Sequence[Extent], tables: Tables
    ) -> None:
        base, exponent, factor, result = at
        low, high = self._extent(base, places, extents)
        if not low > 0 or not _log_size(low, high) * abs(float(places[exponent])) <= MAX_LOG:
            raise Leave
        table = tables.get((exponent, factor))
        if table is not None:
            table.run(places[base], low, high, places[result])
        else:
            scaled_power(places[base], float(places[exponent]), float(places[factor]), places[result])

    def _extent(self, place: int, places: list[Any], extents: Sequence[Extent]) -> Extent:
        at = place - len(self.programs)
        return extents[at] if 0 <= at < self.inputs else extent(places[place])

    def _check(self, check: _Check, places: list[Any], extents: Sequence[Extent]) -> None:
        low, high = self._extent(check.place, places, extents)
        if check.log and not low > 0:
            raise Leave
        size = _log_size(low, high) if check.log else max(abs(low), abs(high))
        factor = abs(float(places[check.factor])) if check.factor >= 0 else 1.0
        if not size * factor <= check.most:
            raise Leave


def _log_size(low: float, high: float) -> float:
    return max(abs(math.log(low)), abs(math.log(high)))


def extent(block: Array) -> Extent:
    """Least and greatest value of a block; NaN where it holds one."""
    return float(np.minimum.reduce(block)), float(np.maximum.reduce(block))


def lay_out(code: Code, symbols: Sequence[str], inputs: int) -> Tape:
    """The tape of the code; scalars are compiled over ``symbols``."""
    return _Layout(code, inputs).tape(symbols)


class _Layout:
    """Gives each step a register, which is free again after the step that uses it last."""

    def __init__(self, code: Code, inputs: int) -> None:
        self.code = code
        self.inputs = inputs
        self.last = _last_uses(code)
        self.base = len(code.scalars) + inputs
        self.registers: dict[int, int] = {}
        self.free: list[int] = []
        self.count = 0

    def tape(self, symbols: Sequence[str]) -> Tape:
        steps: list[tuple[Any, tuple[int, ...]] | _Check] = []
        for at, step in enumerate(self.code.steps):
            if at not in self.last:
                continue
            if isinstance(step, Guard):
                factor = self.place(step.factor) if step.factor is not None else -1
                steps.append(_Check(self.place(step.operand), factor, step.most, step.log))
            else:
                operands = tuple(map(self.place, step.operands))
                steps.append((step.function, (*operands, self.register(at, step))))
        programs = tuple(compile_tree(node, symbols) for node in self.code.scalars)
        return Tape(tuple(steps), programs, frozenset(self.code.gathered), self.inputs, self.count)

    def place(self, ref: Ref) -> int:
        kind, at = ref
        if kind == "scalar":
            return at
        return len(self.code.scalars) + at if kind == "input" else self.base + self.registers[at]

    def register(self, at: int, step: Step) -> int:
        """Where the step writes, which can be where an operand stands that it uses last."""
        spent = {place for kind, place in step.operands if kind == "step" and self.last[place] == at}
        self.free += sorted((self.registers[place] for place in spent), reverse=True)
        if ("step", at) == self.code.result:
            return OUTPUT
        if not self.free:
            self.free.append(self.count)
            self.count += 1
        self.registers[at] = self.free.pop()
        return self.base + self.registers[at]


def _last_uses(code: Code) -> dict[int, int]:
    """Each step and guard that is needed → where its value is last used."""
    assert code.result[0] == "step"  # noqa: S101 - as the code is made
    last = {code.result[1]: len(code.steps)}
    for at in range(len(code.steps) - 1, -1, -1):
        step = code.steps[at]
        if isinstance(step, Guard):
            kind, place = step.operand
            if kind == "input" or place in last:
                last[at] = at
            continue
        if at in last:
            for kind, place in step.operands:
                if kind == "step":
                    last.setdefault(place, at)
    return last
