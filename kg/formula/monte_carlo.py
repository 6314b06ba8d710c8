"""Uncertainty by Monte Carlo: draws of the unsure inputs, each put through the formula (JCGM 101:2008).

Inputs whose errors go together are drawn together: their correlation is that of the normal variables below them (a
Gaussian copula). What leaves a domain, or has no value, is counted and left out.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kg.errors import OutOfDomain, TooLarge
from kg.formula.array_program import ArrayProgram, Layout, within
from kg.formula.array_tape import Array
from kg.formula.gradient import MAX_KEPT
from kg.formula.spreads import lognormal, quantile
from kg.formula.steps import number_shown
from kg.formula.unsure import Case, Columns, UnsureInput, directions, standard_directions
from kg.model.formula import Domain
from kg.model.uncertainty import Method, Shape, Spread, Uncertainty

LEVEL: Final = 0.9
MAX_DRAWS: Final = 20_000_000
"""Samples times unsure inputs."""

BLOCK: Final = 65_536
"""Draws that are held at once."""

TOLERANCE: Final = 0.1
"""Part of the standard deviation by which that of first order may be off without a note."""


def propagate_monte_carlo(case: Case, *, samples: int, seed: int) -> Uncertainty:
    """Mean, standard deviation, median and the middle 90 % of the output over ``samples`` draws.

    The same ``seed`` gives the same draws (PCG64 of NumPy), hence the same figures.

    Raises:
        OutOfDomain: no draw, or but one, has a value, or their spread is beyond the doubles.
        TooLarge: too many draws for so many inputs.
        InvalidData: correlations that contradict each other. NoClosedForm: an unsure bound of a sum.
    """
    if samples * len(case.unsure) > MAX_DRAWS:
        raise TooLarge("samples times unsure inputs", samples * len(case.unsure), MAX_DRAWS)
    with np.errstate(over="ignore", invalid="ignore"):  # A draw beyond the doubles is infinite, and left out.
        found = _draw(case, samples, seed)
    if len(found.outputs) < 2:
        output = case.compiled.output
        raise OutOfDomain(
            output.symbol if output is not None else case.compiled.formula.slug,
            "undefined",
            str(output.domain) if output is not None else "finite real numbers",
            f"{samples - len(found.outputs)} of {samples} draws leave a domain; give narrower spreads",
        )
    with np.errstate(over="ignore", invalid="ignore"):  # What leaves the doubles is refused.
        outputs = found.outputs * case.ratio
        deviation = float(np.std(outputs, ddof=1))
    if not math.isfinite(deviation):
        raise case.unbounded("the spread of its draws is beyond the largest double; give narrower spreads")
    low, median, high = (float(one) for one in np.quantile(outputs, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2]))
    return Uncertainty(
        Method.MONTE_CARLO,
        low=low,
        high=high,
        level=LEVEL,
        unit=case.unit,
        standard_deviation=deviation,
        mean=float(np.mean(outputs)),
        median=median,
        samples=samples,
        seed=seed,
        outside=samples - len(found.outputs),
        contributions=case.contributions(found.shares(), case.partials()),
        correlations=case.correlations,
        notes=(*case.notes, *_notes(case, found, samples, deviation)),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """Outputs in their own unit, and what they have to do with the inputs, each in deviations from its value."""

    outputs: Array
    covariance: Array
    with_output: Array

    def shares(self) -> list[float | None]:
        """Each input's part in the variance, by linear regression; what is missing is how the formula bends."""
        variance = float(np.var(self.outputs))
        if not variance:
            return [None] * len(self.with_output)
        slopes = np.linalg.lstsq(self.covariance, self.with_output, rcond=None)[0]
        return [float(one) for one in slopes * self.with_output / variance]


def _draw(case: Case, samples: int, seed: int) -> _Found:
    """The draws block by block, of which outputs and sums of products are kept."""
    generator = np.random.default_rng(seed)
    count = len(case.unsure)
    columns = standard_directions(case)
    middle = (case.flat.run(case.values) or 0.0) * case.factor / case.ratio
    outputs: list[Array] = []
    total, products, along = np.zeros(count), np.zeros((count, count)), np.zeros(count)
    for start in range(0, samples, BLOCK):
        size = min(BLOCK, samples - start)
        inputs = _inputs(case, columns, generator.standard_normal((count, size)))
        values, inside = _outputs(case, inputs)
        outputs.append(values)
        deviations = np.array(
            [
                (drawn[inside] - one.value) / one.spread.standard_deviation
                for one, drawn in zip(case.unsure, inputs, strict=True)
            ]
        )
        total += deviations.sum(axis=1)
        products += np.einsum("in,jn->ij", deviations, deviations)
        along += np.einsum("in,n->i", deviations, outputs[-1] - middle)
    found = np.concatenate(outputs)
    kept = max(len(found), 1)
    mean = total / kept
    shift = float(np.mean(found - middle)) if len(found) else 0.0
    return _Found(found, products / kept - np.multiply.outer(mean, mean), along / kept - mean * shift)


