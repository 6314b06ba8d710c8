"""Hints for an exercise, disclosed one at a time: from what it is about to the last step before the number."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.errors import BadParameter, TriviumError
from kg.model.exercise import Exercise, Hint
from kg.services.engines import Engines
from kg.services.exercises import read_exercise

if TYPE_CHECKING:
    from kg.model.formula import Formula


def exercise_hints(engines: Engines, reference: str) -> tuple[Hint, ...]:
    """All hints, the broadest first.

    Where a formula answers the exercise they come from its record and from the steps of its solution, but for the
    last step, which is the answer; else from what the graph says of the topics and things that it is about.

    Raises:
        NotFound: there is no such exercise; near names are given.
    """
    exercise = read_exercise(engines, reference)
    if exercise.formula is None:
        return tuple(_about(engines, exercise))
    return tuple(_from_formula(engines, exercise, engines.record(exercise.formula)))


def give_hint(engines: Engines, reference: str, number: int) -> tuple[Exercise, Hint, int]:
    """The exercise, its hint of that number, which counts from 1, and how many there are.

    Raises:
        NotFound: there is no such exercise. BadParameter: it has no hint of that number.
    """
    hints = exercise_hints(engines, reference)
    if not 1 <= number <= len(hints):
        expected = f"a number from 1 to {len(hints)}" if hints else "nothing: this exercise has no hints"
        raise BadParameter("n", str(number), expected)
    return read_exercise(engines, reference), hints[number - 1], len(hints)


def _about(engines: Engines, exercise: Exercise) -> Iterator[Hint]:
    from kg.catalog.resources import describe

    for iri in (*exercise.assesses, *exercise.about):
        described = describe(engines.store, iri, engines.prefixes)
        definition = f": {described.definition}" if described.definition else ""
        yield Hint(f"Think of {described.label}{definition}", resource=iri)


def _from_formula(engines: Engines, exercise: Exercise, record: "Formula") -> Iterator[Hint]:
    yield Hint(f"It takes the formula “{record.label}”: {record.statement}", resource=record.iri)
    if exercise.givens:
        known = [v for v in record.variables if v.symbol in _givens(exercise)]
        told = "; ".join(f"{variable.symbol} is the {_lower(variable.label)}" for variable in known)
        yield Hint(f"Given are {exercise.givens}. {told}.")
    if record.evidence.rationale:
        yield Hint(f"Where the formula comes from: {record.evidence.rationale}", resource=record.iri)
    if len(exercise.readings) > 1:
        ways = "; ".join(reading.label for reading in exercise.readings)
        yield Hint(f"The question can be read in {len(exercise.readings)} ways; decide on one: {ways}.")
    yield from _steps(engines, exercise, record)


def _steps(engines: Engines, exercise: Exercise, record: "Formula") -> Iterator[Hint]:
    """The steps of the solution without the last, which computes the answer."""
    from kg.formula.givens import parse_givens
    from kg.services.formulas import solve_formula

    output = next((variable for variable in record.variables if variable.role == "output"), None)
    if output is None or not exercise.givens:
        return
    try:
        solution = solve_formula(engines, record.iri, output.symbol, dict(parse_givens(exercise.givens)))
    except TriviumError:  # The record stands as it is; what can be said of it has been.
        return
    for step in solution.steps[:-1]:
        condition = f", where {step.condition}" if step.condition else ""
        yield Hint(f"{step.action.capitalize()}{condition}", relation=step.relation)


def _givens(exercise: Exercise) -> frozenset[str]:
    from kg.formula.givens import parse_givens

    return frozenset(parse_givens(exercise.givens))


def _lower(label: str) -> str:
    """The label within a sentence; an abbreviation keeps its capitals."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
