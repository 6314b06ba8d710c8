"""The roots of a closed form for given values: computed, put back into the relation, held to the domain."""

from collections.abc import Sequence
from typing import Final

from kg.errors import OutOfDomain
from kg.formula.closed import SolvedForm
from kg.formula.compile import CompiledFormula
from kg.formula.conditions import Condition, without_implied
from kg.formula.program import NoValue, Program, Value, compile_tree
from kg.formula.steps import number_shown
from kg.formula.units import UnitTable
from kg.model.answer import Root
from kg.model.quantity import Unit

METHOD: Final = "isolated"
TOLERANCE: Final = 1e-8
"""Greatest residual of a root, relative to the largest term of the relation."""

WHOLE_TOLERANCE: Final = 1e-9
"""How near, relatively, a root must come to a whole number to be taken for one."""


def find_roots(
    compiled: CompiledFormula,
    form: SolvedForm,
    values: Sequence[Value | None],
    wanted: Unit,
    units: UnitTable,
) -> tuple[Root, ...]:
    """The roots in the unit ``wanted``, ascending; there is at least one.

    Raises:
        OutOfDomain: none lies in the unknown's domain; says what was found, or which condition fails.
    """
    unknown = form.unknown
    scale = compiled.scales[unknown.symbol]
    unit_text = wanted.symbol if wanted is not unknown.unit else compiled.unit_text(unknown)
    roots: dict[float, Root] = {}
    outside: list[str] = []
    for branch, program in zip(form.branches, form.programs, strict=True):
        found = _root_value(program, values, scale, whole=unknown.domain.integer)
        if found is None:
            continue
        residual = _residual(form, values, found * scale)
        if residual is None or residual > TOLERANCE:
            continue
        if found not in unknown.domain:
            outside.append(number_shown(found))
            continue
        value = units.convert(found, unknown.unit, wanted) if wanted is not unknown.unit else found
        conditions = tuple(str(condition) for condition in without_implied(branch.conditions))
        roots.setdefault(value, Root(value, unit_text, METHOD, residual, conditions))
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
    if whole and abs(value - round(value)) <= WHOLE_TOLERANCE * max(1.0, abs(value)):
        return float(round(value))
    return value


def _residual(form: SolvedForm, values: Sequence[Value | None], root: float) -> float | None:
    """How far the sides are apart at the root, relative to the largest term; None where one has no value."""
    try:
        left, right, *terms = (program.run([*values, root]) for program in form.terms)
    except NoValue:
        return None
    size = max(abs(left), abs(right), *(abs(term) for term in terms))
    return abs(left - right) / size if size else 0.0


def _no_root(form: SolvedForm, values: Sequence[Value | None], outside: list[str]) -> OutOfDomain:
    unknown = form.unknown
    if outside:
        hint = "the relation holds there only; other values of the inputs may give a root inside"
        return OutOfDomain(unknown.symbol, " or ".join(outside), str(unknown.domain), hint)
    failed = [text for branch in form.branches for text in _failed(form, branch.conditions, values)]
    hint = failed[0] if failed else f"{form.text} has no value that fulfils the relation"
    return OutOfDomain(unknown.symbol, "undefined", str(unknown.domain), hint)


def _failed(form: SolvedForm, conditions: tuple[Condition, ...], values: Sequence[Value | None]) -> list[str]:
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
