"""Values in, value out: units, readings, every function, and each way to have no value."""

import math
import subprocess
import sys
from pathlib import Path

import mpmath
import pytest

from kg.errors import (
    BadParameter,
    BadSyntax,
    MissingValue,
    OutOfDomain,
    TriviumError,
    UnknownSymbol,
    WrongDimension,
)
from kg.formula.compile import compile_formula
from kg.formula.evaluate import evaluate
from kg.formula.functions import inverse_error
from kg.formula.parse import SymbolTable, to_sympy
from kg.model.formula import Domain, Formula, Role
from tests.unit.formula.records import (
    AUTOMATION,
    BESIROGLU,
    CHINCHILLA,
    COMPUTE,
    FLOP,
    GROWTH,
    HOFFMANN,
    REAL,
    TIME,
    TOKEN,
    TRADE,
    UNITS,
    formula,
    output,
    variable,
)

ROOT = Path(__file__).parents[3]


def value_of(record: Formula, **givens: object) -> float:
    return evaluate(compile_formula(record), givens, units=UNITS).value


def test_exercise_two_gives_ten_to_the_three_fifths() -> None:
    found = evaluate(compile_formula(TRADE), {"k_inf": "10"}, units=UNITS)
    assert found.value == pytest.approx(10**0.6, rel=1e-15)
    assert [step.relation for step in found.steps] == [
        "k_train = k_inf**(beta/alpha)",
        "k_train = 10**(0.3/0.5)",
        "k_train = 3.981071706",
    ]


@pytest.mark.parametrize(("name", "constants"), [("hoffmann-2022", HOFFMANN), ("besiroglu-2024", BESIROGLU)])
def test_chinchilla_loss_agrees_with_mpmath_for_each_fit(name: str, constants: dict[str, float]) -> None:
    found = evaluate(compile_formula(CHINCHILLA), {"N": "70B", "D": "1.4T"}, fit=name, units=UNITS)
    with mpmath.workdps(40):
        c = {symbol: mpmath.mpf(str(value)) for symbol, value in constants.items()}
        loss = c["E"] + c["A"] / mpmath.mpf(7e10) ** c["alpha"] + c["B"] / mpmath.mpf(1.4e12) ** c["beta"]
    assert found.value == pytest.approx(float(loss), rel=1e-15)
    assert found.fit == name
    assert found.unit == "nat/token"


def test_the_output_comes_in_the_unit_that_is_asked_for() -> None:
    found = evaluate(compile_formula(COMPUTE), {"N": "70B", "D": "1.4T"}, unit="PFLOP-day", units=UNITS)
    assert found.value == pytest.approx(5.88e23 / 8.64e19)
    assert found.unit == "PFLOP-day"
    assert found.steps[-1].relation == "C = 6805.555556 PFLOP-day"
    with pytest.raises(WrongDimension, match="the unit GB has dimension byte"):
        evaluate(compile_formula(COMPUTE), {"N": 1, "D": 1}, unit="GB", units=UNITS)
    with pytest.raises(BadParameter, match="a unit of flop, such as FLOP"):
        evaluate(compile_formula(COMPUTE), {"N": 1, "D": 1}, unit="x", units=UNITS)


def test_units_of_the_declared_variables_are_brought_together() -> None:
    """5.76e23 FLOP at 40 % of 1024 × 312 TFLOP/s, in seconds, by hand."""
    found = evaluate(compile_formula(TIME), {"C": "5.76e23", "n": 1024, "F": "312 TFLOP/s"}, units=UNITS)
    assert found.value == pytest.approx(5.76e23 / (1024 * 312e12 * 0.4) / 86400, rel=1e-14)
    assert found.steps[1].action == "put the values in, in base units"
    assert value_of(GROWTH, C_0=1e24, t="730.5 d") == pytest.approx(1e24 * math.e, rel=1e-14)


def test_readings_are_computed_from_the_same_inputs_with_the_reason_where_not() -> None:
    givens = {"w": [0.5, 0.3], "a": [0.2, 0.6]}
    found = evaluate(compile_formula(AUTOMATION), givens, units=UNITS)
    shown = {reading.name: (reading.value, reading.reason) for reading in found.readings}
    assert shown["plain"] == (pytest.approx(0.28), "")
    assert shown["words"] == (None, "it is said in words only")
    assert shown["bonus"] == (None, "it also needs b")
    assert shown["broken"][0] is None
    more = evaluate(compile_formula(AUTOMATION), {**givens, "b": 2}, units=UNITS)
    assert {reading.name: reading.value for reading in more.readings}["bonus"] == pytest.approx(2.28)
    large = evaluate(compile_formula(AUTOMATION), {"w": [3, 3], "a": [1, 1]}, units=UNITS)
    assert "outside its domain [0, 1]" in large.readings[0].reason


