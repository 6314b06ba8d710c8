"""The store on disk: immutable snapshots that readers open read-only, and the one writer that publishes them.

A store is a folder with ``current.json``, which names the snapshot in use, and a folder for each snapshot. The
writer builds beside them, renames what it built and then replaces ``current.json``; each step is atomic, so that
a writer killed at any moment leaves the store as it was. Locks are those of the kernel, which end with their
process. What is on disk can always be built anew from its Turtle.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final
from weakref import finalize

from pyoxigraph import Store as Quads

from kg.errors import InvalidData, Unavailable
from kg.release import VERSION
from kg.store.embedded import NO_FUNCTIONS, NO_PREFIXES, EmbeddedStore, LoadableStore
from kg.store.functions import ExtensionFunction

LAYOUT: Final = 1
"""How a store's folder is laid out; another number needs another program."""
POINTER: Final = "current.json"
BUILDING: Final = "building"
LOCK: Final = "writer.lock"
SNAPSHOT: Final = "snapshot-"
USED: Final = "used.lock"
"""In a snapshot: readers share this lock, so that the writer removes none that is read."""
HOW_TO_BUILD: Final = "build it by `trivium serve --store file:{}`"
_ATTEMPTS: Final = 3

Fill = Callable[[LoadableStore], None]
"""Loads all quads into an empty store."""


@dataclass(frozen=True, slots=True)
class Current:
    """What ``current.json`` says: which snapshot is in use, its version, who wrote it, how many quads it has."""

    layout: int
    program: str
    version: str
    snapshot: str
    size: int


class DiskStore(EmbeddedStore):
    """The snapshot that was current when this was opened; later ones are for those who open later.

    The quads are opened when first asked, anew in each process: RocksDB does not survive a fork.
    """

    def __init__(
        self,
        folder: Path,
        functions: Mapping[str, ExtensionFunction] = NO_FUNCTIONS,
        *,
        prefixes: Mapping[str, str] = NO_PREFIXES,
    ) -> None:
        self.folder = folder
        self._current, lock = _hold_current(folder)
        finalize(self, os.close, lock)
        self._opened: dict[int, Quads] = {}  # By process: what a parent opened is neither used nor dropped.
        super().__init__(functions, prefixes=prefixes, version=self._current.version)

    @property
    def quads(self) -> Quads:
        """The snapshot, opened read-only in this process.

        Raises:
            InvalidData: it is damaged.
        """
        process = os.getpid()
        opened = self._opened.get(process)
        if opened is None:
            path = self.folder / self._current.snapshot
            try:
                opened = self._opened.setdefault(process, Quads.read_only(str(path)))
            except (OSError, RuntimeError, ValueError) as error:
                raise _damaged(self.folder, str(error)) from error
        return opened

    @property
    def address(self) -> str:
        """The folder, as ``file:/path``."""
        return self.folder.absolute().as_uri()

    @property
    def size(self) -> int:
        """How many quads the store holds."""
        return self._current.size


def is_store(folder: Path) -> bool:
    """True where a store was published in the folder, or is being built there."""
    return any((folder / name).exists() for name in (POINTER, BUILDING, LOCK))


