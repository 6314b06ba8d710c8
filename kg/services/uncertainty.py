"""How sure a formula's output is, and what moves it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from kg.errors import BadParameter
from kg.services.engines import Engines
from kg.services.formulas import Givens, ask, evaluate_formula, with_notes

if TYPE_CHECKING:
    from kg.model.answer import Evaluation
    from kg.model.sensitivity import Sensitivity

SAMPLES: Final = 10_000
"""Draws of Monte Carlo, unless others are asked for."""


def evaluate_as_asked(
    engines: Engines,
    reference: str,
    givens: Givens,
    *,
    subject: str = "",
    fit: str = "",
    unit: str = "",
    uncertainty: str = "",
    samples: int | None = None,
    seed: int | None = None,
) -> "Evaluation":
    """The output of a formula, with how sure it is where ``uncertainty`` is neither empty nor ``none``.

    Givens may then carry spreads, as ``70B ± 5B`` or ``[60B, 80B]``; ``samples`` and ``seed`` are those of Monte Carlo.

    Raises:
        BadParameter: ``samples`` or ``seed`` for another method. NotFound: no such formula, subject or fit.
        Otherwise as :func:`kg.formula.uncertainty.evaluate_unsure`.
    """
    for name, number in (("samples", samples), ("seed", seed)):
        if number is not None and uncertainty != "monte-carlo":
            raise BadParameter(name, str(number)[:40], "nothing, unless uncertainty=monte-carlo")
    if uncertainty in ("", "none"):
        return evaluate_formula(engines, reference, givens, subject=subject, fit=fit, unit=unit)
    from kg.formula.uncertainty import evaluate_unsure

    compiled, observed, notes = ask(engines, reference, subject)
    found = evaluate_unsure(
        compiled,
        givens,
        observed=observed,
        fit=fit,
        unit=unit,
        units=engines.units,
        uncertainty=uncertainty,
        samples=SAMPLES if samples is None else samples,
        seed=0 if seed is None else seed,
    )
    return with_notes(found, notes)


def formula_sensitivity(
    engines: Engines,
    reference: str,
    givens: Givens,
    *,
    subject: str = "",
    fit: str = "",
    unit: str = "",
) -> "Sensitivity":
    """How the output of a formula moves with each input, the widest swing first.

    Raises:
        NotFound: no such formula, subject or fit. Otherwise as :func:`kg.formula.sensitivity.sensitivity`.
    """
    from kg.formula.sensitivity import sensitivity

    compiled, observed, notes = ask(engines, reference, subject)
    found = sensitivity(compiled, givens, observed=observed, fit=fit, unit=unit, units=engines.units)
    return with_notes(found, notes)


FORMATS: Final[Mapping[str, str]] = {"csv": "text/csv", "markdown": "text/markdown"}


def write_sensitivity(found: "Sensitivity", form: str) -> str:
    """The table as a document: ``csv`` or ``markdown``.

    Raises:
        BadParameter: no such format.
    """
    from kg.exporters.sensitivity import sensitivity_csv, sensitivity_markdown

    if form not in FORMATS:
        raise BadParameter("format", form[:40], f"one of {', '.join(FORMATS)}")
    return sensitivity_csv(found) if form == "csv" else sensitivity_markdown(found)