REFUSED = [
    ("unknown", COMPUTE, {"N": 1, "D": 1, "x": 1}, UnknownSymbol, "it has D, N, k"),
    (
        "unknown, near one",
        COMPUTE,
        {"N": 1, "training-token": 1},
        UnknownSymbol,
        "did you mean training-tokens",
    ),
    ("capitals", COMPUTE, {"n": 1}, UnknownSymbol, "did you mean N"),
    ("index", AUTOMATION, {"i": 1}, UnknownSymbol, "'i'"),
    ("missing", COMPUTE, {"N": 1}, MissingValue, "no value for D; give D="),
    ("output", COMPUTE, {"C": 1}, BadParameter, "C is what is asked for"),
    ("twice", COMPUTE, {"N": 1, "model-parameters": 1}, BadParameter, "N is given twice"),
    ("below", COMPUTE, {"N": 0, "D": 1}, OutOfDomain, r"N = 0 is outside its domain \(0, ∞\)"),
    ("above", TIME, {"u": 1.5}, OutOfDomain, r"u = 1.5 is outside its domain \[0, 1\]"),
    ("not whole", AUTOMATION, {"n": 2.5}, OutOfDomain, "of whole numbers"),
    ("in a series", AUTOMATION, {"a": [0.5, 2]}, OutOfDomain, "a = 2 is outside"),
    (
        "dimension",
        COMPUTE,
        {"N": "80 GB", "D": 1},
        WrongDimension,
        "N has dimension byte, expected parameter",
    ),
    ("no number", COMPUTE, {"N": "big", "D": 1}, BadSyntax, "N is no number"),
    ("several", COMPUTE, {"N": [1, 2], "D": 1}, BadParameter, "one number in param"),
    ("not finite", COMPUTE, {"N": math.inf, "D": 1}, BadParameter, "a finite number"),
    ("beyond doubles", COMPUTE, {"N": 1e300, "D": 1e300}, OutOfDomain, "C = undefined"),
    ("weights of zero", AUTOMATION, {"w": [0.0], "a": [0.5]}, OutOfDomain, "has no finite real value"),
]


