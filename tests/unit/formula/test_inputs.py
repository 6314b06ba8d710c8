"""Where the inputs of an answer come from: given, subject, fit, default; and series with their sums."""

from dataclasses import replace

import pytest

from kg.errors import (
    BadParameter,
    InvalidData,
    MissingValue,
    NotFound,
    OutOfDomain,
    TooLarge,
    WrongDimension,
)
from kg.formula.compile import compile_formula
from kg.formula.evaluate import evaluate
from kg.model.answer import Evaluation, Observed, Origin
from kg.model.formula import Formula, Role, ValidRange
from kg.model.iri import Iri
from kg.model.quantity import Unit
from tests.unit.formula.records import (
    AUTOMATION,
    BASE,
    BYTE,
    CHINCHILLA,
    COMPUTE,
    FLOP,
    HOFFMANN,
    PARAMETER,
    PFLOP_DAY,
    TOKEN,
    TRADE,
    UNITS,
    WHOLE,
    constant,
    fit,
    formula,
    output,
    source,
    variable,
)


def value_of(record: Formula, **givens: object) -> float:
    return evaluate(compile_formula(record), givens, units=UNITS).value


def origins(found: Evaluation) -> dict[str, Origin]:
    return {entry.symbol: entry.origin for entry in found.inputs}


def observed(slug: str, value: float, unit: Unit, name: str = "a") -> Observed:
    iri = Iri(f"{BASE}observation/{name}")
    return Observed(
        Iri(f"{BASE}quantity/{slug}"), value, unit.iri, "reported", "2024", iri, (source(f"seen-{name}"),)
    )


def test_each_input_names_origin_unit_and_source() -> None:
    found = evaluate(compile_formula(CHINCHILLA), {"N": "70B", "training-tokens": 1.4e12}, units=UNITS)
    assert origins(found) == {
        "E": Origin.FIT,
        "A": Origin.FIT,
        "N": Origin.GIVEN,
        "alpha": Origin.FIT,
        "B": Origin.FIT,
        "D": Origin.GIVEN,
        "beta": Origin.FIT,
    }
    units = {entry.symbol: entry.unit for entry in found.inputs}
    assert units["N"] == "param"
    assert units["A"] == "nat*parameter^alpha/token"
    assert {entry.source.label for entry in found.inputs if entry.source} == {"hoffmann-2022"}
    assert found.fit_rationale == "the fit that the law is known by"
    assert [known.label for known in found.sources] == ["hoffmann-2022", "hoffmann2022"]
    assert found.evidence == "published"


def test_given_comes_before_subject_before_fit_before_default() -> None:
    record = formula(
        "f",
        "y = a + b + c + d",
        output("y"),
        *(variable(symbol, Role.CONSTANT, slug=f"q-{symbol}", default=1.0) for symbol in "abcd"),
        constant_sets=(fit("one", {"a": 10.0, "b": 10.0, "c": 10.0}),),
    )
    seen = [observed("q-a", 100.0, UNITS.named("1")), observed("q-b", 100.0, UNITS.named("1"))]
    found = evaluate(compile_formula(record), {"a": 1000}, observed=seen, units=UNITS)
    assert found.value == 1000 + 100 + 10 + 1
    assert list(origins(found).values()) == [Origin.GIVEN, Origin.SUBJECT, Origin.FIT, Origin.DEFAULT]
    assert [known.label for known in found.sources] == ["default-d", "one", "seen-a"]


def test_the_first_observation_counts_and_the_others_are_shown() -> None:
    seen = [
        observed("model-parameters", 7e10, PARAMETER, "best"),
        observed("model-parameters", 6e10, PARAMETER, "second"),
        observed("training-tokens", 1.4e12, TOKEN, "tokens"),
        observed("training-compute", 1.0, PFLOP_DAY, "of the output"),
    ]
    found = evaluate(compile_formula(COMPUTE), {}, observed=seen, units=UNITS)
    assert found.value == pytest.approx(5.88e23)
    entry = next(entry for entry in found.inputs if entry.symbol == "N")
    assert [other.value for other in entry.alternatives] == [6e10]
    assert entry.source is not None
    assert entry.source.label == "seen-best"


def test_observations_are_converted_to_the_unit_of_the_variable() -> None:
    record = formula(
        "f", "y = C/k", output("y"), variable("C", unit=PFLOP_DAY, slug="c"), constant("k", 1.0, unit=FLOP)
    )
    found = evaluate(compile_formula(record), {}, observed=[observed("c", 8.64e20, FLOP)], units=UNITS)
    assert found.inputs[0].value == pytest.approx(10.0)
    assert found.value == pytest.approx(8.64e20)


def test_observations_that_cannot_be_used_say_so() -> None:
    record = formula(
        "f", "y = a/b", output("y"), variable("a", unit=TOKEN, slug="t"), variable("b", unit=TOKEN, slug="t")
    )
    found = evaluate(
        compile_formula(record), {"b": 2, "a": 1}, observed=[observed("t", 5.0, TOKEN)], units=UNITS
    )
    assert found.value == 0.5
    one_open = evaluate(compile_formula(record), {"b": 2}, observed=[observed("t", 5.0, TOKEN)], units=UNITS)
    assert one_open.value == 2.5
    with pytest.raises(MissingValue):
        evaluate(compile_formula(record), {}, observed=[observed("t", 5.0, TOKEN)], units=UNITS)
    with pytest.raises(WrongDimension):
        evaluate(
            compile_formula(COMPUTE), {}, observed=[observed("model-parameters", 5.0, BYTE)], units=UNITS
        )
    stray = replace(observed("model-parameters", 5.0, BYTE), unit=Iri("urn:x"))
    with pytest.raises(InvalidData, match="its unit urn:x is not in the dataset"):
        evaluate(compile_formula(COMPUTE), {}, observed=[stray], units=UNITS)


