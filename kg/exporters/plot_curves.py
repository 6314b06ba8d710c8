"""Curves, their bands, and observed spots, as the layers of a Vega-Lite specification."""

from collections.abc import Iterator, Sequence
from typing import Final

from kg.exporters.plot_axes import DECADES, Scale, axis_title, channel, scale_of
from kg.exporters.plot_labels import SIDES, place_labels
from kg.exporters.plot_marks import COLOURS, HEIGHT, WIDTH, Spec
from kg.model.plot import Axis, Curve, Plot, Spot

INSIDE: Final = "within the fitted range"
OUTSIDE: Final = "outside the fitted range"
UNKNOWN: Final = "fitted range not recorded"
DASHES: Final = {INSIDE: [1, 0], OUTSIDE: [6, 4], UNKNOWN: [2, 2]}
SPOTS: Final = "observed"


def draw_curves(plot: Plot) -> Spec:
    """The members of a specification that draw the curves of a plot, and its spots."""
    assert plot.x is not None  # noqa: S101 - curves have an axis
    across = scale_of((x for curve in plot.curves for x in curve.x), scale=plot.x.scale, padded=False)
    # Beside a logarithmic axis a power law is a straight line.
    up = scale_of(_heights(plot), decades=1 if across.log else DECADES)
    names = [curve.name for curve in plot.curves]
    rows = [row for curve in plot.curves for row in _rows(curve)]
    states = [state for state in DASHES if any(row["range"] == state for row in rows)]
    colour = _colour(names, legend=len(names) > 1 or bool(plot.spots))
    layers: list[Spec] = []
    if any(curve.low for curve in plot.curves):
        layers.append(_band(colour))
    layers.append(_lines(colour, states))
    datasets: Spec = {"curves": rows}
    if plot.spots:
        spots = _labelled(plot, across, up)
        datasets["spots"] = spots
        layers += _spot_layers(plot, plot.x, [row["side"] for row in spots])
    return {
        "height": HEIGHT,
        "datasets": datasets,
        "encoding": {
            "x": {"field": "x", **channel(plot.x, across)},
            "y": {"field": "y", **channel(plot.y, up)},
        },
        "layer": layers,
    }


def _heights(plot: Plot) -> Iterator[float]:
    for curve in plot.curves:
        for series in (curve.y, curve.low, curve.high):
            yield from (value for value in series if value is not None)
    yield from (spot.y for spot in plot.spots)


def _rows(curve: Curve) -> Iterator[Spec]:
    """The points of a curve, in stretches of one state; where the state changes, a point stands in both."""
    count = len(curve.x)
    inside = curve.fitted
    previous = ""
    stretch = -1
    for at in range(max(count - 1, 1)):
        ends = range(at, min(at + 2, count))
        state = UNKNOWN if not inside else INSIDE if all(inside[end] for end in ends) else OUTSIDE
        if state != previous:
            stretch += 1
            yield _row(curve, at, state, stretch)
        if count > 1:
            yield _row(curve, at + 1, state, stretch)
        previous = state


def _row(curve: Curve, at: int, state: str, stretch: int) -> Spec:
    row: Spec = {
        "curve": curve.name,
        "range": state,
        "stretch": stretch,
        "x": curve.x[at],
        "y": curve.y[at],
    }
    if curve.low:
        row |= {"low": curve.low[at], "high": curve.high[at]}
    return row


def _colour(names: Sequence[str], *, legend: bool) -> Spec:
    told: Spec = {"symbolType": "stroke", "symbolOpacity": 1} if legend else {}
    return {
        "field": "curve",
        "type": "nominal",
        "scale": {
            "domain": list(names),
            "range": [COLOURS[at % len(COLOURS)] for at in range(len(names))],
        },
        "legend": told or None,
    }


def _band(colour: Spec) -> Spec:
    return {
        "data": {"name": "curves"},
        "mark": {"type": "area", "opacity": 0.2, "clip": True, "aria": False},
        "encoding": {
            "y": {"field": "low", "type": "quantitative"},
            "y2": {"field": "high"},
            "color": colour,
            "detail": {"field": "stretch"},
        },
    }


def _lines(colour: Spec, states: Sequence[str]) -> Spec:
    encoding: Spec = {"color": colour, "detail": {"field": "stretch"}}
    if states != [UNKNOWN]:
        encoding["strokeDash"] = {
            "field": "range",
            "type": "nominal",
            "scale": {"domain": list(states), "range": [DASHES[state] for state in states]},
            "legend": {"symbolType": "stroke"},
        }
    return {
        "data": {"name": "curves"},
        "mark": {"type": "line", "strokeWidth": 2, "clip": True},
        "encoding": encoding,
    }


def _labelled(plot: Plot, across: Scale, up: Scale) -> list[Spec]:
    """The spots, each with the side on which its label has room."""

    def pixels(x: float, y: float) -> tuple[float, float]:
        return across.place(x) * WIDTH, (1 - up.place(y)) * HEIGHT

    lines = [
        pixels(x, y) for curve in plot.curves for x, y in zip(curve.x, curve.y, strict=True) if y is not None
    ]
    spots = [(*pixels(spot.x, spot.y), spot.label) for spot in plot.spots]
    sides = place_labels(spots, size=(WIDTH, HEIGHT), avoid=lines)
    return [_spot_row(spot, side) for spot, side in zip(plot.spots, sides, strict=True)]


def _spot_row(spot: Spot, side: int | None) -> Spec:
    return {
        "label": spot.label,
        "x": spot.x,
        "y": spot.y,
        "side": side,
        "method": spot.method,
        "source": spot.source,
        "iri": spot.iri,
    }


def _spot_layers(plot: Plot, across: Axis, sides: Sequence[int | None]) -> Iterator[Spec]:
    tooltip = [
        {"field": "label", "type": "nominal", "title": "what"},
        {"field": "x", "type": "quantitative", "title": axis_title(across), "format": ".4~g"},
        {"field": "y", "type": "quantitative", "title": axis_title(plot.y), "format": ".4~g"},
        {"field": "method", "type": "nominal"},
        {"field": "source", "type": "nominal"},
    ]
    fill = {
        "datum": SPOTS,
        "type": "nominal",
        "scale": {"domain": [SPOTS], "range": [COLOURS[1]]},
        "legend": {"symbolType": "circle", "symbolSize": 60, "symbolStrokeWidth": 0, "padding": 3},
    }
    yield {
        "data": {"name": "spots"},
        "mark": {"type": "circle", "size": 42, "opacity": 0.9},
        "encoding": {"fill": fill, "tooltip": tooltip},
    }
    for number, side in enumerate(SIDES):
        if number in sides:
            yield {
                "data": {"name": "spots"},
                "transform": [{"filter": {"field": "side", "equal": number}}],
                "mark": {
                    "type": "text",
                    "align": side.align,
                    "baseline": side.baseline,
                    "dx": side.dx,
                    "dy": side.dy,
                    "fontSize": 10,
                    "color": "#333",
                    "aria": False,
                },
                "encoding": {"text": {"field": "label", "type": "nominal"}},
            }
