"""From files to a store that answers: parse, infer."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kg.dataset.files import DatasetFiles
from kg.dataset.infer import infer
from kg.store.functions import ExtensionFunction
from kg.store.memory import MemoryStore
from kg.store.queries import read_query_file

_NO_FUNCTIONS: Final[Mapping[str, ExtensionFunction]] = MappingProxyType({})


def load_dataset(
    files: DatasetFiles, functions: Mapping[str, ExtensionFunction] = _NO_FUNCTIONS
) -> MemoryStore:
    """A store with every file in its graph and the entailments in ``graph:inferred``.

    Raises:
        BadSyntax: a file is no Turtle, with file, line and column; ``validate_dataset`` lists all of them.
        InvalidData: an inference rule is off.
    """
    store = MemoryStore(functions, prefixes=files.prefixes.namespaces, version=files.version())
    for path, graph in files.turtle:
        store.load_turtle(path.read_bytes(), graph, path=str(path))
    infer(store, map(read_query_file, files.rules))
    return store
