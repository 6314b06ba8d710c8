"""Places for the topics of a plan in layers: what is required stands above what requires it (Sugiyama 1981).

doi:10.1109/TSMC.1981.4308636. An arrow over several layers passes each of them at a place of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import Final

SWEEPS: Final = 8
"""Passes over the layers that put each place near its neighbours; more change little."""

Place = tuple[int, int]
"""Layer and number of a node or of a bend."""


@dataclass(frozen=True, slots=True)
class Layers:
    """Places by layer in their order, nodes and bends, and the way of each arrow."""

    rows: tuple[tuple[Place, ...], ...]
    names: Mapping[Place, str]
    """Places of nodes; the others are bends."""
    ways: tuple[tuple[Place, ...], ...]
    """For each arrow the places that it passes, both ends included."""


def lay_out(requires: Mapping[str, Sequence[str]]) -> Layers:
    """Layers of an acyclic relation whose keys stand after what they require; the same for the same input."""
    depth: dict[str, int] = {}
    rows: list[list[Place]] = []
    place: dict[str, Place] = {}
    ways: list[tuple[Place, ...]] = []
    for name, needed in requires.items():
        depth[name] = 1 + max((depth[other] for other in needed), default=-1)
        place[name] = _append(rows, depth[name])
    for name, needed in requires.items():
        for other in needed:
            bends = [_append(rows, layer) for layer in range(depth[other] + 1, depth[name])]
            ways.append((place[other], *bends, place[name]))
    _order(rows, ways)
    return Layers(tuple(map(tuple, rows)), {at: name for name, at in place.items()}, tuple(ways))


def _append(rows: list[list[Place]], layer: int) -> Place:
    while len(rows) <= layer:
        rows.append([])
    rows[layer].append((layer, len(rows[layer])))
    return rows[layer][-1]


def _order(rows: list[list[Place]], ways: Sequence[Sequence[Place]]) -> None:
    """Sort each layer by the mean place of its neighbours, downwards and upwards in turn."""
    above: dict[Place, list[Place]] = {}
    below: dict[Place, list[Place]] = {}
    for way in ways:
        for upper, lower in pairwise(way):
            above.setdefault(lower, []).append(upper)
            below.setdefault(upper, []).append(lower)
    for sweep in range(SWEEPS):
        neighbours, layers = (above, rows) if sweep % 2 == 0 else (below, rows[::-1])
        at = {each: (number + 0.5) / len(row) for row in rows for number, each in enumerate(row)}
        for row in layers:
            mean = {each: fmean(at[n] for n in neighbours.get(each, [each])) for each in row}
            row.sort(key=lambda each, mean=mean: (mean[each], each))  # type: ignore[misc]
            at |= {each: (number + 0.5) / len(row) for number, each in enumerate(row)}
