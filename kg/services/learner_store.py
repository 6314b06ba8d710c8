"""Learner states kept by a service, each under a token that only its learner has.

They stand in a file of their own (SQLite, https://www.sqlite.org), apart from every dataset. Of a token only its
hash is kept: a token has 256 random bits, so nobody finds it from the hash or by trying.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from threading import Lock
from typing import TYPE_CHECKING, Final

from kg.errors import BadParameter, LearnerNotFound, Unavailable
from kg.model.learner import LearnerState

if TYPE_CHECKING:
    import sqlite3

FILE: Final = "learners.sqlite"
TOKEN_BYTES: Final = 32
MOST_LEARNERS: Final = 100_000
MOST_BYTES: Final = 1_000_000_000
"""Of the file: a learner that is one more is refused."""
KEPT_DAYS: Final = 400
"""A learner that nobody asked for is unknown after so many days, and deleted at the next start or new learner."""

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS learner (
  token BLOB PRIMARY KEY, state TEXT NOT NULL, revision INTEGER NOT NULL, used INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS learner_used ON learner (used);
"""


@dataclass(frozen=True, slots=True)
class StoredLearner:
    """A state as it is kept. ``key`` is the hash of its token; ``revision`` grows with each change."""

    key: bytes
    state: LearnerState
    revision: int
    expires: date


class LearnerStore:
    """Learner states in a folder; safe to use from several threads and processes."""

    def __init__(self, folder: str | Path, *, today: date | None = None) -> None:
        """The store in a folder, which is made where it is not there.

        Raises:
            BadParameter: the folder cannot be written.
        """
        self._path = Path(folder) / FILE
        self._lock = Lock()
        self._today = today
        self._connection: sqlite3.Connection | None = None
        try:
            with self._open() as database:
                self._drop_expired(database)
        except Unavailable as error:
            expected = f"a folder for {FILE} that can be written: {error.__cause__}"
            raise BadParameter("TRIVIUM_LEARNERS", str(self._path.parent), expected) from error

    def create(self, state: LearnerState) -> str:
        """A new token, under which the state is kept from now on; it is told this once.

        Raises:
            Unavailable: the store keeps as many learners as it may, or is full.
        """
        token = token_urlsafe(TOKEN_BYTES)
        with self._open() as database:
            self._drop_expired(database)
            if database.execute("SELECT COUNT(*) FROM learner").fetchone()[0] >= MOST_LEARNERS:
                raise Unavailable("room for another learner", "keep your state in a file")
            row = (_key(token), _text(state), 1, self._day)
            database.execute("INSERT INTO learner VALUES (?, ?, ?, ?)", row)
        return token

    def read(self, token: str) -> StoredLearner:
        """What is kept under a token.

        Raises:
            LearnerNotFound: there is nothing; the token is not repeated.
        """
        key = _key(token)
        with self._open() as database:
            row = database.execute(
                "SELECT state, revision, used FROM learner WHERE token = ?", (key,)
            ).fetchone()
            if row is None or row[2] < self._day - KEPT_DAYS:
                raise LearnerNotFound
            if row[2] != self._day:
                database.execute("UPDATE learner SET used = ? WHERE token = ?", (self._day, key))
        return StoredLearner(key, LearnerState.read(json.loads(row[0])), row[1], self._expires)

    def revision(self, token: str) -> tuple[bytes, int]:
        """Hash and revision of what is kept under a token, without reading it.

        Raises:
            LearnerNotFound: there is nothing.
        """
        key = _key(token)
        with self._open() as database:
            row = database.execute("SELECT revision, used FROM learner WHERE token = ?", (key,)).fetchone()
        if row is None or row[1] != self._day:  # Reading it marks that it was used today.
            return key, self.read(token).revision
        return key, row[0]

    def replace(self, token: str, state: LearnerState) -> StoredLearner:
        """The state stands in place of the one before.

        Raises:
            LearnerNotFound: there is none. Unavailable: the store is full.
        """
        stored = self._write(token, state)
        if stored is None:
            raise LearnerNotFound
        return stored

    def replace_revision(self, token: str, revision: int, state: LearnerState) -> StoredLearner | None:
        """The state stands in place of that revision; None where it has been replaced or deleted since.

        Raises:
            Unavailable: the store is full.
        """
        return self._write(token, state, revision)

    def _write(self, token: str, state: LearnerState, revision: int | None = None) -> StoredLearner | None:
        key = _key(token)
        with self._open() as database:
            row = database.execute(
                "UPDATE learner SET state = ?, revision = revision + 1, used = ? "
                "WHERE token = ? AND used >= ? AND revision = COALESCE(?, revision) RETURNING revision",
                (_text(state), self._day, key, self._day - KEPT_DAYS, revision),
            ).fetchone()
        return None if row is None else StoredLearner(key, state, row[0], self._expires)

    def delete(self, token: str) -> None:
        """Nothing is kept under the token any more, nor can it be read from the file.

        Raises:
            LearnerNotFound: there is nothing.
        """
        with self._open() as database:
            gone = database.execute("DELETE FROM learner WHERE token = ?", (_key(token),)).rowcount
        if not gone:
            raise LearnerNotFound

    def close(self) -> None:
        """The file is closed; the next use opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _drop_expired(self, database: "sqlite3.Connection") -> None:
        database.execute("DELETE FROM learner WHERE used < ?", (self._day - KEPT_DAYS,))

    @property
    def _day(self) -> int:
        return (self._today or datetime.now(UTC).date()).toordinal()

    @property
    def _expires(self) -> date:
        return date.fromordinal(self._day) + timedelta(days=KEPT_DAYS)

    @contextmanager
    def _open(self) -> "Iterator[sqlite3.Connection]":
        """A transaction, one at a time.

        Raises:
            Unavailable: the file cannot be read or written, or is full; where it lies is not told.
        """
        import sqlite3

        with self._lock:
            try:
                if self._connection is None:
                    self._connection = _connect(self._path)
                with self._connection:
                    yield self._connection
            except (sqlite3.Error, OSError) as error:
                if isinstance(error, sqlite3.OperationalError) and "full" in str(error):
                    raise Unavailable("room for more", "keep your state in a file") from error
                raise Unavailable("keeping what a learner knows", "keep your state in a file") from error


def _connect(path: Path) -> "sqlite3.Connection":
    """The file, made for its owner alone; what is deleted is overwritten."""
    import sqlite3

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite3.connect(path, timeout=5, check_same_thread=False)
    connection.execute("PRAGMA secure_delete = ON")
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {MOST_BYTES // size}")
    connection.executescript(_TABLE)
    return connection


def _key(token: str) -> bytes:
    return sha256(token.encode(errors="replace")).digest()


def _text(state: LearnerState) -> str:
    return json.dumps(state.document(), ensure_ascii=False, separators=(",", ":"))
