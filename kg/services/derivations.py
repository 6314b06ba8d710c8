"""Derive a quantity from givens and from what the graph knows of subjects, through whatever formulas lead there."""

from collections.abc import Callable, Iterable, Mapping, Sized
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from kg.errors import BadInput, BadParameter, NotFound, TooLarge
from kg.model.iri import Iri
from kg.rdf.formats import GRAPH_FORMATS, Format
from kg.services.engines import Engines
from kg.services.formulas import Givens, find_formula
from kg.services.references import NAME_LENGTH, NEAR, find_resource, near_names

if TYPE_CHECKING:
    from kg.formula.network import Network
    from kg.model.derivation import Derivation, DerivationStep

MAX_GIVENS: Final = 200
MAX_ITEMS: Final = 10_000
"""Values in all series together."""
MAX_SUBJECTS: Final = 20
MAX_FORMULAS: Final = 200
"""Formulas to prefer or to avoid."""
MAX_ALTERNATIVES: Final = 10
DEFAULTS: Final = ("allow", "forbid")
_LATEX_MARKS: Final = {
    **{char: f"\\{char}" for char in "%_$#&{}"},
    "^": "\\textasciicircum{}",
    "~": "\\textasciitilde{}",
    "\\": "\\textbackslash{}",
}


@dataclass(frozen=True, slots=True)
class DocumentFormat:
    """A document that a derivation can be written as. ``suffix`` has no dot."""

    name: str
    media_type: str
    suffix: str


MARKDOWN: Final = DocumentFormat("markdown", "text/markdown", "md")
PYTHON: Final = DocumentFormat("python", "text/x-python", "py")
DERIVATION_FORMATS: Final[tuple[DocumentFormat | Format, ...]] = (MARKDOWN, PYTHON, *GRAPH_FORMATS)
"""RFC 7763; a script; PROV-O in all formats of RDF."""


def derive_quantity(
    engines: Engines,
    target: str,
    givens: Givens,
    *,
    subject: str | Iterable[str] = (),
    prefer: str | Iterable[str] = (),
    avoid: str | Iterable[str] = (),
    defaults: str = "allow",
    alternatives: int = 0,
    unit: str = "",
) -> "Derivation":
    """The value of a quantity, with the cheapest way to it; a formula as ``target`` means its output.

    Givens are named by quantity: slug, CURIE or IRI. Subjects, and formulas to ``prefer`` or to ``avoid``, are
    lists, or text with commas between. ``unit`` is that of the answer.

    Raises:
        NotFound: no such quantity, formula or subject; near names are given.
        BadParameter: an option is off, or the target is given. TooLarge: too many givens, subjects or formulas.
        NoDerivation: nothing known leads there; says which givens would. ContradictingGivens: they cannot hold together.
        FormulaError: as :func:`kg.formula.derive.derive`.
    """
    from kg.formula.derive import derive

    _check_options(defaults, alternatives)
    _check_givens(givens)
    network = network_of(engines)
    named = {_given_name(engines, network, name): value for name, value in givens.items()}
    if len(named) < len(givens):
        raise BadParameter("givens", ", ".join(givens)[:80], "each quantity once, by one of its names")
    subjects = [find_resource(engines, one) for one in _listed("subject", subject, MAX_SUBJECTS)]
    observed = {iri: engines.observed(iri) for iri in subjects}
    return derive(
        network,
        find_target(engines, target),
        named,
        observed=observed,
        prefer=_formulas(engines, "prefer", prefer),
        avoid=_formulas(engines, "avoid", avoid),
        defaults="forbid" if defaults == "forbid" else "allow",
        alternatives=alternatives,
        unit=unit,
        units=engines.units,
    )


def join_givens(text: str, givens: Mapping[str, object]) -> dict[str, object]:
    """Givens in the syntax of ``tvf:derive`` together with others.

    Raises:
        BadSyntax, TooLarge: as :func:`kg.formula.givens.parse_givens`. BadParameter: a name stands in both.
    """
    if not text:
        return dict(givens)
    from kg.formula.givens import parse_givens

    found = parse_givens(text)
    for name in givens:
        if name in found:
            raise BadParameter(name[:NAME_LENGTH], str(givens[name])[:40], "one value; it is given twice")
    return {**found, **givens}


def step_latex(step: "DerivationStep") -> str:
    """A step in LaTeX: the relation as it was solved, and the number with its unit."""
    from kg.formula.grammar import read
    from kg.formula.render_math import render_latex

    try:
        relation = render_latex(read(step.solved or step.expression))
    except BadInput:  # Several roots, or none in closed form: more than the grammar can say in one relation.
        relation = render_latex(read(step.expression))
    digits, _, power = f"{step.value:.6g}".partition("e")
    number = f"{digits} \\times 10^{{{int(power)}}}" if power else digits
    unit = "" if step.unit in ("", "1") else f"\\ \\text{{{_latex_text(step.unit)}}}"
    return f"{relation} &= {number}{unit}"


def _latex_text(text: str) -> str:
    return "".join(_LATEX_MARKS.get(char, char) for char in text if char.isprintable())


def network_of(engines: Engines) -> "Network":
    """The formulas of the dataset, joined by the quantities that they share; built once."""
    return engines.once(("network", ""), lambda: _build_network(engines))


