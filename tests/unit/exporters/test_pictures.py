"""Pictures of specifications: the same each time, without the network, and with a way out where there are none."""

import re

import pytest

from kg.errors import Unavailable
from kg.exporters.pictures import draw_png, draw_svg
from kg.exporters.plots import plot_spec
from tests.unit.exporters.test_plots import PLOTS

SVG = "http://www.w3.org/2000/svg"


@pytest.mark.parametrize("name", ["two, one with a band", "spots"])
def test_the_same_specification_gives_the_same_bytes(name: str) -> None:
    spec = plot_spec(PLOTS[name])
    first = draw_svg(spec)
    assert draw_svg(plot_spec(PLOTS["bars"])) != first
    assert draw_svg(spec) == first
    assert draw_png(spec) == draw_png(spec)


def test_an_svg_names_each_part_once_and_points_to_what_there_is() -> None:
    drawn = draw_svg(plot_spec(PLOTS["two, one with a band"]))
    names = re.findall(r'\bid="([^"]+)"', drawn)
    assert names
    assert len(set(names)) == len(names)
    assert set(re.findall(r"url\(#([^)]+)\)", drawn)) <= set(names)


def test_an_svg_is_one_image_with_a_label_and_asks_for_nothing() -> None:
    plot = PLOTS["spots"]
    drawn = draw_svg(plot_spec(plot))
    assert drawn.startswith(f'<svg role="img" aria-label="{plot.title}.')
    assert all(spot.label in drawn for spot in plot.spots)
    assert not re.search(r"<script|<image|@import|\bsrc=|\bhref=", drawn)
    assert set(re.findall(r"https?://[^\"' <]+", drawn)) <= {SVG, "http://www.w3.org/1999/xlink"}


def test_a_png_is_a_png() -> None:
    assert draw_png(plot_spec(PLOTS["bars"])).startswith(b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize(
    "address", ["https://example.org/data.json", "http://127.0.0.1:9/data.json", "data.csv"]
)
def test_nothing_is_fetched(address: str) -> None:
    spec = plot_spec(PLOTS["one curve"])
    spec["layer"] = [{**spec["layer"][0], "data": {"url": address}}]
    with pytest.raises(ValueError, match="not allowed"):
        draw_svg(spec)


def test_without_the_package_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.exporters.pictures.find_spec", lambda _: None)
    for draw in (draw_svg, draw_png):
        with pytest.raises(Unavailable, match=r"install trivium-kg\[plots\]"):
            draw(plot_spec(PLOTS["one curve"]))
