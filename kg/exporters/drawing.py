"""A plan as SVG (https://www.w3.org/TR/SVG2/): a drawing in layers that needs no script, font or network."""

from collections.abc import Iterator
from typing import Final

from kg.exporters.layers import Layers, Place, lay_out
from kg.exporters.markup import xml_text
from kg.model.plan import Plan, PlanStep

WIDTH, HEIGHT, GAP, BEND, DROP, MARGIN = 200, 48, 18, 18, 84, 20
"""Of a box, between boxes, of a bend, from a layer to the next, and around all; in user units."""
LETTERS: Final = 25
"""Most letters of a label that fit a box; the whole label is its title."""

_STYLE: Final = (
    "text{font:13px system-ui,sans-serif;fill:#1a1a1a}.soft{font-size:11px;fill:#555}"
    "rect{fill:#f4f6fa;stroke:#5b6b8c}.goal{fill:#fff3d6;stroke:#9a6b00;stroke-width:2}"
    "path{fill:none;stroke:#8a93a6;stroke-width:1.2}marker path{fill:#8a93a6;stroke:none}"
)


def plan_svg(plan: Plan) -> str:
    """The steps in boxes, each below what it requires; goals in another colour; ends with a line break."""
    layers = lay_out({step.slug: step.requires for step in plan.steps})
    spots = dict(_spots(layers))
    width = max((x for x, _ in spots.values()), default=200) + WIDTH / 2 + MARGIN
    height = max(1, len(layers.rows)) * DROP - (DROP - HEIGHT) + 2 * MARGIN
    title = xml_text(f"Plan: {plan.title}")
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" role="img">',
        f"<title>{title}</title>",
        f"<style>{_STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>',
        f'<rect width="{width:g}" height="{height:g}" style="fill:#fff;stroke:none"/>',
        *(_arrow([spots[place] for place in way]) for way in layers.ways),
    ]
    goals = {goal.slug for goal in plan.goals}
    at = {name: spots[place] for place, name in layers.names.items()}
    for step in plan.steps:
        lines += _box(step, at[step.slug], is_goal=step.slug in goals)
    if not plan.steps:
        lines.append(f'<text x="{MARGIN}" y="{MARGIN + 20}">{xml_text(plan.note)}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def _spots(layers: Layers) -> Iterator[tuple[Place, tuple[float, float]]]:
    """The middle of each place, layers centred."""
    sizes = [[WIDTH if place in layers.names else BEND for place in row] for row in layers.rows]
    widths = [sum(row) + GAP * (len(row) - 1) for row in sizes]
    for layer, row in enumerate(layers.rows):
        left = MARGIN + (max(widths) - widths[layer]) / 2
        for place, size in zip(row, sizes[layer], strict=True):
            yield place, (left + size / 2, MARGIN + layer * DROP + HEIGHT / 2)
            left += size + GAP


def _arrow(spots: list[tuple[float, float]]) -> str:
    """A smooth line down through all spots; it crosses a layer straight."""
    half = HEIGHT / 2
    x, y = spots[0]
    parts = [f"M{x:g} {y + half:g}"]
    for number, (to_x, to_y) in enumerate(spots[1:], start=2):
        top, middle = to_y - half, (y + half + to_y - half) / 2
        parts.append(f"C{x:g} {middle:g} {to_x:g} {middle:g} {to_x:g} {top:g}")
        if number < len(spots):
            parts.append(f"V{to_y + half:g}")
        x, y = to_x, to_y
    return f'<path d="{" ".join(parts)}" marker-end="url(#tip)"/>'


def _box(step: PlanStep, spot: tuple[float, float], *, is_goal: bool) -> list[str]:
    x, y = spot[0] - WIDTH / 2, spot[1] - HEIGHT / 2
    label = " ".join(step.label.split())
    shown = label if len(label) <= LETTERS else f"{label[: LETTERS - 1].rstrip()}…"
    mark = ' class="goal"' if is_goal else ""
    return [
        f"<g><title>{xml_text(label)}</title>"
        f'<rect x="{x:g}" y="{y:g}" width="{WIDTH}" height="{HEIGHT}" rx="6"{mark}/>',
        f'<text x="{spot[0]:g}" y="{y + 20:g}" text-anchor="middle">{xml_text(shown)}</text>',
        f'<text class="soft" x="{spot[0]:g}" y="{y + 37:g}" text-anchor="middle">'
        f"{step.position} · {step.hours:g} h</text></g>",
    ]
