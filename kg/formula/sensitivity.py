"""How the output moves with each input: partial derivative, elasticity, and its values at the ends of the input.

An input is varied between its known ends (one standard error to each side, or a stated interval), else by a tenth to
each side, which the answer says. Inputs come widest swing first, as in a tornado diagram.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import NormalDist
from typing import Final

from kg.formula.compile import CompiledFormula
from kg.formula.evaluate import evaluate
from kg.formula.gradient import flat_formula, gradient_of
from kg.formula.inputs import Givens, Resolved, resolve_inputs
from kg.formula.spreads import Place, ends_of, split_spreads
from kg.formula.units import UnitTable
from kg.formula.unsure import known_spreads
from kg.model.answer import Evaluation, Observed
from kg.model.formula import Domain, Variable
from kg.model.sensitivity import Sensitivity, Sway
from kg.model.uncertainty import Spread

ASSUMED: Final = 0.1
"""Part of a value that is varied to each side where nothing is known of its spread."""

ASSUMED_BASIS: Final = "±10 %, assumed"

ONE_SIGMA: Final = NormalDist().cdf(-1.0)
"""Probability beyond one standard deviation, on one side."""


def sensitivity(
    compiled: CompiledFormula,
    givens: Givens,
    *,
    observed: Sequence[Observed] = (),
    fit: str = "",
    unit: str = "",
    units: UnitTable,
) -> Sensitivity:
    """The formula's output and what each input does to it, in ``unit`` where one is asked for.

    Givens may carry spreads, as ``70B ± 5B`` or ``[60B, 80B]``.

    Raises:
        As :func:`kg.formula.evaluate.evaluate`, and for spreads that cannot be read.
    """
    plain, given = split_spreads(compiled, givens, fit=fit, units=units)
    evaluation = evaluate(compiled, plain, observed=observed, fit=fit, unit=unit, units=units)
    output = compiled.output
    resolved = resolve_inputs(
        compiled,
        plain,
        observed=observed,
        fit=fit,
        units=units,
        target=output.symbol if output is not None else "",
    )
    spreads = known_spreads(resolved, given, observed, units)
    ratio = 1.0
    if output is not None and unit:
        ratio = output.unit.factor / units.named(unit, like=output.unit).factor
    table = _Rows(resolved, evaluation, spreads, ratio)
    rows = table.all()
    return Sensitivity(
        formula=evaluation.formula,
        label=evaluation.label,
        expression=evaluation.expression,
        symbol=evaluation.symbol,
        value=evaluation.value,
        unit=evaluation.unit,
        inputs=tuple(sorted(rows, key=lambda row: (-(row.swing or 0.0), row.symbol))),
        fit=evaluation.fit,
        fit_rationale=evaluation.fit_rationale,
        warnings=evaluation.warnings,
        notes=tuple(f"{name}: {why}" for name, why in sorted(table.flat.fixed.items())),
        sources=evaluation.sources,
    )


class _Rows:
    """The rows of one request; ``factor`` turns working values of the output into the unit that was asked for."""

    def __init__(
        self, resolved: Resolved, evaluation: Evaluation, spreads: Mapping[Place, Spread], ratio: float
    ) -> None:
        self.resolved = resolved
        self.evaluation = evaluation
        self.spreads = spreads
        self.scales = resolved.compiled.scales
        count = len(resolved.compiled.program.symbols)
        values = [value for value in resolved.values[:count] if value is not None]
        self.flat = flat_formula(resolved.compiled, values)
        self.point = self.flat.values(values)
        output = resolved.compiled.output
        self.domain = output.domain if output is not None else Domain()
        self.scale = self.scales[output.symbol] if output is not None else 1.0
        self.factor = ratio / self.scale

    def all(self) -> list[Sway]:
        """A row for each input, and for each value of a series."""
        partials = gradient_of(self.flat).run(self.point)
        rows = (self.row(at, partial) for at, partial in enumerate(partials))
        return [row for row in rows if row is not None]

    def row(self, at: int, partial: float | None) -> Sway | None:
        """The row of one input; None for a series that is too long to be opened."""
        place, item = self.flat.places[at]
        entry = self.resolved.inputs[place]
        value = entry.value if entry is not None else None
        if item >= 0 and isinstance(value, tuple):
            value = value[item]
        if entry is None or not isinstance(value, float | int):
            return None
        variable = self.resolved.plan.variables[place]
        scale = self.scales.get(variable.symbol, 1.0)
        slope = None if partial is None else partial * scale * self.factor
        reason = self.flat.fixed.get(variable.symbol, "")
        ends = None if reason else _ends(variable, float(value), self.spreads.get((place, item)))
        low, high = (self.output(at, end * scale) if ends else None for end in (ends or _NONE)[:2])
        total = self.evaluation.value
        return Sway(
            symbol=self.flat.symbols[at],
            label=entry.label,
            value=float(value),
            unit=entry.unit,
            origin=entry.origin,
            partial=slope,
            partial_unit=_quotient(self.evaluation.unit, entry.unit),
            elasticity=slope * value / total if slope is not None and total else None,
            low=ends[0] if ends else None,
            high=ends[1] if ends else None,
            basis=ends[2] if ends else "",
            output_low=low,
            output_high=high,
            swing=abs(high - low) if low is not None and high is not None else None,
            quantity=entry.quantity,
            reason=reason or _reason(ends, (low, high), slope=slope, total=total),
        )

    def output(self, at: int, value: float) -> float | None:
        """The output with one working value changed; None where it has none, or leaves its domain."""
        found = self.flat.run([*self.point[:at], value, *self.point[at + 1 :]])
        return None if found is None or found / self.scale not in self.domain else found * self.factor


Ends = tuple[float, float, str]
_NONE: Final[Ends] = (0.0, 0.0, "")


def _ends(variable: Variable, value: float, spread: Spread | None) -> Ends | None:
    """Between what the input is varied, and why; None where there is nothing to vary."""
    domain = variable.domain
    if spread is not None:
        low, high = ends_of(spread, value, ONE_SIGMA)
        if spread.low is None and value - spread.standard_deviation in domain:
            low, high = value - spread.standard_deviation, value + spread.standard_deviation
        basis = spread.basis
    else:
        low, high = value - ASSUMED * abs(value), value + ASSUMED * abs(value)
        basis = ASSUMED_BASIS
    if domain.integer:
        low, high = float(round(low)), float(round(high))
    least, most = replace(domain, integer=False).ends
    inside = max(low, least), min(high, most)
    if inside != (low, high):
        basis += ", as far as its domain goes"
    return (*inside, basis) if inside[0] < inside[1] else None


def _reason(
    ends: Ends | None, outputs: tuple[float | None, float | None], *, slope: float | None, total: float
) -> str:
    """Why figures are missing, if any are."""
    reasons = []
    if slope is None:
        reasons.append("there is no derivative at this point")
    elif not total:
        reasons.append("the output is 0, so that there is no elasticity")
    if ends is None:
        reasons.append("a tenth of the value is nothing to vary it by; give it a spread")
    elif None in outputs:
        reasons.append("at an end there is no value in the output's domain")
    return "; ".join(reasons)


def _quotient(above: str, below: str) -> str:
    """The unit of a partial, as ``(nat/token)/parameter``."""
    if below in ("", "1"):
        return above
    top, bottom = (f"({unit})" if "/" in unit or "*" in unit else unit for unit in (above, below))
    return f"{top}/{bottom}" if above != below else "1"