@pytest.mark.parametrize(
    ("record", "givens", "error", "reason"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_makes_no_value_is_refused_with_the_reason(
    record: Formula, givens: dict[str, object], error: type[TriviumError], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        evaluate(compile_formula(record), givens, units=UNITS)


NO_VALUE = [
    ("log(x)", 0.0, "log\\(x\\) with x = 0"),
    ("sqrt(x)", -1.0, "sqrt\\(x\\) with x = -1"),
    ("1/x", 0.0, "1/x with x = 0"),
    ("x**0.5", -4.0, "x\\*\\*0.5 with x = -4"),
    ("abs(x**0.5)", -4.0, "x\\*\\*0.5 with x = -4"),
    ("x**(-1)", 0.0, "x\\*\\*\\(-1\\) with x = 0"),
    ("exp(exp(x))", 10.0, "exp\\(exp\\(x\\)\\) with x = 10"),
    ("1 + asin(x)", 2.0, "asin\\(x\\) with x = 2"),
    ("cosh(x)", 1000.0, "cosh\\(x\\)"),
    ("x*1e300*1e300", 10.0, "no finite real value"),
    ("min(x**0.5, 1)", -4.0, "x\\*\\*0.5 with x = -4"),
]


@pytest.mark.parametrize(("text", "x", "reason"), NO_VALUE, ids=[row[0] for row in NO_VALUE])
def test_no_complex_number_no_infinity_and_no_nan_ever_comes_out(text: str, x: float, reason: str) -> None:
    record = formula("f", f"y = {text}", output("y"), variable("x", domain=REAL))
    with pytest.raises(OutOfDomain, match=reason) as caught:
        value_of(record, x=x)
    assert caught.value.value == "undefined"


def test_a_result_outside_the_domain_of_the_output_is_refused() -> None:
    record = formula("f", "y = x - 1", output("y", domain=Domain(minimum=0.0)), variable("x", domain=REAL))
    with pytest.raises(OutOfDomain, match=r"y = -1 is outside its domain \[0, ∞\)"):
        value_of(record, x=0)


FUNCTIONS = [
    *(
        "abs(x)",
        "acos(x/9)",
        "asin(x/9)",
        "atan(x)",
        "cbrt(x)",
        "ceil(x)",
        "cos(x)",
        "cosh(x)",
        "erf(x)",
        "erfinv(x/9)",
    ),
    *("exp(x)", "floor(x)", "ln(x)", "log(x)", "log(x, 3)", "log10(x)", "log2(x)", "max(x, 1, 2)"),
    *(
        "min(x, 1, 2)",
        "sign(x)",
        "sin(x)",
        "sinh(x)",
        "sqrt(x)",
        "tan(x)",
        "tanh(x)",
        "pi*x",
        "-x**2",
        "x**-2",
    ),
    "Sum(i, 1, 4, x**i/i)",
]


@pytest.mark.parametrize("text", FUNCTIONS)
def test_each_function_agrees_with_sympy_at_thirty_digits(text: str) -> None:
    index = variable("i", Role.INDEX)
    record = formula(
        "f", f"y = {text}", output("y"), variable("x", domain=REAL), *((index,) if "i," in text else ())
    )
    table = SymbolTable({"x": REAL})
    for x in (0.25, 1.5, 2.75):
        expression = to_sympy(compile_formula(record).body, table).subs(table.symbols["x"], x)
        assert value_of(record, x=x) == pytest.approx(float(expression.evalf(30)), rel=1e-14, abs=1e-15)


def test_cbrt_is_real_below_zero() -> None:
    assert value_of(formula("f", "y = cbrt(x)", output("y"), variable("x", domain=REAL)), x=-8) == -2.0


def test_names_of_every_kind_are_evaluated() -> None:
    names = [
        "N",
        "E",
        "I",
        "S",
        "Q",
        "C",
        "O",
        "beta",
        "gamma",
        "zeta",
        "lambda",
        "in",
        "v0",
        "i0",
        "budget",
        "f_exp",
    ]
    record = formula("f", f"y = {' + '.join(names)}", output("y"), *(variable(name) for name in names))
    assert value_of(record, **{name: 2.0**place for place, name in enumerate(names)}) == 2.0 ** len(names) - 1


def test_a_bare_expression_has_the_dimension_of_its_terms() -> None:
    record = formula("f", "C/k", variable("C", unit=FLOP), variable("k", unit=TOKEN))
    found = evaluate(compile_formula(record), {"C": 6, "k": 2}, units=UNITS)
    assert (found.symbol, found.value, found.unit) == ("f", 3.0, "flop/token")


def test_same_question_same_answer() -> None:
    compiled = compile_formula(CHINCHILLA)
    givens = {"N": "70B", "D": "1.4T"}
    assert evaluate(compiled, givens, units=UNITS) == evaluate(compiled, givens, units=UNITS)


def test_evaluation_and_solving_need_no_algebra() -> None:
    """Sympy costs seconds to import; what is answered from a compiled formula must not pay for it."""
    code = (
        "from tests.unit.formula.records import *\n"
        "from kg.formula.compile import compile_formula\n"
        "from kg.formula.evaluate import evaluate\n"
        "from kg.formula.solve import solve_for\n"
        "from kg.formula.check import check_formula\n"
        "evaluate(compile_formula(CHINCHILLA), {'N': '70B', 'D': '1.4T'}, units=UNITS)\n"
        "solve_for(compile_formula(CHINCHILLA), 'D', {'N': '70B', 'L': 2}, units=UNITS)\n"
        "assert check_formula(CHINCHILLA, units=UNITS) == ()\n"
        "import sys\n"
        "print(*sorted({'sympy', 'mpmath', 'numpy', 'scipy', 'pyoxigraph', 'rdflib'} & sys.modules.keys()))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.split() == []


@pytest.mark.parametrize("x", [0.0, 1e-300, -1e-20, 0.1, 0.49, -0.5, 0.51, 0.9, -0.999, 1 - 1e-9, 1 - 2**-53])
def test_erfinv_is_the_inverse_to_the_last_digit(x: float) -> None:
    with mpmath.workdps(40):
        assert inverse_error(x) == pytest.approx(float(mpmath.erfinv(x)), rel=3e-16)


@pytest.mark.parametrize("x", [1.0, -1.0, 1.5, math.inf])
def test_erfinv_has_no_value_outside_its_range(x: float) -> None:
    with pytest.raises(ValueError, match="math domain error"):
        inverse_error(x)
