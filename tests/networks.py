"""Networks of small formulas: each is written as text, and its names are its quantities unless it says otherwise."""

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from kg.formula.compile import CompiledFormula, compile_formula
from kg.formula.derive import derive
from kg.formula.grammar import read_relation
from kg.formula.network import Network, build_network
from kg.formula.tree import names
from kg.formula.units import UnitTable
from kg.model.derivation import Derivation
from kg.model.evidence import Evidence, Source
from kg.model.formula import ConstantSet, ConstantValue, Domain, Formula, Role, ValidRange, Variable
from kg.model.iri import Iri
from kg.model.quantity import ONE, Quantity, Unit

BASE = "https://example.org/id/"
POSITIVE = Domain(minimum=0.0, open_minimum=True)
REAL = Domain()


def quantity_iri(slug: str) -> Iri:
    return Iri(f"{BASE}quantity/{slug}")


def formula_iri(slug: str) -> Iri:
    return Iri(f"{BASE}formula/{slug}")


def source(slug: str) -> Source:
    return Source(Iri(f"{BASE}source/{slug}"), slug)


def law(
    slug: str,
    expression: str,
    *,
    constants: Mapping[str, float] | None = None,
    defaults: Mapping[str, float] | None = None,
    quantities: Mapping[str, str] | None = None,
    series: Sequence[str] = (),
    domains: Mapping[str, Domain] | None = None,
    units: Mapping[str, Unit] | None = None,
    fits: Mapping[str, Mapping[str, float]] | None = None,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    default_fit: str = "",
    kind: str = "",
    certainty: float | None = None,
    **fields: object,
) -> Formula:
    """A formula; the left side is its output. ``quantities`` renames what a symbol stands for, to nothing by ''.

    All constants of ``fits`` are the law's own; ``ranges`` hold for each of them.
    """
    relation = read_relation(expression)
    constants, fits = {name: float(value) for name, value in (constants or {}).items()}, fits or {}
    fitted = {symbol for values in fits.values() for symbol in values}
    indices = {"i"} if series else set()
    variables = []
    for symbol in dict.fromkeys((*names(relation), *sorted(indices))):
        role = Role.OUTPUT if symbol == expression.split(maxsplit=1)[0] else Role.INPUT
        role = Role.CONSTANT if symbol in constants or symbol in fitted else role
        role = Role.INDEX if symbol in indices else role
        name = (quantities or {}).get(symbol, symbol)
        unit = (units or {}).get(symbol, ONE)
        bound = role in (Role.INPUT, Role.OUTPUT) and name
        variables.append(
            Variable(
                Iri(f"{formula_iri(slug)}#{symbol}"),
                symbol,
                role,
                f"the {symbol}",
                Quantity(quantity_iri(name), name, f"the {name}", unit) if bound else None,
                unit,
                domain=(domains or {}).get(symbol, REAL if role is Role.CONSTANT else POSITIVE),
                default=constants.get(symbol, (defaults or {}).get(symbol)),
                default_source=source("handbook") if symbol in (defaults or {}) else None,
                indexed_by="i" if symbol in series else "",
            )
        )
    sets = tuple(
        ConstantSet(
            Iri(f"{formula_iri(slug)}#{name}"),
            name,
            name,
            tuple(ConstantValue(symbol, value) for symbol, value in values.items()),
            tuple(ValidRange(symbol, *ends) for symbol, ends in (ranges or {}).items()),
            Evidence("published", sources=(source(name),)),
        )
        for name, values in fits.items()
    )
    return Formula(
        formula_iri(slug),
        slug,
        slug,
        expression,
        tuple(variables),
        kind=kind,
        constant_sets=sets,
        default_set=default_fit,
        evidence=Evidence("published", certainty=certainty, sources=(source(slug),)),
        **fields,  # type: ignore[arg-type]
    )


def network(*formulas: Formula) -> Network:
    return build_network([compile_formula(one) for one in formulas])


def ask(
    net: Network,
    target: str,
    givens: Mapping[str, object],
    *,
    units: UnitTable | None = None,
    **options: object,
) -> Derivation:
    """The derivation of a quantity by its slug, or of any IRI."""
    iri = Iri(target) if "://" in target else quantity_iri(target)
    return derive(net, iri, givens, units=units or UnitTable(), **options)  # type: ignore[arg-type]


def steps_of(found: Derivation) -> list[str]:
    """Formula and symbol of each step."""
    return [f"{step.label}:{step.symbol}" for step in found.steps]


NODES = 14
KINDS = ("", "definition", "identity", "heuristic", "model", "empirical-fit", "bound")
SHAPES = (
    "{y} = k*{a}*{b}",
    "{y} = k*{a}/{b}",
    "{y} = {a} + k*{b}",
    "{y} = k*{a}**0.7",
    "{y} = k*exp({a}/{b})",
    "{y} = {a}*{b}/({a} + k*{b})",
    "{y} = k",
)


def truths() -> dict[str, float]:
    """A value for each quantity, which all formulas of :func:`pool` agree on."""
    draw = random.Random(7)  # noqa: S311 - nothing secret
    return {f"q{at:02}": draw.uniform(1.0, 3.0) for at in range(NODES)}


def pool(size: int) -> tuple[CompiledFormula, ...]:
    """Formulas between few quantities, of all kinds and shapes, that hold for :func:`truths`."""
    draw, values = random.Random(11), truths()  # noqa: S311 - nothing secret
    found: list[CompiledFormula] = []
    for at in count():
        if len(found) == size:
            return tuple(found)
        y, a, b = draw.sample(sorted(values), 3)
        shape = SHAPES[at % len(SHAPES)]
        if shape == "{y} = k" and draw.random() < 0.7:
            continue
        k = _constant(shape, values[y], values[a], values[b])
        if k is not None:
            text = shape.format(y=y, a=a, b=b)
            found.append(compile_formula(law(f"f{at:03}", text, constants={"k": k}, kind=draw.choice(KINDS))))
    raise AssertionError("counting has no end")


def _constant(shape: str, y: float, a: float, b: float) -> float | None:
    """The constant that makes the shape hold; None where it would have to be next to nothing."""
    k = {
        SHAPES[0]: y / (a * b),
        SHAPES[1]: y * b / a,
        SHAPES[2]: (y - a) / b,
        SHAPES[3]: y / a**0.7,
        SHAPES[4]: y / math.exp(a / b),
        SHAPES[5]: (a * b / y - a) / b,
        SHAPES[6]: y,
    }[shape]
    return k if abs(k) > 1e-3 and (k > 0 or shape == SHAPES[2]) else None


def draws(
    formulas: Sequence[CompiledFormula], number: int, *, most: int = 12
) -> Iterator[tuple[tuple[CompiledFormula, ...], dict[str, float], str]]:
    """Random nets of at most ``most`` formulas with what is given and a target that is not."""
    draw, values = random.Random(13), truths()  # noqa: S311 - nothing secret
    for _ in range(number):
        chosen = tuple(draw.sample(formulas, draw.randint(1, most)))
        known = sorted(
            {
                one.quantity.slug
                for compiled in chosen
                for one in compiled.variables
                if one.quantity is not None
            }
        )
        target = draw.choice(known)
        rest = [slug for slug in known if slug != target]
        given = draw.sample(rest, draw.randint(0, min(len(rest), 5)))
        yield chosen, {slug: values[slug] for slug in given}, target
