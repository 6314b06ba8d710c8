"""SPARQL extension functions: the engines as a query sees them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from kg.errors import BadParameter
from kg.model.iri import FUNCTION, Iri
from kg.rdf.terms import Term
from kg.services.engines import Engines
from kg.services.formulas import find_formula, render_formula
from kg.services.references import find_resource
from kg.store.functions import ExtensionFunction

if TYPE_CHECKING:
    from kg.model.quantity import Unit

EVALUATE: Final = FUNCTION + "evaluate"
SOLVE: Final = FUNCTION + "solve"
DERIVE: Final = FUNCTION + "derive"
LATEX: Final = FUNCTION + "latex"
MATHML: Final = FUNCTION + "mathml"
CONVERT: Final = FUNCTION + "convert"
HOURS_TO: Final = FUNCTION + "hoursTo"
DESCRIPTIONS: Final[Mapping[Iri, tuple[str, str]]] = MappingProxyType(
    {
        Iri(EVALUATE): (
            "evaluate",
            "The output of a formula: (formula, subject), (formula, givens) or (formula, subject, givens).",
        ),
        Iri(SOLVE): ("solve", "The one root of a formula for a symbol: (formula, symbol, givens)."),
        Iri(DERIVE): (
            "derive",
            "A quantity through any chain of formulas: (quantity, subject), (quantity, givens) or "
            "(quantity, subject, givens).",
        ),
        Iri(LATEX): ("LaTeX", "The formula in LaTeX: (formula)."),
        Iri(MATHML): ("MathML", "The formula in MathML: (formula)."),
        Iri(CONVERT): ("convert", "The value in another unit: (value, from unit, to unit)."),
        Iri(HOURS_TO): (
            "hours to",
            "Hours of study still ahead of a topic, itself included: (topic) or (topic, known slugs).",
        ),
    }
)
"""Each function with its label and what it gives."""
ELSEWHERE: Final = {
    EVALUATE: "leave it out of the query and ask /formulas/{slug}/evaluate by HTTP, or .evaluate() in Python",
    SOLVE: "leave it out of the query and ask /formulas/{slug}/solve by HTTP, or .solve() in Python",
    DERIVE: "leave it out of the query and ask /derive by HTTP, or .derive() in Python",
    LATEX: "leave it out of the query and ask /formulas/{slug}.tex by HTTP",
    MATHML: "leave it out of the query and ask /formulas/{slug}.mathml by HTTP",
    CONVERT: "leave it out of the query and convert in your own program",
    HOURS_TO: "leave it out of the query and ask /learning/plan by HTTP, or .learning.plan() in Python",
}
"""Function → what to do where the store cannot run it."""
_FORMS: Final = '(?formula, ?subject), (?formula, "N=70e9; D=1.4e12") or (?formula, ?subject, "…")'
_QUANTITY_FORMS: Final = _FORMS.replace("?formula", "?quantity").replace(
    "N=70e9; D=1.4e12", "model-parameters=70e9"
)


def extension_functions(engines: Engines) -> Mapping[str, ExtensionFunction]:
    """IRI → function, for a store to call. A call that fails raises; the store keeps the reason."""

    def evaluate(*terms: Term) -> Term:
        return evaluate_call(engines, *terms)

    def solve(*terms: Term) -> Term:
        return solve_call(engines, *terms)

    def derive(*terms: Term) -> Term:
        return derive_call(engines, *terms)

    def latex(*terms: Term) -> Term:
        return rendering_call(engines, "tex", *terms)

    def mathml(*terms: Term) -> Term:
        return rendering_call(engines, "mathml", *terms)

    def convert(*terms: Term) -> Term:
        return convert_call(engines, *terms)

    def hours_to(*terms: Term) -> Term:
        return hours_call(engines, *terms)

    return {
        EVALUATE: evaluate,
        SOLVE: solve,
        DERIVE: derive,
        LATEX: latex,
        MATHML: mathml,
        CONVERT: convert,
        HOURS_TO: hours_to,
    }


def evaluate_call(engines: Engines, *terms: Term) -> Literal:
    """The output of a formula as an ``xsd:double``, in the unit of its output variable.

    The formula is an IRI (a reading's too) or a slug; then a subject, given values, or both in this order.

    Raises:
        BadParameter: other arguments than these. NotFound: a subject that the graph does not know.
        TriviumError: as :func:`kg.services.formulas.evaluate_formula`.
    """
    from kg.formula.evaluate import evaluate
    from kg.formula.givens import parse_givens

    formula, subject, givens = _arguments("tvf:evaluate", terms, _FORMS)
    observed = engines.observed(subject) if subject else ()
    if subject and not observed:
        find_resource(engines, subject)
    iri = _formula_iri(engines, formula)
    evaluation = evaluate(
        engines.compiled(iri),
        parse_givens(givens),
        observed=observed,
        units=engines.units,
    )
    return Literal(evaluation.value)


def solve_call(engines: Engines, *terms: Term) -> Literal:
    """The one root of a formula for a symbol, as an ``xsd:double`` in the unit of that variable.

    Raises:
        BadParameter: other arguments than a formula, a symbol and givens; or there are several roots.
        TriviumError: as :func:`kg.formula.solve.solve_for`.
    """
    from kg.formula.givens import parse_givens
    from kg.formula.solve import solve_for

    match terms:
        case (NamedNode() | Literal() as formula, Literal() as symbol, Literal() as givens):
            compiled = engines.compiled(_formula_iri(engines, formula))
        case _:
            raise _bad_call("tvf:solve", terms, '(?formula, "D", "L=2.0; N=70e9")')
    solution = solve_for(compiled, symbol.value, parse_givens(givens.value), units=engines.units)
    if len(solution.roots) != 1:
        found = ", ".join(f"{root.value:.6g}" for root in solution.roots) or "none"
        raise BadParameter(
            "tvf:solve", symbol.value, f"givens that leave one root; there are {len(solution.roots)}: {found}"
        )
    return Literal(solution.roots[0].value)


def derive_call(engines: Engines, *terms: Term) -> Literal:
    """A quantity through any chain of formulas, as an ``xsd:double`` in the quantity's own unit.

    The quantity is an IRI or a slug; then a subject, given values, or both in this order.

    Raises:
        BadParameter: other arguments than these.
        TriviumError: as :func:`kg.services.derivations.derive_quantity`.
    """
    from kg.formula.givens import parse_givens
    from kg.services.derivations import derive_quantity

    quantity, subject, givens = _arguments("tvf:derive", terms, _QUANTITY_FORMS)
    found = derive_quantity(
        engines, quantity.value, parse_givens(givens), subject=(subject,) if subject else ()
    )
    return Literal(found.value)


def rendering_call(engines: Engines, form: str, *terms: Term) -> Literal:
    """The formula as LaTeX or as MathML.

    Raises:
        BadParameter: other arguments than one formula. NotFound: there is none of that name.
    """
    match terms:
        case (NamedNode() | Literal() as formula,):
            return Literal(render_formula(engines, _formula_iri(engines, formula), form).strip())
    raise _bad_call("tvf:latex" if form == "tex" else "tvf:mathml", terms, "(?formula)")


def convert_call(engines: Engines, *terms: Term) -> Literal:
    """A value in another unit, as an ``xsd:double``; units are IRIs, or text as people write it.

    Raises:
        BadParameter: other arguments than a number and two units, or a unit that is not known.
        WrongDimension: the units are of different dimensions.
    """
    from kg.formula.numbers import read_value
    from kg.model.quantity import ONE

    match terms:
        case (Literal() as value, NamedNode() | Literal() as source, NamedNode() | Literal() as target):
            units = engines.units
            number = read_value(value.value, unit=ONE, units=units, where="the value")
            first, second = _unit(engines, source), _unit(engines, target)
            return Literal(units.convert(number, first, second))
    raise _bad_call("tvf:convert", terms, "(?value, ?fromUnit, ?toUnit)")


def hours_call(engines: Engines, *terms: Term) -> Literal:
    """Hours of study still ahead of a topic, itself included, as an ``xsd:double``; 0 for a known one.

    Topics are IRIs or slugs, and whoever knows one is taken to know what it requires.

    Raises:
        BadParameter: other arguments than a topic, or a topic and a text of known slugs, spaces between.
        NotFound: there is no such topic; near ones are given.
        CyclicPrerequisites, InvalidData: the dataset's prerequisites are off.
    """
    from kg.services.plans import hours_to

    match terms:
        case (NamedNode() | Literal() as topic,):
            return Literal(hours_to(engines, topic.value))
        case (NamedNode() | Literal() as topic, Literal() as known):
            return Literal(hours_to(engines, topic.value, known.value.replace(",", " ").split()))
    raise _bad_call("tvf:hoursTo", terms, '(?topic) or (?topic, "known-slug known-slug")')


def _unit(engines: Engines, term: NamedNode | Literal) -> "Unit":
    if isinstance(term, Literal):
        return engines.units.named(term.value)
    unit = engines.units.get(Iri(term.value))
    if unit is None:
        raise BadParameter("unit", term.value[:80], "a unit of this dataset")
    return unit


def _formula_iri(engines: Engines, formula: NamedNode | Literal) -> Iri:
    return Iri(formula.value) if isinstance(formula, NamedNode) else find_formula(engines, formula.value)


def _bad_call(name: str, terms: tuple[Term, ...], takes: str) -> BadParameter:
    return BadParameter(name, f"({', '.join(str(term)[:60] for term in terms)})", takes)


def _arguments(name: str, terms: tuple[Term, ...], takes: str) -> tuple[NamedNode | Literal, Iri | None, str]:
    match terms:
        case (NamedNode() | Literal() as formula, NamedNode() as subject):
            return formula, Iri(subject.value), ""
        case (NamedNode() | Literal() as formula, Literal() as givens):
            return formula, None, givens.value
        case (NamedNode() | Literal() as formula, NamedNode() as subject, Literal() as givens):
            return formula, Iri(subject.value), givens.value
    raise _bad_call(name, terms, takes)
