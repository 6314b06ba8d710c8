"""Addresses of stores."""

from pathlib import Path

import pytest

from kg.errors import BadParameter, Unavailable
from kg.store.connect import check_address, connect, file_path, is_address
from kg.store.memory import MemoryStore
from kg.store.remote import RemoteStore


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("file:/var/store", "/var/store"),
        ("file:///var/a%20store", "/var/a store"),
        ("file://localhost/var", "/var"),
        ("FILE:store", "store"),
        ("memory:", None),
        ("https://host/sparql", None),
    ],
)
def test_a_file_address_is_a_path(address: str, path: str | None) -> None:
    assert file_path(address) == (Path(path) if path else None)
    assert check_address(address) == address
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "memory:x",
        "file:",
        "file://host/path",
        "file:/a?b",
        "file:/a#b",
        "file:/%00",
        "/var/store",
        "ftp://host/",
        "https://",
        "http://host:port/",
        "http://[::1/",
        "https://host/a b",
        "https://host/\n",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadParameter, match="'store'"):
        connect(address)


def test_an_address_opens_its_store(tmp_path: Path) -> None:
    assert isinstance(connect("memory:"), MemoryStore)
    assert isinstance(connect("https://me:secret@host.example/sparql"), RemoteStore)
    with pytest.raises(Unavailable, match="trivium serve --store"):
        connect(f"file:{tmp_path}")
