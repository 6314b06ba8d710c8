"""Near words: edits, words written as one, and what is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.search.suggest import Vocabulary, allowed_edits, count_edits

COUNTS = {
    "attention": 9,
    "chinchilla": 4,
    "experts": 5,
    "gpt": 3,
    "mamba": 7,
    "mix": 1,
    "mixture": 5,
    "model": 40,
    "models": 60,
    "modes": 1,
    "of": 90,
    "space": 8,
    "state": 9,
    "3": 2,
}


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(COUNTS)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("mixtre", ("mixture",)),
        ("chinchila", ("chinchilla",)),
        ("chinchilllla", ("chinchilla",)),
        ("spce", ("space",)),
        ("mmaba", ("mamba",)),
        ("atenttion", ("attention",)),
        ("modls", ("models",)),
        ("statespace", ("state", "space")),
        ("gpt3", ("gpt", "3")),
        ("gp", ()),
        ("4", ()),
        ("quaternions", ()),
        ("", ()),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_misspelt_word_is_corrected_to_the_one_that_was_meant(
    vocabulary: Vocabulary, word: str, meant: tuple[str, ...]
) -> None:
    assert vocabulary.correct(word) == meant


def test_near_words_share_letter_pairs_however_many_edits_away(vocabulary: Vocabulary) -> None:
    assert vocabulary.near("attentional") == ("attention",)
    assert vocabulary.near("modelled")[0] == "model"
    assert vocabulary.near("xyzzy") == ()


@pytest.mark.parametrize(
    ("word", "edits"), [("", 0), ("of", 0), ("gpt", 1), ("space", 1), ("mamba2", 0), ("mixture", 2)]
)
def test_longer_words_may_be_off_by_more(word: str, edits: int) -> None:
    assert allowed_edits(word) == edits


letters = st.text("abcd", max_size=7)


def edits_by_definition(word: str, other: str) -> int:
    """Optimal string alignment by plain recursion over the two heads."""
    if not word or not other:
        return len(word) + len(other)
    best = min(
        edits_by_definition(word[1:], other) + 1,
        edits_by_definition(word, other[1:]) + 1,
        edits_by_definition(word[1:], other[1:]) + (word[0] != other[0]),
    )
    if len(word) > 1 and len(other) > 1 and word[:2] == other[1::-1]:
        best = min(best, edits_by_definition(word[2:], other[2:]) + 1)
    return best


@given(st.text("abc", max_size=5), st.text("abc", max_size=5), st.integers(0, 6))
def test_edits_are_those_of_the_definition(word: str, other: str, most: int) -> None:
    assert count_edits(word, other, most) == min(edits_by_definition(word, other), most + 1)


@given(letters, letters)
def test_edits_count_the_same_both_ways(word: str, other: str) -> None:
    assert count_edits(word, other, 9) == count_edits(other, word, 9)


@given(st.sampled_from(sorted(word for word in COUNTS if len(word) > 4)), st.data())
def test_one_edit_away_a_known_word_is_found(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    typed = word[:place] + data.draw(st.sampled_from(["", "q", word[place] + "q"])) + word[place + 1 :]
    vocabulary = Vocabulary(COUNTS)
    if typed not in vocabulary:
        (found,) = vocabulary.correct(typed)
        assert count_edits(typed, found, 2) == 1
