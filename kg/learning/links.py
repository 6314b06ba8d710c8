"""The edges of a prerequisite graph: for each topic the numbers of its neighbours."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from operator import gt
from typing import TYPE_CHECKING, Final, Protocol

from kg.errors import InvalidData

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.integer]

FEW_TOPICS: Final = 20_000
"""Up to so many topics edges stand in tuples, which Python walks fastest; numpy is not even loaded for them."""


Rows = tuple[tuple[int, ...], ...]


class Neighbours(Protocol):
    """For each topic the numbers of its neighbours, ascending.

    A tuple of tuples is one, and the fastest to walk; :class:`Links` is one that has room for millions.
    """

    def __len__(self) -> int: ...
    def __getitem__(self, topic: int, /) -> Sequence[int]: ...
    def __iter__(self) -> Iterator[Sequence[int]]: ...


class Links:
    """Compressed sparse rows in two flat arrays: four bytes for a topic and for an edge, where tuples take 70.

    Python reads them item by item; ``starts`` and ``ends`` are the same memory for numpy.
    """

    __slots__ = ("_ends", "_starts", "ends", "starts")

    def __init__(self, starts: "Integers", ends: "Integers") -> None:
        import numpy as np

        self._starts, self._ends = array("i"), array("i")
        self._starts.frombytes(starts.astype(np.int32).tobytes())
        self._ends.frombytes(ends.astype(np.int32).tobytes())
        self.starts: Integers = np.frombuffer(self._starts, np.int32)
        self.ends: Integers = np.frombuffer(self._ends, np.int32)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, topic: int, /) -> Sequence[int]:
        starts = self._starts
        return self._ends[starts[topic] : starts[topic + 1]]

    def __iter__(self) -> Iterator[Sequence[int]]:
        return (self._ends[first:after] for first, after in pairwise(self._starts))

    def rows(self, topics: Iterable[int]) -> list[Sequence[int]]:
        """The neighbours of each of these topics."""
        starts, ends = self._starts, self._ends
        return [ends[starts[topic] : starts[topic + 1]] for topic in topics]

    def of(self, topics: "Integers") -> "Integers":
        """The neighbours of all these topics, one topic after the other."""
        import numpy as np

        first = self.starts[topics]
        counts = self.starts[topics + 1] - first
        ahead = np.cumsum(counts) - counts
        places = np.repeat(first - ahead, counts) + np.arange(counts.sum(), dtype=np.int32)
        found: Integers = self.ends[places]
        return found

    def within(self, members: "Integers") -> tuple["Links", "Rows"]:
        """The edges among these topics, ascending, told by places in them; and the same read the other way."""
        import numpy as np

        first, after = self.starts[members], self.starts[members + 1]
        ends = self.of(members)
        places = np.minimum(np.searchsorted(members, ends), max(len(members) - 1, 0))
        inside = members[places] == ends
        row = np.repeat(np.arange(len(members)), after - first)[inside]
        end = places[inside]
        # Short integers are sorted by their digits, in a tenth of the time.
        turn = np.argsort(end.astype(np.int16) if len(members) < 1 << 15 else end, kind="stable")
        starts = np.searchsorted(row, np.arange(len(members) + 1))
        return Links(starts, end), _rows(end[turn], row[turn], len(members))

    def reversed(self) -> "Links":
        """The same edges, read the other way."""
        import numpy as np

        number = np.arange(len(self), dtype=np.int32)
        source = np.repeat(number, np.diff(self.starts))
        starts = np.zeros(len(self) + 1, np.int32)
        np.cumsum(np.bincount(self.ends, minlength=len(self)), out=starts[1:])
        return Links(starts, source[np.argsort(self.ends, kind="stable")])


def _rows(row: "Integers", ends: "Integers", count: int) -> "Rows":
    import numpy as np

    flat = tuple(ends.tolist())
    starts = np.searchsorted(row, np.arange(count + 1)).tolist()
    return tuple([flat[first:after] for first, after in pairwise(starts)])


def read_rows(starts: Sequence[int], ends: Sequence[int]) -> Neighbours:
    """The neighbours that two columns hold: of topic ``t`` they are ``ends[starts[t]:starts[t + 1]]``.

    Raises:
        InvalidData: rows overlap or leave something out; one holds what is no topic, or is not ascending.
    """
    if len(starts) > FEW_TOPICS:
        return _links(starts, ends)
    rows = tuple([tuple(ends[first:after]) for first, after in pairwise(starts)])
    if not starts or starts[0] or starts[-1] != len(ends) or any(map(gt, starts, islice(starts, 1, None))):
        raise _off("do not cover its edges", "begin with 0 and end with their number")
    if ends and not 0 <= min(ends) <= max(ends) < len(rows):
        raise _off("name what is no topic", "number topics from 0")
    if not all(before < after for row in rows for before, after in pairwise(row)):
        raise _off("are not ascending", "sort each row, and name a topic once")
    return rows


def _links(starts: Sequence[int], ends: Sequence[int]) -> Links:
    import numpy as np

    first, others = np.asarray(starts, np.int64), np.asarray(ends, np.int64)
    if first[0] or first[-1] != len(others) or np.any(np.diff(first) < 0):
        raise _off("do not cover its edges", "begin with 0 and end with their number")
    if len(others) and not 0 <= others.min() <= others.max() < len(first) - 1:
        raise _off("name what is no topic", "number topics from 0")
    begins_row = np.zeros(len(others) + 1, bool)
    begins_row[first] = True
    if np.any((np.diff(others) <= 0) & ~begins_row[1:-1]):
        raise _off("are not ascending", "sort each row, and name a topic once")
    return Links(first, others)


def _off(what: str, hint: str) -> InvalidData:
    return InvalidData("the rows of a graph", what, hint)


def rows_of(neighbours: Neighbours, topics: Iterable[int]) -> Iterable[Sequence[int]]:
    """The neighbours of each of these topics, as fast as they can be had."""
    return neighbours.rows(topics) if isinstance(neighbours, Links) else map(neighbours.__getitem__, topics)


def lengths(neighbours: Neighbours) -> list[int]:
    """How many neighbours each topic has."""
    if not isinstance(neighbours, Links):
        return list(map(len, neighbours))
    import numpy as np

    found: list[int] = np.diff(neighbours.starts).tolist()
    return found


def reverse(neighbours: Neighbours) -> Neighbours:
    """The same edges, read the other way."""
    return neighbours.reversed() if isinstance(neighbours, Links) else reverse_rows(neighbours)


def reverse_rows(neighbours: Neighbours) -> Rows:
    """The same edges, read the other way, in tuples."""
    found: list[list[int]] = [[] for _ in neighbours]
    for number, others in enumerate(neighbours):
        for other in others:
            found[other].append(number)
    return tuple(map(tuple, found))
