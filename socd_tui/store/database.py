"""The file behind the history: private, in good order, and never the reason why the program stops.

What is damaged, or was not written by this version, moves aside, and an empty file takes its place.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from socd_tui.clock import Clock
from socd_tui.model.errors import StoreError
from socd_tui.store import schema
from socd_tui.store.paths import private_dir, refused, shown

CORRUPT_KEPT = 3

_ERRNO = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
}
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class Database:
    """Connections to one file, each opened anew, so that calls may come from any thread.

    All raise StoreError when the file cannot be used. `notices` are sentences to show the person once.
    """

    def __init__(self, path: Path, clock: Clock, busy_s: float) -> None:
        self.path = path
        self.notices: list[str] = []
        self._clock = clock
        self._busy_s = busy_s
        self._sound: int | None = None
        """The inode that was found in good order: to look again takes as long as to read all of it."""

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is written, or nothing."""
        with self._opened(make=True) as db:
            db.execute("BEGIN IMMEDIATE")
            with db:
                yield db

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One moment of the file; of an empty one while there is none, which stays so."""
        with self._opened(make=False) as db:
            db.execute("BEGIN")
            yield db

    def shrink(self) -> None:
        """Give back the room of what was deleted; while others use the file, it stays as large as it is."""
        with suppress(StoreError), self._opened(make=False) as db:
            db.execute("VACUUM")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def exists(self) -> bool:
        return os.path.lexists(self.path)

    def size(self) -> int:
        """Bytes on the disk."""
        total = 0
        for path in _with_companions(self.path):
            with suppress(OSError):  # the last user of a log removes it
                total += path.stat().st_size
        return total

    @contextmanager
    def _opened(self, *, make: bool) -> Iterator[sqlite3.Connection]:
        try:
            with closing(self._connection(make)) as db:
                db.execute("PRAGMA synchronous = NORMAL")
                db.execute("PRAGMA temp_store = MEMORY")  # nothing of it in a shared folder
                yield db
        except sqlite3.Error as error:
            self._sound = None
            raise _refused(self.path, error) from None
        except OSError as error:
            raise refused(self.path, "used", error) from None

    def _connection(self, make: bool) -> sqlite3.Connection:
        """To the file; to an empty one in memory where there is none and none is to be made."""
        folder = self.path.parent
        if make or self.exists():
            if private_dir(folder):
                self.notices.append(f"{shown(folder)} was open to other users; now it is yours alone.")
            with _alone(folder):
                while make or self.exists():
                    if self._in_order(make):
                        return self._connected()
        db = sqlite3.connect(":memory:")
        schema.create(db)
        return db

    def _connected(self) -> sqlite3.Connection:
        where = f"{self.path.absolute().as_uri()}?mode=rw"  # never made by SQLite, which heeds the umask
        return sqlite3.connect(where, timeout=self._busy_s, isolation_level=None, uri=True)

    def _in_order(self, make: bool) -> bool:
        """Whether the file can be used; else it has moved aside."""
        inode = self._guarded(make)
        if inode != self._sound:
            with closing(self._connected()) as db:
                flaw = _flaw(db)
            if flaw:
                self._move_aside(flaw)
                return False
            self._sound = inode
        return True

    def _guarded(self, make: bool) -> int:
        """The inode of the file: private from the start, a plain file, this user's."""
        with suppress(FileExistsError):
            if make:
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
                self._sound = None  # a deleted file's inode is given out again
        for path in _with_companions(self.path):
            with suppress(FileNotFoundError):
                status = path.lstat()
                if stat.S_ISLNK(status.st_mode):
                    raise refused(path, "used", OSError(errno.ELOOP, ""))
                if not stat.S_ISREG(status.st_mode):
                    raise StoreError(f"{shown(path)} is not a plain file.", "Remove it, or move it away.")
                if status.st_uid != os.geteuid():
                    raise StoreError(
                        f"{shown(path)} belongs to another user.", "Run this as that user, or move it away."
                    )
                if status.st_mode & 0o077:
                    path.chmod(0o600)
                    self.notices.append(f"{shown(path)} was open to other users; now only you can read it.")
        return self.path.lstat().st_ino

    def _move_aside(self, flaw: str) -> None:
        aside = self.path.with_name(f"history-corrupt-{self._clock():%Y%m%dT%H%M%S%fZ}.sqlite3")
        # The logs first: beside a new file they would be taken for its own.
        for old, new in zip(_with_companions(self.path), _with_companions(aside), strict=True):
            with suppress(FileNotFoundError):
                old.rename(new)
        self.notices.append(f"The history {flaw}. It starts anew; the old file is {shown(aside)}.")
        for stale in sorted(aside.parent.glob("history-corrupt-*.sqlite3"))[:-CORRUPT_KEPT]:
            for path in _with_companions(stale):
                path.unlink(missing_ok=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Of all threads and processes one at a time prepares the file.

    Else two would move it aside, the second a new one; and to close the descriptor that made the file
    would drop the locks of another thread's connection to it.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(OSError):  # some network filesystems lock no folders: then it is left to luck
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _flaw(db: sqlite3.Connection) -> str | None:
    try:
        return schema.flaw(db)
    except sqlite3.DatabaseError as error:
        if _code(error) not in _DAMAGED:
            raise
        return "was damaged"


def _with_companions(path: Path) -> tuple[Path, ...]:
    """What SQLite keeps beside the database, and the database."""
    return tuple(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", "-journal", ""))


def _refused(path: Path, error: sqlite3.Error) -> StoreError:
    code = _code(error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreError(f"{shown(path)} is in use by another socd-tui.", "Try again in a moment.")
    if code in _DAMAGED:
        return StoreError(f"{shown(path)} is damaged.", "It is moved aside the next time it is used.")
    return refused(path, "used", OSError(_ERRNO.get(code, errno.EIO), ""))


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; 0 where the error is of Python's own making."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
