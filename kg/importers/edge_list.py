"""Edge lists: CSV with a pair of topics on each row (RFC 4180, https://www.rfc-editor.org/rfc/rfc4180).

Published sets disagree on which of a pair is learnt first, so the direction is said, by the header or by the user;
it is never guessed.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Final

from kg.errors import BadParameter, InvalidData
from kg.importers.source import check_count, check_length, read_text
from kg.model.draft import ImportFinding, WrittenGraph, WrittenPrerequisite, WrittenTopic

PREREQUISITE_FIRST: Final = "prerequisite-first"
PREREQUISITE_SECOND: Final = "prerequisite-second"
DIRECTIONS: Final = (PREREQUISITE_FIRST, PREREQUISITE_SECOND)

_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "prerequisite": ("prerequisite", "prereq", "requires", "required"),
    "topic": ("topic", "concept", "dependent"),
    "first": ("source", "from", "first", "topic 1", "concept 1", "concept a", "source topic", "node 1"),
    "second": ("target", "to", "second", "topic 2", "concept 2", "concept b", "target topic", "node 2"),
    "judgement": ("label", "judgement", "judgment", "is prerequisite", "y", "ground truth"),
    "confidence": ("confidence", "score", "probability", "weight", "certainty"),
    "name": ("name", "title"),
    "hours": ("hours", "effort", "effort hours"),
    "area": ("area", "field"),
    "definition": ("definition", "description"),
    "reason": ("reason", "why"),
}
_ROLES: Final = {heading: role for role, headings in _HEADINGS.items() for heading in headings}
_YES: Final = frozenset({"1", "1.0", "true", "yes"})
_NO: Final = frozenset({"0", "0.0", "-1", "false", "no"})
_DELIMITERS: Final = ",;\t|"

Columns = Mapping[str, int]
Row = tuple[int, list[str]]
"""The line on which a row ends, from 1, and its cells."""


def read_edge_list(
    path: Path, *, direction: str = "", names: Path | None = None, least: float = 0.0
) -> WrittenGraph:
    """The pairs of a CSV file; names make topics.

    The columns are found by their headings. Without a header the first two are the pair, and a third is a judgement
    (0 or 1) or a confidence (from 0 to 1). Pairs that are judged 0 or are less sure than ``least`` are left out and
    told. A row without a prerequisite stands for its topic alone. ``names`` is a table of numbers and the names that
    they stand for.

    Raises:
        BadParameter: nothing says the direction, or it contradicts the header.
        InvalidData: a row is malformed; names the line. NotFound, TooLarge: as :mod:`kg.importers.source`.
    """
    rows = _rows(path)
    called = _names(names) if names else {}
    columns = _columns(rows, path.name, direction, called)
    topics: dict[str, WrittenTopic] = {}
    pairs: list[WrittenPrerequisite] = []
    findings: list[ImportFinding] = []
    rejected: Counter[str] = Counter()
    for line, cells in rows:
        entry = _Entry(cells, columns, f"{path.name}:{line}", called)
        pair = entry.pair
        refused = entry.refusal(least) if pair.prerequisite else ""
        if refused:
            rejected[refused] += 1
            continue
        if pair.prerequisite:
            pairs.append(pair)
        findings += entry.contradiction(topics.get(pair.topic))
        topics.setdefault(pair.topic, entry.topic)
        check_count(len(topics), len(pairs), path.name)
    findings += (
        ImportFinding("rejected", f"{count} pairs are {why}") for why, count in sorted(rejected.items())
    )
    return WrittenGraph(tuple(topics.values()), tuple(pairs), closed=False, findings=tuple(findings))


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row, its cells by what they are."""

    cells: Sequence[str]
    columns: Columns
    place: str
    called: Mapping[str, str]

    def cell(self, role: str) -> str:
        """The cell of that role on one line; empty where there is none."""
        column = self.columns.get(role, len(self.cells))
        return check_length(_cell(self.cells, column), self.place)

    @property
    def pair(self) -> WrittenPrerequisite:
        topic, prerequisite = (
            self.called.get(name, name) for name in map(self.cell, ("topic", "prerequisite"))
        )
        if not topic:
            raise InvalidData(self.place, "has no topic", "give both names of the pair, or drop the row")
        return WrittenPrerequisite(
            topic, prerequisite, self.place, self.cell("reason"), self.cell("confidence")
        )

    @property
    def topic(self) -> WrittenTopic:
        told = (self.cell(role) for role in ("name", "hours", "area", "definition"))
        return WrittenTopic(self.pair.topic, self.place, *told)

    def refusal(self, least: float) -> str:
        """Why the pair does not count; empty where it does."""
        judgement = self.cell("judgement").lower()
        if judgement in _NO:
            return "judged to be no prerequisites"
        if judgement and judgement not in _YES:
            raise InvalidData(self.place, f"the judgement is {judgement[:40]!r}", "write 1 or 0")
        confidence = self.cell("confidence")
        if confidence and _number(confidence) is None:
            raise InvalidData(
                self.place, f"the confidence is {confidence[:40]!r}", "write a number from 0 to 1"
            )
        if confidence and (_number(confidence) or 0.0) < least:
            return f"less sure than {least:g}"
        return ""

    def contradiction(self, before: WrittenTopic | None) -> Iterator[ImportFinding]:
        """What an earlier row says otherwise of the same topic; that one counts."""
        for role in ("name", "hours", "area") if before else ():
            earlier, now = getattr(before, "label" if role == "name" else role), self.cell(role)
            if now and earlier != now:
                message = (
                    f"its {role} is {now!r} here and {earlier or 'nothing'!r} before; the earlier one counts"
                )
                yield ImportFinding("contradiction", message, (self.pair.topic,), self.place)


