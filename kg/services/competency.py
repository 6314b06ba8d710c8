"""Competency questions: queries that a dataset must answer, each with its golden answer beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import InvalidData
from kg.rdf.formats import CSV
from kg.services.engines import Engines
from kg.services.sparql import run_query
from kg.store.queries import Query, read_query_file
from kg.store.results import Solutions

FOLDER = "competency"


@dataclass(frozen=True, slots=True)
class Competency:
    """A question with the file of its query and that of its golden answer."""

    query: Query
    path: Path
    golden: Path

    def ask(self, engines: Engines) -> str:
        """The answer as CSV.

        Raises:
            InvalidData: the query is no SELECT, or a function that it calls fails.
        """
        answer = run_query(engines, self.query.text)
        if not isinstance(answer, Solutions):
            raise InvalidData(self.path.name, "is no SELECT query", "ask for rows")
        text = answer.serialize(CSV).decode()
        if answer.warnings:
            raise InvalidData(self.path.name, answer.warnings[0], "correct the call, or what it reads")
        return text

    def difference(self, engines: Engines) -> str:
        """Where answer and golden answer part, in words; empty where they are the same.

        Raises:
            TriviumError: the query fails.
        """
        if not self.golden.is_file():
            return f"there is no {self.golden.name}"
        found = self.ask(engines).splitlines()
        expected = self.golden.read_text("utf-8").splitlines()
        for number, (here, there) in enumerate(zip(found, expected, strict=False), 1):
            if here != there:
                return f"line {number} is {here[:120]!r}, expected {there[:120]!r}"
        if len(found) != len(expected):
            return f"{len(found) - 1} rows, expected {len(expected) - 1}"
        return ""


def read_competency(folder: Path) -> Iterator[Competency]:
    """All competency questions of a folder, by path; none where there is no folder."""
    for path in sorted(folder.rglob("*.rq")):
        yield Competency(read_query_file(path), path, path.with_suffix(".csv"))