def _inputs(case: Case, columns: Columns, normal: Array) -> list[Array]:
    """The unsure inputs at each draw, in their own units."""
    joined = [np.zeros(normal.shape[1]) for _ in case.unsure]
    for column, drawn in zip(columns, normal, strict=True):
        for at, weight in column:
            joined[at] += weight * drawn
    return [_shaped(one, drawn) for one, drawn in zip(case.unsure, joined, strict=True)]


def _shaped(one: UnsureInput, normal: Array) -> Array:
    """Standard normal draws as draws of the input's distribution: the same quantiles of both."""
    spread, value = one.spread, one.value
    match spread.shape:
        case Shape.NORMAL:
            drawn = value + spread.standard_deviation * normal
        case Shape.LOGNORMAL:
            center, width = lognormal(value, spread.standard_deviation)
            drawn = np.exp(center + width * normal)
        case Shape.UNIFORM:
            from scipy.special import ndtr

            assert spread.low is not None and spread.high is not None  # noqa: S101 - bounds have ends
            drawn = spread.low + (spread.high - spread.low) * ndtr(normal)
        case _:
            drawn = _two_piece(spread, value, normal)
    return np.rint(drawn) if one.variable.domain.integer else drawn


def _two_piece(spread: Spread, value: float, normal: Array) -> Array:
    """Draws whose median is the value, and whose quantiles at the level are the ends."""
    assert spread.low is not None and spread.high is not None and spread.level is not None  # noqa: S101
    far = quantile((1 + spread.level) / 2)
    is_log = spread.shape is Shape.TWO_PIECE_LOGNORMAL
    low, middle, high = (math.log(one) if is_log else one for one in (spread.low, value, spread.high))
    drawn = middle + np.where(normal < 0, middle - low, high - middle) / far * normal
    return np.exp(drawn) if is_log else drawn


def _outputs(case: Case, inputs: list[Array]) -> tuple[Array, NDArray[np.bool_]]:
    """The outputs in their own unit, of those draws that have one, and which these are."""
    inside = np.ones(len(inputs[0]), bool)
    for one, drawn in zip(case.unsure, inputs, strict=True):
        inside &= within(drawn, one.variable.domain)
    values: list[object] = list(case.values)
    for one, drawn in zip(case.unsure, inputs, strict=True):
        values[one.at] = drawn[inside]
    if not inside.any():
        return np.empty(0), inside
    found = _program(case).run(values)  # type: ignore[arg-type]  # an array stands for each unsure input
    left = np.flatnonzero(inside)
    inside[left[found.failed]] = False
    return np.delete(found.values, found.failed), inside


def _program(case: Case) -> ArrayProgram:
    """The flat formula over arrays of the unsure inputs, made once."""
    varying = tuple(one.symbol for one in case.unsure)
    kept = case.flat.kept.get(varying)
    if isinstance(kept, ArrayProgram):
        return kept
    output, scales = case.compiled.output, case.compiled.scales
    layout = Layout(
        varying,
        domains={one.symbol: one.variable.domain for one in case.unsure},
        scales={one.symbol: one.scale for one in case.unsure},
        output=output.domain if output is not None else Domain(),
        output_scale=scales[output.symbol] if output is not None else 1.0,
    )
    program = ArrayProgram(case.flat.tree, case.flat.symbols, layout)
    if len(case.flat.kept) < MAX_KEPT:
        case.flat.kept[varying] = program
    return program


def _notes(case: Case, found: _Found, samples: int, deviation: float) -> tuple[str, ...]:
    notes = []
    outside = samples - len(found.outputs)
    if outside:
        notes.append(
            f"{outside} of {samples} draws leave a domain or have no value; the figures are those of the others"
        )
    partials = case.partials()
    if None not in partials:
        slopes = [sum((partials[at] or 0.0) * step for at, step in column) for column in directions(case)]
        first = abs(case.shown(math.sqrt(sum(slope * slope for slope in slopes))))
        if abs(first - deviation) > TOLERANCE * deviation:
            notes.append(
                f"to first order the standard deviation is {number_shown(float(f'{first:.3g}'))}, "
                f"{100 * (first / deviation - 1):+.0f} % from this one: the formula bends over this spread"
                if deviation
                else f"to first order the standard deviation is {first:.3g}; here no draw moves the output"
            )
    return tuple(notes)
