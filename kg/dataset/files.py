"""Which files make up a dataset, and the named graph of each.

The engine's own schema, shapes, vocabularies and inference rules always come from the shipped ontology; the
data comes from a folder whose ``dataset.ttl`` gives its base IRI and which sub-folder makes up which graph.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

import ontology
from kg.errors import InvalidData
from kg.model.iri import DEFAULT_BASE, GRAPH, ONTOLOGY, Iri
from kg.rdf.faults import turtle_fault
from kg.rdf.prefixes import Prefixes

ENGINE_FOLDERS: Final = ("schema", "shapes", "vocab")
"""Folders of the shipped ontology that every dataset loads; each is the graph of its name."""
DATASET_GRAPH: Final = Iri(GRAPH + "dataset")
INFERRED_GRAPH: Final = Iri(GRAPH + "inferred")
DESCRIPTION: Final = "dataset.ttl"


@dataclass(frozen=True, slots=True)
class DatasetFiles:
    """The files of a dataset. ``turtle`` pairs file and graph: the engine's, then by folder and path."""

    folder: Path
    base: Iri
    prefixes: Prefixes
    graphs: tuple[tuple[str, Iri], ...]
    turtle: tuple[tuple[Path, Iri], ...]
    rules: tuple[Path, ...]
    checks: tuple[Path, ...]

    @classmethod
    def shipped(cls) -> "DatasetFiles":
        """The dataset that comes with the program."""
        return cls.at(ontology.root() / "data")

    @classmethod
    def at(cls, folder: Path) -> "DatasetFiles":
        """The dataset in a folder, with the engine's files from the shipped ontology.

        Raises:
            InvalidData: there is no ``dataset.ttl``, or it lacks the base IRI or a graph's folder.
            BadSyntax: ``dataset.ttl`` is no Turtle.
        """
        description = folder / DESCRIPTION
        if not description.is_file():
            hint = "it gives title, licence, tv:baseIri, and the tv:graphFolder of each tv:graph"
            raise InvalidData(str(folder), f"there is no {DESCRIPTION}", hint)
        quads = _read(description)
        base = _base_iri(quads, description)
        graphs = _graph_folders(quads, description)
        engine = ontology.root()
        turtle = [
            *((path, Iri(GRAPH + name)) for name in ENGINE_FOLDERS for path in _turtle_in(engine / name)),
            (engine / "prefixes.ttl", Iri(GRAPH + "shapes")),
            (description, DATASET_GRAPH),
            *((path, graph) for name, graph in graphs for path in _turtle_in(folder / name)),
        ]
        return cls(
            folder,
            base,
            Prefixes.read(engine / "prefixes.ttl").rebased(DEFAULT_BASE, base),
            graphs,
            tuple(turtle),
            tuple(sorted((engine / "inference").glob("*.rq"))),
            tuple(sorted((engine / "qc").glob("*.rq"))),
        )

    @property
    def data(self) -> tuple[tuple[Path, Iri], ...]:
        """The files of the data alone, without those of the engine."""
        return tuple((path, graph) for path, graph in self.turtle if path.is_relative_to(self.folder))

    @property
    def strays(self) -> tuple[Path, ...]:
        """Turtle inside the folder that no graph takes in."""
        taken = {path for path, _ in self.turtle}
        return tuple(path for path in _turtle_in(self.folder) if path not in taken)

    def name(self, path: Path) -> str:
        """The path as findings show it: from the dataset's folder or the ontology's."""
        root = self.folder if path.is_relative_to(self.folder) else ontology.root()
        return path.relative_to(root).as_posix()

    def version(self) -> str:
        """SHA-256 over the names, graphs and bytes of all files, rules included; 64 hexadecimal digits."""
        digest = hashlib.sha256()
        for path, graph in (*self.turtle, *((rule, INFERRED_GRAPH) for rule in self.rules)):
            data = path.read_bytes()
            digest.update(f"{self.name(path)}\0{graph}\0{len(data)}\0".encode())
            digest.update(data)
        return digest.hexdigest()


def _turtle_in(folder: Path) -> Iterator[Path]:
    return iter(sorted(folder.rglob("*.ttl")))


def _read(path: Path) -> tuple[Quad, ...]:
    try:
        return tuple(parse(path.read_bytes(), RdfFormat.TURTLE))
    except SyntaxError as error:
        raise turtle_fault(error, str(path)) from error


def _base_iri(quads: tuple[Quad, ...], path: Path) -> Iri:
    bases = {
        quad.object.value
        for quad in quads
        if quad.predicate.value == ONTOLOGY + "baseIri" and isinstance(quad.object, Literal)
    }
    if len(bases) != 1:
        raise InvalidData(str(path), f"the dataset has {len(bases)} values of tv:baseIri", "give exactly one")
    base = bases.pop()
    if "://" not in base or not base.endswith(("/", "#")):
        raise InvalidData(
            str(path), f"tv:baseIri {base!r} is no base", "write an absolute IRI that ends with / or #"
        )
    return Iri(base)


def _graph_folders(quads: tuple[Quad, ...], path: Path) -> tuple[tuple[str, Iri], ...]:
    folders: dict[str, str] = {}
    graphs: dict[str, str] = {}
    for quad in quads:
        if quad.predicate.value == ONTOLOGY + "graphFolder" and isinstance(quad.object, Literal):
            folders[str(quad.subject)] = quad.object.value
        elif quad.predicate.value == ONTOLOGY + "graph" and isinstance(quad.object, NamedNode):
            graphs[str(quad.subject)] = quad.object.value
    for part in folders.keys() ^ graphs.keys():
        raise InvalidData(f"{path}: {part}", "a part of the dataset needs both tv:graph and tv:graphFolder")
    for part, folder in folders.items():
        if not (path.parent / folder).resolve().is_relative_to(path.parent.resolve()):
            raise InvalidData(f"{path}: {part}", f"tv:graphFolder {folder!r} lies outside the dataset")
        if not (path.parent / folder).is_dir():
            raise InvalidData(
                f"{path}: {part}", f"there is no folder {folder!r}", "make it, or correct tv:graphFolder"
            )
    return tuple(sorted((folders[part], Iri(graphs[part])) for part in folders))
