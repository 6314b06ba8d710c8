"""A tree over arrays of draws, one NumPy call a part; what has no finite real value comes out as NaN or infinite."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kg.errors import TooLarge
from kg.formula.bounds import constant_value
from kg.formula.functions import MAX_TERMS
from kg.formula.tree import Add, Call, Item, Multiply, Name, Negative, Node, Power, Sum

Array = NDArray[np.float64]
Column = Any
"""An array of draws, or one number for all of them."""

MAX_WORK: Final = 200_000_000
"""Terms of a sum times draws."""

_FUNCTIONS: Final[Mapping[str, Callable[..., Column]]] = {
    "abs": np.abs,
    "acos": np.arccos,
    "asin": np.arcsin,
    "atan": np.arctan,
    "cbrt": np.cbrt,
    "ceil": np.ceil,
    "cos": np.cos,
    "cosh": np.cosh,
    "exp": np.exp,
    "floor": np.floor,
    "ln": np.log,
    "log": np.log,
    "log10": np.log10,
    "log2": np.log2,
    "sign": np.sign,
    "sin": np.sin,
    "sinh": np.sinh,
    "sqrt": np.sqrt,
    "tan": np.tan,
    "tanh": np.tanh,
}


def run_over(node: Node, values: Mapping[str, Column], draws: int) -> Array:
    """The expression at each draw; ``values`` holds arrays of draws, single numbers and whole series.

    Raises:
        TooLarge: a sum has too many terms for so many draws.
    """
    with np.errstate(all="ignore"):
        return np.broadcast_to(np.asarray(_Draws(values, draws).of(node), np.float64), (draws,))


class _Draws:
    """One walk over a tree; parts that stand more than once are computed once."""

    def __init__(self, values: Mapping[str, Column], draws: int) -> None:
        self.values = dict(values)
        self.draws = draws
        self.known: dict[Node, Column] = {}

    def of(self, node: Node) -> Column:
        found = self.known.get(node)
        if found is None:
            found = self.known[node] = self.compute(node)
        return found

    def compute(self, node: Node) -> Column:
        match node:
            case Negative(operand=operand):
                return -self.of(operand)
            case Add(terms=terms):
                return sum((-self.of(part) if sign else self.of(part) for sign, part in terms), np.float64(0))
            case Multiply(factors=factors):
                product: Column = np.float64(1)
                for inverse, part in factors:
                    product = product / self.of(part) if inverse else product * self.of(part)
                return product
            case Power(base=base, exponent=exponent):
                return np.power(self.of(base), self.of(exponent))
            case Call(function=function, arguments=arguments):
                return self.call(function, [self.of(part) for part in arguments])
            case Sum():
                return self.sum(node)
        return np.float64(self.leaf(node))

    def leaf(self, node: Node) -> Column:
        match node:
            case Name(name=name):
                return self.values[name]
            case Item(name=name, index=index):
                return self.values[name][int(self.values[index]) - 1]
        return constant_value(node)

    def call(self, function: str, arguments: list[Column]) -> Column:
        if function in ("min", "max"):
            choose = np.minimum if function == "min" else np.maximum
            result = arguments[0]
            for other in arguments[1:]:
                result = choose(result, other)
            return result
        if len(arguments) == 2:
            return np.log(arguments[0]) / np.log(arguments[1])
        if function in ("erf", "erfinv"):
            from scipy import special

            return getattr(special, function)(arguments[0])
        return _FUNCTIONS[function](arguments[0])

    def sum(self, node: Sum) -> Column:
        """The terms one after the other; no draw moves a bound."""
        low, high = float(self.of(node.low)), float(self.of(node.high))
        terms = max(0, int(high) - int(low) + 1)
        if terms > MAX_TERMS or terms * self.draws > MAX_WORK:
            raise TooLarge("sum, in terms times draws,", terms * self.draws, MAX_WORK)
        outside = self.known
        total: Column = np.float64(0)
        for place in range(int(low), int(high) + 1):
            self.known = {}
            self.values[node.index] = float(place)
            total = total + self.of(node.body)
        self.known = outside
        return total
