"""Evaluate and solve the formulas of the graph."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from kg.model.iri import Iri
from kg.services.engines import Engines
from kg.services.references import find_resource

if TYPE_CHECKING:
    from kg.formula.compile import CompiledFormula
    from kg.model.answer import Evaluation, Observed, Solution
    from kg.model.batch import Batch, RootBatch
    from kg.model.sensitivity import Sensitivity

Told = TypeVar("Told", "Evaluation", "Solution", "Sensitivity", "Batch", "RootBatch")
Givens = Mapping[str, object]
"""Symbol or quantity slug → a number, text such as ``70B``, or a series of them."""


def find_formula(engines: Engines, reference: str) -> Iri:
    """The IRI of a formula, a reading or a complexity, named by slug, ``kind/slug#part``, CURIE or IRI.

    Raises:
        NotFound: there is none; near names are given.
    """
    if engines.is_read(Iri(reference)):
        return Iri(reference)
    if ":" in reference or "/" in reference:
        return find_resource(engines, reference)
    return find_resource(engines, reference, kind="formula")


def evaluate_formula(
    engines: Engines,
    reference: str,
    givens: Givens,
    *,
    subject: str = "",
    fit: str = "",
    unit: str = "",
) -> "Evaluation":
    """The output of a formula; inputs that are not given come from the subject, the fit, then defaults.

    Raises:
        NotFound: no such formula, subject or fit. Otherwise as :func:`kg.formula.evaluate.evaluate`.
    """
    from kg.formula.evaluate import evaluate

    compiled, observed, notes = ask(engines, reference, subject)
    found = evaluate(compiled, givens, observed=observed, fit=fit, unit=unit, units=engines.units)
    return with_notes(found, notes)


def solve_formula(
    engines: Engines,
    reference: str,
    symbol: str,
    givens: Givens,
    *,
    subject: str = "",
    fit: str = "",
    unit: str = "",
) -> "Solution":
    """A formula solved for one of its symbols; what is not given comes from where evaluation takes it.

    Raises:
        NotFound: no such formula, subject or fit. Otherwise as :func:`kg.formula.solve.solve_for`.
    """
    from kg.formula.solve import solve_for

    compiled, observed, notes = ask(engines, reference, subject)
    found = solve_for(compiled, symbol, givens, observed=observed, fit=fit, unit=unit, units=engines.units)
    return with_notes(found, notes)


RENDERED: Final = ("tex", "mathml", "py", "js", "sql", "txt")
"""Suffixes of what a formula can be rendered to."""


def render_formula(engines: Engines, reference: str, form: str) -> str:
    """A formula as LaTeX, MathML, Python, JavaScript, SQL or text; ``form`` is one of :data:`RENDERED`.

    Raises:
        NotFound: no such formula. Unavailable: the language has no words for it.
    """
    from kg.formula.render_files import RENDERINGS

    return RENDERINGS[form](engines.compiled(find_formula(engines, reference)))


def ask(
    engines: Engines, reference: str, subject: str
) -> tuple["CompiledFormula", tuple["Observed", ...], tuple[str, ...]]:
    """A formula, what the graph knows of a subject, best first, and a note where that is nothing.

    Raises:
        NotFound: no such formula or subject. Otherwise as :meth:`kg.services.engines.Engines.compiled`.
    """
    compiled = engines.compiled(find_formula(engines, reference))
    if not subject:
        return compiled, (), ()
    iri = find_resource(engines, subject)
    observed = engines.observed(iri)
    notes = () if observed else (f"no figures are known of {engines.prefixes.compress(iri)}",)
    return compiled, observed, notes


def with_notes(found: Told, notes: tuple[str, ...]) -> Told:
    """The answer, with the notes after its warnings."""
    return replace(found, warnings=(*found.warnings, *notes)) if notes else found