def _rows(path: Path) -> list[Row]:
    """The rows of the table that are not empty."""
    text = read_text(path)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows: list[Row] = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise InvalidData(
            f"{path.name}:{reader.line_num}", f"is no CSV: {error}", "check the quotes"
        ) from error
    rows = [row for row in rows if any(cell.strip() for cell in row[1])]
    if not rows:
        raise InvalidData(path.name, "holds no pairs", "give a row for each prerequisite")
    return rows


def _columns(rows: list[Row], name: str, direction: str, called: Mapping[str, str]) -> Columns:
    """Role → column; a header is taken off the rows."""
    line, cells = rows[0]
    found: dict[str, int] = {}
    for column, cell in enumerate(cells):
        role = _ROLES.get(" ".join(cell.lower().replace("_", " ").replace("-", " ").split()), "")
        found.setdefault(role, column)
    found.pop("", None)
    has_header = {"prerequisite", "topic"} <= found.keys() or {"first", "second"} <= found.keys()
    if has_header:
        del rows[0]
        return _directed(found, rows, direction, called)
    if len(cells) < 2:
        hint = "separate the columns by comma, semicolon, tab or |; name them topic and prerequisite"
        raise InvalidData(f"{name}:{line}", "has one column, and a pair needs two", hint)
    return _directed({"first": 0, "second": 1} | _third(rows, name), rows, direction, called)


def _directed(found: dict[str, int], rows: list[Row], direction: str, called: Mapping[str, str]) -> Columns:
    """The pair as topic and prerequisite."""
    if "prerequisite" in found and "topic" in found:
        said = PREREQUISITE_FIRST if found["prerequisite"] < found["topic"] else PREREQUISITE_SECOND
        if direction not in ("", said):
            raise BadParameter(
                "direction", direction, f"nothing here, or {said}: the header names the columns"
            )
        return found
    pair = (found.pop("first"), found.pop("second"))
    if direction not in DIRECTIONS:
        judgement = found.get("judgement")
        sure = (cells for _, cells in rows if judgement is None or _cell(cells, judgement).lower() in _YES)
        shown = next(sure, ["the first", "the second"])
        names = (_cell(shown, column) for column in pair)
        raise BadParameter(
            "direction", direction[:40], both_ways(*(called.get(name, name) for name in names))
        )
    before, after = pair if direction == PREREQUISITE_FIRST else reversed(pair)
    return found | {"prerequisite": before, "topic": after}


def both_ways(one: str, other: str) -> str:
    """What each direction would mean for a pair."""
    return (
        f"{PREREQUISITE_FIRST} if {one[:40]!r} is learnt before {other[:40]!r}, "
        f"or {PREREQUISITE_SECOND} if {other[:40]!r} is learnt before {one[:40]!r}"
    )


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column].strip() if column < len(cells) else ""


def _third(rows: list[Row], name: str) -> dict[str, int]:
    """What a third column without a heading is: a judgement or a confidence."""
    values = {cells[2].strip().lower() for _, cells in rows if len(cells) > 2}
    if not values:
        return {}
    if values <= _YES | _NO:
        return {"judgement": 2}
    if all((number := _number(value)) is not None and 0 <= number <= 1 for value in values):
        return {"confidence": 2}
    reason = "the third column is neither 0 or 1 nor a number between"
    raise InvalidData(name, reason, "name the columns in a header: topic, prerequisite, reason, hours …")


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _names(path: Path) -> dict[str, str]:
    """Number or short name → name."""
    called: dict[str, str] = {}
    for line, cells in _rows(path):
        if len(cells) < 2:
            raise InvalidData(
                f"{path.name}:{line}", "has one column", "give a short name and the name it stands for"
            )
        place = f"{path.name}:{line}"
        called[check_length(cells[0], place)] = check_length(cells[1], place)
    return called
