"""A store that counts what it is asked."""

from typing import Any

from kg.store.base import Store


class CountingStore:
    """Passes everything on to another store; ``count`` is the number of queries so far."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.count = 0

    def query(self, *args: Any, **options: Any) -> Any:
        self.count += 1
        return self._store.query(*args, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)