def find_target(engines: Engines, reference: str) -> Iri:
    """What is meant: a quantity, a formula for its output, or a variable of one.

    Raises:
        NotFound: there is no such quantity and no such formula; near ones are given.
        BadParameter: no target is named.
    """
    text = reference.strip()
    if not text:
        raise BadParameter("target", "", "a quantity, or a formula, which means its output")
    if any(mark in text for mark in ":/#"):
        return find_formula(engines, text)
    for kind in ("quantity", "formula"):
        if text in engines.names[kind]:
            return engines.names[kind][text]
    raise NotFound("quantity or formula", text[:NAME_LENGTH], _near(engines, text, ("quantity", "formula")))


def write_derivation(engines: Engines, derivation: "Derivation", form: str) -> bytes:
    """The derivation as a document, in a format of :data:`DERIVATION_FORMATS` by name, suffix or media type.

    Raises:
        BadParameter: there is no such format.
    """
    found = find_format(form)
    if isinstance(found, Format):
        return _graph(engines, derivation, found)
    writers: dict[DocumentFormat, Callable[[Engines, Derivation], str]] = {
        MARKDOWN: _markdown,
        PYTHON: _script,
    }
    return writers[found](engines, derivation).encode(errors="replace")


def find_format(name: str) -> DocumentFormat | Format:
    """The format of that name, suffix or media type.

    Raises:
        BadParameter: there is none.
    """
    for candidate in DERIVATION_FORMATS:
        if name in (candidate.name, candidate.suffix, candidate.media_type):
            return candidate
    raise BadParameter("format", name[:40], f"one of {', '.join(form.name for form in DERIVATION_FORMATS)}")


def _markdown(_: Engines, derivation: "Derivation") -> str:
    from kg.exporters.derivation_markdown import derivation_markdown

    return derivation_markdown(derivation)


def _script(engines: Engines, derivation: "Derivation") -> str:
    from kg.formula.render_script import derivation_script

    return derivation_script(derivation, engines.compiled, engines.units)


def _graph(engines: Engines, derivation: "Derivation", form: Format) -> bytes:
    from kg.exporters.derivation_prov import derivation_ntriples
    from kg.store.results import read_answer

    symbols = {derivation.unit, *(step.unit for step in derivation.steps)}
    symbols |= {value.unit for step in derivation.steps for value in step.inputs}
    found = {symbol: engines.units.find(symbol) for symbol in symbols}
    units = {
        symbol: unit.iri for symbol, unit in found.items() if unit and unit.iri and unit.symbol == symbol
    }
    text = derivation_ntriples(derivation, units)
    answer = read_answer(text.encode(errors="replace"), is_graph=True, prefixes=engines.prefixes.namespaces)
    return answer.serialize(form)


def _build_network(engines: Engines) -> "Network":
    from kg.formula.network import build_network

    return build_network(engines.compiled_formulas())


def _check_options(defaults: str, alternatives: int) -> None:
    if defaults not in DEFAULTS:
        raise BadParameter("defaults", str(defaults)[:40], " or ".join(DEFAULTS))
    is_whole = isinstance(alternatives, int) and not isinstance(alternatives, bool)
    if not is_whole or not 0 <= alternatives <= MAX_ALTERNATIVES:
        raise BadParameter(
            "alternatives", str(alternatives)[:40], f"a whole number from 0 to {MAX_ALTERNATIVES}"
        )


def _check_givens(givens: Givens) -> None:
    """Each formula that a series enters computes with all of it, and many formulas may be tried."""
    if len(givens) > MAX_GIVENS:
        raise TooLarge("the number of givens", len(givens), MAX_GIVENS)
    items = sum(
        value.count(",") if isinstance(value, str) else len(value)
        for value in givens.values()
        if isinstance(value, Sized)
    )
    if items > MAX_ITEMS:
        raise TooLarge("the number of values in series", items, MAX_ITEMS)


def _listed(name: str, texts: str | Iterable[str], most: int) -> list[str]:
    parts = (
        texts.split(",") if isinstance(texts, str) else [part for text in texts for part in text.split(",")]
    )
    found = [part.strip() for part in parts if part.strip()]
    if len(found) > most:
        raise TooLarge(f"the list {name}", len(found), most)
    return list(dict.fromkeys(found))


def _formulas(engines: Engines, name: str, texts: str | Iterable[str]) -> tuple[Iri, ...]:
    return tuple(find_formula(engines, one) for one in _listed(name, texts, MAX_FORMULAS))


def _given_name(engines: Engines, network: "Network", name: str) -> str:
    """A given as the network names it: a quantity, or a variable as ``formula#symbol``.

    ``formula.symbol`` is the same, for addresses, in which ``#`` has another meaning.
    """
    text = name.strip().replace(".", "#", 1) if "/" not in name else name.strip()
    if text in network.names or text in network.constants:
        return text
    if any(mark in text for mark in ":/"):
        return find_resource(engines, text)
    if "#" in text or text in engines.names["quantity"]:
        return text
    raise NotFound("quantity", text[:NAME_LENGTH], _near(engines, text, ("quantity",)))


def _near(engines: Engines, slug: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Slugs that look alike, else those that have it among their words: ``loss`` gives ``model-loss``."""
    found: list[str] = []
    for kind in kinds:
        words = (name for name in sorted(engines.names[kind]) if slug in name.split("-"))
        found += [*near_names(engines, slug, kind), *islice(words, NEAR)]
    return tuple(dict.fromkeys(found))
