"""What a formula gives for many points at once: arrays that name their inputs, origins, units and sources."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.model.answer import InputValue
from kg.model.evidence import Source
from kg.model.iri import Iri

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One variable with a value for each point, in ``unit``."""

    symbol: str
    label: str
    values: "NDArray[np.float64]"
    unit: str
    quantity: Iri | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """A formula's output at many points. ``value`` has the shape of the arrays that were given.

    No value is NaN or infinite. Where points without a value were asked to be masked and there are some, ``value``
    is a :class:`numpy.ma.MaskedArray`, ``undefined`` counts them and ``reason`` says why the first has none.
    """

    formula: Iri
    label: str
    expression: str
    symbol: str
    value: "NDArray[np.float64]"
    unit: str
    columns: tuple[Column, ...]
    """The variables that differ from point to point."""
    inputs: tuple[InputValue, ...]
    """The others."""
    undefined: int = 0
    reason: str = ""
    fit: str = ""
    fit_rationale: str = ""
    warnings: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    evidence: str = ""
    certainty: float | None = None

    def __len__(self) -> int:
        """How many points there are."""
        return int(self.value.size)


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """The values that a sweep gives to one variable, ascending or as they were given, in ``unit``."""

    symbol: str
    label: str
    values: "NDArray[np.float64]"
    unit: str
    scale: str
    """``log`` or ``linear``: how the values follow each other; ``list`` where they were given one by one."""


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """A formula's output on a grid: ``batch.value`` has one dimension for each of the ``axes``."""

    axes: tuple[Axis, ...]
    batch: Batch


@dataclass(frozen=True, slots=True, eq=False)
class RootBatch:
    """A formula solved for one of its symbols at many points: one root each, masked as in a :class:`Batch`.

    ``residual`` is the greatest |lhs - rhs| relative to the terms, each root put back into the relation.
    """

    formula: Iri
    label: str
    expression: str
    symbol: str
    value: "NDArray[np.float64]"
    unit: str
    method: str
    """``isolated``, or ``numeric`` where there is no closed form."""
    closed_form: str
    conditions: tuple[str, ...]
    residual: float
    columns: tuple[Column, ...]
    inputs: tuple[InputValue, ...]
    undefined: int = 0
    reason: str = ""
    fit: str = ""
    fit_rationale: str = ""
    warnings: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()

    def __len__(self) -> int:
        """How many points there are."""
        return int(self.value.size)
