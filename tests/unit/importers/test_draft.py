"""What was written put in order: slugs, knots, repetitions, hours."""

import re

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import BadParameter, InvalidData
from kg.importers.draft import put_in_order, slug_of
from kg.learning.condense import implied_prerequisites, knots
from kg.model.draft import Draft, ImportFinding, WrittenGraph, WrittenPrerequisite, WrittenTopic

SLUGS = {
    "Bayes' rule": "bayes-rule",
    "bayes_rule": "bayes-rule",
    "Bayes-Rule ": "bayes-rule",
    "C": "c",
    "C++": "c-plus-plus",
    "C#": "c-sharp",
    "Ideal (ring theory)": "ideal-ring-theory",
    "Gödel’s theorem": "godels-theorem",
    "R & D": "r-and-d",
    "l'Hôpital": "lhopital",
}


@pytest.mark.parametrize(("name", "slug"), SLUGS.items())
def test_a_name_has_its_slug(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@given(st.text(min_size=1, max_size=200))
def test_every_name_has_a_slug_that_iris_take(name: str) -> None:
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", slug_of(name))
    assert slug_of(name) == slug_of(slug_of(name)) or not name.isascii() or len(slug_of(name)) > 80


def test_names_of_another_script_stay_apart() -> None:
    names = ["微积分 1", "线性代数 1", "微积分 2", "alpha α", "alpha β", "alpha"]
    assert len({slug_of(name) for name in names}) == len(names)


def graph(
    *pairs: tuple[str, str], topics: tuple[WrittenTopic, ...] = (), closed: bool = False
) -> WrittenGraph:
    written = tuple(
        WrittenPrerequisite(topic, needed, f"x:{n}") for n, (topic, needed) in enumerate(pairs, 1)
    )
    return WrittenGraph(topics, written, closed=closed)


def order(written: WrittenGraph, **options: float) -> tuple[Draft, tuple[ImportFinding, ...]]:
    draft, findings, _, _ = put_in_order(written, "x", **options)
    return draft, findings


def edges(draft: Draft) -> set[tuple[str, str]]:
    return {(each.topic, each.prerequisite) for each in draft.prerequisites}


def test_a_knot_becomes_one_topic_with_the_prerequisites_of_all() -> None:
    topics = tuple(
        WrittenTopic(name, "x", label, hours) for name, label, hours in [("b", "Bee", "2"), ("c", "Sea", "3")]
    )
    written = graph(("b", "a"), ("c", "b"), ("b", "c"), ("d", "c"), ("d", "b"), topics=topics)
    draft, findings = order(written)
    assert edges(draft) == {("b-and-c", "a"), ("d", "b-and-c")}
    knot = next(topic for topic in draft.topics if topic.slug == "b-and-c")
    assert (knot.label, knot.hours, knot.members) == ("Bee, Sea", 5.0, (("b", "Bee"), ("c", "Sea")))
    assert [(found.kind, found.topics) for found in findings] == [("cycle", ("b", "c"))]
    assert "become one, b-and-c" in findings[0].message


def test_the_name_of_a_knot_is_free() -> None:
    draft, _ = order(graph(("a", "b"), ("b", "a"), ("a and b", "a")))
    assert [topic.slug for topic in draft.topics] == ["a-and-b", "a-and-b-2"]
    assert edges(draft) == {("a-and-b", "a-and-b-2")}


TOLD: list[tuple[str, WrittenGraph, str, str]] = [
    ("a topic that requires itself", graph(("a", "a"), ("b", "a")), "self", "require itself"),
    ("a pair twice", graph(("b", "a"), ("b", "a")), "repeated", "stands twice"),
    ("two spellings", graph(("b", "a_x"), ("c", "a-x")), "spelling", "a_x, a-x"),
    (
        "an unknown topic",
        graph(("b", "a"), topics=(WrittenTopic("b"),), closed=True),
        "unknown",
        "there is no a;",
    ),
    (
        "a topic twice",
        graph(topics=(WrittenTopic("b"), WrittenTopic("b")), closed=True),
        "repeated",
        "the first",
    ),
    ("hours that cannot be", graph(("b", "a"), topics=(WrittenTopic("b", hours="-1"),)), "hours", "'-1'"),
    (
        "hours that are no number",
        graph(("b", "a"), topics=(WrittenTopic("b", hours="nan"),)),
        "hours",
        "'nan'",
    ),
    ("an edge that others imply", graph(("c", "a"), ("c", "b"), ("b", "a")), "implied", "it stays"),
]


@pytest.mark.parametrize(
    ("written", "kind", "words"), [row[1:] for row in TOLD], ids=[row[0] for row in TOLD]
)
def test_nothing_is_changed_without_a_word(written: WrittenGraph, kind: str, words: str) -> None:
    _, findings = order(written)
    assert [found.kind for found in findings] == [kind]
    assert words in findings[0].message


HOURS: list[tuple[tuple[str, ...], dict[str, float], tuple[float, ...]]] = [
    (("", "", ""), {}, (1, 1, 1)),
    (("1", "2", ""), {}, (1, 2, 1.5)),
    (("1", "2", "9"), {}, (1, 2, 9)),
    (("1", "", ""), {"hours": 4}, (1, 4, 4)),
]


@pytest.mark.parametrize(("written", "options", "expected"), HOURS)
def test_topics_without_hours_get_the_median_or_what_is_said(
    written: tuple[str, ...], options: dict[str, float], expected: tuple[float, ...]
) -> None:
    topics = tuple(WrittenTopic(f"t{n}", hours=hours) for n, hours in enumerate(written))
    draft, _ = order(graph(topics=topics), **options)
    assert tuple(topic.hours for topic in draft.topics) == expected
    assert [topic.hours_stated for topic in draft.topics] == [bool(hours) for hours in written]


@pytest.mark.parametrize("hours", [0, -1, float("nan"), float("inf"), 1e9])
def test_hours_that_cannot_be_are_refused(hours: float) -> None:
    with pytest.raises(BadParameter, match="hours"):
        order(graph(("b", "a")), hours=hours)


def test_no_topics_are_no_graph() -> None:
    with pytest.raises(InvalidData, match="holds no topics"):
        order(graph())


pair_lists = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=40)


