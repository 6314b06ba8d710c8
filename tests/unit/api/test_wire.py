"""JSON documents are compact UTF-8, and never hold what JSON does not have."""

import json
from typing import Any

import pytest

from api.wire import to_bytes


@pytest.mark.parametrize(
    "value",
    [7e10, 1e-300, 5.88e23, 10**30, "α ≤ 1", "NaN is a word", "Infinity", [1, None, True], {"k": []}],
    ids=repr,
)
def test_a_document_reads_back_as_it_was(value: Any) -> None:
    body = to_bytes({"value": value})
    assert json.loads(body.decode()) == {"value": value}
    assert body.startswith(b'{"value":')


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")], ids=repr)
def test_a_number_that_json_lacks_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        to_bytes({"value": [value]})


def test_half_a_surrogate_pair_goes_out_as_its_escape() -> None:
    assert json.loads(to_bytes({"value": "\ud800"})) == {"value": "\ud800"}
