"""A derivation taken apart: its values from outside, each once, and its steps by what is solved together."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.model.derivation import Derivation, DerivationStep, DerivedInput
from kg.model.evidence import Source


@dataclass(frozen=True, slots=True)
class OutsideValue:
    """A value that no step gave, with the first step that used it; ``number`` counts from 1."""

    number: int
    value: DerivedInput
    step: DerivationStep


def value_key(value: DerivedInput, step: DerivationStep) -> object:
    """The same for uses of one value: of one quantity and subject, with one number, unit and origin.

    A constant without a quantity, and one of a fit, is its formula's own.
    """
    is_own = value.quantity is None or value.origin == "fit"
    owner = (step.formula, value.symbol) if is_own else value.quantity
    return owner, value.subject, value.value, value.unit, value.origin


def outside_values(derivation: Derivation) -> dict[object, OutsideValue]:
    """All values that no step gave, by :func:`value_key`, in the order of their first use."""
    found: dict[object, OutsideValue] = {}
    for step in derivation.steps:
        for value in step.inputs:
            if not value.step:
                found.setdefault(value_key(value, step), OutsideValue(len(found) + 1, value, step))
    return found


def group_blocks(steps: Iterable[DerivationStep]) -> Iterator[tuple[DerivationStep, ...]]:
    """Steps one by one, those that were solved together as one."""
    waiting: list[DerivationStep] = []
    for step in steps:
        if waiting and (not step.block or step.block != waiting[0].block):
            yield tuple(waiting)
            waiting = []
        waiting.append(step)
    if waiting:
        yield tuple(waiting)


def target_step(derivation: Derivation) -> DerivationStep | None:
    """The step that gave the target; of a block it need not be the last. None where no step was needed."""
    for step in reversed(derivation.steps):
        if derivation.target in (step.quantity, f"{step.formula}#{step.symbol}"):
            return step
    return derivation.steps[-1] if derivation.steps else None


def all_sources(derivation: Derivation) -> tuple[Source, ...]:
    """The sources of all steps and values, by IRI."""
    found = {*derivation.sources, *(source for step in derivation.steps for source in step.sources)}
    values = (*derivation.inputs, *(value for step in derivation.steps for value in step.inputs))
    found |= {value.source for value in values if value.source}
    return tuple(sorted(found, key=lambda source: source.iri))


def constants_of(derivation: Derivation, step: DerivationStep) -> tuple[DerivedInput, ...]:
    """The values of a step that are its formula's own, such as those of a fit; all else is told of the derivation."""
    told = {value_key(value, step) for value in derivation.inputs}
    return tuple(value for value in step.inputs if not value.step and value_key(value, step) not in told)


def in_base_units(step: DerivationStep) -> bool:
    """True where the numbers that were put in are in base units, since the declared ones do not fit each other."""
    return step.factor != 1 or any(value.factor != 1 for value in step.inputs)
