"""Lists: pages that add up to the whole, links between them, words and filters."""

import re
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from kg.catalog.filters import FILTERS
from kg.model.iri import PLURALS
from kg.services import lists
from kg.services.knowledge import Knowledge
from tests.unit.api.conftest import Problem
from tests.unit.catalog.counting import CountingStore

HTML = {"accept": "text/html"}


def slugs(document: dict[str, Any]) -> list[str]:
    return [item["iri"].rpartition("/")[2] for item in document["items"]]


def links(response: Any) -> dict[str, str]:
    """Relation → address of the ``Link`` header."""
    return {rel: url for url, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', response.headers["link"])}


def walk(client: TestClient, path: str, relation: str = "next") -> list[Any]:
    """The answers from this page on, one page after the other."""
    answers = [client.get(path)]
    while relation in links(answers[-1]):
        answers.append(client.get(links(answers[-1])[relation]))
    return answers


@pytest.mark.parametrize("path", ["/topics", "/sources?q=language", "/formulas?evidence=published"])
def test_the_pages_together_are_the_whole_list(client: TestClient, path: str) -> None:
    join = "&" if "?" in path else "?"
    whole = client.get(f"{path}{join}limit=1000").json()
    assert whole["next"] is None
    for limit in (1, 3, 7, whole["total"] - 1, whole["total"], whole["total"] + 1):
        if not 7 <= limit * 20 >= whole["total"]:
            continue
        answers = walk(client, f"{path}{join}limit={limit}")
        assert [item for answer in answers for item in answer.json()["items"]] == whole["items"]
        assert {answer.json()["total"] for answer in answers} == {whole["total"]}
        assert len(answers) == -(-whole["total"] // limit)
        for answer in answers:
            assert answer.json()["next"] == links(answer).get("next")


@given(st.data())
def test_any_cursor_and_limit_give_a_stretch_and_the_way_back(
    shipped: Knowledge, data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from([kind for kind in PLURALS if shipped.names[kind]]))
    whole = shipped.listed(kind)
    limit = data.draw(st.integers(1, len(whole) + 2))
    cursor = data.draw(st.sampled_from(["", *shipped.names[kind]]))
    page = lists.select_page(shipped, kind, limit=limit, cursor=cursor)
    assert page.iris == whole[page.start : page.start + limit]
    assert page.total == len(whole)
    assert page.start == (whole.index(shipped.names[kind][cursor]) + 1 if cursor else 0)
    assert (page.next is None) == (page.start + limit >= len(whole))
    if page.next is not None:
        following = lists.select_page(shipped, kind, limit=limit, cursor=page.next)
        assert following.start == page.start + limit
        assert following.previous is not None
        assert (
            lists.select_page(shipped, kind, limit=limit, cursor=following.previous) == page
            or page.start < limit
        )
    assert (page.previous is None) == (page.start == 0)


def test_the_way_back_is_the_way_forth(client: TestClient) -> None:
    forth = walk(client, "/topics?limit=30")
    back = walk(client, str(forth[-1].url), "prev")
    assert [answer.content for answer in reversed(back)] == [answer.content for answer in forth]
    assert {links(answer)["first"] for answer in forth} == {"http://testserver/topics?limit=30"}


@pytest.mark.parametrize("suffix", ["json", "ttl", "nt", "jsonld"])
def test_each_form_pages_alike_and_keeps_its_suffix(
    client: TestClient, shipped: Knowledge, suffix: str
) -> None:
    answers = walk(client, f"/units.{suffix}?limit=30")
    assert len(answers) == 3
    assert all(f"/units.{suffix}?" in url for answer in answers for url in links(answer).values())
    if suffix == "nt":
        subjects = {q.subject for a in answers for q in ox.parse(a.content, format=ox.RdfFormat.N_TRIPLES)}
        assert len(subjects) == len(shipped.names["unit"])


def test_a_page_for_browsers_leads_to_the_next(client: TestClient) -> None:
    seen, path = 0, "/units?limit=30"
    for number in range(3):
        page = client.get(path, headers=HTML).text
        seen += page.count("<tr><td>")
        following = re.search(r'<a rel="next" href="([^"]+)"', page)
        assert (following is None) == (number == 2)
        path = following[1].replace("&amp;", "&") if following else ""
    assert seen == client.get("/units").json()["total"]


def test_a_page_without_a_limit_holds_a_hundred(client: TestClient) -> None:
    assert len(client.get("/sources").json()["items"]) == lists.DEFAULT_LIMIT == 100


@pytest.mark.parametrize(
    ("query", "name", "reason"),
    [
        ("limit=0", "limit", "from 1 to 1000"),
        ("limit=1001", "limit", "from 1 to 1000"),
        ("limit=ten", "limit", "from 1 to 1000"),
        ("cursor=no-such-formula", "cursor", "slug of a formula"),
        ("cursor=%C3%A4%00", "cursor", "slug of a formula"),
        ("colour=red", "colour", "quantity, output, input, kind, evidence, source"),
        ("kind=law&kind=model", "kind", "one value"),
    ],
)
def test_what_a_list_does_not_take_is_named(
    client: TestClient, problem: Problem, query: str, name: str, reason: str
) -> None:
    document = problem(client.get(f"/formulas?{query}"), 400, "bad-parameter")
    assert document["name"] == name
    assert reason in document["detail"]


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/formulas?quantity=training-token", "training-tokens"),
        ("/formulas?kind=empirical-fits", "empirical-fit"),
        ("/topics?area=system", "systems"),
        ("/models?developer=Gogle", "Google"),
        ("/units?dimension=flop/secondd", "flop/second"),
        ("/observations?subject=model/gpt-33", "gpt-3"),
        ("/claims?about=concept/ai-governance", "challenge/governance"),
    ],
)
def test_a_value_that_is_none_is_not_found_and_near_ones_are_named(
    client: TestClient, problem: Problem, path: str, near: str
) -> None:
    assert near in problem(client.get(path), 404, "not-found")["near"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/formulas?kind=identity", None),
        ("/formulas?output=model-parameters", {"chinchilla-optimal-parameters"}),
        ("/models?developer=google", {"glam", "palm-540b"}),
        ("/models?developer=GOOGLE&q=mixture", {"glam"}),
        ("/formulas?quantity=quantity:training-tokens&kind=vocab/formula-kind/empirical-fit", None),
        ("/formulas?kind=&quantity=", None),
        ("/hardware?q=h100", {"h100-sxm"}),
    ],
)
def test_filters_and_words_narrow_together(client: TestClient, path: str, expected: set[str] | None) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    found = slugs(answer.json())
    assert found == sorted(found)
    if expected is None:
        assert found
    else:
        assert set(found) >= expected
        assert bool(found) == bool(expected)


