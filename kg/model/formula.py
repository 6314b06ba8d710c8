"""A formula as the graph holds it: text in our grammar over variables that are bound to quantities."""

import math
import sys
from dataclasses import dataclass, field, replace
from enum import StrEnum

from kg.errors import NotFound
from kg.model.evidence import Evidence, Source
from kg.model.iri import Iri
from kg.model.quantity import ONE, Quantity, Unit
from kg.model.uncertainty import Correlation


class Role(StrEnum):
    """What a variable is in its formula (``vocab/role``)."""

    OUTPUT = "output"
    INPUT = "input"
    CONSTANT = "constant"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class Domain:
    """Where a variable may lie, in its own unit; None is unbounded."""

    minimum: float | None = None
    maximum: float | None = None
    open_minimum: bool = False
    open_maximum: bool = False
    integer: bool = False

    def __contains__(self, value: float) -> bool:
        if not math.isfinite(value) or (self.integer and value != int(value)):
            return False
        if self.minimum is not None and (
            value < self.minimum or (self.open_minimum and value == self.minimum)
        ):
            return False
        return not (
            self.maximum is not None
            and (value > self.maximum or (self.open_maximum and value == self.maximum))
        )

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest double that are surely in it; infinity and minus infinity for whole numbers."""
        if self.integer:
            return math.inf, -math.inf
        low = -sys.float_info.max if self.minimum is None else self.minimum
        high = sys.float_info.max if self.maximum is None else self.maximum
        low = math.nextafter(low, math.inf) if self.open_minimum else low
        return low, math.nextafter(high, -math.inf) if self.open_maximum else high

    @property
    def is_positive(self) -> bool:
        """True where every value of the domain is greater than zero."""
        return self.minimum is not None and (self.minimum > 0 or (self.minimum == 0 and self.open_minimum))

    @property
    def is_nonnegative(self) -> bool:
        """True where no value of the domain is less than zero."""
        return self.minimum is not None and self.minimum >= 0

    def __str__(self) -> str:
        low = "(-∞" if self.minimum is None else f"{'(' if self.open_minimum else '['}{self.minimum:g}"
        high = "∞)" if self.maximum is None else f"{self.maximum:g}{')' if self.open_maximum else ']'}"
        return f"{low}, {high}{' of whole numbers' if self.integer else ''}"


@dataclass(frozen=True, slots=True)
class Variable:
    """A symbol of one formula. ``unit`` is the unit of its values and of its default.

    ``indexed_by`` names the index symbol of a series (``w[i]``); its values are then tuples.
    """

    iri: Iri
    symbol: str
    role: Role
    label: str
    quantity: Quantity | None = None
    unit: Unit = ONE
    unit_declared: bool = True
    """False where a fitted constant's dimension is left to be inferred."""
    domain: Domain = field(default_factory=Domain)
    default: float | None = None
    default_source: Source | None = None
    indexed_by: str = ""


@dataclass(frozen=True, slots=True)
class ConstantValue:
    """A constant's value in one set, with its spread where the source gives one."""

    symbol: str
    value: float
    standard_error: float | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None


@dataclass(frozen=True, slots=True)
class ValidRange:
    """Where a fit was made: outside, an answer carries a warning."""

    symbol: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ConstantSet:
    """One fit of a law: a value for each of its constants. ``name`` is its fragment, as in ``?fit=``."""

    iri: Iri
    name: str
    label: str
    values: tuple[ConstantValue, ...]
    ranges: tuple[ValidRange, ...] = ()
    evidence: Evidence = field(default_factory=Evidence)
    dependence: str = ""
    """``independent``, ``known`` or ``unknown``: what is known of the correlation of the constants' errors."""
    correlations: tuple[Correlation, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """Givens in the syntax of ``tvf:evaluate`` and the number that must come out."""

    iri: Iri
    name: str
    givens: str
    expected: float
    relative_tolerance: float
    basis: str
    fit: str = ""
    evidence: Evidence = field(default_factory=Evidence)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way in which a formula, claim or exercise can be read; ``expression`` where the grammar can say it.

    It shares its owner's variables; ``variables`` are those it adds.
    """

    iri: Iri
    name: str
    meaning: str
    expression: str = ""
    certainty: float | None = None
    preferred: bool = False
    variables: tuple[Variable, ...] = ()


@dataclass(frozen=True, slots=True)
class Formula:
    """A named relation. ``expression`` is its source of truth; ``variables`` is its closed symbol table."""

    iri: Iri
    slug: str
    label: str
    expression: str
    variables: tuple[Variable, ...]
    statement: str = ""
    kind: str = ""
    latex: str = ""
    conditions: tuple[str, ...] = ()
    constant_sets: tuple[ConstantSet, ...] = ()
    default_set: str = ""
    default_rationale: str = ""
    examples: tuple[WorkedExample, ...] = ()
    readings: tuple[Reading, ...] = ()
    evidence: Evidence = field(default_factory=Evidence)

    def variable(self, symbol: str) -> Variable | None:
        """The variable with that symbol, if any."""
        return next((variable for variable in self.variables if variable.symbol == symbol), None)

    @property
    def output(self) -> Variable | None:
        """The variable that the formula gives, if one is declared."""
        return next((variable for variable in self.variables if variable.role is Role.OUTPUT), None)

    def as_read(self, reading: Iri) -> "Formula":
        """This formula in another of its readings: that expression over its own variables and the reading's.

        Raises:
            NotFound: it has no such reading, or the reading is said in words only.
        """
        found = next((one for one in self.readings if one.iri == reading and one.expression), None)
        if found is None:
            known = tuple(one.name for one in self.readings if one.expression)
            raise NotFound(f"reading of {self.slug} with an expression", reading.rpartition("#")[2], known)
        own = {variable.symbol for variable in found.variables}
        gives = any(variable.role is Role.OUTPUT for variable in found.variables)
        shared = (
            variable
            for variable in self.variables
            if variable.symbol not in own and not (gives and variable.role is Role.OUTPUT)
        )
        return replace(
            self,
            iri=found.iri,
            label=found.meaning or found.name,
            expression=found.expression,
            variables=(*shared, *found.variables),
            readings=(),
            examples=(),
        )
