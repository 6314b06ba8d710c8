"""Errors keep their fields wherever they travel."""

import copy
import pickle
from collections.abc import Callable
from dataclasses import replace

import pytest

from kg.errors import BadSyntax, CyclicPrerequisites, NoDerivation, NotFound, TriviumError, UnknownSymbol

ERRORS = [
    NotFound("topic", "mambo", ("mamba",)),
    replace(BadSyntax("expression", "unexpected end", 1, 7), text="a +", hint="finish the sum"),
    UnknownSymbol(symbol="q", known=("a", "b")),
    CyclicPrerequisites(("a", "b", "a")),
    NoDerivation("cost", (("hours",),), {"hours": "h"}),
    TriviumError("plain"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(
    "send",
    [copy.copy, lambda error: pickle.loads(pickle.dumps(error))],  # noqa: S301 - our own bytes
    ids=["copy", "pickle"],
)
def test_an_error_arrives_with_its_fields(
    error: TriviumError, send: Callable[[TriviumError], TriviumError]
) -> None:
    arrived = send(error)
    assert type(arrived) is type(error)
    assert str(arrived) == str(error)
    assert vars(arrived) == vars(error)
    assert arrived is not error
