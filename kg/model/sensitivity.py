"""How a formula's output moves with each of its inputs."""

from dataclasses import dataclass

from kg.model.answer import Origin
from kg.model.evidence import Source
from kg.model.iri import Iri


@dataclass(frozen=True, slots=True)
class Sway:
    """What one input does to the output: at the point, and from its low to its high.

    ``partial`` in ``partial_unit``; ``elasticity`` is the output's change in per cent for one of the input; ``low``
    and ``high`` are varied to on the ``basis`` that is stated, all else held; the outputs there are None where there
    is no value. ``reason`` says why a figure is missing.
    """

    symbol: str
    label: str
    value: float
    unit: str
    origin: Origin
    partial: float | None
    partial_unit: str
    elasticity: float | None
    low: float | None
    high: float | None
    basis: str
    output_low: float | None
    output_high: float | None
    swing: float | None
    """The distance between the two outputs."""
    quantity: Iri | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How a formula's output moves with each input, the widest swing first."""

    formula: Iri
    label: str
    expression: str
    symbol: str
    value: float
    unit: str
    inputs: tuple[Sway, ...]
    fit: str = ""
    fit_rationale: str = ""
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
