"""All formulas of a dataset as one network: what can be computed from what, built once per dataset.

A node is a typed instance of a quantity: all scalars of a quantity in one derivation are the same thing, and so
are all its series. A formula whose variables share a quantity (a batch now and a batch then), and a variable
without a quantity or without a declared unit, has instances of its own for them, which only a given addressed
to that variable fills (``formula#symbol``). Constants belong to their law: they are no nodes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import inf

from kg.formula.compile import CompiledFormula
from kg.formula.costs import solving_costs, surcharges
from kg.model.formula import Domain, Role, Variable
from kg.model.iri import Iri
from kg.model.quantity import ONE, Unit


@dataclass(frozen=True, slots=True)
class Instance:
    """A quantity of the one thing that a derivation is about; ``iri`` is the quantity's, or a variable's.

    ``name`` is the quantity's slug or ``formula#symbol``. ``domains`` are those of all its variables, each with
    the factor that leads from ``unit`` to the variable's.
    """

    iri: Iri
    name: str
    label: str
    unit: Unit
    series: bool
    quantity: Iri | None
    domains: tuple[tuple[float, Domain], ...] = ()
    ends: tuple[float, float] = (inf, -inf)
    """The least and the greatest double that at least one of the domains surely holds; none of a series."""


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """A formula between instances: ``nodes[i]`` times ``factors[i]`` is the value of ``symbols[i]`` in its unit.

    ``costs`` has the least cost of each node by this formula, ``methods`` that of solving alone. ``bounds`` are
    variables that follow from the length of a series: they are passed on where they are given, and no nodes here.
    """

    compiled: CompiledFormula
    result: Variable
    """The formula's output."""
    symbols: tuple[str, ...]
    nodes: tuple[int, ...]
    factors: tuple[float, ...]
    output: int
    costs: Mapping[int, float]
    methods: Mapping[int, float]
    bounds: tuple[tuple[str, int, float], ...] = ()
    owner: int = -1
    """The relation that this is another reading of."""

    def variable(self, node: int) -> Variable:
        """The variable that stands for a node."""
        return _variable(self.compiled, self.symbols[self.nodes.index(node)])

    def factor(self, node: int) -> float:
        """What a node's value is multiplied by for its variable's unit."""
        return self.factors[self.nodes.index(node)]


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Instances and relations, each in order of IRI, with what leads to them.

    ``families`` numbers the laws: formulas that have a fit of the same name are forms of one law.
    """

    instances: tuple[Instance, ...]
    relations: tuple[Relation, ...]
    incident: tuple[tuple[int, ...], ...]
    """Node → its relations."""
    names: Mapping[str, tuple[int, ...]]
    """Quantity slug or IRI, variable IRI or ``formula#symbol`` → nodes."""
    constants: Mapping[str, tuple[int, str]]
    """Variable IRI or ``formula#symbol`` of a law's constant → relation and symbol."""
    formulas: Mapping[Iri, int]
    fits: Mapping[Iri, tuple[int, str]]
    families: tuple[int, ...]
    sizes: tuple[int, ...]
    """Relation → how many nodes it has."""
    totals: tuple[int, ...]
    """Relation → its nodes, by exclusive or: what is left of them names the last."""
    alone: tuple[int, ...]
    """Relations with a single node."""
    definitions: tuple[int, ...]
    steps: tuple[Mapping[int, float], ...]
    """Relation → the least cost of each node by it."""
    kept: dict[object, object] = field(default_factory=dict, repr=False)


Key = tuple[Iri, bool]
"""What an instance stands for, and whether it is a series."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A formula or a reading of one, with its output and the instance of each variable that has one."""

    compiled: CompiledFormula
    result: Variable
    keys: Mapping[str, Key]
    owner: Iri | None = None


def build_network(formulas: Iterable[CompiledFormula]) -> Network:
    """The network of these formulas, whatever their order; expressions without an output are left out."""
    entries = sorted(_entries(formulas), key=lambda entry: entry.compiled.formula.iri)
    found: dict[Key, list[tuple[CompiledFormula, Variable]]] = {}
    for entry in entries:
        for symbol, key in entry.keys.items():
            found.setdefault(key, []).append((entry.compiled, _variable(entry.compiled, symbol)))
    places = {key: place for place, key in enumerate(sorted(found))}
    instances = tuple(_instance(key, found[key]) for key in places)
    formulas_at = {entry.compiled.formula.iri: place for place, entry in enumerate(entries)}
    relations = tuple(
        _relation(
            entry,
            {symbol: places[key] for symbol, key in entry.keys.items()},
            instances,
            owner=formulas_at[entry.owner] if entry.owner is not None else -1,
        )
        for entry in entries
    )
    return _joined(instances, relations, formulas_at)


def _entries(formulas: Iterable[CompiledFormula]) -> Iterator[_Entry]:
    for compiled in {one.formula.iri: one for one in formulas}.values():
        if compiled.output is None:
            continue
        yield _Entry(compiled, compiled.output, _keys(compiled))
        for reading in compiled.readings:
            other = reading.compiled
            if other is not None and other.output is not None:
                yield _Entry(other, other.output, _keys(other), compiled.formula.iri)


def _variable(compiled: CompiledFormula, symbol: str) -> Variable:
    return next(one for one in compiled.variables if one.symbol == symbol)


