"""What must hold for a step of an inversion, unless the domains of the variables say so already."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from kg.formula.render import render
from kg.formula.signs import is_nonnegative, is_nonzero, is_positive
from kg.formula.tree import Multiply, Negative, Node, Number
from kg.model.formula import Domain

Known = Callable[[Node, Mapping[str, Domain]], bool]
_KNOWN: Final = MappingProxyType[str, Known]({">": is_positive, ">=": is_nonnegative, "!=": is_nonzero})


@dataclass(frozen=True, slots=True)
class Condition:
    """``node`` is ``>``, ``>=``, ``!=``, ``<=`` or ``<`` the number ``bound``.

    Where a decisive one fails there is no root; where another fails, this way to it is closed, and that is all.
    """

    node: Node
    sign: str
    bound: float = 0.0
    decisive: bool = field(default=True, compare=False)

    def __str__(self) -> str:
        return f"{render(self.node)} {self.sign} {self.bound:g}"

    def holds(self, value: float) -> bool:
        """True where that value of the node fulfils it."""
        bound = self.bound
        return {
            ">": value > bound,
            ">=": value >= bound,
            "!=": value != bound,
            "<=": value <= bound,
            "<": value < bound,
        }[self.sign]


def needed(
    node: Node, sign: str, bound: float = 0.0, *, domains: Mapping[str, Domain], decisive: bool = True
) -> tuple[Condition, ...]:
    """The condition in its shortest form, or nothing where it always holds.

    Factors of a known sign play no part in a comparison with zero: ``B/(L - E) > 0`` is ``L - E > 0`` where B
    is positive.
    """
    known = _KNOWN.get(sign)
    if bound == 0 and known is not None:
        if known(node, domains):
            return ()
        node, sign = _core(node, sign, domains)
    if isinstance(node, Number) and Condition(node, sign, bound).holds(float(node.value)):
        return ()
    return (Condition(node, sign, bound, decisive),)


def _core(node: Node, sign: str, domains: Mapping[str, Domain]) -> tuple[Node, str]:
    if sign == "!=" and isinstance(node, Negative):
        return _core(node.operand, sign, domains)
    if not isinstance(node, Multiply):
        return node, sign
    plays_none = is_nonzero if sign == "!=" else is_positive
    left = [(inverse, part) for inverse, part in node.factors if not plays_none(part, domains)]
    if len(left) != 1:
        return node, sign
    ((inverse, part),) = left
    return _core(part, ">" if sign == ">=" and inverse else sign, domains)


def without_implied(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """Each condition once, and none that a stricter one of the same part includes."""
    strict = {(condition.node, condition.bound) for condition in conditions if condition.sign == ">"}
    return tuple(
        dict.fromkeys(
            condition
            for condition in conditions
            if condition.sign not in ("!=", ">=") or (condition.node, condition.bound) not in strict
        )
    )
