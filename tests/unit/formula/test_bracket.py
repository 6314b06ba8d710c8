"""A sign change between two doubles is followed to its last digit in few steps."""

import math
from collections.abc import Callable

import mpmath
import pytest

from kg.formula.bracket import root_between

CASES = {
    "quintic": (lambda x: x**5 + x - 3.1, -1e60, 1e60),
    "cosine": (lambda x: math.cos(x) - x, 0.0, 2.0),
    "logarithm": (lambda x: math.log(x) - 1.0, 1e-9, 1e9),
    "power law": (lambda x: 406.4 * x**-0.34 - 0.1, 1.0, 1e15),
    "steep": (lambda x: math.expm1(min(x, 700.0)) - 1e6, -1e3, 1e3),
    "near zero": (lambda x: x + 1e-12, -1.0, 1.0),
}


@pytest.mark.parametrize("name", CASES)
def test_a_simple_root_takes_few_steps(name: str) -> None:
    function, low, high = CASES[name]
    asked: list[float] = []

    def counted(x: float) -> float:
        asked.append(x)
        return function(x)

    found = root_between(counted, low, high)
    assert found is not None
    root, left, right = found
    assert left <= root <= right
    assert _changes_sign(function, root)
    assert len(asked) <= 32, asked


def test_the_root_is_that_of_higher_precision() -> None:
    with mpmath.workdps(40):
        exact = float(mpmath.findroot(lambda x: x**5 + x - mpmath.mpf(3.1), 1.14))
    found = root_between(CASES["quintic"][0], 0.0, 4.0)
    assert found is not None
    assert abs(found[0] - exact) <= math.ulp(exact)


def _changes_sign(function: Callable[[float], float], root: float) -> bool:
    near = (
        math.nextafter(math.nextafter(root, -math.inf), -math.inf),
        math.nextafter(math.nextafter(root, math.inf), math.inf),
    )
    return function(root) == 0 or (function(near[0]) < 0) != (function(near[1]) < 0)
