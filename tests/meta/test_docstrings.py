"""Examples in docstrings run."""

import doctest
import importlib
import pkgutil

import pytest

import api
import kg

MODULES = sorted(
    found.name
    for package in (kg, api)
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
)
WITH_EXAMPLES = 20


@pytest.mark.parametrize("name", ["kg", *MODULES])
def test_examples_of_a_module_run(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert result.failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [test for name in MODULES for test in finder.find(importlib.import_module(name)) if test.examples]
    assert len(found) >= WITH_EXAMPLES
