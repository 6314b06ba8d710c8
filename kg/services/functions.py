"""SPARQL extension functions: the engines as a query sees them."""

from collections.abc import Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.errors import BadParameter
from kg.model.iri import FUNCTION, Iri
from kg.rdf.terms import Term
from kg.services.engines import Engines
from kg.services.formulas import find_formula
from kg.services.references import find_resource
from kg.store.functions import ExtensionFunction

EVALUATE: Final = FUNCTION + "evaluate"
_FORMS: Final = '(?formula, ?subject), (?formula, "N=70e9; D=1.4e12") or (?formula, ?subject, "…")'


def extension_functions(engines: Engines) -> Mapping[str, ExtensionFunction]:
    """IRI → function, for a store to call. A call that fails raises; the store keeps the reason."""

    def evaluate(*terms: Term) -> Term:
        return evaluate_call(engines, *terms)

    return {EVALUATE: evaluate}


def evaluate_call(engines: Engines, *terms: Term) -> Literal:
    """The output of a formula as an ``xsd:double``, in the unit of its output variable.

    The formula is an IRI (a reading's too) or a slug; then a subject, given values, or both in this order.

    Raises:
        BadParameter: other arguments than these. NotFound: a subject that the graph does not know.
        TriviumError: as :func:`kg.services.formulas.evaluate_formula`.
    """
    from kg.formula.evaluate import evaluate
    from kg.formula.givens import parse_givens

    formula, subject, givens = _arguments(terms)
    observed = engines.observed(subject) if subject else ()
    if subject and not observed:
        find_resource(engines, subject)
    iri = Iri(formula.value) if isinstance(formula, NamedNode) else find_formula(engines, formula.value)
    evaluation = evaluate(
        engines.compiled(iri),
        parse_givens(givens),
        observed=observed,
        units=engines.units,
    )
    return Literal(evaluation.value)


def _arguments(terms: tuple[Term, ...]) -> tuple[NamedNode | Literal, Iri | None, str]:
    match terms:
        case (NamedNode() | Literal() as formula, NamedNode() as subject):
            return formula, Iri(subject.value), ""
        case (NamedNode() | Literal() as formula, Literal() as givens):
            return formula, None, givens.value
        case (NamedNode() | Literal() as formula, NamedNode() as subject, Literal() as givens):
            return formula, Iri(subject.value), givens.value
    shown = ", ".join(str(term)[:60] for term in terms)
    raise BadParameter("tvf:evaluate", f"({shown})", _FORMS)
