"""A plot as a Vega-Lite specification (https://vega.github.io/vega-lite/docs/spec.html): data inline, no address in it.

Only what Vega-Lite 6.4 has, the newest that vl-convert-python draws.
"""

import json
import textwrap
from typing import Final

from kg.exporters.plot_axes import axis_title, number_text
from kg.exporters.plot_bars import draw_bars
from kg.exporters.plot_curves import draw_curves
from kg.exporters.plot_marks import WIDTH, Spec
from kg.model.plot import Axis, Curve, Plot, PlotKind

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.4.json"
LINE_LETTERS: Final = 100
"""Letters on a line of the subtitle."""
_WRAPPER: Final = textwrap.TextWrapper(LINE_LETTERS, break_long_words=False, break_on_hyphens=False)


def plot_spec(plot: Plot) -> Spec:
    """The specification of a plot with at least one value; the same plot gives the same one.

    ``usermeta`` says what it rests on: formula, dataset version, what was asked, sources, notes.
    """
    body = draw_bars(plot) if plot.kind is PlotKind.SENSITIVITY else draw_curves(plot)
    return {
        "$schema": SCHEMA,
        "description": describe(plot),
        "title": {
            "text": plot.title,
            "subtitle": [part for line in plot.subtitle for part in _WRAPPER.wrap(line)],
            "anchor": "start",
            "frame": "group",
        },
        "usermeta": _origin(plot),
        "width": WIDTH,
        **body,
        "config": _CONFIG,
    }


def spec_json(spec: Spec) -> str:
    """The specification as JSON text, ended by a line break."""
    return json.dumps(spec, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


_CONFIG: Final[Spec] = {
    "background": "white",
    "padding": 12,
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "gridColor": "#e6e6e6",
        "domainColor": "#666",
        "tickColor": "#666",
        "labelColor": "#333",
        "titleColor": "#1a1a1a",
        "labelFontSize": 11,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "labelOverlap": True,
    },
    "title": {
        "fontSize": 15,
        "fontWeight": 600,
        "color": "#1a1a1a",
        "offset": 12,
        "subtitleFontSize": 11,
        "subtitleColor": "#555",
        "subtitlePadding": 4,
    },
    "legend": {
        "orient": "bottom",
        "direction": "vertical",
        "title": None,
        "labelFontSize": 11,
        "labelLimit": 0,
        "symbolStrokeWidth": 2,
        "symbolSize": 200,
        "labelColor": "#333",
    },
}


def describe(plot: Plot) -> str:
    """What the picture shows, in words, for those who do not see it."""
    told = [f"{plot.title}."]
    if plot.x is not None:
        told.append(f"{axis_title(plot.y)} over {axis_title(plot.x)}.")
    told += [_course(curve, plot) for curve in plot.curves]
    if plot.bars and plot.base is not None:
        unit = _with_unit(plot.y)
        told.append(f"{axis_title(plot.y)}, {number_text(plot.base, plot.y.unit)}{unit} at the values given.")
        told += [
            f"{bar.name}: {number_text(bar.low, plot.y.unit)} at {bar.at_low}, "
            f"{number_text(bar.high, plot.y.unit)} at {bar.at_high}."
            for bar in plot.bars
        ]
    if plot.spots:
        told.append(f"Observed: {', '.join(spot.label for spot in plot.spots)}.")
    return " ".join((*told, *(f"{note}." for note in plot.notes)))


def _with_unit(axis: Axis) -> str:
    return "" if axis.unit == "1" else f" {axis.unit}"


def _course(curve: Curve, plot: Plot) -> str:
    assert plot.x is not None  # noqa: S101 - curves have an axis
    known = [(x, y) for x, y in zip(curve.x, curve.y, strict=True) if y is not None]
    ends = [
        f"{number_text(y, plot.y.unit)}{_with_unit(plot.y)} at {plot.x.symbol} = {number_text(x, plot.x.unit)}"
        for x, y in (known[0], known[-1])
    ]
    return f"{curve.name}: from {ends[0]} to {ends[1]}."


def _origin(plot: Plot) -> Spec:
    return {
        "kind": str(plot.kind),
        "formula": plot.formula,
        "dataset": plot.version,
        "inputs": dict(plot.inputs),
        "band": plot.band,
        "notes": list(plot.notes),
        "sources": [{"iri": source.iri, "label": source.label} for source in plot.sources],
    }
