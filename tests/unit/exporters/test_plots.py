"""Plots as Vega-Lite: what the numbers become, and what never stands in a specification."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.exporters.plot_axes import Scale, axis_title, channel, number_text, scale_of, ticks
from kg.exporters.plot_labels import DOT, LETTER, LINE, SIDES, place_labels
from kg.exporters.plot_marks import COLOURS
from kg.exporters.plots import plot_spec, spec_json
from kg.model.iri import Iri
from kg.model.plot import Axis, Bar, Curve, Plot, PlotKind, Spot

N = Axis("N", "Parameters", "parameter")
L = Axis("L", "Loss", "nat/token")
XS = (1e8, 1e9, 1e10, 1e11)
CURVE = Curve("one", XS, (4.0, 3.0, 2.5, 2.2), fitted=(False, True, True, False))
OTHER = Curve("another", XS, (4.1, None, 2.6, 2.3), (4.0, None, 2.5, 2.2), (4.2, None, 2.7, 2.4))
NASTY = 'A "B" <i>\\\'; datum.x'


def curves(*shown: Curve, spots: tuple[Spot, ...] = (), kind: PlotKind = PlotKind.FITS) -> Plot:
    return Plot(kind, "Loss", L, N, ("L = E + A/N**a",), shown, spots=spots)


def bars(*shown: Bar, base: float = 2.0) -> Plot:
    return Plot(PlotKind.SENSITIVITY, "Loss: sensitivity", L, bars=shown, base=base)


def layers(spec: dict[str, Any], mark: str) -> list[dict[str, Any]]:
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == mark]


def keys(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        yield from node
        for value in node.values():
            yield from keys(value)
    elif isinstance(node, list):
        for value in node:
            yield from keys(value)


SPOTS = tuple(
    Spot(Iri(f"https://e.org/{at}"), f"thing {at}", x, 3.0) for at, x in enumerate((2e8, 2e9, 2e10))
)
BARS = (Bar("A", 1.8, 2.2, "1", "2", "given"), Bar("B", 2.1, 1.9, "3", "4"))
PLOTS = {
    "one curve": curves(CURVE),
    "two, one with a band": curves(CURVE, OTHER),
    "spots": curves(CURVE, spots=SPOTS),
    "bars": bars(*BARS),
}


@pytest.mark.parametrize("plot", PLOTS.values(), ids=PLOTS)
def test_a_specification_is_self_contained_and_says_what_it_shows(plot: Plot) -> None:
    spec = plot_spec(plot)
    assert spec["$schema"] == "https://vega.github.io/schema/vega-lite/v6.4.json"
    assert spec["title"]["text"] in spec["description"]
    assert not {"url", "href", "src", "image"} & set(keys(spec))
    assert spec_json(spec) == spec_json(plot_spec(plot))
    assert json.loads(spec_json(spec), parse_constant=pytest.fail) == spec


def test_axes_have_label_symbol_and_unit() -> None:
    encoding = plot_spec(curves(CURVE))["encoding"]
    assert encoding["x"]["axis"]["title"] == "Parameters N (parameter)"
    assert encoding["y"]["axis"]["title"] == "Loss L (nat/token)"
    assert axis_title(Axis("p", "Share")) == "Share p"


def test_a_curve_is_solid_where_it_was_fitted_and_dashed_elsewhere() -> None:
    spec = plot_spec(curves(CURVE))
    found = [(row["x"], row["range"], row["stretch"]) for row in spec["datasets"]["curves"]]
    outside, inside = "outside the fitted range", "within the fitted range"
    assert found == [
        *((1e8, outside, 0), (1e9, outside, 0)),
        *((1e9, inside, 1), (1e10, inside, 1)),
        *((1e10, outside, 2), (1e11, outside, 2)),
    ]
    (line,) = layers(spec, "line")
    scale = line["encoding"]["strokeDash"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True)) == {inside: [1, 0], outside: [6, 4]}


def test_a_curve_without_a_fitted_range_is_solid_and_says_nothing_of_it() -> None:
    (line,) = layers(plot_spec(curves(OTHER)), "line")
    assert "strokeDash" not in line["encoding"]


def test_the_data_are_the_points_and_a_gap_is_null() -> None:
    spec = plot_spec(curves(OTHER))
    found = [tuple(row[name] for name in ("x", "y", "low", "high")) for row in spec["datasets"]["curves"]]
    assert found == list(zip(OTHER.x, OTHER.y, OTHER.low, OTHER.high, strict=True))


def test_curves_have_colours_of_their_own_and_a_legend() -> None:
    spec = plot_spec(curves(CURVE, OTHER))
    colours = [layer["encoding"]["color"] for kind in ("line", "area") for layer in layers(spec, kind)]
    assert all(
        colour["scale"] == {"domain": ["one", "another"], "range": list(COLOURS[:2])} for colour in colours
    )
    assert all(colour["legend"] for colour in colours)
    assert layers(plot_spec(curves(CURVE)), "line")[0]["encoding"]["color"]["legend"] is None
    assert len(set(COLOURS)) == len(COLOURS)


def test_spots_are_labelled_once_each_and_keep_their_figures() -> None:
    spec = plot_spec(curves(CURVE, spots=SPOTS))
    rows = spec["datasets"]["spots"]
    assert [(row["label"], row["x"], row["y"]) for row in rows] == [(s.label, s.x, s.y) for s in SPOTS]
    texts = layers(spec, "text")
    shown = [
        row["label"]
        for layer in texts
        for row in rows
        if row["side"] == layer["transform"][0]["filter"]["equal"]
    ]
    assert sorted(shown) == sorted(spot.label for spot in SPOTS)


def test_bars_run_from_the_base_to_either_end_in_their_order() -> None:
    spec = plot_spec(bars(*BARS))
    found = [(row["input"], row["value"], row["at"], row["left"]) for row in spec["datasets"]["bars"]]
    assert found == [
        ("A", 1.8, "1", True),
        ("A", 2.2, "2", False),
        ("B", 2.1, "3", False),
        ("B", 1.9, "4", True),
    ]
    assert {row["base"] for row in spec["datasets"]["bars"]} == {2.0}
    assert spec["encoding"]["y"]["sort"] is None


@pytest.mark.parametrize(
    "plot", [curves(Curve(NASTY, XS, CURVE.y), spots=(Spot(Iri("i"), NASTY, 1e9, 3.0),))]
)
def test_no_label_becomes_part_of_an_expression(plot: Plot) -> None:
    spec = plot_spec(plot)
    expressions = [spec["encoding"][channel]["axis"]["labelExpr"] for channel in ("x", "y")]
    assert all("datum.x" not in expression and "<i>" not in expression for expression in expressions)


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ((1e8, 1e12), Scale(1e8, 1e12, log=True)),
        ((1.0, 100.0), Scale(1.0, 100.0, log=True)),
        ((1.0, 99.0), Scale(1.0, 99.0)),
        ((0.0, 1e6), Scale(0.0, 1e6)),
        ((-1.0, 1e6), Scale(-1.0, 1e6)),
        ((5.0,), Scale(4.5, 5.5)),
        ((0.0, 0.0), Scale(-1.0, 1.0)),
    ],
)
def test_an_axis_is_logarithmic_from_two_decades_on(values: tuple[float, ...], scale: Scale) -> None:
    assert scale_of(values, padded=False) == scale


def test_an_axis_follows_what_is_asked_of_it() -> None:
    assert scale_of((1e8, 1e12), scale="linear").log is False
    assert scale_of((1.0, 2.0), scale="log").log is True
    assert scale_of((-1.0, 2.0), scale="log").log is False


@given(
    low=st.floats(-1e15, 1e15),
    span=st.floats(1e-3, 1e15),
    log=st.booleans(),
)
def test_ticks_are_few_round_and_on_the_axis(low: float, span: float, log: bool) -> None:
    low = abs(low) + 1e-6 if log else low
    if log:
        scale = Scale(low, low * (100 + span), log=True)
    elif low + span > low + abs(low) * 1e-9:
        scale = Scale(low, low + span)
    else:
        return
    found = ticks(scale)
    assert 2 <= len(found) <= 14
    assert list(found) == sorted(set(found))
    slack = 1e-8 * (scale.high - scale.low)
    assert all(scale.low - slack <= tick <= scale.high + slack for tick in found)
    texts = [number_text(tick, digits=12) for tick in found]
    assert len(set(texts)) == len(texts)


@given(low=st.floats(-1e9, 1e9), span=st.floats(1e-3, 1e9))
def test_the_labels_of_ticks_differ(low: float, span: float) -> None:
    if not low + span > low + abs(low) * 1e-7:
        return
    expression = channel(N, Scale(low, low + span))["axis"]["labelExpr"]  # type: ignore[index]
    labels = json.loads(expression.partition("[indexof")[0].replace("'", '"'))
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (7e10, "parameter", "70B"),
        (1.4e12, "token", "1.4T"),
        (999_999.0, "1", "1M"),
        (999.6, "1", "1k"),
        (0.0, "1", "0"),
        (0.001, "1", "0.001"),
        (0.00016, "1", "1.6e-4"),
        (-2500.0, "1", "-2.5k"),
        (8e10, "byte", "8e10"),
        (640.0, "byte", "640"),
        (3.8e25, "FLOP", "3.8e25"),
        (1e24, "FLOP", "1e24"),
        (9.999e14, "FLOP", "1e15"),
    ],
)
def test_numbers_are_written_as_they_may_be_typed(value: float, unit: str, text: str) -> None:
    assert number_text(value, unit) == text


SIZE = (600.0, 380.0)


@given(
    st.lists(
        st.tuples(st.floats(0, 600), st.floats(0, 380), st.text("abc", min_size=1, max_size=20)), max_size=25
    )
)
def test_no_label_overlaps_another_or_a_spot_or_leaves_the_picture(
    spots: list[tuple[float, float, str]],
) -> None:
    sides = place_labels(spots, size=SIZE)
    boxes = []
    for (x, y, text), number in zip(spots, sides, strict=True):
        if number is None:
            continue
        side, width = SIDES[number], LETTER * len(text)
        left = x + side.dx - width * {"left": 0, "center": 0.5, "right": 1}[side.align]
        top = y + side.dy - LINE * {"top": 0, "middle": 0.5, "bottom": 1}[side.baseline]
        boxes.append((left, top, left + width, top + LINE))
    dots = [(x - DOT, y - DOT, x + DOT, y + DOT) for x, y, _ in spots]
    for at, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0
        assert top >= 0
        assert right <= SIZE[0]
        assert bottom <= SIZE[1]
        for other in (*boxes[:at], *dots):
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top


def test_a_lonely_spot_has_its_label_at_the_right() -> None:
    assert place_labels([(300.0, 200.0, "alone")], size=SIZE) == (0,)


def test_labels_keep_off_a_line_where_they_can() -> None:
    line = [(float(x), 200.0) for x in range(0, 600, 2)]
    (side,) = place_labels([(300.0, 200.0, "on the line")], size=SIZE, avoid=line)
    assert side is not None
    assert SIDES[side].baseline != "middle"