@given(pair_lists)
def test_knots_are_the_strongly_connected_components(pairs: list[tuple[int, int]]) -> None:
    oracle: nx.DiGraph[str] = nx.DiGraph((str(one), str(other)) for one, other in pairs)
    expected = sorted(tuple(sorted(c)) for c in nx.strongly_connected_components(oracle) if len(c) > 1)
    assert list(knots({n: sorted(oracle[n]) for n in oracle})) == expected


@given(pair_lists)
def test_implied_edges_are_those_outside_the_transitive_reduction(pairs: list[tuple[int, int]]) -> None:
    oracle: nx.DiGraph[str] = nx.DiGraph((str(max(p)), str(min(p))) for p in pairs if p[0] != p[1])
    expected = set(oracle.edges) - set(nx.transitive_reduction(oracle).edges)
    assert set(implied_prerequisites({n: sorted(oracle[n]) for n in oracle})) == expected


def test_implied_edges_are_found_over_many_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.learning.condense.CHUNK", 3)
    oracle: nx.DiGraph[str] = nx.gnp_random_graph(40, 0.15, seed=3, directed=True)
    oracle = nx.DiGraph((f"{one:02}", f"{other:02}") for one, other in oracle.edges if one > other)
    expected = set(oracle.edges) - set(nx.transitive_reduction(oracle).edges)
    assert set(implied_prerequisites({n: sorted(oracle[n]) for n in oracle})) == expected
    assert expected


@given(pair_lists)
def test_any_pairs_make_an_acyclic_graph_with_every_topic(pairs: list[tuple[int, int]]) -> None:
    names = sorted({f"t{n}" for pair in pairs for n in pair})
    if not names:
        return
    draft, findings = order(graph(*((f"t{one}", f"t{other}") for one, other in pairs)))
    made: nx.DiGraph[str] = nx.DiGraph(edges(draft))
    assert nx.is_directed_acyclic_graph(made)
    members = [slug for topic in draft.topics for slug, _ in topic.members]
    assert sorted([*members, *(t.slug for t in draft.topics if not t.members)]) == names
    written: nx.DiGraph[str] = nx.DiGraph((f"t{one}", f"t{other}") for one, other in pairs)
    home = {slug: topic.slug for topic in draft.topics for slug, _ in topic.members or ((topic.slug, ""),)}
    for one, other in written.edges:
        assert home[one] == home[other] or (home[one], home[other]) in edges(draft)
    assert sum(topic.hours for topic in draft.topics) == len(names)
    assert [found.kind for found in findings].count("cycle") == sum(bool(t.members) for t in draft.topics)


def test_the_order_of_the_rows_does_not_matter() -> None:
    pairs = [("b", "a"), ("c", "b"), ("b", "c"), ("d", "c"), ("d", "a")]
    first, last = (order(graph(*rows))[0] for rows in (pairs, pairs[::-1]))
    assert first == last
