"""Small formula records over a small unit table, for the tests of the engine."""

from kg.formula.units import UnitTable
from kg.model.evidence import Evidence, Source
from kg.model.formula import (
    ConstantSet,
    ConstantValue,
    Domain,
    Formula,
    Reading,
    Role,
    ValidRange,
    Variable,
    WorkedExample,
)
from kg.model.iri import Iri
from kg.model.quantity import ONE, Dimension, Quantity, Unit

BASE = "https://example.org/id/"
POSITIVE = Domain(minimum=0.0, open_minimum=True)
NONNEGATIVE = Domain(minimum=0.0)
SHARE = Domain(minimum=0.0, maximum=1.0)
WHOLE = Domain(minimum=1.0, integer=True)
REAL = Domain()


def unit(symbol: str, dimension: str, factor: float = 1.0, *alternatives: str) -> Unit:
    slug = symbol.lower().replace("/", "-per-")
    return Unit(
        Iri(f"{BASE}unit/{slug}"), slug, symbol, symbol, Dimension.parse(dimension), factor, alternatives
    )


PARAMETER = unit("param", "parameter", 1.0, "parameters")
TOKEN = unit("token", "token", 1.0, "tokens")
FLOP = unit("FLOP", "flop", 1.0, "FLOPs")
FLOP_PER_SECOND = unit("FLOP/s", "flop/second")
FLOP_PER_PT = unit("FLOP/(param*token)", "flop/(parameter*token)")
PFLOP_DAY = unit("PFLOP-day", "flop", 8.64e19)
NAT = unit("nat/token", "nat/token")
BYTE = unit("byte", "byte", 1.0, "B", "bytes")
GIGABYTE = unit("GB", "byte", 1e9)
SECOND = unit("s", "second")
HOUR = unit("h", "second", 3600.0, "hour", "hours")
DAY = unit("d", "second", 86400.0, "day", "days")
YEAR = unit("year", "second", 31_557_600.0, "years", "a")
PER_YEAR = unit("1/year", "1/second", 1 / 31_557_600.0)
DOLLAR = unit("USD", "usd")
PERCENT = unit("%", "1", 0.01)
UNITS = UnitTable(
    [
        *(PARAMETER, TOKEN, FLOP, FLOP_PER_SECOND, FLOP_PER_PT, PFLOP_DAY, NAT, BYTE, GIGABYTE),
        *(SECOND, HOUR, DAY, YEAR, PER_YEAR, DOLLAR),
    ]
)


def quantity(slug: str, of: Unit) -> Quantity:
    return Quantity(Iri(f"{BASE}quantity/{slug}"), slug, slug.replace("-", " "), of)


def source(slug: str) -> Source:
    return Source(Iri(f"{BASE}source/{slug}"), slug)


def variable(
    symbol: str,
    role: Role = Role.INPUT,
    *,
    unit: Unit = ONE,
    domain: Domain = POSITIVE,
    slug: str = "",
    default: float | None = None,
    declared: bool = True,
    indexed_by: str = "",
) -> Variable:
    return Variable(
        Iri(f"{BASE}formula/x#{symbol}"),
        symbol,
        role,
        f"the {symbol}",
        quantity=quantity(slug, unit) if slug else None,
        unit=unit,
        unit_declared=declared,
        domain=domain,
        default=default,
        default_source=source(f"default-{symbol}") if default is not None else None,
        indexed_by=indexed_by,
    )


def output(symbol: str, *, unit: Unit = ONE, domain: Domain = REAL, slug: str = "") -> Variable:
    return variable(symbol, Role.OUTPUT, unit=unit, domain=domain, slug=slug)


def constant(
    symbol: str, default: float | None = None, *, unit: Unit = ONE, declared: bool = True
) -> Variable:
    return variable(symbol, Role.CONSTANT, unit=unit, default=default, declared=declared, domain=REAL)


def formula(slug: str, expression: str, *variables: Variable, **fields: object) -> Formula:
    return Formula(Iri(f"{BASE}formula/{slug}"), slug, slug, expression, variables, **fields)  # type: ignore[arg-type]


