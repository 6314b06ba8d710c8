"""One form for all ways to write the same: equal forms are a proof of equality, and cost no algebra.

Terms and factors are sorted, fractions in fractions flattened, numbers gathered, the indices of sums renamed.
Nothing is cancelled, so an expression and its form have values at the same places.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from kg.formula.bounds import bits
from kg.formula.tree import Add, Call, Item, Multiply, Name, Negative, Node, Number, Pi, Power, Relation, Sum

Form = tuple[object, ...]
MAX_BITS: Final = 4096
_HALF: Final[Form] = ("number", Fraction(1, 2))


def canonical(node: Node) -> Form:
    """The form of an expression or relation; a relation's sides are as good one way round as the other.

    >>> from kg.formula.grammar import read
    >>> canonical(read("y = a/(b*2)")) == canonical(read("0.5*a/b = y"))
    True
    """
    return _form(node, {})


def _form(node: Node, indices: Mapping[str, int]) -> Form:
    match node:
        case Add() | Negative(operand=Add()):
            return _of_sum(node, indices)
        case Negative() | Multiply():
            return _of_product(node, indices)
        case Power(base=base, exponent=exponent):
            return _power(_form(base, indices), _form(exponent, indices))
        case Call(function=function, arguments=arguments):
            return _of_call(function, tuple(_form(part, indices) for part in arguments))
        case Sum(index=index, low=low, high=high, body=body):
            inner = _form(body, {**indices, index: len(indices)})
            return ("sum", _form(low, indices), _form(high, indices), inner)
        case Relation(left=left, right=right):
            return ("relation", *sorted((_form(left, indices), _form(right, indices)), key=repr))
    return _leaf(node, indices)


def _leaf(node: Node, indices: Mapping[str, int]) -> Form:
    match node:
        case Number(value=value):
            return ("number", value)
        case Pi():
            return ("pi",)
        case Name(name=name):
            return ("index", indices[name]) if name in indices else ("name", name)
        case Item(name=name, index=index):
            return ("item", name, indices[index])
    raise TypeError(f"{type(node).__name__} is no expression")


def _of_sum(node: Node, indices: Mapping[str, int]) -> Form:
    number = Fraction(0)
    terms: list[Form] = []
    for negative, part in _terms(node, negative=False):
        form = _form(part, indices)
        coefficient, rest = _split(form)
        coefficient = -coefficient if negative else coefficient
        if rest == ():
            number += coefficient
        else:
            terms.append(_joined(coefficient, rest))
    if number:
        terms.append(("number", number))
    if not terms:
        return ("number", Fraction(0))
    return terms[0] if len(terms) == 1 else ("+", *sorted(terms, key=repr))


def _terms(node: Node, *, negative: bool) -> list[tuple[bool, Node]]:
    if isinstance(node, Negative):
        return _terms(node.operand, negative=not negative)
    if isinstance(node, Add):
        return [pair for sign, part in node.terms for pair in _terms(part, negative=negative != sign)]
    return [(negative, node)]


def _of_product(node: Node, indices: Mapping[str, int]) -> Form:
    coefficient, factors = Fraction(1), list[tuple[Form, bool]]()
    for inverse, part in _factors(node, inverse=False):
        number, rest = _split(_form(part, indices))
        if inverse and number == 0:
            factors.append((("number", number), True))
            continue
        coefficient = coefficient / number if inverse else coefficient * number
        factors += [(form, inverse != under) for form, under in rest]
    return _joined(coefficient, tuple(sorted(factors, key=repr)))


def _factors(node: Node, *, inverse: bool) -> list[tuple[bool, Node]]:
    if isinstance(node, Negative):
        return [(inverse, Number(Fraction(-1))), *_factors(node.operand, inverse=inverse)]
    if isinstance(node, Multiply):
        return [pair for under, part in node.factors for pair in _factors(part, inverse=inverse != under)]
    return [(inverse, node)]


def _split(form: Form) -> tuple[Fraction, tuple[tuple[Form, bool], ...]]:
    """The number in front, and the factors behind it, each with True where it divides."""
    if form[0] == "number" and isinstance(form[1], Fraction):
        return form[1], ()
    if form[0] == "*" and isinstance(form[1], Fraction):
        return form[1], form[2]  # type: ignore[return-value]  # as _joined builds it
    return Fraction(1), ((form, False),)


def _joined(coefficient: Fraction, factors: tuple[tuple[Form, bool], ...]) -> Form:
    if not factors:
        return ("number", coefficient)
    if coefficient == 1 and len(factors) == 1 and not factors[0][1]:
        return factors[0][0]
    return ("*", coefficient, factors)


def _power(base: Form, exponent: Form) -> Form:
    under, over = _number(base), _number(exponent)
    if over == 1:
        return base
    if under is None or over is None or over.denominator > 1 or (under == 0 and over < 0):
        return ("^", base, exponent)
    if bits(under) * abs(over) > MAX_BITS:
        return ("^", base, exponent)
    return ("number", under**over.numerator)


def _number(form: Form) -> Fraction | None:
    value = form[1] if form[0] == "number" else None
    return value if isinstance(value, Fraction) else None


def _of_call(function: str, arguments: tuple[Form, ...]) -> Form:
    if function == "sqrt":
        return _power(arguments[0], _HALF)
    if function in ("min", "max"):
        arguments = tuple(sorted(arguments, key=repr))
    if function == "log2" or function == "log10":
        return ("log", *arguments, ("number", Fraction(function.removeprefix("log"))))
    return ("log" if function == "ln" else function, *arguments)
