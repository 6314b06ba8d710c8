"""A formula solved for one symbol at many points: by its closed form, else by following one root from point to point.

Each root is put back into the relation. Points that neither way decides are solved one by one, as
:func:`kg.formula.solve.solve_for` does, which finds all roots or says that there is none.
"""

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kg.errors import BadParameter, NotSolvable, OutOfDomain, TooLarge
from kg.formula.array_program import ArrayProgram, Layout, within
from kg.formula.array_tape import Array
from kg.formula.batch import Gathered
from kg.formula.closed import SolvedForm
from kg.formula.compile import CompiledFormula
from kg.formula.evaluate import MAX_KEPT
from kg.formula.roots import METHOD, TOLERANCE, WHOLE_TOLERANCE, Scale
from kg.formula.solve import roots_of
from kg.formula.tree import Add, Call, Multiply, Node, size_of
from kg.model.answer import Root
from kg.model.formula import Domain

MAX_ALONE: Final = 2_000
"""Points that are solved one by one, at most."""

WHICH: Final = ("only", "least", "greatest")
NUMERIC: Final = "numeric"
FOLLOWED: Final = (
    "the roots by number are those that follow from the root of the first point; "
    "others, where there are any, were not looked for"
)
_PROBES: Final = 3
_STEP: Final = 0.05
"""How far from the root of the first point the search for the others begins, relatively."""

_ROUNDS: Final = 60
Bools = NDArray[np.bool_]


@dataclass(slots=True)
class Found:
    """The root at each point, in the unknown's own unit, and how far the sides are apart; ``ok`` where there is one."""

    values: Array
    residuals: Array
    ok: Bools
    method: str = METHOD
    error: Exception | None = None
    """Why the first point without a root has none."""
    notes: list[str] = field(default_factory=list)


def find_roots_many(compiled: CompiledFormula, form: SolvedForm, gathered: Gathered, *, which: str) -> Found:
    """One root for each point of the flattened arrays; ``which`` chooses where there are several.

    Raises:
        BadParameter: a point has several roots, and ``which`` is ``only``.
        TooLarge: more than :data:`MAX_ALONE` points would have to be solved one by one.
    """
    if which not in WHICH:
        raise BadParameter("which", which[:40], ", ".join(WHICH))
    solver = _Solver(compiled, form, gathered, which)
    found = solver.by_number() if form.stuck else solver.by_form()
    solver.complete(found)
    return found


