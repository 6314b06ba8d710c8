"""What a plot shows, as numbers: axes, curves, bars and observed spots. What writes it draws, and computes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kg.model.evidence import Source
from kg.model.iri import Iri


class PlotKind(StrEnum):
    """What a plot of a formula shows."""

    SWEEP = "sweep"
    FITS = "fits"
    SENSITIVITY = "sensitivity"
    OBSERVED = "observed"


@dataclass(frozen=True, slots=True)
class Axis:
    """A variable and the unit of its numbers; ``1`` is the plain number."""

    symbol: str
    label: str
    unit: str = "1"
    scale: str = ""
    """``log`` or ``linear``; empty where the values decide."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A series of points by rising ``x``; a ``y`` of None is a gap. All series here are as long as ``x``, or empty."""

    name: str
    x: tuple[float, ...]
    y: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    fitted: tuple[bool, ...] = ()
    """True where a point lies in all ranges that the fit was made on; empty where none is on record."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """The output with one input at either end of its range, the others held; ``at_low`` and ``at_high`` in words."""

    name: str
    low: float
    high: float
    at_low: str
    at_high: str
    basis: str = ""
    """Why the input is varied that far."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A thing of which both quantities are known."""

    iri: Iri
    label: str
    x: float
    y: float
    method: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """All that a picture needs. ``x`` is None for bars, whose numbers lie on ``y``; ``base`` is their centre."""

    kind: PlotKind
    title: str
    y: Axis
    x: Axis | None = None
    subtitle: tuple[str, ...] = ()
    curves: tuple[Curve, ...] = ()
    bars: tuple[Bar, ...] = ()
    spots: tuple[Spot, ...] = ()
    base: float | None = None
    band: str = ""
    """What ``low`` and ``high`` of curves are, in words."""
    notes: tuple[str, ...] = ()
    formula: Iri | None = None
    version: str = ""
    """Of the dataset."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    """What was asked for, by name."""
    sources: tuple[Source, ...] = ()
