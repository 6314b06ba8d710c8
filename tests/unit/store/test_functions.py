"""Why a call of an extension function gave no term."""

from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

from kg.errors import BadParameter
from kg.store.functions import SHOWN_REASONS, Failures, watch


def refuse(term: Literal) -> Literal:
    raise BadParameter("x", term.value, "something else")


def break_down(term: Literal) -> Literal:
    raise ZeroDivisionError("by zero")


def no_value(term: Literal) -> None:
    """Gives nothing."""


def no_term(term: Literal) -> Any:
    return 5


@pytest.mark.parametrize(
    ("function", "arguments", "reason"),
    [
        (refuse, (Literal("1"),), "f: parameter 'x' cannot be '1'; it takes something else"),
        (break_down, (Literal("1"),), "f: ZeroDivisionError: by zero"),
        (no_value, (Literal("1"),), "f: has no value here"),
        (no_term, (Literal("1"),), "f: gave a int, not an RDF term"),
        (refuse, (), "f: called with 0 arguments: "),
    ],
)
def test_a_reason_names_the_function_and_the_cause(
    function: Any, arguments: tuple[Literal, ...], reason: str
) -> None:
    failures = Failures()
    watched = watch({"https://example.org/function#f": function}, failures)
    assert watched[NamedNode("https://example.org/function#f")](*arguments) is None
    assert failures.count == 1
    assert failures.warnings[0].startswith(reason)
    assert len(failures.warnings) == 1


def test_ten_different_reasons_are_shown_and_all_are_counted() -> None:
    failures = Failures()
    for number in range(3 * SHOWN_REASONS):
        failures.add(f"reason {number % 20}")
    assert failures.warnings[:-1] == tuple(f"reason {number}" for number in range(SHOWN_REASONS))
    assert failures.warnings[-1] == "30 calls failed in all"
