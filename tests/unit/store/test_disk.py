"""The store on disk: readers keep their snapshot, a writer that is killed loses nothing, what is off is said."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import InvalidData, TriviumError, Unavailable
from kg.rdf import formats
from kg.store.disk import BUILDING, LOCK, POINTER, USED, DiskStore, publish, read_current
from kg.store.embedded import LoadableStore

ROOT = Path(__file__).parents[3]


def numbers(least: int, most: int) -> Callable[[LoadableStore], None]:
    """Fills a store with these numbers."""
    node = NamedNode("u:x")
    return lambda store: store.load(Quad(node, node, Literal(n), node) for n in range(least, most))


def largest(store: DiskStore) -> bytes:
    return store.query("SELECT (MAX(?o) AS ?most) { ?s ?p ?o }").serialize(formats.CSV)


def snapshots(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def test_a_published_store_is_opened_with_its_version_and_size(tmp_path: Path) -> None:
    assert publish(tmp_path / "new" / "store", "v1", numbers(0, 5))
    store = DiskStore(tmp_path / "new" / "store")
    assert (store.version, store.size, largest(store)) == ("v1", 5, b"most\r\n4\r\n")


def test_the_same_version_is_built_once(tmp_path: Path) -> None:
    assert publish(tmp_path, "v1", numbers(0, 5))

    def refuse(store: LoadableStore) -> None:
        raise AssertionError("it is there already")

    assert not publish(tmp_path, "v1", refuse)


def test_readers_keep_their_snapshot_while_newer_ones_are_published(tmp_path: Path) -> None:
    publish(tmp_path, "v1", numbers(0, 5))
    first = DiskStore(tmp_path)
    publish(tmp_path, "v2", numbers(0, 50))
    second = DiskStore(tmp_path)
    publish(tmp_path, "v3", numbers(0, 500))
    assert [largest(store) for store in (first, second, DiskStore(tmp_path))] == [
        b"most\r\n4\r\n",
        b"most\r\n49\r\n",
        b"most\r\n499\r\n",
    ]
    assert len(snapshots(tmp_path)) == 3


def test_snapshots_that_nobody_reads_are_removed(tmp_path: Path) -> None:
    for number in range(4):
        publish(tmp_path, f"v{number}", numbers(0, number))
    assert snapshots(tmp_path) == ["snapshot-v3-1"]


def test_readers_open_while_a_writer_publishes(tmp_path: Path) -> None:
    publish(tmp_path, "0", numbers(0, 1))

    def read(_: int) -> bool:
        store = DiskStore(tmp_path)
        return largest(store) == f"most\r\n{store.version}\r\n".encode()

    with ThreadPoolExecutor(3) as pool:
        read_all = pool.map(read, range(100))
        for number in range(1, 6):
            publish(tmp_path, str(number), numbers(0, number + 1))
        assert all(read_all)


def test_a_forked_process_opens_the_snapshot_for_itself(tmp_path: Path) -> None:
    publish(tmp_path, "v1", numbers(0, 5))
    store = DiskStore(tmp_path)
    assert largest(store) == b"most\r\n4\r\n"
    reading, writing = get_context("fork").Pipe(duplex=False)
    child = os.fork()
    if child == 0:
        writing.send(largest(store))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert reading.recv() == b"most\r\n4\r\n"
    reading.close()
    writing.close()


BUILD = """
import sys
from pathlib import Path
from pyoxigraph import Literal, NamedNode, Quad
from kg.store.disk import publish

folder, stop = sys.argv[1:]
node = NamedNode("u:x")

def mark(point):
    if point == stop:
        print(point, flush=True)
        sys.stdin.read()

renames = []

def watch(event, arguments):
    if event == "os.rename":
        renames.append(arguments)
        mark(f"rename {len(renames)}")
    elif event == "shutil.rmtree" and renames:
        mark("remove")

def fill(store):
    for number in range(20):
        store.load([Quad(node, node, Literal(number), node)])
        if number == 10:
            mark("fill")

