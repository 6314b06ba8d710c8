"""Words for those that nobody wrote: the nearest of a vocabulary, by edits."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

SHORT, MIDDLE = 3, 6
"""Letters from which a word may be off by one edit, and by two."""

COMPARED: Final = 40
"""Words whose edits are counted: those that share the most letter pairs."""

EDITED_PAIRS: Final = 3
"""Letter pairs that one edit changes at most: two letters that change places."""

NEAR_SHARE: Final = 0.55
"""Share of letter pairs from which a word counts as near, whatever its edits."""

NEAR_LENGTHS: Final = 3
"""Letters by which a near word may be longer or shorter."""


class Vocabulary:
    """Known words with how often they occur, ready to be asked for near ones."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._sorted = sorted(counts)
        self._by_pair: dict[int, dict[str, list[str]]] = {}

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def has_prefix(self, start: str) -> bool:
        """True where a word begins like this."""
        place = bisect_left(self._sorted, start)
        return place < len(self._sorted) and self._sorted[place].startswith(start)

    def correct(self, word: str) -> tuple[str, ...]:
        """The known words that were probably meant: one, two where they were written as one, or none."""
        edits = allowed_edits(word)
        near = sorted(
            (count, known[:1] != word[:1], -self._counts[known], known)
            for known in self._candidates(word, edits)
            if (count := count_edits(word, known, edits)) <= edits
        )
        if near and near[0][0] == 1:
            return (near[0][3],)
        return self._split(word) or tuple(known for *_, known in near[:1])

    def near(self, word: str, *, limit: int = 3) -> tuple[str, ...]:
        """The known words that look most like it: those that share the greatest part of their letter pairs."""
        pairs = len(letter_pairs(word))
        shares = sorted(
            (-2 * shared / (pairs + len(letter_pairs(known))), known)
            for known, shared in self._shared(word, NEAR_LENGTHS, least=pairs // 3 + 1)
        )
        return tuple(known for share, known in shares if -share >= NEAR_SHARE)[:limit]

    def _candidates(self, word: str, edits: int) -> list[str]:
        """The words that may be so few edits away: one edit changes three letter pairs at most."""
        if not edits:
            return []
        least = max(1, len(letter_pairs(word)) - EDITED_PAIRS * edits)
        fitting = sorted((-shared, known) for known, shared in self._shared(word, edits, least=least))
        return [known for _, known in fitting[:COMPARED]]

    def _shared(self, word: str, lengths: int, *, least: int) -> list[tuple[str, int]]:
        """Words of about this length with how many letter pairs they share with it, where ``least`` or more."""
        shared: Counter[str] = Counter()
        pairs = letter_pairs(word)
        for length in range(max(SHORT, len(word) - lengths), len(word) + lengths + 1):
            by_pair = self._by_pair[length] if length in self._by_pair else self._index(length)
            for pair in pairs:
                shared.update(by_pair.get(pair, ()))
        return [(known, count) for known, count in shared.items() if count >= least]

    def _index(self, length: int) -> dict[str, list[str]]:
        """Letter pair → the words of that length; kept, as the first unknown word of about it asks for them."""
        found: dict[str, list[str]] = {}
        for word in self._sorted:
            if len(word) == length:
                for pair in letter_pairs(word):
                    found.setdefault(pair, []).append(word)
        self._by_pair[length] = found
        return found

    def _split(self, word: str) -> tuple[str, ...]:
        for place in range(1, len(word)):
            parts = (word[:place], word[place:])
            if all(part in self and (len(part) >= SHORT or part.isdecimal()) for part in parts):
                return parts
        return ()


def allowed_edits(word: str) -> int:
    """How many edits a word of this length may be off; numbers are what they are."""
    if any(letter.isdecimal() for letter in word):
        return 0
    return (len(word) >= SHORT) + (len(word) >= MIDDLE)


def letter_pairs(word: str) -> frozenset[str]:
    """Pairs of neighbouring letters, the borders of the word included."""
    bordered = f"^{word}$"
    return frozenset(map("".join, pairwise(bordered)))


def count_edits(word: str, other: str, most: int) -> int:
    """Letters to insert, delete, replace or swap with their neighbour; beyond ``most`` counted as one more.

    The optimal string alignment distance (https://doi.org/10.1145/363958.363994).

    >>> count_edits("spce", "space", 2), count_edits("mmaba", "mamba", 2), count_edits("gpt", "mamba", 2)
    (1, 1, 3)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        last, before, row = before, row, [i]
        for j, mate in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != mate))
            if last and j > 1 and letter == other[j - 2] and word[i - 2] == mate:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
