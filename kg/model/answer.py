"""What the formula engine answers: numbers that name their inputs, origins, units and sources."""

from dataclasses import dataclass
from enum import StrEnum

from kg.model.deferred import Deferred
from kg.model.evidence import Source
from kg.model.iri import Iri
from kg.model.uncertainty import Uncertainty


class Origin(StrEnum):
    """Where an input's value comes from."""

    GIVEN = "given"
    DEFAULT = "default"
    SUBJECT = "subject"
    FIT = "fit"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Observed:
    """A value that the graph knows of a subject, in the unit of its source; best first where there are several."""

    quantity: Iri
    value: float
    unit: Iri
    method: str
    date: str
    observation: Iri
    sources: tuple[Source, ...] = ()
    low: float | None = None
    high: float | None = None
    level: float | None = None
    standard_error: float | None = None


@dataclass(frozen=True, slots=True)
class InputValue:
    """One input as it went into the formula; ``value`` in ``unit`` (a symbol such as ``FLOP``)."""

    symbol: str
    label: str
    value: float | tuple[float, ...]
    unit: str
    origin: Origin
    quantity: Iri | None = None
    source: Source | None = None
    alternatives: tuple[Observed, ...] = ()
    """Other observations of the same subject and quantity."""


@dataclass(frozen=True, slots=True)
class ReadingValue:
    """What another reading of the formula gives for the same inputs; None where it cannot be computed from them."""

    name: str
    meaning: str
    expression: str
    certainty: float | None
    preferred: bool
    value: float | None
    unit: str = ""
    reason: str = ""
    """Why there is no value."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a derivation: what was done, and the relation after it."""

    action: str
    relation: str
    condition: str = ""
    """What must hold for this step, in words; empty where nothing must."""


@dataclass(frozen=True, slots=True)
class Evaluation(Deferred):
    """A formula's output with everything it rests on. ``unit`` is the symbol of the output's unit.

    The engine computes value and unit at once; inputs, steps, warnings and sources when one of them is read.
    """

    formula: Iri
    label: str
    expression: str
    symbol: str
    value: float
    unit: str
    inputs: tuple[InputValue, ...]
    steps: tuple[Step, ...] = ()
    fit: str = ""
    fit_rationale: str = ""
    warnings: tuple[str, ...] = ()
    readings: tuple[ReadingValue, ...] = ()
    sources: tuple[Source, ...] = ()
    evidence: str = ""
    certainty: float | None = None
    uncertainty: Uncertainty | None = None
    """How sure the value is, where that was asked for."""


@dataclass(frozen=True, slots=True)
class Root:
    """One value of the unknown, in ``unit``; ``residual`` is |lhs − rhs| relative to the terms, put back in."""

    value: float
    unit: str
    method: str
    residual: float
    conditions: tuple[str, ...] = ()
    bracket: tuple[float, float] | None = None
    """For a root by number: the stretch of the unknown that it was found in, in ``unit``."""


@dataclass(frozen=True, slots=True)
class Search:
    """How complete a search for roots was: ``proved`` is True where no root can be missing; ``how`` in words."""

    complete: str
    """``proved``, or ``scanned(512)`` with the number of points that were tried."""
    how: str
    low: float
    high: float

    @property
    def proved(self) -> bool:
        """True where all roots in the domain were found."""
        return self.complete == "proved"


@dataclass(frozen=True, slots=True)
class Solution:
    """A formula solved for one of its symbols: the closed form with its steps, and its roots for the given values.

    ``closed_form`` is empty where there is none; ``search`` then says how its roots were looked for.
    """

    formula: Iri
    label: str
    expression: str
    symbol: str
    closed_form: str
    steps: tuple[Step, ...]
    conditions: tuple[str, ...]
    roots: tuple[Root, ...]
    inputs: tuple[InputValue, ...]
    fit: str = ""
    fit_rationale: str = ""
    warnings: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    search: Search | None = None
