"""Answers to exercises judged: which reading of the question they answer, and how that is known."""

from dataclasses import asdict, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from kg.errors import BadParameter, DeadlineExceeded, NotCheckable
from kg.model.algebra import Witness
from kg.model.exercise import AnswerVerdict, CheckedAnswer, Exercise, ExpectedAnswer
from kg.services.engines import Engines
from kg.services.references import find_resource
from kg.workers.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from kg.model.formula import Domain, Formula


def read_exercise(engines: Engines, reference: str) -> Exercise:
    """An exercise by slug, CURIE or IRI.

    Raises:
        NotFound: there is none; near names are given.
    """
    from kg.catalog import exercises

    return exercises.read_exercise(engines.store, find_resource(engines, reference, kind="exercise"))


def check_answer(
    engines: Engines, reference: str, answer: str, *, limits: Limits = DEFAULT_LIMITS
) -> CheckedAnswer:
    """The verdict on an answer: a number, or an expression in the symbols of what the exercise gives.

    A proof may take half of the time; without one the answer is judged by points in the other half.

    Raises:
        NotFound: there is no such exercise. NotCheckable: its answers are words; says what it asks.
        BadParameter: no answer. BadSyntax, TooLarge, UnknownSymbol: it cannot be read.
        DeadlineExceeded, Overloaded, WorkerFailed: judging was stopped, or not begun.
    """
    exercise = read_exercise(engines, reference)
    if not exercise.readings:
        reason = f"it is {exercise.kind or 'not mathematical'}, and its answer is no expression"
        raise NotCheckable(exercise.slug, reason, exercise.prompt)
    if not answer.strip():
        raise BadParameter("answer", "", "a number or an expression, such as 3.98 or 10**0.6")
    records = [engines.record(one.iri) for one in exercise.readings]
    expected = _expected(exercise, records)
    payload = {
        "answer": answer,
        "expected": [asdict(one) for one in expected],
        "givens": {name: str(value) for name, value in _givens(exercise).items()},
        "variables": {v.symbol: _described(v.domain) for record in records for v in record.variables},
    }
    from kg.services.isolation import run_isolated

    half = replace(limits, deadline_s=limits.deadline_s / 2)
    try:
        found = run_isolated(engines, "judge", payload | {"prove": True}, limits=half)
    except DeadlineExceeded:
        found = run_isolated(engines, "judge", payload | {"prove": False}, limits=half)
    return CheckedAnswer(exercise, _read_verdict(found), expected)


def _expected(exercise: Exercise, records: "list[Formula]") -> tuple[ExpectedAnswer, ...]:
    from kg.formula.compile import compile_formula
    from kg.formula.render import render

    found = []
    for place, (reading, record) in enumerate(zip(exercise.readings, records, strict=True)):
        compiled = compile_formula(record)
        found.append(
            ExpectedAnswer(
                name=record.iri.rpartition("#")[2],
                label=reading.label,
                meaning=record.label,
                preferred=place == 0,
                symbol=compiled.output.symbol if compiled.output is not None else "",
                expression=render(compiled.body),
            )
        )
    return tuple(found)


def _givens(exercise: Exercise) -> dict[str, Fraction]:
    """The given numbers, exactly as they are written where they are plain decimals."""
    from kg.formula.givens import parse_givens
    from kg.formula.numbers import read_value
    from kg.formula.units import UnitTable
    from kg.model.quantity import ONE

    found: dict[str, Fraction] = {}
    for name, text in parse_givens(exercise.givens).items():
        try:
            found[name] = Fraction(str(text))
        except ValueError:
            found[name] = Fraction(read_value(text, unit=ONE, units=UnitTable(), where=name))
    return found


def _described(domain: "Domain") -> dict[str, Any]:
    """A domain as a request describes it."""
    return {
        "positive": domain.is_positive,
        "nonnegative": domain.is_nonnegative,
        "integer": domain.integer,
        "domain": [None if domain.minimum == 0 else domain.minimum, domain.maximum],
    }


def _read_verdict(found: dict[str, Any]) -> AnswerVerdict:
    witness = found.pop("witness")
    if witness is None:
        return AnswerVerdict(**found)
    point = tuple((name, value) for name, value in witness["point"])
    return AnswerVerdict(**found, witness=Witness(point, witness["left"], witness["right"]))
