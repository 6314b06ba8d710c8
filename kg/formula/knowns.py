"""What is known before a derivation begins: given, or of a subject; defaults stand ready as a last resort."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kg.errors import BadParameter, InvalidData, NotFound, OutOfDomain
from kg.formula.costs import BY_DEFAULT
from kg.formula.names import near_names
from kg.formula.network import Instance, Network
from kg.formula.numbers import read_series, read_value
from kg.formula.program import Value
from kg.formula.steps import number_shown
from kg.formula.units import UnitTable
from kg.model.answer import Observed, Origin
from kg.model.evidence import Source
from kg.model.formula import Role
from kg.model.iri import Iri
from kg.model.quantity import ONE

Observations = Mapping[Iri, Sequence[Observed]]
"""Subject → what is known of it, best first."""


@dataclass(frozen=True, slots=True)
class Known:
    """The value of an instance, in its unit, and where it comes from."""

    value: Value
    origin: Origin
    source: Source | None = None
    subject: Iri | None = None
    alternatives: tuple[Observed, ...] = ()
    formula: str = ""
    """The label of the formula whose default it is."""


@dataclass(slots=True)
class Knowns:
    """What holds from the start; ``constants`` are the givens for constants of a law, in their units.

    ``ambiguous`` are nodes that several subjects know: what is known of which is not said, so none is taken.
    """

    values: dict[int, Known] = field(default_factory=dict)
    defaults: dict[int, Known] = field(default_factory=dict)
    constants: dict[int, dict[str, float]] = field(default_factory=dict)
    ambiguous: dict[int, tuple[Iri, ...]] = field(default_factory=dict)
    given: tuple[int, ...] = ()
    """The nodes that were given, in order."""

    @property
    def costs(self) -> dict[int, float]:
        """The sources of a search."""
        return {**dict.fromkeys(self.defaults, BY_DEFAULT), **dict.fromkeys(self.values, 0.0)}

    def known(self, node: int) -> Known:
        """What is known of a source, by default in the end."""
        return self.values.get(node) or self.defaults[node]


def read_knowns(
    network: Network,
    givens: Mapping[str, object],
    observed: Observations,
    *,
    target: int,
    units: UnitTable,
) -> Knowns:
    """The givens and what the subjects hold; a given comes before a subject.

    Raises:
        NotFound: a given that is no quantity of any formula; near names.
        BadParameter: the target is given, or a quantity twice, or by a name that leaves open which is meant.
        OutOfDomain: a given that no formula takes. BadSyntax, TooLarge, WrongDimension: it cannot be read.
        InvalidData: an observation's unit is not in the dataset.
    """
    knowns = Knowns()
    for name, given in givens.items():
        _take_given(network, knowns, name, given, target=target, units=units)
    knowns.given = tuple(sorted(knowns.values))
    _take_observed(network, knowns, observed, units=units)
    _lay_out_defaults(network, knowns, target)
    return knowns


def find_node(network: Network, name: str, *, series: bool | None = None) -> int:
    """The node of a quantity's slug or IRI, a variable's IRI or ``formula#symbol``.

    Raises:
        NotFound: no formula has it; near names. BadParameter: several variables share the quantity.
    """
    nodes = network.names.get(name, ())
    if len(nodes) == 1:
        return nodes[0]
    fitting = [node for node in nodes if series is None or network.instances[node].series is series]
    nodes = tuple(fitting) or nodes
    if nodes:
        return nodes[0]
    sharers = [one.name for one in network.instances if one.quantity == name or _slug(one) == name]
    if sharers:
        raise BadParameter(name, name, f"one of the variables that share this quantity: {', '.join(sharers)}")
    known = (one.name for one in network.instances)
    raise NotFound("quantity in any formula", name[:100], near_names(name[:100], known))


def _slug(instance: Instance) -> str:
    return instance.quantity.rpartition("/")[2] if instance.quantity is not None else ""


def _take_given(
    network: Network, knowns: Knowns, name: str, given: object, *, target: int, units: UnitTable
) -> None:
    constant = network.constants.get(name)
    if constant is not None:
        _take_constant(network, knowns, name, given, constant=constant, units=units)
        return
    node = find_node(network, name, series=True if _is_series(given) else None)
    instance = network.instances[node]
    if node == target:
        raise BadParameter(name, _shown(given), f"no value: {instance.name} is what is asked for")
    if node in knowns.values:
        raise BadParameter(name, _shown(given), f"one value; {instance.name} is given twice")
    low, high = instance.ends
    value: Value
    if type(given) is float and low <= given <= high:
        value = given
    else:
        read = read_series if instance.series else read_value
        value = read(given, unit=instance.unit, units=units, where=instance.name)
        _check_domains(instance, value)
    knowns.values[node] = Known(value, Origin.GIVEN)


def _is_series(given: object) -> bool:
    if type(given) is float:
        return False
    return "[" in given if isinstance(given, str) else isinstance(given, Sequence)


def _take_constant(
    network: Network,
    knowns: Knowns,
    name: str,
    given: object,
    *,
    constant: tuple[int, str],
    units: UnitTable,
) -> None:
    relation, symbol = constant
    compiled = network.relations[relation].compiled
    variable = next(one for one in compiled.variables if one.symbol == symbol)
    if symbol in knowns.constants.get(relation, {}):
        raise BadParameter(name, _shown(given), f"one value; {symbol} is given twice")
    value = read_value(given, unit=variable.unit if variable.unit_declared else ONE, units=units, where=name)
    if value not in variable.domain:
        raise OutOfDomain(name, number_shown(value), str(variable.domain))
    knowns.constants.setdefault(relation, {})[symbol] = value


def _shown(given: object) -> str:
    text = given if isinstance(given, str) else repr(given)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _check_domains(instance: Instance, value: Value) -> None:
    """Returns where at least one formula takes the value."""
    values = value if isinstance(value, tuple) else (value,)
    for factor, domain in instance.domains:
        if all(one * factor in domain for one in values):
            return
    factor, domain = instance.domains[0]
    outside = next(one for one in values if one * factor not in domain)
    raise OutOfDomain(
        instance.name, number_shown(outside), str(domain), f"{instance.name} stands for: {instance.label}"
    )


def _take_observed(network: Network, knowns: Knowns, observed: Observations, *, units: UnitTable) -> None:
    found: dict[int, dict[Iri, list[Observed]]] = {}
    for subject in sorted(observed):
        for one in observed[subject]:
            for node in network.names.get(one.quantity, ()):
                if not network.instances[node].series:
                    found.setdefault(node, {}).setdefault(subject, []).append(one)
    for node, by_subject in sorted(found.items()):
        if node in knowns.values:
            continue
        if len(by_subject) > 1:
            knowns.ambiguous[node] = tuple(by_subject)
            continue
        ((subject, (best, *others)),) = by_subject.items()
        unit = units.get(best.unit)
        if unit is None:
            raise InvalidData(best.observation, f"its unit {best.unit} is not in the dataset")
        value = units.convert(best.value, unit, network.instances[node].unit)
        source = next(iter(best.sources), None)
        knowns.values[node] = Known(value, Origin.SUBJECT, source, subject, tuple(others))


def _lay_out_defaults(network: Network, knowns: Knowns, target: int) -> None:
    """The default of each node that is not known; of several formulas' defaults, that of the first by IRI."""
    for node, known in _defaults_of(network).items():
        if node not in knowns.values and node != target:
            knowns.defaults[node] = known


def _defaults_of(network: Network) -> Mapping[int, Known]:
    kept = network.kept.get("defaults")
    if isinstance(kept, dict):
        return kept
    found: dict[int, Known] = {}
    for relation in network.relations:
        if relation.owner >= 0:
            continue
        variables = {one.symbol: one for one in relation.compiled.variables}
        for symbol, node, factor in zip(relation.symbols, relation.nodes, relation.factors, strict=True):
            variable = variables[symbol]
            if variable.default is not None and variable.role is Role.INPUT and not variable.indexed_by:
                label = relation.compiled.formula.label
                found.setdefault(
                    node,
                    Known(variable.default / factor, Origin.DEFAULT, variable.default_source, formula=label),
                )
    network.kept["defaults"] = found
    return found
