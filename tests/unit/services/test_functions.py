"""tvf:evaluate inside a query: with values, with a subject, with both; failures are told, not thrown."""

import pytest

from kg.errors import BadParameter
from kg.services.functions import (
    CONVERT,
    DERIVE,
    DESCRIPTIONS,
    ELSEWHERE,
    EVALUATE,
    HOURS_TO,
    LATEX,
    MATHML,
    SOLVE,
    evaluate_call,
    extension_functions,
)
from kg.services.knowledge import Knowledge

XSD_DOUBLE = "http://www.w3.org/2001/XMLSchema#double"
BOUNCE = "<https://stones.example/id/formula/fall-time#reading-bounce>"


def ask(knowledge: Knowledge, call: str) -> object:
    result = knowledge.sparql(f"SELECT ?value WHERE {{ BIND ({call} AS ?value) }}")
    return result[0].get("value")


@pytest.mark.parametrize(
    ("call", "value"),
    [
        pytest.param('tvf:evaluate(formula:fall-time, "h=19.6")', 2.0, id="values"),
        pytest.param('tvf:evaluate(formula:fall-time, "height=19.6")', 2.0, id="values by quantity"),
        pytest.param('tvf:evaluate(formula:fall-time, "h=19.6 m; g=9.8")', 2.0, id="units"),
        pytest.param(
            "tvf:evaluate(formula:fall-time, hardware:pisa)", (2 * 184 * 0.3048 / 9.8) ** 0.5, id="a subject"
        ),
        pytest.param(
            'tvf:evaluate(formula:fall-time, hardware:pisa, "g=1.6")',
            (2 * 184 * 0.3048 / 1.6) ** 0.5,
            id="subject and values",
        ),
        pytest.param(f'tvf:evaluate({BOUNCE}, "h=19.6")', 6.0, id="a reading"),
        pytest.param('tvf:evaluate("fall-time", "h=19.6")', 2.0, id="a slug"),
    ],
)
def test_a_formula_is_evaluated_in_a_query(stones: Knowledge, call: str, value: float) -> None:
    assert ask(stones, call) == pytest.approx(value)


@pytest.mark.parametrize(
    ("call", "hours"),
    [
        pytest.param("tvf:hoursTo(topic:falling)", 6.5, id="from nothing"),
        pytest.param('tvf:hoursTo(topic:falling, "counting")', 4.5, id="one known"),
        pytest.param('tvf:hoursTo("falling", "counting roots")', 1.0, id="by slugs"),
        pytest.param('tvf:hoursTo(topic:falling, "roots")', 1.0, id="knowing implies"),
        pytest.param('tvf:hoursTo(topic:roots, "falling, counting")', 0.0, id="known"),
        pytest.param('tvf:hoursTo(topic:counting, "")', 2.0, id="an empty text"),
        pytest.param("tvf:hoursTo(topic:rooots)", None, id="no such topic"),
        pytest.param('tvf:hoursTo(topic:roots, "rooots")', None, id="no such known topic"),
        pytest.param("tvf:hoursTo()", None, id="no topic"),
        pytest.param("tvf:hoursTo(topic:roots, topic:counting)", None, id="known as an IRI"),
    ],
)
def test_hours_that_are_still_ahead_of_a_topic(stones: Knowledge, call: str, hours: float | None) -> None:
    result = stones.sparql(f"SELECT ?value WHERE {{ BIND ({call} AS ?value) }}")
    assert result[0].get("value") == hours
    assert bool(result.warnings) == (hours is None)


def test_the_value_is_a_double(stones: Knowledge) -> None:
    assert ask(stones, 'datatype(tvf:evaluate(formula:fall-time, "h=19.6"))') == XSD_DOUBLE


def test_exercise_2_by_sparql_gives_both_readings(shipped: Knowledge) -> None:
    result = shipped.sparql(
        """SELECT ?reading ?answer WHERE {
            exercise:mathematical tv:hasReading ?reading ; tv:givens ?givens .
            BIND (tvf:evaluate(?reading, ?givens) AS ?answer)
        } ORDER BY DESC(?answer)"""
    )
    assert [round(float(row["answer"]), 2) for row in result] == [3.98, 2.98]
    assert result.warnings == ()


