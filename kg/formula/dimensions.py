"""Do the dimensions of a formula agree? And which dimension has a fitted constant that declares none?

Sides and terms must agree; exponents and the arguments of exp, log and their kin must be plain numbers.
Exponents may be symbolic (``loss*parameter^alpha``). A constant without a unit holds in the units that the
other variables declare, so there the sizes of units must agree too: hours beside seconds would change it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from kg.errors import WrongDimension
from kg.formula.exponents import Exponent
from kg.formula.render import render
from kg.formula.tokens import place
from kg.formula.tree import (
    Add,
    Call,
    Item,
    Multiply,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Relation,
    Sum,
    children,
    signed_terms,
)
from kg.model.formula import Variable

Powers = Mapping[str, Exponent]
"""Base dimension → exponent; ``?A`` for a constant without a unit, ``×3`` for part of a unit's size."""

_KEEPING: Final = frozenset({"abs", "max", "min"})
_ROOTS: Final = {"sqrt": Fraction(1, 2), "cbrt": Fraction(1, 3)}


@dataclass(frozen=True, slots=True)
class Dimensions:
    """What the check found: the dimension of each constant without a unit, and that of the expression."""

    inferred: Mapping[str, str]
    result: str
    coherent: bool
    """True where the declared units fit each other in size too, so that no value needs conversion."""


def check_dimensions(
    node: Node, variables: Iterable[Variable], *, text: str = "", where: str = ""
) -> Dimensions:
    """The inferred dimensions, where all terms agree; ``text`` gives columns, ``where`` names the formula.

    Raises:
        WrongDimension: a term, an exponent or an argument does not fit; ``where`` names it.
    """
    by_symbol = {variable.symbol: variable for variable in variables}
    try:
        return _Check(by_symbol, text, where, sized=True).run(node)
    except WrongDimension:
        if not all(variable.unit_declared for variable in by_symbol.values()):
            raise
    return _Check(by_symbol, text, where, sized=False).run(node)


def powers_text(powers: Powers) -> str:
    """The dimension as people read it: ``loss*parameter^alpha``, ``flop/second``, ``1``.

    ``[B]`` is the dimension of a constant B that is not known.
    """
    shown = [(base, power) for base, power in sorted(powers.items()) if base[0] != "×"]
    above = [_power_text(base, power) for base, power in shown if not _is_below(power)]
    below = [_power_text(base, -power) for base, power in shown if _is_below(power)]
    head = "*".join(above) or "1"
    if not below:
        return head
    return f"{head}/({'*'.join(below)})" if len(below) > 1 else f"{head}/{below[0]}"


def _is_below(power: Exponent) -> bool:
    return all(factor < 0 for factor in power.above.values())


def _power_text(base: str, power: Exponent) -> str:
    text = str(power)
    name = f"[{base[1:]}]" if base[0] == "?" else base
    if text == "1":
        return name
    return f"{name}^{text}" if text.replace("_", "").isalnum() else f"{name}^({text})"


@dataclass(frozen=True, slots=True)
class _Demand:
    """Two parts that must agree, once more is known."""

    expected: Powers
    found: Powers
    reference: Node | None
    part: Node


