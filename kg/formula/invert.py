"""Peel inversion: the operations around an unknown are undone one by one, each a step with its conditions.

Every branch is kept where signs are not known (an even power), and what must hold for a step is said with it:
no step may lose a root. A general solver is not used: sympy's ``solve`` answered "none" where there were two.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from kg.errors import NotSolvable
from kg.formula import tree
from kg.formula.bounds import constant_value
from kg.formula.conditions import Condition, needed
from kg.formula.render import render
from kg.formula.signs import is_nonnegative, is_positive
from kg.formula.tree import Add, Call, Multiply, Name, Negative, Node, Number, Power, Relation, Sum
from kg.model.answer import Step
from kg.model.formula import Domain


@dataclass(frozen=True, slots=True)
class Branch:
    """``target = value`` so far, with the steps that led here and what they need."""

    target: Node
    value: Node
    steps: tuple[Step, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def then(self, action: str, target: Node, value: Node, *conditions: Condition) -> "Branch":
        """The branch one step on."""
        text = " and ".join(str(condition) for condition in conditions)
        step = Step(action, f"{render(target)} = {render(value)}", text)
        return Branch(target, value, (*self.steps, step), (*self.conditions, *conditions))


def peel(
    relation: Relation, unknown: str, domains: Mapping[str, Domain], *, formula: str
) -> tuple[Branch, ...]:
    """All branches, each ending in ``unknown = closed form``.

    >>> from kg.formula.grammar import read_relation
    >>> (branch,) = peel(read_relation("C = 6*N*D"), "N", {}, formula="example")
    >>> render(branch.value)
    'C/(6*D)'

    Raises:
        NotSolvable: the unknown is absent, stands more than once, or inside what has no inverse.
    """
    count = tree.occurrences(relation, unknown)
    if count != 1:
        reason = (
            f"it stands {count} times, and one step at a time can free only one"
            if count
            else "it is not in it"
        )
        raise NotSolvable(formula, unknown, reason)
    sides = (relation.left, relation.right)
    target, value = sides if tree.occurrences(relation.left, unknown) else sides[::-1]
    peeler = _Peeler(unknown, domains, formula)
    waiting, done = [Branch(target, value)], []
    while waiting:
        branch = waiting.pop(0)
        if branch.target == Name(unknown):
            done.append(branch)
        else:
            waiting = [*peeler.step(branch), *waiting]
    return tuple(done)


class _Peeler:
    def __init__(self, unknown: str, domains: Mapping[str, Domain], formula: str) -> None:
        self.unknown = unknown
        self.domains = domains
        self.formula = formula

    def step(self, branch: Branch) -> tuple[Branch, ...]:
        target = branch.target
        match target:
            case Negative(operand=operand):
                return (branch.then("change the sign of both sides", operand, tree.negate(branch.value)),)
            case Add():
                return (self.add(branch, target),)
            case Multiply():
                return self.multiply(branch, target)
            case Power():
                if self.holds(target.base):
                    return self.base(branch, target)
                return (self.exponent(branch, target),)
            case Call():
                return self.call(branch, target)
        raise self.stuck(target, "a sum" if isinstance(target, Sum) else "a series")

    def holds(self, node: Node) -> bool:
        return tree.occurrences(node, self.unknown) > 0

    def stuck(self, node: Node, what: str) -> NotSolvable:
        return NotSolvable(
            self.formula, self.unknown, f"it stands inside {what}, {render(node)}, which has no inverse"
        )

    def needs(
        self, node: Node, sign: str, bound: float = 0.0, *, decisive: bool = True
    ) -> tuple[Condition, ...]:
        return needed(node, sign, bound, domains=self.domains, decisive=decisive)

    def add(self, branch: Branch, target: Add) -> Branch:
        ((subtracted, inner),) = [(sign, part) for sign, part in target.terms if self.holds(part)]
        others = [(sign, part) for sign, part in target.terms if not self.holds(part)]
        rest = _sum(others)
        if subtracted:
            value = _sum([*others, *((not sign, part) for sign, part in tree.signed_terms(branch.value))])
            action = f"subtract {render(rest)} and change the sign of both sides"
        else:
            value = _sum([*tree.signed_terms(branch.value), *((not sign, part) for sign, part in others)])
            action = f"subtract {render(rest)} from both sides"
            if all(sign for sign, _ in others):
                action = f"add {render(tree.negate(rest))} to both sides"
        return branch.then(action, inner, value)

    def multiply(self, branch: Branch, target: Multiply) -> tuple[Branch, ...]:
        ((divides, inner),) = [(inverse, part) for inverse, part in target.factors if self.holds(part)]
        others = [(inverse, part) for inverse, part in target.factors if not self.holds(part)]
        over = tree.multiply(*(part for inverse, part in others if not inverse))
        under = tree.multiply(*(part for inverse, part in others if inverse))
        rest = tree.divide(over, under)
        if divides:
            conditions = (*self.needs(branch.value, "!="), *self.needs(rest, "!=", decisive=False))
            action = f"divide {render(rest)} by both sides"
            return (branch.then(action, inner, tree.divide(rest, branch.value), *conditions),)
        action = f"divide both sides by {render(rest)}"
        if over == tree.ONE:
            action = f"multiply both sides by {render(under)}"
        conditions = self.needs(rest, "!=", decisive=False)
        return (branch.then(action, inner, tree.divide(branch.value, rest), *conditions),)

    def base(self, branch: Branch, target: Power) -> tuple[Branch, ...]:
        """``x**p = r``: one root where x cannot be negative or p is odd; else both are kept."""
        base, exponent, value = target.base, target.exponent, branch.value
        power = _plain_number(exponent)
        if power == 0:
            raise self.stuck(target, "a power of zero")
        root = _power(value, tree.reciprocal(exponent))
        action = f"raise both sides to the power {render(tree.reciprocal(exponent))}"
        strict = power < 0 if power is not None else is_positive(base, self.domains)
        sign = ">" if strict else ">="
        extra = self.needs(exponent, "!=", decisive=False) if power is None else ()
        whole = power is not None and power.denominator == 1
        if whole and power is not None and power.numerator % 2 and not is_nonnegative(base, self.domains):
            conditions = self.needs(value, "!=") if power < 0 else ()
            odd = self.odd_root(value, exponent)
            return (branch.then("take the real root of both sides", base, odd, *conditions),)
        if is_nonnegative(base, self.domains) or (power is not None and not whole):
            return (branch.then(action, base, root, *self.needs(value, sign), *extra),)
        if whole:
            conditions = (*self.needs(value, sign), *extra)
            return (
                branch.then(f"{action}, positive branch", base, root, *conditions),
                branch.then(f"{action}, negative branch", base, tree.negate(root), *conditions),
            )
        size = _power(Call("abs", (value,)), tree.reciprocal(exponent))
        return (
            branch.then(f"{action}, positive branch", base, size, *extra),
            branch.then(f"{action}, negative branch", base, tree.negate(size), *extra),
        )

    def odd_root(self, value: Node, exponent: Node) -> Node:
        if exponent == Number(Fraction(3)):
            return Call("cbrt", (value,))
        size = _power(Call("abs", (value,)), tree.reciprocal(exponent))
        return tree.multiply(Call("sign", (value,)), size)

    def exponent(self, branch: Branch, target: Power) -> Branch:
        base, value = target.base, branch.value
        fixed = constant_value(base)
        if fixed is not None and (fixed <= 0 or fixed == 1):
            # A negative base has real powers too, those with whole exponents: logarithms would lose them.
            raise self.stuck(target, f"the exponent of {render(base)}")
        # Of a positive base all powers are positive; of others, which are left to the search by number, not.
        conditions = (
            *self.needs(value, ">", decisive=is_positive(base, self.domains)),
            *self.needs(base, ">", decisive=False),
            *self.needs(base, "!=", 1.0, decisive=False),
        )
        form = tree.divide(Call("log", (value,)), Call("log", (base,)))
        return branch.then(
            f"take logarithms and divide by log({render(base)})", target.exponent, form, *conditions
        )

    def call(self, branch: Branch, target: Call) -> tuple[Branch, ...]:
        function, value = target.function, branch.value
        if len(target.arguments) == 2 and function == "log":
            return (self.based_logarithm(branch, target),)
        inner = target.arguments[0]
        if function == "abs" and is_nonnegative(inner, self.domains):
            return (branch.then("the argument is not negative", inner, value),)
        if function == "cosh":
            root = _cosh_root(value)
            conditions = self.needs(value, ">=", 1.0)
            if is_nonnegative(inner, self.domains):
                return (branch.then("undo cosh", inner, root, *conditions),)
            return (
                branch.then("undo cosh, positive branch", inner, root, *conditions),
                branch.then("undo cosh, negative branch", inner, tree.negate(root), *conditions),
            )
        inverse = _INVERSES.get(function)
        if inverse is None:
            raise self.stuck(target, _WITHOUT.get(function, function))
        action, form, bounds = inverse
        conditions = tuple(found for sign, bound in bounds for found in self.needs(value, sign, bound))
        return (branch.then(action, inner, form(value), *conditions),)

    def based_logarithm(self, branch: Branch, target: Call) -> Branch:
        argument, base = target.arguments
        if self.holds(argument):
            conditions = (*self.needs(base, ">"), *self.needs(base, "!=", 1.0))
            return branch.then(
                f"raise {render(base)} to both sides", argument, _power(base, branch.value), *conditions
            )
        conditions = (*self.needs(argument, ">"), *self.needs(branch.value, "!="))
        form = _power(argument, tree.reciprocal(branch.value))
        return branch.then(f"take {render(argument)} to the inverse of both sides", base, form, *conditions)


def _plain_number(node: Node) -> Fraction | None:
    match node:
        case Number(value=value):
            return value
        case Negative(operand=operand):
            inner = _plain_number(operand)
            return None if inner is None else -inner
        case Multiply(factors=factors):
            product = Fraction(1)
            for inverse, part in factors:
                inner = _plain_number(part)
                if inner is None or (inverse and inner == 0):
                    return None
                product = product / inner if inverse else product * inner
            return product
    return None


def _power(base: Node, exponent: Node) -> Node:
    if exponent == tree.ONE:
        return base
    if exponent == tree.divide(tree.ONE, Number(Fraction(2))):
        return Call("sqrt", (base,))
    return Power(base, exponent)


def _sum(terms: Iterable[tuple[bool, Node]]) -> Node:
    return tree.add(*(tree.negate(part) if sign else part for sign, part in terms))


def _number(value: str) -> Number:
    return Number(Fraction(value))


def _call(function: str) -> Callable[[Node], Node]:
    return lambda value: Call(function, (value,))


def _square_and(value: Node, *, subtract: bool) -> Node:
    return Call("sqrt", (Add(((False, Power(value, _number("2"))), (subtract, tree.ONE))),))


def _sinh_root(value: Node) -> Node:
    return Call("log", (tree.add(value, _square_and(value, subtract=False)),))


def _cosh_root(value: Node) -> Node:
    return Call("log", (tree.add(value, _square_and(value, subtract=True)),))


def _tanh_root(value: Node) -> Node:
    ratio = tree.divide(tree.add(tree.ONE, value), Add(((False, tree.ONE), (True, value))))
    return tree.divide(Call("log", (ratio,)), _number("2"))


_QUARTER: Final = 1.5707963267948966
_INVERSES: Final[Mapping[str, tuple[str, Callable[[Node], Node], tuple[tuple[str, float], ...]]]] = {
    "exp": ("take logarithms", _call("log"), ((">", 0.0),)),
    "log": ("raise e to both sides", _call("exp"), ()),
    "ln": ("raise e to both sides", _call("exp"), ()),
    "log10": ("raise 10 to both sides", lambda value: Power(_number("10"), value), ()),
    "log2": ("raise 2 to both sides", lambda value: Power(_number("2"), value), ()),
    "sqrt": ("square both sides", lambda value: Power(value, _number("2")), ((">=", 0.0),)),
    "cbrt": ("cube both sides", lambda value: Power(value, _number("3")), ()),
    "asin": ("take the sine of both sides", _call("sin"), ((">=", -_QUARTER), ("<=", _QUARTER))),
    "acos": ("take the cosine of both sides", _call("cos"), ((">=", 0.0), ("<=", 2 * _QUARTER))),
    "atan": ("take the tangent of both sides", _call("tan"), ((">", -_QUARTER), ("<", _QUARTER))),
    "erf": ("undo the error function", _call("erfinv"), ((">", -1.0), ("<", 1.0))),
    "erfinv": ("take the error function of both sides", _call("erf"), ()),
    "sinh": ("undo sinh", _sinh_root, ()),
    "tanh": ("undo tanh", _tanh_root, ((">", -1.0), ("<", 1.0))),
}
_WITHOUT: Final = {
    "sin": "a periodic function",
    "cos": "a periodic function",
    "tan": "a periodic function",
    "min": "a minimum",
    "max": "a maximum",
    "abs": "an absolute value of unknown sign",
    "floor": "a rounding",
    "ceil": "a rounding",
    "sign": "a sign",
}
