"""From files to a store that answers: parse, infer."""

from pathlib import Path

from kg.dataset.files import DatasetFiles
from kg.dataset.infer import infer
from kg.store.disk import publish
from kg.store.embedded import LoadableStore
from kg.store.memory import MemoryStore
from kg.store.queries import read_query_file


def load_dataset(files: DatasetFiles) -> MemoryStore:
    """A store with every file in its graph and the entailments in ``graph:inferred``.

    Raises:
        BadSyntax: a file is no Turtle, with file, line and column; ``validate_dataset`` lists all of them.
        InvalidData: an inference rule is off.
    """
    store = MemoryStore(prefixes=files.prefixes.namespaces, version=files.version())
    fill_store(store, files)
    return store


def fill_store(store: LoadableStore, files: DatasetFiles) -> None:
    """Load every file and what follows from them; see :func:`load_dataset`."""
    for path, graph in files.turtle:
        store.load_turtle(path.read_bytes(), graph, path=str(path))
    infer(store, map(read_query_file, files.rules))


def publish_dataset(files: DatasetFiles, folder: Path) -> bool:
    """The store on disk in ``folder`` holds this dataset; True where it had to be built.

    Raises:
        BadSyntax, InvalidData: as :func:`load_dataset`. Unavailable: the store cannot be written.
    """

    def fill(store: LoadableStore) -> None:
        store.add_prefixes(files.prefixes.namespaces)
        fill_store(store, files)

    return publish(folder, files.version(), fill)