class _Check:
    """One walk over a formula; ``sized`` compares the sizes of units as well."""

    def __init__(self, variables: Mapping[str, Variable], text: str, where: str, *, sized: bool) -> None:
        self.variables = variables
        self.text = text
        self.where = where
        self.sized = sized
        self.known: dict[str, Powers] = {}
        self.waiting: list[_Demand] = []

    def run(self, node: Node) -> Dimensions:
        if isinstance(node, Relation):
            result = self.of(node.left)
            # Term by term, so that the one that does not fit is named, and not all of the side.
            for _, part in signed_terms(node.right):
                if not _is_zero(part):
                    self.agree(result, self.of(part), node.left, part)
        else:
            result = self.of(node)
        self.settle()
        inferred = {symbol: powers_text(self.settled(powers)) for symbol, powers in self.known.items()}
        return Dimensions(inferred, powers_text(self.settled(result)), self.sized)

    def of(self, node: Node) -> Powers:
        """The dimension of a part, after checking what stands in it."""
        match node:
            case Name(name=name) | Item(name=name):
                return self.variable(name)
            case Negative(operand=operand):
                return self.of(operand)
            case Add(terms=terms):
                return self.same([part for _, part in terms])
            case Multiply(factors=factors):
                product: Powers = {}
                for inverse, part in factors:
                    product = _times(product, self.of(part), Exponent.of(-1 if inverse else 1))
                return product
            case Power(base=base, exponent=exponent):
                self.plain(exponent)
                powers = self.of(base)
                return _times({}, powers, Exponent.read(exponent)) if powers else {}
            case Call(function=function, arguments=arguments):
                return self.call(function, arguments)
            case Sum(low=low, high=high, body=body):
                self.plain(low)
                self.plain(high)
                return self.of(body)
        return {}

    def call(self, function: str, arguments: tuple[Node, ...]) -> Powers:
        if function in _KEEPING:
            return self.same(list(arguments))
        if function in _ROOTS:
            return _times({}, self.of(arguments[0]), Exponent.of(_ROOTS[function]))
        for part in arguments:
            if function == "sign":
                self.of(part)
            else:
                self.plain(part)
        return {}

    def variable(self, name: str) -> Powers:
        variable = self.variables.get(name)
        if variable is None:
            return {}
        if not variable.unit_declared:
            return {f"?{name}": Exponent.of(1)}
        powers = {base: Exponent.of(power) for base, power in variable.unit.dimension.powers}
        if self.sized:
            powers |= {f"×{prime}": Exponent.of(power) for prime, power in _factors(variable.unit.factor)}
        return powers

    def same(self, parts: list[Node]) -> Powers:
        """The dimension that all parts have; a zero fits any."""
        kept = [part for part in parts if not _is_zero(part)] or parts
        expected = self.of(kept[0])
        for part in kept[1:]:
            self.agree(expected, self.of(part), kept[0], part)
        return self.settled(expected)

    def plain(self, part: Node) -> None:
        self.agree({}, self.of(part), None, part)

    def agree(self, expected: Powers, found: Powers, reference: Node | None, part: Node) -> None:
        demand = _Demand(expected, found, reference, part)
        if not self.resolve(demand):
            self.waiting.append(demand)

    def settle(self) -> None:
        """Resolves what waits until nothing more follows; then one open constant by others, and on."""
        while self.waiting:
            before = len(self.waiting)
            self.waiting = [demand for demand in self.waiting if not self.resolve(demand)]
            if len(self.waiting) == before:
                # Only their quotient has a dimension that is known: A is told by that of B.
                self.resolve(self.waiting.pop(0), most=len(self.variables))

    def resolve(self, demand: _Demand, most: int = 1) -> bool:
        """True where the demand holds, or gives a constant that is open; False where more than ``most`` are."""
        difference = self.settled(_times(demand.found, demand.expected, Exponent.of(-1)))
        unknown = sorted(base for base in difference if base.startswith("?"))
        if not unknown and difference:
            raise self.conflict(demand)
        if len(unknown) > most:
            return False
        if unknown:
            power = difference[unknown[0]]
            rest = {base: other for base, other in difference.items() if base != unknown[0]}
            self.known[unknown[0][1:]] = _times({}, rest, -power.inverse())
        return True

    def settled(self, powers: Powers) -> Powers:
        """The dimension with all that is known put in."""
        while any(base[0] == "?" and base[1:] in self.known for base in powers):
            settled: Powers = {}
            for base, power in powers.items():
                known = self.known.get(base[1:]) if base[0] == "?" else None
                settled = _times(settled, {base: Exponent.of(1)} if known is None else known, power)
            powers = settled
        return powers

    def conflict(self, demand: _Demand) -> WrongDimension:
        column = f" (column {place(self.text, demand.part.at)[1]})" if self.text else ""
        term = f"{render(demand.part)}{column}{f' of {self.where}' if self.where else ''}"
        found, expected = self.settled(demand.found), self.settled(demand.expected)
        if demand.reference is None:
            hint = "divide it by a reference value of that unit, or give a constant its unit"
            return WrongDimension(term, powers_text(found), "1 (a plain number)", hint)
        hint = f"it stands beside {render(demand.reference)}"
        if all(base[0] == "×" for base in _times(found, expected, Exponent.of(-1))):
            hint += "; a constant here declares no unit, so units of one size are needed"
            sizes = [_size(powers) for powers in (found, expected)]
            same = powers_text(found)
            return WrongDimension(term, f"{same} {sizes[0]}", f"{same} {sizes[1]}", hint)
        if isinstance(demand.part, Number) or any(isinstance(part, Number) for part in children(demand.part)):
            hint += "; a numeral that carries a unit is a named constant with that unit"
        return WrongDimension(term, powers_text(found), powers_text(expected), hint)


def _is_zero(node: Node) -> bool:
    return isinstance(node, Number) and node.value == 0


def _size(powers: Powers) -> str:
    sizes = {base: power for base, power in powers.items() if base[0] == "×"}
    return f"in units of size {'·'.join(f'{base[1:]}^{power}' for base, power in sizes.items()) or '1'}"


def _times(left: Powers, right: Powers, power: Exponent) -> Powers:
    product = dict(left)
    for base, exponent in right.items():
        total = exponent * power + product.get(base, Exponent.of(0))
        if total.is_zero:
            product.pop(base, None)
        else:
            product[base] = total
    return product


def _factors(factor: float) -> tuple[tuple[int, int], ...]:
    """Primes of a unit's size with their powers, so that 3600·1000 equals 3.6e6; a large rest stays whole."""
    exact = Fraction(repr(float(factor)))
    whole_inverse = round(1 / factor)
    if whole_inverse > 1 and 1 / whole_inverse == factor:
        exact = Fraction(1, whole_inverse)
    powers: dict[int, int] = {}
    for whole, sign in ((exact.numerator, 1), (exact.denominator, -1)):
        rest = whole
        for prime in range(2, 1000):
            while rest % prime == 0:
                rest //= prime
                powers[prime] = powers.get(prime, 0) + sign
        if rest > 1:
            powers[rest] = powers.get(rest, 0) + sign
    return tuple(sorted((prime, power) for prime, power in powers.items() if power))
