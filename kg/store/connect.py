"""The address of a store → the store: ``memory:``, ``file:/path``, ``https://host/sparql``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from kg.errors import BadParameter
from kg.store.disk import DiskStore
from kg.store.embedded import NO_PREFIXES
from kg.store.memory import MemoryStore
from kg.store.remote import RemoteStore, check_url

MEMORY: Final = "memory:"
_SCHEMES: Final = (MEMORY, "file:", "http:", "https:")


def is_address(text: str) -> bool:
    """True for what begins with a scheme of this module; a path has none."""
    return text.lower().startswith(_SCHEMES)


def file_path(address: str) -> Path | None:
    """The folder of a ``file:`` address (RFC 8089; a relative path too); None for another address.

    Raises:
        BadParameter: it names another host, or no path.
    """
    if not address.lower().startswith("file:"):
        return None
    parts = urlsplit(address)
    path = unquote(parts.path)
    if parts.netloc not in ("", "localhost") or not path or parts.query or parts.fragment or "\0" in path:
        raise BadParameter(
            "store", address[:200], "file: and a path of this machine, as in file:/var/lib/trivium"
        )
    return Path(path)


def connect(
    address: str, *, elsewhere: Mapping[str, str] = NO_PREFIXES
) -> MemoryStore | DiskStore | RemoteStore:
    """The store of that address; one in memory is empty. ``elsewhere`` is for :class:`RemoteStore`.

    Raises:
        BadParameter: no such address. Unavailable, InvalidData: there is no store that can be opened.
    """
    check_address(address)
    if address.lower() == MEMORY:
        return MemoryStore()
    folder = file_path(address)
    return DiskStore(folder) if folder else RemoteStore(address, elsewhere=elsewhere)


def check_address(address: str) -> str:
    """The address, which may be one of a store; nothing is opened.

    Raises:
        BadParameter: it cannot be one.
    """
    if not is_address(address) or (address.lower().startswith(MEMORY) and address.lower() != MEMORY):
        raise BadParameter("store", address[:200], "memory:, file:/path or https://host/sparql")
    return address if address.lower() == MEMORY or file_path(address) else check_url(address)
