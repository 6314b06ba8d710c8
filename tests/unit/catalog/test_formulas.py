"""Formulas of the graph as records."""

from pathlib import Path

import pytest

from kg.catalog.formulas import (
    complexity_iris,
    formula_iris,
    list_formulas,
    read_expression,
    read_formula,
)
from kg.errors import InvalidData, NotFound
from kg.model.formula import Domain, Role, ValidRange
from kg.model.iri import Iri
from kg.model.uncertainty import Correlation
from kg.services.knowledge import Knowledge, open_knowledge
from tests.datasets import BASE, write_dataset
from tests.unit.catalog.counting import CountingStore

FALL = Iri(BASE + "formula/fall-time")


def test_a_formula_comes_with_all_its_parts(stones: Knowledge) -> None:
    formula = read_formula(stones.store, FALL)
    assert (formula.slug, formula.label, formula.kind) == ("fall-time", "Time of a fall", "law")
    assert formula.expression == "t = sqrt(2*h/g)"
    assert formula.conditions == ("No air.",)
    assert [variable.symbol for variable in formula.variables] == ["g", "h", "t"]
    assert formula.output is not None
    assert formula.output.symbol == "t"
    assert formula.evidence.sources[0].url == "https://doi.org/10.1000/discorsi"


def test_a_variable_has_its_quantity_unit_and_domain(stones: Knowledge) -> None:
    height = read_formula(stones.store, FALL).variable("h")
    assert height is not None
    assert height.role is Role.INPUT
    assert height.quantity is not None
    assert height.quantity.slug == "height"
    assert height.unit.symbol == "m", "the canonical unit where none is named"
    assert height.domain == Domain(minimum=0.0, open_minimum=True)


def test_fits_carry_values_spreads_and_ranges(stones: Knowledge) -> None:
    formula = read_formula(stones.store, FALL)
    earth, moon = formula.constant_sets
    assert (earth.name, moon.name, formula.default_set) == ("earth", "moon", "earth")
    assert formula.default_rationale == "Most stones fall here."
    assert (earth.values[0].symbol, earth.values[0].value, earth.values[0].standard_error) == ("g", 9.8, 0.1)
    assert earth.ranges == (ValidRange("h", 1.0, 100.0),)


GAL = """
unit:gal a tv:Unit ; skos:prefLabel "gal"@en ; skos:definition "A hundredth of it."@en ;
    tv:unitText "Gal" ; tv:dimension "metre/second^2" ; tv:factor 1.0e-2 .
"""
ON_EARTH = "tv:value 9.8e0 ;\n    tv:standardError 0.1e0"
IN_GAL = "tv:hasUnit unit:gal ; tv:value 980.0e0 ;\n    tv:standardError 10.0e0"


def test_a_constant_in_a_unit_of_its_own_comes_in_that_of_its_variable(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path, ("physics/formulas.ttl", ON_EARTH, IN_GAL), gal=GAL)
    earth, _ = read_formula(open_knowledge(folder).store, FALL).constant_sets
    (value,) = earth.values
    assert (value.value, value.standard_error) == (pytest.approx(9.8), pytest.approx(0.1))


IN_METRES = ("tv:value 9.8e0", "tv:hasUnit unit:metre ; tv:value 9.8e0")
IN_NOTHING = ("tv:ofQuantity quantity:gravity ;", "")


@pytest.mark.parametrize(
    ("changes", "words"), [((IN_METRES,), "dimension metre"), ((IN_METRES, IN_NOTHING), "has no unit")]
)
def test_a_constant_in_a_unit_that_does_not_fit_is_named(
    tmp_path: Path, changes: tuple[tuple[str, str], ...], words: str
) -> None:
    folder = write_dataset(tmp_path, *(("physics/formulas.ttl", *change) for change in changes))
    with pytest.raises(InvalidData, match=words) as caught:
        read_formula(open_knowledge(folder).store, FALL)
    assert caught.value.place.endswith("#earth.g")


CORRELATED = (
    "physics/formulas.ttl",
    "tv:hasConstant <fall-time#earth.g> ;",
    "tv:hasConstant <fall-time#earth.g> ; tv:hasCorrelation <fall-time#earth.g-h> ;",
)
CORRELATION = (
    "physics/formulas.ttl",
    "<fall-time#moon> a",
    "<fall-time#earth.g-h> a tv:Correlation ; tv:ofVariable {of} ; tv:value {value} .\n<fall-time#moon> a",
)


def correlated(folder: Path, of: str, value: str) -> Path:
    written = CORRELATION[2].format(of=of, value=value)
    return write_dataset(folder, CORRELATED, (*CORRELATION[:2], written))


