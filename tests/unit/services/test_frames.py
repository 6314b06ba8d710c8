"""The rows of a query as frames of pandas and polars: the same columns in both, and no value lost."""

import sys

import pytest

from kg.errors import BadParameter, Unavailable
from kg.services.knowledge import Knowledge

COLUMNS = {
    "whole numbers": ("1 2 3", [1, 2, 3]),
    "numbers": ("1 2.5 3e0", [1.0, 2.5, 3.0]),
    "truth values": ("true false true", [True, False, True]),
    "texts": ("'a' 'b' 'a'", ["a", "b", "a"]),
    "an unbound one": ("1 UNDEF 3", [1, None, 3]),
    "unbound ones only": ("UNDEF UNDEF UNDEF", [None, None, None]),
    "numbers and texts": ("1 'b' true", ["1", "b", "true"]),
    "numbers beyond 64 bits": ("1 18446744073709551616 3", ["1", "18446744073709551616", "3"]),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_has_one_type_in_both_libraries(stones: Knowledge, name: str) -> None:
    values, expected = COLUMNS[name]
    result = stones.sparql(f"SELECT ?x {{ VALUES ?x {{ {values} }} }}")
    polars, pandas = result.to_polars(), result.to_pandas()
    assert polars["x"].to_list() == expected
    assert [
        None if missing else value for value, missing in zip(pandas["x"], pandas["x"].isna(), strict=True)
    ] == expected


def test_columns_keep_their_order_and_no_rows_are_a_frame_too(stones: Knowledge) -> None:
    result = stones.sparql("SELECT ?b ?a { VALUES (?b ?a) {} }")
    assert (list(result.to_pandas().columns), result.to_pandas().shape) == (["b", "a"], (0, 2))
    assert (result.to_polars().columns, result.to_polars().shape) == (["b", "a"], (0, 2))


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_truth_value_has_no_rows(stones: Knowledge, library: str) -> None:
    with pytest.raises(BadParameter, match="a truth value has no rows"):
        getattr(stones.sparql("ASK {}"), f"to_{library}")()


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_missing_library_is_named(stones: Knowledge, monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(Unavailable, match=rf"install {library}, or trivium-kg\[frames\]"):
        getattr(stones.sparql("SELECT * { VALUES ?x { 1 } }"), f"to_{library}")()
