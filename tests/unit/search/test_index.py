"""The index: what comes first, what is marked, and texts that would be syntax elsewhere."""

import threading

import pytest

from kg.errors import BadParameter, TooLarge, Unavailable
from kg.model.iri import Iri
from kg.model.search import Document, Piece, SearchAnswer
from kg.search import index as module
from kg.search.index import SearchIndex
from kg.search.query import MAX_CHARACTERS, MAX_WORDS


def document(
    name: str,
    label: str,
    *names: str,
    formulas: tuple[str, ...] = (),
    definition: str = "",
    texts: tuple[str, ...] = (),
    rank: int = 0,
) -> Document:
    kind = name.partition("/")[0]
    return Document(Iri(f"http://x/{name}"), kind, label, names, formulas, definition, texts, rank)


DOCUMENTS = (
    document("concept/attention", "Attention", definition="Weights of tokens for tokens."),
    document("concept/linear", "Linear attention in long words", definition="Attention without softmax."),
    document("concept/softmax", "Softmax", definition="Used in attention; an accent: Ménard."),
    document("concept/recurrence", "Recurrence", "state space layer", definition="A state over time."),
    document(
        "formula/loss", "Loss law", formulas=("L = A/N**alpha + E", "N"), texts=("Parameters of a model",)
    ),
    document("source/attention", "Attention", rank=1, texts=("Somebody",)),
    document("topic/ssm", "State space models", "ssm", "S4", definition="Layers with a linear state."),
    document("topic/space", "Space of states and a state", definition="Where a system is."),
    document("unit/percent", "percent", "%", definition="A hundredth."),
)


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    return SearchIndex(reversed(DOCUMENTS))


def names(answer: SearchAnswer) -> list[str]:
    return [hit.iri.removeprefix("http://x/") for hit in answer.hits]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("attention", ["concept/attention", "source/attention", "concept/linear", "concept/softmax"]),
        ("ATTENTION!", ["concept/attention", "source/attention", "concept/linear", "concept/softmax"]),
        ("attenton", ["concept/attention", "source/attention", "concept/linear", "concept/softmax"]),
        (
            "the attention of a",
            ["concept/attention", "source/attention", "concept/linear", "concept/softmax"],
        ),
        ("state space", ["topic/ssm", "topic/space", "concept/recurrence"]),
        ("space state", ["topic/ssm", "topic/space", "concept/recurrence"]),
        ("state sp", ["topic/ssm", "topic/space", "concept/recurrence"]),
        ("state spce", ["topic/ssm", "topic/space", "concept/recurrence"]),
        ("state space model", ["topic/ssm"]),
        ("models", ["topic/ssm", "formula/loss"]),
        ("S4", ["topic/ssm"]),
        ("ssms", ["topic/ssm"]),
        ("n**ALPHA", ["formula/loss"]),
        ("N", ["formula/loss"]),
        ("menard", ["concept/softmax"]),
        ("Ménard", ["concept/softmax"]),
        ("%", ["unit/percent"]),
        ("somebody", ["source/attention"]),
        ("softmax tokens", []),
    ],
)
def test_labels_come_before_names_before_formulas_before_definitions(
    index: SearchIndex, text: str, found: list[str]
) -> None:
    assert names(index.search(text)) == found


def test_the_answer_says_what_it_searched_for_instead(index: SearchIndex) -> None:
    answer = index.search("stat spce")
    assert (answer.query, answer.corrected) == ("stat spce", "stat space")
    assert index.search("state space").corrected == ""


def test_a_name_is_never_corrected() -> None:
    index = SearchIndex([document("topic/a", "Tokens"), document("topic/b", "Other", "tokene")])
    assert (index.search("tokene").corrected, names(index.search("tokene"))) == ("", ["topic/b"])
    assert index.search("tokenq").corrected in ("tokens", "tokene")


def test_a_kind_leaves_the_others_out(index: SearchIndex) -> None:
    answer = index.search("attention", kind="source")
    assert (names(answer), answer.total, answer.kind) == (["source/attention"], 1, "source")


def test_a_limit_cuts_the_hits_and_not_the_total(index: SearchIndex) -> None:
    answer = index.search("attention", limit=2)
    assert (len(answer), answer.total) == (2, 4)
    assert list(answer) == list(answer.hits)


def test_equal_documents_stand_by_iri() -> None:
    twins = [document(f"topic/t{number}", "Twin", definition="Same.") for number in (3, 1, 2)]
    assert names(SearchIndex(twins).search("twin")) == ["topic/t1", "topic/t2", "topic/t3"]


def test_matches_are_marked_in_label_and_snippet(index: SearchIndex) -> None:
    hit = index.search("linear attention").hits[0]
    assert hit.field == "label"
    assert hit.title == (
        Piece("Linear", is_match=True),
        Piece(" "),
        Piece("attention", is_match=True),
        Piece(" in long words"),
    )
    assert hit.snippet == (Piece("Attention", is_match=True), Piece(" without softmax."))