def fit(name: str, values: dict[str, float], *ranges: ValidRange) -> ConstantSet:
    return ConstantSet(
        Iri(f"{BASE}formula/x#{name}"),
        name,
        name,
        tuple(ConstantValue(symbol, value) for symbol, value in values.items()),
        ranges,
        Evidence("published", sources=(source(name),)),
    )


HOFFMANN = {"E": 1.69, "A": 406.4, "B": 410.7, "alpha": 0.34, "beta": 0.28}
BESIROGLU = {"E": 1.8172, "A": 482.01, "B": 2085.43, "alpha": 0.3478, "beta": 0.3658}

CHINCHILLA = formula(
    "chinchilla-loss",
    "L = E + A/N**alpha + B/D**beta",
    output("L", unit=NAT, domain=POSITIVE, slug="model-loss"),
    variable("N", unit=PARAMETER, slug="model-parameters"),
    variable("D", unit=TOKEN, slug="training-tokens"),
    *(constant(symbol, declared=False) for symbol in "EAB"),
    *(variable(symbol, Role.CONSTANT) for symbol in ("alpha", "beta")),
    constant_sets=(
        fit("hoffmann-2022", HOFFMANN, ValidRange("N", 7e7, 1.6e10), ValidRange("D", 5e9, 5e11)),
        fit("besiroglu-2024", BESIROGLU),
    ),
    default_set="hoffmann-2022",
    default_rationale="the fit that the law is known by",
    evidence=Evidence("published", sources=(source("hoffmann2022"),)),
    examples=(
        WorkedExample(
            Iri(f"{BASE}formula/chinchilla-loss#example-gopher"),
            "example-gopher",
            "N=280e9; D=300e9",
            1.9933,
            1e-3,
            "derived-from-source",
            fit="hoffmann-2022",
        ),
    ),
)

COMPUTE = formula(
    "training-compute-6nd",
    "C = k*N*D",
    output("C", unit=FLOP, domain=POSITIVE, slug="training-compute"),
    constant("k", 6.0, unit=FLOP_PER_PT),
    variable("N", unit=PARAMETER, slug="model-parameters"),
    variable("D", unit=TOKEN, slug="training-tokens"),
)

AUTOMATION = formula(
    "automation-potential",
    "P = Sum(i, 1, n, w[i]*a[i])/Sum(i, 1, n, w[i])",
    output("P", domain=SHARE),
    variable("w", domain=NONNEGATIVE, indexed_by="i", slug="task-weight"),
    variable("a", domain=SHARE, indexed_by="i"),
    variable("n", domain=WHOLE),
    variable("i", Role.INDEX, domain=WHOLE),
    readings=(
        Reading(Iri(f"{BASE}formula/x#plain"), "plain", "as printed", "P = Sum(i, 1, n, w[i]*a[i])", 0.15),
        Reading(Iri(f"{BASE}formula/x#words"), "words", "in words"),
        Reading(
            Iri(f"{BASE}formula/x#bonus"),
            "bonus",
            "with a bonus",
            "Q = b + Sum(i, 1, n, w[i]*a[i])",
            variables=(output("Q"), variable("b")),
        ),
        Reading(Iri(f"{BASE}formula/x#broken"), "broken", "cannot be", "P = w + 1"),
    ),
)

TRADE = formula(
    "training-inference-equivalence",
    "k_train = k_inf**(beta/alpha)",
    output("k_train", domain=POSITIVE),
    variable("k_inf"),
    variable("alpha", default=0.5),
    variable("beta", default=0.3),
)

TIME = formula(
    "training-time",
    "t = C/(n*F*u)",
    output("t", unit=DAY, domain=POSITIVE),
    variable("C", unit=FLOP),
    variable("n", domain=WHOLE),
    variable("F", unit=FLOP_PER_SECOND),
    variable("u", domain=SHARE, default=0.4),
)

GROWTH = formula(
    "compute-growth",
    "C = C_0*exp(g*t)*S",
    output("C", unit=FLOP, domain=POSITIVE),
    variable("C_0", unit=FLOP),
    variable("g", unit=PER_YEAR, domain=REAL, default=0.5),
    variable("t", unit=YEAR, domain=NONNEGATIVE),
    variable("S", default=1.0),
)
