"""The roots of a closed form for given values: computed, put back into the relation, held to the domain."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from kg.errors import OutOfDomain
from kg.formula.closed import SolvedForm
from kg.formula.conditions import Condition, without_implied
from kg.formula.program import NoValue, Program, Value, compile_tree
from kg.formula.steps import number_shown
from kg.model.answer import Root

METHOD: Final = "isolated"
TOLERANCE: Final = 1e-8
"""Greatest residual of a root, relative to the terms of the relation."""

WHOLE_TOLERANCE: Final = 1e-9
"""How near, relatively, a root must come to a whole number to be taken for one."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How the unknown is measured: ``factor`` leads to the relation's unit, ``shown`` to the one of answers."""

    factor: float = 1.0
    unit: str = "1"
    shown: Callable[[float], float] = float


class WayClosed(ArithmeticError):
    """A condition of the closed form fails that proves nothing: roots may lie where it does not lead; says which."""


def find_roots(form: SolvedForm, values: Sequence[Value | None], scale: Scale) -> tuple[Root, ...]:
    """The roots by the closed form, ascending; there is at least one.

    Raises:
        OutOfDomain: none lies in the unknown's domain; says what was found, or which condition fails.
        WayClosed: none was found, which proves nothing.
    """
    unknown = form.unknown
    roots: dict[float, Root] = {}
    outside: list[str] = []
    for branch, program in zip(form.branches, form.programs, strict=True):
        found = _root_value(program, values, scale.factor, whole=unknown.domain.integer)
        if found is None:
            continue
        residual = residual_at(form, values, found * scale.factor)
        if residual is None or residual > TOLERANCE:
            continue
        if found not in unknown.domain:
            outside.append(number_shown(found))
            continue
        value = scale.shown(found)
        conditions = tuple(str(condition) for condition in without_implied(branch.conditions))
        roots.setdefault(value, Root(value, scale.unit, METHOD, residual, conditions))
    if not roots:
        raise _no_root(form, values, outside)
    return tuple(roots[value] for value in sorted(roots))


def _root_value(
    program: Program, values: Sequence[Value | None], scale: float, *, whole: bool
) -> float | None:
    """The branch's value in the unknown's own unit; a near miss of a whole number counts as that number."""
    try:
        value = program.run(values) / scale
    except NoValue:
        return None
    return near_whole(value) if whole else value


def near_whole(value: float) -> float:
    """The whole number that a value comes near to, or the value."""
    near = float(round(value))
    return near if abs(value - near) <= WHOLE_TOLERANCE * max(1.0, abs(value)) else value


def residual_at(
    form: SolvedForm, values: Sequence[Value | None], root: float, left: list[int] | None = None
) -> float | None:
    """How far the sides are apart at the root, relative to their terms; None where one has no value.

    Raises:
        TooLarge: its sums have too many terms, or more than are ``left``.
    """
    try:
        one, two, *sizes = (program.run([*values, root], left) for program in form.terms)
    except NoValue:
        return None
    size = max(sizes)
    return abs(one - two) / size if size else 0.0


def _no_root(form: SolvedForm, values: Sequence[Value | None], outside: list[str]) -> OutOfDomain:
    unknown = form.unknown
    if outside:
        hint = "the relation holds there only; other values of the inputs may give a root inside"
        return OutOfDomain(unknown.symbol, " or ".join(outside), str(unknown.domain), hint)
    failed = [text for branch in form.branches for text in _failed(form, branch.conditions, values)]
    closed = [
        text
        for branch in form.branches
        for text in _failed(form, [one for one in branch.conditions if not one.decisive], values)
    ]
    if closed:
        raise WayClosed(closed[0])
    hint = failed[0] if failed else f"{form.text} has no value that fulfils the relation"
    return OutOfDomain(unknown.symbol, "undefined", str(unknown.domain), hint)


def _failed(form: SolvedForm, conditions: Sequence[Condition], values: Sequence[Value | None]) -> list[str]:
    """The conditions that the values break, with what stands there instead."""
    broken: list[str] = []
    for condition in conditions:
        try:
            value = compile_tree(condition.node, form.symbols).run(values)
        except NoValue:
            continue
        if not condition.holds(value):
            broken.append(f"{condition} is needed, but it is {number_shown(value)}")
    return broken
