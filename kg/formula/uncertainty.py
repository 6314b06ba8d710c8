"""An evaluation that says how sure it is: the spreads of its inputs carried to the output by one of three methods."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kg.errors import BadParameter, TooLarge
from kg.formula.compile import CompiledFormula
from kg.formula.evaluate import evaluate
from kg.formula.inputs import Givens, resolve_inputs
from kg.formula.spreads import split_spreads
from kg.formula.units import UnitTable
from kg.formula.unsure import Case, build_case
from kg.model.answer import Evaluation, Observed
from kg.model.uncertainty import Method, Uncertainty

NONE: Final = "none"
METHODS: Final = (NONE, *map(str, Method))
"""What ``uncertainty=`` takes; nothing is ``none``."""

MAX_SAMPLES: Final = 1_000_000
MAX_SEED: Final = 2**63 - 1


def evaluate_unsure(
    compiled: CompiledFormula,
    givens: Givens,
    *,
    observed: Sequence[Observed] = (),
    fit: str = "",
    unit: str = "",
    units: UnitTable,
    uncertainty: str,
    samples: int,
    seed: int,
) -> Evaluation:
    """The output with its uncertainty; givens may carry spreads, as ``70B ± 5B`` or ``[60B, 80B]``.

    ``uncertainty`` is ``linear``, ``interval`` or ``monte-carlo``; ``samples`` and ``seed`` are those of the last. The
    same request gives the same figures. Spreads of what is not given are those of the fit and the subject.

    Raises:
        BadParameter: another method, nothing is unsure, or a number is off. TooLarge: more draws than are made.
        NoClosedForm, OutOfDomain: the method does not reach; says why. Otherwise as
            :func:`kg.formula.evaluate.evaluate`.
    """
    method = read_method(uncertainty)
    check_draws(samples, seed)
    plain, given = split_spreads(compiled, givens, fit=fit, units=units)
    evaluation = evaluate(compiled, plain, observed=observed, fit=fit, unit=unit, units=units)
    output = compiled.output
    target = output.symbol if output is not None else ""
    resolved = resolve_inputs(compiled, plain, observed=observed, fit=fit, units=units, target=target)
    ratio = 1.0
    if output is not None and unit:
        ratio = output.unit.factor / units.named(unit, like=output.unit).factor
    case = build_case(
        resolved, given, observed=observed, units=units, ratio=ratio, unit=evaluation.unit, method=uncertainty
    )
    found = _propagate(case, method, evaluation.value, samples=samples, seed=seed)
    return replace(evaluation, uncertainty=found)


def read_method(text: str) -> Method:
    """The method of that name.

    Raises:
        BadParameter: there is none.
    """
    if text not in METHODS[1:]:
        raise BadParameter("uncertainty", text[:40], f"one of {', '.join(METHODS)}")
    return Method(text)


def check_draws(samples: int, seed: int) -> None:
    """Returns where both can be used.

    Raises:
        BadParameter: no whole number in their range. TooLarge: more samples than are drawn.
    """
    for name, number, least, most in (("samples", samples, 2, MAX_SAMPLES), ("seed", seed, 0, MAX_SEED)):
        if type(number) is not int or number < least or (name == "seed" and number > most):
            raise BadParameter(name, str(number)[:40], f"a whole number from {least} to {most}")
    if samples > MAX_SAMPLES:
        raise TooLarge("samples", samples, MAX_SAMPLES)


def _propagate(case: Case, method: Method, value: float, *, samples: int, seed: int) -> Uncertainty:
    if method is Method.LINEAR:
        from kg.formula.linear import propagate_linear

        return propagate_linear(case, value / case.factor)
    if method is Method.INTERVAL:
        from kg.formula.boxes import propagate_interval

        return propagate_interval(case)
    from kg.formula.monte_carlo import propagate_monte_carlo

    return propagate_monte_carlo(case, samples=samples, seed=seed)
