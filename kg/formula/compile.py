"""A formula's record → its compiled form: names and dimensions checked, a program, what answers repeat."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from kg.errors import BadInput, BadSyntax, InvalidFormula, TriviumError
from kg.formula.dimensions import Dimensions, check_dimensions
from kg.formula.grammar import read
from kg.formula.names import RESERVED, near_names
from kg.formula.program import Program, compile_tree
from kg.formula.tree import Item, Name, Node, Relation, Sum, names, occurrences, walk
from kg.model.formula import Formula, Reading, Role, Variable

CACHED: Final = 1024
"""Compiled formulas that are kept."""


@dataclass(frozen=True, slots=True, eq=False)
class CompiledReading:
    """Another reading, compiled over its owner's variables and its own; ``reason`` says why there is none."""

    reading: Reading
    compiled: "CompiledFormula | None"
    reason: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class CompiledFormula:
    """A formula that is ready to be evaluated and solved.

    ``tree`` is the whole expression, ``body`` what the output equals, ``variables`` those in use: inputs in
    order of appearance, then the output. ``series_bounds`` maps a series to the variable that bounds its sum.
    """

    formula: Formula
    tree: Node
    body: Node
    output: Variable | None
    variables: tuple[Variable, ...]
    program: Program
    dimensions: Dimensions
    scales: Mapping[str, float]
    series_bounds: Mapping[str, str]
    output_ends: tuple[float, float] = (math.inf, -math.inf)
    """The least and the greatest double that are surely in the output's domain."""
    readings: tuple[CompiledReading, ...] = ()
    kept: dict[object, object] = field(default_factory=dict, repr=False)
    """What was derived once and serves again: plans by fit, templates of steps, solved forms."""

    @property
    def inputs(self) -> tuple[Variable, ...]:
        """The variables that the output is computed from."""
        return self.variables[: len(self.program.symbols)]

    def unit_text(self, variable: Variable) -> str:
        """Symbol of the variable's unit, or its inferred dimension where it declares none."""
        if variable.unit_declared:
            return variable.unit.symbol
        return self.dimensions.inferred.get(variable.symbol, "")


_BY_IDENTITY: Final[dict[int, tuple[Formula, CompiledFormula]]] = {}


def compile_formula(formula: Formula) -> CompiledFormula:
    """The compiled form of a record; the same record gives the same object, without hashing it again.

    Raises:
        BadSyntax: its expression is not in the grammar; TooLarge likewise.
        InvalidFormula: symbols used and declared differ, or the record contradicts itself otherwise.
        WrongDimension: a term does not fit; ``where`` names it.
    """
    known = _BY_IDENTITY.get(id(formula))
    if known is not None and known[0] is formula:
        return known[1]
    compiled = _compile_cached(formula)
    if len(_BY_IDENTITY) >= CACHED:
        _BY_IDENTITY.clear()
    _BY_IDENTITY[id(formula)] = (formula, compiled)
    return compiled


@lru_cache(maxsize=CACHED)
def _compile_cached(formula: Formula) -> CompiledFormula:
    compiled = _compile(formula)
    readings = tuple(_compile_reading(formula, reading) for reading in formula.readings)
    return replace(compiled, readings=readings)


def _compile_reading(formula: Formula, reading: Reading) -> CompiledReading:
    if not reading.expression:
        return CompiledReading(reading, None, "it is said in words only")
    own = {variable.symbol for variable in reading.variables}
    gives = any(variable.role is Role.OUTPUT for variable in reading.variables)
    shared = [
        variable
        for variable in formula.variables
        if variable.symbol not in own and not (gives and variable.role is Role.OUTPUT)
    ]
    record = replace(
        formula,
        iri=reading.iri,
        label=reading.meaning or reading.name,
        expression=reading.expression,
        variables=(*shared, *reading.variables),
        readings=(),
        examples=(),
    )
    try:
        return CompiledReading(reading, _compile(record))
    except TriviumError as error:
        return CompiledReading(reading, None, str(error))