def test_a_formula_is_evaluated_for_each_row(shipped: Knowledge) -> None:
    result = shipped.sparql(
        """SELECT ?model ?compute WHERE {
            ?model a tv:Model ; tv:classifiedAs concept:dense-model .
            FILTER EXISTS { ?tokens tv:about ?model ; tv:ofQuantity quantity:training-tokens }
            BIND (tvf:evaluate(formula:training-compute-6nd, ?model) AS ?compute)
        } ORDER BY ?model"""
    )
    by_slug = {str(row["model"]).rpartition("/")[2]: row["compute"] for row in result}
    assert by_slug["gpt-3"] == pytest.approx(6 * 175e9 * 300e9)
    assert result.warnings == ()


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        pytest.param('tvf:evaluate(formula:fall-tim, "h=1")', "there is no formula", id="unknown formula"),
        pytest.param('tvf:evaluate("fall-tim", "h=1")', "did you mean fall-time?", id="unknown slug"),
        pytest.param('tvf:evaluate(formula:fall-time, "x=1")', "it has g, h", id="unknown symbol"),
        pytest.param('tvf:evaluate(formula:fall-time, "h")', "name=value", id="no givens"),
        pytest.param('tvf:evaluate(formula:fall-time, "h=-1")', "outside its domain", id="domain"),
        pytest.param("tvf:evaluate(formula:fall-time, concept:tower)", "no value for h", id="nothing known"),
        pytest.param(
            "tvf:evaluate(formula:fall-time, hardware:pizza)", "did you mean pisa", id="unknown subject"
        ),
        pytest.param("tvf:evaluate(formula:fall-time)", "(?formula, ?subject)", id="too few arguments"),
        pytest.param(
            'tvf:evaluate(formula:fall-time, "h=1", "g=1")', "(?formula, ?subject)", id="wrong arguments"
        ),
    ],
)
def test_a_failing_call_leaves_its_variable_unbound_and_gives_the_reason(
    stones: Knowledge, call: str, reason: str
) -> None:
    for _ in range(2):
        result = stones.sparql(f"SELECT ?value WHERE {{ BIND ({call} AS ?value) }}")
        assert list(result) == [{}]
        assert len(result.warnings) == 1
        assert result.warnings[0].startswith("evaluate: ")
        assert reason in result.warnings[0]


def test_many_failures_are_counted(shipped: Knowledge) -> None:
    result = shipped.sparql(
        """SELECT ?value WHERE {
            ?topic a tv:Topic . BIND (tvf:evaluate(formula:training-compute-6nd, ?topic) AS ?value)
        }"""
    )
    assert result.warnings[-1] == "130 calls failed in all"


def test_the_functions_are_offered_by_their_iri(stones: Knowledge) -> None:
    assert set(extension_functions(stones)) == set(DESCRIPTIONS) == set(ELSEWHERE)
    assert {CONVERT, DERIVE, EVALUATE, HOURS_TO, LATEX, MATHML, SOLVE} == set(DESCRIPTIONS)
    with pytest.raises(BadParameter, match="tvf:evaluate"):
        evaluate_call(stones)


@pytest.mark.parametrize(
    ("call", "value"),
    [
        pytest.param(
            'tvf:solve(formula:chinchilla-loss, "D", "L=2.0; N=70e9")', 4.3377e11, id="a closed form"
        ),
        pytest.param(
            'tvf:solve("chinchilla-loss", "model-parameters", "L=2.0; D=4.3377e11")', 7e10, id="a slug"
        ),
        pytest.param('tvf:convert(2, "day", "hour")', 48.0, id="units as text"),
        pytest.param("tvf:convert(1.5, unit:day, unit:hour)", 36.0, id="units as IRIs"),
    ],
)
def test_a_query_solves_and_converts(shipped: Knowledge, call: str, value: float) -> None:
    assert ask(shipped, call) == pytest.approx(value, rel=1e-3)


def test_a_query_gets_latex_and_mathml(shipped: Knowledge) -> None:
    assert (
        ask(shipped, "tvf:latex(formula:chinchilla-loss)") == shipped.formula("chinchilla-loss").record.latex
    )
    mathml = str(ask(shipped, 'tvf:mathml("chinchilla-loss")'))
    assert mathml.startswith('<math xmlns="http://www.w3.org/1998/Math/MathML"')


@pytest.mark.parametrize(
    ("call", "warning"),
    [
        ('tvf:solve(formula:chinchilla-loss, "D", "L=1.0; N=70e9")', "outside its domain"),
        ('tvf:solve(formula:chinchilla-loss, "D")', "it takes (?formula"),
        ('tvf:solve(formula:chinchilla-loss, "D", "")', "there are 0: none"),
        ('tvf:latex("chinchila-loss")', "did you mean chinchilla-loss"),
        ("tvf:mathml()", "(?formula)"),
        ('tvf:convert(2, "day", "byte")', "dimension"),
        ('tvf:convert(2, "day", "fortnights")', "unit"),
        ('tvf:convert("two", "day", "hour")', "no number"),
        ("tvf:convert(2, unit:day, model:gpt-3)", "a unit of this dataset"),
    ],
)
def test_what_cannot_be_answered_is_unbound_with_a_warning(
    shipped: Knowledge, call: str, warning: str
) -> None:
    result = shipped.sparql(f"SELECT ?value WHERE {{ BIND ({call} AS ?value) }}")
    assert result[0] == {}
    assert warning in result.warnings[0]