def test_a_fit_is_chosen_by_name_or_by_the_data_and_never_silently() -> None:
    bare = replace(CHINCHILLA, default_set="", default_rationale="")
    with pytest.raises(MissingValue, match="choose a fit: besiroglu-2024, hoffmann-2022"):
        value_of(bare, N=7e10, D=1.4e12)
    single = replace(bare, constant_sets=bare.constant_sets[:1])
    found = evaluate(compile_formula(single), {"N": 7e10, "D": 1.4e12}, units=UNITS)
    assert (found.fit, found.fit_rationale) == (
        "hoffmann-2022",
        "the only fit that the data holds for this formula",
    )
    with pytest.raises(NotFound, match="did you mean besiroglu-2024"):
        evaluate(compile_formula(CHINCHILLA), {"N": 1, "D": 1}, fit="besiroglu", units=UNITS)
    with pytest.raises(NotFound, match="fit of training-compute-6nd"):
        evaluate(compile_formula(COMPUTE), {"N": 1, "D": 1}, fit="x", units=UNITS)


def test_a_fit_of_which_nothing_is_used_is_not_named() -> None:
    found = evaluate(compile_formula(CHINCHILLA), {"N": 1, "D": 1, **HOFFMANN}, units=UNITS)
    assert (found.fit, found.fit_rationale, found.warnings) == ("", "", ())


def test_outside_the_fitted_range_there_is_a_warning() -> None:
    found = evaluate(compile_formula(CHINCHILLA), {"N": "70B", "D": "1B"}, units=UNITS)
    assert found.warnings == (
        "N = 7e10 param is above the range 7e7 to 1.6e10 of the fit hoffmann-2022",
        "D = 1e9 token is below the range 5e9 to 5e11 of the fit hoffmann-2022",
    )
    assert evaluate(compile_formula(CHINCHILLA), {"N": "7B", "D": "10B"}, units=UNITS).warnings == ()
    high = replace(
        CHINCHILLA, constant_sets=(fit("high", HOFFMANN, ValidRange("L", 5.0, None)),), default_set="high"
    )
    found = evaluate(compile_formula(high), {"N": "7B", "D": "10B"}, units=UNITS)
    assert found.warnings[0].endswith("is below the range 5 to … of the fit high")


def test_series_give_the_length_of_their_sum() -> None:
    found = evaluate(compile_formula(AUTOMATION), {"w": [0.5, 0.3, 0.2], "a": "0.2, 60%, 0.9"}, units=UNITS)
    assert found.value == pytest.approx(0.46)
    assert origins(found)["n"] is Origin.DERIVED
    assert found.steps[1].relation == "P = (0.5*0.2 + 0.3*0.6 + 0.2*0.9)/(0.5 + 0.3 + 0.2)"
    assert value_of(AUTOMATION, w=[1] * 50, a=[0.5] * 50, n=50) == 0.5


def test_long_sums_are_added_exactly_and_bounded() -> None:
    assert value_of(AUTOMATION, w=[0.1] * 100_000, a=[1.0] * 100_000) == 1.0
    nested = formula(
        "f",
        "y = Sum(i, 1, n, Sum(j, 1, n, x))",
        output("y"),
        variable("n", domain=WHOLE),
        variable("x"),
        variable("i", Role.INDEX),
        variable("j", Role.INDEX),
    )
    assert value_of(nested, n=100, x=1) == 10_000
    with pytest.raises(TooLarge, match="sums together, in terms"):
        value_of(nested, n=10_000, x=1)
    with pytest.raises(TooLarge, match="sum, in terms"):
        value_of(nested, n="2M", x=1)


BAD_SERIES = [
    ("another length", {"w": [1, 1], "a": [1, 1, 1]}, "'a' cannot be '3 values'; it takes 2 values"),
    ("not n", {"w": [1, 1], "a": [1, 1], "n": 3}, "'w' cannot be '2 values'; it takes 3 values, since n = 3"),
]


@pytest.mark.parametrize(
    ("givens", "reason"), [row[1:] for row in BAD_SERIES], ids=[row[0] for row in BAD_SERIES]
)
def test_series_of_another_length_are_refused(givens: dict[str, object], reason: str) -> None:
    with pytest.raises(BadParameter, match=reason):
        evaluate(compile_formula(AUTOMATION), givens, units=UNITS)


def test_a_sum_that_leaves_its_series_says_so() -> None:
    record = formula(
        "f", "y = Sum(i, 0, 3, w[i])", output("y"), variable("w", indexed_by="i"), variable("i", Role.INDEX)
    )
    with pytest.raises(OutOfDomain, match="the sum runs from 0 to 3, but the series has 3 values"):
        value_of(record, w=[1, 2, 3])
    fraction = formula("f", "y = Sum(i, 1, x, x)", output("y"), variable("x"), variable("i", Role.INDEX))
    with pytest.raises(OutOfDomain, match="must be whole numbers"):
        value_of(fraction, x=1.5)
    assert value_of(fraction, x=3) == 9.0


def test_a_quantity_that_two_variables_share_is_ambiguous() -> None:
    record = formula(
        "f", "y = a + b", output("y", unit=TOKEN), *(variable(name, unit=TOKEN, slug="t") for name in "ab")
    )
    with pytest.raises(BadParameter, match="a and b share this quantity"):
        value_of(record, t=1)
    assert value_of(record, a=1, b=2) == 3.0


def test_greek_letters_name_their_symbols() -> None:
    assert evaluate(compile_formula(TRADE), {"k_inf": 10, "β": 0.3, "α": 0.5}, units=UNITS).value == 10**0.6