@pytest.mark.parametrize(
    ("text", "name", "field", "marked"),
    [
        ("S4", "topic/ssm", "name", ["S4"]),
        ("alpha", "formula/loss", "formula", ["alpha"]),
        ("hundredth", "unit/percent", "definition", ["hundredth"]),
        ("parameters", "formula/loss", "text", ["Parameters"]),
        ("%", "unit/percent", "name", []),
    ],
)
def test_a_hit_says_where_the_words_stand(
    index: SearchIndex, text: str, name: str, field: str, marked: list[str]
) -> None:
    hit = index.search(text).hits[0]
    assert (hit.iri, hit.field) == (f"http://x/{name}", field)
    assert [piece.text for piece in hit.snippet if piece.is_match] == marked


def test_a_long_text_is_cut_around_the_match() -> None:
    words = " ".join(f"word{number}" for number in range(500))
    index = SearchIndex([document("topic/a", "Long", texts=(f"{words} needle {words}",))])
    (hit,) = index.search("needle")
    text = "".join(piece.text for piece in hit.snippet)
    assert text.startswith("…") and text.endswith("…") and "needle" in text
    assert len(text.split()) <= 26


def test_marks_of_the_data_are_no_marks_of_ours() -> None:
    index = SearchIndex([document("topic/a", "A \ufdd0fake\ufdd1 mark", definition="nul \0 inside")])
    (hit,) = index.search("mark")
    assert [piece.text for piece in hit.title if piece.is_match] == ["mark"]
    assert names(index.search("inside")) == ["topic/a"]


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\0", "\u3000"], ids=repr)
def test_nothing_to_search_for_is_said(index: SearchIndex, text: str) -> None:
    with pytest.raises(BadParameter, match="some words to search for"):
        index.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000_000,
        "x " * 5_000_000,
        "\0" * 10_000_000,
        "a " * (MAX_WORDS + 1),
        "x" * (MAX_CHARACTERS + 1),
    ],
    ids=["10 MB, one word", "10 MB of words", "10 MB of NUL", "words", "characters"],
)
def test_too_long_a_text_is_refused(index: SearchIndex, text: str) -> None:
    with pytest.raises(TooLarge, match="the search text"):
        index.search(text)


HOSTILE = [
    '"',
    '""',
    "'",
    "';--",
    "'; DROP TABLE documents;--",
    '" OR "1"="1',
    "label:attention",
    "{label} : attention",
    "attention AND",
    "AND OR NOT",
    "NOT attention",
    "NEAR(attention softmax, 2)",
    "NEAR/2",
    "attention *",
    "*",
    "^attention",
    "-attention",
    "+",
    "(attention",
    ")",
    "((((((((((",
    "a:b:c",
    "contents MATCH x",
    "attention\0softmax",
    "\ufdd0attention\ufdd1",
    "😀",
    "😀 attention",
    "👩‍👩‍👧‍👦",
    "\ud800",
    "\udfffattention",
    "ﬁ",
    "İstanbul",
    "ß",
    "\u202eattention",
    "e\u0301" * 200,
    "\u0301",
    "…———",
    "___",
    "?!.,;",
    "the of and",
    "日本語",
    "नमस्ते",
    "𐍈𐍉",
    "%s %n {0} ${x}",
    "<script>alert(1)</script>",
    "x" * MAX_CHARACTERS,
    "a " * MAX_WORDS,
    "ab* " * MAX_WORDS,
    "1 2 3 4 5",
    "1e999",
    "../../etc/passwd",
]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_no_text_is_syntax(index: SearchIndex, text: str) -> None:
    answer = index.search(text)
    assert answer.total >= len(answer.hits)
    assert answer.query.encode()
    assert bool(answer.total) == bool(answer.hits)


@pytest.mark.parametrize(
    "text", ['attention*"', "{label} : attention", '"attention"', "attention\0", "(attention"]
)
def test_words_between_signs_are_found(index: SearchIndex, text: str) -> None:
    assert "concept/attention" in names(index.search(text)) or "label" in text


@pytest.mark.parametrize(
    ("text", "kind", "near"),
    [
        ("attention quaternions", "", "concept/attention"),
        ("attention quaternions", "source", "source/attention"),
        ("attention", "unit", "concept/attention"),
        ("recurrently", "", "concept/recurrence"),
    ],
)
def test_where_nothing_is_found_something_near_is_named(
    index: SearchIndex, text: str, kind: str, near: str
) -> None:
    answer = index.search(text, kind=kind)
    assert (answer.total, answer.hits) == (0, ())
    assert not answer
    assert answer.suggestions[0].iri == f"http://x/{near}"


def test_where_nothing_is_near_the_answer_is_nothing(index: SearchIndex) -> None:
    answer = index.search("zzyzx")
    assert (answer.total, answer.hits, answer.suggestions, answer.corrected) == (0, (), (), "")


def test_an_index_of_nothing_finds_nothing() -> None:
    assert SearchIndex([]).search("attention").total == 0


def test_many_threads_may_ask_at_once(index: SearchIndex) -> None:
    found: list[list[str]] = []

    def ask() -> None:
        found.extend(names(index.search("attenton")) for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 160
    assert all(one == found[0] for one in found)


def test_an_sqlite_without_full_text_search_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SCHEMA", "CREATE VIRTUAL TABLE contents USING fts99 (label);")
    with pytest.raises(Unavailable, match=r"no such module: fts99.*run Python with an SQLite that has FTS5"):
        SearchIndex([])
