"""A relation in one unknown with all else as numbers to come: what searches with other values share."""

from collections.abc import Mapping
from dataclasses import dataclass

from kg.formula.closed import SolvedForm
from kg.formula.intervals import Builder, builder, is_kept
from kg.formula.program import Program, Value, compile_tree
from kg.formula.tree import Add, Name, Node, Sum, names, rebuild, size_of, walk


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """Left side less right side; parts free of the unknown are computed once a search, by ``parts``."""

    parts: tuple[Program, ...]
    difference: Program
    """Over the values of the parts and the unknown."""
    terms: tuple[Program, ...]
    """Left side, right side and the size of each, over the same."""
    builder: Builder | None
    """None where the unknown is in a sum."""
    size: int

    def numbers(self, known: Mapping[str, Value]) -> tuple[float, ...]:
        """The value of each part.

        Raises:
            NoValue: a part has none that is finite and real.
        """
        return tuple(part.run([known[symbol] for symbol in part.symbols]) for part in self.parts)


def outline_of(form: SolvedForm) -> Outline:
    """The outline of a form, worked out once."""
    found = form.kept.get("outline")
    if isinstance(found, Outline):
        return found
    outline = form.kept["outline"] = _draw(form)
    return outline


def _draw(form: SolvedForm) -> Outline:
    symbol = form.unknown.symbol
    parts: list[Node] = []
    left, right = (_with_holes(side, symbol, parts) for side in (form.relation.left, form.relation.right))
    holes = [_hole(place) for place in range(len(parts))]
    over = (*holes, symbol)
    difference = Add(((False, left), (True, right)))
    sides = (left, right, size_of(left, holes), size_of(right, holes))
    return Outline(
        tuple(compile_tree(part, names(part)) for part in parts),
        compile_tree(difference, over),
        tuple(compile_tree(side, over) for side in sides),
        builder(difference, symbol, holes),
        sum(1 for _ in walk(difference)),
    )


def _with_holes(node: Node, unknown: str, parts: list[Node]) -> Node:
    """The expression with a name for each greatest part that is free of the unknown; they go into ``parts``."""
    if unknown in names(node):
        return (
            node if isinstance(node, Sum) else rebuild(node, lambda part: _with_holes(part, unknown, parts))
        )
    if is_kept(node):
        return node
    if node not in parts:
        parts.append(node)
    return Name(_hole(parts.index(node)))


def _hole(place: int) -> str:
    """No name of the grammar, so none of a user."""
    return f"#{place}"
