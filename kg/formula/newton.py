"""As many relations as unknowns, solved together: Newton's method with symbolic slopes, damped, from several starts.

Where an unknown is positive throughout its domain its logarithm is the variable, and a relation between positive
sides is taken in logarithms: products of powers are then linear, and solved in one step.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from kg.formula.program import NoValue, Program, Value
from kg.formula.roots import near_whole
from kg.model.formula import Domain

TOLERANCE: Final = 1e-12
"""Greatest residual of each relation, relative to its sides."""
MAX_STEPS: Final = 80
MAX_STEP: Final = 12.0
"""Longest step in logarithms."""
HALVINGS: Final = 30
STARTS: Final = (0.0, 3.0, 6.0, 9.0, 12.0, 18.0, 24.0, -3.0, -6.0)
"""Powers of ten from which positive unknowns start."""
APART: Final = 0.2
SPREADS: Final = (1.0,) * 20 + (4.0,) * 10 + (12.0,) * 10
"""How far apart, in powers of ten, unknowns start where that leads nowhere."""

Vector = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Equation:
    """One relation: the program of what the output equals, its slopes, and where the unknowns stand."""

    program: Program
    slopes: tuple[tuple[int, int, Program | None, float], ...]
    """Unknown, place among the program's symbols, derivative, factor from the unknown to the program's units."""
    values: tuple[Value | None, ...]
    output: tuple[int, float] | float
    """The unknown with its factor, or the value."""
    logarithmic: bool


@dataclass(frozen=True, slots=True)
class Unknown:
    """A node, whether its logarithm is taken, the factor to its variable's unit, and that variable's domain."""

    node: int
    positive: bool
    factor: float
    domain: Domain


@dataclass(frozen=True, slots=True)
class System:
    """Equations in their unknowns, as many of the one as of the other."""

    unknowns: tuple[Unknown, ...]
    equations: tuple[Equation, ...]

    def is_regular(self, point: Vector) -> bool:
        """True where the slopes at a point determine all unknowns."""
        found = self._residuals(point)
        return found is not None and self._is_regular(found[1])

    def solve(self) -> list[dict[int, float]]:
        """All solutions found, each once; that from the first start is the first."""
        found: list[dict[int, float]] = []
        for number, start in enumerate(self._starts()):
            if found and number >= 2 * len(STARTS):
                break
            point = self._descend(start)
            values = self._accepted(point) if point is not None else None
            if values is not None and not any(_same(values, other) for other in found):
                found.append(values)
        return found

    def _starts(self) -> Iterator[Vector]:
        """Points of about one size first, then scattered ones."""
        count = len(self.unknowns)
        for power in STARTS:
            for order in (range(count), reversed(range(count))):
                # Not all the same: relations that treat their unknowns alike cannot tell them apart there.
                yield np.array(
                    [
                        self._start(one, power + APART * at)
                        for at, one in zip(order, self.unknowns, strict=True)
                    ]
                )
        draw = Random(0)  # noqa: S311 - points, not secrets
        for spread in SPREADS:
            powers = (draw.uniform(-spread, spread) for _ in self.unknowns)
            yield np.array(
                [self._start(one, power) for one, power in zip(self.unknowns, powers, strict=True)]
            )

    def coordinate(self, at: int, share: float) -> float:
        """The variable of an unknown somewhere within its domain; ``share`` from 0 to 1."""
        unknown = self.unknowns[at]
        low, high = unknown.domain.minimum, unknown.domain.maximum
        if low is None or high is None:
            return self._start(unknown, share) + share
        value = (low + (high - low) * share) / unknown.factor
        return math.log(value) if unknown.positive else value

    def _start(self, unknown: Unknown, power: float) -> float:
        low, high = unknown.domain.minimum, unknown.domain.maximum
        if low is not None and high is not None and math.isfinite(low) and math.isfinite(high):
            middle = (low + high) / 2 / unknown.factor
            return math.log(middle) if unknown.positive and middle > 0 else middle
        if unknown.positive:
            return max(power * math.log(10), math.log((low or 0) / unknown.factor + 1e-9))
        return power

    def _values(self, point: Vector) -> list[float] | None:
        try:
            return [
                math.exp(x) if unknown.positive else x
                for unknown, x in zip(self.unknowns, point.tolist(), strict=True)
            ]
        except OverflowError:
            return None

    def _descend(self, point: Vector) -> Vector | None:
        """Damped steps until each relation holds; None where that leads nowhere."""
        found = self._residuals(point)
        for _ in range(MAX_STEPS):
            if found is None:
                return None
            residuals, jacobian = found
            size = _size(residuals)
            try:
                step = np.linalg.solve(jacobian, -residuals)
            except np.linalg.LinAlgError:
                return point if size <= TOLERANCE and self._is_regular(jacobian) else None
            if size <= TOLERANCE:
                # One step more, which is as good as free, unless it is lost in rounding.
                last = self._residuals(point + step)
                better = last is not None and _size(last[0]) < size
                regular = self._is_regular(jacobian)
                return (point + step if better else point) if regular else None
            longest = float(np.max(np.abs(step)))
            if not math.isfinite(longest):
                return None
            step *= min(1.0, MAX_STEP / longest) if longest else 1.0
            moved = self._shorten(point, step, size)
            if moved is None:
                return None
            point, found = moved
        return None

    def _is_regular(self, jacobian: Vector) -> bool:
        """False where the relations do not determine their unknowns: one says what others say."""
        singular = np.linalg.svd(jacobian, compute_uv=False)
        return bool(singular[-1] > 1e-9 * singular[0])

    def _shorten(
        self, point: Vector, step: Vector, size: float
    ) -> tuple[Vector, tuple[Vector, Vector]] | None:
        for _ in range(HALVINGS):
            there = point + step
            found = self._residuals(there)
            if found is not None and _size(found[0]) < size:
                return there, found
            step = step / 2
        return None

    def _residuals(self, point: Vector) -> tuple[Vector, Vector] | None:
        """How far each relation is from holding, and the slopes of that; None where one has no value."""
        values = self._values(point)
        if values is None:
            return None
        size = len(self.equations)
        residuals, jacobian = np.zeros(size), np.zeros((size, size))
        try:
            for row, equation in enumerate(self.equations):
                residuals[row] = self._row(equation, values, jacobian[row])
        except (NoValue, ZeroDivisionError, OverflowError, ValueError):
            return None
        return (residuals, jacobian) if np.isfinite(jacobian).all() else None

    def _row(self, equation: Equation, values: Sequence[float], slopes: Vector) -> float:
        arguments = list(equation.values)
        for unknown, at, _, scale in equation.slopes:
            arguments[at] = values[unknown] * scale
        left = equation.program.run(arguments)
        right = equation.output
        solved = isinstance(right, tuple)
        target = values[right[0]] * right[1] if isinstance(right, tuple) else right
        if equation.logarithmic:
            if left <= 0 or target <= 0:
                raise NoValue
            residual, size = math.log(left / target), left
        else:
            size = max(abs(left), abs(target), 1e-300)
            residual = (left - target) / size
        for unknown, at, program, scale in equation.slopes:
            slope = self._slope(equation, program, arguments, at) * scale / size
            slopes[unknown] += slope * (values[unknown] if self.unknowns[unknown].positive else 1.0)
        if solved and isinstance(right, tuple):
            inner = values[right[0]] if self.unknowns[right[0]].positive else 1.0
            slopes[right[0]] -= inner * right[1] / (target if equation.logarithmic else size)
        return residual

    def _slope(
        self, equation: Equation, program: Program | None, arguments: list[Value | None], at: int
    ) -> float:
        if program is not None:
            return program.run(arguments)
        middle = cast("float", arguments[at])
        step = 1e-6 * abs(middle) or 1e-9
        ends = [
            equation.program.run([*arguments[:at], middle + d, *arguments[at + 1 :]]) for d in (-step, step)
        ]
        return (ends[1] - ends[0]) / (2 * step)

    def _accepted(self, point: Vector) -> dict[int, float] | None:
        values = self._values(point)
        if values is None:
            return None
        found: dict[int, float] = {}
        for unknown, value in zip(self.unknowns, values, strict=True):
            own = value * unknown.factor
            own = near_whole(own) if unknown.domain.integer else own
            if own not in unknown.domain:
                return None
            found[unknown.node] = own / unknown.factor
        return found


def _size(residuals: Vector) -> float:
    return float(np.linalg.norm(residuals))


def _same(one: Mapping[int, float], other: Mapping[int, float]) -> bool:
    return all(math.isclose(one[node], other[node], rel_tol=1e-6, abs_tol=1e-12) for node in one)