def test_every_filter_agrees_with_a_query_of_its_own(client: TestClient, shipped: Knowledge) -> None:
    """Each value of each filter, beside SPARQL written for the purpose."""
    for kind, filters in FILTERS.items():
        for by in filters:
            step = "tv:hasVariable ?part . ?part" if by.role else ""
            role = f"; tv:role role:{by.role}" if by.role not in ("", "*") else ""
            asked = f"SELECT ?r ?v {{ ?r {step} <{by.property}> ?v {role} FILTER(CONTAINS(STR(?r), '/id/{kind}/')) }}"
            pairs = {(row["r"], str(row["v"])) for row in shipped.sparql(asked) if "#" not in str(row["r"])}
            index = shipped.filter_index(kind, by)
            assert {(iri, value) for value, iris in index.items() for iri in iris} == pairs, (kind, by.name)
            for typed in lists.known_values(shipped, kind, by)[:3]:
                answer = client.get(f"/{PLURALS[kind]}?{by.name}={quote(typed)}")
                assert answer.status_code == 200, answer.text
                assert answer.json()["total"] > 0


def test_words_that_are_corrected_are_told(client: TestClient) -> None:
    answer = client.get("/topics?q=mixtre+of+experts").json()
    assert answer["corrected"] == "mixture of experts"
    assert "mixture-of-experts" in slugs(answer)
    assert "asked for" in client.get("/topics?q=mixtre+of+experts", headers=HTML).text
    assert client.get("/topics?q=qqqqzzzz").json() == {"total": 0, "items": [], "next": None}


@pytest.mark.parametrize(("kept", "queries"), [(0, [1, 1]), (1_000, [1, 0])], ids=["long", "short"])
def test_a_page_of_a_long_list_costs_one_query_and_a_short_list_is_kept(
    shipped: Knowledge, monkeypatch: pytest.MonkeyPatch, kept: int, queries: list[int]
) -> None:
    monkeypatch.setattr(lists, "KEPT_ENTRIES", kept)
    store = CountingStore(shipped.store)
    knowledge = Knowledge(store, base=shipped.base, prefixes=shipped.prefixes)
    options = {"quantity": "training-tokens", "kind": "empirical-fit"}
    for expected in queries:
        page = lists.select_page(knowledge, "formula", limit=2, filters=options)
        before = store.count
        assert [entry.iri for entry in lists.read_page(knowledge, page)] == list(page.iris)
        assert store.count == before + expected
    before = store.count
    lists.select_page(
        knowledge, "formula", limit=2, cursor=page.next or "", filters={"quantity": "training-tokens"}
    )
    assert store.count == before


def test_filters_are_documented_with_their_values(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    parameters = {p["name"]: p for p in document["paths"]["/{kinds}"]["get"]["parameters"]}
    for kind, filters in FILTERS.items():
        for by in filters:
            assert f"{PLURALS[kind]}: {by.meaning}" in parameters[by.name]["description"]
    assert "empirical-fit" in parameters["kind"]["schema"]["examples"]
    assert "Google" in parameters["developer"]["schema"]["examples"]
    assert parameters["area"]["schema"]["type"] == "string"


def test_a_dataset_of_ones_own_is_filtered_too(stones: Knowledge) -> None:
    page = lists.select_page(stones, "topic", filters={"requires": "roots"})
    assert [iri.rpartition("/")[2] for iri in page.iris] == ["falling"]


def test_a_value_that_exists_and_that_nothing_has_is_an_empty_list(stones: Knowledge) -> None:
    for filters in ({"kind": "bound"}, {"output": "gravity"}):
        assert lists.select_page(stones, "formula", filters=filters).total == 0
