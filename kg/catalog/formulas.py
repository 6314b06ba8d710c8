"""Formulas, their readings and complexities: from a node with its parts to one record."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.catalog.rows import DEFINITION, PREF_LABEL, SOURCE, Node, Nodes, ask_rows, named, slug_of, text_of
from kg.catalog.sources import Sources, evidence_of, read_sources
from kg.catalog.units import read_quantities, read_units
from kg.errors import InvalidData, NotFound
from kg.model.formula import (
    ConstantSet,
    ConstantValue,
    Domain,
    Formula,
    Reading,
    Role,
    ValidRange,
    Variable,
    WorkedExample,
)
from kg.model.iri import ONTOLOGY, Iri
from kg.model.quantity import ONE, Quantity, Unit
from kg.model.uncertainty import Correlation
from kg.store.base import Store

_ROLES: Final = {str(role): role for role in Role}


def list_formulas(store: Store) -> tuple[Formula, ...]:
    """All formulas, by IRI, in a fixed number of queries.

    Raises:
        InvalidData: one is malformed; names subject and property.
    """
    records = FormulaRecords.read(store, formula_iris(store))
    return tuple(map(records.build, records.iris))


def formula_iris(store: Store) -> tuple[Iri, ...]:
    """The IRIs of all formulas, sorted."""
    return _expressions_of(store, "Formula")


def complexity_iris(store: Store) -> tuple[Iri, ...]:
    """The IRIs of all complexities, sorted."""
    return _expressions_of(store, "Complexity")


def _expressions_of(store: Store, class_name: str) -> tuple[Iri, ...]:
    rows = ask_rows(store, "expressions", **{"class": NamedNode(ONTOLOGY + class_name)})
    return tuple(Iri(text_of(row, "expression")) for row in rows)


def read_formula(store: Store, iri: Iri) -> Formula:
    """The formula with that IRI.

    Raises:
        NotFound: there is no such formula.
        InvalidData: it is malformed; names subject and property.
    """
    records = FormulaRecords.read(store, [iri])
    if not records.nodes[iri].is_a("Formula"):
        raise NotFound("formula", iri)
    return records.build(iri)


def read_expression(store: Store, iri: Iri) -> Formula:
    """The formula that an IRI stands for: a formula, a reading over its owner's variables, or a complexity.

    Raises:
        NotFound: there is no expression of that name.
        InvalidData: it is malformed; names subject and property.
    """
    records = FormulaRecords.read(store, [iri])
    node = records.nodes[iri]
    if node.is_a("Reading"):
        for row in ask_rows(store, "reading-owner", reading=NamedNode(iri)):
            return read_formula(store, Iri(text_of(row, "formula"))).as_read(iri)
    if not node.text("expression"):
        raise NotFound("formula", iri)
    return records.build(iri)


@dataclass(frozen=True, slots=True)
class FormulaRecords:
    """The nodes of some expressions and of all their parts, from which each record is built by itself."""

    iris: tuple[Iri, ...]
    nodes: Nodes
    units: dict[Iri, Unit]
    quantities: dict[Iri, Quantity]
    sources: Sources

    @classmethod
    def read(cls, store: Store, iris: Iterable[Iri]) -> "FormulaRecords":
        """All that the graph holds of these expressions, in four queries however many there are."""
        iris = tuple(iris)
        nodes = Nodes.of(ask_rows(store, "expression", expression=named(iris)))
        units = {unit.iri: unit for unit in read_units(store)}
        return cls(
            iris,
            nodes,
            units,
            read_quantities(store, _linked(nodes, "ofQuantity"), units),
            read_sources(store, _linked(nodes, SOURCE)),
        )

    def build(self, iri: Iri) -> Formula:
        """The record of one of them.

        Raises:
            InvalidData: it is malformed; names subject and property.
        """
        node = self.nodes[iri]
        sets = tuple(self._constant_set(part) for part in node.links("hasConstantSet"))
        default = node.link("defaultConstantSet")
        evidence = evidence_of(node, self.sources)
        return Formula(
            iri=iri,
            slug=slug_of(iri),
            label=node.first_text(PREF_LABEL) or slug_of(iri),
            expression=node.require_text("expression"),
            variables=self._variables(node),
            statement=node.first_text(DEFINITION),
            kind=node.term("formulaKind"),
            latex=node.text("latex"),
            conditions=tuple(term.value for term in node.all("condition") if isinstance(term, Literal)),
            constant_sets=sets,
            default_set=slug_of(default) if default else "",
            default_rationale=evidence.rationale if default else "",
            examples=tuple(self._example(part) for part in node.links("hasExample")),
            readings=self._readings(node),
            evidence=evidence,
        )

    def _variables(self, owner: Node) -> tuple[Variable, ...]:
        return tuple(self._variable(iri) for iri in owner.links("hasVariable"))

    def _variable(self, iri: Iri) -> Variable:
        node = self.nodes[iri]
        role = _ROLES.get(node.term("role"))
        if role is None:
            raise InvalidData(iri, "has no tv:role of vocab/role", f"give it one of {', '.join(_ROLES)}")
        quantity = self._quantity(node)
        unit = self._unit(node) or _unit_of(quantity)
        index = node.link("indexedBy")
        default = node.number("default")
        value = node.number("value")
        symbol = node.require_text("symbol")
        return Variable(
            iri=iri,
            symbol=symbol,
            role=role,
            label=node.first_text(PREF_LABEL) or symbol,
            quantity=quantity,
            unit=unit or ONE,
            unit_declared=unit is not None or role is Role.INDEX,
            domain=_domain(node),
            default=default if value is None else value,
            default_source=next(iter(self.sources.of(node)), None),
            indexed_by=self.nodes[index].require_text("symbol") if index else "",
        )

    def _quantity(self, node: Node) -> Quantity | None:
        iri = node.link("ofQuantity")
        if iri is None:
            return None
        if iri not in self.quantities:
            raise InvalidData(node.iri, f"tv:ofQuantity is {iri}, which has no tv:canonicalUnit")
        return self.quantities[iri]

    def _unit(self, node: Node) -> Unit | None:
        iri = node.link("hasUnit")
        if iri is None:
            return None
        if iri not in self.units:
            raise InvalidData(node.iri, f"tv:hasUnit is {iri}, which is no unit of the dataset")
        return self.units[iri]

    def _constant_set(self, iri: Iri) -> ConstantSet:
        node = self.nodes[iri]
        values = tuple(self._constant(self.nodes[part]) for part in node.links("hasConstant"))
        ranges = tuple(self._range(self.nodes[part]) for part in node.links("validFor"))
        return ConstantSet(
            iri=iri,
            name=slug_of(iri),
            label=node.first_text(PREF_LABEL) or slug_of(iri),
            values=tuple(sorted(values, key=lambda value: value.symbol)),
            ranges=tuple(sorted(ranges, key=lambda span: span.symbol)),
            evidence=evidence_of(node, self.sources),
            dependence=node.term("dependence"),
            correlations=self._correlations(node),
        )

    def _correlations(self, owner: Node) -> tuple[Correlation, ...]:
        found = [self._correlation(self.nodes[part]) for part in owner.links("hasCorrelation")]
        return tuple(sorted(found, key=lambda one: (one.one, one.other)))

    def _correlation(self, node: Node) -> Correlation:
        symbols = sorted(self.nodes[iri].require_text("symbol") for iri in node.links("ofVariable"))
        coefficient = node.require_number("value")
        if len(symbols) != 2 or not -1 <= coefficient <= 1:
            reason = f"is no correlation: {coefficient:g} of {', '.join(symbols) or 'nothing'}"
            raise InvalidData(node.iri, reason, "give it two tv:ofVariable and a tv:value from -1 to 1")
        return Correlation(symbols[0], symbols[1], coefficient)

    def _constant(self, node: Node) -> ConstantValue:
        factor = self._factor(node)
        error, low, high = (node.number(name) for name in ("standardError", "low", "high"))
        return ConstantValue(
            symbol=self._symbol_of(node),
            value=node.require_number("value") * factor,
            standard_error=None if error is None else error * factor,
            low=None if low is None else low * factor,
            high=None if high is None else high * factor,
            level=node.number("level"),
        )

    def _factor(self, node: Node) -> float:
        """What turns the numbers of a constant's value into the unit of its variable; 1 where they are in it."""
        unit, variable = self._unit(node), node.link("ofVariable")
        if unit is None or variable is None:
            return 1.0
        own = self._unit(self.nodes[variable]) or _unit_of(self._quantity(self.nodes[variable]))
        if own is None:
            reason = f"is in {unit.symbol}, but its variable has no unit: it holds in the units of the other variables"
            raise InvalidData(node.iri, reason, "give the variable a unit, or leave out tv:hasUnit")
        if unit.dimension != own.dimension:
            reason = f"is in {unit.symbol}, of dimension {unit.dimension}; its variable is in {own.symbol}"
            raise InvalidData(node.iri, reason, f"give it in a unit of {own.dimension}")
        return unit.factor / own.factor

    def _range(self, node: Node) -> ValidRange:
        return ValidRange(self._symbol_of(node), node.number("low"), node.number("high"))

    def _symbol_of(self, node: Node) -> str:
        variable = node.link("ofVariable")
        if variable is None:
            raise InvalidData(node.iri, "has no tv:ofVariable", "point to a variable of the formula")
        return self.nodes[variable].require_text("symbol")

    def _example(self, iri: Iri) -> WorkedExample:
        node = self.nodes[iri]
        fit = node.link("usesConstantSet")
        tolerance = node.number("relativeTolerance")
        return WorkedExample(
            iri=iri,
            name=slug_of(iri),
            givens=node.text("givens"),
            expected=node.require_number("expected"),
            relative_tolerance=1e-9 if tolerance is None else tolerance,
            basis=node.term("basis"),
            fit=slug_of(fit) if fit else "",
            evidence=evidence_of(node, self.sources),
        )

    def _readings(self, owner: Node) -> tuple[Reading, ...]:
        preferred = owner.link("preferredReading")
        readings = [self._reading(iri, preferred) for iri in owner.links("hasReading")]
        return tuple(sorted(readings, key=lambda reading: (-(reading.certainty or 0.0), reading.iri)))

    def _reading(self, iri: Iri, preferred: Iri | None) -> Reading:
        node = self.nodes[iri]
        return Reading(
            iri=iri,
            name=slug_of(iri),
            meaning=node.first_text("meaning"),
            expression=node.text("expression"),
            certainty=node.number("certainty"),
            preferred=iri == preferred,
            variables=self._variables(node),
        )


def _linked(nodes: Nodes, name: str) -> list[Iri]:
    return sorted({iri for node in nodes.values() for iri in node.links(name)})


def _unit_of(quantity: Quantity | None) -> Unit | None:
    """The unit that a quantity gives to a variable without one of its own.

    A plain number gives none: the prefactor of a power law is kept as a number, and its dimension follows.
    """
    return None if quantity is None or quantity.unit.dimension.is_plain else quantity.unit


def _domain(node: Node) -> Domain:
    low, above = node.number("minInclusive"), node.number("minExclusive")
    high, below = node.number("maxInclusive"), node.number("maxExclusive")
    return Domain(
        minimum=above if low is None else low,
        maximum=below if high is None else high,
        open_minimum=low is None and above is not None,
        open_maximum=high is None and below is not None,
        integer=node.flag("integer"),
    )
