"""The store in memory: read-only once loaded."""

from collections.abc import Mapping

from pyoxigraph import Store as Quads

from kg.store.embedded import NO_FUNCTIONS, NO_PREFIXES, LoadableStore
from kg.store.functions import ExtensionFunction


class MemoryStore(LoadableStore):
    """Quads in memory."""

    def __init__(
        self,
        functions: Mapping[str, ExtensionFunction] = NO_FUNCTIONS,
        *,
        prefixes: Mapping[str, str] = NO_PREFIXES,
        version: str = "",
    ) -> None:
        super().__init__(Quads(), functions, prefixes=prefixes, version=version)
