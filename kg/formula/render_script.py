"""A derivation as a Python script that computes its value again, with the standard library alone.

Code comes from expression trees and from numbers; what people wrote (labels, units, sources) stands in comments,
each of one line of printable characters.
"""

import builtins
import keyword
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from kg.formula.compile import CompiledFormula
from kg.formula.plan import scaled
from kg.formula.render_code import PYTHON, render_code
from kg.formula.script_roots import FIND_ROOT, SOLVE_TOGETHER, bracket_of, branch_of, two_digits
from kg.formula.tree import Name, Relation, Sum, walk
from kg.formula.units import UnitTable
from kg.model.answer import Origin
from kg.model.derivation import Derivation, DerivationStep, DerivedInput
from kg.model.derivation_parts import group_blocks, outside_values, value_key
from kg.model.evidence import Source
from kg.model.iri import Iri

Compiled = Callable[[Iri], CompiledFormula]
"""Formula → its compiled form."""

_HEAD: Final = (
    "# A derivation as plain Python 3: it needs the standard library only, and prints the value.",
    "#",
)
"""Two lines of ours first: only there would Python take a comment for a declaration of the encoding (PEP 263)."""
_OUR_NAMES: Final = frozenset({"math", "NormalDist", "find_root", "solve_together", "relation", "result"})
_RESERVED: Final = frozenset({*keyword.kwlist, *dir(builtins), *_OUR_NAMES})


def derivation_script(derivation: Derivation, compiled: Compiled, units: UnitTable) -> str:
    """The script: values with unit, origin and source, then a line or a few for each step, then the print.

    It prints one number, the derivation's value in its unit, to the rounding of doubles.
    """
    return _Writer(derivation, compiled, units).text()


class _Writer:
    def __init__(self, derivation: Derivation, compiled: Compiled, units: UnitTable) -> None:
        self.derivation = derivation
        self.compiled = compiled
        self.units = units
        self.taken = set(_RESERVED) | _indices(compiled(step.formula) for step in derivation.steps)
        self.outside: dict[object, str] = {}
        """Value from outside → its name."""
        self.derived: dict[int, str] = {}
        """Number of a step → the name of its value."""
        self.helpers: list[str] = []

    def text(self) -> str:
        derivation = self.derivation
        for step in derivation.steps:
            slug = _slug(step.quantity) or f"{_slug(step.formula)}_{step.symbol}"
            self.derived[step.number] = self.name(slug)
        values = self.values()
        steps = [line for steps in group_blocks(derivation.steps) for line in self.block(steps)]
        body = "\n".join([*values, *steps, *self.last()])
        imports = ["import math"] * ("math." in body or bool(self.helpers))
        imports += ["from statistics import NormalDist"] * ("NormalDist(" in body)
        head = [*_HEAD, one_line(f"# {derivation.label}, by {_count(len(derivation.steps), 'step')}.")]
        head += [one_line(f"# Mind: {warning}") for warning in derivation.warnings]
        return "\n".join([*head, "", *imports, *self.helpers, *[""] * bool(imports), body]) + "\n"

    def name(self, wanted: str) -> str:
        """A name of Python that nothing else has."""
        name = re.sub(r"\W", "_", wanted, flags=re.ASCII) or "value"
        if not name[0].isalpha():
            name = f"v_{name}"
        found, number = name, 1
        while found in self.taken:
            number += 1
            found = f"{name}_{number}"
        self.taken.add(found)
        return found

    def values(self) -> list[str]:
        """An assignment for each value that comes from outside, those that were given first."""
        order = list(Origin)
        found = outside_values(self.derivation).items()
        lines: list[str] = []
        for key, outside in sorted(found, key=lambda pair: order.index(pair[1].value.origin)):
            value, step = outside.value, outside.step
            is_own = value.origin is Origin.FIT or value.quantity is None
            self.outside[key] = self.name(
                f"{_slug(step.formula)}_{value.symbol}" if is_own else _slug(value.quantity)
            )
            shown = list(value.value) if isinstance(value.value, tuple) else float(value.value)
            lines.append(f"{self.outside[key]} = {shown!r}  # {_told(value, step)}")
        return lines

    def block(self, steps: tuple[DerivationStep, ...]) -> Iterator[str]:
        """The lines of one step, or of those that are solved together."""
        for step in steps:
            yield ""
            yield one_line(f"# {step.number}. {step.label}: {step.expression}")
            sources = (f"source: {_cite(source)}" for source in step.sources)
            for note in (f"<{step.formula}>", *step.conditions, *sources):
                yield f"#    {one_line(note)}"
        yield from self.one(steps[0]) if len(steps) == 1 else self.together(steps)

    def one(self, step: DerivationStep) -> Iterator[str]:
        compiled = self.compiled(step.formula)
        names = self.names(step)
        yield from self.series(step, names)
        known = {value.symbol: scaled(compiled, value.symbol, value.value) for value in step.inputs}
        scale = compiled.scales[step.symbol]
        target = self.derived[step.number]
        branch = branch_of(compiled, step.symbol, known, step.value * scale)
        if branch is not None:
            code = _divided(render_code(branch, PYTHON, names), scale)
            variable = next(one for one in compiled.variables if one.symbol == step.symbol)
            if variable.domain.integer:
                code = f"float(round({code}))"
            yield _result(target, code, step)
            return
        bracket = bracket_of(
            compiled, step.symbol, known, [root * scale for root in step.roots], step.value * scale
        )
        if bracket is None:
            yield _result(target, f"{step.value!r}", step) + "; found by number where the sides touch"
            return
        self.help(FIND_ROOT)
        unknown = names[step.symbol] = self.name("x")
        low, high = bracket
        yield f"def relation({unknown}):"
        yield f"    return {self.difference(compiled, names)}"
        yield ""
        yield ""
        yield _result(target, _divided(f"find_root(relation, {low!r}, {high!r})", scale), step)

    def together(self, steps: tuple[DerivationStep, ...]) -> Iterator[str]:
        """A system of relations, one for each unknown: Newton's method from rounded values."""
        self.help(SOLVE_TOGETHER)
        unknowns = {step.number: step for step in steps}
        arguments = ", ".join(self.derived[number] for number in unknowns)
        functions: list[str] = []
        for step in steps:
            compiled = self.compiled(step.formula)
            names = self.names(step)
            scale = compiled.scales[step.symbol]
            names[step.symbol] = _times(self.derived[step.number], scale)
            functions.append(self.name(f"relation_{step.number}"))
            yield from self.series(step, names)
            yield f"def {functions[-1]}({arguments}):"
            yield f"    return {self.difference(compiled, names)}"
            yield ""
            yield ""
        starts = ", ".join(repr(two_digits(step.value)) for step in steps)
        yield f"{arguments} = solve_together([{', '.join(functions)}], [{starts}])"
        for step in steps:
            yield one_line(f"# {self.derived[step.number]}: {_unit(step.unit)}")

    def difference(self, compiled: CompiledFormula, names: Mapping[str, str]) -> str:
        relation = relation_of(compiled)
        left, right = (render_code(side, PYTHON, names) for side in (relation.left, relation.right))
        return f"{left} - {right}"

    def names(self, step: DerivationStep) -> dict[str, str]:
        """Symbol → what stands for it in code, in the units that the relation computes in."""
        compiled = self.compiled(step.formula)
        found: dict[str, str] = {}
        for value in step.inputs:
            scale = compiled.scales.get(value.symbol, 1.0)
            if value.step:
                scale *= self.factor(self.step(value.step).unit, value.unit)
            name = self.derived[value.step] if value.step else self.outside[value_key(value, step)]
            found[value.symbol] = _times(name, scale) if not isinstance(value.value, tuple) else name
        return found

    def series(self, step: DerivationStep, names: dict[str, str]) -> Iterator[str]:
        """Assignments that bring the series among the inputs to the units of the relation."""
        compiled = self.compiled(step.formula)
        for value in step.inputs:
            scale = compiled.scales.get(value.symbol, 1.0)
            if isinstance(value.value, tuple) and scale != 1.0:
                name = self.name(f"{names[value.symbol]}_in_base_units")
                yield f"{name} = [one * {scale!r} for one in {names[value.symbol]}]"
                names[value.symbol] = name

    def step(self, number: int) -> DerivationStep:
        return next(step for step in self.derivation.steps if step.number == number)

    def factor(self, source: str, target: str) -> float:
        """What a value in one unit is multiplied by to be in the other."""
        if source == target:
            return 1.0
        first, second = self.units.find(source), self.units.find(target)
        return 1.0 if first is None or second is None else self.units.convert(1.0, first, second)

    def help(self, helper: str) -> None:
        if helper not in self.helpers:
            self.helpers.append(helper)

    def last(self) -> list[str]:
        """The print, in the unit of the derivation."""
        derivation = self.derivation
        if not derivation.steps:
            known = repr(float(derivation.value))
            return [
                "",
                one_line(f"# {_unit(derivation.unit)}; it was known, and no step was needed"),
                f"print({known})",
            ]
        step = derivation.steps[-1]
        code = _times(self.derived[step.number], self.factor(step.unit, derivation.unit))
        return ["", one_line(f"# {derivation.label}: {_unit(derivation.unit)}"), f"print({code})"]


