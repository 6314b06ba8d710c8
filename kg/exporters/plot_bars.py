"""Bars of sensitivity, the widest first (a tornado), as a Vega-Lite specification."""

from typing import Final

from kg.exporters.plot_axes import Scale, channel, scale_of
from kg.exporters.plot_marks import COLOURS, Spec
from kg.model.plot import Plot

BAR_HEIGHT: Final = 26
ROOM: Final = 0.12
"""Of the span, at either end, for the text beside a bar."""
LOW_END: Final = "input at its low end"
HIGH_END: Final = "input at its high end"


def draw_bars(plot: Plot) -> Spec:
    """The members of a specification that draw the bars of a plot around its base, in their order."""
    assert plot.base is not None  # noqa: S101 - bars have a centre
    scale = scale_of((plot.base, *(end for bar in plot.bars for end in (bar.low, bar.high))))
    rows: list[Spec] = [
        {"input": bar.name, "end": end, "value": value, "base": plot.base, "at": at, "basis": bar.basis}
        for bar in plot.bars
        for end, value, at in ((LOW_END, bar.low, bar.at_low), (HIGH_END, bar.high, bar.at_high))
    ]
    for row in rows:
        row["left"] = row["value"] < plot.base or (row["value"] == plot.base and row["end"] == LOW_END)
    place = {"field": "input", "type": "nominal", "sort": None}
    across = channel(plot.y, _roomy(scale))
    ends = {
        "field": "end",
        "type": "nominal",
        "scale": {"domain": [LOW_END, HIGH_END], "range": [COLOURS[5], COLOURS[1]]},
    }
    return {
        "height": {"step": BAR_HEIGHT},
        "datasets": {"bars": rows},
        "data": {"name": "bars"},
        "encoding": {"y": {**place, "axis": {"title": None, "labelLimit": 320, "ticks": False}}},
        "layer": [
            {
                "mark": {"type": "bar", "height": BAR_HEIGHT - 10},
                "encoding": {
                    "x": {"field": "value", **across},
                    "x2": {"field": "base"},
                    "color": ends,
                },
            },
            *(_end_text(left=left) for left in (True, False)),
            {
                "mark": {"type": "rule", "color": "#333"},
                "encoding": {"x": {"datum": plot.base, "type": "quantitative"}, "y": None},
            },
        ],
    }


def _roomy(scale: Scale) -> Scale:
    """The scale with room for a text beyond either end."""
    if scale.log:
        more = (scale.high / scale.low) ** ROOM
        return Scale(scale.low / more, scale.high * more, log=True)
    more = (scale.high - scale.low) * ROOM
    return Scale(scale.low - more, scale.high + more)


def _end_text(*, left: bool) -> Spec:
    """The value of the input, written beside the end of its bar."""
    return {
        "transform": [{"filter": {"field": "left", "equal": left}}],
        "mark": {
            "type": "text",
            "align": "right" if left else "left",
            "dx": -4 if left else 4,
            "fontSize": 10,
            "color": "#333",
        },
        "encoding": {
            "x": {"field": "value", "type": "quantitative"},
            "text": {"field": "at", "type": "nominal"},
        },
    }