def read_current(folder: Path) -> Current:
    """What the folder's ``current.json`` says.

    Raises:
        Unavailable: there is no store, or the first one was not finished, or this program cannot read it.
        InvalidData: the file is damaged.
    """
    try:
        document = json.loads((folder / POINTER).read_bytes())
        current = Current(**{name: document[name] for name in Current.__dataclass_fields__})
    except (FileNotFoundError, NotADirectoryError) as error:
        state = "a store" if not is_store(folder) else "a finished store, building it was broken off,"
        raise Unavailable(f"{state} at {str(folder)!r}", HOW_TO_BUILD.format(folder)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(folder, f"{POINTER} cannot be read: {error}") from error
    except OSError as error:
        raise Unavailable(
            f"the store at {str(folder)!r} ({error.strerror})", "see to its permissions"
        ) from error
    if (current.layout, current.program) != (LAYOUT, VERSION):
        what = f"the store at {str(folder)!r}, written by Trivium {current.program}, in Trivium {VERSION}"
        raise Unavailable(what, HOW_TO_BUILD.format(folder))
    return current


def publish(folder: Path, version: str, fill: Fill) -> bool:
    """The store in the folder holds the content of that version; True where it had to be built.

    ``fill`` gets an empty store and loads it; readers see the new snapshot once all of it is on disk.

    Raises:
        Unavailable: another process writes there, or the disk refuses; the store is as it was.
    """
    if _is_current(folder, version):
        return False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _sole_writer(folder):
            if _is_current(folder, version):
                return False
            _build(folder, version, fill)
    except OSError as error:
        reason = error.strerror or str(error)
        hint = "make room or choose another folder; what was published before is untouched"
        raise Unavailable(f"writing the store at {str(folder)!r} ({reason})", hint) from error
    return True


def _is_current(folder: Path, version: str) -> bool:
    try:
        current = read_current(folder)
    except (Unavailable, InvalidData):
        return False
    return current.version == version and (folder / current.snapshot / USED).is_file()


def _build(folder: Path, version: str, fill: Fill) -> None:
    building = folder / BUILDING
    shutil.rmtree(building, ignore_errors=True)  # Of a writer that was killed.
    try:
        size = _write_quads(building, version, fill)
        (building / USED).touch()
        snapshot = _free_name(folder, version)
        building.rename(folder / snapshot)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    _point_to(folder, Current(LAYOUT, VERSION, version, snapshot, size))
    _sweep(folder, keep=snapshot)


def _write_quads(path: Path, version: str, fill: Fill) -> int:
    # No reference outlives this function: RocksDB closes its files when the last one goes.
    quads = Quads(str(path))
    fill(LoadableStore(quads, version=version))
    quads.flush()
    quads.optimize()
    return len(quads)


def _free_name(folder: Path, version: str) -> str:
    taken = {path.name for path in folder.glob(f"{SNAPSHOT}*")}
    names = (f"{SNAPSHOT}{version[:16]}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _point_to(folder: Path, current: Current) -> None:
    fresh = folder / f"{POINTER}.new"
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(asdict(current), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / POINTER)
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _sweep(folder: Path, *, keep: str) -> None:
    """Remove the snapshots that nobody reads."""
    for path in folder.glob(f"{SNAPSHOT}*"):
        if path.name == keep:
            continue
        with suppress(OSError), (path / USED).open("a") as lock:
            _flock(lock, exclusive=True)
            shutil.rmtree(path)


def _hold_current(folder: Path) -> tuple[Current, int]:
    """The current snapshot, and the open file whose lock keeps it while it is read."""
    for _ in range(_ATTEMPTS):
        current = read_current(folder)
        path = folder / current.snapshot / USED
        try:
            lock = os.open(path, os.O_RDONLY)
        except OSError:
            continue  # A writer published a newer one just now, and removed this one.
        with suppress(OSError):
            _flock(lock, exclusive=False)
            if path.is_file():
                return current, lock
        os.close(lock)
    raise _damaged(folder, f"there is no {current.snapshot}")


@contextmanager
def _sole_writer(folder: Path) -> Iterator[None]:
    with (folder / LOCK).open("a") as lock:
        try:
            _flock(lock, exclusive=True)
        except BlockingIOError as error:
            what = f"writing the store at {str(folder)!r}, which another process writes,"
            raise Unavailable(what, "wait until it is done, or choose another folder") from error
        yield


def _flock(file: IO[str] | int, *, exclusive: bool) -> None:
    """Lock the file without waiting; the kernel gives it back when the process ends, however it ends."""
    import fcntl

    fcntl.flock(file, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)


def _damaged(folder: Path, reason: str) -> InvalidData:
    hint = f"remove the folder, then {HOW_TO_BUILD.format(folder)}"
    return InvalidData(str(folder), f"the store is damaged: {reason}", hint)