def relation_of(compiled: CompiledFormula) -> Relation:
    """The formula as ``output = body``."""
    if compiled.output is None:
        raise ValueError(f"{compiled.formula.slug} is no relation")
    return Relation(Name(compiled.output.symbol), compiled.body)


def one_line(text: str) -> str:
    """The text as one line of printable characters, which ends nowhere but at its end.

    >>> one_line("a" + chr(10) + "import os" + chr(0x2028) + "b")
    'a import os b'
    """
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _indices(compiled: Iterable[CompiledFormula]) -> set[str]:
    """Names that run in sums: within them they would hide a value of that name."""
    return {part.index for one in compiled for part in walk(one.tree) if isinstance(part, Sum)}


def _slug(iri: Iri | None) -> str:
    return (iri or "").rstrip("/#").rpartition("/")[2]


def _times(name: str, factor: float) -> str:
    return name if factor == 1.0 else f"({name} * {factor!r})"


def _divided(code: str, scale: float) -> str:
    return code if scale == 1.0 else f"{code} / {scale!r}"


def _result(target: str, code: str, step: DerivationStep) -> str:
    if code.startswith("(") and _closes_at_end(code):
        code = code[1:-1]
    return f"{target} = {code}  # {one_line(_unit(step.unit))}"


def _closes_at_end(code: str) -> bool:
    """True where the bracket that begins the code is closed by its last character."""
    depth = 0
    for place, char in enumerate(code):
        depth += (char == "(") - (char == ")")
        if not depth:
            return place == len(code) - 1
    return False


def _told(value: DerivedInput, step: DerivationStep) -> str:
    """Unit, origin and source of a value, for a comment."""
    origin = f"fit {step.fit}" if value.origin is Origin.FIT else str(value.origin)
    if value.subject:
        origin = f"known of {_slug(value.subject)}"
    parts = [_unit(value.unit), value.label, origin, _cite(value.source) if value.source else ""]
    return one_line("; ".join(part for part in parts if part))


def _unit(unit: str) -> str:
    return "plain number" if unit in ("", "1") else unit


def _cite(source: Source) -> str:
    return f"{source.label} <{source.url or source.iri}>"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