def _keys(compiled: CompiledFormula) -> dict[str, Key]:
    """The instance of each variable that is one."""
    fitted = {value.symbol for chosen in compiled.formula.constant_sets for value in chosen.values}
    free = [
        variable
        for variable in compiled.variables
        if variable.role is not Role.CONSTANT or (variable.default is None and variable.symbol not in fitted)
    ]
    shared = Counter(
        (variable.quantity.iri, bool(variable.indexed_by)) for variable in free if variable.quantity
    )
    found: dict[str, Key] = {}
    for variable in free:
        series, quantity = bool(variable.indexed_by), variable.quantity
        if (
            quantity is None
            or variable.role is Role.CONSTANT
            or not variable.unit_declared
            or variable.unit.dimension != quantity.unit.dimension
            or shared[quantity.iri, series] > 1
        ):
            found[variable.symbol] = variable.iri, series
        else:
            found[variable.symbol] = quantity.iri, series
    return found


def _instance(key: Key, users: list[tuple[CompiledFormula, Variable]]) -> Instance:
    iri, series = key
    compiled, variable = users[0]
    quantity = variable.quantity
    if quantity is None or quantity.iri != iri:
        name, label = f"{compiled.formula.slug}#{variable.symbol}", variable.label
        unit = variable.unit if variable.unit_declared else ONE
    else:
        name, label, unit = quantity.slug, quantity.label, quantity.unit
    domains = dict.fromkeys((_factor(unit, one), one.domain) for _, one in users)
    factor, domain = next(iter(domains))
    low, high = (inf, -inf) if series else domain.ends
    return Instance(
        iri,
        name,
        label,
        unit,
        series,
        quantity.iri if quantity is not None else None,
        tuple(domains),
        (low / factor, high / factor) if factor == 1.0 else (inf, -inf),
    )


def _factor(unit: Unit, variable: Variable) -> float:
    """What a value in ``unit`` is multiplied by for the variable's own unit."""
    if not variable.unit_declared or variable.unit.factor == unit.factor:
        return 1.0
    return unit.factor / variable.unit.factor


def _relation(
    entry: _Entry, nodes: Mapping[str, int], instances: tuple[Instance, ...], *, owner: int
) -> Relation:
    compiled, output = entry.compiled, nodes[entry.result.symbol]
    solving = solving_costs(compiled)
    forwards, backwards = surcharges(compiled.formula)
    followers = set(compiled.series_bounds.values())
    factors = {
        symbol: _factor(instances[node].unit, _variable(compiled, symbol)) for symbol, node in nodes.items()
    }
    symbols = tuple(symbol for symbol in nodes if symbol not in followers)
    methods = {nodes[symbol]: solving[symbol] for symbol in symbols if solving[symbol] < inf}
    return Relation(
        compiled,
        entry.result,
        symbols,
        tuple(nodes[symbol] for symbol in symbols),
        tuple(factors[symbol] for symbol in symbols),
        output,
        {node: method + (forwards if node == output else backwards) for node, method in methods.items()},
        methods,
        tuple((symbol, nodes[symbol], factors[symbol]) for symbol in nodes if symbol in followers),
        owner,
    )


def _joined(
    instances: tuple[Instance, ...], relations: tuple[Relation, ...], formulas: Mapping[Iri, int]
) -> Network:
    incident: list[list[int]] = [[] for _ in instances]
    names: dict[str, list[int]] = {}
    constants: dict[str, tuple[int, str]] = {}
    fits: dict[Iri, tuple[int, str]] = {}
    totals: list[int] = []
    for node, instance in enumerate(instances):
        for name in dict.fromkeys((instance.name, instance.iri)):
            names.setdefault(name, []).append(node)
    for place, relation in enumerate(relations):
        formula, total = relation.compiled.formula, 0
        for node in relation.nodes:
            incident[node].append(place)
            total ^= node
        totals.append(total)
        nodes = dict(zip(relation.symbols, relation.nodes, strict=True))
        nodes.update((symbol, node) for symbol, node, _ in relation.bounds)
        for variable in relation.compiled.variables if relation.owner < 0 else ():
            for name in (variable.iri, f"{formula.slug}#{variable.symbol}"):
                if variable.symbol in nodes:
                    names.setdefault(name, [nodes[variable.symbol]])
                else:
                    constants[name] = place, variable.symbol
        fits.update(
            (chosen.iri, (place, chosen.name)) for chosen in formula.constant_sets if relation.owner < 0
        )
    _name_alone(instances, names)
    return Network(
        instances,
        relations,
        tuple(map(tuple, incident)),
        {name: tuple(nodes) for name, nodes in names.items()},
        constants,
        formulas,
        fits,
        _families(relations),
        tuple(len(relation.nodes) for relation in relations),
        tuple(totals),
        tuple(place for place, relation in enumerate(relations) if len(relation.nodes) == 1),
        tuple(
            place
            for place, relation in enumerate(relations)
            if relation.compiled.formula.kind == "definition"
        ),
        tuple(relation.costs for relation in relations),
    )


def _name_alone(instances: tuple[Instance, ...], names: dict[str, list[int]]) -> None:
    """A quantity that only one variable has, as an instance of its own, is that variable's."""
    own: dict[Iri, list[int]] = {}
    for node, instance in enumerate(instances):
        if instance.quantity is not None and instance.quantity != instance.iri:
            own.setdefault(instance.quantity, []).append(node)
    for quantity, nodes in own.items():
        if len(nodes) == 1:
            for name in (quantity, quantity.rpartition("/")[2]):
                names.setdefault(name, nodes)


def _families(relations: tuple[Relation, ...]) -> tuple[int, ...]:
    """The law of each relation, as the place of its first; formulas of one law share the name of a fit."""
    first = list(range(len(relations)))

    def root(place: int) -> int:
        while first[place] != place:
            place = first[place]
        return place

    by_name: dict[str, int] = {}
    for place, relation in enumerate(relations):
        for chosen in relation.compiled.formula.constant_sets:
            other = root(by_name.setdefault(chosen.name, place))
            mine = root(place)
            first[max(mine, other)] = min(mine, other)
    return tuple(root(place) for place in range(len(relations)))
