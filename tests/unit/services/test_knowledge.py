"""The facade: one opened dataset, asked from Python."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import kg
from kg.errors import (
    BadParameter,
    BadSyntax,
    ForbiddenQuery,
    InvalidData,
    MissingValue,
    NotFound,
    OutOfDomain,
    Unavailable,
    UnknownSymbol,
    WrongDimension,
)
from kg.model.answer import Origin
from kg.rdf.formats import CSV, TURTLE
from kg.services.knowledge import Knowledge, open_knowledge
from kg.services.sparql import run_query
from tests.datasets import BASE, write_dataset

HEAVY = ("sympy", "networkx", "rdflib", "numpy", "scipy", "pyshacl")
FIRST_SELECT = """
import sys
from kg import open_knowledge
knowledge = open_knowledge()
assert len(knowledge.sparql("SELECT ?page WHERE { ?page a tv:Page }")) == 1
print(*sorted(set(sys.modules) & set(sys.argv[1:])))
"""


def test_opening_and_a_select_import_no_engine() -> None:
    run = subprocess.run(
        [sys.executable, "-c", FIRST_SELECT, *HEAVY, "kg.formula", "kg.learning"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(kg.__file__).parents[1],
    )
    assert run.stdout.strip() == ""


def test_a_formula_is_evaluated_by_symbols(shipped: Knowledge) -> None:
    # Hoffmann et al. 2022 (https://arxiv.org/abs/2203.15556): the loss of Chinchilla at its own size.
    evaluation = shipped.formula("chinchilla-loss").evaluate(N="70B", D="1.4T")
    assert evaluation.value == pytest.approx(1.69 + 406.4 / 70e9**0.34 + 410.7 / 1.4e12**0.28)
    assert {entry.symbol: entry.origin for entry in evaluation.inputs}["A"] is Origin.FIT


def test_a_formula_is_solved(shipped: Knowledge) -> None:
    solution = shipped.formula("chinchilla-loss").solve("D", L=2.0, N="70B")
    (root,) = solution.roots
    assert 1.69 + 406.4 / 70e9**0.34 + 410.7 / root.value**0.28 == pytest.approx(2.0)
    assert root.unit == "token"
    assert solution.steps


def test_exercise_2_gives_its_factor_and_both_readings(shipped: Knowledge) -> None:
    evaluation = shipped.formula("training-inference-equivalence").evaluate(k_inf=10, alpha=0.5, beta=0.3)
    assert evaluation.value == pytest.approx(10**0.6)
    assert round(evaluation.value, 2) == 3.98
    assert [round(reading.value or 0.0, 2) for reading in evaluation.readings] == [3.98, 2.98]
    assert evaluation.steps


def test_the_fit_is_chosen_by_name(shipped: Knowledge) -> None:
    loss = shipped.formula("chinchilla-loss")
    expected = 1.8172 + 482.01 / 70e9**0.3478 + 2085.43 / 1.4e12**0.3658
    assert loss.evaluate(N="70B", D="1.4T", fit="besiroglu-2024").value == pytest.approx(expected)
    with pytest.raises(NotFound, match="besiroglu-2024"):
        loss.evaluate(N="70B", D="1.4T", fit="besiroglu-2023")


def test_inputs_come_from_the_subject(stones: Knowledge) -> None:
    evaluation = stones.formula("fall-time").evaluate(subject="hardware/pisa")
    assert evaluation.value == pytest.approx((2 * 184 * 0.3048 / 9.8) ** 0.5)
    height = next(entry for entry in evaluation.inputs if entry.symbol == "h")
    assert height.origin is Origin.SUBJECT
    assert [seen.value for seen in height.alternatives] == [55.0, 60.0]


def test_a_subject_of_which_nothing_is_measured_is_told(stones: Knowledge) -> None:
    evaluation = stones.formula("fall-time").evaluate(h=10, subject="concept/tower")
    assert "no figures are known of concept:tower" in evaluation.warnings
    with pytest.raises(MissingValue, match="h"):
        stones.formula("fall-time").evaluate(subject="concept/tower")


def test_an_output_comes_in_the_unit_that_is_asked_for(stones: Knowledge) -> None:
    solution = stones.formula("fall-time").solve("h", t=2, unit="ft")
    assert solution.roots[0].value == pytest.approx(19.6 / 0.3048)
    assert solution.roots[0].unit == "ft"


def test_readings_and_complexities_are_formulas_too(stones: Knowledge) -> None:
    assert stones.formula("formula/fall-time#reading-bounce").evaluate(h=19.6).value == pytest.approx(6.0)
    assert stones.formula("concept/tower#stairs").evaluate(h=50, r=4).value == 200.0


def test_symbols_that_python_reserves_are_given_in_a_mapping(tmp_path: Path) -> None:
    changes = [
        ("physics/formulas.ttl", 'tv:symbol "h"', 'tv:symbol "lambda"'),
        (
            "physics/formulas.ttl",
            'tv:expression "t = sqrt(2*h/g)"',
            'tv:expression "t = sqrt(2*lambda/unit)"',
        ),
        ("physics/formulas.ttl", "t_all = 3*sqrt(2*h/g)", "t_all = 3*sqrt(2*lambda/unit)"),
        ("physics/formulas.ttl", 'tv:symbol "g"', 'tv:symbol "unit"'),
    ]
    formula = open_knowledge(write_dataset(tmp_path, *changes)).formula("fall-time")
    assert formula.evaluate({"lambda": 19.6, "unit": 9.8}, unit="s").value == pytest.approx(2.0)
    assert formula.solve("lambda", {"unit": 9.8}, t=2).roots[0].value == pytest.approx(19.6)


@pytest.mark.parametrize(
    ("givens", "error", "words"),
    [
        pytest.param({"q": 1}, UnknownSymbol, "it has g, h", id="unknown symbol"),
        pytest.param({}, MissingValue, "give h=…", id="nothing given"),
        pytest.param({"h": "3 s"}, WrongDimension, "second", id="wrong dimension"),
        pytest.param({"h": -1}, OutOfDomain, "h = -1", id="out of the domain"),
        pytest.param({"h": "3 +"}, BadSyntax, "column", id="no number"),
    ],
)
def test_a_bad_input_says_what_is_off(
    stones: Knowledge, givens: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error) as caught:
        stones.formula("fall-time").evaluate(givens)
    assert words in str(caught.value)


def test_a_query_gives_rows_of_python_values(stones: Knowledge) -> None:
    result = stones.sparql(
        "SELECT ?topic ?label ?hours (1 AS ?one) (true AS ?yes) ?none "
        "WHERE { ?topic a tv:Topic ; skos:prefLabel ?label ; tv:effortHours ?hours } ORDER BY ?topic"
    )
    assert len(result) == 3
    assert result[0] == {
        "topic": BASE + "topic/counting",
        "label": "Counting",
        "hours": 2.0,
        "one": 1,
        "yes": True,
    }
    assert [row["label"] for row in result] == ["Counting", "Falling", "Roots"]
    assert result.to_csv().splitlines()[:2] == [
        "topic,label,hours,one,yes,none",
        f"{BASE}topic/counting,Counting,2,1,true,",
    ]
    assert "<th>label</th>" in result._repr_html_()
    assert repr(result) == "QueryResult(3 rows of topic, label, hours, one, yes, none)"


def test_an_open_answer_is_refused_to_a_thread_that_did_not_ask(stones: Knowledge) -> None:
    with ThreadPoolExecutor(1) as pool:
        for text in ("SELECT ?s { ?s a tv:Topic }", "CONSTRUCT WHERE { ?s a tv:Topic }"):
            answer = run_query(stones, text)
            with pytest.raises(Unavailable, match="in the thread that asked"):
                pool.submit(answer.serialize, CSV if "SELECT" in text else TURTLE).result()


def test_ask_counts_as_its_truth_value(stones: Knowledge) -> None:
    assert stones.sparql("ASK { ?topic a tv:Topic }")
    no = stones.sparql("ASK { ?claim a tv:Claim }")
    assert not no
    assert (no.to_csv(), repr(no), no._repr_html_()) == ("false", "QueryResult(False)", "<p>false</p>")


def test_a_graph_gives_rows_of_triples_sorted(stones: Knowledge) -> None:
    graph = stones.sparql("CONSTRUCT { ?topic tv:requires ?needed } WHERE { ?topic tv:requires ?needed }")
    assert [row["subject"] for row in graph] == [BASE + "topic/falling", BASE + "topic/roots"]
    assert graph.variables == ("subject", "predicate", "object")


def test_an_update_or_a_call_elsewhere_is_refused(stones: Knowledge) -> None:
    with pytest.raises(ForbiddenQuery):
        stones.sparql("SELECT * { SERVICE <https://example.org/sparql> { ?s ?p ?o } }")
    with pytest.raises((ForbiddenQuery, BadSyntax)):
        stones.sparql("DROP ALL")


def test_topics_know_what_comes_before_and_after(stones: Knowledge) -> None:
    falling = stones.topic("falling")
    assert [topic.slug for topic in falling.prerequisites().topics] == ["roots"]
    assert [topic.slug for topic in falling.prerequisites(transitive=True).topics] == ["roots", "counting"]
    assert [topic.slug for topic in stones.topic("topic:counting").unlocks().topics] == ["roots"]
    assert repr(falling) == "<topic falling: Falling, 1 h>"


def test_learning_next_takes_topics_by_any_name(stones: Knowledge) -> None:
    advice = stones.learning.next(know=["topic/counting"], goal=BASE + "topic/falling")
    assert [topic.slug for topic in advice.topics] == ["roots"]
    assert advice.remaining_hours == 4.5
    assert stones.learning.next("counting, roots").known == ("counting", "roots")
    with pytest.raises(NotFound, match="counting"):
        stones.learning.next(know=["countin"])


def test_the_page_topics_come_in_its_order_to_someone_who_is_ready(shipped: Knowledge) -> None:
    page = shipped.sparql(
        """SELECT ?topic WHERE { path:what-to-learn-next tv:hasStep ?step .
            ?step tv:item ?topic ; tv:position ?position } ORDER BY ?position"""
    )
    slugs = [str(row["topic"]).rpartition("/")[2] for row in page]
    known = {
        needed.slug for slug in slugs for needed in shipped.topic(slug).prerequisites(transitive=True).topics
    } - set(slugs)
    advice = shipped.learning.next(know=sorted(known), limit=6)
    assert [topic.slug for topic in advice.topics] == slugs


def test_lists_and_descriptions_come_by_any_name_of_kind_or_thing(stones: Knowledge) -> None:
    assert [entry.label for entry in stones.list("topics")] == ["Counting", "Falling", "Roots"]
    for name in ("falling", "topic/falling", "topics/falling", "topic:falling", f"<{BASE}topic/falling>"):
        assert stones.describe(name).label == "Falling"
    with pytest.raises(NotFound, match="topic"):
        stones.list("topix")


def test_a_dataset_of_ones_own_is_opened_from_its_folder(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path)
    assert open_knowledge(str(folder)).version == open_knowledge(folder).version
    knowledge = open_knowledge(folder)
    assert (knowledge.base, knowledge.title) == (BASE, "Falling stones")
    assert repr(knowledge).startswith("<Knowledge 'Falling stones'")
    assert "<td>topic</td><td>3</td>" in knowledge._repr_html_()


@pytest.mark.parametrize("source", ["/no/such/folder", "ftp://example.org/", ""])
def test_what_cannot_be_opened_names_what_can(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if source:
        with pytest.raises(Unavailable, match=r"a folder with a dataset\.ttl"):
            open_knowledge(source)
    else:
        with pytest.raises((Unavailable, InvalidData)):
            open_knowledge(source)


def test_a_folder_without_description_is_no_dataset(tmp_path: Path) -> None:
    with pytest.raises(InvalidData, match=r"there is no dataset\.ttl"):
        open_knowledge(tmp_path)


def test_formulas_show_themselves_in_notebooks(stones: Knowledge) -> None:
    formula = stones.formula("fall-time")
    assert formula._repr_latex_() == r"$\displaystyle t = \sqrt{2h/g}$"
    assert "<code>t = sqrt(2*h/g)</code>" in formula._repr_html_()
    assert repr(formula) == "<formula fall-time: t = sqrt(2*h/g)>"


def test_threads_share_one_knowledge(tmp_path: Path) -> None:
    knowledge = open_knowledge(write_dataset(tmp_path))

    def ask(number: int) -> tuple[float, int, str]:
        value = knowledge.formula("fall-time").evaluate(h=19.6).value
        return value, len(knowledge.learning.next().topics), knowledge.describe("falling").label

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(64)))
    assert all(answer == (pytest.approx(2.0), 1, "Falling") for answer in answers)


def test_warming_loads_all_formulas_and_says_so(tmp_path: Path) -> None:
    bad = ("physics/formulas.ttl", "t_all = 3*sqrt(2*h/g)", "t_all = 3*sqrt(2*h/g")
    knowledge = open_knowledge(write_dataset(tmp_path, bad))
    assert not knowledge.is_warm
    knowledge.warm().join(timeout=60)
    assert knowledge.is_warm
    assert knowledge.formula("fall-time").evaluate(h=19.6).value == pytest.approx(2.0)


def test_a_broken_formula_stays_broken_with_its_reason(tmp_path: Path) -> None:
    change = ("physics/formulas.ttl", '"t = sqrt(2*h/g)"', '"t = sqrt(2*h/"')
    knowledge = open_knowledge(write_dataset(tmp_path, change))
    knowledge.warm().join(timeout=60)
    for _ in range(2):
        with pytest.raises(BadSyntax, match="column"):
            knowledge.formula("fall-time").evaluate(h=1)


def test_warming_a_dataset_whose_units_are_broken_tells_whoever_asks(tmp_path: Path) -> None:
    change = ("physics/quantities.ttl", 'tv:unitText "ft" ;', "")
    knowledge = open_knowledge(write_dataset(tmp_path, change))
    knowledge.warm().join(timeout=60)
    assert knowledge.is_warm
    with pytest.raises(InvalidData, match=r"unit/foot: has no tv:unitText"):
        knowledge.formula("fall-time").evaluate(h=1)


def test_a_parameter_that_no_query_has_is_refused(stones: Knowledge) -> None:
    with pytest.raises(BadParameter, match="limit"):
        stones.learning.next(limit=0)


def test_a_formula_is_a_sympy_equation(shipped: Knowledge) -> None:
    import sympy

    equation = shipped.formula("training-inference-equivalence").sympy
    symbols = {symbol.name: symbol for symbol in equation.free_symbols}
    assert all(symbol.is_positive for symbol in symbols.values())
    k_inf, alpha, beta = (symbols[name] for name in ("k_inf", "alpha", "beta"))
    assert equation.rhs == k_inf ** (beta / alpha)
    assert sympy.diff(equation.rhs, k_inf) == k_inf ** (beta / alpha) * beta / (alpha * k_inf)
