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
from kg.formula.program import Value
from kg.formula.render_code import PYTHON, render_code
from kg.formula.script_roots import (
    bracket_of,
    branch_of,
    difference_of,
    find_root,
    plain_source,
    solve_together,
    starts_of,
)
from kg.formula.script_text import (
    assignment,
    cite,
    counted,
    divided,
    one_line,
    slug_of,
    times,
    told_of,
    unit_words,
)
from kg.formula.tree import Name, Relation, Sum, walk
from kg.formula.units import UnitTable
from kg.model.answer import Origin
from kg.model.derivation import Derivation, DerivationStep
from kg.model.derivation_parts import group_blocks, outside_values, target_step, value_key
from kg.model.iri import Iri

Compiled = Callable[[Iri], CompiledFormula]
"""Formula → its compiled form."""

_HEAD: Final = (
    "# A derivation in plain Python, 3.10 or later: it needs nothing else, and prints the value.",
    "#",
)
"""Two lines of ours first: only there would Python take a comment for a declaration of the encoding (PEP 263)."""
_OUR_NAMES: Final = frozenset({"math", "NormalDist", "find_root", "solve_together", "relation", "result"})
_AS_FOUND: Final = "; as it was found by number: rounding decides its last digits"
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
            slug = slug_of(step.quantity) or f"{slug_of(step.formula)}_{step.symbol}"
            self.derived[step.number] = self.name(slug)
        values = self.values()
        steps = [line for steps in group_blocks(derivation.steps) for line in self.block(steps)]
        body = "\n".join([*values, *steps, *self.last()])
        imports = ["import math"] * ("math." in body)
        imports += ["from statistics import NormalDist"] * ("NormalDist(" in body)
        head = [*_HEAD, one_line(f"# {derivation.label}, by {counted(len(derivation.steps), 'step')}.")]
        head += [one_line(f"# Mind: {warning}") for warning in derivation.warnings]
        helpers = [*self.helpers, "", ""] if self.helpers else [""] * bool(imports)
        return "\n".join([*head, "", *imports, *helpers, body]) + "\n"

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
                f"{slug_of(step.formula)}_{value.symbol}" if is_own else slug_of(value.quantity)
            )
            shown = list(value.value) if isinstance(value.value, tuple) else float(value.value)
            lines.append(f"{self.outside[key]} = {shown!r}  # {told_of(value, step)}")
        return lines

    def block(self, steps: tuple[DerivationStep, ...]) -> Iterator[str]:
        """The lines of one step, or of those that are solved together."""
        for step in steps:
            yield ""
            yield one_line(f"# {step.number}. {step.label}: {step.expression}")
            sources = (f"source: {cite(source)}" for source in step.sources)
            for note in (f"<{step.formula}>", *step.conditions, *sources):
                yield f"#    {one_line(note)}"
        yield from self.one(steps[0]) if len(steps) == 1 else self.together(steps)

    def one(self, step: DerivationStep) -> Iterator[str]:
        compiled = self.compiled(step.formula)
        names = self.names(step)
        yield from self.series(step, names)
        known = self.known(step)
        scale = compiled.scales[step.symbol]
        target, wanted = self.derived[step.number], step.value * scale
        branch = branch_of(compiled, step.symbol, known, wanted)
        if branch is not None:
            code = divided(render_code(branch, PYTHON, names), scale)
            variable = next(one for one in compiled.variables if one.symbol == step.symbol)
            if variable.domain.integer and branch is not compiled.body:
                code = f"float(round({code}))"
            yield assignment(target, code, step)
            return
        roots = [root * scale for root in step.roots]
        bracket = bracket_of(compiled, step.symbol, known, roots, wanted)
        if bracket is None:
            yield assignment(target, repr(step.value), step) + _AS_FOUND
            return
        self.help(find_root)
        unknown = names[step.symbol] = self.name("x")
        yield f"def relation({unknown}):"
        yield f"    return {self.difference(compiled, names)}"
        yield ""
        yield ""
        yield assignment(target, divided(f"find_root(relation, {bracket[0]!r}, {bracket[1]!r})", scale), step)

    def together(self, steps: tuple[DerivationStep, ...]) -> Iterator[str]:
        """A system of relations, one for each unknown: Newton's method from rounded values."""
        starts = starts_of([self.residual(step, steps) for step in steps], [step.value for step in steps])
        if starts is None:
            for step in steps:
                yield assignment(self.derived[step.number], repr(step.value), step) + _AS_FOUND
            return
        self.help(solve_together)
        arguments = ", ".join(self.derived[step.number] for step in steps)
        functions: list[str] = []
        for step in steps:
            compiled = self.compiled(step.formula)
            names = self.names(step)
            names[step.symbol] = times(self.derived[step.number], compiled.scales[step.symbol])
            functions.append(self.name(f"relation_{step.number}"))
            yield from self.series(step, names)
            yield f"def {functions[-1]}({arguments}):"
            yield f"    return {self.difference(compiled, names)}"
            yield ""
            yield ""
        yield f"{arguments} = solve_together([{', '.join(functions)}], {starts!r})"
        for step in steps:
            yield one_line(f"# {self.derived[step.number]}: {unit_words(step.unit)}")

    def residual(self, step: DerivationStep, steps: tuple[DerivationStep, ...]) -> Callable[..., float]:
        """The relation of one step of a block, as a function of the values of all its steps in their units."""
        compiled = self.compiled(step.formula)
        known = self.known(step)
        symbols = (*(name for name in known if name != step.symbol), step.symbol)
        program = difference_of(compiled, symbols)
        places = {one.number: place for place, one in enumerate(steps)}
        factors = {step.symbol: (places[step.number], compiled.scales[step.symbol])}
        for value in step.inputs:
            if value.step in places:
                factor = self.factor(self.step(value.step).unit, value.unit)
                factors[value.symbol] = places[value.step], factor * compiled.scales.get(value.symbol, 1.0)

        def relation(*values: float) -> float:
            put = {symbol: values[place] * factor for symbol, (place, factor) in factors.items()}
            return program.run([put[symbol] if symbol in put else known[symbol] for symbol in symbols])

        return relation

    def known(self, step: DerivationStep) -> dict[str, Value]:
        """The inputs of a step as its relation takes them."""
        compiled = self.compiled(step.formula)
        return {value.symbol: scaled(compiled, value.symbol, value.value) for value in step.inputs}

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
            found[value.symbol] = times(name, scale) if not isinstance(value.value, tuple) else name
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

    def help(self, function: Callable[..., object]) -> None:
        source = f"\n\n{plain_source(function)}"
        if source not in self.helpers:
            self.helpers.append(source)

    def last(self) -> list[str]:
        """The print, in the unit of the derivation."""
        derivation = self.derivation
        step = target_step(derivation)
        if step is None:
            known = repr(float(derivation.value))
            return [
                "",
                one_line(f"# {unit_words(derivation.unit)}; it was known, and no step was needed"),
                f"print({known})",
            ]
        code = times(self.derived[step.number], self.factor(step.unit, derivation.unit))
        return ["", one_line(f"# {derivation.label}: {unit_words(derivation.unit)}"), f"print({code})"]


def relation_of(compiled: CompiledFormula) -> Relation:
    """The formula as ``output = body``."""
    if compiled.output is None:
        raise ValueError(f"{compiled.formula.slug} is no relation")
    return Relation(Name(compiled.output.symbol), compiled.body)


def _indices(compiled: Iterable[CompiledFormula]) -> set[str]:
    """Names that run in sums: within them they would hide a value of that name."""
    return {part.index for one in compiled for part in walk(one.tree) if isinstance(part, Sum)}
