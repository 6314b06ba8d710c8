"""A target derived through a chain of formulas: each step with its substitution, unit, conditions and sources."""

from dataclasses import dataclass

from kg.model.answer import Observed, Origin
from kg.model.evidence import Source
from kg.model.iri import Iri


@dataclass(frozen=True, slots=True)
class DerivedInput:
    """One value that a step used; ``step`` is the number of the step that gave it, 0 where none did."""

    symbol: str
    label: str
    value: float | tuple[float, ...]
    unit: str
    origin: Origin
    quantity: Iri | None = None
    subject: Iri | None = None
    """Of whom the value is known, where its origin is the subject."""
    source: Source | None = None
    step: int = 0
    alternatives: tuple[Observed, ...] = ()
    factor: float = 1.0
    """What the expression takes is ``value`` times this: 1 unless its units need one another's base units."""


@dataclass(frozen=True, slots=True)
class DerivationStep:
    """One formula, solved for one of its symbols. ``value`` in ``unit``, a symbol such as ``FLOP``.

    ``method`` is ``explicit``, ``isolated``, ``closed form``, ``numeric`` or ``simultaneous``; steps that were
    solved together share ``block``, which is 0 otherwise.
    """

    number: int
    formula: Iri
    label: str
    expression: str
    symbol: str
    quantity: Iri | None
    quantity_label: str
    method: str
    solved: str
    """The symbol alone on one side, where there is such a form: ``D = C / (6*N)``."""
    substituted: str
    """The same with the numbers put in; in base units where a ``factor`` is not 1."""
    value: float
    unit: str
    inputs: tuple[DerivedInput, ...]
    fit: str = ""
    fit_rationale: str = ""
    roots: tuple[float, ...] = ()
    """All roots, where there were several; ``value`` is the one that was taken."""
    conditions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    evidence: str = ""
    certainty: float | None = None
    block: int = 0
    factor: float = 1.0
    """What the expression gives is ``value`` times this."""


@dataclass(frozen=True, slots=True)
class ConsistencyCheck:
    """A formula that was not needed, though all its values are known: what it would give for one of them.

    Where the subject itself knows the target, ``formula`` is the one that gave the target, ``known`` the observed.
    """

    formula: Iri
    label: str
    symbol: str
    known: float
    computed: float
    unit: str
    relative_difference: float
    agrees: bool


@dataclass(frozen=True, slots=True)
class AlternativeWay:
    """Another chain to the target; its formulas in order."""

    formulas: tuple[Iri, ...]
    labels: tuple[str, ...]
    cost: float
    value: float
    unit: str
    relative_difference: float
    """From the value of the cheapest way."""
    warnings: tuple[str, ...] = ()
    fits: tuple[str, ...] = ()
    """The fits in use, where that is what differs."""


@dataclass(frozen=True, slots=True)
class Need:
    """A quantity that would have to be given, with the name and the unit to give it by.

    ``slug`` is that of the quantity, or ``formula#symbol`` for a variable that shares its quantity with another.
    """

    quantity: Iri
    slug: str
    label: str
    unit: str


@dataclass(frozen=True, slots=True)
class Derivation:
    """The value of a target quantity and the cheapest way to it; each formula of the way counts once in ``cost``.

    ``inputs`` are all that came from outside, by quantity: given, of the subject, by default. The constants of a
    law stand with its steps. Without steps, the subject itself knows the target.
    """

    target: Iri
    label: str
    value: float
    unit: str
    steps: tuple[DerivationStep, ...]
    inputs: tuple[DerivedInput, ...]
    cost: float
    alternatives: tuple[AlternativeWay, ...] = ()
    checks: tuple[ConsistencyCheck, ...] = ()
    warnings: tuple[str, ...] = ()
    """What lies outside fitted ranges, disagrees, or was taken by default."""
    sources: tuple[Source, ...] = ()
