"""Records that are compiled, and records that contradict themselves."""

from dataclasses import replace

import pytest

from kg.errors import BadSyntax, InvalidFormula, TriviumError, WrongDimension
from kg.formula.check import check_formula
from kg.formula.compile import compile_formula
from kg.model.formula import Formula, Reading, Role, WorkedExample
from kg.model.iri import Iri
from tests.unit.formula.records import (
    AUTOMATION,
    BASE,
    CHINCHILLA,
    COMPUTE,
    FLOP,
    GROWTH,
    NONNEGATIVE,
    PARAMETER,
    TIME,
    TRADE,
    UNITS,
    WHOLE,
    constant,
    formula,
    output,
    variable,
)


def test_a_record_is_compiled_once() -> None:
    assert compile_formula(CHINCHILLA) is compile_formula(CHINCHILLA)
    assert compile_formula(replace(CHINCHILLA)) is compile_formula(CHINCHILLA)
    assert compile_formula(replace(CHINCHILLA, slug="other")) is not compile_formula(CHINCHILLA)


def test_a_compiled_formula_names_its_inputs_in_order_of_appearance() -> None:
    compiled = compile_formula(CHINCHILLA)
    assert [known.symbol for known in compiled.inputs] == ["E", "A", "N", "alpha", "B", "D", "beta"]
    assert compiled.output is not None
    assert compiled.output.symbol == "L"
    assert compiled.unit_text(compiled.inputs[1]) == "nat*parameter^alpha/token"


def test_units_of_one_size_are_left_alone_and_others_converted() -> None:
    assert set(compile_formula(GROWTH).scales.values()) == {1.0}
    assert compile_formula(TIME).scales["t"] == 86400.0


def test_an_output_may_stand_on_the_right() -> None:
    assert compile_formula(formula("f", "6*x = y", output("y"), variable("x"))).output is not None


def test_a_bare_expression_is_compiled_with_an_output_or_without() -> None:
    variables = variable("L"), variable("d")
    assert compile_formula(formula("f", "L*d**2", *variables)).output is None
    compiled = compile_formula(formula("f", "L*d**2", *variables, output("y")))
    assert compiled.output is not None


def test_a_part_of_a_formula_may_leave_variables_unused() -> None:
    part = replace(TRADE, iri=Iri(f"{TRADE.iri}#reading-x"), expression="k_train = k_inf**2")
    assert [known.symbol for known in compile_formula(part).inputs] == ["k_inf"]


x, y, w, i, n = (
    variable("x"),
    output("y"),
    variable("w", indexed_by="i"),
    variable("i", Role.INDEX, domain=WHOLE),
    variable("n", domain=WHOLE),
)
INVALID = [
    ("undeclared", formula("f", "y = x + z", y, x), "it uses z without declaring it"),
    ("undeclared, near one", formula("f", "y = alhpa", y, variable("alpha")), "did it mean alpha"),
    ("unused", formula("f", "y = x", y, x, n), "it declares n, which its expression does not use"),
    ("declared twice", formula("f", "y = x", y, x, x), "declared twice"),
    ("reserved", formula("f", "y = x", y, x, variable("exp")), "exp is a name of the grammar"),
    ("two outputs", formula("f", "y = x", y, output("x")), "it declares 2 outputs"),
    ("no output", formula("f", "n = x", n, x), "with the role output must stand alone"),
    ("output not alone", formula("f", "2*y = x", y, x), "y must stand alone"),
    ("output on both sides", formula("f", "y = x + y", y, x), "y must stand alone"),
    ("output in an expression", formula("f", "x + y", y, x), "y stands in the expression"),
    ("series without index", formula("f", "y = w", y, w), "w is a series"),
    (
        "wrong index",
        formula("f", "y = Sum(j, 1, n, w[j])", y, w, n, variable("j", Role.INDEX)),
        "w is not indexed by j",
    ),
    ("index is no index", formula("f", "y = Sum(n, 1, 3, n)", y, n), "so its role is index"),
    ("index outside", formula("f", "y = i + Sum(i, 1, n, i)", y, i, n), "the index i stands outside its sum"),
    ("undeclared index", formula("f", "y = Sum(i, 1, n, x)", y, n, x), "it uses i without declaring it"),
    ("too large", formula("f", "y = x**9**9**9", y, x), "constant power"),
]