def _compile(formula: Formula) -> CompiledFormula:
    tree = _read(formula)
    _check_declared(formula, tree)
    output, body = _output_of(formula, tree)
    dimensions = check_dimensions(tree, formula.variables, text=formula.expression, where=formula.slug)
    by_symbol = {variable.symbol: variable for variable in formula.variables}
    symbols = names(body)
    ends = (output.symbol,) if output is not None else ()
    variables = tuple(by_symbol[symbol] for symbol in dict.fromkeys((*symbols, *ends)))
    return CompiledFormula(
        formula=formula,
        tree=tree,
        body=body,
        output=output,
        variables=variables,
        program=compile_tree(body, symbols),
        dimensions=dimensions,
        scales={
            variable.symbol: 1.0 if dimensions.coherent else variable.unit.factor for variable in variables
        },
        series_bounds=_series_bounds(body),
        output_ends=output.domain.ends if output is not None else (math.inf, -math.inf),
    )


def _read(formula: Formula) -> Node:
    try:
        return read(formula.expression)
    except BadSyntax as error:
        raise replace(error, what=f"expression of {formula.slug}") from error
    except BadInput as error:
        raise InvalidFormula(formula.slug, str(error)) from error


def _check_declared(formula: Formula, tree: Node) -> None:
    """Names used and declared must be the same; a reading, which is part of its formula, may use fewer."""
    declared = {variable.symbol: variable for variable in formula.variables}
    if len(declared) < len(formula.variables):
        raise InvalidFormula(formula.slug, "a symbol is declared twice")
    reserved = sorted(declared.keys() & RESERVED)
    if reserved:
        raise InvalidFormula(
            formula.slug, f"{reserved[0]} is a name of the grammar; give the variable another"
        )
    indices = {part.index for part in walk(tree) if isinstance(part, Sum)}
    used = {*names(tree), *indices}
    missing = sorted(used - declared.keys())
    if missing:
        near = near_names(missing[0], declared)
        hint = f"; did it mean {', '.join(near)}?" if near else f"; it declares {', '.join(sorted(declared))}"
        raise InvalidFormula(formula.slug, f"it uses {', '.join(missing)} without declaring it{hint}")
    unused = sorted(
        symbol for symbol in declared.keys() - used if not _may_stand_apart(formula, declared[symbol], tree)
    )
    if unused:
        raise InvalidFormula(
            formula.slug, f"it declares {', '.join(unused)}, which its expression does not use"
        )
    _check_series(formula, declared, tree, indices)


def _may_stand_apart(formula: Formula, variable: Variable, tree: Node) -> bool:
    if "#" in formula.iri:
        return True
    return variable.role is Role.OUTPUT and not isinstance(tree, Relation)


def _check_series(formula: Formula, declared: Mapping[str, Variable], tree: Node, indices: set[str]) -> None:
    for symbol in sorted(indices):
        if declared[symbol].role is not Role.INDEX:
            raise InvalidFormula(formula.slug, f"{symbol} runs in a sum, so its role is index")
    for part in walk(tree):
        if isinstance(part, Item) and declared[part.name].indexed_by != part.index:
            raise InvalidFormula(
                formula.slug, f"{part.name}[{part.index}]: {part.name} is not indexed by {part.index}"
            )
        if isinstance(part, Name) and declared[part.name].indexed_by:
            raise InvalidFormula(formula.slug, f"{part.name} is a series; write {part.name}[i] inside a sum")
    for symbol in names(tree):
        if declared[symbol].role is Role.INDEX:
            raise InvalidFormula(formula.slug, f"the index {symbol} stands outside its sum")


def _output_of(formula: Formula, tree: Node) -> tuple[Variable | None, Node]:
    """The output and what it equals: it stands alone on one side, and nowhere else."""
    outputs = [variable for variable in formula.variables if variable.role is Role.OUTPUT]
    if len(outputs) > 1:
        raise InvalidFormula(formula.slug, f"it declares {len(outputs)} outputs; a formula has one")
    output = outputs[0] if outputs else None
    if not isinstance(tree, Relation):
        if output is not None and occurrences(tree, output.symbol):
            raise InvalidFormula(formula.slug, f"its output {output.symbol} stands in the expression")
        return output, tree
    for side, other in ((tree.left, tree.right), (tree.right, tree.left)):
        if output is not None and side == Name(output.symbol) and not occurrences(other, output.symbol):
            return output, other
    name = output.symbol if output is not None else "a variable with the role output"
    raise InvalidFormula(formula.slug, f"{name} must stand alone on one side of the relation")


def _series_bounds(body: Node) -> dict[str, str]:
    bounds: dict[str, str] = {}
    for part in walk(body):
        if isinstance(part, Sum) and isinstance(part.high, Name):
            for below in walk(part.body):
                if isinstance(below, Item) and below.index == part.index:
                    bounds.setdefault(below.name, part.high.name)
    return bounds
