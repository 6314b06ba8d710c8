"""The Turtle of a dataset as written: which file says which triple, and on which line."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse

from kg.dataset.files import DatasetFiles
from kg.errors import BadSyntax
from kg.model.iri import Iri
from kg.rdf.faults import turtle_fault
from kg.rdf.places import property_places
from kg.rdf.terms import RDF_TYPE


@dataclass
class SourceFile:
    """A file that was read: its graph, triples and text; ``fault`` where it does not parse."""

    path: Path
    name: str
    graph: Iri
    text: str = ""
    triples: tuple[Triple, ...] = ()
    prefixes: dict[str, str] = field(default_factory=dict)
    fault: BadSyntax | None = None

    @classmethod
    def read(cls, path: Path, *, name: str, graph: Iri) -> "SourceFile":
        """The file; blank nodes are named after it, so that they never meet those of another."""
        data = path.read_bytes()
        source = cls(path, name, graph)
        try:
            source.text = data.decode()
            parser = parse(data, RdfFormat.TURTLE, rename_blank_nodes=True)
            source.triples = tuple(quad.triple for quad in parser)
            source.prefixes = dict(parser.prefixes)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            source.fault = BadSyntax(f"Turtle file {name}", f"byte {error.start} is no UTF-8", line)
        except SyntaxError as error:
            source.fault = turtle_fault(error, name)
        return source

    @cached_property
    def _lines(self) -> dict[tuple[str, str], int]:
        """Line of each (subject, property), and of each (subject, "") the first."""
        lines: dict[tuple[str, str], int] = {}
        for place in property_places(self.text):
            lines.setdefault((place.subject, ""), place.line)
            lines.setdefault((place.subject, place.predicate), place.line)
        return lines

    def line(self, subject: str, predicate: str = "") -> int:
        """The line that gives the property to the subject, else the first of the subject; 0 if nowhere."""
        return self._lines.get((subject, predicate)) or self._lines.get((subject, ""), 0)

    def says(self, subject: str, predicate: str) -> bool:
        """True where this file gives the property to the subject."""
        return (subject, predicate) in self._lines

    def prefix_line(self, prefix: str) -> int:
        """The last line that declares a prefix, which is the one that counts; 1 where it cannot be told."""
        found = 1
        for number, line in enumerate(self.text.splitlines(), 1):
            words = line.split()
            if len(words) > 2 and words[0].lower() in ("@prefix", "prefix") and words[1] == f"{prefix}:":
                found = number
        return found


class Sources:
    """All files of a dataset, and an index from subjects to files."""

    def __init__(self, files: DatasetFiles) -> None:
        self.files = tuple(
            SourceFile.read(path, name=files.name(path), graph=graph) for path, graph in files.turtle
        )
        self._homes: dict[str, list[SourceFile]] = {}
        for source in self.files:
            for subject in dict.fromkeys(str_of(triple.subject) for triple in source.triples):
                self._homes.setdefault(subject, []).append(source)

    def quads(self) -> list[Quad]:
        """Every triple in the graph of its file."""
        return [
            Quad(triple.subject, triple.predicate, triple.object, NamedNode(source.graph))
            for source in self.files
            for triple in source.triples
        ]

    def place(self, subject: str, predicate: str = "") -> tuple[str, int]:
        """File and line that give the property to the subject, else its home; ("", 0) if nowhere."""
        homes = self._homes.get(subject, [])
        saying = [source for source in homes if predicate and source.says(subject, predicate)]
        typed = [source for source in homes if source.says(subject, RDF_TYPE.value)]
        for source in (*saying, *typed, *homes):
            return source.name, source.line(subject, predicate)
        return "", 0


def str_of(term: object) -> str:
    """An IRI without angle brackets; a blank node with its label."""
    if isinstance(term, NamedNode):
        return term.value
    return f"_:{term.value}" if isinstance(term, BlankNode) else str(term)