def test_a_fit_carries_the_correlations_of_its_constants(tmp_path: Path) -> None:
    folder = correlated(tmp_path, "<fall-time#h> , <fall-time#g>", "-0.5e0")
    earth, moon = read_formula(open_knowledge(folder).store, FALL).constant_sets
    assert earth.correlations == (Correlation("g", "h", -0.5),)
    assert earth.dependence == "unknown"
    assert moon.correlations == ()


@pytest.mark.parametrize(
    ("of", "value"), [("<fall-time#g>", "0.5e0"), ("<fall-time#h> , <fall-time#g>", "1.5e0")]
)
def test_what_is_no_correlation_is_named(tmp_path: Path, of: str, value: str) -> None:
    with pytest.raises(InvalidData, match=r"earth\.g-h: is no correlation"):
        read_formula(open_knowledge(correlated(tmp_path, of, value)).store, FALL)


def test_examples_and_readings_are_read(stones: Knowledge) -> None:
    formula = read_formula(stones.store, FALL)
    (example,) = formula.examples
    assert (example.givens, example.fit, example.expected) == ("h=19.6", "earth", 2.0)
    (reading,) = formula.readings
    assert (reading.name, reading.certainty) == ("reading-bounce", 0.1)
    assert [variable.symbol for variable in reading.variables] == ["t_all"]


def test_a_reading_stands_for_a_formula_over_its_owners_variables(stones: Knowledge) -> None:
    formula = read_expression(stones.store, Iri(FALL + "#reading-bounce"))
    assert formula.expression == "t_all = 3*sqrt(2*h/g)"
    assert {variable.symbol for variable in formula.variables} == {"g", "h", "t_all"}


def test_a_complexity_is_read_over_shared_variables(stones: Knowledge) -> None:
    (iri,) = complexity_iris(stones.store)
    formula = read_expression(stones.store, iri)
    assert formula.expression == "h*r"
    assert [variable.symbol for variable in formula.variables] == ["h", "r"]
    assert formula.output is None


@pytest.mark.parametrize("tail", ["formula/none", "hardware/pisa", "formula/fall-time#h"])
def test_what_is_no_expression_is_not_found(stones: Knowledge, tail: str) -> None:
    with pytest.raises(NotFound):
        read_expression(stones.store, Iri(BASE + tail))


def test_all_formulas_are_read_in_few_queries_however_many_there_are(shipped: Knowledge) -> None:
    store = CountingStore(shipped.store)
    formulas = list_formulas(store)
    assert [formula.iri for formula in formulas] == list(formula_iris(shipped.store))
    assert len(formulas) >= 10
    assert store.count <= 8


def test_reading_one_formula_gives_what_reading_all_gives(shipped: Knowledge) -> None:
    formulas = list_formulas(shipped.store)
    assert read_formula(shipped.store, formulas[0].iri) == formulas[0]


@pytest.mark.parametrize(
    ("old", "new", "subject", "words"),
    [
        ("tv:value 9.8e0", 'tv:value "much"', "formula/fall-time#earth.g", "tv:value is 'much'"),
        ("tv:ofVariable <fall-time#g> ; tv:value 9.8e0", "tv:value 9.8e0", "#earth.g", "no tv:ofVariable"),
        ('tv:symbol "h" ;', "", "formula/fall-time#h", "no tv:symbol"),
        ("tv:role role:input", "tv:role role:guest", "formula/fall-time#h", "no tv:role of vocab/role"),
        ("quantity:gravity", "quantity:gravitas", "formula/fall-time#g", "no tv:canonicalUnit"),
        ("tv:hasUnit unit:second", "tv:hasUnit unit:sec", "#reading-bounce.t_all", "no unit of the dataset"),
        ("tv:expected 2.0e0 ;", "", "formula/fall-time#example-tower", "no tv:expected"),
    ],
)
def test_a_malformed_record_names_subject_and_property(
    tmp_path: Path, old: str, new: str, subject: str, words: str
) -> None:
    folder = write_dataset(tmp_path, ("physics/formulas.ttl", old, new))
    with pytest.raises(InvalidData) as caught:
        read_formula(open_knowledge(folder).store, FALL)
    assert caught.value.place.endswith(subject) or "reading-bounce" in subject
    assert words in str(caught.value)


def test_a_unit_with_a_dimension_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path, ("physics/quantities.ttl", '"metre/second^2"', '"metre/second^two"'))
    with pytest.raises(InvalidData, match=r"unit/acceleration: tv:dimension 'metre/second\^two'"):
        read_formula(open_knowledge(folder).store, FALL)