class _Solver:
    """What the ways share: the values of all points, and the relation as programs over them."""

    def __init__(self, compiled: CompiledFormula, form: SolvedForm, gathered: Gathered, which: str) -> None:
        self.form = form
        self.name = compiled.formula.slug
        self.which = which
        slots, known = gathered.resolved.plan.slots, gathered.resolved.values
        self.varying = tuple(symbol for symbol in form.symbols if symbol in gathered.columns)
        self.arrays = [
            np.ascontiguousarray(np.broadcast_to(gathered.columns[symbol], gathered.shape)).ravel()
            for symbol in self.varying
        ]
        self.fixed = [None if symbol in self.varying else known[slots[symbol]] for symbol in form.symbols]
        self.domains = {variable.symbol: variable.domain for variable in compiled.variables}
        self.scales = compiled.scales
        self.factor = compiled.scales[form.unknown.symbol]
        self.count = len(self.arrays[0])
        self.inside = self._inside()

    def _inside(self) -> Bools:
        """Which points have all values in their domains."""
        inside = np.ones(self.count, bool)
        for symbol, array in zip(self.varying, self.arrays, strict=True):
            inside &= within(array, self.domains[symbol])
        return inside

    def program(self, key: object, node: Node, *, over_unknown: bool, output: Domain) -> ArrayProgram:
        """A program over the varying symbols, and the unknown where it says so; made once for the form."""
        kept_as = f"array {key} {self.varying}"
        kept = self.form.kept.get(kept_as)
        if isinstance(kept, ArrayProgram):
            return kept
        unknown = self.form.unknown.symbol
        symbols = (*self.form.symbols, unknown) if over_unknown else self.form.symbols
        varying = (*self.varying, unknown) if over_unknown else self.varying
        scale = 1.0 if over_unknown else self.factor
        layout = Layout(varying, self.domains, self.scales, output=output, output_scale=scale)
        program = ArrayProgram(node, symbols, layout)
        if len(self.form.kept) < MAX_KEPT:
            self.form.kept[kept_as] = program
        return program

    def values(self, at: Any) -> list[Any]:
        """The values of these points, in the places of the form's symbols."""
        values: list[Any] = list(self.fixed)
        for symbol, array in zip(self.varying, self.arrays, strict=True):
            values[self.form.symbols.index(symbol)] = array[at]
        return values

    def by_form(self) -> Found:
        """The roots of all branches of the closed form, each put back."""
        found: list[tuple[Array, Array, Bools]] = []
        domain = self.form.unknown.domain
        free = Domain(domain.minimum, domain.maximum, domain.open_minimum, domain.open_maximum)
        everywhere = slice(None)
        for place, branch in enumerate(self.form.branches):
            outcome = self.program(place, branch.value, over_unknown=False, output=free).run(
                self.values(everywhere)
            )
            ok = self.inside.copy()
            ok[outcome.failed] = False
            roots = outcome.values
            if domain.integer:
                near = np.rint(roots)
                whole = np.abs(roots - near) <= WHOLE_TOLERANCE * np.maximum(1.0, np.abs(roots))
                roots, ok = np.where(whole, near, roots), ok & whole
            residuals = self.residuals(roots, ok)
            found.append((roots, residuals, ok & (residuals <= TOLERANCE)))
        return self._chosen(found)

    def residuals(self, roots: Array, ok: Bools) -> Array:
        """|lhs - rhs| relative to the terms; infinite where it is not known."""
        left, right = self.form.relation.left, self.form.relation.right
        apart = Call("abs", (Add(((False, left), (True, right))),))
        size = Call("max", (size_of(left), size_of(right)))
        node = Multiply(((False, apart), (True, size)))
        program = self.program("residual", node, over_unknown=True, output=Domain())
        at = np.flatnonzero(ok) if not ok.all() else slice(None)
        found = np.full(self.count, np.inf)
        if ok.any():
            outcome = program.run([*self.values(at), roots[at]])
            outcome.values[outcome.failed] = np.inf
            found[at] = outcome.values
        return found

    def _chosen(self, found: Sequence[tuple[Array, Array, Bools]]) -> Found:
        """One root of the branches for each point."""
        roots, residuals, ok = found[0]
        best = Found(roots, residuals, ok)
        for values, apart, there in found[1:]:
            both = best.ok & there & (values != best.values)
            self._check_only(both)
            better = (values < best.values) if self.which == "least" else (values > best.values)
            take = there & (~best.ok | (both & better))
            best.values = np.where(take, values, best.values)
            best.residuals = np.where(take, apart, best.residuals)
            best.ok = best.ok | there
        return best

    def _check_only(self, several: Bools) -> None:
        if self.which == "only" and several.any():
            raise self._several(int(np.flatnonzero(several)[0]))

    def _several(self, place: int) -> BadParameter:
        symbol = self.form.unknown.symbol
        return BadParameter(
            "which",
            "only",
            f"least or greatest: at place {place}, counted from 0, {symbol} has several roots",
        )

    def by_number(self) -> Found:
        """Roots that follow from those at a few points; none where these do not have one each."""
        nothing = Found(
            np.zeros(self.count), np.full(self.count, np.inf), np.zeros(self.count, bool), NUMERIC
        )
        places = np.flatnonzero(self.inside)
        if not len(places) or self.form.unknown.domain.integer or self.count <= _PROBES:
            return nothing
        probes = [int(places[at]) for at in np.linspace(0, len(places) - 1, _PROBES).astype(int)]
        known = [self._alone(place) for place in probes]
        if any(isinstance(roots, Exception) or len(roots) != 1 for roots in known):
            return nothing
        first = known[0]
        assert not isinstance(first, Exception)  # noqa: S101 - seen to
        roots = self._followed(first[0].value, places)
        ok = np.isfinite(roots) & within(roots, self.form.unknown.domain)
        residuals = self.residuals(np.where(ok, roots, 0.0), ok)
        ok &= residuals <= TOLERANCE
        return Found(np.where(ok, roots, 0.0), residuals, ok, NUMERIC, notes=[FOLLOWED])

    def _followed(self, start: float, places: NDArray[np.int64]) -> Array:
        """A root near ``start`` at each of these points, in the unknown's own unit; NaN where none was found."""
        from scipy.optimize import elementwise

        domain = self.form.unknown.domain
        in_logs = domain.is_nonnegative and start > 0
        low, high = domain.ends
        if in_logs:
            at, width = math.log(start), _STEP
            low, high = math.log(max(low, sys.float_info.min)), math.log(high)
        else:
            at, width = start, _STEP * max(1.0, abs(start))
        to_root: Callable[[Array], Array] = np.exp if in_logs else np.positive
        function = self._function(to_root)
        arrays = tuple(array[places] for array in self.arrays)
        begin = np.full(len(places), at)
        with np.errstate(all="ignore"):
            bracket = elementwise.bracket_root(
                function,
                np.maximum(begin - width, low),
                np.minimum(begin + width, high),
                xmin=low,
                xmax=high,
                args=arrays,
                maxiter=_ROUNDS,
            )
            ends = tuple(np.where(bracket.success, one, np.nan) for one in bracket.bracket)
            found = elementwise.find_root(function, ends, args=arrays, maxiter=4 * _ROUNDS)
            roots = np.full(self.count, np.nan)
            roots[places] = np.where(found.success, to_root(found.x), np.nan)
        return roots

    def _function(self, to_root: Callable[[Array], Array]) -> Callable[..., Array]:
        """How far the sides are apart, NaN where one has no value, over coordinates of roots and the arrays."""
        relation = self.form.relation
        node = Add(((False, relation.left), (True, relation.right)))
        program = self.program("difference", node, over_unknown=True, output=Domain())
        places = [self.form.symbols.index(symbol) for symbol in self.varying]

        def difference(coordinates: Array, *arrays: Array) -> Array:
            values: list[Any] = list(self.fixed)
            for place, array in zip(places, arrays, strict=True):
                values[place] = array
            if not coordinates.size:
                return coordinates
            outcome = program.run([*values, to_root(coordinates)])
            outcome.values[outcome.failed] = np.nan
            return outcome.values

        return difference

    def complete(self, found: Found) -> None:
        """Solves the points that have no root yet one by one; the error of the first that has none is kept."""
        outside = np.flatnonzero(~self.inside)
        if len(outside):
            found.error = self._outside(int(outside[0]))
        open_places = np.flatnonzero(self.inside & ~found.ok)
        if len(open_places) > MAX_ALONE:
            raise TooLarge(
                "a batch of roots, in points to be solved one by one,", len(open_places), MAX_ALONE
            )
        first = int(outside[0]) if len(outside) else self.count
        for place in map(int, open_places):
            roots = self._alone(place)
            if isinstance(roots, Exception):
                if place < first:
                    first, found.error = place, roots
                continue
            if len(roots) > 1 and self.which == "only":
                raise self._several(place)
            root = roots[-1 if self.which == "greatest" else 0]
            found.values[place], found.residuals[place] = root.value, root.residual
            found.ok[place] = True

    def _alone(self, place: int) -> Sequence[Root] | Exception:
        """All roots of one point, ascending, in the unknown's own unit; or why there is none."""
        values = list(self.fixed)
        for symbol, array in zip(self.varying, self.arrays, strict=True):
            values[self.form.symbols.index(symbol)] = float(array[place]) * self.scales[symbol]
        try:
            return roots_of(self.form, values, Scale(self.factor), name=self.name)[0]
        except (OutOfDomain, NotSolvable) as error:
            return error

    def _outside(self, place: int) -> OutOfDomain:
        for symbol, array in zip(self.varying, self.arrays, strict=True):
            if not within(array[place : place + 1], self.domains[symbol]).all():
                return OutOfDomain(symbol, f"{array[place]:.10g}", str(self.domains[symbol]))
        raise AssertionError("a point outside the domains has a value there")
