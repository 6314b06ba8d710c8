"""The corpus: each expression is refused for its reason or answered rightly, within bounds, and nothing else happens."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import mpmath
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from kg.errors import BadInput, OutOfDomain
from kg.formula.expressions import evaluate_expression, render_expression, solve_expression
from kg.formula.grammar import read
from kg.formula.render import render
from kg.services.knowledge import Knowledge
from tests.corpus.answered import ANSWERED, Answered
from tests.corpus.refused import REFUSED
from tests.corpus.rows import Refused

ROOT = Path(__file__).parents[2]
MESSAGE = 400
"""Most characters of a refusal: it does not send a large text back."""
TOLERANCE = 4e-15
"""Relative: a few units in the last place of a double."""
KEPT_BYTES = 64 * 1024
"""Most memory that two more rounds of the whole corpus may keep."""
DEAREST = 60
"""Most times the work of a lawful text of half the allowed terms; sums run to a million terms before the bound."""
SKELETON = re.compile(r"[n1+\-*/(),\[\]\s]*")


def name(row: Refused | Answered) -> str:
    return ascii(row.text[:30])


def test_the_corpus_is_large_and_says_nothing_twice() -> None:
    assert len(REFUSED) >= 300
    assert len(ANSWERED) >= 140
    rows = [(row.text, repr(dict(row.values))) for row in (*REFUSED, *ANSWERED)]
    assert sorted({row for row in rows if rows.count(row) > 1}) == []


@pytest.mark.parametrize("row", REFUSED, ids=name)
def test_it_is_refused_for_its_reason(row: Refused) -> None:
    with pytest.raises(row.error) as caught:
        evaluate_expression(row.text, dict(row.values), {})
    assert type(caught.value) is row.error
    assert row.names in str(caught.value)
    assert len(str(caught.value)) <= MESSAGE


UNREAD = [row for row in REFUSED if issubclass(row.error, BadInput) and not row.text.startswith("Sum(")]


@pytest.mark.parametrize("row", UNREAD, ids=name)
def test_what_cannot_be_read_is_refused_alike_by_every_verb(row: Refused) -> None:
    said = set()
    for call in (render_expression, lambda text: solve_expression(text, "x", {}, {}), read):
        with pytest.raises(row.error) as caught:
            call(row.text)
        said.add(str(caught.value))
    assert len(said) == 1


@pytest.mark.parametrize("row", ANSWERED, ids=name)
def test_it_is_answered_as_mpmath_does(row: Answered) -> None:
    with mpmath.workdps(30):
        expected = float(row.expected(mpmath))
    found = evaluate_expression(row.text, dict(row.values), {}).value
    assert found == pytest.approx(expected, rel=TOLERANCE, abs=0)
    again = read(render(read(row.text)))
    assert render(again) == render(read(row.text))


SOLVED: list[tuple[str, dict[str, Any], list[float]]] = [
    ("x**2 = 2", {}, [-(2**0.5), 2**0.5]),
    ("x**3 = -8", {}, [-2]),
    ("exp(x) = 5", {}, [1.6094379124341003]),
    ("log(x) = -2", {}, [0.1353352832366127]),
    ("1/x = 4", {}, [0.25]),
    ("x**5 + x - 3", {}, [1.1329975658850653]),
    ("x**2 - lambda*x", {"lambda": 3}, [0, 3]),
    ("N*x = E", {"N": 2, "E": 3}, [1.5]),
    ("sqrt(x) = 3", {}, [9]),
]


@pytest.mark.parametrize(("text", "values", "roots"), SOLVED, ids=[row[0] for row in SOLVED])
def test_it_is_solved(text: str, values: dict[str, Any], roots: list[float]) -> None:
    found = solve_expression(text, "x", values, {})
    assert [root.value for root in found.roots] == pytest.approx(roots, rel=1e-9, abs=1e-9)


def test_no_root_is_said_where_there_is_none() -> None:
    with pytest.raises(OutOfDomain) as caught:
        solve_expression("x**2 = -1", "x", {}, {})
    assert "x" in str(caught.value)


def test_over_http_the_same_is_refused_and_answered(shipped: Knowledge) -> None:
    client = TestClient(create_app(shipped))
    headers = {"Content-Type": "application/json"}
    for row in (*REFUSED, *ANSWERED):
        body = json.dumps({"expression": row.text, "values": dict(row.values)})
        answer = client.post("/expressions/evaluate", content=body, headers=headers)
        document = answer.json()
        if isinstance(row, Answered):
            direct = evaluate_expression(row.text, dict(row.values), {})
            assert (answer.status_code, document["value"]) == (200, direct.value), row.text[:60]
        else:
            assert answer.status_code in (400, 413, 422), row.text[:60]
            assert answer.headers["content-type"].startswith("application/problem+json")
            assert row.names in document["detail"] or not row.text, row.text[:60]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a process saw that ran the corpus in an empty folder."""
    folder = tmp_path_factory.mktemp("empty")
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from tests.corpus.watched import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=folder
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_nothing_is_opened_imported_run_or_written(watched: dict[str, Any]) -> None:
    assert watched["events"] == []
    assert watched["files"] == []


def test_python_parses_skeletons_only(watched: dict[str, Any]) -> None:
    assert watched["sources"], "the hook saw nothing"
    assert [source for source in watched["sources"] if not SKELETON.fullmatch(source)] == []


def test_what_is_compiled_has_no_attribute_no_text_and_no_import(watched: dict[str, Any]) -> None:
    forbidden = {"Attribute", "Import", "ImportFrom", "JoinedStr", "NamedExpr", "Await", "Starred"}
    assert watched["nodes"], "the hook saw nothing"
    assert not forbidden & set(watched["nodes"])


def test_memory_stays_flat(watched: dict[str, Any]) -> None:
    first, _, last = watched["kept"]
    assert last - first < KEPT_BYTES


def test_no_expression_costs_much_more_than_a_lawful_one(watched: dict[str, Any]) -> None:
    spent, text = watched["dearest"]
    assert spent < DEAREST * watched["lawful"], text