sys.addaudithook(watch)
publish(Path(folder), "v2", fill)
mark("done")
"""


@pytest.mark.parametrize(
    ("stop", "version"),
    [("fill", "v1"), ("rename 1", "v1"), ("rename 2", "v1"), ("remove", "v2"), ("done", "v2")],
)
def test_a_writer_killed_at_any_point_loses_nothing(tmp_path: Path, stop: str, version: str) -> None:
    publish(tmp_path, "v1", numbers(0, 5))
    command = [sys.executable, "-c", BUILD, str(tmp_path), stop]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as writer:  # type: ignore[call-overload]
        assert writer.stdout.readline() == f"{stop}\n"
        if stop != "done":
            with pytest.raises(Unavailable, match="another process writes"):
                publish(tmp_path, "v3", numbers(0, 7))
        writer.kill()
    expected = {"v1": b"most\r\n4\r\n", "v2": b"most\r\n19\r\n"}
    store = DiskStore(tmp_path)
    assert (store.version, largest(store)) == (version, expected[version])
    del store
    assert publish(tmp_path, "v3", numbers(0, 7))
    assert largest(DiskStore(tmp_path)) == b"most\r\n6\r\n"
    assert snapshots(tmp_path) == ["snapshot-v3-1"]


def test_a_first_build_that_was_killed_is_no_store_yet(tmp_path: Path) -> None:
    command = [sys.executable, "-c", BUILD, str(tmp_path), "fill"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as writer:  # type: ignore[call-overload]
        assert writer.stdout.readline() == "fill\n"
        writer.kill()
    with pytest.raises(Unavailable, match=r"building it was broken off.*trivium serve --store file:"):
        DiskStore(tmp_path)
    assert publish(tmp_path, "v2", numbers(0, 2))
    assert largest(DiskStore(tmp_path)) == b"most\r\n1\r\n"


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "No space left on device"), InvalidData("a.ttl", "off"), KeyboardInterrupt()],
)
def test_a_build_that_fails_leaves_the_store_as_it_was(tmp_path: Path, error: BaseException) -> None:
    publish(tmp_path, "v1", numbers(0, 5))

    def fail(store: LoadableStore) -> None:
        numbers(0, 3)(store)
        raise error

    with pytest.raises(Unavailable if isinstance(error, OSError) else type(error)) as caught:
        publish(tmp_path, "v2", fail)
    assert not isinstance(error, OSError) or "No space left" in str(caught.value)
    assert not (tmp_path / BUILDING).exists()
    assert DiskStore(tmp_path).version == "v1"


def damage(folder: Path, name: str) -> None:
    snapshot = folder / read_current(folder).snapshot
    if name == "pointer":
        (folder / POINTER).write_text('{"layout": 1')
    elif name == "fields":
        (folder / POINTER).write_text("[]")
    elif name == "snapshot":
        snapshot.rename(folder / "elsewhere")
    else:
        (snapshot / name).write_bytes(b"nonsense")


@pytest.mark.parametrize("name", ["pointer", "fields", "snapshot", "CURRENT"])
def test_a_damaged_store_says_so_and_can_be_built_anew(tmp_path: Path, name: str) -> None:
    publish(tmp_path, "v1", numbers(0, 5))
    damage(tmp_path, name)
    with pytest.raises(InvalidData, match=r"the store is damaged.*remove the folder"):
        largest(DiskStore(tmp_path))
    assert publish(tmp_path, "v2", numbers(0, 2))
    assert largest(DiskStore(tmp_path)) == b"most\r\n1\r\n"


@pytest.mark.parametrize("change", [{"program": "0.0.1"}, {"layout": 2}])
def test_the_store_of_another_program_is_not_read_but_renewed(
    tmp_path: Path, change: dict[str, object]
) -> None:
    publish(tmp_path, "v1", numbers(0, 5))
    pointer = tmp_path / POINTER
    pointer.write_text(json.dumps(json.loads(pointer.read_text()) | change))
    with pytest.raises(Unavailable, match=r"written by Trivium .*build it by `trivium serve"):
        DiskStore(tmp_path)
    assert publish(tmp_path, "v1", numbers(0, 5))
    assert DiskStore(tmp_path).version == "v1"


@pytest.mark.parametrize("name", ["missing", "file", "empty"])
def test_what_is_no_store_is_not_opened(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("text")
    (tmp_path / "empty").mkdir()
    with pytest.raises(Unavailable, match=r"a store at .* is not available here; build it by"):
        DiskStore(tmp_path / name)


def test_a_store_is_not_written_where_a_file_stands(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    with pytest.raises(TriviumError, match="writing the store at"):
        publish(tmp_path / "file", "v1", numbers(0, 1))
    assert (tmp_path / "file").read_text() == "text"


def test_a_folder_holds_what_its_reference_says(tmp_path: Path) -> None:
    publish(tmp_path, "v1", numbers(0, 1))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([POINTER, LOCK, "snapshot-v1-1"])
    assert (tmp_path / "snapshot-v1-1" / USED).is_file()