@pytest.mark.parametrize(("record", "reason"), [row[1:] for row in INVALID], ids=[row[0] for row in INVALID])
def test_a_record_that_contradicts_itself_is_invalid(record: Formula, reason: str) -> None:
    with pytest.raises(InvalidFormula, match=reason):
        compile_formula(record)
    (fault,) = check_formula(record, units=UNITS)
    assert (fault.subject, fault.rule) == (record.iri, "formula")


def test_text_outside_the_grammar_names_the_formula_and_the_place() -> None:
    with pytest.raises(BadSyntax, match=r"expression of f: an operator is missing.*column 6"):
        compile_formula(formula("f", "y = 2x", y, x))


def test_a_wrong_dimension_names_the_formula_and_the_term() -> None:
    record = formula("f", "C = N", output("C", unit=FLOP), variable("N", unit=PARAMETER))
    with pytest.raises(WrongDimension) as caught:
        compile_formula(record)
    assert caught.value.where == "N (column 5) of f"


@pytest.mark.parametrize("record", [CHINCHILLA, COMPUTE, TRADE, TIME, GROWTH], ids=lambda record: record.slug)
def test_sound_records_have_no_faults(record: Formula) -> None:
    assert check_formula(record, units=UNITS) == ()


def example(name: str, givens: str, expected: float, tolerance: float = 1e-6, fit: str = "") -> WorkedExample:
    iri = Iri(f"{BASE}formula/training-compute-6nd#{name}")
    return WorkedExample(iri, name, givens, expected, tolerance, "computed-here", fit)


EXAMPLES = [
    ("another number", example("e", "N=1; D=2", 13.0), r"gives C = 12 FLOP, but 13 is expected"),
    ("no number", example("e", "N=1; D=two", 12.0), "D is no number"),
    ("missing", example("e", "N=1", 6.0), "no value for D"),
    ("unknown symbol", example("e", "N=1; d=2", 12.0), "did you mean D"),
    ("unknown fit", example("e", "N=1; D=2", 12.0, fit="x"), "there is no fit"),
    ("bad givens", example("e", "N", 12.0), "name=value"),
]


@pytest.mark.parametrize(("case", "reason"), [row[1:] for row in EXAMPLES], ids=[row[0] for row in EXAMPLES])
def test_an_example_that_does_not_come_out_is_a_fault(case: WorkedExample, reason: str) -> None:
    good = example("good", "N=70B; D=1.4T", 5.88e23)
    faults = check_formula(replace(COMPUTE, examples=(case, good)), units=UNITS)
    assert [(fault.subject, fault.rule) for fault in faults] == [(case.iri, "example")]
    assert reason.strip() in faults[0].message


def test_an_expected_zero_must_come_out_as_zero() -> None:
    record = formula("f", "y = x - c", y, x, constant("c", 1.0))
    assert check_formula(replace(record, examples=(example("e", "x=1", 0.0),)), units=UNITS) == ()
    assert check_formula(replace(record, examples=(example("e", "x=1.001", 0.0),)), units=UNITS)


def test_a_reading_that_cannot_be_compiled_is_a_fault_of_the_reading() -> None:
    (fault,) = check_formula(AUTOMATION, units=UNITS)
    assert (fault.subject, fault.rule) == (f"{BASE}formula/x#broken", "reading")
    assert "w is a series" in fault.message


def test_a_reading_may_bring_its_own_output() -> None:
    reading = Reading(
        Iri(f"{BASE}formula/f#left"),
        "left",
        "what is left",
        "z = n - Sum(i, 1, n, w[i])",
        variables=(output("z", domain=NONNEGATIVE),),
    )
    record = formula("f", "y = Sum(i, 1, n, w[i])", y, w, i, n, readings=(reading,))
    (compiled,) = compile_formula(record).readings
    assert compiled.compiled is not None
    assert compiled.compiled.output is not None
    assert compiled.compiled.output.symbol == "z"


def test_all_faults_are_errors_that_say_what_to_do() -> None:
    for _, record, _ in INVALID:
        with pytest.raises(TriviumError) as caught:
            compile_formula(record)
        assert "formula f is invalid" in str(caught.value)
