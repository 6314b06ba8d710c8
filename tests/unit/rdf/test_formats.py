"""Formats: one table, no media type or suffix twice within an offer."""

import pytest

from kg.rdf import formats
from kg.rdf.formats import GRAPH_FORMATS, SOLUTION_FORMATS, Format, by_media_type, by_suffix


@pytest.mark.parametrize("offers", [SOLUTION_FORMATS, GRAPH_FORMATS], ids=["solutions", "graphs"])
def test_each_format_is_found_by_media_type_and_suffix(offers: tuple[Format, ...]) -> None:
    for form in offers:
        assert by_media_type(form.media_type + "; charset=utf-8", offers) is form
        assert by_suffix("." + form.suffix.upper(), offers) is form


def test_nothing_is_found_by_another_name() -> None:
    assert by_media_type("text/plain", GRAPH_FORMATS) is None
    assert by_suffix("csv", GRAPH_FORMATS) is None


def test_the_preferred_formats_come_first() -> None:
    assert SOLUTION_FORMATS[0] is formats.JSON
    assert GRAPH_FORMATS[0] is formats.TURTLE
    assert [form.name for form in SOLUTION_FORMATS if form.boolean] == ["json", "xml"]
