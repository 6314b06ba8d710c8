"""Which variable a plot runs over, and how far."""

from typing import TYPE_CHECKING

from kg.errors import BadParameter
from kg.services.formulas import Givens

if TYPE_CHECKING:
    from kg.formula.compile import CompiledFormula
    from kg.formula.stretch import Stretch
    from kg.formula.units import UnitTable
    from kg.model.formula import Variable


def choose(
    compiled: "CompiledFormula", units: "UnitTable", givens: Givens, *, x: str = "", fit: str = ""
) -> tuple["Variable", "Stretch | None", dict[str, object]]:
    """The variable that a plot runs over, how far, and the values of the others.

    It is ``x``, else what is given as a range, else the only input. The range is what is given; else the
    neighbourhood of what is given, else the range of the fit, else a bounded domain, else the neighbourhood of
    the default or of a worked example. None where none of these is known.

    Raises:
        BadParameter: no variable is named, or a second one is given as a range.
        UnknownSymbol, OutOfDomain, NotFound, BadSyntax: as :mod:`kg.formula.stretch` has them.
    """
    from kg.formula.stretch import find_variable, is_stretch, key_of, read_stretch

    ranges = [
        name for name, given in givens.items() if is_stretch(given) and _is_scalar(compiled, name, given)
    ]
    name = x or (ranges[0] if ranges else _only_input(compiled))
    variable = find_variable(compiled, name, fit)
    if variable.symbol in compiled.series_bounds.values() or variable.indexed_by:
        reason = (
            "another variable: this one is a series"
            if variable.indexed_by
            else ("another variable: this one counts the values of a series")
        )
        raise BadParameter("x", variable.symbol, reason)
    key = key_of(compiled, givens, variable.symbol)
    second = next((name for name in ranges if name != key), "")
    if second:
        reason = f"one value: {variable.symbol} runs over a range already"
        raise BadParameter(second[:64], str(givens[second])[:40], reason)
    others = {name: given for name, given in givens.items() if name != key}
    if key in ranges:
        return variable, read_stretch(givens[key], variable, units), others
    return variable, _usual(compiled, units, variable, givens.get(key), fit), others


def _is_scalar(compiled: "CompiledFormula", name: str, given: object) -> bool:
    """False for a pair of numbers that is a series of two."""
    variable = next((one for one in compiled.variables if one.symbol == name), None)
    return isinstance(given, str) or variable is None or not variable.indexed_by


def _only_input(compiled: "CompiledFormula") -> str:
    from kg.model.formula import Role

    bounds = compiled.series_bounds.values()
    inputs = [
        one.symbol
        for one in compiled.inputs
        if one.role is Role.INPUT and not one.indexed_by and one.symbol not in bounds
    ]
    if len(inputs) != 1:
        named = f"one of {', '.join(inputs)}" if inputs else "but none of these inputs is a single number"
        raise BadParameter("x", "", f"the symbol to plot over, {named}; or give one as a range, as 1..10")
    return inputs[0]


def _usual(
    compiled: "CompiledFormula", units: "UnitTable", variable: "Variable", given: object, fit: str
) -> "Stretch | None":
    from kg.formula.numbers import read_value
    from kg.formula.plan import plan_for
    from kg.formula.stretch import around, within

    domain = variable.domain
    if given is not None:
        return around(read_value(given, unit=variable.unit, units=units, where=variable.symbol), domain)
    used = plan_for(compiled, fit).fit
    for span in used.ranges if used else ():
        if span.symbol == variable.symbol and span.low is not None and span.high is not None:
            return within(span.low, span.high, domain)
    if domain.minimum is not None and domain.maximum is not None:
        return within(domain.minimum, domain.maximum, domain)
    value = variable.default if variable.default is not None else _example_value(compiled, units, variable)
    return None if value is None else around(value, domain)


def _example_value(compiled: "CompiledFormula", units: "UnitTable", variable: "Variable") -> float | None:
    from kg.formula.givens import parse_givens
    from kg.formula.numbers import read_value

    for example in compiled.formula.examples:
        given = parse_givens(example.givens).get(variable.symbol)
        if isinstance(given, str):
            return read_value(given, unit=variable.unit, units=units, where=variable.symbol)
    return None
