"""A compiled formula and arrays of values → its root at each point, with all that the roots rest on."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kg.errors import FormulaError, NotSolvable, OutOfDomain
from kg.formula.array_roots import Found, find_roots_many
from kg.formula.batch import check_undefined, gather, masked
from kg.formula.batch_report import columns_of, places_text, told
from kg.formula.closed import solved_form
from kg.formula.compile import CompiledFormula
from kg.formula.conditions import without_implied
from kg.formula.inputs import Givens
from kg.formula.solve import symbol_of
from kg.formula.units import UnitTable
from kg.model.answer import Observed
from kg.model.batch import RootBatch


def solve_many(
    compiled: CompiledFormula,
    symbol: str,
    givens: Givens,
    *,
    which: str = "only",
    observed: Sequence[Observed] = (),
    fit: str = "",
    unit: str = "",
    undefined: str = "refuse",
    units: UnitTable,
) -> RootBatch:
    """The formula solved for a symbol or quantity slug where some of the others come as arrays or lists.

    Each root was put back into the relation. Where a point has several, ``which`` (``least`` or ``greatest``)
    chooses; ``only`` refuses. Where there is no closed form, one root is followed from point to point, and
    ``warnings`` say so.

    Raises:
        OutOfDomain, NotSolvable: a point has no root; names the first such points. BadParameter: several roots.
        TooLarge: too many points that can only be solved one by one.
        Otherwise as :func:`kg.formula.solve.solve_for` and :func:`kg.formula.batch.evaluate_many`.
    """
    check_undefined(undefined)
    form = solved_form(compiled, symbol_of(compiled, symbol))
    unknown = form.unknown
    wanted = units.named(unit, like=unknown.unit) if unit else unknown.unit
    gathered = gather(
        compiled, givens, form.symbols, target=unknown.symbol, observed=observed, fit=fit, units=units
    )
    found = find_roots_many(compiled, form, gathered, which=which)
    roots = found.values
    if wanted is not unknown.unit:  # Refused where the greatest leaves the doubles.
        units.convert(float(np.max(np.abs(roots[found.ok]), initial=0.0)), unknown.unit, wanted)
        roots = roots * units.convert(1.0, unknown.unit, wanted)
    value, reason, failed = roots.reshape(gathered.shape), "", np.flatnonzero(~found.ok)
    if len(failed):
        error = _named(found, failed, gathered.shape)
        value, reason = masked(value, failed, error, masks=undefined == "mask")
    rest = told(compiled, gathered.resolved, form.symbols, gathered.columns, value)
    conditions = dict.fromkeys(
        str(condition) for branch in form.branches for condition in without_implied(branch.conditions)
    )
    rest["warnings"] = (*rest["warnings"], *found.notes)
    return RootBatch(
        symbol=unknown.symbol,
        value=value,
        unit=compiled.unit_text(unknown) if wanted is unknown.unit else wanted.symbol,
        method=found.method,
        closed_form=form.text,
        conditions=tuple(conditions),
        residual=float(np.max(found.residuals[found.ok], initial=0.0)),
        columns=columns_of(compiled, gathered.columns, gathered.shape),
        undefined=len(failed),
        reason=reason,
        **rest,
    )


def _named(found: Found, failed: NDArray[np.int64], shape: tuple[int, ...]) -> FormulaError:
    """Why the first point has no root, and which others have none."""
    where = places_text(failed, shape)
    if isinstance(found.error, OutOfDomain):
        return replace(found.error, hint="; ".join(filter(None, (where, found.error.hint))))
    assert isinstance(found.error, NotSolvable)  # noqa: S101 - one of the two
    return replace(found.error, reason=f"{found.error.reason}; {where}")
