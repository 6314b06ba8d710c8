"""Labels beside spots, so that no two overlap and none hides a spot: what fits nowhere is left out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LETTER: Final = 5.6
"""Width of a letter in pixels, as all lengths here."""
LINE: Final = 12.0
OFFSET: Final = 7.0
"""Of a label from the middle of its spot."""
DOT: Final = 4.0
"""Half a spot."""


@dataclass(frozen=True, slots=True)
class Side:
    """On which side of its spot a label stands: how its text is aligned there, and how far it is moved."""

    align: str
    baseline: str
    dx: float
    dy: float


_SLANT: Final = OFFSET * 0.6
SIDES: Final = (
    Side("left", "middle", OFFSET, 0.0),
    Side("right", "middle", -OFFSET, 0.0),
    Side("center", "bottom", 0.0, -OFFSET + 1),
    Side("center", "top", 0.0, OFFSET - 1),
    Side("left", "bottom", _SLANT, -_SLANT),
    Side("left", "top", _SLANT, _SLANT),
    Side("right", "bottom", -_SLANT, -_SLANT),
    Side("right", "top", -_SLANT, _SLANT),
)
"""In the order in which they are tried."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels; y grows downwards."""


def place_labels(
    spots: Sequence[tuple[float, float, str]],
    *,
    size: tuple[float, float],
    avoid: Sequence[tuple[float, float]] = (),
) -> tuple[int | None, ...]:
    """For each spot, at its x and y in pixels, the number of a side of :data:`SIDES`; None where no side is free.

    Lonely spots choose first. Labels keep within ``size`` and off all spots and other labels; off the points of
    ``avoid`` too, where that leaves a side.
    """
    taken = [(x - DOT, y - DOT, x + DOT, y + DOT) for x, y, _ in spots]
    lines = [(x - 1.0, y - 1.0, x + 1.0, y + 1.0) for x, y in avoid]
    found: list[int | None] = [None] * len(spots)
    order = sorted(range(len(spots)), key=lambda at: (-_loneliness(spots, at), at))
    for barred in (lines, []):
        for at in order:
            if found[at] is None:
                found[at] = _free_side(spots[at], size, taken, barred)
    return tuple(found)


def _free_side(
    spot: tuple[float, float, str], size: tuple[float, float], taken: list[Box], barred: list[Box]
) -> int | None:
    """The first side that is free; its box is taken then."""
    for number, side in enumerate(SIDES):
        box = _box(*spot, side)
        if _fits(box, size) and not _hits(box, taken) and not _hits(box, barred):
            taken.append(box)
            return number
    return None


def _loneliness(spots: Sequence[tuple[float, float, str]], at: int) -> float:
    x, y, _ = spots[at]
    others = (spot for number, spot in enumerate(spots) if number != at)
    return min((math.hypot(x - other[0], y - other[1]) for other in others), default=math.inf)


def _box(x: float, y: float, text: str, side: Side) -> Box:
    width = LETTER * len(text)
    left = x + side.dx - {"left": 0.0, "center": width / 2, "right": width}[side.align]
    top = y + side.dy - {"top": 0.0, "middle": LINE / 2, "bottom": LINE}[side.baseline]
    return left, top, left + width, top + LINE


def _fits(box: Box, size: tuple[float, float]) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= size[0] and box[3] <= size[1]


def _hits(box: Box, others: Sequence[Box]) -> bool:
    left, top, right, bottom = box
    return any(
        left < end and start < right and top < foot and head < bottom for start, head, end, foot in others
    )
