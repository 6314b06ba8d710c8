"""A tree in mpmath's arithmetic, as an independent reading of what an expression means."""

from collections.abc import Mapping, Sequence
from typing import Any

import mpmath

from kg.formula.tree import Add, Call, Item, Multiply, Name, Negative, Node, Number, Pi, Power, Sum

FUNCTIONS = {
    "abs": abs,
    "ceil": mpmath.ceil,
    "erfinv": mpmath.erfinv,
    "exp": mpmath.exp,
    "log10": mpmath.log10,
    "log2": lambda x: mpmath.log(x, 2),
    "max": max,
    "min": min,
    "sqrt": mpmath.sqrt,
    "log": mpmath.log,
    "ln": mpmath.log,
    "sin": mpmath.sin,
    "tanh": mpmath.tanh,
}


def exact_value(node: Node, values: Mapping[str, Any]) -> Any:
    """The value of a tree; series are sequences."""

    def of(part: Node) -> Any:
        return exact_value(part, values)

    match node:
        case Negative(operand=operand):
            return -of(operand)
        case Add(terms=terms):
            return mpmath.fsum(-of(part) if sign else of(part) for sign, part in terms)
        case Multiply(factors=factors):
            return mpmath.fprod(1 / of(part) if under else of(part) for under, part in factors)
        case Power(base=base, exponent=exponent):
            return of(base) ** of(exponent)
        case Call(function=function, arguments=arguments):
            return FUNCTIONS[function](*map(of, arguments))
        case Sum(index=index, low=low, high=high, body=body):
            places = range(int(of(low)), int(of(high)) + 1)
            return mpmath.fsum(exact_value(body, {**values, index: mpmath.mpf(place)}) for place in places)
    return leaf_value(node, values)


def leaf_value(node: Node, values: Mapping[str, Any]) -> Any:
    """The value of a number, a variable or a value of a series."""
    match node:
        case Number(value=value):
            return mpmath.mpf(value.numerator) / value.denominator
        case Name(name=name):
            return values[name]
        case Item(name=name, index=index):
            series: Sequence[Any] = values[name]
            return series[int(values[index]) - 1]
    assert isinstance(node, Pi)
    return mpmath.pi
