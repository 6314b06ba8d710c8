"""An exercise, the answers that its readings expect, and what a given answer is worth."""

from dataclasses import dataclass

from kg.model.algebra import How, Judgement, Witness
from kg.model.iri import Iri


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """One way to read the question: an expression of the graph by IRI, with its name."""

    iri: Iri
    label: str


@dataclass(frozen=True, slots=True)
class Exercise:
    """A task. ``readings`` are the expressions that answer it, the preferred one first; none where words do."""

    iri: Iri
    slug: str
    label: str
    prompt: str
    kind: str
    givens: str = ""
    readings: tuple[QuestionReading, ...] = ()
    formula: Iri | None = None
    """The formula that the task needs."""
    assesses: tuple[Iri, ...] = ()
    """The topics that it is about, sorted; ``about`` are other things."""
    about: tuple[Iri, ...] = ()


@dataclass(frozen=True, slots=True)
class Hint:
    """One step towards an answer, in words, with the relation that it leads to where there is one."""

    text: str
    relation: str = ""
    resource: Iri | None = None
    """What it speaks of, to look up."""


@dataclass(frozen=True, slots=True)
class StepExercise:
    """An exercise as a step of a plan names it; ``topics`` are the slugs of all topics that it assesses."""

    iri: Iri
    slug: str
    label: str
    kind: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExpectedAnswer:
    """What one reading of the question expects: an expression over the symbols of the givens."""

    name: str
    label: str
    meaning: str
    preferred: bool
    symbol: str
    """The left side, where the reading is a relation."""
    expression: str


@dataclass(frozen=True, slots=True)
class AnswerVerdict:
    """What an answer is worth. ``reading`` names the reading that it answers; empty where it answers none.

    ``tolerance`` is by how much it may differ where it counts as a rounded value; None where it is exact.
    ``part`` is the part of the expected expression that it is, where it is only that.
    """

    answer: str
    value: str
    """The answer as a number, to twenty digits; empty where it has none."""
    verdict: Judgement
    how: How
    reason: str
    reading: str = ""
    tolerance: float | None = None
    part: str = ""
    slip: str = ""
    """In words what went wrong, where the answer is what a common slip gives."""
    witness: Witness | None = None


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """An exercise with the verdict on an answer, and all readings of its question."""

    exercise: Exercise
    verdict: AnswerVerdict
    readings: tuple[ExpectedAnswer, ...]

    @property
    def reading(self) -> ExpectedAnswer | None:
        """The reading that the answer answers."""
        return next((one for one in self.readings if one.name == self.verdict.reading), None)
